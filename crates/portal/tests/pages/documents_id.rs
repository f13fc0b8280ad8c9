//! `/documents/{id}`.

use pressroom_domain::DocumentType;

use crate::site::{HOSTILE, PLAIN, REPORT, Site};

#[actix_web::test]
async fn a_report_asks_for_its_parameters() {
    let site = Site::new().await;
    let path = site.document("Letters", "Greeting", REPORT).await;
    let answer = site.admin().await.get(&path).await;
    answer.page(200);
    insta::assert_snapshot!(answer.main());
}

#[actix_web::test]
async fn what_is_filled_in_makes_a_document_beside_the_form() {
    let site = Site::new().await;
    let path = site.document("Letters", "Greeting", REPORT).await;
    let browser = site.admin().await;
    let page = browser.get(&path).await;
    let fill = [("p.Count", "7"), ("p.Paid", "false"), ("p.Countries", "IT"), ("p.Colour", "red")];
    let answer = browser.submit(&page, &path, &fill).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    let place = answer.header("location").to_owned();
    let page = browser.get(place.trim_end_matches("#document")).await;
    let form = page.form(&path);
    let value = |name: &str| -> Vec<&str> {
        form.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str()).collect()
    };
    assert_eq!(value("p.Count"), ["7"], "the form stays as it was filled in");
    assert_eq!(value("p.Paid"), ["false"]);
    assert_eq!(value("p.Countries"), ["IT"]);
    assert_eq!(value("p.Colour"), ["red"]);
    assert_eq!(value("p.Day"), ["2026-03-02"]);
    let frames = page.attributes("iframe", "src");
    assert_eq!(frames.len(), 1);
    site.work().await;
    let document = browser.get(&frames[0]).await;
    assert_eq!(document.header("content-type"), "application/pdf");
    assert!(document.body.contains("Good morning"), "{}", document.body);
}

#[actix_web::test]
async fn bad_values_are_told_at_their_fields() {
    let site = Site::new().await;
    let path = site.document("Letters", "Greeting", REPORT).await;
    let browser = site.admin().await;
    let page = browser.get(&path).await;
    for (name, value, words) in [
        ("p.Count", "soon", "“soon” is not a whole number"),
        ("p.Count", "", "Needs a value."),
        ("p.Day", "the day before", "is not a date"),
        ("p.Paid", HOSTILE, "is not"),
    ] {
        let answer = browser.submit(&page, &path, &[(name, value)]).await;
        let page = answer.page(400);
        let wrong = page.descendants().filter(|node| {
            node.attribute("class").is_some_and(|class| class.split(' ').any(|one| one == "error"))
        });
        let texts: Vec<_> = wrong.filter_map(|node| node.text()).collect();
        assert_eq!(texts.len(), 1, "{name} {value}");
        let plain = |text: &str| text.replace(['"', '“', '”'], "");
        assert!(plain(texts[0]).contains(&plain(words)), "{texts:?}");
        assert!(answer.body.contains("Some values need another look."));
        assert!(!answer.body.contains("<script>alert"));
        assert!(answer.texts("title")[0].starts_with("Please check: "));
    }
}

#[actix_web::test]
async fn hostile_parameters_are_only_words() {
    let site = Site::new().await;
    let attribute = HOSTILE.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let report = REPORT
        .replace("Customer's name", &attribute)
        .replace("Value=\"red\"", &format!("Value=\"{attribute}\""))
        .replace("Name=\"Count\"", &format!("Name=\"{attribute}\""));
    let path = site.document("Letters", "Greeting", &report).await;
    let browser = site.admin().await;
    let page = browser.get(&path).await;
    let document = page.page(200);
    let scripts = document.descendants().filter(|node| node.has_tag_name("script")).count();
    assert_eq!(scripts, 1, "ours");
    assert!(page.texts("label").contains(&HOSTILE.to_owned()), "{:?}", page.texts("label"));
    let answer = browser.submit(&page, &path, &[]).await;
    assert_eq!(answer.status, 303, "{answer:?}");
}

#[actix_web::test]
async fn a_report_that_asks_for_nothing_is_shown_by_a_button() {
    let site = Site::new().await;
    let path = site.document("Letters", "Plain", PLAIN).await;
    let browser = site.admin().await;
    let page = browser.get(&path).await;
    assert!(page.body.contains("It asks for nothing"));
    assert_eq!(browser.submit(&page, &path, &[]).await.status, 303);
}

#[actix_web::test]
async fn a_dashboard_says_that_viewing_comes_later() {
    let site = Site::new().await;
    let kind = DocumentType::Dashboard;
    let path = site.document_of(kind, "Figures", "Year", "<Dashboard/>").await;
    let answer = site.admin().await.get(&path).await;
    answer.page(200);
    assert!(answer.body.contains("Dashboards cannot be viewed here yet"));
    assert!(!answer.body.contains("<iframe"));
}

#[actix_web::test]
async fn a_document_that_may_not_be_read_is_not_there() {
    let site = Site::new().await;
    let path = site.document("Letters", "Greeting", REPORT).await;
    let stranger = site.reader("stranger", &[]).await;
    for path in [&path, "/documents/987654", "/documents/x", "/documents/99999999999999999999"] {
        let answer = stranger.get(path).await;
        answer.page(404);
        assert!(!answer.body.contains("Greeting"));
    }
    let marks = stranger.get("/").await.form("/sign-out");
    let form: Vec<_> = marks.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    stranger.post(&path, &form).await.page(404);
}

#[actix_web::test]
async fn nothing_starts_without_the_mark_of_the_session() {
    let site = Site::new().await;
    let path = site.document("Letters", "Plain", PLAIN).await;
    let browser = site.admin().await;
    browser.post(&path, &[]).await.page(403);
    browser.post(&path, &[("mark", &"0".repeat(96))]).await.page(403);
    let signed_out = site.browser().post(&path, &[]).await;
    assert_eq!((signed_out.status, signed_out.header("location")), (303, "/"));
}
