//! A write with all that goes with it, and the part of a list that is asked for.

use pressroom_domain::{AuditEntry, Mail};

/// A write, with the line of the audit trail and the mails that are written in the same transaction.
///
/// # Contract
/// A store MUST write all of it or nothing. Where the subject's id is absent because the store gives it,
/// the store MUST fill it in.
#[derive(Clone, Debug)]
pub struct Change<T> {
    /// What is written.
    pub entity: T,
    /// What the audit trail says about it.
    pub audit: AuditEntry,
    /// Mails that go out once it is written; they wait in the outbox until they are sent.
    pub outbox: Vec<Mail>,
}

impl<T> Change<T> {
    /// A write and its line.
    pub fn new(entity: T, audit: AuditEntry) -> Self {
        Self { entity, audit, outbox: Vec::new() }
    }

    /// The same write, with a mail that goes out once it is written.
    #[must_use]
    pub fn sending(mut self, mail: Mail) -> Self {
        self.outbox.push(mail);
        self
    }
}

/// A part of a list that is ordered by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice<Id> {
    /// Only ids greater than this one; none starts at the first.
    pub after: Option<Id>,
    /// At most so many.
    pub limit: u32,
}

impl<Id> Slice<Id> {
    /// The first so many.
    #[must_use]
    pub const fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }

    /// So many that follow an id.
    #[must_use]
    pub const fn after(id: Id, limit: u32) -> Self {
        Self { after: Some(id), limit }
    }
}
