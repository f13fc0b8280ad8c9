//! What the audit trail promises to those who follow it while others write.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pressroom_domain::{Category, CategoryUpdate, SubjectKind, Verb};
use pressroom_ports::{AuditRecord, Slice, Stores};

use crate::build::{self, at};

/// Makes tests of the trail of a store while others write.
#[macro_export]
macro_rules! trail_contract {
    ($make:expr) => {
        $crate::suite! { trail, $make,
            lines_become_visible_in_the_order_of_their_numbers
            an_unchanged_version_means_unchanged_entities
        }
    };
}

const WRITERS: usize = 6;

/// Lets a reader read again and again, until all writers have come to their end, and once more.
struct Follow {
    writing: Arc<AtomicUsize>,
    is_last: bool,
}

impl Follow {
    fn new(writing: &Arc<AtomicUsize>) -> Self {
        Self { writing: writing.clone(), is_last: false }
    }

    async fn again(&mut self) -> bool {
        if self.is_last {
            return false;
        }
        tokio::task::yield_now().await;
        self.is_last = self.writing.load(Ordering::Acquire) == 0;
        true
    }
}

/// Whoever has seen a line never sees a new one with a lower number: those who follow the trail from
/// the last line that they know miss none.
pub async fn lines_become_visible_in_the_order_of_their_numbers(stores: &Stores) {
    let owner = build::user(stores, "ann").await.id;
    let writing = Arc::new(AtomicUsize::new(WRITERS));
    let writers = (0..WRITERS).map(|writer| {
        let (stores, writing) = (stores.clone(), writing.clone());
        tokio::spawn(async move {
            for round in 0..6 {
                let number = writer * 10 + round;
                // Short and long transactions, with and without a mail.
                let line = build::line(Verb::SignOut, SubjectKind::User, None);
                stores.audit.append(line).await.unwrap();
                build::document(&stores, &format!("Document {number}")).await;
                let user = build::new_user(&format!("user {number}"));
                stores.users.create(user.sending(build::mail("Welcome"))).await.unwrap();
                let export = build::new_export(number.try_into().unwrap(), owner, at(0));
                stores.exports.enqueue(export).await.unwrap();
            }
            writing.fetch_sub(1, Ordering::Release);
        })
    });
    let writers: Vec<_> = writers.collect();
    let readers = (0..3).map(|_| {
        let (stores, mut follow) = (stores.clone(), Follow::new(&writing));
        tokio::spawn(async move {
            let mut seen: Vec<AuditRecord> = Vec::new();
            while follow.again().await {
                loop {
                    let after = seen.last().map(|line| line.id);
                    let new = stores.audit.list(Slice { after, limit: 7 }).await.unwrap();
                    if new.is_empty() {
                        break;
                    }
                    seen.extend(new);
                }
            }
            seen
        })
    });
    let readers: Vec<_> = readers.collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let all = super::trail(stores).await;
    assert_eq!(all.len(), 1 + WRITERS * 6 * 5);
    for reader in readers {
        let seen = reader.await.unwrap();
        assert_eq!(seen.len(), all.len(), "a reader who follows the trail misses nothing");
        assert!(seen == all);
    }
}

/// Between two equal numbers of the newest line, nothing was written: what was read is of that
/// version, for every reader.
pub async fn an_unchanged_version_means_unchanged_entities(stores: &Stores) {
    let shelf = build::category(stores, "Shelf").await.id;
    let writing = Arc::new(AtomicUsize::new(WRITERS));
    let writers = (0..WRITERS).map(|writer| {
        let (stores, writing) = (stores.clone(), writing.clone());
        tokio::spawn(async move {
            for round in 0..8 {
                let name = build::name(&format!("Writer {writer}, round {round}"));
                let update = CategoryUpdate { id: shelf, expected: None, name };
                let update = build::change(update, Verb::Update, SubjectKind::Category, shelf);
                stores.categories.update(update).await.unwrap();
                build::user(&stores, &format!("user {writer} {round}")).await;
            }
            writing.fetch_sub(1, Ordering::Release);
        })
    });
    let writers: Vec<_> = writers.collect();
    let readers = (0..3).map(|_| {
        let (stores, mut follow) = (stores.clone(), Follow::new(&writing));
        tokio::spawn(async move {
            let mut versions: Vec<(i64, Category)> = Vec::new();
            let kinds = [SubjectKind::Category];
            while follow.again().await {
                let before = stores.audit.newest_about(&kinds).await.unwrap();
                let category = stores.categories.get(shelf).await.unwrap();
                if stores.audit.newest_about(&kinds).await.unwrap() == before {
                    versions.push((before, category));
                }
            }
            versions
        })
    });
    let readers: Vec<_> = readers.collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let mut known: BTreeMap<i64, Category> = BTreeMap::new();
    for reader in readers {
        let versions = reader.await.unwrap();
        assert!(versions.is_sorted_by_key(|(version, _)| *version), "versions never go back");
        for (version, category) in versions {
            let first = known.entry(version).or_insert_with(|| category.clone());
            assert_eq!(*first, category, "of version {version}");
        }
    }
    let locks: Vec<i64> = known.values().map(|category| category.lock.0).collect();
    assert!(locks.windows(2).all(|two| two[0] < two[1]), "later versions are later: {locks:?}");
}
