//! Entities, optimistic locks, permission bitmasks: what Pressroom is about, without I/O.
//!
//! This crate names no other crate of the workspace, and knows no clock, no random number, no
//! environment: times and ids come in as arguments. Times are UTC.
//!
//! ```
//! use pressroom_domain::{Access, DocumentId, CategoryId, Permission, Rights, Scope};
//!
//! let permissions = [Permission::new(Access::READ, Scope::DocumentsIn(CategoryId(7)))];
//! let rights = Rights::new(false, permissions);
//! assert!(rights.on_document(DocumentId(1), CategoryId(7)).allows(Access::READ));
//! assert!(!rights.on_document(DocumentId(2), CategoryId(8)).allows(Access::READ));
//! ```

mod account;
mod account_link;
mod amount;
mod attempts;
mod audit;
mod calculated;
mod category;
mod connection_string;
mod custom_query;
mod data_model;
mod document;
mod export;
mod external;
mod hash;
mod hidden;
mod ids;
mod job;
mod job_result;
mod lock;
mod mail;
mod mask;
mod node;
mod password;
mod permission;
mod photo;
mod provider;
mod provider_type;
mod row_filters;
mod schedule;
mod secret;
mod text;
mod token;

pub use account::{
    AccountType, Administrators, BuiltInGroup, EmailAddress, FixedGroup, Group, GroupUpdate,
    NewGroup, NewUser, NoAdministratorLeft, PasswordHash, User,
};
pub use account_link::{AccountLink, LinkPurpose};
pub use amount::{Days, OutOfRange, Percent, Seconds};
pub use attempts::{Failures, Patience, network_of};
pub use audit::{Actor, AuditEntry, Subject, SubjectKind, Verb};
pub use calculated::{CalculatedDate, Edge, Period, Relation, TaskTimes};
pub use category::{Category, CategoryUpdate, NewCategory};
pub use connection_string::ConnectionString;
pub use custom_query::{
    CustomQuery, CustomQueryKey, CustomQueryUpdate, NewCustomQuery, ParameterType, QueryParameter,
    SqlText,
};
pub use data_model::{DataModel, DataModelUpdate, NewDataModel, TablesUpdate};
pub use document::{
    Document, DocumentSave, DocumentType, DocumentUpdate, NewDocument, NewRevision, Revision,
};
pub use export::{
    Argument, Claim, Export, ExportFault, ExportProgress, ExportRequest, ExportResult, ExportState,
    Format, MAX_CLAIMS, NewExport, StateError, Warning,
};
pub use external::{ExternalSubject, NewExternalUser};
pub use hash::{BlobHash, InvalidHash, TokenHash};
pub use hidden::Hidden;
pub use ids::{
    ApiKeyId, CategoryId, DataModelId, DocumentId, ExportId, GroupId, InvalidExportId, JobId,
    JobResultId, JobRunId, MailId, NodeName, RevisionId, UserId,
};
pub use job::{
    BillingStatementBinding, EmailDeliveryFormat, Job, JobDetails, JobMode, JobParameter,
    JobUpdate, NewJob, ParameterValue, SharedFolder,
};
pub use job_result::{JobResult, JobRun, JobStatus, NewJobResult, NewJobRun};
pub use lock::{LockConflict, OptimisticLock};
pub use mail::{Mail, QueuedMail};
pub use node::{Node, NodeState};
pub use password::{WeakPassword, check_password};
pub use permission::{Access, Holder, Permission, PermissionEdit, Rights, Scope, UnknownScope};
pub use photo::{InvalidPhoto, Photo, PhotoFormat, PhotoRecord};
pub use provider::{Authentication, InvalidProvider, ProviderModel, ProviderOptions};
pub use provider_type::{ProviderType, Reach, UnknownProvider};
pub use row_filters::{RowFilter, RowFilters};
pub use schedule::{Frequency, InvalidRecurrence, Recurrence, Schedule, TimeZone, UnknownTimeZone};
pub use secret::Secret;
pub use text::{Description, InvalidText, Name, UserName};
pub use token::{
    AccessToken, ApiKey, ClientId, InvalidRandomId, NewApiKey, SignIn, SignInId, TokenOrigin,
};
