//! Data sources, queries and relations as layouts declare them, and their SQL.

mod source;
pub mod xml;

pub use source::{
    Aggregate, Column, ColumnRef, Comparison, ConnectionRef, Join, JoinKind, JsonSource,
    ObjectSource, ParameterValue, Query, QueryKind, QueryParameter, Relation, SelectQuery, Sorting,
    Source, SourceKind, SqlSource, Table, View,
};
