//! Nodes that are killed in turn while they work.
//!
//! A short while with every run of the tests; longer where `CHAOS_SECONDS` says so, as `just chaos`
//! does.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::site::Row;
use super::{Site, on_every_engine};
use crate::support::{Client, Server, until};

on_every_engine! { nodes_that_are_killed_in_turn_lose_nothing_and_deliver_once }

const NODES: usize = 3;
/// How many exports wait or run at most.
const LOAD: usize = 8;
/// How often a node is killed at least.
const KILLS: usize = 6;

fn lasts() -> Duration {
    let seconds = std::env::var("CHAOS_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(10))
}

/// What those who take part share.
#[derive(Default)]
struct Shared {
    /// Where the nodes listen; where one listened that was killed, nobody answers.
    addresses: Mutex<Vec<String>>,
    /// The exports that somebody was told are queued.
    started: Mutex<Vec<String>>,
    /// How many exports had not come to their end at the last look.
    open: AtomicUsize,
    /// No more exports are started.
    enough: AtomicBool,
    /// All is over.
    over: AtomicBool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn nodes_that_are_killed_in_turn_lose_nothing_and_deliver_once(site: &Site) {
    let mut nodes: Vec<Server> = (0..NODES).map(|_| site.node()).collect();
    let admin = nodes[0].admin();
    let shared = Shared::default();
    *lock(&shared.addresses) = nodes.iter().map(|node| node.address.clone()).collect();
    let kills = thread::scope(|scope| {
        let watcher = scope.spawn(|| watch(site, &shared));
        scope.spawn(|| feed(&admin, &shared));
        let kills = kill_in_turn(site, &shared, &mut nodes);
        shared.enough.store(true, Ordering::SeqCst);
        until("all exports come to their end", || {
            let rows = site.exports();
            rows.iter().all(Row::is_final).then_some(())
        });
        shared.over.store(true, Ordering::SeqCst);
        watcher.join().unwrap();
        kills
    });
    check_files(site, &admin.at(&nodes[0].address), &shared);
    let rows = site.exports();
    let again = rows.iter().filter(|row| row.fence > 1).count();
    eprintln!("{} exports, {kills} kills, {again} exports begun anew", rows.len());
    assert!(again > 0, "no kill met work");
    for node in nodes {
        assert_eq!(node.stop(), Some(0));
    }
}

/// Kills one node after the other, each while it works, and starts it again. Says how often.
fn kill_in_turn(site: &Site, shared: &Shared, nodes: &mut [Server]) -> usize {
    let begin = Instant::now();
    let mut kills = 0;
    while begin.elapsed() < lasts() || kills < KILLS {
        let at = kills % NODES;
        let process = format!("/{}/", nodes[at].process_id());
        // An export that three servers died of comes to an end for that reason. Here none is to.
        until("the node works", || {
            let rows = site.exports();
            let works = |row: &Row| row.node.contains(&process) && row.attempts == 1;
            rows.iter().any(works).then_some(())
        });
        nodes[at].kill_in_place();
        nodes[at] = site.node();
        lock(&shared.addresses)[at].clone_from(&nodes[at].address);
        kills += 1;
    }
    kills
}

/// Starts exports by turns on all nodes, whichever of them live.
fn feed(admin: &Client, shared: &Shared) {
    let invoice = admin_document(admin, shared, "Invoice");
    let book = admin_document(admin, shared, "Order book");
    let month = json!([
        {"name": "FromDate", "value": "2025-01-01"}, {"name": "ToDate", "value": "2025-01-31"},
    ]);
    let wishes = [(invoice, json!([])), (book, month)];
    for turn in 0.. {
        while shared.open.load(Ordering::SeqCst) >= LOAD {
            if shared.enough.load(Ordering::SeqCst) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        if shared.enough.load(Ordering::SeqCst) {
            return;
        }
        let address = lock(&shared.addresses)[turn % NODES].clone();
        let (document, parameters) = &wishes[turn % wishes.len()];
        if let Some(id) = admin.at(&address).try_start_export(*document, parameters) {
            lock(&shared.started).push(id);
            shared.open.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// The id of a document, from whichever node answers.
fn admin_document(admin: &Client, shared: &Shared, name: &str) -> i64 {
    until("a node answers", || {
        let addresses = lock(&shared.addresses).clone();
        addresses.iter().find_map(|address| {
            let documents: Value = admin.at(address).try_get("/api/documents")?;
            let found = documents.as_array()?.iter().find(|document| document["name"] == name);
            found?["id"].as_i64()
        })
    })
}

/// Looks again and again: fencing numbers only rise, and what has come to its end stays as it is.
fn watch(site: &Site, shared: &Shared) {
    let mut seen: HashMap<String, Row> = HashMap::new();
    while !shared.over.load(Ordering::SeqCst) {
        let rows = site.exports();
        shared.open.store(rows.iter().filter(|row| !row.is_final()).count(), Ordering::SeqCst);
        for row in rows {
            if let Some(before) = seen.get(&row.id) {
                assert!(row.fence >= before.fence, "{before:?} {row:?}");
                assert!(!before.is_final() || row == *before, "{before:?} {row:?}");
                if row.fence == before.fence {
                    assert!(row.attempts == before.attempts, "{before:?} {row:?}");
                }
            }
            seen.insert(row.id.clone(), row);
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// Every export has come to a file, and the file is the one that its row names.
fn check_files(site: &Site, admin: &Client, shared: &Shared) {
    let rows: BTreeMap<String, Row> =
        site.exports().into_iter().map(|row| (row.id.clone(), row)).collect();
    for row in rows.values() {
        assert_eq!(row.state, "complete", "{row:?}");
    }
    let started = lock(&shared.started);
    assert!(!started.is_empty());
    for id in started.iter() {
        let file = admin.file(id);
        assert!(file.starts_with(b"%PDF-") && file.trim_ascii_end().ends_with(b"%%EOF"), "{id}");
        let hash: String = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect();
        let row = rows.get(id).unwrap_or_else(|| panic!("export {id} was lost"));
        assert_eq!(row.file, hash, "{row:?}");
    }
}
