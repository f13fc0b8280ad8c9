//! Exports.
//!
//! That an export was asked for, or is no longer wanted, survives a power cut. What becomes of it on
//! the way need not: work that was lost is claimed and done again.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use pressroom_domain::{
    Argument, Claim, DocumentId, Export, ExportFault, ExportId, ExportProgress, ExportRequest,
    ExportResult, ExportState, Format, NewExport, NodeName, Percent, StateError, UserId, Warning,
};
use pressroom_ports::{Change, ClaimError, ExportRepository, Kind, StoreError};
use serde_json::{Map, Value, json};

use crate::Store;
use crate::audit;
use crate::error::{Failure, OnViolation};
use crate::schema::{export_requests, exports};
use crate::stored::{Connection, Reader, micros};

/// How states are written.
pub(crate) struct State;

impl State {
    pub(crate) const QUEUED: &'static str = "queued";
    pub(crate) const RUNNING: &'static str = "running";
    const COMPLETE: &'static str = "complete";
    const FAULT: &'static str = "fault";
    const CANCELLED: &'static str = "cancelled";
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = exports, treat_none_as_null = true)]
struct Row {
    id: Vec<u8>,
    owner_id: i64,
    queued_at: i64,
    state: String,
    node: Option<String>,
    lease_until: Option<i64>,
    fence: i64,
    attempts: i64,
    percent: i64,
    message: String,
    result_blob: Option<Vec<u8>>,
    result_size_bytes: Option<i64>,
    result_pages: Option<i64>,
    fault: Option<String>,
    warnings: String,
    finished_at: Option<i64>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = export_requests)]
struct RequestRow {
    export_id: Vec<u8>,
    document_id: i64,
    document_name: String,
    layout: Vec<u8>,
    format: String,
    options: String,
    arguments: String,
}

impl From<&Export> for Row {
    fn from(export: &Export) -> Self {
        let mut row = Self {
            id: export.id.as_bytes().to_vec(),
            owner_id: export.owner.0,
            queued_at: micros(export.queued_at),
            state: State::QUEUED.to_owned(),
            node: None,
            lease_until: None,
            fence: export.fence,
            attempts: export.attempts.into(),
            percent: export.progress.percent.get().into(),
            message: export.progress.message.clone(),
            result_blob: None,
            result_size_bytes: None,
            result_pages: None,
            fault: None,
            warnings: write_warnings(&export.warnings),
            finished_at: export.finished_at.map(micros),
        };
        row.state = match &export.state {
            ExportState::Queued => State::QUEUED,
            ExportState::Running(claim) => {
                row.node = Some(claim.node.to_string());
                row.lease_until = Some(micros(claim.lease_until));
                State::RUNNING
            }
            ExportState::Complete(result) => {
                row.result_blob = Some(result.blob.as_bytes().to_vec());
                row.result_size_bytes = Some(stored_count(result.size_bytes));
                row.result_pages = Some(stored_count(result.pages));
                State::COMPLETE
            }
            ExportState::Fault(fault) => {
                row.fault = Some(fault.message.clone());
                State::FAULT
            }
            ExportState::Cancelled => State::CANCELLED,
        }
        .to_owned();
        row
    }
}

impl RequestRow {
    fn new(id: ExportId, request: &ExportRequest) -> Self {
        let arguments: Vec<Value> = request
            .arguments
            .iter()
            .map(|argument| json!({ "name": argument.name, "value": argument.value }))
            .collect();
        Self {
            export_id: id.as_bytes().to_vec(),
            document_id: request.document_id.0,
            document_name: request.document_name.to_string(),
            layout: request.layout.as_bytes().to_vec(),
            format: request.format.name().to_owned(),
            options: Value::Object(request.options.clone()).to_string(),
            arguments: Value::Array(arguments).to_string(),
        }
    }

    fn read(self, reader: Reader<'_, ExportId>) -> Result<ExportRequest, StoreError> {
        let arguments: Vec<Map<String, Value>> =
            reader.read(serde_json::from_str(&self.arguments))?;
        let arguments = arguments.into_iter().map(|mut argument| {
            let name = argument.get("name").and_then(Value::as_str).map(str::to_owned);
            let name = name.ok_or_else(|| reader.unreadable("an argument has no name"))?;
            Ok(Argument { name, value: argument.remove("value").unwrap_or_default() })
        });
        Ok(ExportRequest {
            document_id: DocumentId(self.document_id),
            document_name: reader.name(&self.document_name)?,
            layout: reader.blob_hash(&self.layout)?,
            format: reader.word(&self.format, Format::find)?,
            options: reader.read(serde_json::from_str(&self.options))?,
            arguments: arguments.collect::<Result<_, StoreError>>()?,
        })
    }
}

