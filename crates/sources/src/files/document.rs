//! A document as an in-memory database.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use pressroom_data::SourceError;
use rusqlite::{Connection, OpenFlags};

use super::cell::Writing;
use super::error::DocumentError;
use super::tables::Tables;
use crate::sqlite::{Database, Hiding, Session};
use crate::subject::Subject;

/// The most memory of one document's tables, in bytes.
pub(crate) const MOST_MEMORY: u64 = 512 << 20;
/// The size of a page, in bytes.
const PAGE: u64 = 4_096;
/// Where SQLite keeps databases without files. Connections of one process that name the same one see
/// the same, as long as one of them is open.
const IN_MEMORY: &std::ffi::CStr = c"memdb";

/// Reads a document of a format.
pub(crate) trait Format: Send {
    /// Takes the rows to the tables. Called twice: see [`Tables`].
    fn read(&mut self, tables: &mut Tables<'_>) -> Result<(), DocumentError>;
}

/// The tables of a document.
pub(crate) struct Document {
    name: String,
    /// Keeps the tables in memory.
    _anchor: Mutex<Connection>,
    bytes: u64,
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl Document {
    /// Makes tables of a document. Blocks, until `stop` is set.
    pub(crate) fn load(
        format: &mut dyn Format,
        writing: Writing,
        stop: &Arc<AtomicBool>,
    ) -> Result<Self, DocumentError> {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let name = format!("/document-{}", MADE.fetch_add(1, Ordering::Relaxed));
        let connection = Connection::open_with_flags_and_vfs(
            &name,
            OpenFlags::SQLITE_OPEN_READ_WRITE
                | OpenFlags::SQLITE_OPEN_CREATE
                | OpenFlags::SQLITE_OPEN_NO_MUTEX,
            IN_MEMORY,
        )?;
        // Nothing is taken back: what fails is thrown away as a whole.
        connection.execute_batch(&format!(
            "pragma page_size = {PAGE}; pragma max_page_count = {}; pragma journal_mode = off;
             pragma cache_size = -2000;",
            MOST_MEMORY / PAGE
        ))?;
        let mut tables = Tables::new(writing, Arc::clone(stop));
        format.read(&mut tables)?;
        if tables.is_empty() {
            return Err(DocumentError::Empty);
        }
        connection.execute_batch("begin")?;
        tables.keep_in(&connection)?;
        format.read(&mut tables)?;
        let indexes = tables.indexes();
        drop(tables);
        for index in indexes {
            connection.execute_batch(&index)?;
        }
        connection.execute_batch("commit")?;
        let pages: u32 = connection.query_row("pragma page_count", [], |row| row.get(0))?;
        Ok(Self { name, bytes: u64::from(pages) * PAGE, _anchor: Mutex::new(connection) })
    }

    /// How much memory its tables take, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Database for Arc<Document> {
    type Key = ();

    fn session(
        &self,
        hiding: Arc<Hiding>,
        subject: &Subject,
    ) -> Result<((), Session), SourceError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags_and_vfs(&self.name, flags, IN_MEMORY);
        let session = opened.and_then(|connection| Session::guarded(connection, hiding));
        let session = session.map_err(|_| subject.away("its tables are not there; try again"))?;
        Ok(((), session))
    }

    /// Opening one is no work.
    fn give_back(&self, (): (), _: Session) {}
}
