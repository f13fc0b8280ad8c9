//! What filters and orders know of a line, and reading lines slice by slice.

use pressroom_data::Value;
use pressroom_domain::SubjectKind;
use pressroom_ports::{AuditPart, AuditQuery, AuditRecord, Slice, StoreError};

use super::{subject_kind_name, verb_name};
use crate::listing::{ListField, Listed};
use crate::{App, Caller, authorise};

/// How many lines come with one call of the store.
const SLICE: u32 = 1_000;

fn text(text: Option<impl ToString>) -> Value {
    text.map_or(Value::Null, |text| Value::text(text.to_string()))
}

impl Listed for AuditRecord {
    type Id = i64;

    const KINDS: &'static [SubjectKind] = SubjectKind::ALL;
    const FIELDS: &'static [ListField<Self>] = &[
        ListField::int("id", |line| line.id.into()),
        ListField::time("at", |line| Value::DateTime(line.entry.at.naive_utc())),
        ListField::int("userId", |line| {
            line.entry.actor.user_id.map_or(Value::Null, |id| id.0.into())
        }),
        ListField::text("userName", |line| Value::text(line.entry.actor.name.as_str())),
        ListField::text("address", |line| text(line.entry.from)),
        ListField::text("verb", |line| Value::text(verb_name(line.entry.verb))),
        ListField::text("subjectKind", |line| {
            Value::text(subject_kind_name(line.entry.subject.kind))
        }),
        ListField::text("subjectId", |line| text(line.entry.subject.id.as_ref())),
        ListField::text("detail", |line| Value::text(line.entry.detail.as_str())),
    ];

    fn id(&self) -> i64 {
        self.id
    }

    fn is_seen_by(&self, caller: &Caller) -> bool {
        authorise::sees_audit(caller)
    }

    async fn slice(app: &App, slice: Slice<i64>) -> Result<Vec<Self>, StoreError> {
        app.stores.audit.list(slice).await
    }
}

/// The lines that fit a query, slice by slice.
pub(super) struct Lines {
    query: AuditQuery,
    newest_first: bool,
    beyond: Option<i64>,
    is_over: bool,
}

impl Lines {
    pub(super) fn new(query: AuditQuery, newest_first: bool) -> Self {
        Self { query, newest_first, beyond: None, is_over: false }
    }

    /// The next slice; none at the end.
    pub(super) async fn next(&mut self, app: &App) -> Result<Option<Vec<AuditRecord>>, StoreError> {
        if self.is_over {
            return Ok(None);
        }
        let Self { newest_first, beyond, .. } = *self;
        let part = AuditPart { newest_first, beyond, skip: 0, limit: SLICE };
        let lines = app.stores.audit.find(&self.query, part).await?;
        self.beyond = lines.last().map(|line| line.id);
        self.is_over = lines.len() < SLICE as usize;
        Ok(Some(lines))
    }
}
