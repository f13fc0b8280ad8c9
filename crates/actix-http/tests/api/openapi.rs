//! `GET /api/openapi.json`: the API's description.

mod schema;

use std::collections::BTreeSet;
use std::path::Path;

use pressroom_actix_http::endpoints;
use serde_json::{Value, json};

use crate::site::Site;
pub(crate) use schema::Described;

#[test]
fn every_endpoint_is_described() {
    let described = Described::new();
    // `HEAD` is answered as `GET` is, without the body.
    let served: BTreeSet<(String, String)> = endpoints()
        .into_iter()
        .filter(|(method, _)| method != "HEAD")
        .map(|(method, pattern)| (method.to_lowercase(), pattern.to_owned()))
        .collect();
    let told: BTreeSet<(String, String)> = described
        .operations()
        .map(|(method, pattern, _)| (method.to_owned(), pattern.to_owned()))
        .collect();
    assert_eq!(told, served);
    let silent: Vec<String> = described
        .operations()
        .filter(|(.., operation)| operation["summary"].as_str().is_none_or(str::is_empty))
        .map(|(method, pattern, _)| format!("{method} {pattern}"))
        .collect();
    assert!(silent.is_empty(), "say of these endpoints what they do (see src/openapi): {silent:?}");
}

#[test]
fn operations_have_names_of_their_own() {
    let described = Described::new();
    let mut seen = BTreeSet::new();
    for (method, pattern, operation) in described.operations() {
        let id = operation["operationId"].as_str().unwrap_or_default();
        assert!(!id.is_empty() && seen.insert(id), "{method} {pattern}: {id}");
    }
}

/// The description as it stands in the repository, so that a change of it is seen.
#[test]
fn the_description_is_written_down() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let now = pressroom_actix_http::openapi();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == now,
        "the API changed; have openapi.json written again with UPDATE_DOCS=1, and look at the difference"
    );
}

/// What is sent as the examples say is taken; they hold every property.
#[test]
fn examples_are_as_their_schemas_say() {
    let described = Described::new();
    let mut wrong = Vec::new();
    for (method, pattern, operation) in described.operations() {
        let request = [("request", &operation["requestBody"])];
        let answers = operation["responses"].as_object().into_iter().flatten();
        let answers = answers.map(|(status, answer)| (status.as_str(), described.at(answer)));
        for (place, told) in request.into_iter().chain(answers) {
            for (kind, content) in told["content"].as_object().into_iter().flatten() {
                let at = format!("{method} {pattern} {place} {kind}");
                let (schema, example) = (&content["schema"], &content["example"]);
                if schema.is_null() || schema["type"] == "object" && example.is_null() {
                    continue;
                }
                if example.is_null() && kind.ends_with("json") {
                    wrong.push(format!("{at}: has no example"));
                } else if !example.is_null() {
                    let problems = described.problems(schema, example);
                    wrong.extend(problems.into_iter().map(|problem| format!("{at}: {problem}")));
                }
                if place == "request" {
                    let missing = described.missing(schema, example);
                    wrong
                        .extend(missing.into_iter().map(|name| format!("{at}: {name} is missing")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[actix_web::test]
async fn everyone_may_read_it() {
    let site = Site::new().await;
    let answer = site.ask("GET /api/openapi.json").send().await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let written: Value = serde_json::from_str(&pressroom_actix_http::openapi()).unwrap();
    assert_eq!(answer.json(), written);
    assert_eq!(written["openapi"], "3.1.0");
    let tag = answer.header("etag").to_owned();
    let again = site.ask("GET /api/OpenAPI.json/").header("If-None-Match", &tag).send().await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    let other = site.ask("GET /api/openapi.json").header("If-None-Match", "\"1\"").send().await;
    assert_eq!(other.status, 200);
}

/// What is wrong with a value of the wrong type is told by the name of its property: for every
/// property of every body, so that none is described that is not read.
#[actix_web::test]
async fn every_property_that_is_described_is_read() {
    let site = Site::new().await;
    let token = site.admin().await;
    let described = Described::new();
    let mut wrong = Vec::new();
    for (method, pattern, operation) in described.operations() {
        let content = &operation["requestBody"]["content"]["application/json"];
        if content.is_null() {
            continue;
        }
        let schema = &content["schema"];
        for (path, kind) in described.properties(schema) {
            if kind.is_null() {
                continue; // takes any value
            }
            let mut body = content["example"].clone();
            let place = path.iter().try_fold(&mut body, |at, step| match step.as_str() {
                "0" => at.get_mut(0),
                name => at.get_mut(name),
            });
            // What no property can be.
            *place.expect("the examples hold every property") = json!([[true]]);
            let name = path.join(".").replace(".0", "[0]");
            let path = pattern.split('/').map(|part| match part.starts_with('{') {
                true => "1",
                false => part,
            });
            let address =
                format!("{} {}", method.to_uppercase(), path.collect::<Vec<_>>().join("/"));
            let ask = site.ask(&address).token(&token).body(body.to_string());
            let answer = ask.send().await;
            let told = (answer.status == 400).then(|| answer.json()["errors"].clone());
            let named = told.as_ref().and_then(Value::as_object).is_some_and(|errors| {
                errors.keys().any(|key| *key == name || key.starts_with(&format!("{name}[")))
            });
            if !named {
                wrong.push(format!("{address}: {name}: {}", String::from_utf8_lossy(&answer.body)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
