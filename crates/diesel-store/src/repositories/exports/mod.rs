//! Exports.
//!
//! That an export was asked for, or is no longer wanted, survives a power cut. What becomes of it on
//! the way need not: work that was lost is claimed and done again.

mod rows;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use pressroom_domain::{
    Export, ExportFault, ExportId, ExportProgress, ExportResult, NewExport, NodeName, Percent,
    StateError, Warning,
};
use pressroom_ports::{Change, ClaimError, ExportRepository, HeldLease, Kind, Queue, StoreError};

use crate::Connection;
use crate::Store;
use pressroom_diesel_store::schema::{export_requests, exports};
use pressroom_diesel_store::{Failure, OnViolation};
use pressroom_diesel_store::{Reader, kept_text, micros};
pub(crate) use rows::State;
use rows::{RequestRow, Row, read, stored_count, write_warnings};

fn find(conn: &mut Connection, id: ExportId) -> Result<Export, Failure> {
    let found: Option<(Row, RequestRow)> = exports::table
        .inner_join(export_requests::table)
        .filter(exports::id.eq(id.as_bytes().as_slice()))
        .select((Row::as_select(), RequestRow::as_select()))
        .first(conn)
        .optional()?;
    let (row, request) = found.ok_or_else(|| StoreError::not_found(Kind::Export, id))?;
    Ok(read(id, row, request)?)
}

type Candidate = (i64, Vec<u8>);

/// The one of a state that was queued first.
#[diesel::dsl::auto_type]
pub(crate) fn first(state: &'static str) -> _ {
    exports::table
        .filter(exports::state.eq(state))
        .order((exports::queued_at, exports::id))
        .select((exports::queued_at, exports::id))
        .limit(1_i64)
}

/// The one that was queued first of those whose lease has ended by a time.
#[diesel::dsl::auto_type]
pub(crate) fn first_left(state: &'static str, now: i64) -> _ {
    exports::table
        .filter(exports::state.eq(state))
        .filter(exports::lease_until.le(now))
        .order((exports::queued_at, exports::id))
        .select((exports::queued_at, exports::id))
        .limit(1_i64)
}

/// The leases of those whose lease ends after a time.
#[diesel::dsl::auto_type]
pub(crate) fn beyond(state: &'static str, time: i64) -> _ {
    exports::table.filter(exports::state.eq(state)).filter(exports::lease_until.gt(time)).select((
        exports::id,
        exports::fence,
        exports::lease_until.assume_not_null(),
    ))
}

/// The one that is due for longest. Two look-ups by an index: the queued ones may be many, the
/// running ones are few.
fn find_due(conn: &mut Connection, now: DateTime<Utc>) -> Result<Option<ExportId>, Failure> {
    let queued: Option<Candidate> = first(State::QUEUED).load(conn)?.pop();
    let left: Option<Candidate> = first_left(State::RUNNING, micros(now)).load(conn)?.pop();
    earlier(queued, left)
}

/// The same, past those that another claimer is about to claim.
fn find_unclaimed(conn: &mut Connection, now: DateTime<Utc>) -> Result<Option<ExportId>, Failure> {
    let queued: Option<Candidate> = unclaimed!(first(State::QUEUED)).load(conn)?.pop();
    let left: Option<Candidate> =
        unclaimed!(first_left(State::RUNNING, micros(now))).load(conn)?.pop();
    earlier(queued, left)
}

fn earlier(
    queued: Option<Candidate>,
    left: Option<Candidate>,
) -> Result<Option<ExportId>, Failure> {
    let Some((_, id)) = queued.into_iter().chain(left).min() else { return Ok(None) };
    Ok(Some(read_id(id)?))
}

fn read_id(id: Vec<u8>) -> Result<ExportId, StoreError> {
    let id = <[u8; 16]>::try_from(id).map_err(|id| StoreError::Unreadable {
        kind: Kind::Export,
        detail: format!("an id of {} bytes", id.len()),
    })?;
    Ok(ExportId::from_bytes(id))
}

