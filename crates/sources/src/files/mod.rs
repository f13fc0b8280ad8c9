//! Documents: JSON, CSV, Excel and XML.
//!
//! A document becomes the tables of an in-memory database, which SQLite's part reads: so queries,
//! hiding and limits are those of any database.

mod cache;
mod cell;
mod csv;
mod document;
mod error;
mod excel;
mod json;
mod origin;
mod tables;
mod text;
mod xml;

use std::fs::File;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use pressroom_data::SourceError;
use pressroom_domain::{DataModel, DataModelId, ProviderType};
use pressroom_ports::{
    ColumnInfo, DescribeError, FetchRequest, Fetched, Fetcher, QueryLimits, RowBatches, Statement,
    TableInfo,
};
use pressroom_query::Dialect;

use crate::Files;
use crate::engine;
use crate::places;
use crate::sqlite::{self, Reading};
use crate::subject::Subject;
use cache::{Cache, Loaded, State};
use document::{Document, Format};
use error::DocumentError;
use origin::{Options, Origin, Source};

/// The longest document, in bytes.
const MOST_BYTES: u64 = 256 << 20;
/// How long a document of the web is taken for unchanged.
const FRESH: Duration = Duration::from_secs(15);
/// How long a document may take to come and to become tables, where nobody says.
const LOAD: Duration = Duration::from_secs(60);

/// Reads documents.
#[derive(Debug)]
pub(crate) struct Engine {
    files: Arc<Files>,
    fetcher: Arc<dyn Fetcher>,
    cache: Cache,
}

impl Engine {
    pub(crate) fn new(files: Files, fetcher: Arc<dyn Fetcher>) -> Self {
        Self { files: Arc::new(files), fetcher, cache: Cache::default() }
    }

    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    /// The tables of a model's document: those that are kept, if it is as it was.
    async fn document(
        &self,
        model: &DataModel,
        timeout: Duration,
    ) -> Result<Arc<Document>, SourceError> {
        let subject = Subject::new(model, "");
        match tokio::time::timeout(timeout, self.load(model, &subject, timeout)).await {
            Ok(document) => document,
            Err(_) => Err(subject.away(format_args!(
                "its document does not become tables within {} seconds; take a part of it",
                timeout.as_secs()
            ))),
        }
    }

    async fn load(
        &self,
        model: &DataModel,
        subject: &Subject,
        timeout: Duration,
    ) -> Result<Arc<Document>, SourceError> {
        let away = |error: DocumentError| subject.away(error);
        let source = Source::of(&model.provider).map_err(away)?;
        let slot = self.cache.slot(model);
        let mut slot = slot.lock().await;
        let loaded = match &source.origin {
            Origin::Inline(text) => match &*slot {
                Some(loaded) => return Ok(Arc::clone(&loaded.document)),
                None => {
                    let bytes = text.reveal().as_bytes().to_vec();
                    self.tables(model, &source, bytes, subject).await?.known_by(State::Inline)
                }
            },
            Origin::File(path) => {
                let (path, files) = (path.clone(), Arc::clone(&self.files));
                let known = slot.as_ref().map(|loaded| loaded.state.clone());
                let of_file = subject.clone();
                let read =
                    blocking(subject, move |_| read(&path, &files, known.as_ref(), &of_file));
                match (read.await?, &*slot) {
                    ((None, _), Some(loaded)) => return Ok(Arc::clone(&loaded.document)),
                    ((bytes, state), _) => {
                        let bytes = bytes.unwrap_or_default();
                        self.tables(model, &source, bytes, subject).await?.known_by(state)
                    }
                }
            }
            Origin::Web(request) => {
                let known = match &*slot {
                    Some(loaded) if loaded.looked.elapsed() < FRESH => {
                        return Ok(Arc::clone(&loaded.document));
                    }
                    Some(Loaded { state: State::Web(tag), .. }) => tag.clone(),
                    _ => None,
                };
                let request =
                    FetchRequest { max_bytes: MOST_BYTES, timeout, known, ..(**request).clone() };
                let fetched = self.fetcher.get(&request).await;
                match (fetched.map_err(|error| subject.away(error))?, &mut *slot) {
                    (Fetched::Unchanged, Some(loaded)) => {
                        loaded.looked = Instant::now();
                        return Ok(Arc::clone(&loaded.document));
                    }
                    (Fetched::Unchanged, None) => return Err(away(DocumentError::Changed)),
                    (Fetched::Document { tag, bytes, .. }, _) => {
                        let tables = self.tables(model, &source, bytes, subject);
                        tables.await?.known_by(State::Web(tag))
                    }
                }
            }
        };
        let document = Arc::clone(&loaded.document);
        *slot = Some(loaded);
        self.cache.weigh(model, document.bytes());
        Ok(document)
    }

