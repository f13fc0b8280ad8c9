//! Choosing what documents may see of a database.

use chrono::{DateTime, Utc};
use pressroom_data::Reader;
use pressroom_domain::{
    Access, DataModelId, OptimisticLock, RowFilter, SubjectKind, TablesUpdate, Verb,
};
use pressroom_ports::Change;
use pressroom_query::{Dialect, Environment, row_filter};

use super::tables::{ChosenTable, Tables, chosen};
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
    /// The condition that rows fulfil which a reader sees; as before where absent; an empty text
    /// shows all rows.
    pub filter: Option<String>,
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
/// database does not have, and for mistaken filters; [`Error::Stale`]; [`Error::Unavailable`] while the database is away.
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
    let (mut hidden, mut row_filters) = (model.hidden.clone(), model.row_filters.clone());
    let filters = Filters { dialect: app.sources.dialect(&model), now: app.clock.now() };
    for (index, choice) in command.tables.iter().enumerate() {
        let Some(table) = known.iter().find(|table| table.is_called(&choice.name)) else {
            let problem = format!("\"{}\" is no table of the database", choice.name);
            check.field::<(), _>(&format!("tables[{index}].name"), Err(problem));
            continue;
        };
        if let Some(checked) = choice.checked {
            hidden.set_table(&table.plain_name, !checked);
        }
        if let Some(filter) = &choice.filter {
            let field = format!("tables[{index}].filter");
            if let Some(filter) = check.field(&field, filters.read(table, filter)) {
                row_filters.set(&table.plain_name, filter);
            }
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
    let detail = match row_filters == model.row_filters {
        true => detail,
        false => format!("{detail}, and row filters"),
    };
    let (kind, id) = (SubjectKind::DataModel, Some(model.id.to_string()));
    let line = caller.line(&*app.clock, Verb::Update, kind, id, detail);
    // The choice was made over what was read.
    let expected = Some(command.lock.unwrap_or(model.lock));
    let update = TablesUpdate { id: model.id, expected, hidden, row_filters };
    let model = app.stores.data_models.choose_tables(Change::new(update, line)).await?;
    Ok(chosen(&model, schema))
}

/// Reads row filters.
struct Filters {
    dialect: &'static dyn Dialect,
    now: DateTime<Utc>,
}

impl Filters {
    /// The filter of a table: one that says something about its rows, in words that its database has,
    /// whoever reads.
    fn read(&self, table: &ChosenTable, text: &str) -> Result<Option<RowFilter>, String> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let filter = RowFilter::new(text).map_err(|error| error.to_string())?;
        let column = |name: &str| Some(self.dialect.quote(&table.column(name)?.column.name));
        let anybody = Reader::new("anybody").with_email("anybody@example.com");
        let environment = Environment::new(&[], self.now.naive_utc());
        let environment = Environment { reader: Some(&anybody), ..environment };
        row_filter(&table.plain_name, filter.as_str(), &column, &environment, self.dialect)
            .map_err(|error| error.to_string())?;
        Ok(Some(filter))
    }
}
