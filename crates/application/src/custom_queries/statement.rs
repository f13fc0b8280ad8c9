//! A custom query as its database is asked it.

use std::sync::Arc;

use pressroom_data::{DataType, Value, parse_invariant};
use pressroom_domain::{DataModel, NewCustomQuery, ParameterType};
use pressroom_ports::{Clock, DataSources, Statement};
use pressroom_query::{
    Environment, ParameterValue, Query, QueryError, QueryKind, QueryParameter, resolve,
};

/// The most parameters that a text may name without declaring them.
const UNDECLARED: usize = 100;

/// A custom query with its own values, in the SQL of its model's database. A parameter that the text
/// names and the query does not have counts as null: whoever asks the query has to give it.
///
/// # Errors
/// See [`QueryError`].
pub(crate) fn statement(
    sources: &dyn DataSources,
    model: &DataModel,
    query: &NewCustomQuery,
    clock: &dyn Clock,
) -> Result<Statement, QueryError> {
    let parameters = query.parameters.iter().map(|parameter| {
        let data_type = value_type(parameter.data_type);
        let text = parameter.value.as_deref().unwrap_or_default();
        let value = match parse_invariant(text, data_type) {
            Ok(value) if parameter.value.is_some() => value,
            _ => Value::Null,
        };
        let value = ParameterValue::Literal(value);
        QueryParameter { name: parameter.name.as_str().into(), data_type, value }
    });
    let mut query = Query {
        name: query.name.as_str().into(),
        parameters: parameters.collect(),
        kind: QueryKind::CustomSql { sql: query.sql.as_str().to_owned() },
    };
    let environment = Environment::new(&[], clock.now().naive_utc());
    let mut undeclared = 0;
    let resolved = loop {
        match resolve(&query, &environment, sources.dialect(model)) {
            Err(QueryError::UnknownParameter { name, .. }) if undeclared < UNDECLARED => {
                undeclared += 1;
                let value = ParameterValue::Literal(Value::Null);
                let data_type = DataType::Unknown;
                query.parameters.push(QueryParameter { name: name.into(), data_type, value });
            }
            resolved => break resolved?,
        }
    };
    Ok(Statement {
        name: Arc::clone(&query.name),
        sql: resolved.sql.into(),
        binds: resolved.binds.into_iter().map(|(_, value)| value).collect(),
        ..Statement::default()
    })
}

/// What the values of a parameter are.
pub(super) fn value_type(parameter: ParameterType) -> DataType {
    match parameter {
        ParameterType::Boolean => DataType::Bool,
        ParameterType::Byte
        | ParameterType::Int16
        | ParameterType::Int32
        | ParameterType::Int64 => DataType::Int,
        ParameterType::Decimal => DataType::Decimal,
        ParameterType::Single | ParameterType::Double => DataType::Double,
        ParameterType::DateTime => DataType::DateTime,
        ParameterType::Guid => DataType::Guid,
        ParameterType::String | ParameterType::TimeSpan | ParameterType::ByteArray => {
            DataType::Text
        }
    }
}
