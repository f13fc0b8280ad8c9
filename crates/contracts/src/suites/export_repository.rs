//! What an `ExportRepository` promises.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use pressroom_domain::{
    Argument, BlobHash, Export, ExportFault, ExportId, ExportProgress, ExportResult, ExportState,
    NodeName, Percent, StateError, SubjectKind, UserId, Verb, Warning,
};
use pressroom_ports::{Change, ClaimError, HeldLease, Kind, StoreError, Stores};
use serde_json::{Map, json};

use super::{assert_error, last_line, race};
use crate::build::{self, at};

/// Makes tests of the exports of a store.
#[macro_export]
macro_rules! export_repository_contract {
    ($make:expr) => {
        $crate::suite! { export_repository, $make,
            queues_and_gives_back
            keeps_requests_to_the_character
            an_id_is_taken_once
            claims_the_oldest_first
            a_claim_holds_until_its_lease_ends
            two_claimers_never_get_the_same
            a_heartbeat_extends_the_lease
            an_overtaken_worker_changes_nothing
            a_heartbeat_and_a_claim_do_not_both_win
            an_end_and_a_claim_do_not_both_win
            a_clock_that_jumps_gives_no_work_to_two
            a_clock_that_jumps_back_holds_up_nothing
            leases_that_end_late_are_told
            a_lease_ends_only_as_it_was_seen
            every_claim_has_a_higher_number_than_all_before
            completes_with_a_result
            fails_with_a_message
            three_claims_without_an_end_are_a_fault
            faults_on_the_way_do_not_hold_up_others
            a_released_claim_does_not_count
            a_cancelled_export_is_not_claimed
            a_worker_learns_that_its_work_is_not_wanted
            cancelling_takes_a_file_back_and_leaves_a_fault
            cancelling_and_completing_race
            deletes_what_finished_before
            what_is_missing_is_not_found
            writes_come_with_their_line
        }
    };
}

const LEASE: i64 = 10_000_000;

async fn queue(stores: &Stores, number: u8, queued_at: i64) -> ExportId {
    let owner = build::user(stores, &format!("owner{number}")).await.id;
    let change = build::new_export(number, owner, at(queued_at));
    let id = change.entity.id;
    stores.exports.enqueue(change).await.unwrap();
    id
}

async fn claim(stores: &Stores, now: i64) -> Option<Export> {
    let lease = TimeDelta::microseconds(LEASE);
    stores.exports.claim_due(at(now), lease, &NodeName::new("node 1")).await.unwrap()
}

async fn get(stores: &Stores, id: ExportId) -> Export {
    stores.exports.get(id).await.unwrap()
}

fn cancel(id: ExportId) -> Change<ExportId> {
    build::change(id, Verb::Cancel, SubjectKind::Export, id)
}

fn result() -> ExportResult {
    ExportResult { blob: BlobHash::from_bytes([9; 32]), size_bytes: 5_000_000_000, pages: 1_000 }
}

fn fault() -> ExportFault {
    ExportFault { message: "the data source \"Größe\" is away".into() }
}

fn warnings() -> Vec<Warning> {
    vec![
        Warning { message: "chart \"漢字\" is not drawn yet".into(), count: 3 },
        Warning { message: "font \"Größe\" is replaced".into(), count: 1 },
    ]
}

fn progress() -> ExportProgress {
    ExportProgress { percent: Percent::new(40), message: "page 400".into() }
}

/// What was queued is found as it was queued.
pub async fn queues_and_gives_back(stores: &Stores) {
    let owner = build::user(stores, "ann").await.id;
    let change = build::new_export(1, owner, at(123_456));
    let new = change.entity.clone();
    stores.exports.enqueue(change).await.unwrap();
    assert_eq!(get(stores, new.id).await, Export::queued(new));
}

