//! Nodes whose clocks differ, and clocks that jump: nothing is lost, delivered twice, or held up.

use pressroom_contracts::fakes::ManualClock;

use super::*;

/// Another node over the same store, whose clock is ahead of the site's.
fn other_node(site: &Site, ahead: TimeDelta) -> App {
    let clock = ManualClock::at(site.app.clock.now() + ahead);
    App { clock: Arc::new(clock), running: Arc::default(), ..site.app.clone() }
}

async fn run_on(node: &App) -> Ran {
    let (_keep, stop) = watch::channel(false);
    run_next(node, &NodeName::new("other"), &stop).await.unwrap()
}

#[tokio::test]
async fn of_two_nodes_whose_clocks_differ_one_delivers() {
    let (site, id, running, let_go) = at_work(site_with_names(10).await).await;
    let ahead = other_node(&site, TimeDelta::minutes(5));
    assert_eq!(run_on(&ahead).await, Ran::Export(id), "the lease is over by its clock");
    let delivered = state(&site, id).await;
    assert!(matches!(delivered.state, ExportState::Complete(_)));
    assert_eq!((delivered.fence, delivered.finished_at), (2, Some(ahead.clock.now())));
    drop(let_go);
    running.await.unwrap();
    assert_eq!(state(&site, id).await, delivered, "what came late was refused");
    assert_eq!(run_once(&site).await, Ran::Nothing);
}

#[tokio::test]
async fn a_node_that_is_behind_leaves_others_alone_and_finds_work() {
    let (site, id, running, let_go) = at_work(site_with_names(10).await).await;
    let behind = other_node(&site, TimeDelta::minutes(-5));
    assert_eq!(run_on(&behind).await, Ran::Nothing);
    let next = start(&site, &site.administrator().await, json!({})).await;
    assert_eq!(run_on(&behind).await, Ran::Export(next), "though it was queued later than now");
    drop(let_go);
    running.await.unwrap();
    for id in [id, next] {
        let export = state(&site, id).await;
        assert!(matches!(export.state, ExportState::Complete(_)) && export.fence == 1);
    }
}

#[tokio::test]
async fn a_clock_that_jumps_forwards_delivers_once() {
    let (site, id, running, let_go) = at_work(site_with_names(10).await).await;
    site.clock.advance(TimeDelta::hours(1));
    // Whoever is faster: a sign of life by the new time, or the next claim.
    let again = run_on(&other_node(&site, TimeDelta::zero())).await;
    let by_other = state(&site, id).await;
    drop(let_go);
    running.await.unwrap();
    let end = state(&site, id).await;
    assert!(matches!(end.state, ExportState::Complete(_)), "{end:?}");
    if again == Ran::Export(id) {
        assert_eq!(end, by_other);
    }
    assert_eq!(run_once(&site).await, Ran::Nothing);
}

#[tokio::test]
async fn a_clock_that_jumps_back_holds_nothing_up() {
    let (site, id, running, let_go) = at_work(site_with_names(10).await).await;
    site.clock.advance(TimeDelta::hours(-1));
    let admin = site.administrator().await;
    let next = start(&site, &admin, json!({})).await;
    assert_eq!(run_on(&other_node(&site, TimeDelta::zero())).await, Ran::Export(next));
    drop(let_go);
    running.await.unwrap();
    for id in [id, next] {
        let export = state(&site, id).await;
        assert!(matches!(export.state, ExportState::Complete(_)) && export.fence == 1);
    }
}
