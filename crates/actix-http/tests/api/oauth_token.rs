//! `/oauth/token`

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
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
    assert_eq!(members, ["access_token", "expires_in", "refresh_token", "token_type"]);
    assert!(body.as_object().unwrap().values().all(|value| !value.is_object()), "{body}");
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
        ("grant_type=refresh_token&refresh_token=x", "invalid_grant"),
        ("grant_type=refresh_token", "invalid_request"),
        ("grant_type=client_credentials&client_id=x", "invalid_request"),
        ("grant_type=authorization_code&code=x", "unsupported_grant_type"),
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
async fn a_refresh_token_works_once_and_its_second_use_ends_the_sign_in() {
    let site = Site::new().await;
    let first = site.ask("POST /oauth/token").body(FORM).send().await.json();
    let refresh = async |issued: &serde_json::Value| {
        let token = issued["refresh_token"].as_str().unwrap();
        let form = format!("grant_type=refresh_token&refresh_token={token}");
        site.ask("POST /oauth/token").body(form).send().await
    };
    let works = async |issued: &serde_json::Value| {
        let token = issued["access_token"].as_str().unwrap();
        site.ask("GET /api/categories").token(token).send().await.status == 200
    };
    let second = refresh(&first).await;
    assert_eq!((second.status, second.header("cache-control")), (200, "no-store"));
    let second = second.json();
    assert!(works(&first).await && works(&second).await);
    let again = refresh(&first).await;
    assert_eq!((again.status, &again.json()["error"]), (400, &json!("invalid_grant")));
    assert!(!works(&first).await && !works(&second).await);
    assert_eq!(refresh(&second).await.status, 400);
}

#[actix_web::test]
async fn an_api_key_gives_a_token_by_form_or_by_header() {
    let site = Site::new().await;
    let admin = site.admin().await;
    let made = site.ask("POST /api/account/keys").token(&admin).body(r#"{"name":"copy"}"#);
    let made = made.send().await.json();
    let (id, secret) = (made["clientId"].as_str().unwrap(), made["clientSecret"].as_str().unwrap());
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let by_form = site.ask("POST /oauth/token").body(form).send().await;
    let basic = BASE64_STANDARD.encode(format!("{id}:{secret}"));
    let by_header = site
        .ask("POST /oauth/token")
        .header("Authorization", &format!("Basic {basic}"))
        .body("grant_type=client_credentials");
    for answer in [by_form, by_header.send().await] {
        assert_eq!(answer.status, 200, "{answer:?}");
        let body = answer.json();
        assert!(body.get("refresh_token").is_none(), "RFC 6749 §4.4.3");
        let token = body["access_token"].as_str().unwrap();
        assert_eq!(site.ask("GET /api/categories").token(token).send().await.status, 200);
    }
    let wrong = format!("grant_type=client_credentials&client_id={id}&client_secret=x");
    let wrong = site.ask("POST /oauth/token").body(wrong).send().await;
    assert_eq!((wrong.status, &wrong.json()["error"]), (401, &json!("invalid_client")));
    assert_eq!(wrong.header("www-authenticate"), "Basic");
}

#[actix_web::test]
async fn failures_slow_down_whoever_fails_and_nobody_else() {
    let site = Site::new().await;
    let sign_in = async |form: &str, from: &str| {
        let peer = format!("{from}:4711").parse().unwrap();
        site.ask("POST /oauth/token").peer(peer).body(form).send().await
    };
    let wrong = "grant_type=password&username=admin&password=wrong";
    for _ in 0..5 {
        assert_eq!(sign_in(wrong, "192.0.2.7").await.status, 400);
    }
    let waits = sign_in(FORM, "192.0.2.7").await;
    assert!(waits.problem(429).contains("wait 1 s"), "{waits:?}");
    assert_eq!(waits.header("retry-after"), "1");
    assert_eq!(sign_in(FORM, "192.0.2.1").await.status, 200);
    site.clock.advance(chrono::TimeDelta::seconds(1));
    assert_eq!(sign_in(FORM, "192.0.2.7").await.status, 200);
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
