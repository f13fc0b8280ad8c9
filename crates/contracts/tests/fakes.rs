//! The fakes keep what the ports promise.

use std::sync::Arc;

use pressroom_contracts::build;
use pressroom_contracts::fakes::{
    CountingRandom, DumpExporter, DumpListExporter, FakeMailer, FakeSources, ManualClock,
    MemoryBlobs, MemoryStore, PlainHasher,
};
use pressroom_contracts::suites::data_sources::{
    ALL_ROWS, COMBINED, Fixture, ROWS, combined_rows, name_of, rows_above, rows_between,
    rows_called,
};
use pressroom_data::{DataType, Field, Row, Schema, Value, coerce, same};
use pressroom_domain::DataModel;
use pressroom_ports::{ColumnInfo, Stores, TableInfo, TableKind};
use pressroom_query::Sqlite;

async fn store() -> Box<Stores> {
    Box::new(Stores::of(Arc::new(MemoryStore::default())))
}

pressroom_contracts::stores_contract!(store);

mod full {
    use pressroom_contracts::suites::full_store::{Fixture, Moment};

    use super::*;

    async fn store() -> Fixture {
        let store = Arc::new(MemoryStore::default());
        let set_full = |full: bool| {
            let store = store.clone();
            Box::new(move || {
                store.set_full(full);
                Box::pin(async {}) as Moment
            })
        };
        let (fill, free) = (set_full(true), set_full(false));
        Fixture { stores: Stores::of(store), fill, free, guard: Box::new(()) }
    }

    pressroom_contracts::full_store_contract!(store);
}

mod two_nodes {
    use pressroom_contracts::suites::two_nodes::Fixture;

    use super::*;

    async fn stores() -> Fixture {
        let one = Stores::of(Arc::new(MemoryStore::default()));
        Fixture { other: one.clone(), one, guard: Box::new(()) }
    }

    pressroom_contracts::two_nodes_contract!(stores);
}

mod contents {
    use pressroom_contracts::fakes::MemoryContents;
    use pressroom_contracts::suites::store_contents::Contents;

    use super::*;

    async fn contents() -> Contents {
        Arc::new(MemoryContents::default())
    }

    pressroom_contracts::store_contents_contract!(contents);
}

mod blobs {
    use super::*;

    async fn blobs() -> Arc<MemoryBlobs> {
        Arc::new(MemoryBlobs::new(Arc::new(ManualClock::default())))
    }

    pressroom_contracts::blob_store_contract!(blobs);
}

mod sources {
    use super::*;

    fn model(text: &str) -> DataModel {
        build::data_model(text)
    }

    fn rows(wanted: impl Fn(i64, &Value) -> bool) -> Vec<Row> {
        let row = |n: i64| -> Option<Row> {
            let name = name_of(n).into();
            wanted(n, &name).then(|| [Value::Int(n), name].into())
        };
        (1..=ROWS).filter_map(row).collect()
    }

    async fn sources() -> Fixture {
        let sources = FakeSources::default();
        let schema =
            Schema::new(vec![Field::new("n", DataType::Int), Field::new("name", DataType::Text)]);
        sources.answer_rows(ALL_ROWS, schema.clone(), rows(|_, _| true));
        let number = |value: &Value| match coerce(value, DataType::Int) {
            Ok(Value::Int(number)) => Some(number),
            _ => None,
        };
        let above = move |binds: &[Value]| {
            let least = number(&binds[0]);
            rows(|n, _| least.is_some_and(|least| n > least))
        };
        sources.answer(&rows_above(&Sqlite), schema.clone(), Arc::new(above));
        let between = move |binds: &[Value]| {
            let bounds = number(&binds[0]).zip(number(&binds[1]));
            rows(|n, _| bounds.is_some_and(|(least, most)| n > least && n < most))
        };
        sources.answer(&rows_between(&Sqlite), schema.clone(), Arc::new(between));
        let called = |binds: &[Value]| rows(|_, name| same(name, &binds[0]));
        sources.answer(&rows_called(&Sqlite), schema, Arc::new(called));
        let (schema, rows) = combined_rows();
        sources.answer_rows(COMBINED, schema, rows);
        let column = |name: &str, data_type| ColumnInfo { name: name.into(), data_type };
        sources.set_tables(vec![TableInfo {
            name: "numbers".into(),
            kind: TableKind::Table,
            columns: vec![column("n", DataType::Int), column("name", DataType::Text)],
        }]);
        sources.take_away("Far away");
        Fixture {
            sources: Arc::new(sources),
            model: model("Numbers"),
            away: model("Far away"),
            guard: Box::new(()),
        }
    }

