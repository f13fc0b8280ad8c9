//! Groups of users.

use pressroom_domain as domain;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Dto;
use crate::lenient::Fields;

/// A group of users.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"id": 2, "name": "Accounting", "optimisticLock": 0}))]
pub(crate) struct UserGroup {
    id: i64,
    name: String,
    optimistic_lock: i64,
}

impl From<&domain::Group> for UserGroup {
    fn from(group: &domain::Group) -> Self {
        Self { id: group.id.0, name: group.name.to_string(), optimistic_lock: group.lock.0 }
    }
}

/// A group to be made.
#[derive(Debug)]
pub(crate) struct CreateUserGroup {
    pub(crate) name: String,
}

impl Dto for CreateUserGroup {
    const EXAMPLE: &'static str = r#"{"name": "Accounting"}"#;

    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { name: fields.required("name", Fields::text)? })
    }
}

/// A group to be renamed.
#[derive(Debug)]
pub(crate) struct UpdateUserGroup {
    pub(crate) lock: Option<i64>,
    pub(crate) name: String,
}

impl Dto for UpdateUserGroup {
    const EXAMPLE: &'static str = r#"{"optimisticLock": 0, "name": "Controlling"}"#;

    fn read(fields: &mut Fields) -> Option<Self> {
        let lock = fields.integer("optimisticLock");
        let name = fields.required("name", Fields::text);
        Some(Self { lock, name: name? })
    }
}
