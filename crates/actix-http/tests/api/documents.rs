//! `/api/documents` and `/api/documentdesign`

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pressroom_domain::{Access, DocumentId, Scope};
use serde_json::{Value, json};

use crate::site::{BOARD, REPORT, Site};

fn new_report(category: i64, layout: &str) -> String {
    json!({
        "categoryId": category, "name": "Greeting", "description": "a word",
        "revisionComment": "first", "documentType": "report", "autoRefreshInterval": 0,
        "layout": layout,
    })
    .to_string()
}

#[actix_web::test]
async fn a_report_is_made_changed_saved_and_deleted() {
    let site = Site::new().await;
    let token = site.admin().await;
    let category = site.category("Letters").await;

    let ask = site.ask("POST /api/documents").token(&token).body(new_report(category, REPORT));
    let made = ask.send().await;
    assert_eq!(made.status, 201, "{made:?}");
    let mut expect = made.json();
    let (id, revision) = (expect["id"].as_i64().unwrap(), expect["revisionId"].as_i64().unwrap());
    assert_eq!(
        expect,
        json!({
            "id": id, "categoryId": category, "name": "Greeting", "description": "a word",
            "documentType": "Report", "autoRefreshInterval": 0, "optimisticLock": 0,
            "modifiedBy": "admin", "modifiedDateTime": "2026-03-02T09:30:00.000001Z",
            "lockedBy": null, "revisionId": revision,
        })
    );
    assert_eq!(made.header("location"), format!("/api/documents/{id}"));
    let found = site.ask(&format!("GET /api/documents/{id}")).token(&token).send().await;
    assert_eq!((found.json(), found.header("etag")), (expect.clone(), "\"0\""));
    let all = site.ask("GET /api/documents").token(&token).send().await;
    assert_eq!(all.json(), json!([expect]));

    let body = format!(r#"{{"id":{id},"optimisticLock":0,"name":"Salute","description":null}}"#);
    let changed = site.ask("PUT /api/documents").token(&token).body(body).send().await;
    expect["name"] = "Salute".into();
    expect["description"] = "".into();
    expect["optimisticLock"] = 1.into();
    assert_eq!((changed.status, changed.json()), (200, expect));

    let layout = REPORT.replace("morning", "evening");
    let body = json!({"optimisticLock": 1, "revisionComment": "later", "layout": layout});
    let address = format!("PUT /api/documents/{id}/save");
    let saved = site.ask(&address).token(&token).body(body.to_string()).send().await;
    assert_eq!(saved.status, 200, "{saved:?}");
    assert_eq!(saved.json()["optimisticLock"], 2);
    assert_ne!(saved.json()["revisionId"], revision);

    let get = async |path: &str| {
        site.ask(&format!("GET /api/documents/{id}/{path}")).token(&token).send().await
    };
    assert_eq!(get("layout").await.json(), json!({"layout": layout}));
    let revisions = get("revisions").await.json();
    let told: Vec<(&Value, &Value, &Value)> = revisions
        .as_array()
        .unwrap()
        .iter()
        .map(|revision| (&revision["revisionNumber"], &revision["comment"], &revision["userName"]))
        .collect();
    let (admin, newest, first) = (json!("admin"), json!("later"), json!("first"));
    assert_eq!(told, [(&json!(2), &newest, &admin), (&json!(1), &first, &admin)]);
    assert_eq!(revisions[0]["revisionDate"], "2026-03-02T09:30:00.000001Z");
    let old = get(&format!("revisionlayout/{revision}")).await;
    assert_eq!(old.json(), json!({"layout": REPORT}));
    get("revisionLayout/999999").await.problem(404);

    let address = format!("DELETE /api/documents?id={id}");
    assert_eq!(site.ask(&address).token(&token).send().await.status, 204);
    get("layout").await.problem(404);
}

#[actix_web::test]
async fn a_layout_may_come_as_base64_and_is_kept_to_the_byte() {
    let site = Site::new().await;
    let token = site.admin().await;
    let category = site.category("Letters").await;
    let layout = format!("\u{feff}{}", REPORT.replace('\n', "\r\n"));
    let body = new_report(category, &BASE64_STANDARD.encode(&layout));
    let made = site.ask("POST /api/documents").token(&token).body(body).send().await;
    assert_eq!(made.status, 201, "{made:?}");
    let id = &made.json()["id"];
    let got = site.ask(&format!("GET /api/documents/{id}/layout")).token(&token).send().await;
    assert_eq!(got.json(), json!({"layout": layout}));
    let file = site.ask(&format!("GET /api/documentdesign/{id}/exportlayout")).token(&token);
    let file = file.send().await;
    assert_eq!(file.body, layout.as_bytes());
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"Greeting.repx\"");
}

#[actix_web::test]
async fn a_layout_that_does_not_parse_is_a_422_with_its_place() {
    let site = Site::new().await;
    let token = site.admin().await;
    let category = site.category("Letters").await;
    let body = new_report(category, "<XtraReportsLayoutSerializer>\n<Bands");
    let answer = site.ask("POST /api/documents").token(&token).body(body).send().await;
    answer.problem(422);
    assert_eq!(answer.json()["line"], 2);
    assert!(answer.json()["column"].is_number());
    let all = site.ask("GET /api/documents").token(&token).send().await;
    assert_eq!(all.json(), json!([]));
}

