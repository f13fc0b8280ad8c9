//! A database for one test.
#![allow(dead_code, reason = "no test needs all of it")]

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, QueryResult};
use diesel_tds::TdsConnection;
use pressroom_contracts::servers::{Missing, Mssql, mssql};

/// One at a time makes or drops a database: some servers trip over themselves otherwise.
const MAKING: &str = "pressroom makes a database";
const WAIT: Duration = Duration::from_secs(120);
/// How long a store may take to let go of its database.
const LETTING_GO: Duration = Duration::from_secs(10);

/// A new, empty database on the server that `MSSQL_URL` names. It goes with this value.
pub(crate) struct Database {
    pub(crate) url: String,
    server: Mssql,
    name: String,
}

impl Database {
    pub(crate) fn new() -> Self {
        let server = mssql().unwrap_or_else(Missing::skip);
        let name = server.new_name();
        alone(&server, &format!("create database [{name}]")).expect("a new database");
        Self { url: url(&server.url, &name), server, name }
    }

    /// The address of another database of the server.
    pub(crate) fn url_of(&self, name: &str) -> String {
        url(&self.server.url, name)
    }

    /// A connection of the test's own.
    pub(crate) fn connect(&self) -> TdsConnection {
        TdsConnection::establish(&self.url).expect("a connection")
    }
}

impl Drop for Database {
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
    let (place, options) = server.split_once('?').unwrap_or((server, ""));
    let authority = place.find("://").map_or(0, |at| at + 3);
    let end = place[authority..].find('/').map_or(place.len(), |at| authority + at);
    format!("{}/{name}?{options}", &place[..end])
}

fn alone(server: &Mssql, sql: &str) -> QueryResult<()> {
    let url = url(&server.url, "master");
    let mut conn = TdsConnection::establish(&url).expect("the server of MSSQL_URL answers");
    assert!(conn.lock(MAKING, WAIT)?, "somebody else makes databases all the time");
    conn.batch_execute(sql)
}

/// Does what blocks where blocking is allowed.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
