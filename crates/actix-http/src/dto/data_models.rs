//! Data models.

use pressroom_application::data_models;
use pressroom_domain as domain;
use pressroom_domain::Secret;
use serde::Serialize;

use crate::body::Dto;
use crate::lenient::Fields;

/// A data model. How to get in is not part of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DataModel {
    id: i64,
    name: String,
    description: String,
    provider: &'static str,
    command_timeout: u32,
    optimistic_lock: i64,
}

impl From<&domain::DataModel> for DataModel {
    fn from(model: &domain::DataModel) -> Self {
        Self {
            id: model.id.0,
            name: model.name.to_string(),
            description: model.description.to_string(),
            provider: model.provider.provider_type().name(),
            command_timeout: model.command_timeout.get(),
            optimistic_lock: model.lock.0,
        }
    }
}

/// A data model to be made.
#[derive(Debug)]
pub(crate) struct CreateDataModel(pub(crate) data_models::CreateDataModel);

impl Dto for CreateDataModel {
    fn read(fields: &mut Fields) -> Option<Self> {
        let name = fields.required("name", Fields::text);
        let description = fields.text("description").unwrap_or_default();
        let command_timeout = fields.integer("commandTimeout").unwrap_or_default();
        let provider = fields.required("providerModel", |fields, name| {
            fields.object(name, |provider| {
                let kind = provider.required("providerType", Fields::text);
                Some((kind?, provider.text("connectionString").map(Secret::new)))
            })
        });
        let (provider_type, connection_string) = provider?;
        Some(Self(data_models::CreateDataModel {
            name: name?,
            description,
            command_timeout,
            provider_type,
            connection_string,
        }))
    }
}
