//! `/api/usergroups/{id}/permissions` and `…/delete`

use pressroom_contracts::build;
use pressroom_domain::{NewUser, SubjectKind, Verb};
use pressroom_ports::UserUpdate;
use serde_json::json;

use crate::site::Site;

#[actix_web::test]
async fn what_a_group_may_do_its_members_may() {
    let site = Site::new().await;
    let admin = site.admin().await;
    let rita = site.reader("rita", &[]).await;
    let document = site.report("Greeting").await;
    let category = site.app.stores.documents.get(pressroom_domain::DocumentId(document)).await;
    let category = category.unwrap().category_id;
    let group = site.app.stores.groups.create(build::new_group("Team")).await.unwrap().id;
    let user = site.app.stores.users.find_by_name("rita").await.unwrap().unwrap();
    let member = NewUser { groups: vec![group], ..build::new_user("rita").entity };
    let update = UserUpdate { id: user.id, expected: None, user: member };
    let update = build::change(update, Verb::Update, SubjectKind::User, user.id);
    site.app.stores.users.update(update).await.unwrap();

    let read = async || {
        site.ask(&format!("GET /api/documents/{document}")).token(&rita).send().await.status
    };
    let post = async |path: &str, body: serde_json::Value| {
        let ask = site.ask(&format!("POST /api/usergroups/{group}/permissions{path}"));
        ask.token(&admin).body(body.to_string()).send().await
    };
    assert_eq!(read().await, 404);
    let entry = json!({"accessMode": 2, "scope": "documentsInCategory", "entityId": category.0});
    let added = post("", json!({"optimisticLock": 0, "permissions": [entry]})).await;
    let expect = json!([{"accessMode": 2, "scope": "DocumentsInCategory", "entityId": category.0}]);
    assert_eq!((added.status, added.json()), (200, expect.clone()), "{added:?}");
    assert_eq!(read().await, 200);
    let held = site.ask(&format!("GET /api/usergroups/{group}/permissions")).token(&rita);
    assert_eq!(held.send().await.json(), expect, "members see it");

    let stale = post("/delete", json!({"optimisticLock": 0, "permissions": [entry]})).await;
    stale.problem(409);
    assert_eq!(stale.json()["currentLock"], 1);
    let left = post("/delete", json!({"optimisticLock": 1, "permissions": [entry]})).await;
    assert_eq!((left.status, left.json()), (200, json!([])));
    assert_eq!(read().await, 404);
    post("", json!({"optimisticLock": 2})).await.problem(400);
}
