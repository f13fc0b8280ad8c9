//! API keys.

use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use pressroom_application::api_keys::MadeApiKey;
use pressroom_domain as domain;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Dto;
use crate::lenient::Fields;

/// An API key. Its secret is shown once, when it is made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": 4, "name": "Nightly export", "clientId": "pk_71c2…", "clientSecret": "pks_9Zt4…",
    "createdAt": "2026-11-24T10:15:30Z", "lastUsed": null, "expiresAt": "2027-11-24T00:00:00Z",
}))]
pub(crate) struct ApiKey {
    id: i64,
    name: String,
    client_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// Only when it is made.
    #[schema(nullable = false)]
    client_secret: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    last_used: Option<String>,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

impl From<&domain::ApiKey> for ApiKey {
    fn from(key: &domain::ApiKey) -> Self {
        Self {
            id: key.id.0,
            name: key.name.to_string(),
            client_id: key.client_id.to_string(),
            client_secret: None,
            created_at: time(key.created_at),
            last_used: key.last_used_at.map(time),
            expires_at: key.expires_at.map(time),
        }
    }
}

impl From<&MadeApiKey> for ApiKey {
    fn from(made: &MadeApiKey) -> Self {
        Self { client_secret: Some(made.secret.reveal().to_owned()), ..Self::from(&made.key) }
    }
}

fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// An API key to be made.
#[derive(Debug)]
pub(crate) struct CreateApiKey {
    pub(crate) name: String,
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

impl Dto for CreateApiKey {
    const EXAMPLE: &'static str =
        r#"{"name": "Nightly export", "expiresAt": "2027-11-24T00:00:00Z"}"#;

    const MEANING: &'static [(&'static str, &'static str)] =
        &[("expiresAt", "From when on it lets nobody in; absent: never.")];

    fn read(fields: &mut Fields) -> Option<Self> {
        let name = fields.required("name", Fields::text);
        let expires_at = fields.text("expiresAt").and_then(|text| {
            let read = DateTime::parse_from_rfc3339(text.trim());
            let time = read.ok().map(|time| time.to_utc().trunc_subsecs(6));
            if time.is_none() {
                fields.problem("expiresAt", "must be a time such as 2030-01-31T12:00:00Z");
            }
            time
        });
        Some(Self { name: name?, expires_at })
    }
}
