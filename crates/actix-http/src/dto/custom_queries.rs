//! Custom queries of data models.

use pressroom_application::custom_queries::{self, GivenParameter, GivenQuery};
use pressroom_domain as domain;
use pressroom_domain::{DataModelId, OptimisticLock};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::body::Dto;
use crate::lenient::Fields;

/// A custom query of a data model.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "optimisticLock": 0, "name": "Orders of a customer",
    "query": "select * from Orders where CustomerID = @customer",
    "parameters": [{"name": "@customer", "type": "String", "value": "ALFKI", "isNull": false}],
}))]
pub(crate) struct CustomQuery {
    optimistic_lock: i64,
    name: String,
    /// Its text, in the SQL of the database.
    query: String,
    parameters: Vec<QueryParameter>,
}

/// A parameter of a custom query.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct QueryParameter {
    name: String,
    /// Its type by the name that .NET has for it.
    r#type: &'static str,
    /// Its value unless another one is given, as a text.
    value: Option<String>,
    is_null: bool,
}

impl From<&domain::CustomQuery> for CustomQuery {
    fn from(query: &domain::CustomQuery) -> Self {
        let parameter = |parameter: &domain::QueryParameter| QueryParameter {
            name: parameter.name.to_string(),
            r#type: parameter.data_type.name(),
            value: parameter.value.clone(),
            is_null: parameter.value.is_none(),
        };
        Self {
            optimistic_lock: query.lock.0,
            name: query.name.to_string(),
            query: query.sql.as_str().to_owned(),
            parameters: query.parameters.iter().map(parameter).collect(),
        }
    }
}

const MEANING: &[(&str, &str)] = &[
    ("query", "Its text, in the SQL of the database."),
    ("parameters.type", "Its type by the name that .NET has for it, such as `Int32`."),
    ("parameters.value", "Its value, as a text that is written the same in every culture."),
    ("parameters.isNull", "Whether its value is null, whatever `value` says."),
];

fn parameters(fields: &mut Fields) -> Vec<GivenParameter> {
    fields.objects("parameters", |parameter| {
        let name = parameter.required("name", Fields::text);
        let type_name = parameter.required("type", Fields::text);
        let value = match parameter.any("value") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => Some(value.to_string()),
            Some(Value::Array(_) | Value::Object(_)) => {
                parameter.wrong("value", "must be a text, a number, true or false");
                None
            }
        };
        let is_null = parameter.boolean("isNull").unwrap_or(false);
        let value = value.filter(|_| !is_null);
        Some(GivenParameter { name: name?, type_name: type_name?, value })
    })
}

/// A custom query to be made.
#[derive(Debug)]
pub(crate) struct CreateCustomQuery(pub(crate) GivenQuery);

impl Dto for CreateCustomQuery {
    const EXAMPLE: &'static str = r#"{
        "name": "Orders of a customer",
        "query": "select * from Orders where CustomerID = @customer",
        "parameters": [{"name": "@customer", "type": "String", "value": "ALFKI", "isNull": false}]
    }"#;
    const MEANING: &'static [(&'static str, &'static str)] = MEANING;

    fn read(fields: &mut Fields) -> Option<Self> {
        let name = fields.required("name", Fields::text);
        let sql = fields.required("query", Fields::text);
        let parameters = parameters(fields);
        Some(Self(GivenQuery { name: name?, sql: sql?, parameters }))
    }
}

/// A change of a custom query. What is absent stays as it is.
#[derive(Debug)]
pub(crate) struct UpdateCustomQuery {
    pub(crate) lock: Option<i64>,
    name: Option<String>,
    sql: Option<String>,
    parameters: Option<Vec<GivenParameter>>,
}

impl Dto for UpdateCustomQuery {
    const EXAMPLE: &'static str = r#"{
        "optimisticLock": 0,
        "name": "Orders of a customer",
        "query": "select * from Orders where CustomerID = @customer",
        "parameters": [{"name": "@customer", "type": "String", "value": "ALFKI", "isNull": false}]
    }"#;
    const MEANING: &'static [(&'static str, &'static str)] = MEANING;

    fn read(fields: &mut Fields) -> Option<Self> {
        let lock = fields.integer("optimisticLock");
        let name = fields.text("name");
        let sql = fields.text("query");
        let parameters = fields.has("parameters").then(|| parameters(fields));
        Some(Self { lock, name, sql, parameters })
    }
}

impl UpdateCustomQuery {
    pub(crate) fn command(
        self,
        model: DataModelId,
        name: String,
        lock: Option<OptimisticLock>,
    ) -> custom_queries::UpdateCustomQuery {
        let Self { name: new_name, sql, parameters, .. } = self;
        custom_queries::UpdateCustomQuery { model, name, lock, new_name, sql, parameters }
    }
}
