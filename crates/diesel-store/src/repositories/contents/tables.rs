//! The tables and their columns.

use std::collections::BTreeSet;

use diesel::dsl::{count_star, not};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DatabaseError};
use diesel::sql_types::Bool;
use pressroom_ports::{COPYING, Cell, Kind, StoreError, Table};

use pressroom_diesel_store::{Failure, OnViolation};

use super::Access;
use super::cells::{Value, value};
use super::one_of::OneOf;
use crate::{Backend, Connection};

/// A text in a key that may end with blanks, where that of others never does.
type Verbatim = String;
/// Bytes in a key, as many in each row.
type Bytes = Vec<u8>;

fn duplicate(table: &str) -> StoreError {
    StoreError::duplicate(Kind::Row, table)
}

/// What is meant by a reference to what is not there.
fn refers(failure: Failure, table: &str) -> Result<(), Failure> {
    let broken = DatabaseErrorKind::ForeignKeyViolation;
    Err(match failure {
        Failure::Database(DatabaseError::DatabaseError(kind, _))
            if std::mem::discriminant(&kind) == std::mem::discriminant(&broken) =>
        {
            StoreError::not_found(Kind::Row, format!("that a row of {table} refers to")).into()
        }
        failure => failure,
    })
}

tables! {
    moments (name: Verbatim) { at: i64 } but name = COPYING;
    categories (id: i64) { name: String, optimistic_lock: i64 };
    data_models (id: i64) {
        name: String,
        name_key: String,
        description: String,
        command_timeout_s: i64,
        provider_type: String,
        provider: String,
        optimistic_lock: i64,
        hidden: String,
        row_filters: String,
        cache_s: i64,
    };
    custom_queries (data_model_id: i64, name_key: String) {
        name: String,
        query: String,
        parameters: String,
        optimistic_lock: i64,
    };
    documents (id: i64) {
        category_id: i64,
        name: String,
        description: String,
        document_type: String,
        auto_refresh_interval_s: i64,
        modified_by: String,
        modified_at: i64,
        locked_by: Option<String>,
        revision_id: i64,
        optimistic_lock: i64,
        name_key: Option<String>,
    };
    revisions (id: i64) {
        document_id: i64,
        number: i64,
        created_at: i64,
        user_name: String,
        comment: String,
        layout: Vec<u8>,
    };
    document_data_models (document_id: i64, name_key: String) {};
    users (id: i64) {
        user_name: String,
        user_name_key: String,
        first_name: Option<String>,
        last_name: Option<String>,
        email: Option<String>,
        account_type: String,
        active: bool,
        pending: bool,
        password_hash: Option<String>,
        optimistic_lock: i64,
    };
    user_photos (user_id: i64) { photo: Vec<u8>, media_type: String };
    user_groups (id: i64) {
        name: String,
        name_key: String,
        built_in: Option<String>,
        optimistic_lock: i64,
    };
    memberships (user_id: i64, group_id: i64) {};
    permissions (holder_kind: String, holder_id: i64, scope: String, entity_id: i64) {
        access: i64,
    };
    sign_ins (id: Bytes) {
        user_id: i64,
        refresh_hash: Vec<u8>,
        started_at: i64,
        expires_at: i64,
    };
    api_keys (id: i64) {
        user_id: i64,
        client_id: Vec<u8>,
        secret_hash: Vec<u8>,
        name: String,
        created_at: i64,
        last_used_at: Option<i64>,
        expires_at: Option<i64>,
    };
    access_tokens (hash: Bytes) {
        user_id: i64,
        sign_in_id: Option<Vec<u8>>,
        api_key_id: Option<i64>,
        issued_at: i64,
        expires_at: i64,
    };
    external_users (issuer: Verbatim, subject: Verbatim) { user_id: i64 };
    account_links (hash: Bytes) {
        user_id: i64,
        purpose: String,
        issued_at: i64,
        expires_at: i64,
    };
    exports (id: Bytes) {
        owner_id: i64,
        queued_at: i64,
        state: String,
        node: Option<String>,
        lease_until: Option<i64>,
        fence: i64,
        attempts: i64,
        percent: i64,
        message: String,
        result_blob: Option<Vec<u8>>,
        result_size_bytes: Option<i64>,
        result_pages: Option<i64>,
        fault: Option<String>,
        warnings: String,
        finished_at: Option<i64>,
    };
    export_requests (export_id: Bytes) {
        document_id: i64,
        document_name: String,
        layout: Vec<u8>,
        format: String,
        options: String,
        arguments: String,
    };
    outbox (id: i64) {
        queued_at: i64,
        due_at: i64,
        node: Option<String>,
        fence: i64,
        attempts: i64,
        failure: Option<String>,
        mail: String,
    };
    jobs (id: i64) {
        owner_id: i64,
        name: String,
        mode: String,
        document_id: i64,
        billing_data_model_id: Option<i64>,
        billing_data_member: Option<String>,
        billing_address_field: Option<String>,
        billing_recipient_field: Option<String>,
        parameters: String,
        enabled: bool,
        start_at: i64,
        time_zone: String,
        recurrence_rule: String,
        retention_days: i64,
        email_delivery_format: String,
        send_individual_emails: bool,
        send_blank_document: bool,
        subscribed_emails: String,
        shared_folders: String,
        internal_subscriber_ids: String,
        next_run_at: Option<i64>,
        last_result_id: Option<i64>,
        optimistic_lock: i64,
    };
    job_runs (id: i64) { job_id: i64, started_at: i64 };
    job_results (id: i64) {
        run_id: i64,
        job_id: i64,
        document_id: i64,
        name: String,
        created_at: i64,
        status: String,
        message: String,
        recipients: String,
        parameters: String,
    };
    audit_lines (id: i64) {
        at: i64,
        actor_user_id: Option<i64>,
        actor_name: String,
        from_address: Option<String>,
        verb: String,
        subject_kind: String,
        subject_id: Option<String>,
        detail: String,
    };
    sequences (name: String) { last_id: i64 } but name = "writes";
}
