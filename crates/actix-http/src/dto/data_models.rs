//! Data models.

use pressroom_application::data_models;
use pressroom_domain as domain;
use pressroom_domain::{Authentication, DataModelId, OptimisticLock, ProviderOptions, Secret};
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Dto;
use crate::lenient::Fields;

/// A data model. How to get in is not part of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": 3, "name": "Sales", "description": "Orders and customers", "provider": "sqLite",
    "commandTimeout": 30, "cacheSeconds": 0, "optimisticLock": 0,
}))]
pub(crate) struct DataModel {
    id: i64,
    name: String,
    description: String,
    /// The provider's type.
    provider: &'static str,
    /// How long a query may take, in seconds.
    command_timeout: u32,
    /// For how long rows that were read may be given again, in seconds; 0 is not at all.
    cache_seconds: u32,
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
            cache_seconds: model.cache_seconds.get(),
            optimistic_lock: model.lock.0,
        }
    }
}

/// A data model and how to get in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": 3, "name": "Sales", "description": "Orders and customers", "provider": "postgres",
    "commandTimeout": 30, "cacheSeconds": 0, "optimisticLock": 0,
    "providerModel": {
        "providerType": "postgres", "serverName": "db1", "database": "sales",
        "userName": "report", "password": null,
    },
}))]
pub(crate) struct Connection {
    id: i64,
    name: String,
    description: String,
    /// The provider's type.
    provider: &'static str,
    /// How long a query may take, in seconds.
    command_timeout: u32,
    /// For how long rows that were read may be given again, in seconds; 0 is not at all.
    cache_seconds: u32,
    optimistic_lock: i64,
    provider_model: ProviderModel,
}

/// How to get in. An option that is not set is left out; a password that is not shown is null.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProviderModel {
    provider_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    database: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<String>,
    password: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authentication_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_parameters: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connection_string: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    json_data_source: Option<String>,
}

impl From<data_models::Connection> for Connection {
    fn from(connection: data_models::Connection) -> Self {
        let ProviderOptions {
            server_name,
            port,
            database,
            user_name,
            password,
            authentication,
            additional_parameters,
            connection_string,
            uri,
            json_data_source,
        } = connection.options;
        // What is secret was masked before, or is to be seen.
        let shown = |text: Option<Secret>| text.map(|text| text.reveal().to_owned());
        let provider_model = ProviderModel {
            provider_type: connection.model.provider.provider_type().name(),
            server_name,
            port,
            database,
            user_name,
            password: shown(password),
            authentication_type: authentication.map(Authentication::name),
            additional_parameters: shown(additional_parameters),
            connection_string: shown(connection_string),
            uri: shown(uri),
            json_data_source: shown(json_data_source),
        };
        let DataModel {
            id,
            name,
            description,
            provider,
            command_timeout,
            cache_seconds,
            optimistic_lock,
        } = DataModel::from(&connection.model);
        Self {
            id,
            name,
            description,
            provider,
            command_timeout,
            cache_seconds,
            optimistic_lock,
            provider_model,
        }
    }
}

/// What came of trying a connection.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"ok": true, "message": "the database can be read", "elapsedMs": 12}))]
pub(crate) struct Tested {
    ok: bool,
    message: String,
    elapsed_ms: u64,
}

impl From<data_models::Tested> for Tested {
    fn from(tested: data_models::Tested) -> Self {
        let elapsed_ms = u64::try_from(tested.elapsed.as_millis()).unwrap_or(u64::MAX);
        Self { ok: tested.ok, message: tested.message, elapsed_ms }
    }
}

const AUTHENTICATIONS: [(&str, Authentication); 2] =
    [("windows", Authentication::Windows), ("sqlServer", Authentication::SqlServer)];

/// How to get in, as a caller gives it. Where the type is missing, only that is a problem.
fn provider(fields: &mut Fields, name: &str) -> Option<data_models::GivenProvider> {
    fields.object(name, |provider| {
        let provider_type = provider.required("providerType", Fields::text);
        let port = provider.integer("port");
        let port = match port.map(u16::try_from) {
            Some(Ok(port)) if port > 0 => Some(port),
            None => None,
            _ => {
                provider.wrong("port", "must be from 1 to 65535");
                None
            }
        };
        let secret = |provider: &mut Fields, name| provider.text(name).map(Secret::new);
        let options = ProviderOptions {
            server_name: provider.text("serverName"),
            port,
            database: provider.text("database"),
            user_name: provider.text("userName"),
            password: secret(provider, "password"),
            authentication: provider.choice("authenticationType", &AUTHENTICATIONS),
            additional_parameters: secret(provider, "additionalParameters"),
            connection_string: secret(provider, "connectionString"),
            uri: secret(provider, "uri"),
            json_data_source: json(provider, "jsonDataSource"),
        };
        Some(data_models::GivenProvider { provider_type: provider_type?, options })
    })
}

/// JSON as a text, or as the very object that such a text would hold.
fn json(fields: &mut Fields, name: &str) -> Option<Secret> {
    match fields.any(name)? {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(Secret::new(text)),
        value => Some(Secret::new(value.to_string())),
    }
}

