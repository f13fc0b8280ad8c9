//! A PostgreSQL for tests, from the binaries that are installed.
//!
//! Tests run in many processes at a time, so that one of them starts the server and all use it. A
//! *keeper*, a small shell script, waits until none of them is left, stops the server and removes its
//! folder; it does so too where the tests were killed.

mod binaries;
mod cluster;
mod locks;

use std::net::SocketAddr;
use std::sync::OnceLock;

use uuid::Uuid;

use self::binaries::Binaries;
use self::cluster::Cluster;
use super::Missing;

/// A PostgreSQL server for tests. Every user but the machine's own needs the password that is in its
/// URLs. What is committed outlives the server, but need not reach the disk; the default order of texts is a language's and not
/// the bytes'; the server's time zone is an odd one: so that tests see what depends on any of these.
///
/// All calls block. A call that fails panics, and says what the server said.
#[derive(Debug)]
pub struct Postgres {
    cluster: Cluster,
}

/// A database of one test, which is dropped with this.
#[derive(Debug)]
pub struct Database {
    /// Where it is: `postgres://user:password@127.0.0.1:port/name`.
    pub url: String,
    /// What it is called: letters and digits.
    pub name: String,
    cluster: Cluster,
}

impl Postgres {
    /// The server that all tests share, also those of other processes. It is started where it does
    /// not run, and ends some seconds after the last process that used it.
    ///
    /// # Errors
    /// [`Missing`] where PostgreSQL is not installed.
    pub fn shared() -> Result<&'static Self, Missing> {
        static SHARED: OnceLock<Result<Postgres, Missing>> = OnceLock::new();
        let server = SHARED.get_or_init(|| {
            let binaries = Binaries::find()?;
            Ok(Self { cluster: Cluster::shared(binaries) })
        });
        server.as_ref().map_err(Clone::clone)
    }

    /// A server of one test, which may [stop](Self::stop_hard) it. It takes a second or two to make:
    /// whoever needs but a database takes [`shared`](Self::shared).
    ///
    /// # Errors
    /// [`Missing`] where PostgreSQL is not installed.
    pub fn dedicated() -> Result<Self, Missing> {
        Ok(Self { cluster: Cluster::dedicated(Binaries::find()?) })
    }

    /// Makes a new, empty database.
    #[must_use]
    pub fn database(&self) -> Database {
        self.make(None)
    }

    /// Makes a new database that holds what `prepare` puts into the first one of that `template`
    /// name, such as all tables: much faster than doing it each time. The name must differ where what
    /// it does differs: the server may outlive a change of the program. `prepare` is given the URL of
    /// a database, and must leave no connection open.
    #[must_use]
    pub fn database_from(&self, template: &str, prepare: impl FnOnce(&str)) -> Database {
        let template = self.cluster.template(template, prepare);
        self.make(Some(&template))
    }

    fn make(&self, template: Option<&str>) -> Database {
        let name = format!("t{}", Uuid::new_v4().simple());
        self.cluster.create_database(&name, template);
        Database { url: self.cluster.url(&name), name, cluster: self.cluster.clone() }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.cluster.address()
    }

    /// The URL of a database of it, which need not exist.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        self.cluster.url(database)
    }

    /// Runs SQL in a database, as `psql` does, and gives what it prints: a line a row, columns with
    /// `|` between.
    #[must_use = "look at what the server says"]
    pub fn sql(&self, database: &str, sql: &str) -> String {
        self.cluster.sql(database, sql)
    }

    /// Ends the server at once, as a crash does: whatever is connected is cut off. For a
    /// [dedicated](Self::dedicated) one only.
    pub fn stop_hard(&self) {
        self.cluster.stop_hard();
    }

    /// Starts it again, at the same address.
    pub fn start(&self) {
        self.cluster.start_again();
    }
}

impl Database {
    /// The URL of the same database by another way, such as that of a [`Proxy`](super::Proxy).
    #[must_use]
    pub fn url_by(&self, address: SocketAddr) -> String {
        self.cluster.url_by(address, &self.name)
    }

    /// Runs SQL in it; see [`Postgres::sql`].
    #[must_use = "look at what the server says"]
    pub fn sql(&self, sql: &str) -> String {
        self.cluster.sql(&self.name, sql)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.cluster.drop_database(&self.name);
    }
}

#[cfg(test)]
mod tests;
