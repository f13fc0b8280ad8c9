//! A store as it was at one moment, in a file of its own.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use pressroom_diesel_store::OpenError;

use crate::store::connect;
use crate::{Connection, Store, migrations};

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    finding: String,
}

impl Store {
    /// Writes the store in one file, as it is at one moment, to another file that is not there yet.
    /// Others read and write meanwhile. Blocks.
    ///
    /// # Errors
    /// [`OpenError::Full`] where there is no room for the new file, named by it; otherwise as
    /// [`open`](Self::open).
    pub fn snapshot(path: &Path, to: &Path) -> Result<(), OpenError> {
        let (_, mut conn) = connect(path, false)?;
        let text = to.to_str().ok_or_else(|| OpenError::Place {
            place: to.display().to_string(),
            reason: "it is not valid text; choose another path".to_owned(),
        })?;
        diesel::sql_query("vacuum into ?")
            .bind::<Text, _>(text)
            .execute(&mut conn)
            .map(drop)
            .map_err(|error| migrations::database(to)(error.into()))
    }

    /// Reads a whole store, and fails where its file is damaged. Blocks.
    ///
    /// # Errors
    /// [`OpenError::Damaged`]; otherwise as [`open`](Self::open).
    pub fn verify(path: &Path) -> Result<(), OpenError> {
        let (path, mut conn) = connect(path, false)?;
        let failed = |error: diesel::result::Error| migrations::database(&path)(error.into());
        conn.batch_execute("pragma query_only = on").map_err(failed)?;
        let found = |conn: &mut Connection, query: &str| {
            diesel::sql_query(query).load::<Finding>(conn).map_err(failed)
        };
        let whole = "select integrity_check as finding from pragma_integrity_check";
        let damaged = found(&mut conn, whole)?.into_iter().find(|row| row.finding != "ok");
        let astray = "select \"table\" || ' refers to what is not there' as finding
                      from pragma_foreign_key_check";
        let astray = found(&mut conn, astray)?.into_iter().next();
        match damaged.or(astray) {
            None => Ok(()),
            Some(Finding { finding }) => {
                Err(OpenError::Damaged { place: path.display().to_string(), finding })
            }
        }
    }
}
