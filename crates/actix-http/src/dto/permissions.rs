//! Permissions of users and groups.

use pressroom_application::permissions::{self, Entry};
use pressroom_domain as domain;
use pressroom_domain::Holder;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Dto;
use crate::lenient::Fields;
use crate::precondition::IfMatch;
use crate::problem::Problem;

/// A permission.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"accessMode": 3, "scope": "DocumentsInCategory", "entityId": 7}))]
pub(crate) struct Permission {
    /// The sum of what may be done: 1 create, 2 read, 4 modify, 8 delete.
    access_mode: u8,
    /// What it is about.
    scope: String,
    /// Which one, where the scope is about one.
    entity_id: Option<i64>,
}

impl From<&domain::Permission> for Permission {
    fn from(permission: &domain::Permission) -> Self {
        let scope = permission.scope.name();
        let (first, rest) = scope.split_at(1);
        Self {
            access_mode: permission.access.bits(),
            scope: first.to_uppercase() + rest,
            entity_id: permission.scope.entity_id(),
        }
    }
}

/// The scopes in the order of their numbers.
const SCOPES: [(&str, &str); 9] = [
    ("allCategories", "allCategories"),
    ("category", "category"),
    ("allDocuments", "allDocuments"),
    ("documentsInCategory", "documentsInCategory"),
    ("document", "document"),
    ("allDataModels", "allDataModels"),
    ("dataModel", "dataModel"),
    ("allScheduledJobs", "allScheduledJobs"),
    ("scheduledJob", "scheduledJob"),
];

/// Permissions to be added or taken away.
#[derive(Debug)]
pub(crate) struct EditPermissions {
    lock: Option<i64>,
    entries: Vec<Entry>,
}

impl EditPermissions {
    /// The change that is wanted of what a user or group holds.
    pub(crate) fn command(
        self,
        holder: Holder,
        if_match: IfMatch,
    ) -> Result<permissions::EditPermissions, Problem> {
        let lock = if_match.lock(self.lock)?;
        Ok(permissions::EditPermissions { holder, lock, entries: self.entries })
    }
}

impl Dto for EditPermissions {
    const EXAMPLE: &'static str = r#"{
        "optimisticLock": 1,
        "permissions": [{"scope": "documentsInCategory", "accessMode": 3, "entityId": 7}]
    }"#;

    const MEANING: &'static [(&'static str, &'static str)] = &[
        ("optimisticLock", "The lock of the user or the group."),
        ("permissions.accessMode", "The sum of: 1 create, 2 read, 4 modify, 8 delete."),
        ("permissions.scope", "What it is about."),
        ("permissions.entityId", "Which one, where the scope is about one."),
    ];

    fn read(fields: &mut Fields) -> Option<Self> {
        let lock = fields.integer("optimisticLock");
        let entries = fields.required("permissions", |fields, name| {
            fields.has(name).then(|| fields.objects(name, entry))
        });
        Some(Self { lock, entries: entries? })
    }
}

fn entry(fields: &mut Fields) -> Option<Entry> {
    let scope = fields.required("scope", |fields, name| fields.choice(name, &SCOPES));
    let access_mode = fields.integer("accessMode");
    let entity_id = fields.integer("entityId");
    Some(Entry { access_mode, scope: scope?.to_owned(), entity_id })
}