    pressroom_contracts::data_sources_contract!(sources);
}

mod exporter {
    use super::*;

    pressroom_contracts::exporter_contract!(|| DumpExporter);
}

mod mailer {
    use pressroom_contracts::suites::mailer::{Arrival, Fixture};
    use pressroom_domain::EmailAddress;

    use super::*;

    async fn mailer() -> Fixture {
        let mailer = Arc::new(FakeMailer::default());
        let sent = mailer.clone();
        let arrived = move || {
            let arrive = |queued: pressroom_domain::QueuedMail| Arrival {
                to: queued.mail.to.iter().map(EmailAddress::as_str).map(str::to_owned).collect(),
                subject: queued.mail.subject,
                text: queued.mail.text,
                html: queued.mail.html,
                message_id: queued.id.to_string(),
            };
            sent.sent().into_iter().map(arrive).collect()
        };
        Fixture { mailer, arrived: Box::new(arrived), guard: Box::new(()) }
    }

    pressroom_contracts::mailer_contract!(mailer);
}

mod list_exporter {
    use super::*;

    pressroom_contracts::list_exporter_contract!(|| DumpListExporter);
}

mod provider {
    use pressroom_contracts::fakes::FakeProvider;
    use pressroom_contracts::suites::identity_provider::{Fixture, Visit};

    use super::*;

    async fn provider() -> Fixture {
        let provider = Arc::new(FakeProvider::default());
        provider.knows(build::claims("42", "ann"));
        let visited = provider.clone();
        let visit = move |url: String| {
            let came_back = visited.visit(&url);
            Box::pin(async { came_back }) as Visit
        };
        Fixture {
            provider,
            visit: Box::new(visit),
            subject: "42",
            user_name: "ann",
            guard: Box::new(()),
        }
    }

    pressroom_contracts::identity_provider_contract!(provider);
}

mod fetcher {
    use pressroom_contracts::fakes::FakeFetcher;
    use pressroom_contracts::suites::fetcher::{Fixture, HELLO};
    use pressroom_ports::FetchError;

    use super::*;

    async fn fetcher() -> Fixture {
        let fetcher = FakeFetcher::default();
        let name = || "files.example.com".to_owned();
        let host = format!("https://{}", name());
        fetcher.put(&format!("{host}/hello"), "application/json", HELLO);
        fetcher.put(&format!("{host}/empty"), "text/plain", "");
        let away = FetchError::Away { host: name(), problem: "it breaks off".into() };
        fetcher.fail(&format!("{host}/cut"), away);
        let slow = FetchError::TooSlow { host: name(), seconds: 1 };
        fetcher.fail(&format!("{host}/slow"), slow);
        let other = "https://other.example.com".into();
        Fixture { fetcher: Arc::new(fetcher), host, other, guard: Box::new(()) }
    }

    pressroom_contracts::fetcher_contract!(fetcher);
}

mod hasher {
    use super::*;

    pressroom_contracts::password_hasher_contract!(PlainHasher::default);
}

mod machine {
    use super::*;

    pressroom_contracts::machine_contract!(|| (ManualClock::default(), CountingRandom::default()));
}