/// Arguments and options come back as they came.
pub async fn keeps_requests_to_the_character(stores: &Stores) {
    let owner = build::user(stores, "ann").await.id;
    let mut change = build::new_export(1, owner, at(0));
    let values = json!([
        null,
        true,
        -42,
        0.1,
        1e300,
        9_007_199_254_740_993_i64,
        "漢字 \u{0}\n\"",
        ["a", 1, null],
        []
    ]);
    let arguments: Vec<Argument> = values
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(i, value)| Argument { name: format!("Größe {i}"), value: value.clone() })
        .collect();
    change.entity.request.arguments = arguments.clone();
    let options = json!({"pageRange": "1-3", "passwordSecurityOptions": {"openPassword": null}});
    let options: Map<_, _> = options.as_object().cloned().unwrap();
    change.entity.request.options = options.clone();
    let id = change.entity.id;
    stores.exports.enqueue(change).await.unwrap();
    let request = get(stores, id).await.request;
    assert_eq!((request.arguments, request.options), (arguments, options));
    assert_eq!(request.document_name.as_str(), "Rechnung Größe 漢字");
}

/// An id that is taken is refused.
pub async fn an_id_is_taken_once(stores: &Stores) {
    let id = queue(stores, 1, 0).await;
    let before = get(stores, id).await;
    assert_error!(
        stores.exports.enqueue(build::new_export(1, before.owner, at(5))).await,
        StoreError::Duplicate { kind: Kind::Export, .. }
    );
    assert_eq!(get(stores, id).await, before);
}

/// First come, first served, whatever the ids.
pub async fn claims_the_oldest_first(stores: &Stores) {
    let third = queue(stores, 1, 30).await;
    let first = queue(stores, 2, 10).await;
    let second = queue(stores, 3, 20).await;
    for id in [first, second, third] {
        let claimed = claim(stores, 40).await.unwrap();
        assert_eq!(claimed.id, id);
        assert_eq!(get(stores, id).await, claimed);
    }
    assert_eq!(claim(stores, 40).await, None);
}

/// Nobody else gets it before; then somebody does, with a higher fencing number.
pub async fn a_claim_holds_until_its_lease_ends(stores: &Stores) {
    queue(stores, 1, 0).await;
    let claimed = claim(stores, 1).await.unwrap();
    assert_eq!((claimed.fence, claimed.attempts), (1, 1));
    let ExportState::Running(held) = &claimed.state else { panic!("{:?}", claimed.state) };
    assert_eq!((held.node.as_str(), held.lease_until), ("node 1", at(LEASE + 1)));
    assert_eq!(claim(stores, LEASE).await, None);
    let again = claim(stores, LEASE + 1).await.unwrap();
    assert_eq!((again.fence, again.attempts), (2, 2));
}

/// Many claimers at a time share the work without a double.
pub async fn two_claimers_never_get_the_same(stores: &Stores) {
    for number in 1..=6 {
        queue(stores, number, i64::from(number)).await;
    }
    let claims =
        race((0..12).map(|claimer| {
            let exports = stores.exports.clone();
            let node = NodeName::new(format!("node {claimer}"));
            async move {
                exports.claim_due(at(100), TimeDelta::microseconds(LEASE), &node).await.unwrap()
            }
        }))
        .await;
    let claimed: Vec<ExportId> = claims.iter().flatten().map(|export| export.id).collect();
    let distinct: BTreeSet<ExportId> = claimed.iter().copied().collect();
    assert_eq!((claimed.len(), distinct.len()), (6, 6));
}

/// Whoever gives signs of life keeps the work, and tells how far it is.
pub async fn a_heartbeat_extends_the_lease(stores: &Stores) {
    let id = queue(stores, 1, 0).await;
    claim(stores, 0).await.unwrap();
    stores.exports.heartbeat(id, 1, at(2 * LEASE), progress()).await.unwrap();
    assert_eq!(get(stores, id).await.progress, progress());
    assert_eq!(claim(stores, 2 * LEASE - 1).await, None);
    assert!(claim(stores, 2 * LEASE).await.is_some());
}

