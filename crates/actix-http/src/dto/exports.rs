//! Exports.

use pressroom_domain as domain;
use pressroom_domain::{Argument, ExportId, ExportState, Format};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::body::Dto;
use crate::lenient::Fields;

/// An export to be started.
#[derive(Debug)]
pub(crate) struct StartExport {
    pub(crate) format: String,
    pub(crate) options: Map<String, Value>,
    pub(crate) arguments: Vec<Argument>,
}

impl Dto for StartExport {
    fn read(fields: &mut Fields) -> Option<Self> {
        let chosen = fields.required("exportOptions", |fields, name| {
            fields.object(name, |options| {
                let format = options.required("exportFormat", format);
                Some((format?, options.rest()))
            })
        });
        let arguments = fields.objects("documentParameters", |parameter| {
            let name = parameter.required("name", Fields::text)?;
            Some(Argument { name, value: parameter.any("value").unwrap_or_default() })
        });
        let (format, options) = chosen?;
        Some(Self { format, options, arguments })
    }
}

/// A format's name, or its place among the formats. Which names there are is not decided here.
fn format(options: &mut Fields, name: &str) -> Option<String> {
    let places = Format::ALL.map(|format| (format.name(), format));
    match options.any(name)? {
        Value::Null => None,
        Value::String(text) if text.trim().parse::<i64>().is_err() => Some(text),
        place => {
            let mut fields = Fields::new(Map::from_iter([(name.to_owned(), place)]));
            fields.choice(name, &places).map(|format| format.name().to_owned())
        }
    }
}

/// An export that was started.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportStarted {
    export_id: String,
}

impl From<ExportId> for ExportStarted {
    fn from(id: ExportId) -> Self {
        Self { export_id: id.to_string() }
    }
}

/// How far an export is.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportStatus {
    task_status: &'static str,
    progress: u8,
    message: String,
    warnings: Vec<Warning>,
}

/// Something that is not in the file as the layout wants it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Warning {
    message: String,
    count: u64,
}

impl From<domain::Export> for ExportStatus {
    /// Clients know three states: one that waits is on its way, one that was cancelled will not come.
    fn from(export: domain::Export) -> Self {
        let (task_status, message) = match export.state {
            ExportState::Queued => ("InProgress", "queued".to_owned()),
            ExportState::Running(_) => ("InProgress", export.progress.message),
            ExportState::Complete(result) => {
                let plural = if result.pages == 1 { "" } else { "s" };
                ("Complete", format!("{} page{plural}", result.pages))
            }
            ExportState::Fault(fault) => ("Fault", fault.message),
            ExportState::Cancelled => ("Fault", "the export was cancelled".to_owned()),
        };
        let warnings = export
            .warnings
            .into_iter()
            .map(|warning| Warning { message: warning.message, count: warning.count })
            .collect();
        Self { task_status, progress: export.progress.percent.get(), message, warnings }
    }
}
