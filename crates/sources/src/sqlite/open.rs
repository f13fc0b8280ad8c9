//! A connection that can do nothing but read.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::access::Place;
use super::order;
use super::times::Style;

/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 64;
/// How long a locked database is waited for.
const LOCK_WAIT: Duration = Duration::from_secs(2);
/// Steps of SQLite's machine between two looks at whether the reader is gone. Few: one step may search
/// a text of megabytes.
const STEPS: i32 = 256;
/// Functions that reach beyond the database, or into the machine, by name.
const DENIED_FUNCTIONS: [&str; 2] = ["load_extension", "fts3_tokenizer"];

/// An open connection and what is known about its database.
pub(crate) struct Session {
    pub(crate) place: Place,
    pub(crate) connection: Connection,
    /// Tables and columns that the statements prepared last read.
    reads: Reads,
    /// How the times are written that a statement reads, by its text.
    pub(crate) styles: RefCell<HashMap<Arc<str>, Style>>,
}

type Reads = Arc<Mutex<HashSet<(String, String)>>>;

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Session {
    pub(crate) fn open(place: Place) -> rusqlite::Result<Self> {
        let connection = Connection::open_with_flags(
            &place.path,
            // The path was resolved: a link in it now is one that somebody put there since. Without
            // `SQLITE_OPEN_URI` and by an absolute path, no name is taken for a URI.
            OpenFlags::SQLITE_OPEN_READ_ONLY
                | OpenFlags::SQLITE_OPEN_NO_MUTEX
                | OpenFlags::SQLITE_OPEN_NOFOLLOW,
        )?;
        connection.busy_timeout(LOCK_WAIT)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        for (setting, value) in [
            (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
            (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false),
        ] {
            connection.set_db_config(setting, value)?;
        }
        for (limit, value) in [
            (Limit::SQLITE_LIMIT_ATTACHED, 0),
            (Limit::SQLITE_LIMIT_SQL_LENGTH, 1 << 20),
            (Limit::SQLITE_LIMIT_EXPR_DEPTH, 500),
            (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 200),
            (Limit::SQLITE_LIMIT_VDBE_OP, 1_000_000),
            (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 4_000),
            (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 1),
            (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
        ] {
            connection.set_limit(limit, value)?;
        }
        // Sorting beyond the cache goes to unnamed temporary files.
        connection.execute_batch(
            "pragma query_only = on; pragma cell_size_check = on; pragma cache_size = -8000;",
        )?;
        order::register(&connection)?;
        let reads = Reads::default();
        let seen = reads.clone();
        connection.authorizer(Some(move |context: AuthContext<'_>| authorize(&context, &seen)))?;
        Ok(Self { place, connection, reads, styles: RefCell::default() })
    }

    /// Ends what runs soon after the flag is set.
    pub(crate) fn stop_when(&self, stop: Arc<AtomicBool>) {
        // It fails for borrowed connections only, which this is not.
        let _ = self.connection.progress_handler(STEPS, Some(move || stop.load(Ordering::Relaxed)));
    }

    /// Bounds the length of rows, and of the values that expressions make on the way.
    pub(crate) fn bound_rows(&self, bytes: usize) -> rusqlite::Result<()> {
        let bytes = i32::try_from(bytes.clamp(1 << 20, 1 << 30)).unwrap_or(1 << 30);
        self.connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, bytes).map(drop)
    }

    /// The columns, by table, that a statement reads.
    pub(crate) fn columns_read_by(&self, sql: &str) -> rusqlite::Result<Vec<(String, String)>> {
        self.reads.lock().unwrap_or_else(PoisonError::into_inner).clear();
        drop(self.connection.prepare(sql)?);
        let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        let mut columns: Vec<_> = reads.drain().collect();
        columns.sort_unstable();
        Ok(columns)
    }
}

/// Lets a statement read tables and call functions, and nothing else.
fn authorize(context: &AuthContext<'_>, reads: &Reads) -> Authorization {
    match &context.action {
        AuthAction::Read { table_name, column_name } => {
            let mut reads = reads.lock().unwrap_or_else(PoisonError::into_inner);
            reads.insert(((*table_name).to_owned(), (*column_name).to_owned()));
            Authorization::Allow
        }
        AuthAction::Select | AuthAction::Recursive => Authorization::Allow,
        AuthAction::Function { function_name } => {
            let denied =
                DENIED_FUNCTIONS.iter().any(|name| name.eq_ignore_ascii_case(function_name));
            if denied { Authorization::Deny } else { Authorization::Allow }
        }
        // The full-text index asks for it by itself; it only counts changes.
        AuthAction::Pragma { pragma_name, pragma_value: None }
            if pragma_name.eq_ignore_ascii_case("data_version") =>
        {
            Authorization::Allow
        }
        _ => Authorization::Deny,
    }
}