/// A worker whose lease ended and whose work went to another is told so by every call.
pub async fn an_overtaken_worker_changes_nothing(stores: &Stores) {
    let id = queue(stores, 1, 0).await;
    claim(stores, 0).await.unwrap();
    let taken = claim(stores, LEASE).await.unwrap();
    let exports = &stores.exports;
    let lost = "another server took the export over";
    for fence in [1, 0, 3] {
        let answers = [
            exports.heartbeat(id, fence, at(9 * LEASE), progress()).await,
            exports.complete(id, fence, result(), warnings(), at(1)).await,
            exports.fail(id, fence, fault(), warnings(), at(1)).await,
            exports.release(id, fence).await,
        ];
        for answer in answers {
            assert_eq!(answer.unwrap_err().to_string(), lost);
        }
    }
    assert_eq!(get(stores, id).await, taken);
}

/// At the very end of a lease, either the work goes on or somebody else has it.
pub async fn a_heartbeat_and_a_claim_do_not_both_win(stores: &Stores) {
    for number in 1..=6 {
        let id = queue(stores, number, 0).await;
        claim(stores, 0).await.unwrap();
        let (beating, claiming) = (stores.exports.clone(), stores.clone());
        let beat =
            tokio::spawn(async move { beating.heartbeat(id, 1, at(2 * LEASE), progress()).await });
        let claimed = tokio::spawn(async move { claim(&claiming, LEASE).await });
        let (beat, claimed) = (beat.await.unwrap(), claimed.await.unwrap());
        match (&beat, claimed) {
            (Ok(()), None) => assert_eq!(get(stores, id).await.fence, 1),
            (Err(ClaimError::Lost(StateError::Superseded)), Some(claimed)) => {
                assert_eq!(get(stores, id).await, claimed);
            }
            both => panic!("{both:?}"),
        }
        stores.exports.cancel(cancel(id), at(1)).await.unwrap();
    }
}

/// At the very end of a lease, either the file counts or somebody else makes another.
pub async fn an_end_and_a_claim_do_not_both_win(stores: &Stores) {
    for number in 1..=6 {
        let id = queue(stores, number, 0).await;
        claim(stores, 0).await.unwrap();
        let (ending, claiming) = (stores.exports.clone(), stores.clone());
        let ended =
            tokio::spawn(
                async move { ending.complete(id, 1, result(), warnings(), at(LEASE)).await },
            );
        let claimed = tokio::spawn(async move { claim(&claiming, LEASE).await });
        let (ended, claimed) = (ended.await.unwrap(), claimed.await.unwrap());
        match (&ended, claimed) {
            (Ok(()), None) => {
                assert_eq!(get(stores, id).await.state, ExportState::Complete(result()));
            }
            (Err(ClaimError::Lost(StateError::Superseded)), Some(claimed)) => {
                assert_eq!(get(stores, id).await, claimed);
            }
            both => panic!("{both:?}"),
        }
        stores.exports.cancel(cancel(id), at(1)).await.unwrap();
    }
}

/// Whoever's clock is ahead takes work early, and then it is theirs: a clock that is behind gives it
/// to nobody, and the first worker's late write is refused.
pub async fn a_clock_that_jumps_gives_no_work_to_two(stores: &Stores) {
    const DAY: i64 = 86_400_000_000;
    let id = queue(stores, 1, 0).await;
    let first = claim(stores, 0).await.unwrap();
    assert_eq!(claim(stores, -DAY).await, None);
    let ahead = claim(stores, DAY).await.unwrap();
    assert!(ahead.fence > first.fence);
    assert_eq!(claim(stores, 0).await, None);
    assert_eq!(claim(stores, DAY).await, None);
    let exports = &stores.exports;
    let superseded = ClaimError::Lost(StateError::Superseded).to_string();
    let late = exports.heartbeat(id, first.fence, at(LEASE), progress()).await;
    assert_eq!(late.unwrap_err().to_string(), superseded);
    let late = exports.complete(id, first.fence, result(), Vec::new(), at(1)).await;
    assert_eq!(late.unwrap_err().to_string(), superseded);
    // Whose clock is put right says until when from now on.
    exports.heartbeat(id, ahead.fence, at(LEASE), progress()).await.unwrap();
    assert_eq!(claim(stores, LEASE - 1).await, None);
    let again = claim(stores, LEASE).await.unwrap();
    assert!(again.fence > ahead.fence);
    exports.complete(id, again.fence, result(), Vec::new(), at(LEASE)).await.unwrap();
}

