//! Looking at the stored procedures of a database.

use pressroom_domain::{Access, DataModelId};
use pressroom_ports::{ColumnInfo, ProcedureInfo};

use super::{away, find};
use crate::{App, Caller, Error};

/// The stored procedures of a data model's database that give rows.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`] while the database is away.
pub async fn procedures(
    app: &App,
    caller: &Caller,
    id: DataModelId,
) -> Result<Vec<ProcedureInfo>, Error> {
    let model = find(app, caller, id, Access::READ).await?;
    app.sources.procedures(&model).await.map_err(away)
}

/// The columns that a stored procedure gives, as far as the database tells without running it.
///
/// # Errors
/// [`Error::NotFound`], also where there is no such procedure; [`Error::Unavailable`] while the
/// database is away.
pub async fn procedure_columns(
    app: &App,
    caller: &Caller,
    id: DataModelId,
    name: &str,
) -> Result<Vec<ColumnInfo>, Error> {
    let model = find(app, caller, id, Access::READ).await?;
    let all = app.sources.procedures(&model).await.map_err(away)?;
    let known = all
        .iter()
        .find(|procedure| procedure.name == name)
        .or_else(|| all.iter().find(|procedure| procedure.name.eq_ignore_ascii_case(name)));
    match known {
        Some(known) => app.sources.procedure_columns(&model, &known.name).await.map_err(away),
        None => Err(Error::not_found("procedure", format!("\"{name}\""))),
    }
}
