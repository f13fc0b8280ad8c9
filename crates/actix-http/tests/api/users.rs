//! `/api/users`

use serde_json::{Value, json};

use crate::site::{Answer, Site};

/// What the administrator gets.
struct Admin {
    site: Site,
    token: String,
}

impl Admin {
    async fn new() -> Self {
        let site = Site::new().await;
        let token = site.admin().await;
        Self { site, token }
    }

    async fn ask(&self, address: &str, body: &str) -> Answer {
        self.site.ask(address).token(&self.token).body(body).send().await
    }

    /// A user that is made now.
    async fn user(&self, body: &str) -> Value {
        let made = self.ask("POST /api/users", body).await;
        assert_eq!(made.status, 201, "{made:?}");
        made.json()
    }
}

const ANN: &str = r#"{"userName":"ann","firstName":"Ann","lastName":"Ångström","email":"ann@example.com","groupsId":[],"accountType":"windows"}"#;

#[actix_web::test]
async fn a_user_is_made_looked_at_changed_and_deleted() {
    let admin = Admin::new().await;
    let group = admin.ask("POST /api/usergroups", r#"{"name":"Team"}"#).await.json()["id"].clone();
    let body = format!(
        r#"{{"UserName":"ann","FirstName":"Ann","lastName":"Ångström","email":"ann@example.com",
            "groupsId":[{group}],"accountType":"REPORTSERVER"}}"#
    );
    let made = admin.ask("POST /api/users", &body).await;
    assert_eq!(made.status, 201, "{made:?}");
    let id = made.json()["id"].as_i64().unwrap();
    let expect = json!({
        "id": id, "userName": "ann", "name": "Ann Ångström", "firstName": "Ann",
        "lastName": "Ångström", "email": "ann@example.com", "groupsId": [group],
        "accountType": "ReportServer", "active": false, "pending": true, "optimisticLock": 0,
    });
    assert_eq!(made.json(), expect);
    assert_eq!(made.header("location"), format!("/api/users/{id}"));
    assert_eq!(made.header("etag"), "\"0\"");
    let found = admin.ask(&format!("GET /api/users/{id}"), "").await;
    assert_eq!((found.status, found.json()), (200, expect.clone()));
    let all = admin.ask("GET /api/users", "").await;
    assert_eq!((all.header("x-total-count"), &all.json()[2]), ("3", &expect));

    let body = r#"{"optimisticLock":0,"firstName":"Anna","lastName":null,"groupsId":[]}"#;
    let changed = admin.ask(&format!("PUT /api/users/{id}"), body).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let expect = json!({
        "id": id, "userName": "ann", "name": "Anna", "firstName": "Anna", "lastName": null,
        "email": "ann@example.com", "groupsId": [], "accountType": "ReportServer",
        "active": false, "pending": true, "optimisticLock": 1,
    });
    assert_eq!(changed.json(), expect);
    let gone = admin.ask(&format!("DELETE /api/users/{id}"), "").await;
    assert_eq!((gone.status, gone.body.len()), (204, 0));
    let missing = admin.ask(&format!("GET /api/users/{id}"), "").await;
    assert_eq!(missing.problem(404), format!("user {id} does not exist"));
}

