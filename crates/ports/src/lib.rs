//! What the core asks of the world: repositories, data sources, exporters, blobs, clock.
//!
//! Each port is an object-safe trait whose `# Contract` says what every adapter MUST and SHOULD do;
//! `pressroom-contracts` holds a test for each promise and a fake of each port.
//!
//! A write is one call and one transaction, and carries its line of the audit trail: see [`Change`].
//! Errors speak the port's own words: see [`StoreError`].

mod account_links;
mod accounts;
mod api_keys;
mod audit;
mod blobs;
mod categories;
mod change;
mod clock;
mod contents;
mod custom_queries;
mod data_models;
mod data_sources;
mod documents;
mod error;
mod exporter;
mod exports;
mod external_users;
mod fetcher;
mod identity;
mod jobs;
mod list_exporter;
mod mailer;
mod moments;
mod nodes;
mod outbox;
mod passwords;
mod random;
mod sign_ins;
mod signals;
mod stores;
mod tokens;

pub use account_links::{AccountLinkRepository, IssueLink, RedeemLink};
pub use accounts::{
    Edit, Grant, GroupRepository, Held, PermissionRepository, UserRepository, UserUpdate,
};
pub use api_keys::{ApiKeyRepository, UsedApiKey};
pub use audit::{AuditLog, AuditPart, AuditQuery, AuditRecord, AuditedUser};
pub use blobs::{
    BlobEntry, BlobError, BlobReader, BlobReferences, BlobStore, BlobWriter, StoredBlob,
};
pub use categories::CategoryRepository;
pub use change::{Change, Slice};
pub use clock::{Clock, SystemClock};
pub use contents::{COPYING, Cell, Sealed, StoreContents, Table};
pub use custom_queries::CustomQueryRepository;
pub use data_models::DataModelRepository;
pub use data_sources::{
    ColumnInfo, DataSources, DescribeError, Input, ParameterDirection, ProcedureInfo,
    ProcedureParameter, QueryLimits, RowBatches, Statement, TableInfo, TableKind,
};
pub use documents::DocumentRepository;
pub use error::{Kind, StoreError};
pub use exporter::{
    DocumentWriter, ExportError, ExportOptions, Exporter, ImageQuality, InvalidOption, Written,
};
pub use exports::{ClaimError, ExportRepository, HeldLease};
pub use external_users::ExternalUserRepository;
pub use fetcher::{FetchError, FetchRequest, Fetched, Fetcher};
pub use identity::{
    BegunIdentity, ExternalClaims, IdentityError, IdentityProvider, PendingIdentity,
};
pub use jobs::{JobRepository, JobResultRepository, Span};
pub use list_exporter::{CountingWriter, ListExporter, ListWriter, ListWritten};
pub use mailer::{MailError, Mailer, SEND_SECONDS};
pub use moments::MomentRepository;
pub use nodes::NodeRepository;
pub use outbox::{OutboxCounts, OutboxError, OutboxRepository};
pub use passwords::{PasswordError, PasswordHasher};
pub use random::Random;
pub use sign_ins::{NewSignIn, RefreshedSignIn, SignInRepository};
pub use signals::{Queue, WorkSignals};
pub use stores::Stores;
pub use tokens::{Identity, ProlongedToken, Session, TokenRepository};
// What an exporter says it writes; re-exported so that formats name this crate only.
pub use pressroom_domain::Format;