    /// Makes tables of a document, on a thread that may block.
    async fn tables(
        &self,
        model: &DataModel,
        source: &Source,
        bytes: Vec<u8>,
        subject: &Subject,
    ) -> Result<Arc<Document>, SourceError> {
        let kind = model.provider.provider_type();
        let (name, options) = (source.name.clone(), source.options.clone());
        let of_work = subject.clone();
        blocking(subject, move |stop| {
            let made = options.writing().and_then(|writing| {
                let mut format = format(kind, bytes, &name, &options)?;
                Document::load(&mut *format, writing, stop)
            });
            made.map(Arc::new).map_err(|error| of_work.away(error))
        })
        .await
    }

    async fn reading<'m>(
        &self,
        model: &'m DataModel,
        timeout: Duration,
    ) -> Result<Reading<'m, Arc<Document>>, SourceError> {
        Ok(Reading::new(model, self.document(model, timeout).await?))
    }
}

impl Document {
    fn known_by(self: Arc<Self>, state: State) -> Loaded {
        Loaded { document: self, state, looked: Instant::now() }
    }
}

/// Does work on a thread that may block, which is told to stop when nobody waits any more.
async fn blocking<T: Send + 'static>(
    subject: &Subject,
    work: impl FnOnce(&Arc<AtomicBool>) -> Result<T, SourceError> + Send + 'static,
) -> Result<T, SourceError> {
    struct Waiting(Arc<AtomicBool>);
    impl Drop for Waiting {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let waiting = Waiting(Arc::default());
    let stop = Arc::clone(&waiting.0);
    let done = tokio::task::spawn_blocking(move || work(&stop)).await;
    done.unwrap_or_else(|_| Err(subject.away("its document is so damaged that reading it fails")))
}

/// The bytes of a file, unless it is as it is known, and what it is known by from now on.
fn read(
    path: &str,
    files: &Files,
    known: Option<&State>,
    subject: &Subject,
) -> Result<(Option<Vec<u8>>, State), SourceError> {
    let refused = |refusal: places::Refusal| subject.away(refusal);
    let place = places::locate(path, files).map_err(refused)?;
    place.check(files).map_err(refused)?;
    let unreadable = |_| {
        subject.away("its file cannot be opened; see that the server may read it and its folder")
    };
    let file = File::open(&place.path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    // What was checked is what was opened.
    if !place.is(&metadata) {
        return Err(subject.away(places::Refusal::Missing));
    }
    let state = State::File(place.identity(), metadata.len(), metadata.modified().ok());
    if known == Some(&state) {
        return Ok((None, state));
    }
    let too_long = || subject.away(DocumentError::TooLong { most: MOST_BYTES >> 20 });
    if metadata.len() > MOST_BYTES {
        return Err(too_long());
    }
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(too_long());
    }
    Ok((Some(bytes), state))
}

/// The reader of a kind of document.
fn format(
    kind: ProviderType,
    bytes: Vec<u8>,
    name: &str,
    options: &Options,
) -> Result<Box<dyn Format>, DocumentError> {
    Ok(match kind {
        ProviderType::Json => Box::new(json::Json::new(&bytes, name, options)?),
        ProviderType::Csv => Box::new(csv::Csv::new(&bytes, name, options)?),
        ProviderType::Excel => Box::new(excel::Excel::new(bytes, options)?),
        _ => Box::new(xml::Xml::new(&bytes, name, options)?),
    })
}

#[async_trait]
impl engine::Engine for Engine {
    fn dialect(&self, _model: &DataModel) -> &'static dyn Dialect {
        &pressroom_query::Sqlite
    }

    fn grammar(&self, model: &DataModel) -> Option<engine::Grammar> {
        sqlite::grammar(model)
    }

    async fn open(
        &self,
        model: &DataModel,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError> {
        self.reading(model, limits.timeout).await?.open(statement, limits).await
    }

    async fn describe(
        &self,
        model: &DataModel,
        statement: &Statement,
    ) -> Result<Vec<ColumnInfo>, DescribeError> {
        let reading = self.reading(model, LOAD).await;
        let reading = reading.map_err(|error| DescribeError::Away(error.to_string()))?;
        reading.describe(statement).await
    }

    async fn schema(&self, model: &DataModel) -> Result<Vec<TableInfo>, SourceError> {
        self.reading(model, LOAD).await?.schema().await
    }

    async fn test(&self, model: &DataModel) -> Result<(), SourceError> {
        self.reading(model, LOAD).await?.test().await
    }

    fn forget(&self, model: DataModelId) {
        self.cache.forget(model);
    }
}
