//! What makes T-SQL a dialect of its own.

use diesel::backend::{
    Backend, DieselReserveSpecialization, SqlDialect, TrustedBackend, sql_dialect,
};
use diesel::sql_types::TypeMetadata;

use crate::bind::TdsBindCollector;
use crate::query_builder::TdsQueryBuilder;
use crate::types::TdsType;
use crate::value::TdsValue;

/// Microsoft SQL Server, and what speaks its protocol and its dialect.
///
/// ```
/// use diesel::prelude::*;
/// use diesel_tds::Tds;
///
/// diesel::table! { users (id) { id -> BigInt, name -> Text, } }
///
/// let query = users::table.filter(users::name.eq("Ann")).select(users::id).limit(5);
/// assert_eq!(
///     diesel::debug_query::<Tds, _>(&query).to_string(),
///     r#"SELECT TOP (@P1) [users].[id] FROM [users] WHERE ([users].[name] = @P2) -- binds: [5, "Ann"]"#,
/// );
/// ```
///
/// What T-SQL has no words for does not compile, such as `ON CONFLICT`:
///
/// ```compile_fail
/// use diesel::prelude::*;
/// use diesel_tds::Tds;
///
/// diesel::table! { users (id) { id -> BigInt, name -> Text, } }
///
/// let insert = diesel::insert_into(users::table).values(users::name.eq("Ann"));
/// diesel::debug_query::<Tds, _>(&insert.on_conflict_do_nothing()).to_string();
/// ```
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tds;

impl Backend for Tds {
    type QueryBuilder = TdsQueryBuilder;
    type RawValue<'a> = TdsValue<'a>;
    type BindCollector<'a> = TdsBindCollector<'a>;
}

impl TypeMetadata for Tds {
    type TypeMetadata = TdsType;
    type MetadataLookup = ();
}

impl TrustedBackend for Tds {}
impl DieselReserveSpecialization for Tds {}

impl SqlDialect for Tds {
    type ReturningClause = OutputClause;
    type OnConflictClause = sql_dialect::on_conflict_clause::DoesNotSupportOnConflictClause;
    type InsertWithDefaultKeyword = sql_dialect::default_keyword_for_insert::IsoSqlDefaultKeyword;
    type BatchInsertSupport = RowValues;
    type ConcatClause = PlusConcat;
    type DefaultValueClauseForInsert = sql_dialect::default_value_clause::AnsiDefaultValueClause;
    type EmptyFromClauseSyntax = sql_dialect::from_clause_syntax::AnsiSqlFromClauseSyntax;
    type ExistsSyntax = ExistsPredicate;
    type ArrayComparison = sql_dialect::array_comparison::AnsiSqlArrayComparison;
    type SelectStatementSyntax = TopAndFetch;
    type AliasSyntax = sql_dialect::alias_syntax::AsAliasSyntax;
    type WindowFrameClauseGroupSupport =
        sql_dialect::window_frame_clause_group_support::NoGroupWindowFrameUnit;
    type WindowFrameExclusionSupport =
        sql_dialect::window_frame_exclusion_support::NoFrameFrameExclusionSupport;
    type AggregateFunctionExpressions =
        sql_dialect::aggregate_function_expressions::NoAggregateFunctionExpressions;
    type BuiltInWindowFunctionRequireOrder =
        sql_dialect::built_in_window_function_require_order::NoOrderRequired;
}

/// `OUTPUT INSERTED.…` and `OUTPUT DELETED.…`, which stand where Diesel has no clause.
#[derive(Debug, Clone, Copy)]
pub struct OutputClause;

/// Diesel says "supports" where the clause may be asked for.
impl sql_dialect::returning_clause::SupportsReturningClause for OutputClause {}

/// `VALUES (…), (…)`, at most a thousand rows.
#[derive(Debug, Clone, Copy)]
pub struct RowValues;

impl sql_dialect::batch_insert_support::SupportsBatchInsert for RowValues {}

/// `a + b`.
#[derive(Debug, Clone, Copy)]
pub struct PlusConcat;

/// `EXISTS (…)` where a condition stands, and a `CASE` around it where a value does.
#[derive(Debug, Clone, Copy)]
pub struct ExistsPredicate;

/// `SELECT TOP (n)`, and `OFFSET … FETCH` where rows are passed over.
#[derive(Debug, Clone, Copy)]
pub struct TopAndFetch;