fn read(id: ExportId, row: Row, request: RequestRow) -> Result<Export, StoreError> {
    let reader = Reader { kind: Kind::Export, id: &id };
    let state = match &*row.state {
        State::QUEUED => ExportState::Queued,
        State::RUNNING => match (row.node, row.lease_until) {
            (Some(node), Some(until)) => ExportState::Running(Claim {
                node: NodeName::new(node),
                lease_until: reader.time(until)?,
            }),
            _ => return Err(reader.unreadable("it is running, but nowhere")),
        },
        State::COMPLETE => match (row.result_blob, row.result_size_bytes, row.result_pages) {
            (Some(blob), Some(size), Some(pages)) => ExportState::Complete(ExportResult {
                blob: reader.blob_hash(&blob)?,
                size_bytes: reader.count(size)?,
                pages: reader.count(pages)?,
            }),
            _ => return Err(reader.unreadable("it is complete, but has no file")),
        },
        State::FAULT => ExportState::Fault(ExportFault { message: row.fault.unwrap_or_default() }),
        State::CANCELLED => ExportState::Cancelled,
        other => return Err(reader.unreadable(format_args!("\"{other}\" is no state"))),
    };
    Ok(Export {
        id,
        owner: UserId(row.owner_id),
        request: request.read(reader)?,
        queued_at: reader.time(row.queued_at)?,
        state,
        fence: row.fence,
        attempts: reader.count(row.attempts)?,
        progress: ExportProgress {
            percent: Percent::new(reader.count(row.percent)?),
            message: row.message,
        },
        warnings: read_warnings(&row.warnings).map_err(|what| reader.unreadable(what))?,
        finished_at: row.finished_at.map(|at| reader.time(at)).transpose()?,
    })
}

fn write_warnings(warnings: &[Warning]) -> String {
    let warnings: Vec<Value> = warnings
        .iter()
        .map(|warning| json!({ "message": warning.message, "count": warning.count }))
        .collect();
    Value::Array(warnings).to_string()
}

fn read_warnings(text: &str) -> Result<Vec<Warning>, String> {
    let warnings: Vec<Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let warnings = warnings.iter().map(|warning| {
        let message = warning["message"].as_str().map(str::to_owned);
        message.zip(warning["count"].as_u64()).map(|(message, count)| Warning { message, count })
    });
    warnings.collect::<Option<_>>().ok_or_else(|| "a warning lacks its message or count".to_owned())
}

/// Counts are stored as signed numbers; no file has more bytes than those hold.
fn stored_count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

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

/// The one that is due for longest. Two look-ups by an index: the queued ones may be many, the
/// running ones are few.
fn find_due(conn: &mut Connection, now: DateTime<Utc>) -> Result<Option<ExportId>, Failure> {
    type Candidate = (i64, Vec<u8>);
    let in_order = exports::table
        .order((exports::queued_at, exports::id))
        .select((exports::queued_at, exports::id));
    let queued: Option<Candidate> =
        in_order.filter(exports::state.eq(State::QUEUED)).first(conn).optional()?;
    let left: Option<Candidate> = in_order
        .filter(exports::state.eq(State::RUNNING))
        .filter(exports::lease_until.le(micros(now)))
        .first(conn)
        .optional()?;
    let Some((_, id)) = queued.into_iter().chain(left).min() else { return Ok(None) };
    let id = <[u8; 16]>::try_from(id).map_err(|id| StoreError::Unreadable {
        kind: Kind::Export,
        detail: format!("an id of {} bytes", id.len()),
    })?;
    Ok(Some(ExportId::from_bytes(id)))
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
        let Change { entity: new, audit } = change;
        let id = new.id;
        let request = RequestRow::new(id, &new.request);
        let row = Row::from(&Export::queued(new));
        self.write(move |conn| {
            diesel::insert_into(exports::table)
                .values(row)
                .execute(conn)
                .on_duplicate(|| StoreError::duplicate(Kind::Export, id))?;
            diesel::insert_into(export_requests::table).values(request).execute(conn)?;
            audit::append(conn, audit)
        })
        .await
    }

    async fn get(&self, id: ExportId) -> Result<Export, StoreError> {
        self.read(move |conn| find(conn, id)).await
    }

    async fn claim_due(
        &self,
        now: DateTime<Utc>,
        lease_for: TimeDelta,
        node: &NodeName,
    ) -> Result<Option<Export>, StoreError> {
        // Most calls find nothing, and need not wait for the writer to learn it.
        if self.read(move |conn| find_due(conn, now)).await?.is_none() {
            return Ok(None);
        }
        let node = node.clone();
        self.write_soon(move |conn| {
            while let Some(id) = find_due(conn, now)? {
                let found = find(conn, id)?;
                let claimed = found
                    .claim(now, now + lease_for, node.clone())
                    .map_err(StoreError::unavailable)?;
                diesel::update(exports::table.find(id.as_bytes().as_slice()))
                    .set(Row::from(&claimed))
                    .execute(conn)?;
                if !claimed.state.is_final() {
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
        let written = self
            .write_soon(move |conn| {
                under_claim(conn, id, fence, |conn| {
                    diesel::update(claimed!(id, fence))
                        .set((
                            exports::lease_until.eq(micros(lease_until)),
                            exports::percent.eq(i64::from(progress.percent.get())),
                            exports::message.eq(progress.message),
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
                            exports::warnings.eq(warnings),
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
        let warnings = write_warnings(&warnings);
        let written = self
            .write_soon(move |conn| {
                under_claim(conn, id, fence, |conn| {
                    diesel::update(claimed!(id, fence))
                        .set((
                            exports::state.eq(State::FAULT),
                            exports::node.eq(None::<String>),
                            exports::lease_until.eq(None::<i64>),
                            exports::fault.eq(fault.message),
                            exports::warnings.eq(warnings),
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

    async fn cancel(&self, change: Change<ExportId>, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(move |conn| {
            let Change { entity: id, audit } = change;
            let cancelled = find(conn, id)?.cancel(at);
            diesel::update(exports::table.find(id.as_bytes().as_slice()))
                .set(Row::from(&cancelled))
                .execute(conn)?;
            audit::append(conn, audit)
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
