//! `/api/account/…` and `/api/users/{id}/invite`

use pressroom_contracts::build;
use pressroom_domain::Secret;
use serde_json::json;

use crate::site::Site;

/// An account with a mailbox; without a password it waits for its activation.
async fn account(site: &Site, name: &str, password: Option<&str>) -> i64 {
    let mut new = build::new_user(name);
    new.entity.email = Some(build::email(&format!("{name}@example.com")));
    new.entity.pending = password.is_none();
    if let Some(password) = password {
        let hash = site.app.passwords.hash(&Secret::new(password)).await.unwrap();
        new.entity.password = Some(hash);
    }
    site.app.stores.users.create(new).await.unwrap().id.0
}

/// The token in the newest mail that waits.
fn mailed_token(site: &Site) -> String {
    let mail = site.store.waiting_mails().pop().expect("a mail waits");
    let (_, rest) = mail.text.split_once("token=").expect("a link");
    rest.chars().take_while(char::is_ascii_hexdigit).collect()
}

#[actix_web::test]
async fn an_invited_user_activates_the_account_and_signs_in() {
    let site = Site::new().await;
    let admin = site.admin().await;
    let id = account(&site, "ann", None).await;
    let invited = site.ask(&format!("POST /api/users/{id}/invite")).token(&admin).send().await;
    assert_eq!((invited.status, invited.body.len()), (202, 0));
    let token = mailed_token(&site);
    let activate = async |token: &str, password: &str| {
        let body = json!({"Token": token, "Password": password}).to_string();
        site.ask("POST /api/account/activate").body(body).send().await
    };
    let weak = activate(&token, "short").await;
    weak.problem(400);
    assert_eq!(
        weak.json()["errors"],
        json!({"password": ["a password must have at least 8 characters"]})
    );
    let done = activate(&token, "correct horse").await;
    assert_eq!((done.status, done.json()), (200, json!({"userName": "ann"})));
    assert!(!site.token("ann", "correct+horse").await.is_empty());
    let again = activate(&token, "other horse").await;
    assert!(again.problem(400).starts_with("token: this link does not work any more"));
    let late = site.ask(&format!("POST /api/users/{id}/invite")).token(&admin).send().await;
    late.problem(409);
}

#[actix_web::test]
async fn a_lost_password_is_reset_by_mail() {
    let site = Site::new().await;
    account(&site, "ann", Some("lost password")).await;
    for body in [
        json!({"userName": "nobody"}),
        json!({"email": "nobody@example.com"}),
        json!({"userName": "guest"}),
        json!({"userName": "'; drop table users; --\u{0}"}),
        json!({"email": "ANN@example.com"}),
        json!({"userName": "ann"}),
    ] {
        let ask = site.ask("POST /api/account/reset/request").body(body.to_string());
        let answer = ask.send().await;
        assert_eq!((answer.status, answer.body.len()), (202, 0), "{body}");
    }
    assert_eq!(site.store.waiting_mails().len(), 1, "and the second one came too soon");
    let token = mailed_token(&site);
    let body = json!({"token": token, "password": "correct horse"}).to_string();
    let wrong = site.ask("POST /api/account/activate").body(body.clone()).send().await;
    wrong.problem(400);
    let done = site.ask("POST /api/account/reset").body(body.clone()).send().await;
    assert_eq!((done.status, done.json()), (200, json!({"userName": "ann"})));
    assert!(!site.token("ann", "correct+horse").await.is_empty());
    site.ask("POST /api/account/reset").body(body).send().await.problem(400);
    let nothing = site.ask("POST /api/account/reset/request").body("{}").send().await;
    assert_eq!(nothing.problem(400), "userName: must be given");
}

#[actix_web::test]
async fn who_is_signed_in_changes_the_password() {
    let site = Site::new().await;
    account(&site, "ann", Some("old password")).await;
    let token = site.token("ann", "old+password").await;
    let change = async |token: &str, current: &str, new: &str| {
        let body = json!({"currentPassword": current, "newPassword": new}).to_string();
        site.ask("PUT /api/account/password").token(token).body(body).send().await
    };
    let wrong = change(&token, "guess", "correct horse").await;
    assert_eq!(wrong.problem(400), "currentPassword: is wrong");
    let long = change(&token, "old password", &"x".repeat(257)).await;
    assert_eq!(long.problem(400), "newPassword: a password must have at most 256 bytes");
    assert_eq!(change(&token, "old password", "correct horse").await.status, 204);
    change(&token, "correct horse", "other horse").await.problem(401);
    assert!(!site.token("ann", "correct+horse").await.is_empty());
}

#[actix_web::test]
async fn what_is_no_link_is_a_bad_request() {
    let site = Site::new().await;
    for body in [
        json!({"token": "", "password": "correct horse"}),
        json!({"token": "../../etc/passwd", "password": "correct horse"}),
        json!({"token": "x".repeat(100_000), "password": "correct horse"}),
        json!({"token": "\u{0}", "password": "\u{0}"}),
        json!({"token": 5, "password": "correct horse"}),
        json!({"token": null, "password": "correct horse"}),
        json!({"password": "correct horse"}),
    ] {
        for address in ["POST /api/account/activate", "POST /api/account/reset"] {
            site.ask(address).body(body.to_string()).send().await.problem(400);
        }
    }
}
