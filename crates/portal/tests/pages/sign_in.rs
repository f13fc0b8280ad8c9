//! `/`, `/sign-in` and `/sign-out`.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use chrono::TimeDelta;

use crate::site::{HOSTILE, Site};

#[actix_web::test]
async fn whoever_is_not_signed_in_is_asked_to() {
    let site = Site::new().await;
    let answer = site.browser().get("/").await;
    answer.page(200);
    insta::assert_snapshot!(answer.main());
}

#[actix_web::test]
async fn a_password_opens_the_documents_and_a_button_closes_them() {
    let site = Site::new().await;
    let browser = site.browser();
    let page = browser.get("/").await;
    let fill = [("user-name", "admin"), ("password", "secret")];
    let answer = browser.submit(&page, "/sign-in", &fill).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/"));
    let cookie = answer.header("set-cookie");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    let home = browser.get("/").await;
    assert_eq!(home.texts("h1"), ["Documents"]);
    let token = browser.session.borrow().clone();
    let out = browser.submit(&home, "/sign-out", &[]).await;
    assert_eq!((out.status, out.header("location")), (303, "/"));
    assert_eq!(browser.get("/").await.texts("h1"), ["Sign in"]);
    // The token is ended, not only forgotten.
    *browser.session.borrow_mut() = token;
    assert_eq!(browser.get("/").await.texts("h1"), ["Sign in"]);
}

#[actix_web::test]
async fn the_cookie_goes_by_tls_only_where_the_site_does() {
    let settings = pressroom_portal::Settings { secure: true, ..Default::default() };
    let site = Site::with(|_| {}, settings).await;
    let answer = site.browser().post("/sign-in", &[("guest", "1")]).await;
    assert!(answer.header("set-cookie").ends_with("; Secure"));
}

#[actix_web::test]
async fn a_wrong_password_is_told_and_the_name_stays() {
    let site = Site::new().await;
    let browser = site.browser();
    let page = browser.get("/?next=%2Fdocuments%2F7").await;
    let fill = [("user-name", HOSTILE), ("password", "wrong")];
    let answer = browser.submit(&page, "/sign-in", &fill).await;
    answer.page(400);
    let form = answer.form("/sign-in");
    assert_eq!(form[0], ("next".to_owned(), "/documents/7".to_owned()));
    assert_eq!(form[1], ("user-name".to_owned(), HOSTILE.to_owned()));
    assert!(!answer.body.contains("<script>alert"));
    assert!(answer.body.contains("The user name or the password is wrong"));
}

#[actix_web::test]
async fn guests_come_in_by_a_button_and_cannot_change_a_password() {
    let site = Site::new().await;
    let browser = site.browser();
    browser.post("/sign-in", &[("guest", "1")]).await;
    let home = browser.get("/").await;
    assert_eq!(home.texts("h1"), ["Documents"]);
    assert!(!home.body.contains("Change password"));
    assert_eq!(browser.get("/account/password").await.status, 404);
}

#[actix_web::test]
async fn a_link_is_come_back_to_and_leads_nowhere_else() {
    let site = Site::new().await;
    let answer = site.browser().get("/documents/7?export=1").await;
    assert_eq!(answer.header("location"), "/?next=%2Fdocuments%2F7%3Fexport%3D1");
    for (next, expect) in [
        ("/documents/7", "/documents/7"),
        ("//example.com", "/"),
        ("https://example.com", "/"),
        ("/\\example.com", "/"),
    ] {
        let form = [("guest", "1"), ("next", next)];
        let answer = site.browser().post("/sign-in", &form).await;
        assert_eq!(answer.header("location"), expect);
    }
}

#[actix_web::test]
async fn a_session_goes_on_while_it_is_used_and_ends_when_it_is_not() {
    let site = Site::new().await;
    let browser = site.admin().await;
    for _ in 0..20 {
        site.clock.advance(TimeDelta::minutes(15));
        assert_eq!(browser.get("/").await.texts("h1"), ["Documents"]);
    }
    site.clock.advance(TimeDelta::minutes(20));
    assert_eq!(browser.get("/").await.texts("h1"), ["Sign in"]);
}

#[actix_web::test]
async fn other_pages_do_not_post_here() {
    let site = Site::new().await;
    for header in [("sec-fetch-site", "cross-site"), ("origin", "https://example.com")] {
        let request = TestRequest::with_uri("/sign-in").method(Method::POST);
        let request = request.insert_header(header).set_payload("guest=1");
        let answer = site.browser().send(request).await;
        answer.page(403);
        assert_eq!(answer.header("set-cookie"), "");
    }
}

#[actix_web::test]
async fn nobody_is_signed_out_by_a_form_without_the_mark_of_the_session() {
    let site = Site::new().await;
    let (one, two) = (site.admin().await, site.admin().await);
    let foreign = two.get("/").await.form("/sign-out")[0].1.clone();
    for mark in ["", "00", foreign.as_str()] {
        one.post("/sign-out", &[("mark", mark)]).await.page(403);
    }
    assert_eq!(one.get("/").await.texts("h1"), ["Documents"]);
}