/// A data model to be made.
#[derive(Debug)]
pub(crate) struct CreateDataModel(pub(crate) data_models::CreateDataModel);

impl Dto for CreateDataModel {
    const EXAMPLE: &'static str = r#"{
        "name": "Sales", "description": "Orders and customers", "commandTimeout": 30,
        "cacheSeconds": 0,
        "providerModel": {
            "providerType": "postgres", "serverName": "db1", "port": 5432, "database": "sales",
            "userName": "report", "password": "a-good-one", "authenticationType": "sqlServer",
            "additionalParameters": "SslMode=require", "connectionString": "", "uri": "",
            "jsonDataSource": ""
        }
    }"#;

    const MEANING: &'static [(&'static str, &'static str)] = &[
        ("commandTimeout", "How long a query may take, in seconds; 0: as long as the site allows."),
        (
            "cacheSeconds",
            "For how long rows that were read may be given again, in seconds, up to a day; 0: not at \
             all.",
        ),
        ("providerModel", "How to get at the data."),
        ("providerModel.providerType", "The kind of database or file, in any letter case."),
        ("providerModel.connectionString", "What its driver needs. It is never answered."),
    ];

    fn read(fields: &mut Fields) -> Option<Self> {
        let name = fields.required("name", Fields::text);
        let description = fields.text("description").unwrap_or_default();
        let command_timeout = fields.integer("commandTimeout").unwrap_or_default();
        let cache_seconds = fields.integer("cacheSeconds").unwrap_or_default();
        let provider = fields.required("providerModel", provider);
        Some(Self(data_models::CreateDataModel {
            name: name?,
            description,
            command_timeout,
            cache_seconds,
            provider: provider?,
        }))
    }
}

/// A change of a data model. What is absent stays as it is.
#[derive(Debug)]
pub(crate) struct UpdateDataModel {
    pub(crate) lock: Option<i64>,
    name: Option<String>,
    description: Option<String>,
    command_timeout: Option<i64>,
    cache_seconds: Option<i64>,
    provider: Option<data_models::GivenProvider>,
}

impl Dto for UpdateDataModel {
    const EXAMPLE: &'static str = r#"{
        "optimisticLock": 0, "name": "Sales", "description": "Orders and customers",
        "commandTimeout": 60, "cacheSeconds": 600,
        "providerModel": {
            "providerType": "postgres", "serverName": "db1", "port": 5432, "database": "sales",
            "userName": "report", "password": "a-good-one", "authenticationType": "sqlServer",
            "additionalParameters": "SslMode=require", "connectionString": "", "uri": "",
            "jsonDataSource": ""
        }
    }"#;

    const MEANING: &'static [(&'static str, &'static str)] = &[
        (
            "cacheSeconds",
            "For how long rows that were read may be given again, in seconds, up to a day; 0: not at \
             all.",
        ),
        (
            "providerModel",
            "How to get at the data. Secrets that are left out stay, if nothing else of it changes.",
        ),
    ];

    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self {
            lock: fields.integer("optimisticLock"),
            name: fields.text("name"),
            description: fields.clearable_text("description"),
            command_timeout: fields.integer("commandTimeout"),
            cache_seconds: fields.integer("cacheSeconds"),
            provider: provider(fields, "providerModel"),
        })
    }
}

impl UpdateDataModel {
    pub(crate) fn command(
        self,
        id: DataModelId,
        lock: Option<OptimisticLock>,
    ) -> data_models::UpdateDataModel {
        let Self { name, description, command_timeout, cache_seconds, provider, .. } = self;
        data_models::UpdateDataModel {
            id,
            lock,
            name,
            description,
            command_timeout,
            cache_seconds,
            provider,
        }
    }
}

/// Another name for a data model.
#[derive(Debug)]
pub(crate) struct RenameDataModel {
    pub(crate) lock: Option<i64>,
    pub(crate) name: String,
}

impl Dto for RenameDataModel {
    const EXAMPLE: &'static str = r#"{"optimisticLock": 0, "name": "Orders"}"#;

    fn read(fields: &mut Fields) -> Option<Self> {
        let lock = fields.integer("optimisticLock");
        let name = fields.required("name", Fields::text);
        Some(Self { lock, name: name? })
    }
}

/// A connection to be tried: as a whole data model, or by its provider model alone.
#[derive(Debug)]
pub(crate) struct TestDataModel(pub(crate) data_models::GivenProvider);

impl Dto for TestDataModel {
    const EXAMPLE: &'static str = r#"{
        "providerModel": {
            "providerType": "postgres", "serverName": "db1", "port": 5432, "database": "sales",
            "userName": "report", "password": "a-good-one", "authenticationType": "sqlServer",
            "additionalParameters": "SslMode=require", "connectionString": "", "uri": "",
            "jsonDataSource": ""
        }
    }"#;

    fn read(fields: &mut Fields) -> Option<Self> {
        fields.required("providerModel", provider).map(Self)
    }
}
