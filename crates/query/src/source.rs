//! The model of a layout's data sources.

use std::sync::Arc;

use pressroom_data::{DataType, Schema, Value};

use crate::FederatedSource;

/// One data source that a layout declares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Source {
    /// The name that is unique within its layout: what a [`RowRequest`](pressroom_data::RowRequest)
    /// names. The source's own name where it has one.
    pub name: Arc<str>,
    /// What it is.
    pub kind: SourceKind,
}

/// The kinds of data sources.
#[derive(Clone, Debug, PartialEq)]
pub enum SourceKind {
    /// Queries on a database.
    Sql(SqlSource),
    /// Objects that the host supplies.
    Object(ObjectSource),
    /// An entity model that the host supplies.
    Entity(ObjectSource),
    /// A JSON document.
    Json(JsonSource),
    /// A workbook, or a text file of rows.
    Excel(ExcelSource),
    /// Queries on rows of other sources of the layout.
    Federation(FederatedSource),
    /// A kind that is known by its type name only.
    Other {
        /// The type's name without assembly.
        type_name: String,
    },
}

impl Default for SourceKind {
    fn default() -> Self {
        Self::Other { type_name: String::new() }
    }
}

/// Queries on a database.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SqlSource {
    /// Where the database is.
    pub connection: ConnectionRef,
    /// The queries.
    pub queries: Vec<Query>,
    /// How rows of one query belong to rows of another.
    pub relations: Vec<Relation>,
    /// The columns each query had when the layout was made; empty where the layout keeps none.
    pub result_schema: Vec<View>,
}

/// Where a layout's database is: mostly just a name that the site maps to a data model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionRef {
    /// The connection's name.
    pub name: String,
    /// Whether the layout says that the host's configuration holds the connection.
    pub from_app_config: bool,
    /// The connection string or parameters that the layout itself carries. May hold secrets:
    /// never log it, and use it only where the site allows it.
    pub embedded: Option<String>,
    /// The provider's key, such as `MSSqlServer` or `SQLite`, where the layout tells it.
    pub provider: Option<String>,
}

/// Objects that the host supplies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectSource {
    /// The name of the .NET type, without assembly.
    pub type_name: String,
    /// The method or property that returns the rows.
    pub member: Option<String>,
    /// The columns as far as the layout keeps them.
    pub result_schema: Vec<View>,
}

/// A JSON document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JsonSource {
    /// The connection's name, where the host's configuration holds the document.
    pub connection: Option<String>,
    /// The document's address, where it is not in the layout.
    pub uri: Option<String>,
    /// The document, where the layout carries it.
    pub document: Option<Arc<str>>,
    /// The element that holds the rows; none is the root.
    pub root: Option<String>,
    /// The arrays and their columns as far as the layout keeps them.
    pub result_schema: Vec<View>,
}

/// A workbook, or a text file of rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExcelSource {
    /// The connection's name, where the host's configuration holds the file.
    pub connection: Option<String>,
    /// The file's path as the layout's author had it.
    pub file: Option<String>,
    /// The sheet, table or range that holds the rows; none is the first sheet.
    pub table: Option<String>,
    /// Whether the first row holds the columns' names.
    pub has_header: bool,
    /// The columns as far as the layout keeps them.
    pub result_schema: Vec<View>,
}

/// A query's columns as the layout remembers them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// The query's name.
    pub name: Arc<str>,
    /// The columns.
    pub schema: Arc<Schema>,
}

/// A relation between two queries of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relation {
    /// The name that data members use; the master's name directly followed by the detail's where
    /// the layout gives none.
    pub name: Arc<str>,
    /// The master query.
    pub master: Arc<str>,
    /// The detail query.
    pub detail: Arc<str>,
    /// Pairs of a master and a detail column that are equal.
    pub columns: Vec<(Arc<str>, Arc<str>)>,
}

/// One query.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Its name: the data member of its rows.
    pub name: Arc<str>,
    /// Its parameters.
    pub parameters: Vec<QueryParameter>,
    /// What it asks.
    pub kind: QueryKind,
}

/// What a query asks.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryKind {
    /// A choice of tables and columns.
    Select(SelectQuery),
    /// SQL text as its author wrote it.
    CustomSql {
        /// The text.
        sql: String,
    },
    /// A call of a stored procedure.
    StoredProc {
        /// The procedure's name.
        name: String,
    },
    /// A kind that is not known here.
    Other {
        /// The kind's name.
        type_name: String,
    },
}

/// A parameter of a query.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryParameter {
    /// The name, with its prefix if the layout writes one.
    pub name: Arc<str>,
    /// The type to which the value is brought.
    pub data_type: DataType,
    /// The value.
    pub value: ParameterValue,
}

