//! Mails that wait to be sent.
//!
//! What a mail says is sealed before the transaction that writes it begins: see [`sealed`].

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::min;
use diesel::prelude::*;
use pressroom_domain::{EmailAddress, Mail, MailId, NodeName, QueuedMail};
use pressroom_ports::{Change, Kind, OutboxCounts, OutboxError, OutboxRepository, StoreError};
use serde_json::{Value, json};

use super::sequence::Sequence;
use crate::Connection;
use crate::Store;
use pressroom_diesel_store::Failure;
use pressroom_diesel_store::schema::outbox;
use pressroom_diesel_store::seal::{SealingKey, seal, unseal};
use pressroom_diesel_store::{Reader, kept_text, micros};

/// When one that cannot be read is looked at again: somebody may bring the right key.
const UNREADABLE_PAUSE: TimeDelta = TimeDelta::hours(1);

/// Where mails are sealed for.
pub(super) const PLACE: &str = "outbox.mail";

/// What a mail says, as it is stored.
#[derive(Clone)]
pub(crate) struct SealedMail(String);

/// Seals mails before the transaction that writes them.
pub(crate) fn sealed(
    key: Option<&SealingKey>,
    mails: &[Mail],
) -> Result<Vec<SealedMail>, StoreError> {
    mails
        .iter()
        .map(|mail| Ok(SealedMail(seal(key, write_mail(mail).to_string(), PLACE)?)))
        .collect()
}

/// Adds mails, in the transaction of the write that they belong to.
pub(crate) fn append(
    conn: &mut Connection,
    at: DateTime<Utc>,
    mails: Vec<SealedMail>,
) -> Result<(), Failure> {
    for SealedMail(content) in mails {
        let id = Sequence::OUTBOX.next(conn)?;
        diesel::insert_into(outbox::table)
            .values((
                outbox::id.eq(id),
                outbox::queued_at.eq(micros(at)),
                outbox::due_at.eq(micros(at)),
                outbox::fence.eq(0),
                outbox::attempts.eq(0),
                outbox::mail.eq(content),
            ))
            .execute(conn)?;
    }
    Ok(())
}

fn write_mail(mail: &Mail) -> Value {
    let Mail { to, subject, text, html, useful_until } = mail;
    let to: Vec<&str> = to.iter().map(EmailAddress::as_str).collect();
    json!({
        "to": to,
        "subject": subject,
        "text": text,
        "html": html,
        "usefulUntil": useful_until.map(micros),
    })
}

/// Messages name what is missing, never what is there: it may hold a link that signs somebody in.
fn read_mail(reader: Reader<'_, i64>, content: &str) -> Result<Mail, StoreError> {
    let json: Value =
        serde_json::from_str(content).map_err(|_| reader.unreadable("it is not JSON"))?;
    let text = |name: &str| {
        let text = json[name].as_str().map(str::to_owned);
        text.ok_or_else(|| reader.unreadable(format_args!("it has no {name}")))
    };
    let to = json["to"].as_array().into_iter().flatten();
    let to = to.map(|address| reader.read(EmailAddress::new(address.as_str().unwrap_or_default())));
    Ok(Mail {
        to: to.collect::<Result<_, _>>()?,
        subject: text("subject")?,
        text: text("text")?,
        html: text("html")?,
        useful_until: json["usefulUntil"].as_i64().map(|at| reader.time(at)).transpose()?,
    })
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox)]
struct Row {
    id: i64,
    queued_at: i64,
    fence: i64,
    attempts: i64,
    mail: String,
}

impl Row {
    /// The mail as whoever claims it now gets it.
    fn claim(self, key: Option<&SealingKey>) -> Result<QueuedMail, StoreError> {
        let reader = Reader { kind: Kind::Mail, id: &self.id };
        let content = reader.read(unseal(key, self.mail, PLACE))?;
        let attempts: u32 = reader.count(self.attempts)?;
        Ok(QueuedMail {
            id: MailId(self.id),
            mail: read_mail(reader, &content)?,
            queued_at: reader.time(self.queued_at)?,
            fence: self.fence + 1,
            attempts: attempts.saturating_add(1),
        })
    }
}

