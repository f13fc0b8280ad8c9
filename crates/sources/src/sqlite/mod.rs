//! SQLite: files, and what else is held by it.

mod binds;
mod describe;
mod error;
mod hiding;
mod open;
mod order;
mod pool;
mod reading;
mod rows;
mod schema;
mod times;
mod types;
mod values;

use std::sync::Arc;

use async_trait::async_trait;
use pressroom_data::SourceError;
use pressroom_domain::DataModel;
use pressroom_ports::{ColumnInfo, DescribeError, QueryLimits, RowBatches, Statement, TableInfo};
use pressroom_query::Dialect;

use crate::Files;
use crate::engine;
use crate::gate::Syntax;
use crate::places::{self, Place};
use crate::subject::Subject;
use pool::Pool;

pub(crate) use error::said;
pub(crate) use hiding::Hiding;
pub(crate) use open::Session;
pub(crate) use reading::{Database, Reading};
pub(crate) use rows::run;
pub(crate) use schema::quoted;

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

    fn reading<'m>(&self, model: &'m DataModel) -> Reading<'m, File> {
        let named = model.provider.sqlite_file();
        Reading::new(model, File { named, shared: self.shared.clone() })
    }
}

#[async_trait]
impl engine::Engine for Engine {
    fn dialect(&self, _model: &DataModel) -> &'static dyn Dialect {
        &pressroom_query::Sqlite
    }

    fn grammar(&self, model: &DataModel) -> Option<engine::Grammar> {
        grammar(model)
    }

    async fn open(
        &self,
        model: &DataModel,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError> {
        self.reading(model).open(statement, limits).await
    }

    async fn describe(
        &self,
        model: &DataModel,
        statement: &Statement,
    ) -> Result<Vec<ColumnInfo>, DescribeError> {
        self.reading(model).describe(statement).await
    }

    async fn schema(&self, model: &DataModel) -> Result<Vec<TableInfo>, SourceError> {
        self.reading(model).schema().await
    }

    async fn test(&self, model: &DataModel) -> Result<(), SourceError> {
        self.reading(model).test().await
    }
}

/// How statements are checked: SQLite itself refuses what is hidden, but row filters have to be written
/// into them.
pub(crate) fn grammar(model: &DataModel) -> Option<engine::Grammar> {
    let grammar = engine::Grammar { syntax: Syntax::Sqlite, schema: None };
    (!model.row_filters.is_empty()).then_some(grammar)
}

/// The file of a model.
struct File {
    /// As the model names it.
    named: Option<String>,
    shared: Arc<Shared>,
}

impl Database for File {
    type Key = Place;

    /// A connection to the file that hides this: one that waits, or a new one.
    fn session(
        &self,
        hiding: Arc<Hiding>,
        subject: &Subject,
    ) -> Result<(Place, Session), SourceError> {
        let files = &self.shared.files;
        let refused = |refusal: places::Refusal| subject.away(refusal);
        let named = self.named.as_deref().ok_or(places::Refusal::NoFile).map_err(refused)?;
        // `sqlite:///folder/file` is absolute, `sqlite://file` relative.
        let named = named.strip_prefix("sqlite://").unwrap_or(named);
        let place = places::locate(named, files).map_err(refused)?;
        if let Some(session) = self.shared.pool.take(&place, &hiding) {
            return Ok((place, session));
        }
        place.check(files).map_err(refused)?;
        let session = Session::of_file(&place, hiding);
        Ok((place, session.map_err(|error| said(subject, &error))?))
    }

    fn give_back(&self, place: Place, session: Session) {
        self.shared.pool.put(place, session);
    }
}
