//! How many exports a second the store takes through all their steps: queued, claimed, a heartbeat,
//! complete, asked for.

#![allow(clippy::print_stdout, reason = "it prints what it measured")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use pressroom_contracts::build;
use pressroom_diesel_sqlite::Store;
use pressroom_domain::{BlobHash, ExportId, ExportProgress, ExportResult, NodeName, UserId};
use pressroom_ports::ExportRepository;

const CLIENTS: u64 = 8;
const WORKERS: usize = 2;
const TIME: Duration = Duration::from_secs(5);

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::open(&folder.path().join("pressroom.db"), true).expect("a new store");
    let exports: Arc<dyn ExportRepository> = Arc::new(store);
    let done = Arc::new(AtomicU64::new(0));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let began = Instant::now();
    runtime.block_on(async {
        let workers = (0..WORKERS).map(|_| tokio::spawn(work(exports.clone(), began)));
        let workers: Vec<_> = workers.collect();
        let clients = (0..CLIENTS)
            .map(|client| tokio::spawn(ask(exports.clone(), client, began, done.clone())));
        let clients: Vec<_> = clients.collect();
        for task in clients.into_iter().chain(workers) {
            task.await.expect("no failure");
        }
    });
    let seconds = began.elapsed().as_secs_f64();
    let done = done.load(Ordering::Relaxed);
    println!("{:.0} exports/s through the store, {CLIENTS} clients", done as f64 / seconds);
}

/// Queues exports one after the other and waits for the end of each.
async fn ask(
    exports: Arc<dyn ExportRepository>,
    client: u64,
    began: Instant,
    done: Arc<AtomicU64>,
) {
    for number in 0_u64.. {
        if began.elapsed() > TIME {
            return;
        }
        let mut new = build::new_export(1, UserId(1), Utc::now());
        let mut id = [0; 16];
        id[..8].copy_from_slice(&client.to_be_bytes());
        id[8..].copy_from_slice(&number.to_be_bytes());
        new.entity.id = ExportId::from_bytes(id);
        exports.enqueue(new).await.expect("queued");
        while !exports.get(ExportId::from_bytes(id)).await.expect("there").state.is_final() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        done.fetch_add(1, Ordering::Relaxed);
    }
}

/// Does exports as they come.
async fn work(exports: Arc<dyn ExportRepository>, began: Instant) {
    let node = NodeName::new("bench");
    let lease = TimeDelta::seconds(30);
    while began.elapsed() < TIME + Duration::from_secs(1) {
        let Some(export) = exports.claim_due(Utc::now(), lease, &node).await.expect("a claim")
        else {
            tokio::time::sleep(Duration::from_millis(1)).await;
            continue;
        };
        let (id, fence) = (export.id, export.fence);
        let progress = ExportProgress::default();
        exports.heartbeat(id, fence, Utc::now() + lease, progress).await.expect("still ours");
        let blob = BlobHash::from_bytes([7; 32]);
        let result = ExportResult { blob, size_bytes: 20_000, pages: 1 };
        exports.complete(id, fence, result, Vec::new(), Utc::now()).await.expect("still ours");
    }
}
