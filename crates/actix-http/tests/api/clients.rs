//! What existing programs send, in their order: written down from reading them.

use serde_json::{Value, json};

use crate::site::{Answer, Site};

/// The text of a member that has to be there.
fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("no {member} in {value}"))
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json; charset=utf-8";

async fn get(site: &Site, authorization: &str, path: &str) -> Answer {
    site.ask(&format!("GET /{path}")).header("Authorization", authorization).send().await
}

/// The example of the public description of the API, run by curl: a form, a body with bare keys,
/// a poll, a download.
#[actix_web::test]
async fn the_public_export_example() {
    let site = Site::new().await;
    let report = site.report("Greeting").await;
    let ask = site.ask("POST /oauth/token").header("Content-Type", FORM).header("Accept", "*/*");
    let token = ask.body("grant_type=password&username=admin&password=secret").send().await;
    let authorization = format!("Bearer {}", text(&token.json(), "access_token"));

    let started = site
        .ask(&format!("POST /api/documents/export/report/{report}"))
        .header("Content-Type", "application/json")
        .header("Authorization", &authorization)
        .body("{\n  exportOptions: {\n    exportFormat: \"pdf\"\n  },\n  documentParameters: [\n    { name: \"CustomerID\", value: \"CACTU\" }\n  ]\n}")
        .send()
        .await;
    let id = text(&started.json(), "exportId").to_owned();

    let status = format!("api/documents/export/status/{id}");
    assert_eq!(get(&site, &authorization, &status).await.json()["taskStatus"], "InProgress");
    site.work().await;
    assert_eq!(get(&site, &authorization, &status).await.json()["taskStatus"], "Complete");
    let file = get(&site, &authorization, &format!("api/documents/export/result/{id}")).await;
    assert_eq!((file.status, file.header("content-type")), (200, "application/pdf"));
}

