//! A connection that can do nothing but read.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pressroom_data::SourceError;
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::hiding::{Hiding, Refusal, has_word};
use super::times::Style;
use super::{error, order};
use crate::places::Place;
use crate::subject::Subject;

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
    pub(crate) connection: Connection,
    /// What its statements may not read. SQLite looks only when it prepares a statement, so that a
    /// connection, which keeps prepared ones, serves one such choice.
    pub(crate) hiding: Arc<Hiding>,
    /// What the statements prepared last were found to do.
    seen: Arc<Mutex<Seen>>,
    /// How the times are written that a statement reads, by its text.
    pub(crate) styles: RefCell<HashMap<Arc<str>, Style>>,
}

/// What the statements prepared last were found to do.
#[derive(Debug, Default)]
struct Seen {
    /// The tables and columns that they read.
    reads: HashSet<(String, String)>,
    /// What they may not.
    refusal: Option<Refusal>,
    /// Whether the text that is prepared has a `with` clause: then nothing is read through views.
    has_with: bool,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Session {
    /// A connection to a file.
    pub(crate) fn of_file(place: &Place, hiding: Arc<Hiding>) -> rusqlite::Result<Self> {
        let connection = Connection::open_with_flags(
            &place.path,
            // The path was resolved: a link in it now is one that somebody put there since. Without
            // `SQLITE_OPEN_URI` and by an absolute path, no name is taken for a URI.
            OpenFlags::SQLITE_OPEN_READ_ONLY
                | OpenFlags::SQLITE_OPEN_NO_MUTEX
                | OpenFlags::SQLITE_OPEN_NOFOLLOW,
        )?;
        Self::guarded(connection, hiding)
    }

    /// Lets a connection do nothing but read what is not hidden.
    pub(crate) fn guarded(connection: Connection, hiding: Arc<Hiding>) -> rusqlite::Result<Self> {
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
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (of_hook, rules) = (Arc::clone(&seen), Arc::clone(&hiding));
        connection.authorizer(Some(move |context: AuthContext<'_>| {
            let mut seen = of_hook.lock().unwrap_or_else(PoisonError::into_inner);
            match authorize(&context, &rules, &mut seen) {
                None => Authorization::Allow,
                Some(refusal) => {
                    seen.refusal.get_or_insert(refusal);
                    Authorization::Deny
                }
            }
        }))?;
        Ok(Self { connection, hiding, seen, styles: RefCell::default() })
    }

    /// To be called with the text of a statement that somebody else wrote, before it is prepared.
    pub(crate) fn expect(&self, sql: &str, subject: &Subject) -> Result<(), SourceError> {
        let mut seen = self.seen();
        seen.refusal = None;
        seen.has_with = has_word(sql, "with");
        match self.hiding.refuses_text(sql) {
            None => Ok(()),
            Some(refusal) => Err(subject.query(format_args!("it {refusal}"))),
        }
    }

    /// What the statement that was expected last may not, and was refused for.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        self.seen().refusal.clone()
    }

    /// The error of a prepared or running statement.
    pub(crate) fn error(&self, subject: &Subject, error: &rusqlite::Error) -> SourceError {
        let denied = error.sqlite_error_code() == Some(ErrorCode::AuthorizationForStatementDenied);
        match self.refusal() {
            Some(refusal) if denied => subject.query(format_args!("it {refusal}")),
            _ => error::said(subject, error),
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
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
        self.seen().reads.clear();
        drop(self.connection.prepare(sql)?);
        let mut columns: Vec<_> = self.seen().reads.drain().collect();
        columns.sort_unstable();
        Ok(columns)
    }
}

/// Lets a statement read what is shown and call functions, and nothing else: what it may not.
fn authorize(context: &AuthContext<'_>, hiding: &Hiding, seen: &mut Seen) -> Option<Refusal> {
    match &context.action {
        AuthAction::Read { table_name, column_name } => {
            seen.reads.insert(((*table_name).to_owned(), (*column_name).to_owned()));
            match context.accessor.filter(|_| !seen.has_with) {
                Some(view) => hiding.refuses_view(view),
                None => hiding.refuses(table_name, column_name),
            }
        }
        AuthAction::Select | AuthAction::Recursive => None,
        AuthAction::Function { function_name } => {
            let denied =
                DENIED_FUNCTIONS.iter().any(|name| name.eq_ignore_ascii_case(function_name));
            denied.then_some(Refusal::Acts)
        }
        // The full-text index asks for it by itself; it only counts changes.
        AuthAction::Pragma { pragma_name, pragma_value: None }
            if pragma_name.eq_ignore_ascii_case("data_version") =>
        {
            None
        }
        _ => Some(Refusal::Acts),
    }
}
