//! Documents and their revisions.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use pressroom_application::documents;
use pressroom_domain as domain;
use pressroom_domain::{CategoryId, DocumentType};
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::{Bound, Dto};
use crate::lenient::Fields;

/// A document.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": 7, "categoryId": 2, "name": "Invoice", "description": "As customers get it",
    "documentType": "Report", "autoRefreshInterval": 0, "optimisticLock": 3, "modifiedBy": "ann",
    "modifiedDateTime": "2026-11-24T10:15:30Z", "lockedBy": null, "revisionId": 12,
}))]
pub(crate) struct Document {
    id: i64,
    category_id: i64,
    name: String,
    description: String,
    /// `Report` or `Dashboard`.
    document_type: &'static str,
    /// After how many seconds a viewer fetches it again; 0: never.
    auto_refresh_interval: u32,
    optimistic_lock: i64,
    modified_by: String,
    #[schema(format = DateTime)]
    modified_date_time: String,
    /// Who has it open in a designer.
    locked_by: Option<String>,
    /// The revision that holds its layout.
    revision_id: i64,
}

impl From<&domain::Document> for Document {
    fn from(document: &domain::Document) -> Self {
        Self {
            id: document.id.0,
            category_id: document.category_id.0,
            name: document.name.to_string(),
            description: document.description.to_string(),
            document_type: document.document_type.name(),
            auto_refresh_interval: document.auto_refresh_interval.get(),
            optimistic_lock: document.lock.0,
            modified_by: document.modified_by.to_string(),
            modified_date_time: time(document.modified_at),
            locked_by: document.locked_by.as_ref().map(ToString::to_string),
            revision_id: document.revision_id.0,
        }
    }
}

/// A revision of a document.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": 12, "revisionNumber": 3, "revisionDate": "2026-11-24T10:15:30Z", "userName": "ann",
    "comment": "New address",
}))]
pub(crate) struct Revision {
    id: i64,
    /// From 1 on, for each document.
    revision_number: i64,
    #[schema(format = DateTime)]
    revision_date: String,
    user_name: String,
    comment: String,
}

impl From<&domain::Revision> for Revision {
    fn from(revision: &domain::Revision) -> Self {
        Self {
            id: revision.id.0,
            revision_number: revision.number,
            revision_date: time(revision.created_at),
            user_name: revision.user_name.to_string(),
            comment: revision.comment.to_string(),
        }
    }
}

/// RFC 3339 in UTC, with as many digits of a second as it takes.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A layout, exactly the bytes that were saved.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"layout": "<?xml version=\"1.0\" encoding=\"utf-8\"?>…"}))]
pub(crate) struct Layout {
    layout: String,
}

impl From<Vec<u8>> for Layout {
    /// Bytes that are no UTF-8, which JSON cannot hold, go as base64; they can be saved so too.
    fn from(bytes: Vec<u8>) -> Self {
        let layout =
            String::from_utf8(bytes).unwrap_or_else(|error| STANDARD.encode(error.as_bytes()));
        Self { layout }
    }
}

const TYPES: [(&str, DocumentType); 2] =
    [("Report", DocumentType::Report), ("Dashboard", DocumentType::Dashboard)];

const LAYOUT: &str = "The layout: XML, base64 of it, or JSON.";
const REFRESH: &str = "After how many seconds a viewer fetches it again; 0: never.";

/// A document to be made.
#[derive(Debug)]
pub(crate) struct CreateDocument(pub(crate) documents::CreateDocument);

impl Dto for CreateDocument {
    const BOUND: Bound = Bound::Layout;

    const EXAMPLE: &'static str = r#"{
        "categoryId": 2, "name": "Invoice", "description": "As customers get it",
        "documentType": "Report", "autoRefreshInterval": 0, "revisionComment": "First",
        "layout": "<?xml version=\"1.0\" encoding=\"utf-8\"?>…"
    }"#;

    const MEANING: &'static [(&'static str, &'static str)] = &[
        ("categoryId", "The category where it will stand."),
        ("layout", LAYOUT),
        ("revisionComment", "A word about its first revision."),
        ("autoRefreshInterval", REFRESH),
    ];

    fn read(fields: &mut Fields) -> Option<Self> {
        let category_id = fields.required("categoryId", Fields::integer);
        let name = fields.required("name", Fields::text);
        let document_type =
            fields.required("documentType", |fields, name| fields.choice(name, &TYPES));
        let layout = fields.required("layout", Fields::text);
        let description = fields.text("description").unwrap_or_default();
        let revision_comment = fields.text("revisionComment").unwrap_or_default();
        let auto_refresh_interval = fields.integer("autoRefreshInterval").unwrap_or_default();
        Some(Self(documents::CreateDocument {
            category_id: CategoryId(category_id?),
            name: name?,
            description,
            revision_comment,
            document_type: document_type?,
            auto_refresh_interval,
            layout: layout?,
        }))
    }
}

/// A change of what is said about a document. What is absent stays as it is.
#[derive(Debug)]
pub(crate) struct UpdateDocument {
    pub(crate) id: Option<i64>,
    pub(crate) lock: Option<i64>,
    pub(crate) category_id: Option<i64>,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
}

impl Dto for UpdateDocument {
    const EXAMPLE: &'static str = r#"{
        "id": 7, "optimisticLock": 3, "categoryId": 2, "name": "Invoice 2027", "description": null
    }"#;

    const MEANING: &'static [(&'static str, &'static str)] =
        &[("categoryId", "The category where it goes."), ("description", "A null clears it.")];

    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self {
            id: fields.integer("id"),
            lock: fields.integer("optimisticLock"),
            category_id: fields.integer("categoryId"),
            name: fields.text("name"),
            description: fields.clearable_text("description"),
        })
    }
}

/// A new layout of a document.
#[derive(Debug)]
pub(crate) struct SaveDocument {
    pub(crate) lock: Option<i64>,
    pub(crate) auto_refresh_interval: Option<i64>,
    pub(crate) revision_comment: String,
    pub(crate) layout: String,
}

impl Dto for SaveDocument {
    const BOUND: Bound = Bound::Layout;

    const EXAMPLE: &'static str = r#"{
        "optimisticLock": 3, "autoRefreshInterval": 0, "revisionComment": "New address",
        "layout": "<?xml version=\"1.0\" encoding=\"utf-8\"?>…"
    }"#;

    const MEANING: &'static [(&'static str, &'static str)] =
        &[("layout", LAYOUT), ("autoRefreshInterval", REFRESH)];

    fn read(fields: &mut Fields) -> Option<Self> {
        let lock = fields.integer("optimisticLock");
        let auto_refresh_interval = fields.integer("autoRefreshInterval");
        let revision_comment = fields.text("revisionComment").unwrap_or_default();
        let layout = fields.required("layout", Fields::text);
        Some(Self { lock, auto_refresh_interval, revision_comment, layout: layout? })
    }
}
