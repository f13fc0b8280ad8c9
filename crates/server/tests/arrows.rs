//! Which crate may name which. The list stands here once; `crates/README.md` draws it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// A crate of ours, and the crates of ours that it may name. `server` may name every other.
///
/// Only normal dependencies count: tests and examples may also name `contracts` and, to set
/// their stage, what stands below.
const ARROWS: &[(&str, &[&str])] = &[
    // core
    ("domain", &[]),
    ("data", &[]),
    ("ports", &["domain", "page", "query", "data"]),
    (
        "application",
        &[
            "ports",
            "domain",
            "report",
            "dashboard",
            "compose",
            "query",
            "criteria",
            "fonts",
            "page",
            "data",
        ],
    ),
    // documents
    ("criteria", &["data"]),
    ("query", &["criteria", "data"]),
    ("report", &["query", "criteria", "data"]),
    ("dashboard", &["query", "criteria", "chart", "fonts", "page", "data"]),
    ("fonts", &[]),
    ("page", &[]),
    ("chart", &["fonts", "page", "data"]),
    ("compose", &["report", "query", "criteria", "chart", "fonts", "page", "data"]),
    // formats
    ("export-pdf", &["ports", "page", "fonts", "data"]),
    ("export-csv", &["ports", "page", "fonts", "data"]),
    ("export-list", &["ports", "page", "fonts", "data"]),
    // adapters
    ("diesel-store", &["ports", "domain", "data"]),
    ("diesel-mssql", &["diesel-store", "ports", "domain", "data"]),
    ("diesel-postgres", &["diesel-store", "ports", "domain", "data"]),
    ("diesel-sqlite", &["diesel-store", "ports", "domain", "data"]),
    ("sources", &["ports", "domain", "data", "query", "criteria"]),
    ("delivery", &["ports", "domain", "data"]),
    ("identity", &["ports", "domain", "data"]),
    ("outbound", &["ports", "domain"]),
    ("actix-http", &["application", "ports", "domain"]),
    ("portal", &["application", "ports", "domain"]),
    ("worker", &["application", "ports", "domain"]),
    // for tests only: no crate may name it outside of them
    ("contracts", &["ports", "domain", "page", "query", "data"]),
];

/// Crates that stand on their own: they carry their own names, and name none of ours.
const OF_THEIR_OWN: &[&str] = &["diesel-tds"];

/// The crates that know neither a socket, a file nor a database, and so nothing that opens one.
const PURE: &[&str] = &[
    "domain",
    "data",
    "ports",
    "application",
    "criteria",
    "query",
    "report",
    "fonts",
    "page",
    "chart",
    "compose",
    "dashboard",
    "export-csv",
    "export-list",
    "export-pdf",
];

/// Crates that reach for the world outside.
const OUTSIDE: &[&str] = &[
    "actix-http",
    "actix-rt",
    "actix-web",
    "diesel",
    "diesel_migrations",
    "hyper",
    "lettre",
    "libsqlite3-sys",
    "mio",
    "object_store",
    "r2d2",
    "reqwest",
    "rusqlite",
    "socket2",
    "tempfile",
    "tiberius",
];

/// Runtimes: only `application` schedules work, the rest of the pure crates is plain code.
const RUNTIMES: &[&str] = &["async-std", "smol", "tokio"];

/// The workspace as Cargo sees it: each crate with the names of its normal dependencies.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| {
            let normal = package["dependencies"]
                .as_array()
                .expect("dependencies")
                .iter()
                .filter(|dependency| dependency["kind"].is_null())
                .map(|dependency| text(&dependency["name"]));
            (text(&package["name"]), normal.collect())
        })
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a name").to_owned()
}

/// The name in the list of a crate of ours.
fn ours(package: &str) -> Option<&str> {
    package.strip_prefix("pressroom-")
}

#[test]
fn every_crate_is_in_the_list() {
    let listed: BTreeSet<_> = ARROWS.iter().map(|(name, _)| *name).chain(["server"]).collect();
    let workspace = dependencies();
    let found: BTreeSet<_> = workspace.keys().filter_map(|package| ours(package)).collect();
    assert_eq!(found, listed, "crates in the workspace (left) and in the list (right)");
    let strays: Vec<_> = workspace
        .keys()
        .filter(|package| ours(package).is_none() && !OF_THEIR_OWN.contains(&package.as_str()))
        .collect();
    assert!(strays.is_empty(), "packages are named pressroom-<crate>: {strays:?}");
}

#[test]
fn a_crate_of_its_own_names_none_of_ours() {
    let workspace = dependencies();
    for name in OF_THEIR_OWN {
        let wrong: Vec<_> = workspace[*name].iter().filter_map(|name| ours(name)).collect();
        assert!(wrong.is_empty(), "{name} stands on its own, but names {wrong:?}");
    }
}

#[test]
fn no_crate_names_what_it_may_not() {
    let workspace = dependencies();
    for (name, allowed) in ARROWS {
        let named = workspace[&format!("pressroom-{name}")].iter().filter_map(|name| ours(name));
        let wrong: Vec<_> = named.filter(|other| !allowed.contains(other)).collect();
        assert!(wrong.is_empty(), "{name} names {wrong:?}, but may name only {allowed:?}");
    }
    assert!(
        !workspace["pressroom-server"].contains("pressroom-contracts"),
        "contracts is for tests: server names it as a normal dependency"
    );
}

#[test]
fn the_pure_crates_open_nothing() {
    let workspace = dependencies();
    for name in PURE {
        for dependency in &workspace[&format!("pressroom-{name}")] {
            assert!(
                !OUTSIDE.contains(&dependency.as_str()),
                "{name} is pure, but names {dependency}: put that behind a port"
            );
            assert!(
                *name == "application" || !RUNTIMES.contains(&dependency.as_str()),
                "{name} is plain code, but names the runtime {dependency}"
            );
        }
    }
}

#[test]
fn the_list_has_no_circle() {
    // Whatever may be named has to stand on its own first.
    let mut standing = BTreeSet::new();
    while standing.len() < ARROWS.len() {
        let next: Vec<_> = ARROWS
            .iter()
            .filter(|(name, _)| !standing.contains(name))
            .filter(|(_, allowed)| allowed.iter().all(|other| standing.contains(other)))
            .map(|(name, _)| *name)
            .collect();
        assert!(!next.is_empty(), "the crates beside {standing:?} name each other in a circle");
        standing.extend(next);
    }
}
