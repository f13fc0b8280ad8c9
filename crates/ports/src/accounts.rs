//! Where users, groups and permissions are kept.

use async_trait::async_trait;
use pressroom_domain::{
    Group, GroupId, GroupUpdate, Holder, NewGroup, NewUser, OptimisticLock, PasswordHash,
    Permission, PermissionEdit, PhotoRecord, User, UserId,
};

use crate::{Change, Slice, StoreError};

/// A change of a user.
#[derive(Clone, Debug)]
pub struct UserUpdate {
    /// Who.
    pub id: UserId,
    /// The lock that the writer saw; none writes whatever was there.
    pub expected: Option<OptimisticLock>,
    /// What they are from now on. The password stays as it is.
    pub user: NewUser,
}

/// Other permissions of a user or group.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Whose.
    pub holder: Holder,
    /// The lock of the user's or group's row that the writer saw; none writes whatever was there.
    pub expected: Option<OptimisticLock>,
    /// All permissions from now on.
    pub permissions: Vec<Permission>,
}

/// A change of what a user or group may do, whatever that is when it is made.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Whose.
    pub holder: Holder,
    /// The lock of the user's or group's row that the writer saw; none writes whatever was there.
    pub expected: Option<OptimisticLock>,
    /// What changes.
    pub edit: PermissionEdit,
}

/// What a user or group may do after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// All permissions, ordered by scope.
    pub permissions: Vec<Permission>,
    /// The lock of the user's or group's row.
    pub lock: OptimisticLock,
}

/// Keeps users.
///
/// # Contract
/// - A call MUST be one transaction and MUST have reached the disk when it returns.
/// - An id MUST NOT be given twice.
/// - User names that share a [`key`](pressroom_domain::UserName::key) are the same: of two writers of
///   the same name, exactly one MUST win; the other gets [`StoreError::Duplicate`].
/// - Groups of a user come smallest id first, each once.
/// - The System Administrators are never left without a member who can sign in: [`update`](Self::update)
///   and [`delete`](Self::delete) MUST ask
///   [`Administrators::after`](pressroom_domain::Administrators::after) within their transaction, and
///   fail with [`StoreError::NoAdministratorLeft`]. Of two writers that each take one of the last two
///   administrators away, one MUST fail.
#[async_trait]
pub trait UserRepository: Send + Sync {
    /// Makes one, with lock 0. [`StoreError::Duplicate`]; [`StoreError::NotFound`] for a group.
    async fn create(&self, change: Change<NewUser>) -> Result<User, StoreError>;

    /// One by id, or [`StoreError::NotFound`].
    async fn get(&self, id: UserId) -> Result<User, StoreError>;

    /// The one of a user name in any letter case, if there is one.
    async fn find_by_name(&self, user_name: &str) -> Result<Option<User>, StoreError>;

    /// Those of an e-mail address, whose ASCII letters count in any case; smallest id first.
    async fn find_by_email(&self, email: &str) -> Result<Vec<User>, StoreError>;

    /// A part of all of them, smallest id first.
    async fn list(&self, slice: Slice<UserId>) -> Result<Vec<User>, StoreError>;

    /// Changes one; its lock grows by 1. Where it is no longer active, its tokens are deleted in the
    /// same transaction. [`StoreError::NotFound`], also for a group; [`StoreError::Conflict`],
    /// [`StoreError::Duplicate`], [`StoreError::NoAdministratorLeft`].
    async fn update(&self, change: Change<UserUpdate>) -> Result<User, StoreError>;

    /// Sets a password, ends `pending`, makes the account active and deletes its tokens; its lock
    /// grows by 1. [`StoreError::NotFound`].
    async fn set_password(
        &self,
        change: Change<(UserId, PasswordHash)>,
    ) -> Result<User, StoreError>;

    /// Deletes one, with its tokens, permissions, memberships and photo. [`StoreError::NotFound`],
    /// [`StoreError::NoAdministratorLeft`].
    async fn delete(&self, change: Change<UserId>) -> Result<(), StoreError>;

    /// The photo of one, if there is one. [`StoreError::NotFound`] for the user.
    async fn photo(&self, id: UserId) -> Result<Option<PhotoRecord>, StoreError>;

    /// Gives one another photo, or takes it away. It is not part of the entity: the lock stays.
    /// [`StoreError::NotFound`].
    async fn set_photo(
        &self,
        change: Change<(UserId, Option<PhotoRecord>)>,
    ) -> Result<(), StoreError>;
}

/// Keeps groups.
///
/// # Contract
/// As of [`UserRepository`]; a group's name is compared by its
/// [`key`](pressroom_domain::Name::key). There MUST NOT be two groups of one built-in kind.
#[async_trait]
pub trait GroupRepository: Send + Sync {
    /// Makes one, with lock 0. [`StoreError::Duplicate`].
    async fn create(&self, change: Change<NewGroup>) -> Result<Group, StoreError>;

    /// One by id, or [`StoreError::NotFound`].
    async fn get(&self, id: GroupId) -> Result<Group, StoreError>;

    /// A part of all of them, smallest id first.
    async fn list(&self, slice: Slice<GroupId>) -> Result<Vec<Group>, StoreError>;

    /// Changes one; its lock grows by 1. [`StoreError::NotFound`], [`StoreError::Conflict`],
    /// [`StoreError::Duplicate`].
    async fn update(&self, change: Change<GroupUpdate>) -> Result<Group, StoreError>;

    /// Deletes one, with its permissions. Its members are no longer in it, and their locks grow by 1.
    /// [`StoreError::NotFound`]. Which groups may be deleted is for the caller to decide.
    async fn delete(&self, change: Change<GroupId>) -> Result<(), StoreError>;
}

/// Keeps who may do what.
///
/// # Contract
/// - A call MUST be one transaction and MUST have reached the disk when it returns.
/// - A holder has at most one permission a scope: permissions of one scope are joined by OR.
#[async_trait]
pub trait PermissionRepository: Send + Sync {
    /// What a holder may do, ordered by scope. [`StoreError::NotFound`] where the holder does not exist.
    async fn granted_to(&self, holder: Holder) -> Result<Vec<Permission>, StoreError>;

    /// Replaces what a holder may do, and returns it, ordered by scope; the lock of the holder's row grows
    /// by 1. Permissions without any bit are left out. [`StoreError::NotFound`],
    /// [`StoreError::Conflict`].
    async fn grant(&self, change: Change<Grant>) -> Result<Vec<Permission>, StoreError>;

    /// Changes what a holder may do as [`PermissionEdit::apply`] says, whatever others wrote
    /// meanwhile: reading and writing are one transaction, so that no edit is lost. The lock of the
    /// holder's row grows by 1. [`StoreError::NotFound`], [`StoreError::Conflict`].
    async fn edit(&self, change: Change<Edit>) -> Result<Held, StoreError>;
}
