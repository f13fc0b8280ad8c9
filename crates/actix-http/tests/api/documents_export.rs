//! `/api/documents/export`

use pressroom_domain::{Access, Scope};
use serde_json::{Value, json};

use crate::site::{Answer, Site};

async fn start(site: &Site, token: &str, report: i64, body: &str) -> Answer {
    let address = format!("POST /api/documents/export/report/{report}");
    site.ask(&address).token(token).body(body).send().await
}

async fn started(site: &Site, token: &str, report: i64) -> String {
    let answer = start(site, token, report, r#"{exportOptions:{exportFormat:"pdf"}}"#).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["exportId"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_report_is_started_asked_for_and_fetched() {
    let site = Site::new().await;
    let token = site.admin().await;
    let report = site.report("Größe 漢").await;
    let id = started(&site, &token, report).await;
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    let get = async |what: &str| {
        let address = format!("GET /api/documents/export/{what}/{id}");
        site.ask(&address).token(&token).send().await
    };

    let early = get("status").await;
    assert_eq!(
        early.json(),
        json!({"taskStatus": "InProgress", "progress": 0, "message": "queued", "warnings": []})
    );
    assert!(get("result").await.problem(409).contains("not ready"));

    site.work().await;
    let late = get("status").await;
    assert_eq!(
        late.json(),
        json!({"taskStatus": "Complete", "progress": 100, "message": "1 page", "warnings": []})
    );
    let file = get("result").await;
    assert_eq!(file.status, 200);
    assert!(String::from_utf8_lossy(&file.body).contains("Good morning"), "{file:?}");
    assert_eq!(file.header("content-type"), "application/pdf");
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"Gr__e _.pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%E6%BC%A2.pdf"
    );
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert_eq!(file.header("content-security-policy"), "sandbox");

    site.clock.advance(chrono::TimeDelta::minutes(61));
    let token = site.admin().await;
    let address = format!("GET /api/documents/export/result/{id}");
    site.ask(&address).token(&token).send().await.problem(404);
}

#[actix_web::test]
async fn an_export_is_cancelled() {
    let site = Site::new().await;
    let token = site.admin().await;
    let report = site.report("Greeting").await;
    let id = started(&site, &token, report).await;
    let address = format!("DELETE /api/documents/export/{id}");
    assert_eq!(site.ask(&address).token(&token).send().await.status, 204);
    site.work().await;
    let get = async |what: &str| {
        let address = format!("GET /api/documents/export/{what}/{id}");
        site.ask(&address).token(&token).send().await
    };
    let status = get("status").await.json();
    assert_eq!(
        (&status["taskStatus"], &status["message"]),
        (&json!("Fault"), &json!("the export was cancelled"))
    );
    get("result").await.problem(404);
}

#[actix_web::test]
async fn only_its_owner_has_an_export() {
    let site = Site::new().await;
    let token = site.admin().await;
    let report = site.report("Greeting").await;
    let id = started(&site, &token, report).await;
    site.work().await;
    let other = site.reader("rita", &[(Access::ALL, Scope::AllDocuments)]).await;
    for address in [
        format!("GET /api/documents/export/status/{id}"),
        format!("GET /api/documents/export/result/{id}"),
        format!("DELETE /api/documents/export/{id}"),
    ] {
        site.ask(&address).token(&other).send().await.problem(404);
    }
}

#[actix_web::test]
async fn bodies_of_all_kinds() {
    let site = Site::new().await;
    let token = site.admin().await;
    let report = site.report("Greeting").await;
    let check = async |body: &str, status: u16, errors: Value| {
        let answer = start(&site, &token, report, body).await;
        assert_eq!(answer.status, status, "{body}: {answer:?}");
        if status != 200 {
            answer.problem(status);
            assert_eq!(answer.json()["errors"], errors, "{body}");
        }
    };
    let null = Value::Null;
    check(
        r#"{"ExportOptions":{"ExportFormat":"PDF"},"DocumentParameters":null}"#,
        200,
        null.clone(),
    )
    .await;
    check(
        r#"{exportOptions:{exportFormat:0,pageRange:"1",moon:1},documentParameters:[]}"#,
        200,
        null.clone(),
    )
    .await;
    check(
        r#"{"exportOptions":{"exportFormat":"pdf"},"documentParameters":[{"Name":"customerid","Value":"CACTU"},{"name":"Count","value":"3"}]}"#,
        200,
        null.clone(),
    )
    .await;
    check("{}", 400, json!({"exportOptions": ["must be given"]})).await;
    check(r#"{"exportOptions":{}}"#, 400, json!({"exportOptions.exportFormat": ["must be given"]}))
        .await;
    check(
        r#"{"exportOptions":{"exportFormat":"pdf"},"documentParameters":[{"value":1},7]}"#,
        400,
        json!({
            "documentParameters[0].name": ["must be given"],
            "documentParameters[1]": ["must be an object"],
        }),
    )
    .await;
    check(r#"{"exportOptions":{"exportFormat":"xlsx"}}"#, 501, null.clone()).await;
    check(r#"{"exportOptions":{"exportFormat":3}}"#, 501, null.clone()).await;
    for body in [
        r#"{"exportOptions":{"exportFormat":"rtf"}}"#,
        r#"{"exportOptions":{"exportFormat":9}}"#,
        r#"{"exportOptions":{"exportFormat":"pdf","pdfACompatibility":"PdfA1b"}}"#,
        r#"{"exportOptions":{"exportFormat":"pdf"},"documentParameters":[{"name":"Moon","value":1}]}"#,
        r#"{"exportOptions":{"exportFormat":"pdf"},"documentParameters":[{"name":"Count","value":"many"}]}"#,
        r#"{'exportOptions':{}}"#,
        r#"{"exportOptions":{"exportFormat":"pdf","ExportFormat":"pdf"}}"#,
        "[]",
        "",
    ] {
        start(&site, &token, report, body).await.problem(400);
    }
    start(&site, &token, report + 1, r#"{exportOptions:{exportFormat:"pdf"}}"#).await.problem(404);
}

#[actix_web::test]
async fn texts_that_are_no_ids_lead_nowhere() {
    let site = Site::new().await;
    let token = site.admin().await;
    for address in [
        "GET /api/documents/export/status/7",
        "GET /api/documents/export/result/0123456789abcdef0123456789abcdeg",
        "DELETE /api/documents/export/nothing",
        "GET /api/documents/seven",
        "GET /api/documents/99999999999999999999",
    ] {
        site.ask(address).token(&token).send().await.problem(404);
    }
}

#[actix_web::test]
async fn dashboards_are_not_built_yet() {
    let site = Site::new().await;
    let token = site.admin().await;
    let (board, report) = (site.dashboard("Sales").await, site.report("Greeting").await);
    let body = r#"{"exportOptions":{"exportFormat":"pdf"}}"#;
    let export = async |kind: &str, id: i64, token: &str| {
        let address = format!("POST /api/documents/export/{kind}/{id}");
        site.ask(&address).token(token).body(body).send().await
    };
    export("dashboard", board, &token).await.problem(501);
    export("dashboard", report, &token).await.problem(400);
    export("report", board, &token).await.problem(400);
    export("dashboard", 987_654, &token).await.problem(404);
    let stranger = site.reader("stranger", &[]).await;
    export("dashboard", board, &stranger).await.problem(404);
}
