//! A query's rows.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::TryStreamExt;
use pressroom_data::{Field, Row, Schema, SourceError, Value};
use pressroom_domain::DataModel;
use pressroom_ports::Statement;
use tiberius::{ColumnData, QueryItem};

use super::binds::Binds;
use super::connect::{self, Session};
use super::values::Column;
use super::{Engine, error, types};
use crate::sessions::Lease;
use crate::stream::{self, Sink};

/// What undoes whatever a procedure wrote.
const END: &str = "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION";
/// The longest that the server can be told.
const LONGEST: usize = i32::MAX as usize;

/// A query that is to be asked.
pub(crate) struct Query {
    pub(crate) engine: Engine,
    pub(crate) model: DataModel,
    pub(crate) statement: Statement,
}

#[async_trait]
impl stream::Query for Query {
    async fn run(self, sink: &mut Sink) -> Result<(), SourceError> {
        let subject = sink.subject.clone();
        let session = self.engine.session(&self.model, &subject).await?;
        let mut busy = Busy(Some(session));
        let Some(session) = &mut busy.0 else { return Ok(()) };
        read(session, &self.statement, sink).await?;
        busy.ended();
        Ok(())
    }
}

/// A connection that may be at work. Dropped, its work is ended on the server, and it is closed.
struct Busy(Option<Lease<Session>>);

impl Busy {
    fn ended(mut self) {
        if let Some(session) = self.0.take() {
            session.give_back();
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if let Some(mut session) = self.0.take() {
            tokio::spawn(async move { session.cancel().await });
        }
    }
}

async fn read(
    session: &mut Session,
    statement: &Statement,
    sink: &mut Sink,
) -> Result<(), SourceError> {
    let subject = sink.subject.clone();
    let failed = |error: tiberius::error::Error| error::said(&subject, &error);
    let binds = Binds::new(&statement.binds, &subject)?;
    // Longer values are cut there, at a length from which it is seen here that they are too long.
    let longest = sink.limits.value_bytes.saturating_mul(2).saturating_add(2).min(LONGEST);
    let begin = format!("SET TEXTSIZE {longest}; BEGIN TRANSACTION");
    connect::run(&mut session.client, &begin).await.map_err(failed)?;
    let query = binds.query(&statement.sql);
    let mut answer = query.query(&mut session.client).await.map_err(failed)?;
    let sent = answer.columns().await.map_err(failed)?.map(types::columns).unwrap_or_default();
    if sent.is_empty() {
        return Err(subject.not_reading());
    }
    let fields = sent.iter().map(|column| Field::new(&*column.name, column.data_type));
    let schema = Arc::new(Schema::new(fields.collect()));
    let mut columns: Vec<Column> =
        schema.fields.iter().map(|field| Column::new(&field.name, field.data_type)).collect();
    sink.columns(schema, false).await?;
    while let Some(item) = answer.try_next().await.map_err(failed)? {
        let row = match item {
            // What a procedure gives beyond its first rows is nobody's.
            QueryItem::Metadata(next) if next.result_index() > 0 => break,
            QueryItem::Metadata(_) => continue,
            QueryItem::Row(row) => row,
        };
        let (mut bytes, mut longest) = (0, 0);
        let mut values = Vec::with_capacity(columns.len());
        for (column, sent) in columns.iter_mut().zip(row) {
            let length = length(&sent);
            bytes += length;
            longest = longest.max(length);
            values.push(column.read(sent, &subject)?);
        }
        values.resize(columns.len(), Value::Null);
        if let Some(batch) = sink.push(Row::from(values), bytes, longest)? {
            sink.rows(batch).await?;
        }
    }
    while answer.try_next().await.map_err(failed)?.is_some() {}
    drop(answer);
    connect::run(&mut session.client, END).await.map_err(failed)
}

/// Bytes of a text or of bytes.
fn length(sent: &ColumnData<'_>) -> usize {
    match sent {
        ColumnData::String(Some(text)) => text.len(),
        ColumnData::Binary(Some(bytes)) => bytes.len(),
        ColumnData::Xml(Some(xml)) => {
            let text: &str = (**xml).as_ref();
            text.len()
        }
        _ => 0,
    }
}
