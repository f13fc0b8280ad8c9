//! Queries of a database, wherever its connections come from.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pressroom_data::SourceError;
use pressroom_domain::DataModel;
use pressroom_ports::{ColumnInfo, DescribeError, QueryLimits, RowBatches, Statement, TableInfo};

use super::hiding::Hiding;
use super::open::Session;
use super::{describe, error, rows, schema};
use crate::stream::start_blocking;
use crate::subject::{LOOK, Subject};

/// Where connections come from. Called on threads that may block.
pub(crate) trait Database: Send + Sync + 'static {
    /// What tells the databases of one kind apart.
    type Key: Send;

    /// A connection that hides this.
    fn session(
        &self,
        hiding: Arc<Hiding>,
        subject: &Subject,
    ) -> Result<(Self::Key, Session), SourceError>;

    /// Takes one back that is as good as new.
    fn give_back(&self, key: Self::Key, session: Session);
}

/// A model and its database.
pub(crate) struct Reading<'m, D> {
    model: &'m DataModel,
    database: D,
}

impl<'m, D: Database> Reading<'m, D> {
    pub(crate) fn new(model: &'m DataModel, database: D) -> Self {
        Self { model, database }
    }

    pub(crate) async fn open(
        self,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError> {
        let hiding = Arc::new(Hiding::from(&self.model.hidden));
        let subject = Subject::new(self.model, &statement.name);
        let (database, statement) = (self.database, statement.clone());
        start_blocking(subject, *limits, move |sink| {
            let (key, session) = database.session(hiding, &sink.subject)?;
            let outcome = rows::run(&session, &statement, sink);
            // After a failure the connection may hold whatever caused it.
            if outcome.is_ok() {
                database.give_back(key, session);
            }
            outcome
        })
        .await
    }

    pub(crate) async fn describe(
        self,
        statement: &Statement,
    ) -> Result<Vec<ColumnInfo>, DescribeError> {
        let sql = Arc::clone(&statement.sql);
        let hiding = Hiding::from(&self.model.hidden);
        let look = move |session: &Session, subject: &Subject| {
            Ok(describe::describe(session, &sql, subject))
        };
        let described = self.look(hiding, look).await;
        described.unwrap_or_else(|error| Err(DescribeError::Away(error.to_string())))
    }

    pub(crate) async fn schema(self) -> Result<Vec<TableInfo>, SourceError> {
        self.look(Hiding::default(), schema::read).await
    }

    pub(crate) async fn test(self) -> Result<(), SourceError> {
        self.look(Hiding::default(), |session, subject| {
            let count = "select count(*) from sqlite_schema";
            let counted = session.connection.query_row(count, [], |row| row.get::<_, i64>(0));
            counted.map(drop).map_err(|error| error::said(subject, &error))
        })
        .await
    }

    /// Looks at a database on a thread that may block, for a bounded time.
    async fn look<T: Send + 'static>(
        self,
        hiding: Hiding,
        look: impl FnOnce(&Session, &Subject) -> Result<T, SourceError> + Send + 'static,
    ) -> Result<T, SourceError> {
        let subject = Subject::new(self.model, "");
        let of_work = subject.clone();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let database = self.database;
        let work = tokio::task::spawn_blocking(move || {
            let (key, session) = database.session(Arc::new(hiding), &of_work)?;
            session.stop_when(stopped);
            let seen = look(&session, &of_work)?;
            database.give_back(key, session);
            Ok(seen)
        });
        match tokio::time::timeout(LOOK, work).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(subject.away("looking at it failed; see the server's log")),
            Err(_) => {
                stop.store(true, Ordering::Relaxed);
                Err(subject.away("it does not answer in time"))
            }
        }
    }
}
