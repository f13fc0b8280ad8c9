//! Mails that wait to be sent.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use pressroom_domain::{EmailAddress, Mail};
use serde_json::json;

use crate::error::Failure;
use crate::schema::outbox;
use crate::sequence::Sequence;
use crate::stored::{Connection, micros};

/// Adds mails, in the transaction of the write that they belong to.
pub(crate) fn append(
    conn: &mut Connection,
    at: DateTime<Utc>,
    mails: Vec<Mail>,
) -> Result<(), Failure> {
    for mail in mails {
        let to: Vec<&str> = mail.to.iter().map(EmailAddress::as_str).collect();
        let Mail { subject, text, html, .. } = &mail;
        let content = json!({ "to": to, "subject": subject, "text": text, "html": html });
        diesel::insert_into(outbox::table)
            .values((
                outbox::id.eq(Sequence::OUTBOX.next(conn)?),
                outbox::queued_at.eq(micros(at)),
                outbox::mail.eq(content.to_string()),
            ))
            .execute(conn)?;
    }
    Ok(())
}
