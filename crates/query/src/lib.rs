//! Data sources, queries and relations as layouts declare them, and their SQL.

mod codec;
mod source;
pub mod xml;

pub use codec::{data_type, short_type_name};
pub use source::{
    Aggregate, Column, ColumnRef, Comparison, ConnectionRef, Join, JoinKind, JsonSource,
    ObjectSource, ParameterValue, Query, QueryKind, QueryParameter, Relation, SelectQuery, Sorting,
    Source, SourceKind, SqlSource, Table, View,
};
