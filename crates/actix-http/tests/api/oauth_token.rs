//! `/oauth/token`

use serde_json::json;

use crate::site::Site;

const FORM: &str = "grant_type=password&username=admin&password=secret";

#[actix_web::test]
async fn a_password_gives_a_flat_token() {
    let site = Site::new().await;
    let answer = site.ask("POST /oauth/token").body(FORM).send().await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    let members: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(members, ["access_token", "expires_in", "token_type"]);
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("bearer"), &json!(1199)));
}

#[actix_web::test]
async fn the_form_is_taken_whatever_it_is_called_and_in_a_get_too() {
    let site = Site::new().await;
    for kind in [
        "application/x-www-form-urlencoded",
        "text/plain; charset=utf-8",
        "application/json",
        "multipart/form-data",
    ] {
        let ask = site.ask("POST /OAuth/Token/").header("Content-Type", kind).body(FORM);
        assert_eq!(ask.send().await.status, 200, "{kind}");
    }
    assert_eq!(site.ask("POST /oauth/token").body(FORM).send().await.status, 200);
    assert_eq!(site.ask("GET /oauth/token").body(FORM).send().await.status, 200);
}

#[actix_web::test]
async fn refusals_are_those_of_rfc_6749() {
    let site = Site::new().await;
    for (form, error) in [
        ("grant_type=password&username=admin&password=wrong", "invalid_grant"),
        ("grant_type=password&username=nobody&password=secret", "invalid_grant"),
        ("grant_type=password&username=admin", "invalid_grant"),
        ("grant_type=password&password=secret", "invalid_request"),
        ("grant_type=refresh_token&refresh_token=x", "unsupported_grant_type"),
        ("", "invalid_request"),
    ] {
        let answer = site.ask("POST /oauth/token").body(form).send().await;
        assert_eq!(answer.status, 400, "{form}");
        let body = answer.json();
        assert_eq!(body["error"], error, "{form}");
        assert!(!body["error_description"].as_str().unwrap().is_empty());
    }
    let in_address = format!("POST /oauth/token?{FORM}");
    assert_eq!(site.ask(&in_address).send().await.status, 400, "not from the address");
}

#[actix_web::test]
async fn a_guest_signs_in_with_an_empty_password() {
    let site = Site::new().await;
    let token = site.token("Guest", "").await;
    assert_eq!(site.ask("GET /api/categories").token(&token).send().await.status, 200);
}

#[actix_web::test]
async fn a_token_works_until_it_expires() {
    let site = Site::new().await;
    let token = site.admin().await;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let header = format!("{scheme} {token}");
        let ask = site.ask("GET /api/documents").header("Authorization", &header);
        assert_eq!(ask.send().await.status, 200, "{scheme}");
    }
    site.clock.advance(chrono::TimeDelta::seconds(1_199));
    let answer = site.ask("GET /api/documents").token(&token).send().await;
    answer.problem(401);
    assert_eq!(answer.header("www-authenticate"), "Bearer");
}

#[actix_web::test]
async fn without_a_token_nothing_is_told_and_no_body_read() {
    let site = Site::new().await;
    for header in ["", "Bearer", "Bearer x", "Basic YTpi"] {
        for address in ["GET /api/documents", "POST /api/documents", "GET /api/jobs"] {
            let ask = site.ask(address).header("Authorization", header).body("no JSON");
            let answer = ask.send().await;
            answer.problem(401);
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    }
}

#[actix_web::test]
async fn a_store_that_is_away_is_a_503() {
    let site = Site::new().await;
    site.store.set_away(true);
    let answer = site.ask("POST /oauth/token").body(FORM).send().await;
    let detail = answer.problem(503);
    assert_eq!(detail, "the store is not available now; try again in a moment");
    assert!(!answer.header("retry-after").is_empty());
}
