//! Rows of exports, and exports from them.

use diesel::prelude::*;
use pressroom_domain::{
    Argument, Claim, DocumentId, Export, ExportFault, ExportId, ExportProgress, ExportRequest,
    ExportResult, ExportState, Format, NodeName, Percent, UserId, Warning,
};
use pressroom_ports::{Kind, StoreError};
use serde_json::{Map, Value, json};

use pressroom_diesel_store::schema::{export_requests, exports};
use pressroom_diesel_store::{Reader, kept_text, micros};

/// How states are written.
pub(crate) struct State;

impl State {
    pub(crate) const QUEUED: &'static str = "queued";
    pub(crate) const RUNNING: &'static str = "running";
    pub(super) const COMPLETE: &'static str = "complete";
    pub(super) const FAULT: &'static str = "fault";
    pub(super) const CANCELLED: &'static str = "cancelled";
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = exports, treat_none_as_null = true)]
pub(super) struct Row {
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
pub(super) struct RequestRow {
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
                row.node = Some(kept_text(claim.node.as_str()));
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
    pub(super) fn new(id: ExportId, request: &ExportRequest) -> Self {
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

/// The export of its two rows.
pub(super) fn read(id: ExportId, row: Row, request: RequestRow) -> Result<Export, StoreError> {
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

pub(super) fn write_warnings(warnings: &[Warning]) -> String {
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
pub(super) fn stored_count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
