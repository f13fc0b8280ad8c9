//! Looks at the newest line that callers share.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pressroom_domain::{AuditEntry, SubjectKind};
use pressroom_ports::{AuditLog, AuditPart, AuditQuery, AuditRecord, Slice, StoreError};

/// An [`AuditLog`] whose callers share their looks at the newest line. Nearly every request looks, and
/// where the store is another process, or another machine, that is most of what a short answer costs.
///
/// A caller gets the answer of a look that *began* after they asked, so that nobody sees less than if
/// they had looked for themselves; those who ask while a look is under way share the next one.
pub struct SharedLooks {
    audit: Arc<dyn AuditLog>,
    /// What is asked for, which is one of a few.
    looks: Mutex<HashMap<Vec<SubjectKind>, Arc<Look>>>,
}

/// Looks for the same.
#[derive(Default)]
struct Look {
    /// How many have begun.
    begun: AtomicU64,
    /// The last one that succeeded: its number, and what it saw. Held while one is under way.
    last: tokio::sync::Mutex<(u64, i64)>,
}

impl SharedLooks {
    /// Shares looks at this trail.
    #[must_use]
    pub fn new(audit: Arc<dyn AuditLog>) -> Self {
        Self { audit, looks: Mutex::default() }
    }

    fn look(&self, kinds: &[SubjectKind]) -> Arc<Look> {
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(look) = looks.get(kinds) {
            return look.clone();
        }
        looks.entry(kinds.to_vec()).or_default().clone()
    }
}

impl fmt::Debug for SharedLooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedLooks").finish_non_exhaustive()
    }
}

#[async_trait]
impl AuditLog for SharedLooks {
    async fn append(&self, entry: AuditEntry) -> Result<(), StoreError> {
        self.audit.append(entry).await
    }

    async fn list(&self, slice: Slice<i64>) -> Result<Vec<AuditRecord>, StoreError> {
        self.audit.list(slice).await
    }

    async fn find(
        &self,
        query: &AuditQuery,
        part: AuditPart,
    ) -> Result<Vec<AuditRecord>, StoreError> {
        self.audit.find(query, part).await
    }

    async fn count(&self, query: &AuditQuery) -> Result<u64, StoreError> {
        self.audit.count(query).await
    }

    async fn forget_before(&self, time: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        self.audit.forget_before(time, limit).await
    }

    async fn newest_about(&self, kinds: &[SubjectKind]) -> Result<i64, StoreError> {
        let look = self.look(kinds);
        let asked_after = look.begun.load(Ordering::SeqCst);
        let mut last = look.last.lock().await;
        let (number, newest) = *last;
        if number > asked_after {
            return Ok(newest);
        }
        let number = look.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let newest = self.audit.newest_about(kinds).await?;
        *last = (number, newest);
        Ok(newest)
    }
}

#[cfg(test)]
mod tests {
    use pressroom_contracts::build;
    use pressroom_contracts::fakes::MemoryStore;
    use pressroom_domain::Verb;
    use pressroom_ports::Stores;
    use tokio::sync::Semaphore;

    use super::*;

    async fn empty_store() -> Box<Stores> {
        let stores = Stores::of(Arc::new(MemoryStore::default()));
        let audit = Arc::new(SharedLooks::new(stores.audit.clone()));
        Box::new(Stores { audit, ..stores })
    }

    pressroom_contracts::store_contract!(empty_store);

    /// A trail whose looks read at once and answer when they are let.
    struct Slow {
        audit: Arc<dyn AuditLog>,
        looks: AtomicU64,
        let_go: Semaphore,
    }

    #[async_trait]
    impl AuditLog for Slow {
        async fn append(&self, entry: AuditEntry) -> Result<(), StoreError> {
            self.audit.append(entry).await
        }

        async fn list(&self, slice: Slice<i64>) -> Result<Vec<AuditRecord>, StoreError> {
            self.audit.list(slice).await
        }

        async fn find(
            &self,
            query: &AuditQuery,
            part: AuditPart,
        ) -> Result<Vec<AuditRecord>, StoreError> {
            self.audit.find(query, part).await
        }

        async fn count(&self, query: &AuditQuery) -> Result<u64, StoreError> {
            self.audit.count(query).await
        }

        async fn forget_before(&self, time: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
            self.audit.forget_before(time, limit).await
        }

        async fn newest_about(&self, kinds: &[SubjectKind]) -> Result<i64, StoreError> {
            let newest = self.audit.newest_about(kinds).await;
            self.looks.fetch_add(1, Ordering::SeqCst);
            self.let_go.acquire().await.unwrap().forget();
            newest
        }
    }

    /// Those who ask while a look is under way share the next one, and see what was written before
    /// they asked.
    #[tokio::test]
    async fn whoever_asks_sees_what_was_written_before() {
        let stores = Stores::of(Arc::new(MemoryStore::default()));
        let slow = Arc::new(Slow {
            audit: stores.audit.clone(),
            looks: AtomicU64::new(0),
            let_go: Semaphore::new(0),
        });
        let shared = Arc::new(SharedLooks::new(slow.clone()));
        let ask = || {
            let shared = shared.clone();
            tokio::spawn(async move { shared.newest_about(&[SubjectKind::User]).await.unwrap() })
        };
        let first = ask();
        while slow.looks.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        let line = build::line(Verb::Update, SubjectKind::User, Some("1".into()));
        stores.audit.append(line).await.unwrap();
        let later: Vec<_> = (0..9).map(|_| ask()).collect();
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        slow.let_go.add_permits(10);
        assert_eq!(first.await.unwrap(), 0, "it had read before the write");
        for later in later {
            assert!(later.await.unwrap() > 0);
        }
        assert_eq!(slow.looks.load(Ordering::SeqCst), 2);
    }
}
