//! `/api/datamodels`

use serde_json::json;

use crate::site::Site;

#[actix_web::test]
async fn a_sqlite_model_is_made_and_looked_at_and_its_connection_stays_secret() {
    let site = Site::new().await;
    let token = site.admin().await;
    let body = r#"{name:"nwind",Description:"orders",commandTimeout:"30",
        providerModel:{ProviderType:"SQLITE",connectionString:"Data Source=nwind.db;Password=hush"}}"#;
    let made = site.ask("POST /api/datamodels/").token(&token).body(body).send().await;
    assert_eq!(made.status, 201);
    let id = made.json()["id"].as_i64().unwrap();
    let expect = json!({
        "id": id, "name": "nwind", "description": "orders", "provider": "sqLite",
        "commandTimeout": 30, "optimisticLock": 0,
    });
    assert_eq!(made.json(), expect);
    assert_eq!(made.header("location"), format!("/api/datamodels/{id}"));
    let found = site.ask(&format!("GET /api/datamodels/{id}")).token(&token).send().await;
    assert_eq!(found.json(), expect);
    let all = site.ask("GET /api/datamodels").token(&token).send().await;
    assert_eq!(all.json(), json!([expect]));

    let again = site.ask("POST /api/datamodels").token(&token).body(body).send().await;
    assert!(again.problem(409).contains("choose another name"));
}

#[actix_web::test]
async fn what_is_wrong_is_told_by_field() {
    let site = Site::new().await;
    let token = site.admin().await;
    let check = async |body: &str, status: u16, errors: serde_json::Value| {
        let answer = site.ask("POST /api/datamodels").token(&token).body(body).send().await;
        answer.problem(status);
        assert_eq!(answer.json()["errors"], errors, "{body}");
    };
    let null = serde_json::Value::Null;
    check(
        r#"{"commandTimeout":"soon"}"#,
        400,
        json!({
            "name": ["must be given"],
            "providerModel": ["must be given"],
            "commandTimeout": ["must be a whole number"],
        }),
    )
    .await;
    check(
        r#"{"name":"x","providerModel":{}}"#,
        400,
        json!({"providerModel.providerType": ["must be given"]}),
    )
    .await;
    check(r#"{"name":"x","providerModel":{"providerType":"oracle"}}"#, 501, null).await;
    let answer = site
        .ask("POST /api/datamodels")
        .token(&token)
        .body(r#"{"name":"x","providerModel":{"providerType":"sqLite"}}"#);
    answer.send().await.problem(400);
}

#[actix_web::test]
async fn the_rest_is_not_built_yet() {
    let site = Site::new().await;
    let token = site.admin().await;
    for address in [
        "PUT /api/datamodels/1",
        "DELETE /api/datamodels/1",
        "POST /api/datamodels/test",
        "POST /api/datamodels/1/test",
        "GET /api/datamodels/1/connection",
        "GET /api/datamodels/1/tables/dbo.Order%2FDetails/columns",
    ] {
        site.ask(address).token(&token).send().await.problem(501);
    }
}
