//! SQLite files.

mod access;
mod binds;
mod describe;
mod error;
mod hiding;
mod open;
mod order;
mod pool;
mod rows;
mod schema;
mod times;
mod types;
mod values;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use pressroom_data::SourceError;
use pressroom_domain::{DataModel, ProviderModel};
use pressroom_ports::{ColumnInfo, DescribeError, QueryLimits, RowBatches, Statement, TableInfo};
use pressroom_query::Dialect;

use crate::Files;
use crate::engine;
use crate::stream::start_blocking;
use crate::subject::{LOOK, Subject};
use hiding::Hiding;
use open::Session;
use pool::Pool;

/// Reads SQLite files.
#[derive(Debug)]
pub(crate) struct Engine {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    files: Files,
    pool: Pool,
}

impl Engine {
    pub(crate) fn new(files: Files) -> Self {
        Self { shared: Arc::new(Shared { files, pool: Pool::default() }) }
    }

    /// Looks at a database on a thread that may block, for a bounded time.
    async fn look<T: Send + 'static>(
        &self,
        model: &DataModel,
        hiding: Hiding,
        look: impl FnOnce(&Session, &Subject) -> Result<T, SourceError> + Send + 'static,
    ) -> Result<T, SourceError> {
        let shared = self.shared.clone();
        let subject = Subject::new(model, "");
        let provider = model.provider.clone();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let name = model.name.to_string();
        let work = tokio::task::spawn_blocking(move || {
            let session = shared.session(&provider, Arc::new(hiding), &subject)?;
            session.stop_when(stopped);
            let seen = look(&session, &subject)?;
            shared.pool.put(session);
            Ok(seen)
        });
        let away = |message: &str| SourceError::Away {
            source_name: name.clone(),
            message: message.to_owned(),
        };
        match tokio::time::timeout(LOOK, work).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(away("looking at it failed; see the server's log")),
            Err(_) => {
                stop.store(true, Ordering::Relaxed);
                Err(away("it does not answer in time"))
            }
        }
    }
}

#[async_trait]
impl engine::Engine for Engine {
    fn dialect(&self, _model: &DataModel) -> &'static dyn Dialect {
        &pressroom_query::Sqlite
    }

    fn grammar(&self, _model: &DataModel) -> Option<engine::Grammar> {
        None
    }

    async fn open(
        &self,
        model: &DataModel,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError> {
        let shared = self.shared.clone();
        let provider = model.provider.clone();
        let hiding = Arc::new(Hiding::from(&model.hidden));
        let statement = statement.clone();
        start_blocking(Subject::new(model, &statement.name), *limits, move |sink| {
            let session = shared.session(&provider, hiding, &sink.subject)?;
            let outcome = rows::run(&session, &statement, sink);
            // After a failure the connection may hold whatever caused it.
            if outcome.is_ok() {
                shared.pool.put(session);
            }
            outcome
        })
        .await
    }

    async fn describe(
        &self,
        model: &DataModel,
        statement: &Statement,
    ) -> Result<Vec<ColumnInfo>, DescribeError> {
        let sql = Arc::clone(&statement.sql);
        let hiding = Hiding::from(&model.hidden);
        let look = move |session: &Session, subject: &Subject| {
            Ok(describe::describe(session, &sql, subject))
        };
        let described = self.look(model, hiding, look).await;
        described.unwrap_or_else(|error| Err(DescribeError::Away(error.to_string())))
    }

    async fn schema(&self, model: &DataModel) -> Result<Vec<TableInfo>, SourceError> {
        self.look(model, Hiding::default(), schema::read).await
    }

    async fn test(&self, model: &DataModel) -> Result<(), SourceError> {
        self.look(model, Hiding::default(), |session, subject| {
            let count = "select count(*) from sqlite_schema";
            let counted = session.connection.query_row(count, [], |row| row.get::<_, i64>(0));
            counted.map(drop).map_err(|error| error::said(subject, &error))
        })
        .await
    }
}

impl Shared {
    /// A connection to a model's file that hides this: one that waits, or a new one.
    fn session(
        &self,
        provider: &ProviderModel,
        hiding: Arc<Hiding>,
        subject: &Subject,
    ) -> Result<Session, SourceError> {
        let place =
            access::locate(provider, &self.files).map_err(|refusal| subject.away(refusal))?;
        if let Some(session) = self.pool.take(&place, &hiding) {
            return Ok(session);
        }
        place.check(&self.files).map_err(|refusal| subject.away(refusal))?;
        Session::open(place, hiding).map_err(|error| error::said(subject, &error))
    }
}
