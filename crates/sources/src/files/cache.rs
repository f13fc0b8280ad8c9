//! Documents that were loaded, kept for a while.
//!
//! One of a data model is loaded once for all who wait for it, and again when it has changed. Those that
//! nobody asked for in a while go, and the oldest ones where they take too much memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use pressroom_domain::{DataModel, DataModelId, ProviderModel};

use super::document::Document;

/// The most memory of all documents that nobody may be reading, in bytes.
const MOST_BYTES: u64 = 1 << 30;
/// The id of models that only a layout knows, and of those that are tried before they are stored.
const UNNAMED: DataModelId = DataModelId(0);
/// How long a document is kept that nobody asks for.
const IDLE: Duration = Duration::from_secs(600);

/// Documents by data model.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    entries: Mutex<Vec<Entry>>,
}

#[derive(Debug)]
struct Entry {
    /// Documents that only a layout names share one.
    model: DataModelId,
    /// What it was loaded from: a model that is changed gets a new one.
    provider: ProviderModel,
    used: Instant,
    /// As of the last look.
    bytes: u64,
    slot: Slot,
}

/// Where the document of a model is kept. Whoever holds it loads for all.
pub(crate) type Slot = Arc<tokio::sync::Mutex<Option<Loaded>>>;

/// A document, and by what it is known.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) document: Arc<Document>,
    pub(crate) state: State,
    /// When it was last known to be as it is.
    pub(crate) looked: Instant,
}

/// By what a document is known to be the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It is part of the model.
    Inline,
    /// The file's identity, length and time of its last change.
    File((u64, u64), u64, Option<SystemTime>),
    /// The tag of the web.
    Web(Option<String>),
}

impl Cache {
    /// The slot of a model.
    pub(crate) fn slot(&self, model: &DataModel) -> Slot {
        let now = Instant::now();
        let mut entries = self.entries();
        let fits = |entry: &Entry| entry.model == model.id && entry.provider == model.provider;
        entries.retain(|entry| {
            let replaced = entry.model == model.id && model.id != UNNAMED && !fits(entry);
            !replaced && now.duration_since(entry.used) < IDLE
        });
        if let Some(entry) = entries.iter_mut().find(|entry| fits(entry)) {
            entry.used = now;
            return Arc::clone(&entry.slot);
        }
        let slot = Slot::default();
        let (provider, of_entry) = (model.provider.clone(), Arc::clone(&slot));
        entries.push(Entry { model: model.id, provider, used: now, bytes: 0, slot: of_entry });
        slot
    }

    /// Tells how much memory a model's document takes. Others go, if it is too much in all.
    pub(crate) fn weigh(&self, model: &DataModel, bytes: u64) {
        let mut entries = self.entries();
        entries.sort_by_key(|entry| entry.used);
        let fits = |entry: &Entry| entry.model == model.id && entry.provider == model.provider;
        if let Some(entry) = entries.iter_mut().find(|entry| fits(entry)) {
            entry.bytes = bytes;
        }
        let mut all: u64 = entries.iter().map(|entry| entry.bytes).sum();
        entries.retain(|entry| {
            let kept = all <= MOST_BYTES || fits(entry);
            all -= if kept { 0 } else { entry.bytes };
            kept
        });
    }

    pub(crate) fn forget(&self, model: DataModelId) {
        self.entries().retain(|entry| entry.model != model);
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
