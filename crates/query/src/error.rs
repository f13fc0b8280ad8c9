//! Why a query cannot be asked.

use pressroom_criteria::{EvalError, ParseError};
use pressroom_data::CoerceError;

/// Why a query cannot be asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum QueryError {
    /// An expression of the query is mistaken.
    #[error("{place}: {error}")]
    Expression {
        /// Which: `the filter of query "Orders"`.
        place: String,
        /// The mistake.
        error: ParseError,
    },
    /// An expression of the query has no value.
    #[error("{place}: {error}")]
    Value {
        /// Which.
        place: String,
        /// Why.
        error: EvalError,
    },
    /// A parameter has a value of another type.
    #[error("parameter \"{name}\" of query \"{query}\": {error}")]
    Parameter {
        /// The query.
        query: String,
        /// The parameter.
        name: String,
        /// Why.
        error: CoerceError,
    },
    /// An expression has no form in SQL.
    #[error(
        "{place}: {what} has no form in SQL; use it in a calculated field or in the report's filter instead"
    )]
    NotInSql {
        /// Which.
        place: String,
        /// What.
        what: String,
    },
    /// A clause of a query has no form in the database's SQL.
    #[error("query \"{query}\": {what} has no form in this kind of database; {instead}")]
    NotThere {
        /// The query.
        query: String,
        /// What.
        what: &'static str,
        /// What to do.
        instead: &'static str,
    },
    /// A row filter that decides nothing about rows of its table.
    #[error("{place}: {message}")]
    RowFilter {
        /// Which: `the row filter of "Orders"`.
        place: String,
        /// Why, and what to do.
        message: String,
    },
    /// SQL text has a parameter that the query does not declare.
    #[error(
        "the SQL of query \"{query}\" uses {name}, which is no parameter of the query; add it there"
    )]
    UnknownParameter {
        /// The query.
        query: String,
        /// The parameter as it is written.
        name: String,
    },
    /// A chosen table is not there.
    #[error("query \"{query}\" has no table \"{table}\"; its tables are {tables}")]
    UnknownTable {
        /// The query.
        query: String,
        /// The table.
        table: String,
        /// Those that there are.
        tables: String,
    },
    /// A query without tables.
    #[error("query \"{query}\" chooses no table")]
    NoTable {
        /// The query.
        query: String,
    },
    /// The database has no stored procedures.
    #[error(
        "query \"{query}\" calls the stored procedure \"{procedure}\", which this kind of database does not have; give the report a query instead"
    )]
    StoredProcedure {
        /// The query.
        query: String,
        /// The procedure.
        procedure: String,
    },
    /// A kind of query that is not known here.
    #[error("query \"{query}\" is of the kind {kind}, which is not supported")]
    Kind {
        /// The query.
        query: String,
        /// The kind.
        kind: String,
    },
    /// A part of a federated query that is not read yet.
    #[error(
        "query \"{query}\" of the federation has {what}, which is not read yet; make the query \
         without it"
    )]
    NotRead {
        /// The query.
        query: String,
        /// What: `a TransformationNode`.
        what: String,
    },
    /// Two parts of a federated query bear one name.
    #[error(
        "query \"{query}\" of the federation has two parts called \"{alias}\"; give one of them \
         another alias"
    )]
    SameAlias {
        /// The query.
        query: String,
        /// The name.
        alias: String,
    },
    /// The condition of a federated outer join compares something other than columns of two parts.
    #[error(
        "query \"{query}\" of the federation joins \"{alias}\" by {condition}; an outer join may \
         compare columns of it with columns of one part before it, joined by And"
    )]
    JoinCondition {
        /// The query.
        query: String,
        /// The part that is joined.
        alias: String,
        /// The condition.
        condition: String,
    },
    /// The parts of a union have no column in common.
    #[error(
        "query \"{query}\" of the federation unites parts that have no column of one name; give \
         them the same columns"
    )]
    NothingInCommon {
        /// The query.
        query: String,
    },
}
