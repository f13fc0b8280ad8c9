//! Groups of users.

use pressroom_domain as domain;
use serde::Serialize;

use crate::body::Dto;
use crate::lenient::Fields;

/// A group of users.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
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
    fn read(fields: &mut Fields) -> Option<Self> {
        let lock = fields.integer("optimisticLock");
        let name = fields.required("name", Fields::text);
        Some(Self { lock, name: name? })
    }
}