#[actix_web::test]
async fn what_is_wrong_is_told_by_field_and_all_at_once() {
    let site = Site::new().await;
    let token = site.admin().await;
    let body = r#"{"categoryId":"one","documentType":"letter","layout":7}"#;
    let answer = site.ask("POST /api/documents").token(&token).body(body).send().await;
    answer.problem(400);
    assert_eq!(
        answer.json()["errors"],
        json!({
            "categoryId": ["must be a whole number"],
            "documentType": ["must be one of Report, Dashboard"],
            "layout": ["must be a text"],
            "name": ["must be given"],
        })
    );
}

#[actix_web::test]
async fn types_come_in_any_letter_case_or_as_a_number() {
    let site = Site::new().await;
    let token = site.admin().await;
    let category = site.category("Letters").await;
    for (kind, status) in
        [("\"REPORT\"", 201), ("0", 201), ("\"Dashboard\"", 201), ("1", 201), ("2", 400)]
    {
        let board = kind == "1" || kind.to_lowercase().contains("dashboard");
        let layout = Value::from(if board { BOARD } else { REPORT });
        let body = format!(
            r#"{{"CategoryId":"{category}","Name":"x","DocumentType":{kind},"Layout":{layout}}}"#
        );
        let answer = site.ask("POST /api/documents").token(&token).body(body).send().await;
        assert_eq!(answer.status, status, "{kind}");
    }
}

#[actix_web::test]
async fn a_dashboard_is_kept_as_a_report_is() {
    let site = Site::new().await;
    let token = site.admin().await;
    let category = site.category("Figures").await;
    let new = |layout: &str, kind: &str| json!({"categoryId": category, "name": "Sales", "documentType": kind, "layout": layout});
    let create = async |body: Value| {
        site.ask("POST /api/documents").token(&token).body(body.to_string()).send().await
    };
    let made = create(new(BOARD, "dashboard")).await;
    assert_eq!((made.status, &made.json()["documentType"]), (201, &json!("Dashboard")));
    let id = made.json()["id"].as_i64().unwrap();

    let layout = BOARD.replace("By month", "By year");
    let save = async |lock: i64, layout: &str| {
        let body = json!({"optimisticLock": lock, "layout": layout}).to_string();
        let address = format!("PUT /api/documents/{id}/save");
        site.ask(&address).token(&token).body(body).send().await
    };
    assert_eq!(save(0, &layout).await.status, 200);
    let get = async |path: &str| site.ask(&format!("GET {path}")).token(&token).send().await;
    let now = get(&format!("/api/documents/{id}/layout")).await;
    assert_eq!(now.json(), json!({"layout": layout}));
    let old = made.json()["revisionId"].clone();
    let old = get(&format!("/api/documents/{id}/revisionLayout/{old}")).await;
    assert_eq!(old.json(), json!({"layout": BOARD}));
    let file = get(&format!("/api/documentdesign/{id}/exportlayout")).await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"Sales.xml\"");
    assert_eq!(file.body, layout.as_bytes());

    // One type's layout is not the other's, and a broken one is neither's.
    create(new(REPORT, "dashboard")).await.problem(422);
    create(new(BOARD, "report")).await.problem(422);
    save(1, REPORT).await.problem(422);
    let dangling = save(1, &BOARD.replace("DashboardItem=\"chart1\"", "DashboardItem=\"x\"")).await;
    let detail = dangling.problem(422);
    assert!(detail.contains("no item has that ComponentName"), "{detail}");
    assert_eq!((&dangling.json()["line"], &dangling.json()["column"]), (&json!(9), &json!(7)));
    let nothing_new = get(&format!("/api/documents/{id}/revisions")).await;
    assert_eq!(nothing_new.json().as_array().map(Vec::len), Some(2));
}

#[actix_web::test]
async fn readers_see_what_they_may_read() {
    let site = Site::new().await;
    let (one, two) = (site.report("One").await, site.report("Two").await);
    let token = site.reader("rita", &[(Access::READ, Scope::Document(DocumentId(one)))]).await;
    let all = site.ask("GET /api/documents").token(&token).send().await.json();
    assert_eq!(all.as_array().map(Vec::len), Some(1));
    for path in ["", "/layout", "/revisions"] {
        let get = async |id: i64| {
            site.ask(&format!("GET /api/documents/{id}{path}")).token(&token).send().await
        };
        assert_eq!(get(one).await.status, 200, "{path}");
        get(two).await.problem(404);
    }
    let body = r#"{"optimisticLock":0,"name":"Mine"}"#;
    let put = site.ask(&format!("PUT /api/documents/{one}")).token(&token).body(body);
    put.send().await.problem(403);
    let address = format!("PUT /api/documents/{two}/save");
    let body = json!({"optimisticLock": 0, "layout": REPORT}).to_string();
    site.ask(&address).token(&token).body(body).send().await.problem(404);
}
