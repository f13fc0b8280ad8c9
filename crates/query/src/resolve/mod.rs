//! From a declared query to SQL and the values to bind.

mod condition;
mod custom;
mod places;
mod ranges;
mod row_filter;
mod select;
mod words;

use std::sync::Arc;

use chrono::NaiveDateTime;
use pressroom_criteria::{ByName, RowScope, compile, parse};
use pressroom_data::{Culture, DataType, Reader, Value, coerce};

pub use row_filter::{RowFilter, row_filter};

use crate::{Argument, Dialect, ParameterValue, Query, QueryError, QueryKind};
use places::Places;

/// SQL, and the values to bind at its places.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resolved {
    /// The text. Nothing that a user entered is part of it.
    pub sql: String,
    /// The values in the order of their places, each with the name of the parameter it comes from;
    /// without one, the name is empty.
    pub binds: Vec<(Arc<str>, Value)>,
}

/// What a query's expressions may ask: the report's parameters, the clock, the culture, the reader.
#[derive(Clone, Copy, Debug)]
pub struct Environment<'a> {
    /// The values of the report's parameters, by name.
    pub parameters: &'a [(Arc<str>, Value)],
    /// The time of `Now()`.
    pub now: NaiveDateTime,
    /// The culture in which numbers and dates become text.
    pub culture: &'a Culture,
    /// Who reads, if that is known.
    pub reader: Option<&'a Reader>,
}

impl<'a> Environment<'a> {
    /// An environment in the default culture, without a reader.
    #[must_use]
    pub fn new(parameters: &'a [(Arc<str>, Value)], now: NaiveDateTime) -> Self {
        Self { parameters, now, culture: Culture::default(), reader: None }
    }
}

/// Brings a query to SQL.
///
/// ```
/// use pressroom_query::{Environment, Source, Sqlite, resolve};
/// use pressroom_data::Value;
///
/// let source = Source::from_xml("SqlDataSource", r#"
///     <SqlDataSource Name="shop">
///       <Query Type="SelectQuery" Name="Items">
///         <Parameter Name="least" Type="X.Expression">(System.Int32)(?price)</Parameter>
///         <Tables><Table Name="Items"/></Tables>
///         <Columns><Column Table="Items" Name="Title"/></Columns>
///         <Filter>[Items.Price] &gt;= ?least</Filter>
///       </Query>
///     </SqlDataSource>"#)?;
/// let query = source.as_sql().and_then(|sql| sql.query("Items")).unwrap();
/// let parameters = [("price".into(), Value::from("12"))];
/// let environment = Environment::new(&parameters, "2026-01-01T00:00:00".parse()?);
/// let resolved = resolve(query, &environment, &Sqlite)?;
/// assert_eq!(resolved.sql, r#"SELECT "Items"."Title" AS "Title" FROM "Items" WHERE ("Items"."Price" >= ?1)"#);
/// assert_eq!(resolved.binds[0].1, Value::Int(12));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// See [`QueryError`].
pub fn resolve(
    query: &Query,
    environment: &Environment<'_>,
    dialect: &dyn Dialect,
) -> Result<Resolved, QueryError> {
    let own = parameters(query, environment)?;
    match &query.kind {
        QueryKind::Select(select) => select::resolve(query, select, &own, environment, dialect),
        QueryKind::CustomSql { sql } => custom::resolve(query, sql, &own, dialect),
        QueryKind::StoredProc { name } => procedure(query, name, &own, dialect),
        QueryKind::Other { type_name } => {
            Err(QueryError::Kind { query: query.name.to_string(), kind: type_name.clone() })
        }
    }
}

/// The values of a query's own parameters.
fn parameters(
    query: &Query,
    environment: &Environment<'_>,
) -> Result<Vec<(Arc<str>, Value)>, QueryError> {
    query
        .parameters
        .iter()
        .map(|parameter| {
            let value = match &parameter.value {
                ParameterValue::Literal(value) => value.clone(),
                ParameterValue::Expression(text) => {
                    let place =
                        || format!("parameter \"{}\" of query \"{}\"", parameter.name, query.name);
                    evaluate(text, environment.parameters, environment, &place)?
                }
            };
            let value =
                as_type(&value, parameter.data_type).map_err(|error| QueryError::Parameter {
                    query: query.name.to_string(),
                    name: parameter.name.to_string(),
                    error,
                })?;
            Ok((bare(&parameter.name).into(), value))
        })
        .collect()
}

fn as_type(value: &Value, data_type: DataType) -> Result<Value, pressroom_data::CoerceError> {
    match value {
        Value::List(values) => {
            let values: Result<Vec<Value>, _> =
                values.iter().map(|value| coerce(value, data_type)).collect();
            Ok(Value::List(values?.into()))
        }
        value => coerce(value, data_type),
    }
}

/// The value of an expression without fields.
fn evaluate(
    text: &str,
    parameters: &[(Arc<str>, Value)],
    environment: &Environment<'_>,
    place: &dyn Fn() -> String,
) -> Result<Value, QueryError> {
    let mistake = |error| QueryError::Expression { place: place(), error };
    let compiled = compile(&parse(text).map_err(mistake)?, &ByName).map_err(mistake)?;
    let scope = RowScope::new(&[], environment.now)
        .with_culture(environment.culture)
        .with_parameters(parameters)
        .with_reader(environment.reader);
    compiled.evaluate(&scope).map_err(|error| QueryError::Value { place: place(), error })
}

/// A parameter's name without the sign that some databases want before it.
fn bare(name: &str) -> &str {
    name.trim_start_matches(['@', ':', '$', '?'])
}

fn procedure(
    query: &Query,
    name: &str,
    parameters: &[(Arc<str>, Value)],
    dialect: &dyn Dialect,
) -> Result<Resolved, QueryError> {
    let mut places = Places::default();
    // A list is no argument: its first value is.
    let first = |value: &Value| match value {
        Value::List(values) => values.first().cloned().unwrap_or(Value::Null),
        value => value.clone(),
    };
    let marks: Vec<(&str, String)> = parameters
        .iter()
        .map(|(name, value)| (&**name, places.bind(name, &first(value))))
        .collect();
    let arguments: Vec<Argument<'_>> =
        marks.iter().map(|(name, sql)| Argument { name, sql }).collect();
    match dialect.call(name, &arguments) {
        Some(sql) => Ok(places.finish(&sql, dialect)),
        None => Err(QueryError::StoredProcedure {
            query: query.name.to_string(),
            procedure: name.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests;
