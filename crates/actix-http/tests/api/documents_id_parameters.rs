//! `GET /api/documents/{id}/parameters`.

use serde_json::json;

use crate::site::Site;

#[actix_web::test]
async fn a_report_tells_what_it_asks_for() {
    let site = Site::new().await;
    let admin = site.admin().await;
    let id = site.report("Greeting").await;
    let ask = format!("GET /api/documents/{id}/parameters");
    let answer = site.ask(&ask).token(&admin).send().await;
    assert_eq!(answer.status, 200);
    let common = |name: &str, kind: &str, value: serde_json::Value| {
        json!({
            "name": name, "description": name, "type": kind, "multiValue": false,
            "allowNull": false, "visible": true, "value": value,
            "lookUpValues": null, "lookUpMessage": null,
        })
    };
    let expect =
        [common("CustomerID", "String", json!("ALFKI")), common("Count", "Int32", json!(1))];
    assert_eq!(answer.json(), json!(expect));
    let reader = site.reader("rita", &[]).await;
    site.ask(&ask).token(&reader).send().await.problem(404);
    site.ask("GET /api/documents/987/parameters").token(&admin).send().await.problem(404);
}
