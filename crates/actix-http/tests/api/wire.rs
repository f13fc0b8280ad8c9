//! What holds for every address.

use pressroom_actix_http::Config;
use serde_json::json;

use crate::site::Site;

#[actix_web::test]
async fn paths_count_in_any_letter_case_with_or_without_a_slash() {
    let site = Site::new().await;
    let token = site.admin().await;
    let report = site.report("Greeting").await;
    for path in [
        "/api/documents".to_owned(),
        "/API/DOCUMENTS/".to_owned(),
        format!("/Api/Documents/{report}"),
        format!("/api/documents/{report}/Layout/"),
        format!("/api/DocumentDesign/{report}/ExportLayout"),
    ] {
        let answer = site.ask(&format!("GET {path}")).token(&token).send().await;
        assert_eq!(answer.status, 200, "{path}");
        let head = site.ask(&format!("HEAD {path}")).token(&token).send().await;
        assert_eq!(head.status, 200, "{path}");
    }
}

#[actix_web::test]
async fn nothing_is_a_404_and_a_wrong_method_a_405() {
    let site = Site::new().await;
    let token = site.admin().await;
    for path in ["/", "/api", "/api/nowhere", "/api/documents/1/2/3", "/dashboardDesigner"] {
        let answer = site.ask(&format!("GET {path}")).send().await;
        assert_eq!(answer.problem(404), format!("there is nothing at {path}"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    let answer = site.ask("PATCH /api/documents").token(&token).send().await;
    answer.problem(405);
    assert_eq!(answer.header("allow"), "GET, HEAD, POST, PUT, DELETE");
    let answer = site.ask("OPTIONS /api/documents").token(&token).send().await;
    assert_eq!((answer.status, answer.header("allow")), (204, "GET, HEAD, POST, PUT, DELETE"));
    for method in ["PUT", "HEAD"] {
        let answer = site.ask(&format!("{method} /oauth/token")).send().await;
        assert_eq!((answer.status, answer.header("allow")), (405, "GET, POST"), "{method}");
    }
}

#[actix_web::test]
async fn what_is_to_come_is_a_501_after_sign_in() {
    let site = Site::new().await;
    let token = site.admin().await;
    let address = "POST /API/Dashboards/7/data/";
    let answer = site.ask(address).token(&token).send().await;
    assert!(answer.problem(501).ends_with("docs/roadmap.md tells what comes next"));
    site.ask(address).send().await.problem(401);
}

#[actix_web::test]
async fn the_json_error_has_its_place() {
    let site = Site::new().await;
    let token = site.admin().await;
    let ask = site.ask("POST /api/categories").token(&token).body("{\"name\":\n 'x'}");
    let detail = ask.send().await.problem(400);
    assert_eq!(detail, "the body is not valid JSON: expected value at line 2 column 2");
    let ask = site.ask("POST /api/categories").token(&token).body("[1]");
    assert_eq!(ask.send().await.problem(400), "the body must be a JSON object");
}

#[actix_web::test]
async fn bodies_have_bounds() {
    let config = Config { json_bytes: 1 << 20, ..Config::default() };
    let site = Site::with(|settings| settings.layout_bytes = 1 << 20, config).await;
    let token = site.admin().await;
    let fits = json!({"name": "x", "more": "x".repeat(1 << 19)}).to_string();
    let ask = site.ask("POST /api/categories").token(&token).body(fits);
    assert_eq!(ask.send().await.status, 201);
    let large = json!({"name": "x", "more": "x".repeat(1 << 20)}).to_string();
    let ask = site.ask("POST /api/categories").token(&token).body(large);
    assert_eq!(
        ask.send().await.problem(413),
        "the body is larger than 1 MiB, which is the most that is taken"
    );
    let category = site.category("Letters").await;
    for bytes in [(1 << 20) + 1, 3 << 20] {
        let layout = format!("<{}", "x".repeat(bytes));
        let body = json!({
            "categoryId": category, "name": "x", "documentType": "Report", "layout": layout,
        });
        let ask = site.ask("POST /api/documents").token(&token).body(body.to_string());
        ask.send().await.problem(413);
    }
    site.ask("POST /oauth/token").body("x".repeat(1 << 20)).send().await.problem(413);
}

#[actix_web::test]
async fn pages_of_other_origins_may_call_where_the_site_says_so() {
    let origins = vec!["https://reports.example.com/".to_owned()];
    let site = Site::with(|_| {}, Config { origins, ..Config::default() }).await;
    let allow = "access-control-allow-origin";
    let (ours, other) = ("https://reports.example.com", "https://example.com");

    let before = site.ask("OPTIONS /api/documents").header("Origin", ours);
    let before = before.header("Access-Control-Request-Method", "GET").send().await;
    assert_eq!((before.status, before.header(allow)), (204, ours));
    assert!(before.header("access-control-allow-headers").contains("authorization"));
    let refused = site.ask("GET /api/documents").header("Origin", ours).send().await;
    refused.problem(401);
    assert_eq!((refused.header(allow), refused.header("vary")), (ours, "origin"));

    let before = site.ask("OPTIONS /api/documents").header("Origin", other);
    let before = before.header("Access-Control-Request-Method", "GET").send().await;
    assert_eq!((before.status, before.header(allow)), (401, ""));
    let answer = site.ask("GET /healthz").header("Origin", other).send().await;
    assert_eq!((answer.status, answer.header(allow)), (200, ""));

    let origins = vec!["*".to_owned()];
    let site = Site::with(|_| {}, Config { origins, ..Config::default() }).await;
    let answer = site.ask("GET /healthz").header("Origin", other).send().await;
    assert_eq!(answer.header(allow), other);
}

#[actix_web::test]
async fn health_is_told_to_everyone() {
    let site = Site::new().await;
    let ask = async |address: &str| site.ask(address).send().await;
    assert_eq!(ask("GET /healthz").await.json(), json!({"status": "ok"}));
    assert_eq!(ask("GET /readyz").await.json(), json!({"status": "ready"}));
    site.store.set_away(true);
    assert_eq!(ask("GET /healthz").await.status, 200);
    ask("GET /readyz").await.problem(503);
}
