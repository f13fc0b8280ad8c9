//! A database for one test.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, QueryResult};
use diesel_tds::TdsConnection;
use uuid::Uuid;

use super::Mssql;

/// One at a time makes or drops a database: some servers trip over themselves otherwise.
const MAKING: &str = "pressroom makes a database";
const WAIT: Duration = Duration::from_secs(120);
/// How long a store may take to let go of its database.
const LETTING_GO: Duration = Duration::from_secs(10);

/// A database of one test on a SQL Server, which is dropped with this.
#[derive(Debug)]
pub struct MssqlDatabase {
    /// Where it is: the address of the server, with the name of this database. It holds a password:
    /// not for a log.
    pub url: String,
    server: Mssql,
    name: String,
}

impl Mssql {
    /// A new, empty database. Blocks.
    ///
    /// # Panics
    /// Where the server does not answer, or its account may make no databases.
    #[must_use]
    pub fn database(&self) -> MssqlDatabase {
        let name = format!("pressroom{}", Uuid::new_v4().simple());
        alone(self, &format!("create database [{name}]")).expect("a new database");
        MssqlDatabase { url: url(&self.url, &name), server: self.clone(), name }
    }
}

impl MssqlDatabase {
    /// The address of another database of the server.
    #[must_use]
    pub fn url_of(&self, name: &str) -> String {
        url(&self.server.url, name)
    }

    /// A connection of the test's own. Blocks.
    ///
    /// # Panics
    /// Where the server does not answer.
    #[must_use]
    pub fn connect(&self) -> TdsConnection {
        TdsConnection::establish(&self.url).expect("a connection")
    }
}

impl MssqlDatabase {
    /// Runs a script, whose parts are divided by lines that say `GO`. Blocks.
    ///
    /// # Errors
    /// What the server says against it.
    pub fn try_run(&self, script: &str) -> Result<(), String> {
        self.connect().batch_execute(script).map_err(|error| error.to_string())
    }
}

impl Drop for MssqlDatabase {
    fn drop(&mut self) {
        // The connections of a store end a moment after it.
        let begun = Instant::now();
        let drop = format!("drop database [{}]", self.name);
        while alone(&self.server, &drop).is_err() && begun.elapsed() < LETTING_GO {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The server's address, which may name a database and have options, with a database.
fn url(server: &str, name: &str) -> String {
    let (place, options) = server.split_at(server.find('?').unwrap_or(server.len()));
    let authority = place.find("://").map_or(0, |at| at + 3);
    let end = place[authority..].find('/').map_or(place.len(), |at| authority + at);
    format!("{}/{name}{options}", &place[..end])
}

fn alone(server: &Mssql, sql: &str) -> QueryResult<()> {
    let url = url(&server.url, "master");
    let mut conn = TdsConnection::establish(&url).expect("the server of MSSQL_URL answers");
    assert!(conn.lock(MAKING, WAIT)?, "somebody else makes databases all the time");
    conn.batch_execute(sql)
}