/// What was queued by a clock that was ahead is work all the same.
pub async fn a_clock_that_jumps_back_holds_up_nothing(stores: &Stores) {
    let id = queue(stores, 1, 1_000_000_000_000).await;
    let claimed = claim(stores, 0).await.unwrap();
    assert_eq!((claimed.id, claimed.fence), (id, 1));
}

/// Released, lost or taken over: a number never comes again.
pub async fn every_claim_has_a_higher_number_than_all_before(stores: &Stores) {
    let id = queue(stores, 1, 0).await;
    let mut fences = Vec::new();
    for round in 0..6 {
        let claimed = claim(stores, round * LEASE).await.unwrap();
        fences.push(claimed.fence);
        if round % 2 == 0 {
            stores.exports.release(id, claimed.fence).await.unwrap();
        }
    }
    assert!(fences.windows(2).all(|two| two[0] < two[1]), "{fences:?}");
}

/// Those of running exports that end after a time, with their numbers.
pub async fn leases_that_end_late_are_told(stores: &Stores) {
    let [early, late, done] =
        [queue(stores, 1, 0).await, queue(stores, 2, 1).await, queue(stores, 3, 2).await];
    queue(stores, 4, 3).await;
    for now in [10, 20, 30] {
        claim(stores, now).await.unwrap();
    }
    stores.exports.complete(done, 1, result(), Vec::new(), at(31)).await.unwrap();
    let told = async |time| {
        let mut told = stores.exports.leases_beyond(at(time)).await.unwrap();
        told.sort_by_key(|lease| lease.id);
        told
    };
    let lease = |id, end| HeldLease { id, fence: 1, lease_until: at(end) };
    let (early, late) = (lease(early, LEASE + 10), lease(late, LEASE + 20));
    assert_eq!(told(LEASE + 9).await, [early, late.clone()]);
    assert_eq!(told(LEASE + 10).await, [late]);
    assert_eq!(told(LEASE + 20).await, []);
}

/// One that was extended, given to another or given back since stays.
pub async fn a_lease_ends_only_as_it_was_seen(stores: &Stores) {
    let id = queue(stores, 1, 0).await;
    claim(stores, 1).await.unwrap();
    let exports = &stores.exports;
    let seen = HeldLease { id, fence: 1, lease_until: at(LEASE + 1) };
    exports.heartbeat(id, 1, at(LEASE + 2), progress()).await.unwrap();
    assert!(!exports.end_lease(&seen, at(5)).await.unwrap(), "it was extended");
    let seen = HeldLease { lease_until: at(LEASE + 2), ..seen };
    assert!(exports.end_lease(&seen, at(5)).await.unwrap());
    assert_eq!(claim(stores, 4).await, None);
    assert_eq!(claim(stores, 5).await.map(|export| export.fence), Some(2));
    assert!(!exports.end_lease(&seen, at(6)).await.unwrap(), "it is another's");
    let seen = HeldLease { id, fence: 2, lease_until: at(LEASE + 5) };
    exports.release(id, 2).await.unwrap();
    assert!(!exports.end_lease(&seen, at(6)).await.unwrap(), "nobody has it");
    let unknown = HeldLease { id: ExportId::from_bytes([9; 16]), ..seen };
    assert!(!exports.end_lease(&unknown, at(6)).await.unwrap());
}

