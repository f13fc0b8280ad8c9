//! `/api/datamodels/{id}` and what stands below it

use serde_json::{Value, json};

use crate::site::Site;

const SECRET: &str = "Data Source=sales.db;Password=hunter2";

async fn made(site: &Site, token: &str) -> i64 {
    let provider = json!({"providerType": "sqLite", "connectionString": SECRET});
    let body = json!({"name": "sales", "providerModel": provider}).to_string();
    let made = site.ask("POST /api/datamodels").token(token).body(body).send().await;
    made.json()["id"].as_i64().unwrap()
}

async fn connection(site: &Site, token: &str, id: i64) -> Value {
    let path = format!("GET /api/datamodels/{id}/connection");
    site.ask(&path).token(token).send().await.json()
}

#[actix_web::test]
async fn put_changes_a_model_under_its_lock() {
    let site = Site::new().await;
    let token = site.admin().await;
    let id = made(&site, &token).await;
    let put = async |body: Value| {
        let ask = site.ask(&format!("PUT /api/datamodels/{id}")).token(&token);
        ask.body(body.to_string()).send().await
    };
    put(json!({"name": "x"})).await.problem(400);
    let changed = put(json!({"optimisticLock": 0, "name": "orders", "commandTimeout": 9})).await;
    assert_eq!((changed.status, changed.header("etag")), (200, "\"1\""));
    assert_eq!(changed.json()["name"], "orders");
    assert_eq!(changed.json()["cacheSeconds"], 0);
    let stale = put(json!({"optimisticLock": 0, "name": "late"})).await;
    stale.problem(409);
    assert_eq!(stale.json()["currentLock"], 1);

    // What was read comes back: the secret stays.
    let mut read = connection(&site, &token, id).await;
    assert_eq!(
        read["providerModel"],
        json!({
            "providerType": "sqLite", "password": null,
            "connectionString": "Data Source=sales.db;Password=***",
        })
    );
    read["description"] = "what we sell".into();
    read["cacheSeconds"] = 600.into();
    assert_eq!(put(read.clone()).await.json()["cacheSeconds"], 600);
    put(json!({"optimisticLock": 2, "cacheSeconds": 86_401})).await.problem(400);
    read["optimisticLock"] = 2.into();
    read["providerModel"]["connectionString"] = "Data Source=other.db;Password=***".into();
    let refused = put(read).await;
    refused.problem(400);
    assert_eq!(
        refused.json()["errors"],
        json!({"providerModel.connectionString": [
            "must be given again, because the connection is changed"
        ]})
    );
}

#[actix_web::test]
async fn put_rename_gives_a_name_that_is_free() {
    let site = Site::new().await;
    let token = site.admin().await;
    let id = made(&site, &token).await;
    let rename = async |body: Value| {
        let ask = site.ask(&format!("PUT /api/datamodels/{id}/rename")).token(&token);
        ask.body(body.to_string()).send().await
    };
    let renamed = rename(json!({"optimisticLock": 0, "name": "Orders"})).await;
    assert_eq!((renamed.status, &renamed.json()["name"]), (200, &json!("Orders")));
    made(&site, &token).await;
    rename(json!({"optimisticLock": 1, "name": "SALES"})).await.problem(409);
    rename(json!({"optimisticLock": 1})).await.problem(400);
}

#[actix_web::test]
async fn delete_forgets_a_model() {
    let site = Site::new().await;
    let token = site.admin().await;
    let id = made(&site, &token).await;
    let path = format!("DELETE /api/datamodels/{id}");
    assert_eq!(site.ask(&path).token(&token).send().await.status, 204);
    site.ask(&path).token(&token).send().await.problem(404);
}

#[actix_web::test]
async fn post_test_tells_how_it_went() {
    let site = Site::new().await;
    let token = site.admin().await;
    let id = made(&site, &token).await;
    let tested = site.ask(&format!("POST /api/datamodels/{id}/test")).token(&token).send().await;
    assert_eq!((tested.status, &tested.json()["ok"]), (200, &json!(true)), "{tested:?}");
    assert!(tested.json()["elapsedMs"].is_u64());
    let provider = json!({"providerType": "sqLite", "connectionString": SECRET});
    let ask = site.ask("POST /api/datamodels/test").token(&token);
    let tested = ask.body(json!({"providerModel": provider}).to_string()).send().await;
    assert_eq!((tested.status, &tested.json()["ok"]), (200, &json!(true)));
    let ask = site.ask("POST /api/datamodels/test").token(&token);
    ask.body(r#"{"providerModel":{"providerType":"dbase"}}"#).send().await.problem(400);
}
