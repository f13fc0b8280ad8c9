//! What a `NodeRepository` promises.

use chrono::TimeDelta;
use pressroom_domain::{Node, NodeName, NodeState};
use pressroom_ports::Stores;

use super::race;
use crate::build::{self, at};

/// Makes tests of the nodes of a store.
#[macro_export]
macro_rules! node_repository_contract {
    ($make:expr) => {
        $crate::suite! { node_repository, $make,
            a_node_is_listed_as_it_told_of_itself
            what_it_tells_next_takes_the_place
            lists_those_that_started_first_at_the_front
            a_node_that_leaves_is_gone
            forgets_those_that_were_silent
            many_nodes_tell_at_a_time
            all_nodes_hear_of_one_clock
        }
    };
}

async fn names(stores: &Stores) -> Vec<String> {
    let nodes = stores.nodes.list().await.unwrap();
    nodes.into_iter().map(|node| node.name.to_string()).collect()
}

/// Every field, to the microsecond and to the character.
pub async fn a_node_is_listed_as_it_told_of_itself(stores: &Stores) {
    assert_eq!(stores.nodes.list().await.unwrap(), []);
    let node = Node { address: "[::1]:8080 Größe".into(), ..build::node("host/17/漢") };
    stores.nodes.heartbeat(node.clone()).await.unwrap();
    assert_eq!(stores.nodes.list().await.unwrap(), [node]);
}

/// All of it.
pub async fn what_it_tells_next_takes_the_place(stores: &Stores) {
    stores.nodes.heartbeat(build::node("a")).await.unwrap();
    stores.nodes.heartbeat(build::node("b")).await.unwrap();
    let later = Node {
        name: NodeName::new("a"),
        version: "2.0.0".into(),
        address: "10.0.0.8:80".into(),
        state: NodeState::Draining,
        started_at: at(9),
        seen_at: at(10),
        running: 3,
        capacity: 4,
    };
    stores.nodes.heartbeat(later.clone()).await.unwrap();
    assert_eq!(stores.nodes.list().await.unwrap(), [build::node("b"), later]);
}

/// And those of one moment by their names.
pub async fn lists_those_that_started_first_at_the_front(stores: &Stores) {
    for (name, started_at) in [("c", 5), ("b", 2), ("d", 2), ("a", 7)] {
        let node = Node { started_at: at(started_at), ..build::node(name) };
        stores.nodes.heartbeat(node).await.unwrap();
    }
    assert_eq!(names(stores).await, ["b", "d", "c", "a"]);
}

/// Once or twice.
pub async fn a_node_that_leaves_is_gone(stores: &Stores) {
    stores.nodes.heartbeat(build::node("a")).await.unwrap();
    stores.nodes.heartbeat(build::node("b")).await.unwrap();
    for _ in 0..2 {
        stores.nodes.leave(&NodeName::new("a")).await.unwrap();
        assert_eq!(names(stores).await, ["b"]);
    }
    stores.nodes.heartbeat(build::node("a")).await.unwrap();
    assert_eq!(names(stores).await, ["a", "b"], "it is back");
}

/// Those that were seen before a time, not those that were seen at it.
pub async fn forgets_those_that_were_silent(stores: &Stores) {
    for (name, seen_at) in [("a", 1), ("b", 2), ("c", 3)] {
        let node = Node { seen_at: at(seen_at), ..build::node(name) };
        stores.nodes.heartbeat(node).await.unwrap();
    }
    assert_eq!(stores.nodes.forget(at(2)).await.unwrap(), 1);
    assert_eq!(names(stores).await, ["b", "c"]);
    assert_eq!(stores.nodes.forget(at(2)).await.unwrap(), 0);
}

/// None of them is in the way of another.
pub async fn many_nodes_tell_at_a_time(stores: &Stores) {
    let tellers = (0..8).map(|number| {
        let nodes = stores.nodes.clone();
        async move {
            let name = format!("node {number}");
            for beat in 0..10 {
                let node = Node { seen_at: at(beat), ..build::node(&name) };
                nodes.heartbeat(node).await.unwrap();
            }
        }
    });
    race(tellers).await;
    let listed = stores.nodes.list().await.unwrap();
    assert_eq!(listed.len(), 8);
    assert!(listed.iter().all(|node| node.seen_at == at(9)), "{listed:?}");
}

/// Whatever their own clocks say.
pub async fn all_nodes_hear_of_one_clock(stores: &Stores) {
    let tell = async |name: &str, seen_at| {
        stores.nodes.heartbeat(Node { seen_at, ..build::node(name) }).await.unwrap()
    };
    let long_ago = tell("a", at(0) - TimeDelta::days(10_000)).await;
    let long_to_come = tell("b", at(0) + TimeDelta::days(10_000)).await;
    let again = tell("a", at(5)).await;
    let took = again - long_ago;
    assert!(long_ago <= long_to_come && long_to_come <= again, "{long_ago} {long_to_come} {again}");
    assert!(took < TimeDelta::minutes(5), "{took}");
}
