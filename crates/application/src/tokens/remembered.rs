//! Sessions that were looked up lately.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pressroom_domain::{AccessToken, SubjectKind, TokenHash, UserId};
use pressroom_ports::{
    AuditLog, Change, Identity, ProlongedToken, Session, StoreError, TokenRepository,
};

/// Sessions that are remembered at most; beyond it all are forgotten.
const MOST: usize = 10_000;
/// What a session is made of: its account, and the groups that the account is in.
const MADE_OF: [SubjectKind; 2] = [SubjectKind::User, SubjectKind::Group];

/// A [`TokenRepository`] that remembers the sessions it has looked up, for as long as nothing was
/// written about any user or group. That is asked of the store with every call, so that a token which
/// any node has ended does not work once more.
pub struct RememberedSessions {
    tokens: Arc<dyn TokenRepository>,
    audit: Arc<dyn AuditLog>,
    known: Mutex<Known>,
}

/// Sessions as of a line of the audit trail.
#[derive(Default)]
struct Known {
    version: i64,
    sessions: HashMap<TokenHash, Session>,
}

impl RememberedSessions {
    /// Remembers what these tokens are, as long as this trail says nothing about users and groups.
    #[must_use]
    pub fn new(tokens: Arc<dyn TokenRepository>, audit: Arc<dyn AuditLog>) -> Self {
        Self { tokens, audit, known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for RememberedSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RememberedSessions").finish_non_exhaustive()
    }
}

#[async_trait]
impl TokenRepository for RememberedSessions {
    async fn create(&self, change: Change<AccessToken>) -> Result<(), StoreError> {
        self.tokens.create(change).await
    }

    async fn find(&self, hash: &TokenHash) -> Result<Option<Session>, StoreError> {
        // Before the session is read: what is written in between makes it newer than it is thought
        // to be, never older.
        let version = self.audit.newest_about(&MADE_OF).await?;
        {
            let mut known = self.known();
            if known.version < version {
                *known = Known { version, ..Known::default() };
            } else if known.version == version
                && let Some(session) = known.sessions.get(hash)
            {
                return Ok(Some(session.clone()));
            }
        }
        let found = self.tokens.find(hash).await?;
        if let Some(session) = &found {
            let mut known = self.known();
            if known.version == version {
                if known.sessions.len() >= MOST {
                    known.sessions.clear();
                }
                known.sessions.insert(*hash, session.clone());
            }
        }
        Ok(found)
    }

    async fn identity(&self, user: UserId) -> Result<Identity, StoreError> {
        self.tokens.identity(user).await
    }

    async fn prolong(&self, change: Change<ProlongedToken>) -> Result<(), StoreError> {
        self.tokens.prolong(change).await
    }

    async fn delete(&self, change: Change<TokenHash>) -> Result<(), StoreError> {
        self.tokens.delete(change).await
    }

    async fn delete_expired(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.tokens.delete_expired(now).await
    }
}

#[cfg(test)]
mod tests {
    use pressroom_contracts::build;
    use pressroom_contracts::fakes::MemoryStore;
    use pressroom_domain::{Access, Holder, NewUser, Permission, Scope, Verb};
    use pressroom_ports::{Grant, Stores, UserUpdate};

    use super::*;

    /// A store of which every session is remembered.
    fn remembering() -> Stores {
        let stores = Stores::of(Arc::new(MemoryStore::default()));
        let tokens = RememberedSessions::new(stores.tokens.clone(), stores.audit.clone());
        Stores { tokens: Arc::new(tokens), ..stores }
    }

    async fn empty_store() -> Box<Stores> {
        Box::new(remembering())
    }

    pressroom_contracts::token_repository_contract!(empty_store);

    #[tokio::test]
    async fn a_session_is_as_new_as_the_newest_write() {
        let stores = remembering();
        let user = build::user(&stores, "ann").await;
        let token = build::token(7, user.id, build::at(1_000_000));
        let hash = token.entity.hash;
        stores.tokens.create(token).await.unwrap();
        let session = async || stores.tokens.find(&hash).await.unwrap();
        assert_eq!(session().await.unwrap().identity.user, user);
        assert_eq!(session().await.unwrap().identity.permissions, []);

        let permissions = vec![Permission::new(Access::READ, Scope::AllDocuments)];
        let grant = Grant {
            holder: Holder::User(user.id),
            expected: None,
            permissions: permissions.clone(),
        };
        let change = build::change(grant, Verb::Grant, SubjectKind::User, user.id);
        stores.permissions.grant(change).await.unwrap();
        assert_eq!(session().await.unwrap().identity.permissions, permissions);

        let idle = NewUser { active: false, ..build::new_user("ann").entity };
        let update = UserUpdate { id: user.id, expected: None, user: idle };
        let change = build::change(update, Verb::Update, SubjectKind::User, user.id);
        stores.users.update(change).await.unwrap();
        assert_eq!(session().await, None, "the very next call fails");
    }
}
