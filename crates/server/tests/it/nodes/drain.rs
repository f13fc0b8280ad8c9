//! Ending a node in good order.

use std::time::{Duration, Instant};

use serde_json::json;

use super::site::{long_export, told};
use super::{Site, on_every_engine};
use crate::support::{Client, until};

on_every_engine! {
    a_node_that_is_told_to_stop_finishes_and_leaves
    a_second_signal_ends_a_node_at_once
}

fn a_node_that_is_told_to_stop_finishes_and_leaves(site: &Site) {
    let one = site.node();
    let long = long_export(&one.admin());
    let two = site.node();
    let admin = two.admin();
    let left = one.address.clone();
    one.signal("TERM");
    until("it is not ready", || (!one.is_ready()).then_some(()));
    until("others know", || (told(&admin, &one)?["state"] == "Draining").then_some(()));
    assert_eq!(Client::stranger(&one.address).get("/healthz").status, 200, "it lives");
    // Whoever comes all the same is served, by another node where it takes work.
    let at_one = one.admin();
    let short = at_one.start_export(at_one.document("Invoice"), &json!([]));
    assert!(admin.file(&short).starts_with(b"%PDF-"));
    assert_eq!(admin.status(&long)["taskStatus"], "InProgress", "it was too quick to be drained");
    assert_eq!(told(&admin, &one).unwrap()["running"], 1);
    assert_eq!(one.ended(), Some(0));
    assert!(admin.file(&long).starts_with(b"%PDF-"));
    let rows = site.exports();
    assert!(rows.iter().all(|row| row.fence == 1), "nobody began anew: {rows:?}");
    let nodes = super::site::listed(&admin);
    assert!(nodes.iter().all(|node| node["address"] != *left), "{nodes:?}");
}

fn a_second_signal_ends_a_node_at_once(site: &Site) {
    let one = site.node();
    let export = long_export(&one.admin());
    let two = site.node();
    one.signal("TERM");
    until("it is not ready", || (!one.is_ready()).then_some(()));
    let begin = Instant::now();
    one.signal("TERM");
    assert_eq!(one.ended(), Some(0));
    assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", begin.elapsed());
    assert!(two.admin().file(&export).starts_with(b"%PDF-"), "what it left is taken up");
    assert_eq!(site.exports()[0].fence, 2);
}
