//! Categories.

use pressroom_domain as domain;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Dto;
use crate::lenient::Fields;

/// A category.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"id": 7, "name": "Finance", "optimisticLock": 0}))]
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
    const EXAMPLE: &'static str = r#"{"name": "Finance"}"#;

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
    const EXAMPLE: &'static str = r#"{"id": 7, "optimisticLock": 0, "name": "Controlling"}"#;

    fn read(fields: &mut Fields) -> Option<Self> {
        let id = fields.integer("id");
        let lock = fields.integer("optimisticLock");
        let name = fields.required("name", Fields::text);
        Some(Self { id, lock, name: name? })
    }
}