/// The one that is due for longest.
#[diesel::dsl::auto_type]
fn first_due(now: i64) -> _ {
    outbox::table.filter(outbox::due_at.le(now)).order((outbox::due_at, outbox::id)).limit(1_i64)
}

/// The row of a mail while a claim on it holds.
macro_rules! claimed {
    ($id:expr, $fence:expr) => {
        outbox::table.find($id.0).filter(outbox::fence.eq($fence))
    };
}

/// Whether a write under a claim found its row.
fn held(rows: usize) -> Result<(), OutboxError> {
    if rows == 0 { Err(OutboxError::Lost) } else { Ok(()) }
}

#[async_trait]
impl OutboxRepository for Store {
    async fn claim_due(
        &self,
        now: DateTime<Utc>,
        lease_for: TimeDelta,
        node: &NodeName,
    ) -> Result<Option<QueuedMail>, StoreError> {
        // Most calls find nothing, and need not wait for the writer to learn it.
        let due = self.look_up(move |conn| {
            Ok(first_due(micros(now)).select(outbox::id).load::<i64>(conn)?.pop())
        });
        if due.await?.is_none() {
            return Ok(None);
        }
        let (node, key) = (kept_text(node.as_str()), self.key());
        let claimed = self.write_soon(move |conn| {
            let due: Option<Row> =
                unclaimed!(first_due(micros(now))).select(Row::as_select()).load(conn)?.pop();
            let Some(row) = due else { return Ok(None) };
            let this = outbox::table.find(row.id).filter(outbox::fence.eq(row.fence));
            let claimed = row.claim(key.as_ref());
            let written = match &claimed {
                Ok(mail) => diesel::update(this)
                    .set((
                        outbox::due_at.eq(micros(now + lease_for)),
                        outbox::node.eq(&node),
                        outbox::fence.eq(mail.fence),
                        outbox::attempts.eq(i64::from(mail.attempts)),
                    ))
                    .execute(conn)?,
                Err(error) => diesel::update(this)
                    .set((
                        outbox::due_at.eq(micros(now + UNREADABLE_PAUSE)),
                        outbox::failure.eq(error.to_string()),
                    ))
                    .execute(conn)?,
            };
            // Where another claimer was faster, the next look finds what is left.
            Ok((written > 0).then_some(claimed))
        });
        claimed.await?.transpose()
    }

    async fn sent(&self, id: MailId, fence: i64) -> Result<(), OutboxError> {
        // What a power cut undoes is sent twice: worth a wait for the disk.
        held(self.write(move |conn| Ok(diesel::delete(claimed!(id, fence)).execute(conn)?)).await?)
    }

    async fn postpone(
        &self,
        id: MailId,
        fence: i64,
        next_attempt: DateTime<Utc>,
        reason: &str,
    ) -> Result<(), OutboxError> {
        let reason = kept_text(reason);
        let postponed = self.write_soon(move |conn| {
            let changes = (
                outbox::due_at.eq(micros(next_attempt)),
                outbox::node.eq(None::<String>),
                outbox::failure.eq(&reason),
            );
            Ok(diesel::update(claimed!(id, fence)).set(changes).execute(conn)?)
        });
        held(postponed.await?)
    }

    async fn give_up(&self, change: Change<(MailId, i64)>) -> Result<(), OutboxError> {
        let given_up = self.change(change, move |conn, (id, fence), along| {
            let rows = diesel::delete(claimed!(id, fence)).execute(conn)?;
            if rows > 0 {
                along.record(conn)?;
            }
            Ok(rows)
        });
        held(given_up.await?)
    }

    async fn counts(&self) -> Result<OutboxCounts, StoreError> {
        let (waiting, failing, oldest): (i64, i64, Option<i64>) = self
            .read(|conn| {
                let failing = outbox::table.filter(outbox::failure.is_not_null());
                Ok((
                    outbox::table.count().get_result(conn)?,
                    failing.count().get_result(conn)?,
                    outbox::table.select(min(outbox::queued_at)).get_result(conn)?,
                ))
            })
            .await?;
        let reader = Reader { kind: Kind::Mail, id: &"of the outbox" };
        Ok(OutboxCounts {
            waiting: reader.count(waiting)?,
            failing: reader.count(failing)?,
            oldest_queued_at: oldest.map(|at| reader.time(at)).transpose()?,
        })
    }
}
