//! A server that dies in the middle of work, and is started again.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

use crate::support::{Client, Server, pages, until, valid_pdf};

/// A server that takes up after a second what another one left behind.
fn start(data: &Path) -> Server {
    Server::start_with(data, |command| {
        command.env("PRESSROOM_SERVER__LEASE_SECONDS", "1");
    })
}

/// All orders: more than a thousand pages.
fn everything() -> Value {
    json!([{"name": "FromDate", "value": "2000-01-01"}, {"name": "ToDate", "value": "2100-01-01"}])
}

/// Waits until the only export of a store is worked on for the `attempt`th time.
fn worked_on(data: &Path, attempt: i64) {
    let path = data.join("pressroom.db");
    let store = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    store.busy_timeout(Duration::from_secs(5)).unwrap();
    until("the export is worked on", || {
        let query = "select attempts, state from exports";
        let (attempts, state): (i64, String) =
            store.query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert!(attempts <= attempt && state != "complete", "it was too quick to be killed");
        (attempts == attempt && state == "running").then_some(())
    });
}

#[test]
fn an_export_survives_the_death_of_its_server() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = start(&data);
    let admin = server.admin();
    let export = admin.start_export(admin.document("Order book"), &everything());
    until("pages are laid out", || {
        let status = admin.status(&export);
        assert_eq!(status["taskStatus"], "InProgress", "{status}");
        status["message"].as_str().filter(|message| message.contains("pages")).map(drop)
    });
    server.kill();

    let server = start(&data);
    let admin = server.admin();
    let file = folder.path().join("book.pdf");
    std::fs::write(&file, admin.file(&export)).unwrap();
    valid_pdf(&file);
    assert!(pages(&file) > 1_000, "{}", pages(&file));
}

#[test]
fn work_that_a_server_dies_of_three_times_is_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut export = None;
    for attempt in 1..=3 {
        let server = start(&data);
        let admin = server.admin();
        export
            .get_or_insert_with(|| admin.start_export(admin.document("Order book"), &everything()));
        worked_on(&data, attempt);
        server.kill();
    }
    let server = start(&data);
    let admin: Client = server.admin();
    let status = admin.ended(&export.unwrap());
    assert_eq!(status["taskStatus"], "Fault", "{status}");
    // Nobody else is disturbed.
    let invoice = admin.start_export(admin.document("Invoice"), &json!([]));
    assert!(admin.file(&invoice).starts_with(b"%PDF-"));
}

#[test]
fn a_stop_gives_work_back() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start_with(&data, |command| {
        command.env("PRESSROOM_SERVER__STOP_SECONDS", "0");
    });
    let admin = server.admin();
    let export = admin.start_export(admin.document("Order book"), &everything());
    worked_on(&data, 1);
    assert_eq!(server.stop(), Some(0));

    let server = Server::start(&data);
    assert!(server.admin().file(&export).starts_with(b"%PDF-"));
}
