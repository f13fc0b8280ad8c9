//! A query's rows, on their way through the server's own stream.
//!
//! All rows are asked for at once: in parts the server would not use several of its processes, and
//! every part would be one more way there and back. The driver takes from the connection only what it
//! can pass on, so that the server waits for a slow reader.

use std::pin::pin;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::TryStreamExt;
use pressroom_data::{Field, Schema, SourceError, Value};
use pressroom_ports::Statement;
use tokio_postgres::types::{FromSql, Type};

use super::connect::Session;
use super::error::Failure;
use super::prepare;
use super::values::{Column, Unreadable};
use crate::sessions::Lease;
use crate::stream::{Query, Sink};

/// A statement, and where it runs.
pub(super) struct Select {
    pub(super) session: Lease<Session>,
    pub(super) statement: Statement,
}

#[async_trait]
impl Query for Select {
    async fn run(mut self, sink: &mut Sink) -> Result<(), SourceError> {
        let read = read(&self.session, &self.statement, sink).await;
        let outcome = read.map_err(|failure| failure.told(&sink.subject));
        // After any other error rows may still be on their way, which nobody wants.
        let is_over = matches!(outcome, Ok(()) | Err(SourceError::Query { .. }));
        if is_over && self.session.end().await {
            self.session.give_back();
        }
        outcome
    }
}

async fn read(session: &Session, statement: &Statement, sink: &mut Sink) -> Result<(), Failure> {
    let (client, subject) = (&session.client, sink.subject.clone());
    let (sql, binds) = (&*statement.sql, &*statement.binds);
    let prepared = prepare::prepare(client, sql, binds).await?;
    if prepared.ways.is_empty() {
        return Err(subject.not_reading().into());
    }
    let ready = prepared.ready(client, sql, binds, &subject).await?;
    let fields = ready.names.iter().zip(&ready.forms);
    let fields = fields.map(|(name, form)| Field::new(name.as_str(), form.data_type())).collect();
    let mut columns: Vec<Column> = ready.forms.iter().map(|form| Column::new(*form)).collect();
    let mut rows = pin!(client.query_raw(&ready.statement, ready.bound).await?);
    let schema = Arc::new(Schema::new(fields));
    sink.columns(schema.clone(), false).await?;
    while let Some(row) = rows.try_next().await? {
        let (mut bytes, mut longest, mut wrong) = (0, 0, None);
        // Over a range of known length: the values go straight to where they stay.
        let values = (0..columns.len())
            .map(|index| match row.try_get(index) {
                Ok(Raw(None)) => Value::Null,
                Ok(Raw(Some(raw))) => {
                    bytes += raw.len();
                    longest = longest.max(raw.len());
                    columns[index].read(raw).unwrap_or_else(|why| {
                        wrong = Some((index, why));
                        Value::Null
                    })
                }
                Err(_) => {
                    wrong = Some((index, Unreadable::Form));
                    Value::Null
                }
            })
            .collect();
        if let Some((index, why)) = wrong {
            let name = schema.fields.get(index).map_or("", |field| &field.name);
            return Err(match why {
                Unreadable::Digits(digits) => subject.too_many_digits(name, &digits),
                Unreadable::Form => subject.query(format_args!(
                    "the server sent a value of column \"{name}\" that cannot be read"
                )),
            }
            .into());
        }
        if let Some(batch) = sink.push(values, bytes, longest)? {
            sink.rows(batch).await?;
        }
    }
    Ok(())
}

/// The bytes of a value.
struct Raw<'a>(Option<&'a [u8]>);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(Some(raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
