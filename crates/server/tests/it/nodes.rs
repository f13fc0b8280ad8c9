//! Several servers over one store and one place of files.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Client, Server, until};

/// How long a lease is, in seconds: what a node leaves behind is taken up after that time.
const LEASE: &str = "1";

/// A site for several servers.
struct Site {
    folder: TempDir,
}

impl Site {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Starts another server, which works on one export at a time.
    fn node(&self) -> Server {
        Server::start_with(&self.data(), |command| {
            command.env("PRESSROOM_SERVER__LEASE_SECONDS", LEASE);
            command.env("PRESSROOM_SERVER__EXPORTS_AT_ONCE", "1");
        })
    }
}

/// All orders: more than a thousand pages.
fn everything() -> Value {
    json!([{"name": "FromDate", "value": "2000-01-01"}, {"name": "ToDate", "value": "2100-01-01"}])
}

/// The nodes as somebody sees them.
fn listed(admin: &Client) -> Vec<Value> {
    admin.get("/api/nodes").json(200).as_array().unwrap().clone()
}

/// What is told of a server; nothing where it is not listed.
fn told(admin: &Client, server: &Server) -> Option<Value> {
    let address = server.address.as_str();
    listed(admin).into_iter().find(|node| node["address"] == address)
}

#[test]
fn nodes_know_of_each_other() {
    let site = Site::new();
    let (one, two) = (site.node(), site.node());
    let (at_one, at_two) = (one.admin(), two.admin());
    let both = until("both are listed", || Some(listed(&at_one)).filter(|all| all.len() == 2));
    assert_ne!(both[0]["name"], both[1]["name"]);
    for server in [&one, &two] {
        let node = told(&at_two, server).unwrap();
        let name = node["name"].as_str().unwrap();
        assert!(name.contains(&format!("/{}/", server.process_id())), "{name}");
        assert_eq!((&node["state"], &node["alive"]), (&json!("Running"), &json!(true)), "{node}");
        assert_eq!((&node["running"], &node["capacity"]), (&json!(0), &json!(1)), "{node}");
        assert_eq!(node["version"], env!("CARGO_PKG_VERSION"));
    }
    // Who dies is missed; who leaves is not.
    let three = site.node();
    until("the third is listed", || told(&at_one, &three));
    let address = three.address.clone();
    three.kill();
    until("it is missed", || {
        let dead = listed(&at_one).into_iter().find(|node| node["address"] == *address)?;
        (dead["alive"] == false).then_some(())
    });
    let left = two.address.clone();
    assert_eq!(two.stop(), Some(0));
    assert!(listed(&at_one).iter().all(|node| node["address"] != *left));
}
