//! `/api/usergroups`

use serde_json::json;

use crate::site::Site;

#[actix_web::test]
async fn a_group_is_made_looked_at_renamed_and_deleted() {
    let site = Site::new().await;
    let token = site.admin().await;
    let ask =
        async |address: &str, body: &str| site.ask(address).token(&token).body(body).send().await;
    let made = ask("POST /api/userGroups/", r#"{"name":"Sales"}"#).await;
    assert_eq!(made.status, 201);
    let id = made.json()["id"].as_i64().unwrap();
    assert_eq!(made.json(), json!({"id": id, "name": "Sales", "optimisticLock": 0}));
    assert_eq!(made.header("location"), format!("/api/usergroups/{id}"));
    let found = ask(&format!("GET /api/usergroups/{id}"), "").await;
    assert_eq!((found.status, found.json()), (200, made.json()));
    let all = ask("GET /api/usergroups", "").await;
    let names: Vec<_> = all.json().as_array().unwrap().iter().map(|g| g["name"].clone()).collect();
    let built_in =
        ["System Administrators", "Data Administrators", "Document Creators", "Document Viewers"];
    assert_eq!(json!(names), json!([&built_in[..], &["Sales"]].concat()));

    let address = format!("PUT /api/usergroups/{id}");
    ask(&address, r#"{"name":"x"}"#).await.problem(400);
    let changed = ask(&address, r#"{"optimisticLock":0,"name":"Shop"}"#).await;
    assert_eq!(changed.json(), json!({"id": id, "name": "Shop", "optimisticLock": 1}));
    let stale = ask(&address, r#"{"optimisticLock":0,"name":"Lost"}"#).await;
    stale.problem(409);
    assert_eq!(stale.json()["currentLock"], 1);
    let taken = ask(&address, r#"{"optimisticLock":1,"name":"document VIEWERS"}"#).await;
    assert!(taken.problem(409).contains("choose another name"));

    // Existing clients send the body of another request with it.
    let body = r#"{"optimisticLock":"integer","permissions":["#;
    let gone = ask(&format!("DELETE /api/usergroups/{id}"), body).await;
    assert_eq!((gone.status, gone.body.len()), (204, 0));
    let missing = ask(&format!("GET /api/usergroups/{id}"), "").await;
    assert_eq!(missing.problem(404), format!("group {id} does not exist"));
}

#[actix_web::test]
async fn the_administrators_stay_as_they_are() {
    let site = Site::new().await;
    let token = site.admin().await;
    let all = site.ask("GET /api/usergroups").token(&token).send().await.json();
    let (id, lock) = (&all[0]["id"], &all[0]["optimisticLock"]);
    let body = format!(r#"{{"optimisticLock":{lock},"name":"Bosses"}}"#);
    for (address, body) in [
        (format!("PUT /api/usergroups/{id}"), &*body),
        (format!("DELETE /api/usergroups/{id}"), ""),
    ] {
        let answer = site.ask(&address).token(&token).body(body).send().await;
        assert!(answer.problem(409).contains("is built in"), "{address}");
    }
}

#[actix_web::test]
async fn members_of_a_deleted_group_are_no_longer_in_it() {
    let site = Site::new().await;
    let token = site.admin().await;
    let ask =
        async |address: &str, body: &str| site.ask(address).token(&token).body(body).send().await;
    let group = ask("POST /api/usergroups", r#"{"name":"Team"}"#).await.json()["id"].clone();
    let body = format!(r#"{{"userName":"ann","accountType":"windows","groupsId":[{group}]}}"#);
    let user = ask("POST /api/users", &body).await.json()["id"].clone();
    assert_eq!(ask(&format!("DELETE /api/usergroups/{group}"), "").await.status, 204);
    let user = ask(&format!("GET /api/users/{user}"), "").await.json();
    assert_eq!((&user["groupsId"], &user["optimisticLock"]), (&json!([]), &json!(1)));
}

#[actix_web::test]
async fn others_see_no_groups() {
    let site = Site::new().await;
    let admin = site.admin().await;
    let all = site.ask("GET /api/usergroups").token(&admin).send().await.json();
    let token = site.reader("rita", &[]).await;
    let ask = async |address: String| site.ask(&address).token(&token).body("{}").send().await;
    ask("GET /api/usergroups".into()).await.problem(403);
    ask("POST /api/usergroups".into()).await.problem(400);
    for group in all.as_array().unwrap() {
        ask(format!("GET /api/usergroups/{}", group["id"])).await.problem(404);
    }
}
