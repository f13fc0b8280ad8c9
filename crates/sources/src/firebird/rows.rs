//! A query's rows.

use std::sync::Arc;

use pressroom_data::{Field, Row, Schema, SourceError, Value};
use pressroom_ports::Statement;
use rsfbclient::{FbError, SqlType};
use tokio::sync::oneshot;

use super::connect::{Kill, Line, Session};
use super::values::Column;
use super::{binds, describe, error};
use crate::sessions::Lease;
use crate::stream::Sink;

/// Runs a query. Its reader may go at any time: then its work on the server is ended.
pub(super) fn run(
    mut session: Lease<Session>,
    statement: &Statement,
    sink: &mut Sink,
) -> Result<(), SourceError> {
    let watched = watch(session.kill(), sink);
    let outcome = read(&mut session, statement, sink);
    // Before it is given back: what another query does must not be ended.
    if watched.end() && outcome.is_ok() {
        session.give_back();
    }
    outcome
}

/// Somebody who waits for the reader to go.
struct Watched(oneshot::Sender<()>);

impl Watched {
    /// Whether the reader stayed.
    fn end(self) -> bool {
        self.0.send(()).is_ok()
    }
}

fn watch(kill: Kill, sink: &Sink) -> Watched {
    let (sender, ended) = oneshot::channel();
    let gone = sink.gone();
    tokio::spawn(async move {
        tokio::select! {
            biased;
            _ = ended => {}
            () = gone => drop(tokio::task::spawn_blocking(move || kill.run())),
        }
    });
    Watched(sender)
}

fn read(session: &mut Session, statement: &Statement, sink: &mut Sink) -> Result<(), SourceError> {
    let subject = sink.subject.clone();
    let failed = |error: FbError| error::said(&subject, &error);
    let values = binds::bound(&statement.binds, &subject)?;
    let mut transaction = session.begin(&subject)?;
    let described = describe::columns(&mut transaction, &statement.sql, &values).map_err(failed)?;
    if described.is_empty() {
        return Err(subject.not_reading());
    }
    let fields = described.iter().map(|column| Field::new(&*column.name, column.data_type));
    sink.columns_blocking(Arc::new(Schema::new(fields.collect())), false)?;
    let expressions: Vec<&str> = described.iter().map(|column| &*column.expression).collect();
    let sql = format!("select {} from ({}) q", expressions.join(", "), statement.sql);
    let mut columns: Vec<Column> = described.into_iter().map(Column::new).collect();
    let mut prepared = transaction.prepare(&sql, false).map_err(failed)?;
    let mut rows = prepared.query::<Line, _>(values).map_err(failed)?;
    while let Some(Line(row)) = rows.fetch().map_err(failed)? {
        let (mut bytes, mut longest) = (0, 0);
        let mut values = Vec::with_capacity(columns.len());
        for (column, sent) in columns.iter_mut().zip(row) {
            let length = match &sent.value {
                SqlType::Text(text) => text.len(),
                SqlType::Binary(data) => data.len(),
                _ => 0,
            };
            bytes += length;
            longest = longest.max(length);
            values.push(column.read(sent.value, &subject)?);
        }
        values.resize(columns.len(), Value::Null);
        if let Some(batch) = sink.push(Row::from(values), bytes, longest)? {
            sink.rows_blocking(batch)?;
        }
    }
    drop(rows);
    drop(prepared);
    transaction.commit().map_err(failed)
}
