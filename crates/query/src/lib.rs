//! Data sources, queries and relations as layouts declare them, and their SQL.
//!
//! A layout carries its data sources as XML. [`Source::from_xml`] reads them, and [`resolve`]()
//! brings one of their queries to SQL for a [`Dialect`], with all values bound.
//!
//! ```
//! use pressroom_query::{Environment, Source, Sqlite, resolve};
//!
//! let source = Source::from_xml("SqlDataSource", r#"
//!     <SqlDataSource Name="shop">
//!       <Query Type="CustomSqlQuery" Name="Items">
//!         <Parameter Name="@year" Type="System.Int32">2026</Parameter>
//!         <Sql>SELECT * FROM Items WHERE Year = @year</Sql>
//!       </Query>
//!     </SqlDataSource>"#)?;
//! let query = source.as_sql().and_then(|sql| sql.query("Items")).unwrap();
//! let resolved = resolve(query, &Environment::new(&[], "2026-01-01T00:00:00".parse()?), &Sqlite)?;
//! assert_eq!(resolved.sql, "SELECT * FROM Items WHERE Year = ?1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod codec;
mod dialect;
mod error;
mod federation;
mod resolve;
mod source;
pub mod xml;

pub use codec::{data_type, short_type_name};
pub use dialect::{
    Argument, Backslash, Cut, Db2, Dialect, Firebird, Lexis, Limit, MsSql, MySql, Odbc, Oracle,
    Postgres, Redshift, Sqlite, Variables, split_schema,
};
pub use error::QueryError;
pub use federation::{
    FederatedInput, FederatedJoin, FederatedNode, FederatedQuery, FederatedSelect, FederatedSource,
    FederatedUnion,
};
pub use resolve::{Environment, Resolved, RowFilter, resolve, row_filter};
pub use source::{
    Aggregate, Column, ColumnRef, Comparison, ConnectionRef, ExcelSource, Join, JoinKind,
    JsonSource, ObjectSource, ParameterValue, Query, QueryKind, QueryParameter, Relation,
    SelectQuery, Sorting, Source, SourceKind, SqlSource, Table, View,
};
