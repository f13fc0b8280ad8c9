//! Looking at the stored procedures of a database.

use pressroom_domain::{Access, DataModelId};
use pressroom_ports::ColumnInfo;

use super::find;
use crate::{App, Caller, Error};

/// A stored procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Procedure {
    /// Its name.
    pub name: String,
}

/// The stored procedures of a data model's database: none, for SQLite has none, and this build reads
/// no other database.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn procedures(
    app: &App,
    caller: &Caller,
    id: DataModelId,
) -> Result<Vec<Procedure>, Error> {
    find(app, caller, id, Access::READ).await?;
    Ok(Vec::new())
}

/// The columns that a stored procedure gives.
///
/// # Errors
/// [`Error::NotFound`], also where there is no such procedure.
pub async fn procedure_columns(
    app: &App,
    caller: &Caller,
    id: DataModelId,
    name: &str,
) -> Result<Vec<ColumnInfo>, Error> {
    let all = procedures(app, caller, id).await?;
    match all.iter().find(|procedure| procedure.name == name) {
        Some(_) => Ok(Vec::new()),
        None => Err(Error::not_found("procedure", format!("\"{name}\""))),
    }
}
