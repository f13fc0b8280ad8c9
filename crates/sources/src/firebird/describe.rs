//! What a statement would give.
//!
//! The driver tells of columns only with a row, and widens their types: decimal numbers to floating
//! point ones, times of day to moments. So a row of nulls is asked for, in which nothing of the
//! statement is read; then what else there is to know of its columns, by expressions over that row.
//! Columns whose values would lose something are written as texts by the server.

use pressroom_data::{DataType, SourceError};
use pressroom_ports::{ColumnInfo, Statement};
use pressroom_query::Dialect;
use rsfbclient::{FbError, RustFbClient, SqlType, Transaction};

use super::connect::{Session, all};
use super::types::Told;
use super::{binds, error};
use crate::subject::Subject;

/// Digits that a floating point number has behind the point, written as text, at least.
const DOUBLE_DIGITS: usize = 15;

/// A column of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Described {
    pub(super) name: String,
    pub(super) data_type: DataType,
    /// How it is asked for.
    pub(super) expression: String,
    /// Whether blanks at its end are but padding.
    pub(super) padded: bool,
}

/// The columns of a statement, which is not run.
pub(super) fn describe(
    session: &mut Session,
    statement: &Statement,
    subject: &Subject,
) -> Result<Vec<ColumnInfo>, SourceError> {
    let values = binds::bound(&statement.binds, subject)?;
    let mut transaction = session.begin(subject)?;
    let columns = columns(&mut transaction, &statement.sql, &values);
    let columns = columns.map_err(|error| error::said(subject, &error))?;
    transaction.commit().map_err(|error| error::said(subject, &error))?;
    let columns = columns.into_iter();
    Ok(columns.map(|it| ColumnInfo { name: it.name, data_type: it.data_type }).collect())
}

/// A row of nulls for the columns of a statement.
fn of_nulls(chosen: &str, sql: &str) -> String {
    format!(
        "select {chosen} from rdb$database left join (select first 0 x.* from ({sql}) x) q on 1 = 1"
    )
}

pub(super) fn columns(
    transaction: &mut Transaction<'_, RustFbClient>,
    sql: &str,
    values: &[SqlType],
) -> Result<Vec<Described>, FbError> {
    let nulls = all(transaction, &of_nulls("q.*", sql), values.to_vec())?;
    let nulls = nulls.into_iter().next().unwrap_or_default();
    let told: Vec<(String, String, Option<Told>)> = nulls
        .iter()
        .map(|column| {
            let quoted = format!("q.{}", pressroom_query::Firebird.quote(&column.name));
            (column.name.to_string(), quoted, Told::of(column.raw_type))
        })
        .collect();
    let questions: Vec<String> =
        told.iter().map(|(_, column, told)| question(column, *told)).collect();
    let answers = match all(transaction, &of_nulls(&questions.join(", "), sql), values.to_vec()) {
        Ok(answers) => answers.into_iter().next().unwrap_or_default(),
        // An answer that is none is as good as none.
        Err(FbError::Sql { .. }) => Vec::new(),
        Err(error) => return Err(error),
    };
    let mut answers = answers.into_iter().map(|column| column.value);
    let mut described = Vec::with_capacity(told.len());
    for (name, column, told) in told {
        let answer = answers.next().unwrap_or(SqlType::Null);
        let mut padded = false;
        let (data_type, expression) = match told {
            Some(Told::Int) => (DataType::Int, column),
            Some(Told::Int128) => (DataType::Decimal, column),
            Some(Told::Bool) => (DataType::Bool, column),
            Some(Told::Double) if is_decimal(&answer) => {
                (DataType::Decimal, format!("cast({column} as varchar(64))"))
            }
            Some(Told::Double) => (DataType::Double, column),
            Some(Told::Moment) => match is_time(transaction, sql, values, &column)? {
                true => (DataType::Span, format!("cast({column} as varchar(32))")),
                false => (DataType::DateTime, column),
            },
            Some(Told::Blob) => match answer {
                SqlType::Text(_) => (DataType::Text, column),
                _ => (DataType::Bytes, column),
            },
            Some(Told::Text) => {
                padded = matches!(answer, SqlType::Integer(length) if length > 0);
                (DataType::Text, column)
            }
            None => (DataType::Unknown, column),
        };
        described.push(Described { name, data_type, expression, padded });
    }
    Ok(described)
}

/// What tells more of a column, in a row in which it is null.
fn question(column: &str, told: Option<Told>) -> String {
    match told {
        // Decimal numbers have as many digits as they are declared with.
        Some(Told::Double) => format!("cast(coalesce({column}, 1) as varchar(64))"),
        // A text among bytes stays bytes.
        Some(Told::Blob) => format!("coalesce({column}, 'x')"),
        // Only texts of a fixed length are filled up.
        Some(Told::Text) => format!("char_length(coalesce({column}, ''))"),
        _ => "null".to_owned(),
    }
}

fn is_decimal(answer: &SqlType) -> bool {
    let SqlType::Text(digits) = answer else { return false };
    let digits = digits.trim();
    let behind = digits.split_once('.').map_or(0, |(_, behind)| behind.len());
    // A floating point number of half the length has seven.
    !digits.contains(['e', 'E']) && behind != DOUBLE_DIGITS && behind != 7 && behind != 8
}

/// Whether a column holds times of day, which nothing but they can stand in for.
fn is_time(
    transaction: &mut Transaction<'_, RustFbClient>,
    sql: &str,
    values: &[SqlType],
    column: &str,
) -> Result<bool, FbError> {
    let question = format!("coalesce({column}, cast('00:00' as time))");
    match all(transaction, &of_nulls(&question, sql), values.to_vec()) {
        Ok(_) => Ok(true),
        Err(FbError::Sql { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}
