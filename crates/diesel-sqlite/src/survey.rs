//! What a store is like.

use std::path::Path;
use std::time::Instant;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use pressroom_diesel_store::{OpenError, Survey};

use crate::store::{READERS, connect};
use crate::{Store, migrations};

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

impl Store {
    /// Looks at the store in a file, without opening it for work. Blocks.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn survey(path: &Path) -> Result<Survey, OpenError> {
        let (path, mut conn) = connect(path, false)?;
        let failed = |error: diesel::result::Error| migrations::database(&path)(error.into());
        conn.batch_execute("pragma query_only = on").map_err(failed)?;
        let asked = Instant::now();
        let Version { version } = diesel::sql_query("select sqlite_version() as version")
            .get_result(&mut conn)
            .map_err(failed)?;
        let latency = asked.elapsed();
        Ok(Survey {
            engine: format!("SQLite {version}"),
            tables: migrations::state(&mut conn, &path)?,
            latency,
            // One writes at a time.
            isolation: None,
            connections: READERS + 1,
            connections_allowed: None,
            now: None,
        })
    }
}