/// The result is there, and stays.
pub async fn completes_with_a_result(stores: &Stores) {
    let id = queue(stores, 1, 0).await;
    claim(stores, 0).await.unwrap();
    stores.exports.complete(id, 1, result(), warnings(), at(77)).await.unwrap();
    let export = get(stores, id).await;
    assert_eq!(export.state, ExportState::Complete(result()));
    assert_eq!((&export.warnings, export.finished_at), (&warnings(), Some(at(77))));
    assert_eq!(export.progress.percent, Percent::HUNDRED);
    assert_eq!(claim(stores, 10 * LEASE).await, None);
    assert_error!(
        stores.exports.fail(id, 1, fault(), Vec::new(), at(78)).await,
        ClaimError::Lost(StateError::Finished)
    );
    assert_eq!(get(stores, id).await, export);
}

/// The message is there, and stays.
pub async fn fails_with_a_message(stores: &Stores) {
    let id = queue(stores, 1, 0).await;
    claim(stores, 0).await.unwrap();
    stores.exports.fail(id, 1, fault(), warnings(), at(77)).await.unwrap();
    let export = get(stores, id).await;
    assert_eq!(export.state, ExportState::Fault(fault()));
    assert_eq!((export.warnings, export.finished_at), (warnings(), Some(at(77))));
    assert_eq!(claim(stores, 10 * LEASE).await, None);
}

/// Work that stops the server never comes a fourth time.
pub async fn three_claims_without_an_end_are_a_fault(stores: &Stores) {
    let id = queue(stores, 1, 0).await;
    for round in 0..3 {
        assert_eq!(claim(stores, round * LEASE).await.unwrap().attempts, round as u32 + 1);
    }
    assert_eq!(claim(stores, 3 * LEASE).await, None);
    let export = get(stores, id).await;
    assert!(
        matches!(&export.state, ExportState::Fault(fault) if fault.message.contains("3 times")),
        "{:?}",
        export.state
    );
    assert_eq!(export.finished_at, Some(at(3 * LEASE)));
}

/// A claimer gets the next one though one before it became a fault.
pub async fn faults_on_the_way_do_not_hold_up_others(stores: &Stores) {
    queue(stores, 1, 0).await;
    for round in 0..3 {
        claim(stores, round * LEASE).await.unwrap();
    }
    let next = queue(stores, 2, 5).await;
    assert_eq!(claim(stores, 3 * LEASE).await.map(|export| export.id), Some(next));
}

/// A server that stops in good order gives its work back at once.
pub async fn a_released_claim_does_not_count(stores: &Stores) {
    let id = queue(stores, 1, 0).await;
    for fence in 1..=4 {
        let claimed = claim(stores, 0).await.unwrap();
        assert_eq!((claimed.fence, claimed.attempts), (fence, 1));
        stores.exports.release(id, fence).await.unwrap();
        assert_eq!(get(stores, id).await.state, ExportState::Queued);
    }
}

/// Cancelled work is not taken up; cancelling again is no error.
pub async fn a_cancelled_export_is_not_claimed(stores: &Stores) {
    let id = queue(stores, 1, 0).await;
    for now in [7, 8] {
        stores.exports.cancel(cancel(id), at(now)).await.unwrap();
        let export = get(stores, id).await;
        assert_eq!((export.state, export.finished_at), (ExportState::Cancelled, Some(at(7))));
    }
    assert_eq!(claim(stores, 9).await, None);
}

/// The next sign of life of a worker is answered with the cancellation.
pub async fn a_worker_learns_that_its_work_is_not_wanted(stores: &Stores) {
    let id = queue(stores, 1, 0).await;
    claim(stores, 0).await.unwrap();
    stores.exports.cancel(cancel(id), at(1)).await.unwrap();
    let exports = &stores.exports;
    let answers = [
        exports.heartbeat(id, 1, at(LEASE), progress()).await,
        exports.complete(id, 1, result(), Vec::new(), at(2)).await,
        exports.fail(id, 1, fault(), Vec::new(), at(2)).await,
        exports.release(id, 1).await,
    ];
    for answer in answers {
        assert_error!(answer, ClaimError::Lost(StateError::Cancelled));
    }
    assert_eq!(get(stores, id).await.state, ExportState::Cancelled);
}

