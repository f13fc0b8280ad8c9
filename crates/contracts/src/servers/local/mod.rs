//! A server for tests that is started from installed programs: what all kinds of it share.
//!
//! Tests run in many processes at a time, so that one of them starts the server and all use it. A
//! *keeper*, a small shell script, waits until none of them is left, ends the server and removes its
//! folder; it does so too where the tests were killed.

mod life;
mod locks;
mod place;
mod programs;

use std::fmt;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;

use uuid::Uuid;

use self::life::Life;
pub(super) use self::locks::exclusive;
pub(super) use self::place::{Place, digest};
pub(super) use self::programs::{find, run, run_with};

/// What sets a kind of servers apart from the others.
pub(super) trait Kind: fmt::Debug + Send + Sync {
    /// What it is called: a word for the name of a folder.
    fn name(&self) -> &'static str;

    /// The user of the machine that runs it where tests run as root. Debian's package makes it.
    fn account(&self) -> &'static str;

    /// What tells one installed version from another.
    fn version(&self) -> String;

    /// The user of the server whose databases they are.
    fn user(&self) -> &'static str;

    /// Fills the folder of the data, which is empty, before the first start.
    fn initialise(&self, place: &Place);

    /// The server itself, at the port of the place. It stays in the foreground.
    fn server(&self, place: &Place) -> Command;

    /// Whether the server that was started takes connections.
    fn is_ready(&self, place: &Place) -> bool;

    /// The signal that ends it in an orderly way.
    fn stop_signal(&self) -> &'static str {
        "TERM"
    }

    /// The signal that ends it at once, as a crash does.
    fn crash_signal(&self) -> &'static str {
        "KILL"
    }

    /// The URL of a database by an address.
    fn url(&self, place: &Place, address: SocketAddr, database: &str) -> String;

    /// The client that runs the SQL of its standard input in a database until something fails, and
    /// prints a line a row.
    fn client(&self, place: &Place, database: &str) -> Command;

    /// What the client is given for some SQL.
    fn script(&self, sql: &str) -> String {
        sql.to_owned()
    }

    /// What the client printed, as rows whose columns have `|` between.
    fn rows(&self, printed: &str) -> String {
        printed.trim_end().to_owned()
    }

    /// Makes a new, empty database. What is given is a word of letters and digits that no other has;
    /// what is returned is how the server calls it.
    fn create(&self, place: &Place, word: &str) -> String;

    /// Drops a database, whoever is connected. Where the server is away, it went with it.
    fn drop(&self, place: &Place, database: &str);
}

/// A server for tests, of any kind. Every user but the machine's own needs the password that is in
/// its URLs. What is committed outlives the server, but need not reach the disk.
///
/// All calls block. A call that fails panics, and says what the server said. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Server(Arc<Life>);

/// A database of one test, which is dropped with this.
#[derive(Debug)]
pub struct Database {
    /// Where it is, with the user and the password: `postgres://user:password@127.0.0.1:port/name`,
    /// `mysql://…`, or `firebird://…` with a path for the name.
    pub url: String,
    /// What the server calls it: letters and digits, or for Firebird the path of its file.
    pub name: String,
    server: Server,
}

impl Server {
    /// One that all tests share, also those of other processes. It is started where it does not run,
    /// and ends some seconds after the last process that used it.
    pub(super) fn shared(kind: impl Kind + 'static) -> Self {
        Self(Arc::new(Life::shared(Box::new(kind))))
    }

    /// One of this test alone.
    pub(super) fn dedicated(kind: impl Kind + 'static) -> Self {
        Self(Arc::new(Life::dedicated(Box::new(kind))))
    }

    pub(super) fn place(&self) -> &Place {
        &self.0.place
    }

    fn kind(&self) -> &dyn Kind {
        &*self.0.kind
    }

    /// Makes a new, empty database.
    #[must_use]
    pub fn database(&self) -> Database {
        let name = self.kind().create(self.place(), &new_word());
        self.named(name)
    }

    /// A database that is there, and is to go.
    pub(super) fn named(&self, name: String) -> Database {
        Database { url: self.url(&name), name, server: self.clone() }
    }

    /// Where it listens: a port of the loopback.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.place().address()
    }

    /// The user of its URLs, who may do everything.
    #[must_use]
    pub fn user(&self) -> &str {
        self.kind().user()
    }

    /// The password of that user.
    #[must_use]
    pub fn password(&self) -> &str {
        &self.place().password
    }

    /// The URL of a database of it, which need not exist.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        self.kind().url(self.place(), self.address(), database)
    }

    /// Runs SQL in a database by the server's own client, and gives what that prints: a line a row,
    /// columns with `|` between.
    ///
    /// The statements end with semicolons; the first that fails ends them. They are of any length.
    #[must_use = "look at what the server says"]
    pub fn sql(&self, database: &str, sql: &str) -> String {
        sql_at(self.kind(), self.place(), database, sql)
    }

    /// Ends it in an orderly way. For a dedicated one only.
    pub fn stop(&self) {
        self.0.stop(self.kind().stop_signal());
    }

    /// Ends it at once, as a crash does: whatever is connected is cut off. For a dedicated one only.
    pub fn stop_hard(&self) {
        self.0.stop(self.kind().crash_signal());
    }

    /// Starts it again, at the same address.
    pub fn start(&self) {
        self.0.start_again();
    }
}

impl Database {
    /// The server that holds it.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The URL of the same database by another way, such as that of a [`Proxy`](super::Proxy).
    #[must_use]
    pub fn url_by(&self, address: SocketAddr) -> String {
        self.server.kind().url(self.server.place(), address, &self.name)
    }

    /// Runs SQL in it, and gives the rows; see [`Server::sql`].
    #[must_use = "look at what the server says"]
    pub fn sql(&self, sql: &str) -> String {
        self.server.sql(&self.name, sql)
    }

    /// Runs SQL in it, whose rows nobody looks at; see [`Server::sql`].
    pub fn run(&self, sql: &str) {
        let _ = self.sql(sql);
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.server.kind().drop(self.server.place(), &self.name);
    }
}

/// What [`Server::sql`] does, for a kind itself.
pub(super) fn sql_at(kind: &dyn Kind, place: &Place, database: &str, sql: &str) -> String {
    let output = run_with(&mut kind.client(place, database), &kind.script(sql));
    kind.rows(&String::from_utf8_lossy(&output.stdout))
}

/// The same, where it does not matter whether it works.
pub(super) fn try_sql_at(kind: &dyn Kind, place: &Place, database: &str, sql: &str) {
    let _ = programs::try_with(&mut kind.client(place, database), &kind.script(sql));
}

/// A word that no other database has.
pub(super) fn new_word() -> String {
    format!("t{}", Uuid::new_v4().simple())
}
