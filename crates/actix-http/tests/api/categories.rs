//! `/api/categories`

use pressroom_domain::{Access, CategoryId, Scope};
use serde_json::json;

use crate::site::Site;

#[actix_web::test]
async fn a_category_is_made_looked_at_renamed_and_deleted() {
    let site = Site::new().await;
    let token = site.admin().await;

    let made = site.ask("POST /api/categories").token(&token).body(r#"{"name":"Sales"}"#);
    let made = made.send().await;
    assert_eq!(made.status, 201);
    let id = made.json()["id"].as_i64().unwrap();
    assert_eq!(made.json(), json!({"id": id, "name": "Sales", "optimisticLock": 0}));
    assert_eq!(made.header("location"), format!("/api/categories/{id}"));
    assert_eq!(made.header("etag"), "\"0\"");

    let found = site.ask(&format!("GET /api/categories/{id}")).token(&token).send().await;
    assert_eq!((found.status, found.json()), (200, made.json()));
    let all = site.ask("GET /api/categories").token(&token).send().await;
    assert_eq!(all.json(), json!([made.json()]));
    assert_eq!(all.header("x-total-count"), "1");

    let body = format!(r#"{{"id":{id},"optimisticLock":0,"name":"Purchases"}}"#);
    let changed = site.ask("PUT /api/categories").token(&token).body(body).send().await;
    assert_eq!(changed.status, 200);
    assert_eq!(changed.json(), json!({"id": id, "name": "Purchases", "optimisticLock": 1}));

    let gone = site.ask(&format!("DELETE /api/categories?id={id}")).token(&token).send().await;
    assert_eq!((gone.status, gone.body.len()), (204, 0));
    let missing = site.ask(&format!("GET /api/categories/{id}")).token(&token).send().await;
    assert_eq!(missing.problem(404), format!("category {id} does not exist"));
}

#[actix_web::test]
async fn the_id_stands_in_the_path_the_query_or_the_body() {
    let site = Site::new().await;
    let token = site.admin().await;
    let id = site.category("Sales").await;
    let other = id + 1;
    let put = async |address: String, body: String| {
        site.ask(&address).token(&token).body(body).send().await
    };
    for (lock, address, body_id) in [
        (0, "PUT /api/categories".to_owned(), format!("\"id\":{id},")),
        (1, "PUT /api/categories".to_owned(), format!("\"id\":\"{id}\",")),
        (2, format!("PUT /api/categories?id={id}"), String::new()),
        (3, format!("PUT /api/categories/?Id={id}"), format!("\"ID\":{id},")),
        (4, format!("PUT /api/categories/{id}"), String::new()),
        (5, format!("PUT /API/Categories/{id}/"), format!("\"id\":{id},")),
    ] {
        let body = format!("{{{body_id}\"optimisticLock\":{lock},\"name\":\"Sales\"}}");
        assert_eq!(put(address.clone(), body).await.status, 200, "{address}");
    }
    let body = || format!("{{\"id\":{other},\"optimisticLock\":6,\"name\":\"Sales\"}}");
    put(format!("PUT /api/categories/{id}"), body()).await.problem(400);
    put(format!("PUT /api/categories/{id}?id={other}"), body()).await.problem(400);
    put("PUT /api/categories".into(), r#"{"optimisticLock":6,"name":"x"}"#.into())
        .await
        .problem(400);
    let gone = site.ask(&format!("DELETE /api/categories/{id}")).token(&token).send().await;
    assert_eq!(gone.status, 204);
    site.ask("DELETE /api/categories").token(&token).send().await.problem(400);
    site.ask("DELETE /api/categories?id=x").token(&token).send().await.problem(400);
}

#[actix_web::test]
async fn an_update_says_which_state_it_saw() {
    let site = Site::new().await;
    let token = site.admin().await;
    let id = site.category("Sales").await;
    let put = async |body: &str, tag: Option<&str>| {
        let ask = site.ask(&format!("PUT /api/categories/{id}")).token(&token).body(body);
        match tag {
            Some(tag) => ask.header("If-Match", tag).send().await,
            None => ask.send().await,
        }
    };
    let without = put(r#"{"name":"x"}"#, None).await;
    without.problem(400);
    assert!(without.json()["errors"]["optimisticLock"].is_array());
    assert_eq!(put(r#"{"name":"x","optimisticLock":0}"#, None).await.status, 200);
    let stale = put(r#"{"name":"y","optimisticLock":0}"#, None).await;
    assert!(stale.problem(409).contains("its optimisticLock is 1 now"));
    assert_eq!(stale.json()["currentLock"], 1);
    let tagged = put(r#"{"name":"y"}"#, Some("\"1\"")).await;
    assert_eq!((tagged.status, tagged.header("etag")), (200, "\"2\""));
    assert_eq!(put(r#"{"name":"z"}"#, Some("\"1\"")).await.json()["currentLock"], 2);
    put(r#"{"name":"z","optimisticLock":2}"#, Some("\"1\"")).await.problem(400);
    put(r#"{"name":"z"}"#, Some("soon")).await.problem(400);
}

#[actix_web::test]
async fn a_site_may_do_without_locks() {
    let config = pressroom_actix_http::Config::default();
    let site = Site::with(|settings| settings.require_lock = false, config).await;
    let token = site.admin().await;
    let id = site.category("Sales").await;
    let ask = site.ask(&format!("PUT /api/categories/{id}")).token(&token).body(r#"{"name":"x"}"#);
    assert_eq!(ask.send().await.status, 200);
}

#[actix_web::test]
async fn one_that_holds_documents_stays() {
    let site = Site::new().await;
    let token = site.admin().await;
    site.report("Greeting").await;
    let all = site.ask("GET /api/categories").token(&token).send().await.json();
    let address = format!("DELETE /api/categories?id={}", all[0]["id"]);
    let answer = site.ask(&address).token(&token).send().await;
    assert!(answer.problem(409).contains("it holds 1 document"));
}

#[actix_web::test]
async fn what_may_not_be_read_is_not_there_and_the_rest_is_forbidden() {
    let site = Site::new().await;
    let (one, two) = (site.category("One").await, site.category("Two").await);
    let token = site.reader("rita", &[(Access::READ, Scope::Category(CategoryId(one)))]).await;
    let all = site.ask("GET /api/categories").token(&token).send().await.json();
    assert_eq!(all.as_array().map(Vec::len), Some(1));
    site.ask(&format!("GET /api/categories/{two}")).token(&token).send().await.problem(404);
    site.ask(&format!("DELETE /api/categories/{one}")).token(&token).send().await.problem(403);
    let ask = site.ask("POST /api/categories").token(&token).body(r#"{"name":"x"}"#);
    ask.send().await.problem(403);
}

#[actix_web::test]
async fn what_is_wrong_is_told_by_field() {
    let site = Site::new().await;
    let token = site.admin().await;
    let check = async |body: &str, field: &str, message: &str| {
        let answer = site.ask("POST /api/categories").token(&token).body(body).send().await;
        answer.problem(400);
        assert_eq!(answer.json()["errors"], json!({field: [message]}), "{body}");
    };
    check("{}", "name", "must be given").await;
    check(r#"{"name":null}"#, "name", "must be given").await;
    check(r#"{"name":5}"#, "name", "must be a text").await;
    check(r#"{"name":" "}"#, "name", "a name must not be empty").await;
}
