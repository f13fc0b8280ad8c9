//! Documents of the web.

use pressroom_domain::ProviderType;
use pressroom_ports::DataSources;

use crate::site::{Site, at, by_text, inline};

#[tokio::test]
async fn documents_are_fetched_and_kept() {
    let site = Site::new();
    site.web.put("https://files.example.com/rows.csv", "text/csv", "a\n1");
    let model = at(ProviderType::Csv, "https://files.example.com/rows.csv");
    for _ in 0..3 {
        assert_eq!(site.rows(&model, "select * from rows").await.unwrap(), "1");
    }
    assert_eq!(site.web.asked(), 1);
    site.web.put("https://files.example.com/rows.csv", "text/csv", "a\n2");
    site.sources.forget(model.id);
    assert_eq!(site.rows(&model, "select * from rows").await.unwrap(), "2");
    assert_eq!(site.web.asked(), 2);
}

#[tokio::test]
async fn declarations_of_json_are_followed() {
    let site = Site::new();
    site.web.put("https://api.example.com/people", "application/json", "{\"data\":[{\"n\":1}]}");
    let declared = r#"{"uri":"https://api.example.com/people","headers":{"X-Key":"hunter2"},"rootElement":"data"}"#;
    assert_eq!(site.schema(&inline(declared)).await.unwrap(), "data(n Int)");
    let text = "Uri=https://api.example.com/people;header:X-Key=hunter2;RootElement=data";
    let model = by_text(ProviderType::Json, text);
    assert_eq!(site.schema(&model).await.unwrap(), "data(n Int)");
}

#[tokio::test]
async fn a_host_that_is_not_trusted_is_told() {
    let site = Site::new();
    let model = at(ProviderType::Json, "https://ann:hunter2@evil.example/x?key=hunter3");
    assert_eq!(
        site.told(&model).await,
        "data source \"Sales\" is away: this site does not fetch from evil.example; an \
         operator can add it to the setting sources.trusted_hosts"
    );
}

#[tokio::test]
async fn without_a_fetcher_nothing_is_fetched() {
    let sources = pressroom_sources::Sources::new(pressroom_sources::Files::default());
    let error = sources.test(&at(ProviderType::Json, "https://a.example/x")).await.unwrap_err();
    assert!(error.to_string().contains("nothing is fetched from the web"), "{error}");
}
