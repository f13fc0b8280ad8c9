//! A SQL Server that somebody runs.

#[cfg(feature = "mssql")]
mod database;

#[cfg(feature = "mssql")]
pub use database::MssqlDatabase;

use super::Missing;

/// A SQL Server, or another that speaks its protocol, as `MSSQL_URL` names it.
#[derive(Clone, Debug)]
pub struct Mssql {
    /// The address without a database, such as `mssql://sa:password@127.0.0.1:1433`. It holds a
    /// password: not for a log.
    pub url: String,
}

/// The server that `MSSQL_URL` names.
///
/// # Errors
/// [`Missing`] where the variable is not set. That is never a failure: not every machine can have one.
pub fn mssql() -> Result<Mssql, Missing> {
    match std::env::var("MSSQL_URL") {
        Ok(url) if !url.trim().is_empty() => {
            Ok(Mssql { url: url.trim().trim_end_matches('/').to_owned() })
        }
        _ => Err(Missing::optional(
            "SQL Server was not tested; set MSSQL_URL to one, such as \
             mssql://sa:PASSWORD@127.0.0.1:1433, to test it",
        )),
    }
}
