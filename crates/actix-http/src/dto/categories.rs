//! Categories.

use pressroom_domain as domain;
use serde::Serialize;

use crate::body::Dto;
use crate::lenient::Fields;

/// A category.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Category {
    id: i64,
    name: String,
    optimistic_lock: i64,
}

impl From<&domain::Category> for Category {
    fn from(category: &domain::Category) -> Self {
        Self {
            id: category.id.0,
            name: category.name.to_string(),
            optimistic_lock: category.lock.0,
        }
    }
}

/// A category to be made.
#[derive(Debug)]
pub(crate) struct CreateCategory {
    pub(crate) name: String,
}

impl Dto for CreateCategory {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { name: fields.required("name", Fields::text)? })
    }
}

/// A category to be renamed.
#[derive(Debug)]
pub(crate) struct UpdateCategory {
    pub(crate) id: Option<i64>,
    pub(crate) lock: Option<i64>,
    pub(crate) name: String,
}

impl Dto for UpdateCategory {
    fn read(fields: &mut Fields) -> Option<Self> {
        let id = fields.integer("id");
        let lock = fields.integer("optimisticLock");
        let name = fields.required("name", Fields::text);
        Some(Self { id, lock, name: name? })
    }
}
