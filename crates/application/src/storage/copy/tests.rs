//! Copies in memory, and copies that are cut short.

use std::sync::Mutex;

use chrono::TimeDelta;
use pressroom_contracts::fakes::{ManualClock, MemoryBlobs, MemoryContents, MemoryStore};
use pressroom_domain::{BlobHash, Node, NodeName, NodeState};
use pressroom_ports::{BlobStore, Clock};

use super::*;

/// A site and the place that it is copied to.
struct Move {
    from: Arc<MemoryContents>,
    to: Arc<MemoryContents>,
    from_bytes: MemoryBlobs,
    to_bytes: MemoryBlobs,
    servers: Arc<MemoryStore>,
    clock: Arc<ManualClock>,
}

fn number(number: i64) -> Cell {
    Cell::Integer(number)
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

impl Move {
    /// A site with three documents of two revisions each, and an empty store.
    async fn new() -> Self {
        let clock = Arc::new(ManualClock::default());
        let made = Self {
            from: Arc::default(),
            to: Arc::default(),
            from_bytes: MemoryBlobs::new(clock.clone()),
            to_bytes: MemoryBlobs::new(clock.clone()),
            servers: Arc::default(),
            clock,
        };
        made.category(1, "Sales").await;
        for id in 1..=3 {
            made.document(id, 1).await;
            for revision in [2 * id - 1, 2 * id] {
                made.revision(revision, id, &format!("layout {revision}")).await;
            }
        }
        made.from_bytes.put(b"nobody names this".to_vec()).await.unwrap();
        made.line("first").await;
        made
    }

    async fn category(&self, id: i64, name: &str) {
        self.put("categories", vec![number(id), text(name), number(0)]).await;
    }

    async fn document(&self, id: i64, category: i64) {
        let row = vec![
            number(id),
            number(category),
            text("Invoice"),
            text(""),
            text("report"),
            number(0),
            text("ann"),
            number(5),
            Cell::Null,
            number(2 * id),
            number(1),
            Cell::Null,
        ];
        self.put("documents", row).await;
    }

    async fn revision(&self, id: i64, document: i64, layout: &str) {
        let stored = self.from_bytes.put(layout.as_bytes().to_vec()).await.unwrap();
        let layout = Cell::Bytes(stored.hash.as_bytes().to_vec());
        let row = vec![
            number(id),
            number(document),
            number(id),
            number(9),
            text("ann"),
            text(""),
            layout,
        ];
        self.put("revisions", row).await;
    }

    async fn group(&self, id: i64, name: &str) {
        let row = vec![number(id), text(name), text(name), Cell::Null, number(0)];
        self.put("user_groups", row).await;
    }

    async fn put(&self, table: &str, row: Vec<Cell>) {
        self.from.put(table, vec![row]).await.unwrap();
    }

    async fn line(&self, detail: &str) {
        write_line(&self.from, detail).await;
    }

    async fn copy(&self) -> Result<Copied, CopyError> {
        self.copy_watched(&|_| {}).await
    }

    async fn copy_watched(&self, progress: Progress<'_>) -> Result<Copied, CopyError> {
        let bytes = Bytes {
            from: Arc::new(self.from_bytes.clone()),
            to: Arc::new(self.to_bytes.clone()),
            needed: self.from.clone(),
        };
        self.clock.advance(TimeDelta::seconds(1));
        let command = Copy {
            from: self.from.clone(),
            to: self.to.clone(),
            servers: self.servers.clone(),
            bytes: Some(bytes),
            now: self.clock.now(),
        };
        copy(&command, progress).await
    }

    /// Fails unless both hold the same.
    async fn assert_same(&self) {
        assert_eq!(self.from.all(), self.to.all());
        for row in &self.from.all()["revisions"] {
            let Cell::Bytes(hash) = &row[6] else { panic!("{row:?}") };
            let hash = BlobHash::try_from(&hash[..]).unwrap();
            let limit = 1_000;
            let expect = self.from_bytes.get(&hash, limit).await.unwrap();
            assert_eq!(self.to_bytes.get(&hash, limit).await.unwrap(), expect);
        }
    }
}

/// A line of the trail, as a server writes it.
async fn write_line(store: &MemoryContents, detail: &str) {
    let id = version(store).await.unwrap() + 1;
    let line = vec![
        number(id),
        number(7),
        Cell::Null,
        text("ann"),
        Cell::Null,
        text("update"),
        text("document"),
        Cell::Null,
        text(detail),
    ];
    store.put(AUDIT_LINES, vec![line]).await.unwrap();
    store.put(SEQUENCES, vec![vec![text(AUDIT_LINES), number(id)]]).await.unwrap();
}

#[tokio::test]
async fn a_copy_holds_all_rows_and_the_bytes_that_they_name() {
    let made = Move::new().await;
    let copied = made.copy().await.unwrap();
    made.assert_same().await;
    assert_eq!(copied.bytes.copied, 6, "what nobody names stays behind");
    assert_eq!(made.to_bytes.list(None, 10).await.unwrap().len(), 6);
    let again = made.copy().await.unwrap();
    let nothing = Copied { rows: copied.rows, ..Copied::default() };
    assert_eq!(again, nothing, "a second one finds nothing to do");
}

/// Whatever write it dies at, the next one brings the rest, and what is there is not written again.
#[tokio::test]
async fn a_copy_that_was_killed_is_taken_up() {
    let whole = Move::new().await;
    whole.to.fail_after(None);
    whole.copy().await.unwrap();
    let writes = whole.to.writes();
    assert!(writes >= 8, "{writes}");
    for killed_after in 0..writes {
        let made = Move::new().await;
        made.to.fail_after(Some(killed_after));
        let error = made.copy().await.unwrap_err();
        assert!(matches!(error, CopyError::To(StoreError::Unavailable(_))), "{error}");
        let marked = moment(&*made.to, COPYING).await.unwrap().is_some();
        assert_eq!(marked, killed_after > 0, "no server starts on it");
        made.to.fail_after(None);
        made.copy().await.unwrap();
        made.assert_same().await;
        // The marks at its beginning are made again.
        assert!(made.to.writes() <= writes - killed_after + 3, "{killed_after}");
    }
}

/// Twice in a row at any two points.
#[tokio::test]
async fn a_copy_may_be_killed_again_and_again() {
    let made = Move::new().await;
    for _ in 0..100 {
        made.to.fail_after(Some(3));
        if made.copy().await.is_ok() {
            return made.assert_same().await;
        }
    }
    panic!("it never came to its end");
}

#[tokio::test]
async fn what_changed_since_follows_and_what_is_gone_goes() {
    let made = Move::new().await;
    for (id, name) in [(1, "a"), (2, "b"), (3, "c")] {
        made.group(id, name).await;
    }
    made.copy().await.unwrap();
    made.category(1, "Sales of old").await;
    made.category(2, "Stock").await;
    made.document(3, 2).await;
    made.revision(9, 3, "another layout").await;
    let key = |id| vec![vec![number(id)]];
    made.from.delete("documents", key(1)).await.unwrap();
    // A name is taken over from a group that went, and two change theirs.
    made.from.delete("user_groups", key(3)).await.unwrap();
    made.group(4, "c").await;
    made.from.delete("user_groups", key(1)).await.unwrap();
    made.group(2, "a").await;
    made.group(1, "b").await;
    made.line("second").await;
    let copied = made.copy().await.unwrap();
    assert!(copied.deleted > 0 && copied.bytes.copied == 1, "{copied:?}");
    made.assert_same().await;
}

#[tokio::test]
async fn a_target_with_a_life_of_its_own_is_left_alone() {
    let made = Move::new().await;
    made.to.put("categories", vec![vec![number(1), text("Mine"), number(0)]]).await.unwrap();
    let before = made.to.all();
    assert!(matches!(made.copy().await.unwrap_err(), CopyError::Occupied));
    assert_eq!(made.to.all(), before);

    let made = Move::new().await;
    made.copy().await.unwrap();
    write_line(&made.to, "somebody works here").await;
    let before = made.to.all();
    assert!(matches!(made.copy().await.unwrap_err(), CopyError::Diverged));
    made.line("and here").await;
    assert!(matches!(made.copy().await.unwrap_err(), CopyError::Diverged));
    assert_eq!(made.to.all(), before);

    // Another site does not fit a copy, be it whole or half.
    for writes in [None, Some(4)] {
        let (one, other) = (Move::new().await, Move::new().await);
        one.to.fail_after(writes);
        assert_eq!(one.copy().await.is_ok(), writes.is_none());
        one.to.fail_after(None);
        let before = one.to.all();
        other.clock.advance(TimeDelta::days(1));
        let mixed = Move { to: one.to.clone(), ..other };
        assert!(matches!(mixed.copy().await.unwrap_err(), CopyError::Occupied));
        assert_eq!(one.to.all(), before);
    }
}

#[tokio::test]
async fn a_target_that_a_server_uses_is_left_alone() {
    let made = Move::new().await;
    made.copy().await.unwrap();
    let node = Node {
        name: NodeName::new("a"),
        version: "1".into(),
        address: "127.0.0.1:8080".into(),
        state: NodeState::Running,
        started_at: made.clock.now(),
        seen_at: made.clock.now(),
        running: 0,
        capacity: 2,
    };
    made.servers.heartbeat(node).await.unwrap();
    let error = made.copy().await.unwrap_err();
    assert!(error.to_string().contains("the server at 127.0.0.1:8080 uses the target"), "{error}");
    made.clock.advance(TimeDelta::minutes(2));
    made.copy().await.unwrap();
}

#[tokio::test]
async fn a_store_is_not_copied_into_itself_and_half_a_copy_is_no_source() {
    let made = Move::new().await;
    let same = Move { to: made.from.clone(), ..Move::new().await };
    let itself = Move { from: made.from.clone(), ..same };
    assert!(matches!(itself.copy().await.unwrap_err(), CopyError::Same));
    assert!(moment(&*itself.from, COPYING).await.unwrap().is_none());

    let made = Move::new().await;
    made.to.fail_after(Some(4));
    made.copy().await.unwrap_err();
    made.to.fail_after(None);
    let onward = Move { from: made.to.clone(), to: Arc::default(), ..Move::new().await };
    assert!(matches!(onward.copy().await.unwrap_err(), CopyError::Unfinished));
}

/// A copy of a site that is at work ends once it was seen to be the same.
#[tokio::test]
async fn what_is_written_meanwhile_follows() {
    let made = Move::new().await;
    let (steps, writes) = (Mutex::new(0), Mutex::new(Vec::new()));
    // The source is written to when the first two passes come to its documents.
    let progress = |step: Step| {
        let Step::Rows { table: "documents", .. } = step else { return };
        let mut steps = steps.lock().unwrap();
        *steps += 1;
        if *steps <= 2 {
            let from = made.from.clone();
            let step = *steps;
            let write = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                runtime.block_on(async {
                    let category = vec![number(10 + step), text("New"), number(0)];
                    from.put("categories", vec![category]).await.unwrap();
                    write_line(&from, "meanwhile").await;
                });
            });
            write.join().unwrap();
            writes.lock().unwrap().push(step);
        }
    };
    made.copy_watched(&progress).await.unwrap();
    assert_eq!(*writes.lock().unwrap(), [1, 2]);
    made.assert_same().await;
}

