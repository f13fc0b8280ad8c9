//! Sign-ins, API keys and external users in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pressroom_domain::{
    ApiKey, ApiKeyId, ClientId, ExternalSubject, LockConflict, NewApiKey, NewExternalUser, SignIn,
    SignInId, TokenOrigin, User, UserId,
};
use pressroom_ports::{
    ApiKeyRepository, Change, ExternalUserRepository, Kind, NewSignIn, RefreshedSignIn,
    SignInRepository, StoreError, UsedApiKey,
};

use super::memory::MemoryStore;

#[async_trait]
impl SignInRepository for MemoryStore {
    async fn begin(&self, change: Change<NewSignIn>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let NewSignIn { sign_in, access, seen } = change.entity;
        let id = sign_in.user_id;
        let current = tables.user(id)?.lock;
        if current != seen {
            return Err(StoreError::conflict(Kind::User, id, LockConflict { current }));
        }
        let mut others: Vec<&SignIn> =
            tables.sign_ins.values().filter(|other| other.user_id == id).collect();
        others.sort_by_key(|other| (std::cmp::Reverse(other.expires_at), other.id));
        let kept = SignIn::MOST_OF_A_USER - 1;
        let beyond: Vec<SignInId> = others.iter().skip(kept).map(|other| other.id).collect();
        tables.sign_ins.retain(|id, _| !beyond.contains(id));
        tables.sign_ins.insert(sign_in.id, sign_in);
        tables.tokens.insert(access.hash, access);
        tables.record(change.audit, change.outbox, id);
        Ok(())
    }

    async fn find(&self, id: SignInId) -> Result<Option<(SignIn, User)>, StoreError> {
        let mut tables = self.tables()?;
        let Some(sign_in) = tables.sign_ins.get(&id).cloned() else { return Ok(None) };
        let user = tables.user(sign_in.user_id)?.clone();
        Ok(Some((sign_in, user)))
    }

    async fn refresh(&self, change: Change<RefreshedSignIn>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let RefreshedSignIn { id, shown, refresh, expires_at, access } = change.entity;
        let sign_in = tables.sign_ins.get_mut(&id).filter(|sign_in| sign_in.refresh == shown);
        let sign_in = sign_in.ok_or_else(|| StoreError::not_found(Kind::SignIn, id))?;
        (sign_in.refresh, sign_in.expires_at) = (refresh, expires_at);
        let user = sign_in.user_id;
        tables.tokens.insert(access.hash, access);
        tables.record(change.audit, change.outbox, user);
        Ok(())
    }

    async fn end(&self, change: Change<SignInId>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let id = change.entity;
        let before = tables.sign_ins.len() + tables.tokens.len();
        tables.sign_ins.remove(&id);
        tables.tokens.retain(|_, token| token.origin != TokenOrigin::SignIn(id));
        if tables.sign_ins.len() + tables.tokens.len() < before {
            tables.record(change.audit, change.outbox, id);
        }
        Ok(())
    }

    async fn delete_expired(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut tables = self.tables_to_write()?;
        let before = tables.sign_ins.len();
        tables.sign_ins.retain(|_, sign_in| sign_in.is_valid(now));
        Ok((before - tables.sign_ins.len()) as u64)
    }
}

#[async_trait]
impl ApiKeyRepository for MemoryStore {
    async fn create(&self, change: Change<NewApiKey>) -> Result<ApiKey, StoreError> {
        let mut tables = self.tables_to_write()?;
        let new = change.entity;
        tables.user(new.user_id)?;
        let id = ApiKeyId(tables.next_id());
        let key = ApiKey {
            id,
            user_id: new.user_id,
            client_id: new.client_id,
            secret: new.secret,
            name: new.name,
            created_at: new.created_at,
            last_used_at: None,
            expires_at: new.expires_at,
        };
        tables.api_keys.insert(id, key.clone());
        tables.record(change.audit, change.outbox, key.user_id);
        Ok(key)
    }

    async fn find(&self, client_id: ClientId) -> Result<Option<(ApiKey, User)>, StoreError> {
        let mut tables = self.tables()?;
        let found = tables.api_keys.values().find(|key| key.client_id == client_id).cloned();
        let Some(key) = found else { return Ok(None) };
        let user = tables.user(key.user_id)?.clone();
        Ok(Some((key, user)))
    }

    async fn list(&self, user: UserId) -> Result<Vec<ApiKey>, StoreError> {
        let tables = self.tables()?;
        Ok(tables.api_keys.values().filter(|key| key.user_id == user).cloned().collect())
    }

    async fn used(&self, change: Change<UsedApiKey>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let UsedApiKey { id, at, access } = change.entity;
        let key = tables.api_keys.get_mut(&id);
        let key = key.ok_or_else(|| StoreError::not_found(Kind::ApiKey, id))?;
        key.last_used_at = Some(at);
        let user = key.user_id;
        tables.tokens.insert(access.hash, access);
        tables.record(change.audit, change.outbox, user);
        Ok(())
    }

    async fn delete(&self, change: Change<(UserId, ApiKeyId)>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let (user, id) = change.entity;
        if tables.api_keys.get(&id).is_none_or(|key| key.user_id != user) {
            return Err(StoreError::not_found(Kind::ApiKey, id));
        }
        tables.api_keys.remove(&id);
        tables.tokens.retain(|_, token| token.origin != TokenOrigin::ApiKey(id));
        tables.record(change.audit, change.outbox, user);
        Ok(())
    }
}

#[async_trait]
impl ExternalUserRepository for MemoryStore {
    async fn find(&self, subject: &ExternalSubject) -> Result<Option<User>, StoreError> {
        let mut tables = self.tables()?;
        let id = tables.external_users.get(subject).copied();
        id.map(|id| tables.user(id).cloned()).transpose()
    }

    async fn create(&self, change: Change<NewExternalUser>) -> Result<User, StoreError> {
        let mut tables = self.tables_to_write()?;
        let NewExternalUser { subject, user } = change.entity;
        if tables.external_users.contains_key(&subject) {
            return Err(StoreError::duplicate(Kind::User, subject.subject()));
        }
        let user = tables.make_user(user, pressroom_domain::OptimisticLock::NEW)?;
        tables.external_users.insert(subject, user.id);
        tables.record(change.audit, change.outbox, user.id);
        Ok(user)
    }

    async fn link(&self, change: Change<(ExternalSubject, UserId)>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let (subject, user) = change.entity;
        tables.user(user)?;
        let taken =
            tables.external_users.iter().any(|(other, id)| *other == subject || *id == user);
        if taken {
            return Err(StoreError::duplicate(Kind::User, subject.subject()));
        }
        tables.external_users.insert(subject, user);
        tables.record(change.audit, change.outbox, user);
        Ok(())
    }
}
