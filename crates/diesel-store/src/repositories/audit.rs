//! The audit trail.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::dsl::max;
use diesel::prelude::*;
use pressroom_domain::{Actor, AuditEntry, Subject, SubjectKind, UserId, Verb};
use pressroom_ports::{
    AuditLog, AuditPart, AuditQuery, AuditRecord, AuditedUser, Kind, Slice, StoreError,
};

use super::sequence::Sequence;
use crate::Store;
use crate::{Backend, Connection};
use pressroom_diesel_store::Failure;
use pressroom_diesel_store::schema::audit_lines;
use pressroom_diesel_store::{Reader, kept_text, micros};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_lines)]
struct Row {
    id: i64,
    at: i64,
    actor_user_id: Option<i64>,
    actor_name: String,
    from_address: Option<String>,
    verb: String,
    subject_kind: String,
    subject_id: Option<String>,
    detail: String,
}

impl TryFrom<Row> for AuditRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let reader = Reader { kind: Kind::AuditLine, id: &row.id };
        let entry = AuditEntry {
            at: reader.time(row.at)?,
            actor: Actor { user_id: row.actor_user_id.map(UserId), name: row.actor_name },
            from: row.from_address.map(|text| reader.read(text.parse())).transpose()?,
            verb: reader.word(&row.verb, Verb::find)?,
            subject: Subject {
                kind: reader.word(&row.subject_kind, SubjectKind::find)?,
                id: row.subject_id,
            },
            detail: row.detail,
        };
        Ok(Self { id: row.id, entry })
    }
}

/// Adds the line of a write to the trail, in the write's own transaction.
pub(crate) fn append(conn: &mut Connection, entry: AuditEntry) -> Result<(), Failure> {
    let row = Row {
        id: Sequence::AUDIT_LINES.next(conn)?,
        at: micros(entry.at),
        actor_user_id: entry.actor.user_id.map(|id| id.0),
        actor_name: kept_text(&entry.actor.name),
        from_address: entry.from.map(|address| address.to_string()),
        verb: entry.verb.name().to_owned(),
        subject_kind: entry.subject.kind.name().to_owned(),
        subject_id: entry.subject.id.map(|id| kept_text(&id)),
        detail: kept_text(&entry.detail),
    };
    diesel::insert_into(audit_lines::table).values(row).execute(conn)?;
    Ok(())
}

/// The lines that fit.
fn fitting(query: &AuditQuery) -> audit_lines::BoxedQuery<'static, Backend> {
    let AuditQuery { from, to, who, subject_kind, subject_id } = query;
    let mut lines = audit_lines::table.into_boxed();
    if let Some(from) = from {
        lines = lines.filter(audit_lines::at.ge(micros(*from)));
    }
    if let Some(to) = to {
        lines = lines.filter(audit_lines::at.lt(micros(*to)));
    }
    if let Some(AuditedUser { id, name }) = who {
        let is_account = audit_lines::actor_user_id.eq(id.map(|id| id.0));
        let name = name.as_deref().map(kept_text);
        lines = match (id, name) {
            (Some(_), Some(name)) => {
                lines.filter(is_account.or(is_exactly!(audit_lines::actor_name, name)))
            }
            (Some(_), None) => lines.filter(is_account),
            (None, Some(name)) => lines.filter(is_exactly!(audit_lines::actor_name, name)),
            (None, None) => lines.filter(audit_lines::id.is_null()),
        };
    }
    if let Some(kind) = subject_kind {
        lines = lines.filter(audit_lines::subject_kind.eq(kind.name()));
    }
    if let Some(id) = subject_id {
        lines = lines.filter(is_exactly!(audit_lines::subject_id, kept_text(id)));
    }
    lines
}

#[async_trait]
impl AuditLog for Store {
    async fn append(&self, entry: AuditEntry) -> Result<(), StoreError> {
        self.write(move |conn| append(conn, entry.clone())).await
    }

    async fn list(&self, slice: Slice<i64>) -> Result<Vec<AuditRecord>, StoreError> {
        let rows = self
            .read(move |conn| {
                Ok(audit_lines::table
                    .filter(audit_lines::id.gt(slice.after.unwrap_or(i64::MIN)))
                    .order(audit_lines::id)
                    .limit(slice.limit.into())
                    .select(Row::as_select())
                    .load(conn)?)
            })
            .await?;
        rows.into_iter().map(AuditRecord::try_from).collect()
    }

    async fn find(
        &self,
        query: &AuditQuery,
        part: AuditPart,
    ) -> Result<Vec<AuditRecord>, StoreError> {
        let query = query.clone();
        let rows: Vec<Row> = self
            .read(move |conn| {
                let lines = fitting(&query)
                    .limit(part.limit.into())
                    .offset(i64::try_from(part.skip).unwrap_or(i64::MAX))
                    .select(Row::as_select());
                let lines = match (part.newest_first, part.beyond) {
                    (true, Some(id)) => lines.filter(audit_lines::id.lt(id)),
                    (false, Some(id)) => lines.filter(audit_lines::id.gt(id)),
                    (_, None) => lines,
                };
                Ok(if part.newest_first {
                    lines.order(audit_lines::id.desc()).load(conn)?
                } else {
                    lines.order(audit_lines::id).load(conn)?
                })
            })
            .await?;
        rows.into_iter().map(AuditRecord::try_from).collect()
    }

    async fn count(&self, query: &AuditQuery) -> Result<u64, StoreError> {
        let query = query.clone();
        let count: i64 =
            self.read(move |conn| Ok(fitting(&query).count().get_result(conn)?)).await?;
        Ok(count.unsigned_abs())
    }

    async fn forget_before(&self, time: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        self.write(move |conn| {
            let newest: Vec<Option<i64>> = audit_lines::table
                .group_by(audit_lines::subject_kind)
                .select(max(audit_lines::id))
                .load(conn)?;
            let newest: Vec<i64> = newest.into_iter().flatten().collect();
            let old =
                || audit_lines::at.lt(micros(time)).and(audit_lines::id.ne_all(newest.clone()));
            let last: Vec<i64> = audit_lines::table
                .filter(old())
                .order(audit_lines::id)
                .limit(limit.into())
                .select(audit_lines::id)
                .load(conn)?;
            let Some(last) = last.last() else { return Ok(0) };
            let gone = audit_lines::table.filter(audit_lines::id.le(*last)).filter(old());
            Ok(diesel::delete(gone).execute(conn)? as u64)
        })
        .await
    }

    async fn newest_about(&self, kinds: &[SubjectKind]) -> Result<i64, StoreError> {
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        self.look_up(move |conn| {
            let mut newest = 0;
            for kind in &kinds {
                // A query a kind: each is one step down the index, where `in (…)` walks it.
                let of_kind: Option<i64> = audit_lines::table
                    .filter(audit_lines::subject_kind.eq(*kind))
                    .select(max(audit_lines::id))
                    .get_result(conn)?;
                newest = newest.max(of_kind.unwrap_or_default());
            }
            Ok(newest)
        })
        .await
    }
}