/// What is complete is no longer wanted; what failed has failed.
pub async fn cancelling_takes_a_file_back_and_leaves_a_fault(stores: &Stores) {
    for number in [1, 2] {
        queue(stores, number, number.into()).await;
    }
    let (complete, failed) = (claim(stores, 5).await.unwrap(), claim(stores, 5).await.unwrap());
    stores.exports.complete(complete.id, 1, result(), warnings(), at(6)).await.unwrap();
    stores.exports.fail(failed.id, 1, fault(), warnings(), at(6)).await.unwrap();
    for id in [complete.id, failed.id] {
        stores.exports.cancel(cancel(id), at(7)).await.unwrap();
    }
    let cancelled = get(stores, complete.id).await;
    assert_eq!((cancelled.state, cancelled.finished_at), (ExportState::Cancelled, Some(at(7))));
    assert_eq!(stores.blob_references.named(&[result().blob]).await.unwrap(), BTreeSet::new());
    let failed = get(stores, failed.id).await;
    assert_eq!((failed.state, failed.finished_at), (ExportState::Fault(fault()), Some(at(6))));
}

/// Whoever comes last, the export is cancelled in the end.
pub async fn cancelling_and_completing_race(stores: &Stores) {
    for number in 1..=4 {
        let id = queue(stores, number, 0).await;
        claim(stores, 0).await.unwrap();
        let (exports, others) = (stores.exports.clone(), stores.exports.clone());
        let completing =
            tokio::spawn(async move { exports.complete(id, 1, result(), Vec::new(), at(2)).await });
        others.cancel(cancel(id), at(2)).await.unwrap();
        let completed = completing.await.unwrap();
        assert!(matches!(completed, Ok(()) | Err(ClaimError::Lost(StateError::Cancelled))));
        assert_eq!(get(stores, id).await.state, ExportState::Cancelled);
    }
}

/// What came to its end before a time goes; what did not stays, however old.
pub async fn deletes_what_finished_before(stores: &Stores) {
    let old = queue(stores, 1, 0).await;
    claim(stores, 0).await.unwrap();
    stores.exports.complete(old, 1, result(), Vec::new(), at(50)).await.unwrap();
    let young = queue(stores, 2, 0).await;
    stores.exports.cancel(cancel(young), at(60)).await.unwrap();
    let waiting = queue(stores, 3, 0).await;
    assert_eq!(stores.exports.delete_finished(at(60)).await.unwrap(), 1);
    assert_error!(stores.exports.get(old).await, StoreError::NotFound { kind: Kind::Export, .. });
    for id in [young, waiting] {
        assert!(stores.exports.get(id).await.is_ok());
    }
}

/// What is not there is said not to be there.
pub async fn what_is_missing_is_not_found(stores: &Stores) {
    let id = ExportId::from_bytes([7; 16]);
    let exports = &stores.exports;
    assert_error!(
        exports.get(id).await,
        StoreError::NotFound { kind: Kind::Export, id: text } if text == id.to_string()
    );
    assert_error!(exports.cancel(cancel(id), at(0)).await, StoreError::NotFound { .. });
    assert_error!(
        exports.heartbeat(id, 1, at(0), progress()).await,
        ClaimError::Store(StoreError::NotFound { .. })
    );
    assert_error!(
        exports.complete(id, 1, result(), Vec::new(), at(0)).await,
        ClaimError::Store(StoreError::NotFound { .. })
    );
}

/// Starting and cancelling are in the trail.
pub async fn writes_come_with_their_line(stores: &Stores) {
    let id = queue(stores, 1, 0).await;
    let line = last_line(stores).await.entry;
    assert_eq!((line.verb, line.subject.id), (Verb::Start, Some(id.to_string())));
    assert_eq!(line.actor.user_id, Some(UserId(1)));
    stores.exports.cancel(cancel(id), at(1)).await.unwrap();
    assert_eq!(last_line(stores).await.entry.verb, Verb::Cancel);
}
