//! PostgreSQL keeps what the port promises.

use std::sync::Arc;

use pressroom_contracts::servers::{Missing, Postgres};
use pressroom_contracts::suites::data_sources::{Fixture, ROWS};
use pressroom_sources::{Files, Sources};

use crate::site::{blocking, model};

async fn numbers() -> Fixture {
    let database = blocking(|| {
        let server = Postgres::shared().unwrap_or_else(Missing::skip);
        server.database_from("numbers to read", |url| {
            let (_, name) = url.rsplit_once('/').expect("a URL ends with the name");
            let _ = server.sql(
                name,
                &format!(
                    "create table numbers (n integer, name text);
                     insert into numbers select n, case n % 10 when 0 then null
                       when 1 then '漢字 ' || n when 2 then 'O''Brien \"' || n || '\"'
                       else 'number ' || n end
                     from generate_series(1, {ROWS}) n"
                ),
            );
        })
    })
    .await;
    let (account, _) = database.url.rsplit_once('@').expect("a URL with an account");
    let (user, _) = account.rsplit_once(':').expect("a URL with a password");
    Fixture {
        sources: Arc::new(Sources::new(Files::default())),
        model: model(&database.url),
        away: model(&format!("{user}:hunter2@127.0.0.1:1/numbers")),
        guard: Box::new(database),
    }
}

pressroom_contracts::data_sources_contract!(numbers);