/// Writes what one claim may write: nothing unless it is the newest and still holds.
fn under_claim(
    conn: &mut Connection,
    id: ExportId,
    fence: i64,
    write: impl FnOnce(&mut Connection) -> QueryResult<usize>,
) -> Result<Result<(), StateError>, Failure> {
    if write(conn)? > 0 {
        return Ok(Ok(()));
    }
    let found: Option<(String, i64)> = exports::table
        .find(id.as_bytes().as_slice())
        .select((exports::state, exports::fence))
        .first(conn)
        .optional()?;
    let (state, newest) = found.ok_or_else(|| StoreError::not_found(Kind::Export, id))?;
    Ok(Err(match &*state {
        State::CANCELLED => StateError::Cancelled,
        State::COMPLETE | State::FAULT if newest == fence => StateError::Finished,
        _ => StateError::Superseded,
    }))
}

/// The row of an export while a claim on it holds.
macro_rules! claimed {
    ($id:expr, $fence:expr) => {
        exports::table
            .find($id.as_bytes().to_vec())
            .filter(exports::fence.eq($fence))
            .filter(exports::state.eq(State::RUNNING))
    };
}

#[async_trait]
impl ExportRepository for Store {
    async fn enqueue(&self, change: Change<NewExport>) -> Result<(), StoreError> {
        self.change(change, |conn, new, along| {
            let id = new.id;
            let request = RequestRow::new(id, &new.request);
            diesel::insert_into(exports::table)
                .values(Row::from(&Export::queued(new)))
                .execute(conn)
                .on_duplicate(|| StoreError::duplicate(Kind::Export, id))?;
            diesel::insert_into(export_requests::table).values(request).execute(conn)?;
            along.record(conn)
        })
        .await?;
        self.announce(Queue::Exports);
        Ok(())
    }

    async fn get(&self, id: ExportId) -> Result<Export, StoreError> {
        self.look_up(move |conn| find(conn, id)).await
    }

    async fn claim_due(
        &self,
        now: DateTime<Utc>,
        lease_for: TimeDelta,
        node: &NodeName,
    ) -> Result<Option<Export>, StoreError> {
        // Most calls find nothing, and need not wait for the writer to learn it.
        if self.look_up(move |conn| find_due(conn, now)).await?.is_none() {
            return Ok(None);
        }
        let node = node.clone();
        self.write_soon(move |conn| {
            while let Some(id) = find_unclaimed(conn, now)? {
                let found = find(conn, id)?;
                let seen = found.fence;
                // Whatever an engine makes of locks: somebody else's claim is seen by its state or
                // its number, and a sign of life by its lease. Both stay.
                let Ok(claimed) = found.claim(now, now + lease_for, node.clone()) else { continue };
                let is_free =
                    exports::lease_until.is_null().or(exports::lease_until.le(micros(now)));
                let unchanged = exports::table
                    .find(id.as_bytes().as_slice())
                    .filter(exports::fence.eq(seen))
                    .filter(exports::finished_at.is_null())
                    .filter(is_free);
                let written = diesel::update(unchanged).set(Row::from(&claimed)).execute(conn)?;
                if written > 0 && !claimed.state.is_final() {
                    return Ok(Some(claimed));
                }
            }
            Ok(None)
        })
        .await
    }

    async fn heartbeat(
        &self,
        id: ExportId,
        fence: i64,
        lease_until: DateTime<Utc>,
        progress: ExportProgress,
    ) -> Result<(), ClaimError> {
        let message = kept_text(&progress.message);
        let written = self
            .write_soon(move |conn| {
                under_claim(conn, id, fence, |conn| {
                    diesel::update(claimed!(id, fence))
                        .set((
                            exports::lease_until.eq(micros(lease_until)),
                            exports::percent.eq(i64::from(progress.percent.get())),
                            exports::message.eq(&message),
                        ))
                        .execute(conn)
                })
            })
            .await?;
        Ok(written?)
    }

