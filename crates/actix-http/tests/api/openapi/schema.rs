//! Whether values are as the description says. As much of JSON Schema as the description uses: what
//! is not known here fails, so that nothing goes unlooked at.

use std::sync::LazyLock;

use serde_json::{Map, Value};

/// The API's description.
#[derive(Clone, Copy)]
pub(crate) struct Described {
    document: &'static Value,
}

const METHODS: [&str; 5] = ["get", "post", "put", "delete", "patch"];
/// What says nothing about whether a value fits.
const REMARKS: [&str; 8] =
    ["description", "example", "format", "default", "title", "deprecated", "readOnly", "writeOnly"];

impl Described {
    pub(crate) fn new() -> Self {
        static DOCUMENT: LazyLock<Value> =
            LazyLock::new(|| serde_json::from_str(&pressroom_actix_http::openapi()).expect("JSON"));
        Self { document: &DOCUMENT }
    }

    /// Every operation: its method in small letters, its pattern, what is said of it.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let paths = self.document["paths"].as_object().expect("paths");
        paths.iter().flat_map(|(pattern, item)| {
            METHODS.iter().filter_map(move |method| Some((*method, &**pattern, item.get(*method)?)))
        })
    }

    /// What stands at a place, or where the place points to.
    pub(crate) fn at<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(pointer) => self.document.pointer(&pointer[1..]).expect("what it points to"),
            None => value,
        }
    }

    /// What an answer to an operation has that is not as described.
    pub(crate) fn strange(
        &self,
        method: &str,
        path: &str,
        status: u16,
        content_type: &str,
        body: &[u8],
    ) -> Option<String> {
        let method = if method == "HEAD" { "get".to_owned() } else { method.to_lowercase() };
        // Whether all are described is a test of its own.
        let operation = self.operation(&method, path).filter(|told| !told["summary"].is_null())?;
        let answer = self.at(&operation["responses"][status.to_string()]);
        if status == 405 {
            return None; // such an operation there is not
        }
        if answer.is_null() {
            return Some(format!("{status} is not described"));
        }
        let Some(contents) = answer["content"].as_object() else {
            return (!body.is_empty()).then(|| format!("{status} is described without a body"));
        };
        let kind = content_type.split(';').next().unwrap_or_default();
        let Some(content) = contents.get(kind) else {
            return Some(format!("{status} is not described as {kind}"));
        };
        if !kind.ends_with("json") || body.is_empty() || content["schema"].is_null() {
            return None;
        }
        let value: Value = serde_json::from_slice(body).expect("JSON");
        let problems = self.problems(&content["schema"], &value);
        (!problems.is_empty()).then(|| format!("{status}: {}; {value}", problems.join("; ")))
    }

    /// The operation at a path: literal parts go before captured ones.
    fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let parts: Vec<String> = path.trim_matches('/').split('/').map(str::to_lowercase).collect();
        let fits = |pattern: &str| {
            let pattern: Vec<&str> = pattern.trim_matches('/').split('/').collect();
            pattern.len() == parts.len()
                && pattern.iter().zip(&parts).all(|(known, part)| {
                    known.starts_with('{') && !part.is_empty() || known.to_lowercase() == *part
                })
        };
        let captures = |pattern: &str| pattern.matches('{').count();
        let paths = self.document["paths"].as_object().expect("paths");
        let item = paths.iter().filter(|(pattern, _)| fits(pattern));
        item.min_by_key(|(pattern, _)| captures(pattern))?.1.get(method)
    }

    /// What is wrong with a value.
    pub(crate) fn problems(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut problems = Vec::new();
        self.check(schema, value, "", &mut problems);
        problems
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
        let schema = self.at(schema).as_object().expect("a schema");
        for (keyword, wanted) in schema {
            let fits = match keyword.as_str() {
                "type" => is_of(wanted, value),
                "enum" => wanted.as_array().is_some_and(|all| all.contains(value)),
                "minimum" => value.as_f64() >= wanted.as_f64(),
                "maximum" => value.as_f64() <= wanted.as_f64(),
                "required" => wanted.as_array().into_iter().flatten().all(|name| {
                    value
                        .as_object()
                        .is_none_or(|object| object.contains_key(name.as_str().unwrap()))
                }),
                "properties" => {
                    for (name, schema) in wanted.as_object().into_iter().flatten() {
                        if let Some(inner) = value.get(name) {
                            self.check(schema, inner, &format!("{at}.{name}"), problems);
                        }
                    }
                    true
                }
                "additionalProperties" => {
                    let known = schema.get("properties").and_then(Value::as_object);
                    for (name, inner) in value.as_object().into_iter().flatten() {
                        if known.is_none_or(|known| !known.contains_key(name)) && wanted.is_object()
                        {
                            self.check(wanted, inner, &format!("{at}.{name}"), problems);
                        }
                    }
                    true
                }
                "propertyNames" => true,
                "items" => {
                    for (index, inner) in value.as_array().into_iter().flatten().enumerate() {
                        self.check(wanted, inner, &format!("{at}[{index}]"), problems);
                    }
                    true
                }
                "oneOf" | "anyOf" => {
                    let ways = wanted.as_array().into_iter().flatten();
                    ways.filter(|schema| self.problems(schema, value).is_empty()).count() > 0
                }
                "allOf" => wanted
                    .as_array()
                    .into_iter()
                    .flatten()
                    .all(|schema| self.problems(schema, value).is_empty()),
                remark if REMARKS.contains(&remark) => true,
                "minLength" | "maxLength" | "minItems" | "maxItems" | "pattern" => true,
                other => panic!("teach this test the keyword {other}"),
            };
            if !fits {
                problems.push(format!("{at}: {keyword} {wanted}"));
            }
        }
        // An answer says no more than is described.
        if let (Some(known), Some(object)) =
            (schema.get("properties").and_then(Value::as_object), value.as_object())
            && !schema.contains_key("additionalProperties")
        {
            let more = object.keys().filter(|name| !known.contains_key(*name));
            problems.extend(more.map(|name| format!("{at}.{name}: is not described")));
        }
    }

    /// The properties that a value does not have, and may.
    pub(crate) fn missing(&self, schema: &Value, value: &Value) -> Vec<String> {
        self.properties(schema)
            .into_iter()
            .filter(|(path, _)| {
                path.iter()
                    .try_fold(value, |at, step| match step.as_str() {
                        "0" => at.get(0),
                        name => at.get(name),
                    })
                    .is_none()
            })
            .map(|(path, _)| path.join("."))
            .collect()
    }

    /// Every property of a schema: its path, with `0` for the items of an array, and its type.
    pub(crate) fn properties(&self, schema: &Value) -> Vec<(Vec<String>, Value)> {
        let schema = self.at(schema);
        let mut all = Vec::new();
        for (name, inner) in schema["properties"].as_object().unwrap_or(&Map::new()) {
            let inner = self.at(inner);
            all.push((vec![name.clone()], inner["type"].clone()));
            let (steps, inner) = match inner.get("items") {
                Some(items) => (vec![name.clone(), "0".to_owned()], items),
                None => (vec![name.clone()], inner),
            };
            for (path, kind) in self.properties(inner) {
                all.push((steps.iter().cloned().chain(path).collect(), kind));
            }
        }
        all
    }
}

fn is_of(wanted: &Value, value: &Value) -> bool {
    match wanted {
        Value::Array(any) => any.iter().any(|wanted| is_of(wanted, value)),
        wanted => match wanted.as_str().unwrap_or_default() {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            other => panic!("teach this test the type {other}"),
        },
    }
}
