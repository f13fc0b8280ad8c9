//! The list of nodes.

use serde_json::json;

use super::site::{listed, told};
use super::{Site, on_every_engine};
use crate::support::until;

on_every_engine! { nodes_know_of_each_other }

fn nodes_know_of_each_other(site: &Site) {
    let (one, two) = (site.node(), site.node());
    let (at_one, at_two) = (one.admin(), two.admin());
    let both = listed(&at_one);
    assert_eq!(both.len(), 2, "{both:?}");
    assert_ne!(both[0]["name"], both[1]["name"]);
    for server in [&one, &two] {
        let node = told(&at_two, server).unwrap();
        let name = node["name"].as_str().unwrap();
        assert!(name.contains(&format!("/{}/", server.process_id())), "{name}");
        assert_eq!(node["state"], "Running", "{node}");
        assert_eq!((&node["running"], &node["capacity"]), (&json!(0), &json!(1)), "{node}");
        assert_eq!(node["version"], env!("CARGO_PKG_VERSION"));
        until("it is alive", || (told(&at_two, server)?["alive"] == true).then_some(()));
    }
    // Who dies is missed; who leaves is not.
    let three = site.node();
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
