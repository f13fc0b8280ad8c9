//! All repositories of one store.

use std::sync::Arc;

use crate::{
    AccountLinkRepository, ApiKeyRepository, AuditLog, BlobReferences, CategoryRepository,
    CustomQueryRepository, DataModelRepository, DocumentRepository, ExportRepository,
    ExternalUserRepository, GroupRepository, JobRepository, JobResultRepository, MomentRepository,
    OutboxRepository, PermissionRepository, SignInRepository, TokenRepository, UserRepository,
};

/// All repositories of one store, as use cases take them. Cheap to clone.
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
    /// Which bytes are needed.
    pub blob_references: Arc<dyn BlobReferences>,
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
            + BlobReferences
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
            blob_references: store,
        }
    }
}

impl std::fmt::Debug for Stores {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stores").finish_non_exhaustive()
    }
}
