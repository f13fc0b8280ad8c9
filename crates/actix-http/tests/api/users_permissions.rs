//! `/api/users/{id}/permissions` and `…/delete`

use serde_json::{Value, json};

use crate::site::{Answer, Site};

/// A site with a user who may do nothing yet.
struct Fixture {
    site: Site,
    admin: String,
    rita: String,
    id: i64,
}

impl Fixture {
    async fn new() -> Self {
        let site = Site::new().await;
        let admin = site.admin().await;
        let rita = site.reader("rita", &[]).await;
        let id = site.app.stores.users.find_by_name("rita").await.unwrap().unwrap().id.0;
        Self { site, admin, rita, id }
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        let ask = self.site.ask(&format!("POST /api/users/{}/permissions{path}", self.id));
        ask.token(&self.admin).body(body.to_string()).send().await
    }

    async fn held(&self) -> Value {
        let ask = self.site.ask(&format!("GET /api/users/{}/permissions", self.id));
        ask.token(&self.admin).send().await.json()
    }
}

#[actix_web::test]
async fn permissions_are_added_and_taken_away_and_both_answer_the_bare_array() {
    let fixture = Fixture::new().await;
    assert_eq!(fixture.held().await, json!([]));
    let document = fixture.site.report("Greeting").await;
    let body = json!({"optimisticLock": 1, "permissions": [
        {"accessMode": 2, "scope": "document", "entityId": document},
        {"AccessMode": "3", "Scope": "ALLCATEGORIES", "EntityId": 7},
        {"accessMode": 4, "scope": 4, "entityId": document},
    ]});
    let added = fixture.post("", &body).await;
    assert_eq!((added.status, added.header("etag")), (200, "\"2\""), "{added:?}");
    let expect = json!([
        {"accessMode": 3, "scope": "AllCategories", "entityId": null},
        {"accessMode": 6, "scope": "Document", "entityId": document},
    ]);
    assert_eq!(added.json(), expect);
    assert_eq!(fixture.held().await, expect);
    let ask = fixture.site.ask(&format!("GET /api/documents/{document}")).token(&fixture.rita);
    assert_eq!(ask.send().await.status, 200, "it counts at once");

    let body = json!({"optimisticLock": 2, "permissions": [
        {"accessMode": 4, "scope": "Document", "entityId": document},
        {"scope": "allCategories"},
        {"accessMode": 15, "scope": "allDocuments"},
    ]});
    let left = fixture.post("/delete", &body).await;
    let expect = json!([{"accessMode": 2, "scope": "Document", "entityId": document}]);
    assert_eq!((left.status, left.json()), (200, expect.clone()));
    assert_eq!(fixture.held().await, expect);
    let own = fixture.site.ask(&format!("GET /api/users/{}/permissions", fixture.id));
    assert_eq!(own.token(&fixture.rita).send().await.json(), expect);
}

#[actix_web::test]
async fn the_lock_is_that_of_the_user() {
    let fixture = Fixture::new().await;
    let read = json!([{"accessMode": 2, "scope": "allDocuments"}]);
    let without = fixture.post("", &json!({"permissions": read})).await;
    without.problem(400);
    assert!(without.json()["errors"]["optimisticLock"].is_array());
    for path in ["", "/delete"] {
        let stale = fixture.post(path, &json!({"optimisticLock": 0, "permissions": read})).await;
        assert!(stale.problem(409).contains("user"), "{path}");
        assert_eq!(stale.json()["currentLock"], 1);
    }
    let body = json!({"permissions": read}).to_string();
    let ask = fixture.site.ask(&format!("POST /api/users/{}/permissions", fixture.id));
    let ask = ask.token(&fixture.admin).header("If-Match", "\"1\"").body(body);
    assert_eq!(ask.send().await.header("etag"), "\"2\"");
    let ask = fixture.site.ask(&format!("GET /api/users/{}", fixture.id)).token(&fixture.admin);
    assert_eq!(ask.send().await.json()["optimisticLock"], 2);
}

#[actix_web::test]
async fn what_is_wrong_is_told_by_field() {
    let fixture = Fixture::new().await;
    let check = async |entry: Value, errors: Value| {
        let body = json!({"optimisticLock": 1, "permissions": [entry]});
        let answer = fixture.post("", &body).await;
        answer.problem(400);
        assert_eq!(answer.json()["errors"], errors, "{body}");
    };
    let bits = "must be a sum of create 1, read 2, modify 4 and delete 8";
    check(
        json!({"accessMode": 16, "scope": "allDocuments"}),
        json!({"permissions[0].accessMode": [bits]}),
    )
    .await;
    check(
        json!({"scope": "allDocuments"}),
        json!({"permissions[0].accessMode": ["must be given"]}),
    )
    .await;
    check(
        json!({"accessMode": 2, "scope": "dataModel"}),
        json!({"permissions[0].entityId": ["scope \"dataModel\" needs an entityId"]}),
    )
    .await;
    check(
        json!({"accessMode": 2, "scope": "category", "entityId": 987}),
        json!({"permissions[0].entityId": ["category 987 does not exist"]}),
    )
    .await;
    check(json!({"accessMode": 2}), json!({"permissions[0].scope": ["must be given"]})).await;
    check(json!(7), json!({"permissions[0]": ["must be an object"]})).await;
    let answer = fixture.post("", &json!({"optimisticLock": 1})).await;
    answer.problem(400);
    assert_eq!(answer.json()["errors"], json!({"permissions": ["must be given"]}));
    assert_eq!(fixture.held().await, json!([]));
}

#[actix_web::test]
async fn a_user_who_is_not_there_holds_nothing() {
    let fixture = Fixture::new().await;
    for address in ["GET /api/users/987/permissions", "POST /api/users/987/permissions/delete"] {
        let body = r#"{"optimisticLock":0,"permissions":[]}"#;
        let answer = fixture.site.ask(address).token(&fixture.admin).body(body).send().await;
        assert_eq!(answer.problem(404), "user 987 does not exist");
    }
}
