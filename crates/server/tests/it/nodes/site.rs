//! A site for several servers.

use std::path::PathBuf;
use std::process::Command;

use pressroom_contracts::servers::{Database, Missing, Postgres};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Client, PATIENCE, Server};

/// A site for several servers: a store, and a folder of everything else.
pub(crate) struct Site {
    folder: TempDir,
    /// None where the store is a file in the folder.
    database: Option<Database>,
}

impl Site {
    pub(crate) fn over_sqlite() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: None }
    }

    /// Runs a test of a site in PostgreSQL; says so where there is none.
    pub(crate) fn over_postgres(test: fn(&Self)) {
        pressroom_contracts::run(async move {
            let database = Postgres::shared().unwrap_or_else(Missing::skip).database();
            let folder = tempfile::tempdir().unwrap();
            tokio::task::block_in_place(|| test(&Self { folder, database: Some(database) }));
        });
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Starts another server. It works on one export at a time, and what it leaves behind is taken up
    /// after a second.
    pub(crate) fn node(&self) -> Server {
        self.node_with(|_| {})
    }

    /// The same with other settings.
    pub(crate) fn node_with(&self, configure: impl FnOnce(&mut Command)) -> Server {
        Server::start_with(&self.data(), |command| {
            command.env("PRESSROOM_SERVER__LEASE_SECONDS", "1");
            command.env("PRESSROOM_SERVER__EXPORTS_AT_ONCE", "1");
            // Nothing is given back that comes to its end within a test.
            command.env("PRESSROOM_SERVER__STOP_SECONDS", "100");
            if let Some(database) = &self.database {
                command.args(["--storage", &database.url]);
            }
            configure(command);
        })
    }

    /// What a query of the store gives: a line a row, columns with `|` between.
    pub(crate) fn sql(&self, query: &str) -> String {
        match &self.database {
            Some(database) => database.sql(query),
            None => self.sqlite(query).unwrap(),
        }
    }

    fn sqlite(&self, query: &str) -> rusqlite::Result<String> {
        let path = self.data().join("pressroom.db");
        let store = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        store.busy_timeout(PATIENCE)?;
        let mut query = store.prepare(query)?;
        let columns = query.column_count();
        let rows = query.query_map([], |row| {
            let cells = (0..columns).map(|at| match row.get_ref(at)? {
                ValueRef::Null => Ok(String::new()),
                ValueRef::Integer(number) => Ok(number.to_string()),
                ValueRef::Real(number) => Ok(number.to_string()),
                ValueRef::Text(text) | ValueRef::Blob(text) => {
                    Ok(String::from_utf8_lossy(text).into_owned())
                }
            });
            Ok(cells.collect::<rusqlite::Result<Vec<_>>>()?.join("|"))
        })?;
        Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?.join("\n"))
    }

    /// Every export as it stands in the store.
    pub(crate) fn exports(&self) -> Vec<Row> {
        let hex = |column: &str| match &self.database {
            Some(_) => format!("encode({column}, 'hex')"),
            None => format!("lower(hex({column}))"),
        };
        let rows = self.sql(&format!(
            "select {}, fence, attempts, state, coalesce(node, ''), {}, coalesce(finished_at, 0)
             from exports",
            hex("id"),
            hex("result_blob")
        ));
        rows.lines().map(Row::read).collect()
    }
}

/// Where an export stands in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) fence: i64,
    pub(crate) attempts: i64,
    pub(crate) state: String,
    /// Which node works on it; empty where none does.
    pub(crate) node: String,
    /// The hash of its file in hexadecimal digits; empty where there is none.
    pub(crate) file: String,
    finished_at: i64,
}

impl Row {
    /// Whether nothing more may happen to it.
    pub(crate) fn is_final(&self) -> bool {
        !matches!(self.state.as_str(), "queued" | "running")
    }

    fn read(line: &str) -> Self {
        let cells: Vec<&str> = line.split('|').collect();
        let [id, fence, attempts, state, node, file, finished_at] = cells[..] else {
            panic!("{line}")
        };
        let number = |text: &str| text.parse().unwrap();
        Self {
            id: id.to_owned(),
            fence: number(fence),
            attempts: number(attempts),
            state: state.to_owned(),
            node: node.to_owned(),
            file: file.to_owned(),
            finished_at: number(finished_at),
        }
    }
}

/// All orders: more than a thousand pages.
pub(crate) fn everything() -> Value {
    json!([{"name": "FromDate", "value": "2000-01-01"}, {"name": "ToDate", "value": "2100-01-01"}])
}

/// The nodes as somebody sees them.
pub(crate) fn listed(admin: &Client) -> Vec<Value> {
    admin.get("/api/nodes").json(200).as_array().unwrap().clone()
}

/// What is told of a server; nothing where it is not listed.
pub(crate) fn told(admin: &Client, server: &Server) -> Option<Value> {
    let address = server.address.as_str();
    listed(admin).into_iter().find(|node| node["address"] == address)
}

/// Starts an export that takes long on the only node of a site, and waits until pages are laid out.
pub(crate) fn long_export(admin: &Client) -> String {
    let export = admin.start_export(admin.document("Order book"), &everything());
    crate::support::until("pages are laid out", || {
        let status = admin.status(&export);
        assert_eq!(status["taskStatus"], "InProgress", "{status}");
        status["message"].as_str().filter(|message| message.contains("pages")).map(drop)
    });
    export
}
