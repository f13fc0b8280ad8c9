//! Looking at what documents may see of a database.

use pressroom_data::DataType;
use pressroom_domain::{Access, DataModel, DataModelId, OptimisticLock, RowFilter};
use pressroom_ports::{ColumnInfo, TableInfo, TableKind};
use pressroom_query::{Dialect, Sqlite};

use super::{away, find};
use crate::{App, Caller, Error};

/// The tables and views of a database, and which of them documents may see.
#[derive(Clone, Debug)]
pub struct Tables {
    /// The lock of the data model.
    pub lock: OptimisticLock,
    /// The tables and views, by name.
    pub tables: Vec<ChosenTable>,
}

/// A table or view, and whether documents may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenTable {
    /// Its name as statements write it: in quotes where it needs them.
    pub name: String,
    /// Its name without quotes.
    pub plain_name: String,
    /// What it is.
    pub kind: TableKind,
    /// Whether documents may see it.
    pub checked: bool,
    /// The condition that rows fulfil which a reader sees; none where all are seen.
    pub filter: Option<RowFilter>,
    /// Its columns, in order.
    pub columns: Vec<ChosenColumn>,
}

/// A column, and whether documents may see it where they may see its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenColumn {
    /// Its name and type.
    pub column: ColumnInfo,
    /// Whether documents may see it.
    pub checked: bool,
}

/// The tables and views of a data model's database, hidden ones too.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`] while the database is away.
pub async fn tables(app: &App, caller: &Caller, id: DataModelId) -> Result<Tables, Error> {
    let model = find(app, caller, id, Access::READ).await?;
    // Whoever chooses has to see what is there now.
    app.sources.forget(model.id);
    let schema = app.sources.schema(&model).await.map_err(away)?;
    Ok(chosen(&model, schema))
}

/// The columns of one table or view, by its name with quotes or without.
///
/// # Errors
/// [`Error::NotFound`], also where there is no such table; [`Error::Unavailable`] while the database
/// is away.
pub async fn columns(
    app: &App,
    caller: &Caller,
    id: DataModelId,
    table: &str,
) -> Result<Vec<ChosenColumn>, Error> {
    let found = tables(app, caller, id).await?.tables;
    let found = found.into_iter().find(|found| found.is_called(table));
    found.map(|found| found.columns).ok_or_else(|| Error::not_found("table", quoted(table)))
}

impl ChosenTable {
    /// Whether this is its name, with quotes or without.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.plain_name == name || self.name == name
    }

    /// The column of a name: the very one, or else one that differs by letter case.
    pub(super) fn column(&self, name: &str) -> Option<&ChosenColumn> {
        let lower = name.to_lowercase();
        let exact = self.columns.iter().find(|chosen| chosen.column.name == name);
        let other = || self.columns.iter().find(|one| one.column.name.to_lowercase() == lower);
        exact.or_else(other)
    }
}

/// A schema as a data model shows it.
pub(super) fn chosen(model: &DataModel, schema: Vec<TableInfo>) -> Tables {
    let hidden = &model.hidden;
    let tables = schema.into_iter().map(|table| {
        let checked = |column: &ColumnInfo| !hidden.hides_column(&table.name, &column.name);
        let columns = table.columns.iter();
        let columns =
            columns.map(|column| ChosenColumn { checked: checked(column), column: column.clone() });
        ChosenTable {
            name: written(&table.name),
            kind: table.kind,
            checked: !hidden.hides_table(&table.name),
            filter: model.row_filters.get(&table.name).cloned(),
            columns: columns.collect(),
            plain_name: table.name.clone(),
        }
    });
    Tables { lock: model.lock, tables: tables.collect() }
}

/// The name that .NET has for the type of a column; `Unknown` where the database does not tell.
#[must_use]
pub fn type_name(data_type: DataType) -> &'static str {
    match data_type {
        DataType::Bool => "Boolean",
        DataType::Int => "Int64",
        DataType::Decimal => "Decimal",
        DataType::Double => "Double",
        DataType::Text => "String",
        DataType::DateTime => "DateTime",
        DataType::Span => "TimeSpan",
        DataType::Guid => "Guid",
        DataType::Bytes => "ByteArray",
        DataType::Unknown => "Unknown",
    }
}

/// A name in a message.
fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// A name as statements of the one dialect that this build writes need it.
fn written(name: &str) -> String {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let plain = starts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let reserved = RESERVED.iter().any(|word| word.eq_ignore_ascii_case(name));
    if plain && !reserved { name.to_owned() } else { Sqlite.quote(name) }
}

/// Words that SQLite takes for no name without quotes.
const RESERVED: [&str; 66] = [
    "add",
    "all",
    "alter",
    "and",
    "as",
    "autoincrement",
    "between",
    "case",
    "check",
    "collate",
    "commit",
    "constraint",
    "create",
    "default",
    "deferrable",
    "delete",
    "distinct",
    "drop",
    "else",
    "escape",
    "exists",
    "foreign",
    "from",
    "group",
    "having",
    "in",
    "index",
    "insert",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "limit",
    "not",
    "notnull",
    "null",
    "on",
    "or",
    "order",
    "primary",
    "references",
    "returning",
    "select",
    "set",
    "table",
    "then",
    "to",
    "transaction",
    "union",
    "unique",
    "update",
    "using",
    "values",
    "when",
    "where",
    "except",
    "natural",
    "cross",
    "left",
    "inner",
    "outer",
    "right",
    "full",
    "nothing",
    "with",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_quotes_where_they_need_them() {
        for (name, expect) in [
            ("orders", "orders"),
            ("Order Details", "\"Order Details\""),
            ("order", "\"order\""),
            ("2026", "\"2026\""),
            ("a\"b", "\"a\"\"b\""),
            ("dbo.orders", "\"dbo.orders\""),
            ("größe", "\"größe\""),
        ] {
            assert_eq!(written(name), expect);
        }
    }
}
