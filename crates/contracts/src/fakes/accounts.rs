//! Users, groups, permissions and tokens in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pressroom_domain::{
    AccessToken, Administrators, BuiltInGroup, Group, GroupId, GroupUpdate, Holder, NewGroup,
    NewUser, OptimisticLock, PasswordHash, Permission, PermissionEdit, PhotoRecord, TokenHash,
    User, UserId,
};
use pressroom_ports::{
    Change, Edit, Grant, GroupRepository, Held, Identity, Kind, PermissionRepository,
    ProlongedToken, Session, Slice, StoreError, TokenRepository, UserRepository, UserUpdate,
};

use super::memory::{MemoryStore, Tables, next_lock, slice};

impl Tables {
    pub(super) fn user(&mut self, id: UserId) -> Result<&mut User, StoreError> {
        self.users.get_mut(&id).ok_or_else(|| StoreError::not_found(Kind::User, id))
    }

    fn group(&mut self, id: GroupId) -> Result<&mut Group, StoreError> {
        self.groups.get_mut(&id).ok_or_else(|| StoreError::not_found(Kind::Group, id))
    }

    /// Checks what a new or changed user needs, and puts the groups in order.
    fn check_user(&mut self, new: &mut NewUser, itself: Option<UserId>) -> Result<(), StoreError> {
        let key = new.user_name.key();
        let others = self.users.values().filter(|user| Some(user.id) != itself);
        if others.into_iter().any(|user| user.user_name.key() == key) {
            return Err(StoreError::duplicate(Kind::User, &new.user_name));
        }
        new.groups.sort_unstable();
        new.groups.dedup();
        for group in &new.groups {
            self.group(*group)?;
        }
        Ok(())
    }

    /// Makes a user.
    pub(super) fn make_user(
        &mut self,
        mut new: NewUser,
        lock: OptimisticLock,
    ) -> Result<User, StoreError> {
        self.check_user(&mut new, None)?;
        let id = UserId(self.next_id());
        let password = new.password.clone();
        let user = made(id, new, password, lock);
        self.users.insert(id, user.clone());
        Ok(user)
    }

    /// Sets a password, makes the account active, and ends its tokens and links.
    pub(super) fn set_password(
        &mut self,
        id: UserId,
        password: PasswordHash,
    ) -> Result<User, StoreError> {
        let user = self.user(id)?;
        user.password = Some(password);
        user.pending = false;
        user.active = true;
        user.lock = user.lock.next();
        let user = user.clone();
        self.sign_out(id);
        self.links.retain(|(of, _), _| *of != id);
        Ok(user)
    }

    /// Deletes all by which a user, or a program of theirs, is let in without a password.
    pub(super) fn sign_out(&mut self, id: UserId) {
        self.tokens.retain(|_, token| token.user_id != id);
        self.sign_ins.retain(|_, sign_in| sign_in.user_id != id);
        self.api_keys.retain(|_, key| key.user_id != id);
    }

    fn is_administrator(&self, user: &User) -> bool {
        let is_administrators = |id: &GroupId| {
            self.groups.get(id).and_then(|group| group.built_in)
                == Some(BuiltInGroup::SystemAdministrators)
        };
        user.is_usable() && user.groups.iter().any(is_administrators)
    }

    /// The System Administrators who can sign in, as one account sees them.
    fn administrators(&self, id: UserId) -> Administrators {
        let is = |user: &&User| self.is_administrator(user);
        Administrators {
            is_one: self.users.get(&id).as_ref().is_some_and(is),
            has_others: self.users.values().filter(|user| user.id != id).any(|user| is(&user)),
        }
    }

    /// Writes what a holder may do after an edit, under the lock of their row.
    fn edit(&mut self, edit: Edit) -> Result<Held, StoreError> {
        let Edit { holder, expected, edit } = edit;
        let lock = match holder {
            Holder::User(id) => {
                let user = self.user(id)?;
                user.lock = next_lock(Kind::User, id, user.lock, expected)?;
                user.lock
            }
            Holder::Group(id) => {
                let group = self.group(id)?;
                group.lock = next_lock(Kind::Group, id, group.lock, expected)?;
                group.lock
            }
        };
        let held = self.permissions.remove(&holder).unwrap_or_default();
        let permissions = edit.apply(held);
        self.permissions.insert(holder, permissions.clone());
        Ok(Held { permissions, lock })
    }

