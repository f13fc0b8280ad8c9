//! Where links are kept that set passwords.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pressroom_domain::{AccountLink, LinkPurpose, NewUser, PasswordHash, TokenHash, User, UserId};

use crate::{Change, StoreError};

/// A link to be issued.
#[derive(Clone, Debug)]
pub struct IssueLink {
    /// Whose account it is about.
    pub user_id: UserId,
    /// The link.
    pub link: AccountLink,
    /// Issues nothing where a link of this purpose was issued after that time.
    pub unless_issued_after: Option<DateTime<Utc>>,
}

/// A link that somebody follows, with the password that they chose.
#[derive(Clone, Debug)]
pub struct RedeemLink {
    /// The hash of the link's token.
    pub hash: TokenHash,
    /// What the link must be for.
    pub purpose: LinkPurpose,
    /// The password from now on.
    pub password: PasswordHash,
    /// The time at which the link must work.
    pub at: DateTime<Utc>,
}

/// Keeps links that set passwords: each works once.
///
/// # Contract
/// - A call MUST be one transaction and MUST have reached the disk when it returns.
/// - An account has at most one link of each purpose: a new one replaces the older.
/// - Of several that redeem one link at a time, exactly one MUST succeed.
/// - A link MUST NOT be found once it was redeemed or replaced, once its account was given a password
///   in another way or another e-mail address, or once the account is gone.
#[async_trait]
pub trait AccountLinkRepository: Send + Sync {
    /// Makes a user together with the link by which they activate their account. Errors as of
    /// [`UserRepository::create`](crate::UserRepository::create).
    async fn create_user(&self, change: Change<(NewUser, AccountLink)>)
    -> Result<User, StoreError>;

    /// Issues a link, and says whether it did. Where it did not, the line of the trail is written all
    /// the same, and no mail. [`StoreError::NotFound`] for the user.
    async fn issue(&self, change: Change<IssueLink>) -> Result<bool, StoreError>;

    /// The link of a hash and whose it is, expired or not.
    async fn find(&self, hash: &TokenHash) -> Result<Option<(AccountLink, User)>, StoreError>;

    /// Sets the password of the account that a link is about, ends `pending`, makes the account
    /// active, deletes all its links and tokens; its lock grows by 1.
    ///
    /// None, and nothing is written, where there is no such link, where it is for something else or
    /// has expired; where one that activates finds an account that is not pending; and where one that
    /// resets finds an account that is pending or not active.
    async fn redeem(&self, change: Change<RedeemLink>) -> Result<Option<User>, StoreError>;

    /// Deletes those that expired at or before `now`, and says how many.
    async fn delete_expired(&self, now: DateTime<Utc>) -> Result<u64, StoreError>;
}
