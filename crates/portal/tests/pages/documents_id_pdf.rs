//! `/documents/{id}/pdf`.

use chrono::TimeDelta;

use crate::site::{Browser, PLAIN, REPORT, Site};

/// The address of the frame in which a report is shown that was asked for just now.
async fn asked(browser: &Browser<'_>, path: &str) -> String {
    let page = browser.get(path).await;
    let answer = browser.submit(&page, path, &[]).await;
    let place = answer.header("location").trim_end_matches("#document").to_owned();
    browser.get(&place).await.attributes("iframe", "src").remove(0)
}

#[actix_web::test]
async fn until_it_is_there_the_frame_says_how_far_it_is_and_asks_again() {
    let site = Site::new().await;
    let path = site.document("Letters", "Greeting", REPORT).await;
    let browser = site.admin().await;
    let frame = asked(&browser, &path).await;
    let answer = browser.get(&frame).await;
    answer.page(200);
    assert_eq!(answer.attributes("meta", "http-equiv"), ["refresh"]);
    assert_eq!(answer.texts("h1"), ["Preparing the document"]);
    assert!(answer.header("content-security-policy").ends_with("frame-ancestors 'self'"));
    site.work().await;
    let file = browser.get(&frame).await;
    assert_eq!((file.status, file.header("content-type")), (200, "application/pdf"));
    assert_eq!(file.header("content-disposition"), "inline; filename=\"Greeting.pdf\"");
    assert!(file.header("content-security-policy").contains("frame-ancestors 'self'"));
    let kept = browser.get(&format!("{frame}&download=1")).await;
    assert_eq!(kept.header("content-disposition"), "attachment; filename=\"Greeting.pdf\"");
}

#[actix_web::test]
async fn only_whoever_asked_sees_it() {
    let site = Site::new().await;
    let path = site.document("Letters", "Plain", PLAIN).await;
    let frame = asked(&site.admin().await, &path).await;
    site.work().await;
    let guest = site.browser();
    guest.post("/sign-in", &[("guest", "1")]).await;
    let answer = guest.get(&frame).await;
    answer.page(404);
    let answer = site.browser().get(&frame).await;
    answer.page(401);
    assert_eq!(answer.texts("h1"), ["Your session has ended"]);
    assert_eq!(answer.attributes("a", "target"), ["_top"]);
}

#[actix_web::test]
async fn what_is_no_longer_kept_can_be_made_again() {
    let site = Site::new().await;
    let path = site.document("Letters", "Plain", PLAIN).await;
    let browser = site.admin().await;
    let frame = asked(&browser, &path).await;
    site.work().await;
    site.clock.advance(TimeDelta::minutes(5));
    let other = site.document("Letters", "Other", PLAIN).await;
    let elsewhere = frame.replace(&path, &other);
    for address in [elsewhere.as_str(), &format!("{path}/pdf"), &format!("{path}/pdf?export=x")] {
        let answer = browser.get(address).await;
        answer.page(404);
        assert_eq!(answer.texts("h1"), ["This is no longer kept"], "{address}");
    }
    let page = browser.get(&format!("{path}?export={}", "0".repeat(32))).await;
    page.page(200);
    assert!(page.body.contains("This is no longer kept"));
}