    fn identity(&mut self, id: UserId) -> Result<Identity, StoreError> {
        let user = self.user(id)?.clone();
        let groups: Vec<Group> =
            user.groups.iter().filter_map(|group| self.groups.get(group).cloned()).collect();
        let holders = std::iter::once(Holder::User(id))
            .chain(groups.iter().map(|group| Holder::Group(group.id)));
        let held = holders.filter_map(|holder| self.permissions.get(&holder));
        let permissions = held.flatten().copied().collect();
        Ok(Identity { user, groups, permissions })
    }
}

#[async_trait]
impl UserRepository for MemoryStore {
    async fn create(&self, change: Change<NewUser>) -> Result<User, StoreError> {
        let mut tables = self.tables_to_write()?;
        let user = tables.make_user(change.entity, OptimisticLock::NEW)?;
        tables.record(change.audit, change.outbox, user.id);
        Ok(user)
    }

    async fn get(&self, id: UserId) -> Result<User, StoreError> {
        self.tables()?.user(id).cloned()
    }

    async fn find_by_name(&self, user_name: &str) -> Result<Option<User>, StoreError> {
        let key = user_name.trim().to_lowercase();
        Ok(self.tables()?.users.values().find(|user| user.user_name.key() == key).cloned())
    }

    async fn find_by_email(&self, email: &str) -> Result<Vec<User>, StoreError> {
        let email = email.trim();
        let same = |user: &&User| {
            user.email.as_ref().is_some_and(|own| own.as_str().eq_ignore_ascii_case(email))
        };
        Ok(self.tables()?.users.values().filter(same).cloned().collect())
    }

    async fn list(&self, part: Slice<UserId>) -> Result<Vec<User>, StoreError> {
        Ok(slice(&self.tables()?.users, part))
    }

    async fn update(&self, change: Change<UserUpdate>) -> Result<User, StoreError> {
        let mut tables = self.tables_to_write()?;
        let UserUpdate { id, expected, user: mut new } = change.entity;
        let old = tables.user(id)?.clone();
        let lock = next_lock(Kind::User, id, old.lock, expected)?;
        tables.check_user(&mut new, Some(id))?;
        let old_email = old.email;
        let user = made(id, new, old.password, lock);
        tables.administrators(id).after(tables.is_administrator(&user))?;
        if user.email != old_email {
            tables.links.retain(|(of, _), _| *of != id);
        }
        if !user.active {
            tables.sign_out(id);
        }
        tables.users.insert(id, user.clone());
        tables.record(change.audit, change.outbox, id);
        Ok(user)
    }

    async fn set_password(
        &self,
        change: Change<(UserId, PasswordHash)>,
    ) -> Result<User, StoreError> {
        let mut tables = self.tables_to_write()?;
        let (id, password) = change.entity;
        let user = tables.set_password(id, password)?;
        tables.record(change.audit, change.outbox, id);
        Ok(user)
    }

    async fn delete(&self, change: Change<UserId>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let id = change.entity;
        tables.user(id)?;
        tables.administrators(id).after(false)?;
        tables.users.remove(&id);
        tables.photos.remove(&id);
        tables.permissions.remove(&Holder::User(id));
        tables.sign_out(id);
        tables.links.retain(|(of, _), _| *of != id);
        tables.external_users.retain(|_, user| *user != id);
        tables.record(change.audit, change.outbox, id);
        Ok(())
    }

    async fn photo(&self, id: UserId) -> Result<Option<PhotoRecord>, StoreError> {
        let mut tables = self.tables()?;
        tables.user(id)?;
        Ok(tables.photos.get(&id).copied())
    }

    async fn set_photo(
        &self,
        change: Change<(UserId, Option<PhotoRecord>)>,
    ) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let (id, photo) = change.entity;
        tables.user(id)?;
        match photo {
            Some(photo) => tables.photos.insert(id, photo),
            None => tables.photos.remove(&id),
        };
        tables.record(change.audit, change.outbox, id);
        Ok(())
    }
}

fn made(id: UserId, new: NewUser, password: Option<PasswordHash>, lock: OptimisticLock) -> User {
    User {
        id,
        user_name: new.user_name,
        first_name: new.first_name,
        last_name: new.last_name,
        email: new.email,
        account_type: new.account_type,
        groups: new.groups,
        active: new.active,
        pending: new.pending,
        password,
        lock,
    }
}

#[async_trait]
impl GroupRepository for MemoryStore {
    async fn create(&self, change: Change<NewGroup>) -> Result<Group, StoreError> {
        let mut tables = self.tables_to_write()?;
        let NewGroup { name, built_in } = change.entity;
        let taken = |group: &Group| {
            group.name.key() == name.key() || (built_in.is_some() && group.built_in == built_in)
        };
        if tables.groups.values().any(taken) {
            return Err(StoreError::duplicate(Kind::Group, name));
        }
        let id = GroupId(tables.next_id());
        let group = Group { id, name, built_in, lock: OptimisticLock::NEW };
        tables.groups.insert(id, group.clone());
        tables.record(change.audit, change.outbox, id);
        Ok(group)
    }

