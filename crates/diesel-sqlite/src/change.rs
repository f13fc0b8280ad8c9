//! What goes with every write: its line of the audit trail, and mails.

use pressroom_domain::{AuditEntry, Mail};

use crate::error::Failure;
use crate::stored::Connection;
use crate::{audit, outbox};

/// Adds what goes with a write, in the write's own transaction.
pub(crate) fn record(
    conn: &mut Connection,
    entry: AuditEntry,
    mails: Vec<Mail>,
) -> Result<(), Failure> {
    outbox::append(conn, entry.at, mails)?;
    audit::append(conn, entry)
}

/// The same for a write that made something, whose id is known only now.
pub(crate) fn record_made(
    conn: &mut Connection,
    mut entry: AuditEntry,
    mails: Vec<Mail>,
    id: i64,
) -> Result<(), Failure> {
    entry.subject.id.get_or_insert_with(|| id.to_string());
    record(conn, entry, mails)
}
