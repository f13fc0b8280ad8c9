//! A query's rows.

use std::sync::Arc;

use async_trait::async_trait;
use mysql_async::Value as Sent;
use mysql_async::prelude::Queryable;
use pressroom_data::{Field, Row, Schema, SourceError, Value};
use pressroom_domain::DataModel;
use pressroom_ports::Statement;

use super::connect::Session;
use super::values::Column;
use super::{Engine, binds, error, types};
use crate::sessions::Lease;
use crate::stream::{self, Sink};

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
        if let Some(session) = self.0.take() {
            let kill = session.kill();
            tokio::spawn(async move {
                kill.await;
                drop(session);
            });
        }
    }
}

async fn read(
    session: &mut Session,
    statement: &Statement,
    sink: &mut Sink,
) -> Result<(), SourceError> {
    let subject = sink.subject.clone();
    let failed = |error: mysql_async::Error| error::said(&subject, &error);
    let connection = &mut session.connection;
    connection.query_drop("start transaction read only").await.map_err(failed)?;
    let prepared = connection.prep(&*statement.sql).await.map_err(failed)?;
    let values = binds::bound(prepared.num_params().into(), &statement.binds, &subject)?;
    let mut result = connection.exec_iter(&prepared, values).await.map_err(failed)?;
    let sent = result.columns().filter(|columns| !columns.is_empty());
    let sent = sent.ok_or_else(|| subject.not_reading())?;
    let fields =
        sent.iter().map(|column| Field::new(&*column.name_str(), types::of_column(column)));
    let schema = Arc::new(Schema::new(fields.collect()));
    let mut columns: Vec<Column> =
        schema.fields.iter().map(|field| Column::new(&field.name, field.data_type)).collect();
    sink.columns(schema, false).await?;
    while let Some(row) = result.next().await.map_err(failed)? {
        let (mut bytes, mut longest) = (0, 0);
        let mut values = Vec::with_capacity(columns.len());
        for (column, sent) in columns.iter_mut().zip(row.unwrap()) {
            if let Sent::Bytes(sent) = &sent {
                bytes += sent.len();
                longest = longest.max(sent.len());
            }
            values.push(column.read(sent, &subject)?);
        }
        values.resize(columns.len(), Value::Null);
        if let Some(batch) = sink.push(Row::from(values), bytes, longest)? {
            sink.rows(batch).await?;
        }
    }
    // What a procedure gives beyond its first rows is nobody's.
    result.drop_result().await.map_err(failed)?;
    let _ = connection.close(prepared).await;
    connection.query_drop("commit").await.map_err(failed)
}
