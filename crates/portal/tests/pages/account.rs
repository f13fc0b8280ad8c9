//! `/account/activate`, `/account/reset` and `/account/password`.

use crate::site::{HOSTILE, Site};

#[actix_web::test]
async fn a_password_is_changed_and_everybody_signs_in_again() {
    let site = Site::new().await;
    let browser = site.admin().await;
    let page = browser.get("/account/password").await;
    insta::assert_snapshot!(page.main());
    let change = async |current: &str, new: &str, again: &str| {
        let fill = [("current", current), ("password", new), ("again", again)];
        browser.submit(&page, "/account/password", &fill).await
    };
    for (answer, words) in [
        (change("wrong", "correct horse", "correct horse").await, "Is wrong."),
        (change("secret", "correct horse", "correct hose").await, "The two passwords differ."),
        (change("secret", "short", "short").await, "8"),
    ] {
        answer.page(400);
        assert!(answer.body.contains(words), "{words}: {}", answer.body);
    }
    let done = change("secret", "correct horse", "correct horse").await;
    done.page(200);
    assert!(done.body.contains("Your password is changed"));
    assert_eq!(browser.get("/").await.texts("h1"), ["Sign in"]);
    browser.sign_in("admin", "correct horse").await;
}

#[actix_web::test]
async fn a_link_that_does_not_work_leads_to_another() {
    let site = Site::new().await;
    let browser = site.browser();
    for path in ["/account/activate", "/account/reset"] {
        let page = browser.get(&format!("{path}?token=abc")).await;
        assert_eq!(page.form(path)[0], ("token".to_owned(), "abc".to_owned()));
        let fill = [("password", "correct horse"), ("again", "correct horse")];
        let answer = browser.submit(&page, path, &fill).await;
        answer.page(400);
        assert!(answer.body.contains("This link does not work any more"));
        assert_eq!(answer.attributes("a", "href").last().unwrap(), "/account/reset");
    }
    let hostile = browser.get("/account/activate?token=%22%3E%3Cscript%3E").await;
    hostile.page(200);
    assert!(!hostile.body.contains("\"><script>"));
}

#[actix_web::test]
async fn asking_for_a_link_tells_nothing_about_accounts() {
    let site = Site::new().await;
    let browser = site.browser();
    let mut answers = Vec::new();
    for account in ["admin", "nobody", HOSTILE] {
        let page = browser.get("/account/reset").await;
        let answer = browser.submit(&page, "/account/reset", &[("account", account)]).await;
        answer.page(200);
        assert_eq!(answer.texts("h1"), ["Look into your mail"]);
        answers.push(answer.body);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
}
