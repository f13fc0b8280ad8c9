//! Every address, while the store is away.

use pressroom_actix_http::endpoints;

use crate::site::Site;

/// What needs no store: signs of life, figures, the API's description, and the way to another provider.
const ALONE: [&str; 7] = [
    "/healthz",
    "/metrics",
    "/api/openapi.json",
    "/api/docs",
    "/api/docs/{file}",
    "/oauth/external/start",
    "/oauth/external/callback",
];

/// What is sent to who lets everyone in: what is wrong with a form is told without a store.
fn body(pattern: &str) -> &'static str {
    match pattern {
        "/oauth/token" => "grant_type=password&username=admin&password=secret",
        "/oauth/revoke" => "token=abc",
        "/api/account/reset/request" => r#"{"email": "ann@example.com", "userName": "ann"}"#,
        "/api/account/activate" | "/api/account/reset" => {
            r#"{"token": "abc", "password": "a long new password"}"#
        }
        _ => "",
    }
}

#[actix_web::test]
async fn every_address_says_when_to_ask_again_and_works_once_the_store_is_back() {
    let site = Site::new().await;
    let token = site.admin().await;
    site.store.set_away(true);
    let mut wrong = Vec::new();
    for (method, pattern) in endpoints() {
        let path = pattern.replace("{id}", "1").replace(['{', '}'], "");
        let ask = site.ask(&format!("{method} {path}")).token(&token);
        let answer = ask.body(body(pattern)).send().await;
        let told = (answer.status, answer.header("retry-after")) == (503, "5");
        if told == ALONE.contains(&pattern) {
            wrong.push(format!("{method} {pattern}: {}", answer.status));
        }
        if told && method != "HEAD" {
            let words = String::from_utf8_lossy(&answer.body);
            assert!(words.contains("the store is not available now"), "{pattern}: {words}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    site.store.set_away(false);
    assert_eq!(site.ask("GET /api/categories").token(&token).send().await.status, 200);
    assert_eq!(site.ask("GET /readyz").send().await.status, 200);
}
