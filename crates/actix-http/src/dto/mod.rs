//! What goes over the wire. Neither rows nor entities: the way from and to those is written out.

mod accounts;
mod api_keys;
mod audit;
mod categories;
mod custom_queries;
mod data_model_tables;
mod data_models;
mod documents;
mod exports;
mod external;
mod jobs;
mod nodes;
mod parameters;
mod permissions;
mod tokens;
mod user_groups;
mod users;

pub(crate) use accounts::{ChangePassword, FollowLink, PasswordSet, RequestReset};
pub(crate) use api_keys::{ApiKey, CreateApiKey};
pub(crate) use audit::{AuditLine, AuditRequest};
pub(crate) use categories::{Category, CreateCategory, UpdateCategory};
pub(crate) use custom_queries::{CreateCustomQuery, CustomQuery, UpdateCustomQuery};
pub(crate) use data_model_tables::{
    ChooseTables, DataField, DataMember, Procedure, TableColumn, Tables,
};
pub(crate) use data_models::{
    Connection, CreateDataModel, DataModel, RenameDataModel, TestDataModel, Tested, UpdateDataModel,
};
pub(crate) use documents::{
    CreateDocument, Document, Layout, Revision, SaveDocument, UpdateDocument,
};
pub(crate) use exports::{ExportStarted, ExportStatus, StartExport};
pub(crate) use external::{brought_back, return_to};
pub(crate) use jobs::{CreateJob, Job, JobPreview, JobResult, PreviewJob, UpdateJob};
pub(crate) use nodes::Node;
pub(crate) use parameters::DocumentParameter;
pub(crate) use permissions::{EditPermissions, Permission};
pub(crate) use tokens::{Token, TokenError, TokenRequest, revoked_token};
pub(crate) use user_groups::{CreateUserGroup, UpdateUserGroup, UserGroup};
pub(crate) use users::{CreateUser, UpdateUser, User};