#[tokio::test]
async fn a_source_that_never_rests_is_told_of() {
    let made = Move::new().await;
    let progress = |step: Step| {
        if let Step::Pass(_) = step {
            let from = made.from.clone();
            let write = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                runtime.block_on(write_line(&from, "again"));
            });
            write.join().unwrap();
        }
    };
    let error = made.copy_watched(&progress).await.unwrap_err();
    assert!(matches!(error, CopyError::Moving), "{error}");
    made.copy().await.unwrap();
    made.assert_same().await;
}

#[tokio::test]
async fn bytes_that_are_not_what_they_were_are_left_out_and_full_disks_are_told() {
    let made = Move::new().await;
    let stored = made.from_bytes.put(b"layout 3".to_vec()).await.unwrap();
    made.from_bytes.cut_short(&stored.hash);
    made.to_bytes.set_full(true);
    let error = made.copy().await.unwrap_err();
    assert!(matches!(error, CopyError::ToBytes(BlobError::Full(_))), "{error}");
    made.to_bytes.set_full(false);
    let later = made.clock.now() + TimeDelta::days(1);
    let lost = made.from_bytes.put(b"layout 4".to_vec()).await.unwrap();
    assert!(made.from_bytes.delete(&lost.hash, later).await.unwrap());
    let copied = made.copy().await.unwrap();
    let CopiedBytes { copied, missing, damaged, .. } = copied.bytes;
    assert_eq!((copied, missing, damaged), (4, 1, 1));
    assert!(!made.to_bytes.exists(&stored.hash).await.unwrap());
}