    async fn get(&self, id: GroupId) -> Result<Group, StoreError> {
        self.tables()?.group(id).cloned()
    }

    async fn list(&self, part: Slice<GroupId>) -> Result<Vec<Group>, StoreError> {
        Ok(slice(&self.tables()?.groups, part))
    }

    async fn update(&self, change: Change<GroupUpdate>) -> Result<Group, StoreError> {
        let mut tables = self.tables_to_write()?;
        let GroupUpdate { id, expected, name } = change.entity;
        let lock = next_lock(Kind::Group, id, tables.group(id)?.lock, expected)?;
        let taken = |group: &Group| group.id != id && group.name.key() == name.key();
        if tables.groups.values().any(taken) {
            return Err(StoreError::duplicate(Kind::Group, name));
        }
        let group = tables.group(id)?;
        (group.name, group.lock) = (name, lock);
        let group = group.clone();
        tables.record(change.audit, change.outbox, id);
        Ok(group)
    }

    async fn delete(&self, change: Change<GroupId>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let id = change.entity;
        tables.group(id)?;
        tables.groups.remove(&id);
        tables.permissions.remove(&Holder::Group(id));
        for user in tables.users.values_mut().filter(|user| user.groups.contains(&id)) {
            user.groups.retain(|group| *group != id);
            user.lock = user.lock.next();
        }
        tables.record(change.audit, change.outbox, id);
        Ok(())
    }
}

#[async_trait]
impl PermissionRepository for MemoryStore {
    async fn granted_to(&self, holder: Holder) -> Result<Vec<Permission>, StoreError> {
        let mut tables = self.tables_to_write()?;
        match holder {
            Holder::User(id) => tables.user(id).map(drop)?,
            Holder::Group(id) => tables.group(id).map(drop)?,
        }
        Ok(tables.permissions.get(&holder).cloned().unwrap_or_default())
    }

    async fn grant(&self, change: Change<Grant>) -> Result<Vec<Permission>, StoreError> {
        let mut tables = self.tables_to_write()?;
        let Grant { holder, expected, permissions } = change.entity;
        let edit = PermissionEdit::Replace(permissions);
        let held = tables.edit(Edit { holder, expected, edit })?;
        tables.record(change.audit, change.outbox, number(holder));
        Ok(held.permissions)
    }

    async fn edit(&self, change: Change<Edit>) -> Result<Held, StoreError> {
        let mut tables = self.tables_to_write()?;
        let holder = change.entity.holder;
        let held = tables.edit(change.entity)?;
        tables.record(change.audit, change.outbox, number(holder));
        Ok(held)
    }
}

const fn number(holder: Holder) -> i64 {
    match holder {
        Holder::User(id) => id.0,
        Holder::Group(id) => id.0,
    }
}

#[async_trait]
impl TokenRepository for MemoryStore {
    async fn create(&self, change: Change<AccessToken>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let token = change.entity;
        let user = token.user_id;
        tables.user(user)?;
        tables.tokens.insert(token.hash, token);
        tables.record(change.audit, change.outbox, user);
        Ok(())
    }

    async fn find(&self, hash: &TokenHash) -> Result<Option<Session>, StoreError> {
        let mut tables = self.tables_to_write()?;
        let Some(token) = tables.tokens.get(hash).cloned() else { return Ok(None) };
        let identity = tables.identity(token.user_id)?;
        Ok(Some(Session { token, identity }))
    }

    async fn identity(&self, user: UserId) -> Result<Identity, StoreError> {
        self.tables()?.identity(user)
    }

    async fn prolong(&self, change: Change<ProlongedToken>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let ProlongedToken { hash, expires_at } = change.entity;
        if let Some(token) = tables.tokens.get_mut(&hash) {
            token.expires_at = expires_at;
            let user = token.user_id;
            tables.record(change.audit, change.outbox, user);
        }
        Ok(())
    }

    async fn delete(&self, change: Change<TokenHash>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        if let Some(token) = tables.tokens.remove(&change.entity) {
            tables.record(change.audit, change.outbox, token.user_id);
        }
        Ok(())
    }

    async fn delete_expired(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut tables = self.tables_to_write()?;
        let before = tables.tokens.len();
        tables.tokens.retain(|_, token| token.is_valid(now));
        Ok((before - tables.tokens.len()) as u64)
    }
}
