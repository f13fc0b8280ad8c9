//! `/`, signed in.

use pressroom_domain::{Access, DocumentType, Scope};

use crate::site::{HOSTILE, PLAIN, Site};

#[actix_web::test]
async fn documents_stand_by_category() {
    let site = Site::new().await;
    site.document("Sales", "Order book", PLAIN).await;
    site.document("Letters", "Reminder", PLAIN).await;
    site.document_of(DocumentType::Dashboard, "Sales figures", "Year", "<Dashboard/>").await;
    let answer = site.admin().await.get("/").await;
    answer.page(200);
    insta::assert_snapshot!(answer.main());
}

#[actix_web::test]
async fn words_are_looked_for() {
    let site = Site::new().await;
    site.document("Sales", "Order book", PLAIN).await;
    site.document("Letters", "Reminder", PLAIN).await;
    let browser = site.admin().await;
    let names = async |query: &str| browser.get(query).await.attributes("input", "value");
    let found = browser.get("/?q=ORDER+sales").await;
    assert_eq!(found.texts("h2"), ["Sales"]);
    assert!(found.body.contains("1 document ·"));
    assert!(names("/?q=%3Cb%3E").await.contains(&"<b>".to_owned()));
    let nothing = browser.get("/?q=nowhere").await;
    assert!(nothing.body.contains("Nothing fits"));
}

#[actix_web::test]
async fn readers_without_documents_are_told_kindly() {
    let site = Site::new().await;
    site.document("Sales", "Order book", PLAIN).await;
    let answer = site.reader("rita", &[]).await.get("/").await;
    assert!(answer.body.contains("No documents yet"));
    assert!(!answer.body.contains("Order book"));
}

#[actix_web::test]
async fn hostile_names_are_only_names() {
    let site = Site::new().await;
    let path = site.document(HOSTILE, HOSTILE, PLAIN).await;
    let browser = site.reader(HOSTILE, &[(Access::READ, Scope::AllDocuments)]).await;
    let admin = site.admin().await;
    for browser in [&browser, &admin] {
        for path in ["/", &path, "/?q=%3Cscript%3E"] {
            let answer = browser.get(path).await;
            let page = answer.page(200);
            let scripts = page.descendants().filter(|node| node.has_tag_name("script"));
            assert!(scripts.into_iter().all(|node| node.has_attribute("src")), "{path}");
            assert!(!answer.body.contains("<img src=x"), "{path}");
        }
    }
    assert_eq!(admin.get("/").await.texts("h2"), [HOSTILE]);
    assert_eq!(admin.get(&path).await.texts("h1"), [HOSTILE]);
}
