//! Documents of every kind keep what the port promises.

use std::fmt::Write;

use pressroom_contracts::suites::data_sources::{Fixture, ROWS, name_of};
use pressroom_domain::{DataModel, ProviderType};

use crate::site::{Site, at, by_text};
use crate::workbook;

fn fixture(file: &str, bytes: impl AsRef<[u8]>, model: DataModel, away: DataModel) -> Fixture {
    let site = Site::with(file, bytes);
    let mut away = away;
    away.id = pressroom_domain::DataModelId(2);
    Fixture { sources: site.sources.clone(), model, away, guard: Box::new(site.folder) }
}

mod json {
    use super::*;

    async fn numbers() -> Fixture {
        let rows = (1..=ROWS).map(|n| serde_json::json!({ "n": n, "name": name_of(n) }));
        let document = serde_json::json!({ "numbers": rows.collect::<Vec<_>>() }).to_string();
        let model = at(ProviderType::Json, "numbers.json");
        let away = "Uri=missing.json;Username=ann;Password=hunter2";
        fixture("numbers.json", document, model, by_text(ProviderType::Json, away))
    }

    pressroom_contracts::data_sources_contract!(numbers);
}

mod csv {
    use super::*;

    async fn numbers() -> Fixture {
        let mut document = String::from("n,name\r\n");
        for n in 1..=ROWS {
            let name = name_of(n).map(|name| format!("\"{}\"", name.replace('"', "\"\"")));
            write!(document, "{n},{}\r\n", name.unwrap_or_default()).unwrap();
        }
        let model = by_text(ProviderType::Csv, "Uri=numbers.csv");
        fixture(
            "numbers.csv",
            document,
            model,
            at(ProviderType::Csv, "https://ann:hunter2@away.example/x"),
        )
    }

    pressroom_contracts::data_sources_contract!(numbers);
}

mod excel {
    use super::*;

    async fn numbers() -> Fixture {
        let mut rows = vec![vec![workbook::text("n"), workbook::text("name")]];
        for n in 1..=ROWS {
            let name = name_of(n).map_or(String::new(), |name| workbook::text(&name));
            rows.push(vec![workbook::number(n), name]);
        }
        let document = workbook::of(&[("numbers", rows)]);
        let model = at(ProviderType::Excel, "numbers.xlsx");
        fixture("numbers.xlsx", document, model, at(ProviderType::Excel, "missing.xlsx"))
    }

    pressroom_contracts::data_sources_contract!(numbers);
}

mod xml {
    use super::*;

    async fn numbers() -> Fixture {
        let mut document = String::from("<NewDataSet>");
        for n in 1..=ROWS {
            write!(document, "<numbers><n>{n}</n>").unwrap();
            if let Some(name) = name_of(n) {
                write!(document, "<name>{name}</name>").unwrap();
            }
            document.push_str("</numbers>");
        }
        document.push_str("</NewDataSet>");
        let text = "XpoProvider=InMemoryDataStore;data source=numbers.xml;read only=true";
        let model = by_text(ProviderType::InMemory, text);
        fixture("numbers.xml", document, model, at(ProviderType::Xml, "missing.xml"))
    }

    pressroom_contracts::data_sources_contract!(numbers);
}
