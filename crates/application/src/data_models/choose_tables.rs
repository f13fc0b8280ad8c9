//! Choosing what documents may see of a database.

use pressroom_domain::{Access, DataModelId, OptimisticLock, SubjectKind, TablesUpdate, Verb};
use pressroom_ports::Change;

use super::tables::{Tables, chosen};
use super::{away, find};
use crate::error::Check;
use crate::{App, Caller, Error};

/// What documents may see of a database from now on. Tables and columns that are absent stay as they
/// are.
#[derive(Clone, Debug)]
pub struct ChooseTables {
    /// The data model.
    pub id: DataModelId,
    /// The lock of the data model that the caller saw.
    pub lock: Option<OptimisticLock>,
    /// Tables and views.
    pub tables: Vec<TableChoice>,
}

/// What documents may see of one table or view.
#[derive(Clone, Debug)]
pub struct TableChoice {
    /// Its name, with quotes or without.
    pub name: String,
    /// Whether it is seen; as before where absent.
    pub checked: Option<bool>,
    /// Its columns.
    pub columns: Vec<ColumnChoice>,
}

/// Whether documents may see one column.
#[derive(Clone, Debug)]
pub struct ColumnChoice {
    /// Its name.
    pub name: String,
    /// Whether it is seen; as before where absent.
    pub checked: Option<bool>,
}

/// Chooses what documents may see of a data model's database.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] for tables and columns that the
/// database does not have; [`Error::Stale`]; [`Error::Unavailable`] while the database is away.
pub async fn choose_tables(
    app: &App,
    caller: &Caller,
    command: ChooseTables,
) -> Result<Tables, Error> {
    let model = find(app, caller, command.id, Access::MODIFY).await?;
    let mut check = Check::default();
    check.lock(app, command.lock);
    // Whoever chooses has to see what is there now.
    app.sources.forget(model.id);
    let schema = app.sources.schema(&model).await.map_err(away)?;
    let known = chosen(&model, schema.clone()).tables;
    let mut hidden = model.hidden.clone();
    for (index, choice) in command.tables.iter().enumerate() {
        let Some(table) = known.iter().find(|table| table.is_called(&choice.name)) else {
            let problem = format!("\"{}\" is no table of the database", choice.name);
            check.field::<(), _>(&format!("tables[{index}].name"), Err(problem));
            continue;
        };
        if let Some(checked) = choice.checked {
            hidden.set_table(&table.plain_name, !checked);
        }
        for (place, column) in choice.columns.iter().enumerate() {
            if !table.columns.iter().any(|known| known.column.name == column.name) {
                let problem = format!("\"{}\" has no column \"{}\"", choice.name, column.name);
                let field = format!("tables[{index}].columns[{place}].name");
                check.field::<(), _>(&field, Err(problem));
            } else if let Some(checked) = column.checked {
                hidden.set_column(&table.plain_name, &column.name, !checked);
            }
        }
    }
    check.end()?;
    let detail = format!("what documents see of {}", model.name);
    let (kind, id) = (SubjectKind::DataModel, Some(model.id.to_string()));
    let line = caller.line(&*app.clock, Verb::Update, kind, id, detail);
    // The choice was made over what was read.
    let expected = Some(command.lock.unwrap_or(model.lock));
    let row_filters = model.row_filters;
    let update = TablesUpdate { id: model.id, expected, hidden, row_filters };
    let model = app.stores.data_models.choose_tables(Change::new(update, line)).await?;
    Ok(chosen(&model, schema))
}