/// The value of a query's parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterValue {
    /// A constant.
    Literal(Value),
    /// An expression over the report's parameters.
    Expression(String),
}

/// A choice of tables and columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SelectQuery {
    /// The tables; the first is where joins start.
    pub tables: Vec<Table>,
    /// How further tables are joined.
    pub joins: Vec<Join>,
    /// The columns; empty is all.
    pub columns: Vec<Column>,
    /// A criteria condition on rows.
    pub filter: Option<String>,
    /// A criteria condition on groups.
    pub group_filter: Option<String>,
    /// The order of rows.
    pub sorting: Vec<Sorting>,
    /// The columns to group by, where any column is aggregated.
    pub grouping: Vec<ColumnRef>,
    /// At most so many rows.
    pub top: Option<u64>,
    /// Leave out so many rows first.
    pub skip: Option<u64>,
    /// Each row only once.
    pub distinct: bool,
}

/// A table of a [`SelectQuery`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The name, possibly with a schema before a dot.
    pub name: String,
    /// What the query calls it, if not by name.
    pub alias: Option<String>,
}

impl Table {
    /// What the query calls the table.
    #[must_use]
    pub fn reference(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}

/// How a join treats rows without a partner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JoinKind {
    /// Leaves them out.
    #[default]
    Inner,
    /// Keeps those of the first table.
    LeftOuter,
    /// Keeps those of the joined table.
    RightOuter,
    /// Keeps those of both.
    FullOuter,
}

/// A join of two tables of a [`SelectQuery`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Join {
    /// How rows without a partner are treated.
    pub kind: JoinKind,
    /// The table that is there already, by its reference.
    pub parent: String,
    /// The table that is added, by its reference.
    pub nested: String,
    /// The compared columns: parent's, operator, nested's.
    pub conditions: Vec<(String, Comparison, String)>,
}

/// How a join compares two columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    #[default]
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnRef {
    /// The table's reference; empty where only the name is known.
    pub table: String,
    /// The column's name.
    pub name: String,
}

/// An aggregate function of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// How many values.
    Count,
    /// How many different values.
    CountDistinct,
    /// The sum.
    Sum,
    /// The mean.
    Avg,
    /// The smallest.
    Min,
    /// The largest.
    Max,
}

/// What a [`SelectQuery`] returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// A column of a table.
    Named {
        /// Which.
        column: ColumnRef,
        /// The name in the result, if another.
        alias: Option<String>,
        /// How the values of a group become one.
        aggregate: Option<Aggregate>,
    },
    /// A criteria expression over columns.
    Expression {
        /// The expression.
        expression: String,
        /// The name in the result.
        alias: String,
        /// How the values of a group become one.
        aggregate: Option<Aggregate>,
    },
    /// All columns of a table.
    All {
        /// The table's reference.
        table: String,
    },
}

/// One sort key of a [`SelectQuery`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sorting {
    /// The column.
    pub column: ColumnRef,
    /// Which way.
    pub direction: pressroom_data::Direction,
}

impl SqlSource {
    /// The query of a name, in any letter case.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&Query> {
        self.queries
            .iter()
            .find(|query| &*query.name == name)
            .or_else(|| self.queries.iter().find(|query| query.name.eq_ignore_ascii_case(name)))
    }

    /// The relation of a name below a master query, in any letter case.
    #[must_use]
    pub fn relation(&self, master: &str, name: &str) -> Option<&Relation> {
        self.relations.iter().find(|relation| {
            relation.master.eq_ignore_ascii_case(master) && relation.name.eq_ignore_ascii_case(name)
        })
    }
}

impl Source {
    /// The source as queries on a database.
    #[must_use]
    pub fn as_sql(&self) -> Option<&SqlSource> {
        match &self.kind {
            SourceKind::Sql(sql) => Some(sql),
            _ => None,
        }
    }

    /// The columns that the layout remembers, query by query.
    #[must_use]
    pub fn result_schema(&self) -> &[View] {
        match &self.kind {
            SourceKind::Sql(source) => &source.result_schema,
            SourceKind::Object(source) | SourceKind::Entity(source) => &source.result_schema,
            SourceKind::Json(source) => &source.result_schema,
            SourceKind::Excel(source) => &source.result_schema,
            SourceKind::Federation(source) => &source.result_schema,
            SourceKind::Other { .. } => &[],
        }
    }

    /// The columns that the layout remembers of one query, by its name in any letter case.
    #[must_use]
    pub fn view(&self, member: &str) -> Option<&View> {
        self.result_schema().iter().find(|view| view.name.eq_ignore_ascii_case(member))
    }
}
