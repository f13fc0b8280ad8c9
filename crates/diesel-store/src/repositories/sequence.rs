//! Ids that are never given twice.

use diesel::prelude::*;

use crate::Connection;
use pressroom_diesel_store::Failure;
use pressroom_diesel_store::schema::sequences;

/// Counts the ids of one kind.
#[derive(Clone, Copy)]
pub(crate) struct Sequence(&'static str);

impl Sequence {
    pub(crate) const API_KEYS: Self = Self("api_keys");
    pub(crate) const AUDIT_LINES: Self = Self("audit_lines");
    pub(crate) const CATEGORIES: Self = Self("categories");
    pub(crate) const DATA_MODELS: Self = Self("data_models");
    pub(crate) const DOCUMENTS: Self = Self("documents");
    pub(crate) const GROUPS: Self = Self("groups");
    pub(crate) const JOBS: Self = Self("jobs");
    pub(crate) const JOB_RESULTS: Self = Self("job_results");
    pub(crate) const JOB_RUNS: Self = Self("job_runs");
    pub(crate) const OUTBOX: Self = Self("outbox");
    pub(crate) const REVISIONS: Self = Self("revisions");
    pub(crate) const USERS: Self = Self("users");

    /// The next id. It is given back if the transaction is rolled back.
    pub(crate) fn next(self, conn: &mut Connection) -> Result<i64, Failure> {
        let row = sequences::table.find(self.0);
        diesel::update(row).set(sequences::last_id.eq(sequences::last_id + 1)).execute(conn)?;
        Ok(row.select(sequences::last_id).first(conn)?)
    }
}
