//! The audit trail.

use async_trait::async_trait;
use diesel::dsl::max;
use diesel::prelude::*;
use pressroom_domain::{Actor, AuditEntry, Subject, SubjectKind, UserId, Verb};
use pressroom_ports::{AuditLog, AuditRecord, Kind, Slice, StoreError};

use crate::Store;
use crate::error::Failure;
use crate::schema::audit_lines;
use crate::sequence::Sequence;
use crate::stored::{Connection, Reader, micros};

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
        actor_name: entry.actor.name,
        from_address: entry.from.map(|address| address.to_string()),
        verb: entry.verb.name().to_owned(),
        subject_kind: entry.subject.kind.name().to_owned(),
        subject_id: entry.subject.id,
        detail: entry.detail,
    };
    diesel::insert_into(audit_lines::table).values(row).execute(conn)?;
    Ok(())
}

#[async_trait]
impl AuditLog for Store {
    async fn append(&self, entry: AuditEntry) -> Result<(), StoreError> {
        self.write(move |conn| append(conn, entry)).await
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

    async fn newest_about(&self, kinds: &[SubjectKind]) -> Result<i64, StoreError> {
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        self.look_up(move |conn| {
            let mut newest = 0;
            for kind in kinds {
                // A query a kind: each is one step down the index, where `in (…)` walks it.
                let of_kind: Option<i64> = audit_lines::table
                    .filter(audit_lines::subject_kind.eq(kind))
                    .select(max(audit_lines::id))
                    .first(conn)?;
                newest = newest.max(of_kind.unwrap_or_default());
            }
            Ok(newest)
        })
        .await
    }
}
