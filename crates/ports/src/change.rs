//! A write with all that goes with it, and the part of a list that is asked for.

use pressroom_domain::AuditEntry;

/// A write, and the line of the audit trail that is written in the same transaction.
///
/// # Contract
/// A store MUST write both or neither. Where the subject's id is absent because the store gives it,
/// the store MUST fill it in.
#[derive(Clone, Debug)]
pub struct Change<T> {
    /// What is written.
    pub entity: T,
    /// What the audit trail says about it.
    pub audit: AuditEntry,
}

impl<T> Change<T> {
    /// A write and its line.
    pub fn new(entity: T, audit: AuditEntry) -> Self {
        Self { entity, audit }
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
