//! `/api/account/keys`

use serde_json::{Value, json};

use crate::site::{Answer, Site};

async fn make(site: &Site, token: &str, body: &Value) -> Answer {
    site.ask("POST /api/account/keys").token(token).body(body.to_string()).send().await
}

#[actix_web::test]
async fn a_key_is_made_listed_and_deleted_and_its_secret_is_shown_once() {
    let site = Site::new().await;
    let token = site.admin().await;
    let body = json!({"Name": "nightly copy", "expiresAt": "2030-01-31T12:00:00+01:00"});
    let made = make(&site, &token, &body).await;
    assert_eq!((made.status, made.header("cache-control")), (201, "no-store"));
    let mut key = made.json();
    let id = key["id"].as_i64().unwrap();
    assert_eq!(made.header("location"), format!("/api/account/keys/{id}"));
    assert_eq!(key["clientSecret"].as_str().map(str::len), Some(64));
    assert_eq!(key["clientId"].as_str().map(str::len), Some(32));
    assert_eq!((&key["name"], &key["lastUsed"]), (&json!("nightly copy"), &Value::Null));
    assert_eq!(key["expiresAt"], "2030-01-31T11:00:00Z");
    assert_eq!(key["createdAt"], "2026-03-02T09:30:00.000001Z");

    key.as_object_mut().unwrap().remove("clientSecret");
    let all = site.ask("GET /api/account/keys").token(&token).send().await;
    assert_eq!(all.json(), json!([key]));

    let gone = site.ask(&format!("DELETE /api/account/keys/{id}")).token(&token).send().await;
    assert_eq!(gone.status, 204);
    let again = site.ask(&format!("DELETE /api/account/keys?id={id}")).token(&token).send().await;
    assert_eq!(again.problem(404), format!("API key {id} does not exist"));
}

#[actix_web::test]
async fn everybody_has_their_own_and_the_guest_none() {
    let site = Site::new().await;
    let (admin, rita) = (site.admin().await, site.reader("rita", &[]).await);
    let made = make(&site, &rita, &json!({"name": "hers"})).await;
    assert_eq!(made.status, 201, "no right is needed");
    let id = made.json()["id"].as_i64().unwrap();
    let all = site.ask("GET /api/account/keys").token(&admin).send().await;
    assert_eq!(all.json(), json!([]));
    site.ask(&format!("DELETE /api/account/keys/{id}")).token(&admin).send().await.problem(404);
    let guest = site.token("Guest", "").await;
    site.ask("GET /api/account/keys").token(&guest).send().await.problem(403);
    make(&site, &guest, &json!({"name": "x"})).await.problem(403);
    site.ask("GET /api/account/keys").send().await.problem(401);
}

#[actix_web::test]
async fn what_is_wrong_is_told_by_field() {
    let site = Site::new().await;
    let token = site.admin().await;
    for (body, field, message) in [
        (json!({}), "name", "must be given"),
        (json!({"name": " "}), "name", "a name must not be empty"),
        (
            json!({"name": "x", "expiresAt": "soon"}),
            "expiresAt",
            "must be a time such as 2030-01-31T12:00:00Z",
        ),
        (
            json!({"name": "x", "expiresAt": "2020-01-01T00:00:00Z"}),
            "expiresAt",
            "must be in the future",
        ),
        (json!({"name": "x", "expiresAt": 5}), "expiresAt", "must be a text"),
    ] {
        let answer = make(&site, &token, &body).await;
        answer.problem(400);
        assert_eq!(answer.json()["errors"], json!({field: [message]}), "{body}");
    }
}
