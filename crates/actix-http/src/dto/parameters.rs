//! What documents ask their readers for.

use pressroom_application::documents;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Something that a document asks its readers for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "name": "Country", "description": "The customer's country", "type": "String",
    "multiValue": false, "allowNull": false, "visible": true, "value": "DE",
    "lookUpValues": [{"value": "DE", "description": "Germany"}], "lookUpMessage": null,
}))]
pub(crate) struct DocumentParameter {
    name: String,
    description: String,
    r#type: String,
    multi_value: bool,
    allow_null: bool,
    visible: bool,
    value: Value,
    /// Null where any value will do.
    look_up_values: Option<Vec<LookUpValue>>,
    /// Why there are no values to choose from, or not all.
    look_up_message: Option<String>,
}

/// A value to choose, and what readers see for it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LookUpValue {
    value: Value,
    description: String,
}

impl From<documents::DocumentParameter> for DocumentParameter {
    fn from(parameter: documents::DocumentParameter) -> Self {
        let (values, message) = match parameter.look_up {
            Some(look_up) => (Some(look_up.values), look_up.message),
            None => (None, None),
        };
        let shown = |(value, description)| LookUpValue { value, description };
        Self {
            name: parameter.name,
            description: parameter.description,
            r#type: parameter.type_name,
            multi_value: parameter.multi_value,
            allow_null: parameter.allow_null,
            visible: parameter.visible,
            value: parameter.value,
            look_up_values: values.map(|values| values.into_iter().map(shown).collect()),
            look_up_message: message,
        }
    }
}