/// The older of the two export samples: the guest's form as plain text, names in PascalCase.
#[actix_web::test]
async fn the_export_sample_with_a_form_as_plain_text() {
    let site = Site::new().await;
    let report = site.report("Greeting").await;
    let guest = site.app.stores.users.find_by_name("Guest").await.unwrap().unwrap();
    let holder = pressroom_domain::Holder::User(guest.id);
    let read = pressroom_domain::Permission::new(
        pressroom_domain::Access::READ,
        pressroom_domain::Scope::AllDocuments,
    );
    let grant = pressroom_ports::Grant { holder, expected: None, permissions: vec![read] };
    let change = pressroom_contracts::build::change(
        grant,
        pressroom_domain::Verb::Grant,
        pressroom_domain::SubjectKind::User,
        guest.id,
    );
    site.app.stores.permissions.grant(change).await.unwrap();

    let ask = site.ask("POST /oauth/token").header("Content-Type", "text/plain; charset=utf-8");
    let token = ask.body("grant_type=password&username=Guest&password=").send().await.json();
    let authorization = format!("Bearer {}", text(&token, "access_token"));
    let started = site
        .ask(&format!("POST /api/documents/export/report/{report}"))
        .header("Content-Type", JSON)
        .header("Authorization", &authorization)
        .body(r#"{"ExportOptions":{"ExportFormat":"pdf"},"DocumentParameters":[{"Name":"CustomerID","Value":"CACTU"}]}"#)
        .send()
        .await;
    let id = text(&started.json(), "exportId").to_owned();
    site.work().await;
    let status = get(&site, &authorization, &format!("api/documents/export/status/{id}")).await;
    // Read by its name into an enumeration.
    assert_eq!(status.json()["taskStatus"], "Complete");
    let file = get(&site, &authorization, &format!("api/documents/export/result/{id}")).await;
    assert_eq!(file.status, 200);
}

/// The newer export sample: a new token for each request, parameters null where there are none, and
/// two kinds of documents that are to come.
#[actix_web::test]
async fn the_export_sample_with_a_token_for_each_request() {
    let site = Site::new().await;
    let report = site.report("Greeting").await;
    let authorization = async || {
        let ask = site.ask("POST /oauth/token").header("Content-Type", FORM);
        let form = "grant_type=password&username=admin&password=secret";
        format!("Bearer {}", text(&ask.body(form).send().await.json(), "access_token"))
    };
    let post = async |path: String, body: &str| {
        let ask = site.ask(&format!("POST /{path}")).header("Content-Type", JSON);
        ask.header("Authorization", &authorization().await).body(body).send().await
    };
    let body = r#"{"ExportOptions":{"ExportFormat":"pdf"},"DocumentParameters":null}"#;
    let started = post(format!("api/documents/export/report/{report}"), body).await;
    let id = text(&started.json(), "exportId").to_owned();
    let status = format!("api/documents/export/status/{id}");
    assert_eq!(
        get(&site, &authorization().await, &status).await.json()["taskStatus"],
        "InProgress"
    );
    site.work().await;
    assert_eq!(get(&site, &authorization().await, &status).await.json()["taskStatus"], "Complete");
    let result = format!("api/documents/export/result/{id}");
    assert_eq!(get(&site, &authorization().await, &result).await.status, 200);

    let board = site.dashboard("Sales").await;
    post(format!("api/documents/export/dashboard/{board}"), body).await.problem(501);
    let body = r#"{"ExportFormat":"pdf"}"#;
    let result = site.job_result(site.job("Daily").await, 1).await;
    post(format!("api/jobs/generateddocuments/{result}/export"), body).await.problem(501);
}

/// The single-page client in a browser: the scheme as the token's answer names it, bare arrays,
/// names of types compared with their letter case.
#[actix_web::test]
async fn the_single_page_client() {
    let site = Site::new().await;
    let report = site.report("Greeting").await;
    let ask = site.ask("POST /oauth/token").header("content-type", FORM);
    let token = ask.body("username=admin&password=secret&grant_type=password").send().await.json();
    assert!(token["expires_in"].as_i64().is_some_and(|seconds| seconds > 60));
    let authorization = format!("{} {}", text(&token, "token_type"), text(&token, "access_token"));
    assert!(authorization.starts_with("bearer "));
    let documents = get(&site, &authorization, "api/documents").await.json();
    let first = &documents.as_array().expect("a bare array")[0];
    assert_eq!(first["id"], report);
    assert_eq!((text(first, "name"), text(first, "documentType")), ("Greeting", "Report"));
}

/// The sample that embeds viewers: the list of documents, by relative paths.
#[actix_web::test]
async fn the_sample_that_embeds_viewers() {
    let site = Site::new().await;
    site.report("Greeting").await;
    let ask = site.ask("POST /oauth/token").header("Content-Type", FORM);
    let token = ask.body("grant_type=password&username=admin&password=secret").send().await.json();
    let authorization = format!("Bearer {}", text(&token, "access_token"));
    let documents = get(&site, &authorization, "api/documents").await.json();
    assert_eq!(text(&documents[0], "documentType"), "Report");
}

/// The tool that takes a whole site out: the token's answer read as a map of texts, then lists,
/// layouts as files, and what is to come.
#[actix_web::test]
async fn the_tool_that_takes_a_site_out() {
    let site = Site::new().await;
    let report = site.report("Greeting").await;
    let ask = site.ask("POST /oauth/token").header("Content-Type", FORM);
    let token = ask.body("grant_type=password&username=admin&password=secret").send().await.json();
    let flat =
        token.as_object().unwrap().values().all(|value| value.is_string() || value.is_number());
    assert!(flat, "{token}");
    let authorization = format!("Bearer {}", text(&token, "access_token"));

    let categories = get(&site, &authorization, "api/categories").await.json();
    assert!(categories[0]["id"].is_i64() && categories[0]["name"].is_string());
    let documents = get(&site, &authorization, "api/documents").await.json();
    for member in ["id", "categoryId"] {
        assert!(documents[0][member].is_i64(), "{member}");
    }
    for member in ["name", "description", "documentType"] {
        assert!(documents[0][member].is_string(), "{member}");
    }
    let path = format!("api/documentdesign/{report}/exportlayout");
    let file = get(&site, &authorization, &path).await;
    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"Greeting.repx\"");

    let made = site.ask("POST /api/datamodels/").header("Authorization", &authorization).body(
        r#"{"name":"m","providerModel":{"providerType":"sqLite","connectionString":"m.db"}}"#,
    );
    let id = made.send().await.json()["id"].clone();
    let models = get(&site, &authorization, "api/datamodels").await.json();
    let expect = json!([{
        "id": id, "name": "m", "description": "", "provider": "sqLite", "commandTimeout": 0, "cacheSeconds": 0,
        "optimisticLock": 0,
    }]);
    assert_eq!(models, expect);
    let groups = get(&site, &authorization, "api/usergroups").await.json();
    let users = get(&site, &authorization, "api/users").await.json();
    for user in users.as_array().unwrap() {
        assert!(user["userName"].is_string() && user["groupsId"].is_array());
        assert_eq!(user["accountType"], "ReportServer");
        let path = format!("api/users/{}/permissions", user["id"]);
        assert!(get(&site, &authorization, &path).await.json().is_array(), "a bare array");
    }
    for group in groups.as_array().unwrap() {
        let path = format!("api/usergroups/{}/permissions", group["id"]);
        assert!(get(&site, &authorization, &path).await.json().is_array(), "a bare array");
    }
    let connection = get(&site, &authorization, &format!("api/datamodels/{id}/connection")).await;
    let provider = &connection.json()["providerModel"];
    assert_eq!(
        (text(provider, "providerType"), text(provider, "connectionString")),
        ("sqLite", "m.db")
    );
    let schema = get(&site, &authorization, &format!("api/datamodels/{id}/tables")).await;
    assert!(schema.status == 200 && schema.json()["tables"].is_array(), "{schema:?}");
}
