//! How a database writes times.
//!
//! SQLite has no type for times, and compares what stands there: the text `2026-01-01` comes before
//! `2026-01-01 00:00:00`, and a number before both. A parameter therefore has to be written as the
//! columns are that it is compared with, or the first or last day of a range is lost. The columns that
//! the statement reads tell which way that is.

use std::sync::Arc;

use chrono::{NaiveDateTime, NaiveTime};
use pressroom_data::DataType;
use rusqlite::OptionalExtension;
use rusqlite::types::{Value as Bound, ValueRef};

use super::open::Session;
use super::schema::quoted;
use super::types;

/// One way to write times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Style {
    /// `2026-11-24 18:30:00`, as .NET's driver and SQLite itself write.
    #[default]
    Blank,
    /// `2026-11-24`, and as [`Blank`](Self::Blank) where there is a time of day.
    DateOnly,
    /// `2026-11-24T18:30:00`.
    Letter,
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
    /// Days since noon of 24 November 4714 BC.
    Julian,
}

impl Style {
    const ALL: [Self; 6] = [
        Self::Blank,
        Self::DateOnly,
        Self::Letter,
        Self::Seconds,
        Self::Milliseconds,
        Self::Julian,
    ];

    /// How a stored time is written.
    fn of(stored: ValueRef<'_>) -> Option<Self> {
        match stored {
            ValueRef::Null | ValueRef::Blob(_) => None,
            ValueRef::Integer(number) if number.unsigned_abs() < 100_000_000_000 => {
                Some(Self::Seconds)
            }
            ValueRef::Integer(_) => Some(Self::Milliseconds),
            ValueRef::Real(_) => Some(Self::Julian),
            ValueRef::Text(text) if text.len() == 10 => Some(Self::DateOnly),
            ValueRef::Text(text) => match text.get(10) {
                Some(b'T') => Some(Self::Letter),
                _ => Some(Self::Blank),
            },
        }
    }

    /// A time, written this way.
    pub(crate) fn write(self, time: NaiveDateTime) -> Bound {
        match self {
            Self::DateOnly if time.time() == NaiveTime::MIN => {
                Bound::Text(time.format("%Y-%m-%d").to_string())
            }
            Self::Blank | Self::DateOnly => {
                Bound::Text(time.format("%Y-%m-%d %H:%M:%S%.f").to_string())
            }
            Self::Letter => Bound::Text(time.format("%Y-%m-%dT%H:%M:%S%.f").to_string()),
            Self::Seconds => Bound::Integer(time.and_utc().timestamp()),
            Self::Milliseconds => Bound::Integer(time.and_utc().timestamp_millis()),
            Self::Julian => {
                let days = time.and_utc().timestamp_millis() as f64 / 86_400_000.0;
                Bound::Real(days + 2_440_587.5)
            }
        }
    }
}

/// How most of the columns are written that hold times and that a statement reads.
pub(crate) fn style_of(session: &Session, sql: &Arc<str>) -> rusqlite::Result<Style> {
    if let Some(style) = session.styles.borrow().get(sql) {
        return Ok(*style);
    }
    let mut votes = [0_u32; Style::ALL.len()];
    for (table, column) in session.columns_read_by(sql)? {
        if let Some(style) = sample(session, &table, &column) {
            votes[style as usize] += 1;
        }
    }
    // Of those with as many votes the first: `Blank` where there is nothing to go by.
    let most = votes.iter().max().copied().unwrap_or(0);
    let style = Style::ALL.into_iter().find(|style| votes[*style as usize] == most);
    let style = style.unwrap_or_default();
    let mut styles = session.styles.borrow_mut();
    if styles.len() >= 256 {
        styles.clear();
    }
    styles.insert(sql.clone(), style);
    Ok(style)
}

/// How the first time among a column's first values is written; none where it holds no times or
/// cannot be looked at.
fn sample(session: &Session, table: &str, column: &str) -> Option<Style> {
    if column.is_empty() {
        return None;
    }
    let (table, column) = (quoted(table), quoted(column));
    let first = format!("select {column} from {table} limit 200");
    let statement = session.connection.prepare(&first).ok()?;
    let declared =
        statement.columns().first().and_then(|column| column.decl_type().map(types::declared));
    if declared != Some(DataType::DateTime) {
        return None;
    }
    drop(statement);
    let some = format!("select {column} from ({first}) where {column} is not null limit 1");
    let found = session.connection.query_row(&some, [], |row| Ok(Style::of(row.get_ref(0)?)));
    found.optional().ok().flatten().flatten()
}
