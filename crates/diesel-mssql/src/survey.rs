//! What a store is like.

use std::time::Instant;

use chrono::DateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use pressroom_diesel_store::remote::CONNECTIONS;
use pressroom_diesel_store::{OpenError, Survey};

use crate::address::Address;
use crate::connect::Isolation;
use crate::{Store, migrations};

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = BigInt)]
    connections: i64,
    #[diesel(sql_type = BigInt)]
    micros: i64,
}

impl Store {
    /// Looks at the store at an address, without opening it for work. Blocks.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn survey(url: &str) -> Result<Survey, OpenError> {
        let address = Address::parse(url)?;
        let mut conn = migrations::connect(&address)?;
        migrations::check(&mut conn, &address, false)?;
        let asked = Instant::now();
        let answer: Answer = diesel::sql_query(
            "select cast(@@version as nvarchar(400)) as version,
                    cast(@@max_connections as bigint) as connections,
                    datediff_big(microsecond, cast('1970-01-01' as datetime2), sysutcdatetime())
                        as micros",
        )
        .get_result(&mut conn)
        .map_err(migrations::database(&address))?;
        let latency = asked.elapsed();
        Ok(Survey {
            engine: engine(&answer.version),
            tables: migrations::state(&mut conn, &address)?,
            latency,
            isolation: Some(format!(
                "{}, read by {}",
                Isolation::ReadCommitted.name(),
                Isolation::of_reads(&mut conn).name()
            )),
            // Readers and writers.
            connections: 2 * CONNECTIONS,
            connections_allowed: u32::try_from(answer.connections).ok(),
            now: DateTime::from_timestamp_micros(answer.micros),
        })
    }
}

/// The name and version, without when and for whom it was built.
fn engine(version: &str) -> String {
    let first = version.lines().next().unwrap_or_default().trim();
    first.split(" (X64)").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::engine;

    #[test]
    fn an_engine_is_told_by_its_first_line() {
        for (version, expected) in [
            (
                "Microsoft SQL Server 2022 (RTM-CU14) (KB5038325) - 16.0.4135.4 (X64) \n\tJul 10",
                "Microsoft SQL Server 2022 (RTM-CU14) (KB5038325) - 16.0.4135.4",
            ),
            (
                "Babelfish for PostgreSQL - 12.0.2000.8\nNov 24",
                "Babelfish for PostgreSQL - 12.0.2000.8",
            ),
            ("", ""),
        ] {
            assert_eq!(engine(version), expected);
        }
    }
}
