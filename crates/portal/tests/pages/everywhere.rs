//! What holds for every page.

use actix_web::http::Method;
use actix_web::test::TestRequest;

use crate::site::{PLAIN, Site};

#[actix_web::test]
async fn pages_load_nothing_from_elsewhere_and_are_framed_by_nobody() {
    let site = Site::new().await;
    let path = site.document("Letters", "Plain", PLAIN).await;
    let browser = site.admin().await;
    let signed_out = site.browser();
    for answer in [
        browser.get("/").await,
        browser.get(&path).await,
        browser.get("/nowhere").await,
        browser.get("/account/password").await,
        signed_out.get("/").await,
        signed_out.get("/account/reset").await,
        signed_out.get("/account/activate?token=a").await,
    ] {
        let page = answer.page(answer.status);
        let policy = answer.header("content-security-policy");
        for part in
            ["default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'"]
        {
            assert!(policy.split("; ").any(|own| own == part), "{policy}");
        }
        assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert_eq!(answer.header("cache-control"), "no-store");
        for node in page.descendants().filter(roxmltree::Node::is_element) {
            let inline = |attribute: roxmltree::Attribute<'_, '_>| {
                attribute.name() == "style" || attribute.name().starts_with("on")
            };
            assert!(!node.attributes().any(inline), "{node:?}");
            assert!(!node.has_tag_name("style"));
            for place in ["src", "href", "action"] {
                let elsewhere = node.attribute(place).filter(|path| {
                    !path.starts_with('/') && !path.starts_with('#') || path.starts_with("//")
                });
                assert_eq!(elsewhere, None);
            }
        }
    }
}

#[actix_web::test]
async fn every_control_has_a_name_and_every_page_a_heading() {
    let site = Site::new().await;
    let path = site.document("Letters", "Greeting", crate::site::REPORT).await;
    let browser = site.admin().await;
    for path in ["/", &path, "/account/password", "/nowhere"] {
        let answer = browser.get(path).await;
        let page = answer.page(answer.status);
        assert_eq!(answer.texts("h1").len(), 1, "{path}");
        let labels = answer.attributes("label", "for");
        let controls = page.descendants().filter(|node| {
            ["input", "select", "textarea"].contains(&node.tag_name().name())
                && node.attribute("type") != Some("hidden")
        });
        for control in controls {
            let labelled =
                control.attribute("id").is_some_and(|id| labels.iter().any(|it| it == id));
            let inside = control.ancestors().any(|node| node.has_tag_name("label"));
            assert!(labelled || inside, "{control:?}");
        }
        let mut ids: Vec<_> = page.descendants().filter_map(|node| node.attribute("id")).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "ids are unique");
    }
}

#[actix_web::test]
async fn where_nothing_stands_a_page_says_so() {
    let site = Site::new().await;
    let browser = site.browser();
    let answer = browser.get("/nowhere/at/all").await;
    answer.page(404);
    insta::assert_snapshot!(answer.main());
    let slash = browser.get("/documents/7/?export=1").await;
    assert_eq!((slash.status, slash.header("location")), (303, "/documents/7?export=1"));
    assert_eq!(browser.get("//example.com/").await.status, 404);
    let other = TestRequest::with_uri("/sign-in").method(Method::DELETE);
    let other = browser.send(other).await;
    other.page(405);
    assert_eq!(other.header("allow"), "POST");
}

#[actix_web::test]
async fn a_store_that_is_away_is_told_without_its_words() {
    let site = Site::new().await;
    let browser = site.admin().await;
    site.store.set_away(true);
    let answer = browser.get("/").await;
    answer.page(503);
    assert_eq!(answer.header("retry-after"), "5");
    assert_eq!(answer.texts("h1"), ["We will be right back"]);
}

#[actix_web::test]
async fn files_are_kept_for_good_at_addresses_of_their_own() {
    let site = Site::new().await;
    let browser = site.browser();
    let home = browser.get("/").await;
    let mut paths = home.attributes("link", "href");
    paths.extend(home.attributes("script", "src"));
    assert_eq!(paths.len(), 3);
    for path in paths {
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        browser.get(&path.replace('-', "-0")).await.page(404);
    }
    assert_eq!(browser.get("/favicon.ico").await.header("content-type"), "image/svg+xml");
}

#[actix_web::test]
async fn a_form_that_is_too_much_is_not_taken() {
    let site = Site::new().await;
    let long = "x".repeat(300_000);
    site.browser().post("/sign-in", &[("password", &long)]).await.page(413);
}
