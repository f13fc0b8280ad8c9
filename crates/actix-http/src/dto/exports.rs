//! Exports.

use pressroom_domain as domain;
use pressroom_domain::{Argument, ExportId, ExportState, Format};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

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
    const EXAMPLE: &'static str = r#"{
        "exportOptions": {"exportFormat": "pdf", "pageRange": "1-3"},
        "documentParameters": [{"name": "CustomerID", "value": "ALFKI"}]
    }"#;

    const MEANING: &'static [(&'static str, &'static str)] = &[
        (
            "exportOptions",
            "The format, and its options; options that it does not know are not looked at.",
        ),
        ("documentParameters", "The parameters that are not to be as the document has them."),
        ("documentParameters.value", "A value, or an array where the parameter takes several."),
    ];

    fn read(fields: &mut Fields) -> Option<Self> {
        let formats = Format::ALL.map(|format| (format.name(), format));
        let chosen = fields.required("exportOptions", |fields, name| {
            fields.object(name, |options| {
                // Which names there are is not decided here.
                let format = options
                    .required("exportFormat", |fields, name| fields.name_or_place(name, &formats));
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

/// An export that was started.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"exportId": "0192f0c17d3b7a2e9b54c8e1f6a3d270"}))]
pub(crate) struct ExportStarted {
    /// 32 hexadecimal digits.
    export_id: String,
}

impl From<ExportId> for ExportStarted {
    fn from(id: ExportId) -> Self {
        Self { export_id: id.to_string() }
    }
}

/// How far an export is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "taskStatus": "Complete", "progress": 100, "message": "3 pages", "warnings": [],
}))]
pub(crate) struct ExportStatus {
    /// `InProgress`, `Complete` or `Fault`.
    task_status: &'static str,
    /// In per cent.
    #[schema(maximum = 100)]
    progress: u8,
    message: String,
    warnings: Vec<Warning>,
}

/// Something that is not in the file as the layout wants it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Warning {
    message: String,
    /// How often it happened.
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
