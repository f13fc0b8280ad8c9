//! All repositories of one store.

use std::sync::Arc;

use crate::{
    AccountLinkRepository, ApiKeyRepository, AuditLog, BlobReferences, CategoryRepository,
    CustomQueryRepository, DataModelRepository, DocumentRepository, ExportRepository,
    ExternalUserRepository, GroupRepository, JobRepository, JobResultRepository, MomentRepository,
    NodeRepository, OutboxRepository, PermissionRepository, SignInRepository, TokenRepository,
    UserRepository, WorkSignals,
};

/// All repositories of one store, as use cases take them. Cheap to clone.
///
/// # Contract
/// What every repository promises, beyond its own:
/// - A write that fails MUST leave nothing behind, whatever it had done before it failed: no row, no line
///   of the trail, no mail; the names that it had taken are free.
/// - Those who write at the same time MUST NOT fail because of each other, but for what a repository says
///   of locks, names and claims. A store that an engine refuses a write because another was in its way
///   tries it again.
/// - A rule about two things, such as a document and its category, MUST hold though both are written at
///   the same time: of two writes that break it together, one MUST fail.
/// - Texts MUST be kept to the character, of any length that the domain allows, empty ones and blanks
///   around them included. But a NUL, which not every engine keeps, is a U+FFFD instead, in what is
///   written and in what is looked for; within a JSON value and a mail it stays.
/// - Names are the same where their keys are, letter by letter: no accent, width, ligature or character
///   without a shape may be overlooked. All other texts are compared as they stand.
/// - Times MUST be kept to the microsecond from the year 1 to the year 9999, numbers as 64 bits. An id or
///   lock that never was given is not found or a conflict, whatever it is.
/// - Lists that are read slice by slice while others write MUST give nothing twice, and leave nothing
///   out that was there all the time.
#[derive(Clone)]
pub struct Stores {
    /// Categories.
    pub categories: Arc<dyn CategoryRepository>,
    /// Documents and revisions.
    pub documents: Arc<dyn DocumentRepository>,
    /// Data models.
    pub data_models: Arc<dyn DataModelRepository>,
    /// Custom queries of data models.
    pub custom_queries: Arc<dyn CustomQueryRepository>,
    /// Users.
    pub users: Arc<dyn UserRepository>,
    /// Groups.
    pub groups: Arc<dyn GroupRepository>,
    /// Permissions.
    pub permissions: Arc<dyn PermissionRepository>,
    /// Access tokens.
    pub tokens: Arc<dyn TokenRepository>,
    /// Links that set passwords.
    pub account_links: Arc<dyn AccountLinkRepository>,
    /// Mails that wait to be sent.
    pub outbox: Arc<dyn OutboxRepository>,
    /// Sign-ins that can be refreshed.
    pub sign_ins: Arc<dyn SignInRepository>,
    /// API keys.
    pub api_keys: Arc<dyn ApiKeyRepository>,
    /// Who somebody is at another provider.
    pub external_users: Arc<dyn ExternalUserRepository>,
    /// Exports.
    pub exports: Arc<dyn ExportRepository>,
    /// Jobs.
    pub jobs: Arc<dyn JobRepository>,
    /// Runs of jobs and what they came to.
    pub job_results: Arc<dyn JobResultRepository>,
    /// The audit trail.
    pub audit: Arc<dyn AuditLog>,
    /// Moments that the site remembers.
    pub moments: Arc<dyn MomentRepository>,
    /// The servers that share the store.
    pub nodes: Arc<dyn NodeRepository>,
    /// Which bytes are needed.
    pub blob_references: Arc<dyn BlobReferences>,
    /// Word of work between nodes.
    pub signals: Arc<dyn WorkSignals>,
}

impl Stores {
    /// The repositories of an adapter that implements them all.
    pub fn of<S>(store: Arc<S>) -> Self
    where
        S: CategoryRepository
            + DocumentRepository
            + DataModelRepository
            + CustomQueryRepository
            + UserRepository
            + GroupRepository
            + PermissionRepository
            + TokenRepository
            + AccountLinkRepository
            + OutboxRepository
            + SignInRepository
            + ApiKeyRepository
            + ExternalUserRepository
            + ExportRepository
            + JobRepository
            + JobResultRepository
            + AuditLog
            + MomentRepository
            + NodeRepository
            + BlobReferences
            + WorkSignals
            + 'static,
    {
        Self {
            categories: store.clone(),
            documents: store.clone(),
            data_models: store.clone(),
            custom_queries: store.clone(),
            users: store.clone(),
            groups: store.clone(),
            permissions: store.clone(),
            tokens: store.clone(),
            account_links: store.clone(),
            outbox: store.clone(),
            sign_ins: store.clone(),
            api_keys: store.clone(),
            external_users: store.clone(),
            exports: store.clone(),
            jobs: store.clone(),
            job_results: store.clone(),
            audit: store.clone(),
            moments: store.clone(),
            nodes: store.clone(),
            blob_references: store.clone(),
            signals: store,
        }
    }
}

impl std::fmt::Debug for Stores {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stores").finish_non_exhaustive()
    }
}
