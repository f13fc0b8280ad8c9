//! `/readyz`

use serde_json::json;

use crate::site::Site;

#[actix_web::test]
async fn a_server_is_ready_until_it_is_told_to_stop() {
    let site = Site::new().await;
    let answer = site.ask("GET /readyz").send().await;
    assert_eq!((answer.status, answer.json()), (200, json!({"status": "ready"})));
    site.app.draining.begin();
    let answer = site.ask("GET /readyz").send().await;
    assert_eq!(answer.problem(503), "this server is about to end; ask another one");
    assert_eq!(answer.header("retry-after"), "5");
    assert_eq!(site.ask("GET /healthz").send().await.status, 200, "it lives");
    let token = site.admin().await;
    let answer = site.ask("GET /api/categories").token(&token).send().await;
    assert_eq!(answer.status, 200, "who comes all the same is served");
}

#[actix_web::test]
async fn a_store_that_is_away_is_told() {
    let site = Site::new().await;
    site.store.set_away(true);
    site.ask("GET /readyz").send().await.problem(503);
    site.store.set_away(false);
    assert_eq!(site.ask("GET /readyz").send().await.status, 200);
}
