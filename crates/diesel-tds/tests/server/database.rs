//! A database for one test.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel_tds::TdsConnection;

/// One at a time makes or drops a database: some servers trip over themselves otherwise.
const MAKING: &str = "diesel-tds makes a database";
const WAIT: Duration = Duration::from_secs(60);

/// A database that goes with this value.
pub(crate) struct Database {
    server: String,
    name: String,
}

impl Database {
    /// One with the tables of [`schema`](crate::schema), or nothing where no server is named.
    pub(crate) fn new() -> Option<Self> {
        let Ok(server) = std::env::var("MSSQL_URL") else {
            let test = std::thread::current().name().unwrap_or_default().to_owned();
            eprintln!("skipped {test}: MSSQL_URL names no server");
            return None;
        };
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("diesel_tds_{}_{number}", std::process::id());
        let database = Self { server, name };
        database.on_the_server(&format!("CREATE DATABASE [{}]", database.name));
        let tables = include_str!("tables.sql");
        database.connect().batch_execute(tables).expect("the tables are made");
        Some(database)
    }

    pub(crate) fn connect(&self) -> TdsConnection {
        TdsConnection::establish(&self.url()).expect("a connection")
    }

    pub(crate) fn url(&self) -> String {
        self.url_with("")
    }

    /// With one more option.
    pub(crate) fn url_with(&self, option: &str) -> String {
        let (place, options) = self.server.split_once('?').unwrap_or((&self.server, ""));
        let authority = place.find("://").map_or(0, |at| at + 3);
        let end = place[authority..].find('/').map_or(place.len(), |at| authority + at);
        format!("{}/{}?{options}&{option}", &place[..end], self.name)
    }

    fn on_the_server(&self, sql: &str) {
        let mut conn = TdsConnection::establish(&self.server).expect("the server answers");
        assert!(conn.lock(MAKING, WAIT).expect("the server locks"), "nobody makes databases");
        let done = conn.batch_execute(sql);
        conn.unlock(MAKING).expect("the server unlocks");
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.on_the_server(&format!("DROP DATABASE [{}]", self.name));
        }
    }
}

/// The database of this test; where there is none, the test is over.
macro_rules! database {
    () => {
        match crate::database::Database::new() {
            Some(database) => database,
            None => return,
        }
    };
}

pub(crate) use database;
