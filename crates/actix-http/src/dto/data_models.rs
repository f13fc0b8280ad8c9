//! Data models.

use pressroom_application::data_models;
use pressroom_domain as domain;
use pressroom_domain::Secret;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Dto;
use crate::lenient::Fields;

/// A data model. How to get in is not part of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": 3, "name": "Sales", "description": "Orders and customers", "provider": "sqLite",
    "commandTimeout": 30, "optimisticLock": 0,
}))]
pub(crate) struct DataModel {
    id: i64,
    name: String,
    description: String,
    /// The provider's type.
    provider: &'static str,
    /// How long a query may take, in seconds.
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
    const EXAMPLE: &'static str = r#"{
        "name": "Sales", "description": "Orders and customers", "commandTimeout": 30,
        "providerModel": {"providerType": "sqLite", "connectionString": "Data Source=sales.db"}
    }"#;

    const MEANING: &'static [(&'static str, &'static str)] = &[
        ("commandTimeout", "How long a query may take, in seconds; 0: as long as the site allows."),
        ("providerModel", "How to get at the data."),
        ("providerModel.providerType", "The kind of database or file, in any letter case."),
        ("providerModel.connectionString", "What its driver needs. It is never answered."),
    ];

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