#[actix_web::test]
async fn account_types_come_in_any_letter_case_or_as_a_number() {
    let admin = Admin::new().await;
    for (number, (kind, name, active)) in [
        (r#""reportServer""#, "ReportServer", false),
        ("0", "ReportServer", false),
        ("null", "ReportServer", false),
        (r#""Windows""#, "Windows", true),
        ("1", "Windows", true),
        (r#""EXTERNAL""#, "External", true),
        (r#""2""#, "External", true),
    ]
    .into_iter()
    .enumerate()
    {
        let user = admin.user(&format!(r#"{{"userName":"u{number}","accountType":{kind}}}"#)).await;
        assert_eq!(user["accountType"], name, "{kind}");
        assert_eq!(
            (&user["active"], &user["pending"]),
            (&json!(active), &json!(!active)),
            "{kind}"
        );
        assert_eq!((&user["name"], &user["email"]), (&user["userName"], &Value::Null));
    }
}

#[actix_web::test]
async fn what_is_wrong_is_told_by_field_and_all_at_once() {
    let admin = Admin::new().await;
    let body = r#"{"firstName":7,"groupsId":"none","accountType":"letter"}"#;
    let answer = admin.ask("POST /api/users", body).await;
    answer.problem(400);
    assert_eq!(
        answer.json()["errors"],
        json!({
            "accountType": ["must be one of ReportServer, Windows, External"],
            "firstName": ["must be a text"],
            "groupsId": ["must be an array of whole numbers"],
            "userName": ["must be given"],
        })
    );
    let answer = admin.ask("POST /api/users", r#"{"userName":"ann","groupsId":[987]}"#).await;
    answer.problem(400);
    assert_eq!(answer.json()["errors"], json!({"groupsId": ["group 987 does not exist"]}));
    admin.user(ANN).await;
    let taken = admin.ask("POST /api/users", &ANN.replace("\"ann\"", "\"ANN\"")).await;
    assert!(taken.problem(409).contains("choose another name"));
}

#[actix_web::test]
async fn an_update_says_which_state_it_saw() {
    let admin = Admin::new().await;
    let id = admin.user(ANN).await["id"].clone();
    let address = format!("PUT /api/users/{id}");
    let without = admin.ask(&address, r#"{"firstName":"x"}"#).await;
    without.problem(400);
    assert!(without.json()["errors"]["optimisticLock"].is_array());
    let ask = admin.site.ask(&address).token(&admin.token).header("If-Match", "\"0\"");
    assert_eq!(ask.body(r#"{"firstName":"x"}"#).send().await.header("etag"), "\"1\"");
    let stale = admin.ask(&address, r#"{"firstName":"y","optimisticLock":0}"#).await;
    assert!(stale.problem(409).contains("its optimisticLock is 1 now"));
    assert_eq!(stale.json()["currentLock"], 1);
}

#[actix_web::test]
async fn who_is_deactivated_or_deleted_is_signed_out_at_once() {
    let admin = Admin::new().await;
    for (name, deactivate) in [("rita", true), ("bob", false)] {
        let token = admin.site.reader(name, &[]).await;
        let call = async || admin.site.ask("GET /api/categories").token(&token).send().await.status;
        assert_eq!(call().await, 200);
        let found = admin.site.app.stores.users.find_by_name(name).await.unwrap().unwrap();
        let (id, lock) = (found.id, found.lock);
        if deactivate {
            let body = format!(r#"{{"optimisticLock":{lock},"active":false}}"#);
            let idle = admin.ask(&format!("PUT /api/users/{id}"), &body).await;
            assert_eq!(idle.json()["active"], false);
        } else {
            assert_eq!(admin.ask(&format!("DELETE /api/users/{id}"), "").await.status, 204);
        }
        assert_eq!(call().await, 401);
        let form = format!("grant_type=password&username={name}&password=pw");
        assert_eq!(admin.site.ask("POST /oauth/token").body(form).send().await.status, 400);
    }
}

#[actix_web::test]
async fn the_last_administrator_the_guest_and_oneself_stay() {
    let admin = Admin::new().await;
    let all = admin.ask("GET /api/users", "").await.json();
    let by_name = |name: &str| {
        all.as_array().unwrap().iter().find(|user| user["userName"] == name).unwrap().clone()
    };
    let (own, guest) = (by_name("admin"), by_name("Guest"));
    for body in [r#"{"optimisticLock":0,"active":false}"#, r#"{"optimisticLock":0,"groupsId":[]}"#]
    {
        let answer = admin.ask(&format!("PUT /api/users/{}", own["id"]), body).await;
        assert!(answer.problem(409).contains("without an active member"), "{body}");
    }
    let answer = admin.ask(&format!("DELETE /api/users/{}", own["id"]), "").await;
    assert!(answer.problem(409).contains("your own account"));
    let answer = admin.ask(&format!("DELETE /api/users/{}", guest["id"]), "").await;
    assert!(answer.problem(409).contains("the guest"));
    let body = format!(r#"{{"optimisticLock":0,"groupsId":{}}}"#, own["groupsId"]);
    let answer = admin.ask(&format!("PUT /api/users/{}", guest["id"]), &body).await;
    assert!(answer.problem(400).contains("can't be an administrator"));
}

#[actix_web::test]
async fn others_see_themselves_and_nobody_else() {
    let admin = Admin::new().await;
    let id = admin.user(ANN).await["id"].clone();
    let token = admin.site.reader("rita", &[]).await;
    let own = admin.site.app.stores.users.find_by_name("rita").await.unwrap().unwrap().id;
    let ask = async |address: String, body: &'static str| {
        admin.site.ask(&address).token(&token).body(body).send().await
    };
    assert_eq!(ask(format!("GET /api/users/{own}"), "").await.json()["userName"], "rita");
    ask(format!("PUT /api/users/{own}"), r#"{"optimisticLock":1}"#).await.problem(403);
    ask(format!("GET /api/users/{id}"), "").await.problem(404);
    ask(format!("DELETE /api/users/{id}"), "").await.problem(404);
    let list = ask("GET /api/users".into(), "").await;
    assert_eq!(
        list.problem(403),
        "users and groups are for administrators; ask an administrator for that right"
    );
    ask("POST /api/users".into(), ANN).await.problem(403);
}
