//! What a store is like.

use std::time::Instant;

use chrono::DateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use pressroom_diesel_store::remote::CONNECTIONS;
use pressroom_diesel_store::{OpenError, Survey};

use crate::address::Address;
use crate::{Store, migrations};

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = Text)]
    isolation: String,
    #[diesel(sql_type = Text)]
    connections: String,
    #[diesel(sql_type = BigInt)]
    micros: i64,
}

impl Store {
    /// Looks at the store at an address, without opening it for work. Blocks, and must not be called
    /// where futures run.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn survey(url: &str) -> Result<Survey, OpenError> {
        let address = Address::parse(url)?;
        let mut conn = migrations::connect(&address)?;
        migrations::check(&mut conn, &address, false)?;
        let asked = Instant::now();
        let answer: Answer = diesel::sql_query(
            "select version() as version,
                    current_setting('default_transaction_isolation') as isolation,
                    current_setting('max_connections') as connections,
                    cast(extract(epoch from clock_timestamp()) * 1000000 as bigint) as micros",
        )
        .get_result(&mut conn)
        .map_err(migrations::database(&address))?;
        let latency = asked.elapsed();
        // What it was built with and for is of no use to whoever looks after it.
        let engine = answer.version.split(" on ").next().unwrap_or_default().to_owned();
        Ok(Survey {
            engine,
            tables: migrations::state(&mut conn, &address)?,
            latency,
            isolation: Some(answer.isolation),
            // Readers, writers, and the one that hears of work.
            connections: 2 * CONNECTIONS + 1,
            connections_allowed: answer.connections.parse().ok(),
            now: DateTime::from_timestamp_micros(answer.micros),
        })
    }
}