    async fn complete(
        &self,
        id: ExportId,
        fence: i64,
        result: ExportResult,
        warnings: Vec<Warning>,
        at: DateTime<Utc>,
    ) -> Result<(), ClaimError> {
        let warnings = write_warnings(&warnings);
        let written = self
            .write_soon(move |conn| {
                under_claim(conn, id, fence, |conn| {
                    diesel::update(claimed!(id, fence))
                        .set((
                            exports::state.eq(State::COMPLETE),
                            exports::node.eq(None::<String>),
                            exports::lease_until.eq(None::<i64>),
                            exports::percent.eq(i64::from(Percent::HUNDRED.get())),
                            exports::message.eq(""),
                            exports::result_blob.eq(result.blob.as_bytes().as_slice()),
                            exports::result_size_bytes.eq(stored_count(result.size_bytes)),
                            exports::result_pages.eq(stored_count(result.pages)),
                            exports::warnings.eq(&warnings),
                            exports::finished_at.eq(micros(at)),
                        ))
                        .execute(conn)
                })
            })
            .await?;
        Ok(written?)
    }

    async fn fail(
        &self,
        id: ExportId,
        fence: i64,
        fault: ExportFault,
        warnings: Vec<Warning>,
        at: DateTime<Utc>,
    ) -> Result<(), ClaimError> {
        let (warnings, fault) = (write_warnings(&warnings), kept_text(&fault.message));
        let written = self
            .write_soon(move |conn| {
                under_claim(conn, id, fence, |conn| {
                    diesel::update(claimed!(id, fence))
                        .set((
                            exports::state.eq(State::FAULT),
                            exports::node.eq(None::<String>),
                            exports::lease_until.eq(None::<i64>),
                            exports::fault.eq(&fault),
                            exports::warnings.eq(&warnings),
                            exports::finished_at.eq(micros(at)),
                        ))
                        .execute(conn)
                })
            })
            .await?;
        Ok(written?)
    }

    async fn release(&self, id: ExportId, fence: i64) -> Result<(), ClaimError> {
        let written = self
            .write_soon(move |conn| {
                under_claim(conn, id, fence, |conn| {
                    diesel::update(claimed!(id, fence))
                        .set((
                            exports::state.eq(State::QUEUED),
                            exports::node.eq(None::<String>),
                            exports::lease_until.eq(None::<i64>),
                            exports::attempts.eq(exports::attempts - 1),
                            exports::percent.eq(0),
                            exports::message.eq(""),
                        ))
                        .execute(conn)
                })
            })
            .await?;
        Ok(written?)
    }

    async fn leases_beyond(&self, time: DateTime<Utc>) -> Result<Vec<HeldLease>, StoreError> {
        self.look_up(move |conn| {
            let rows: Vec<(Vec<u8>, i64, i64)> = beyond(State::RUNNING, micros(time)).load(conn)?;
            let read = |(id, fence, until): (Vec<u8>, i64, i64)| {
                let id = read_id(id)?;
                let reader = Reader { kind: Kind::Export, id: &id };
                Ok(HeldLease { id, fence, lease_until: reader.time(until)? })
            };
            rows.into_iter().map(read).collect()
        })
        .await
    }

    async fn end_lease(&self, lease: &HeldLease, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let HeldLease { id, fence, lease_until } = lease.clone();
        self.write_soon(move |conn| {
            let as_seen = claimed!(id, fence).filter(exports::lease_until.eq(micros(lease_until)));
            let set = exports::lease_until.eq(micros(at));
            Ok(diesel::update(as_seen).set(set).execute(conn)? > 0)
        })
        .await
    }

    async fn cancel(&self, change: Change<ExportId>, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.change(change, move |conn, id, along| {
            // No claim and no end comes between the look and the write.
            let _: Option<i64> = locked!(exports::table.find(id.as_bytes().as_slice()))
                .select(exports::fence)
                .first(conn)
                .optional()?;
            let cancelled = find(conn, id)?.cancel(at);
            diesel::update(exports::table.find(id.as_bytes().as_slice()))
                .set(Row::from(&cancelled))
                .execute(conn)?;
            along.record(conn)
        })
        .await
    }

    async fn delete_finished(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write_soon(move |conn| {
            let finished = exports::table.filter(exports::finished_at.lt(micros(before)));
            Ok(diesel::delete(finished).execute(conn)? as u64)
        })
        .await
    }
}
