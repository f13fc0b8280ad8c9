//! What a pattern says: what it captures, and to which area it belongs.

use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Type};
use utoipa::openapi::tag::{Tag, TagBuilder};
use utoipa::openapi::{Required, SchemaFormat};

/// The areas, as a reader looks for them: the start of their patterns, a name and a line. Of two
/// that fit a pattern the first counts.
const AREAS: [(&[&str], &str, &str); 11] = [
    (&["/oauth/", "/account", "/api/account"], "Signing in", "Tokens, passwords, links in mails."),
    (&["/api/categories"], "Categories", "Documents stand in categories."),
    (
        &["/api/documents/export"],
        "Exports",
        "A report becomes a file: start it, ask how far it is, fetch it.",
    ),
    (
        &["/api/documents", "/api/documentdesign"],
        "Documents",
        "Reports and dashboards, their layouts and their revisions.",
    ),
    (&["/api/dashboards"], "Dashboards", "What a dashboard shows."),
    (
        &["/api/datamodels"],
        "Data models",
        "Where the data comes from: databases and files, their tables, queries and procedures.",
    ),
    (&["/api/jobs"], "Jobs", "Documents made and sent by the clock."),
    (&["/api/usergroups"], "Groups", "Groups of users, and what they may do."),
    (&["/api/users"], "Users", "Accounts, and what they may do."),
    (
        &["/api/openapi", "/api/docs"],
        "This description",
        "The API in words, for readers and tools.",
    ),
    (&["/"], "The server", "How it is, and what was done."),
];

/// The name of the area of a pattern.
pub(super) fn area(pattern: &str) -> &'static str {
    let found = AREAS.iter().find(|(starts, ..)| starts.iter().any(|s| pattern.starts_with(s)));
    found.map_or("The server", |(_, name, _)| *name)
}

/// The areas, as tags.
pub(super) fn tags() -> impl Iterator<Item = Tag> {
    AREAS
        .iter()
        .map(|(_, name, about)| TagBuilder::new().name(*name).description(Some(*about)).build())
}

/// What a pattern captures, in its order.
pub(super) fn captured(pattern: &str) -> impl Iterator<Item = Parameter> {
    names(pattern).map(|name| {
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1));
        let number = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)));
        let (schema, about, example) = match name {
            "id" => (number, "Which one.", 7.into()),
            "revisionId" => (number, "Which revision: its `id`.", 12.into()),
            "exportId" => (
                text.pattern(Some("^[0-9a-f]{32}$")),
                "Which export, as its start answered.",
                "0192f0c17d3b7a2e9b54c8e1f6a3d270".into(),
            ),
            "runId" => (text, "Which run, as its start answered.", "1".into()),
            "tableName" => (text, "The name of a table or a view.", "Orders".into()),
            "procedureName" => (text, "The name of a stored procedure.", "SalesByYear".into()),
            "file" => (text, "The name of the file.", "swagger-ui.css".into()),
            "name" => (text, "The name of the query.", "Orders of a customer".into()),
            _ => (text, "Which one.", "x".into()),
        };
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some(about))
            .schema(Some(schema))
            .example(Some(example))
            .build()
    })
}

/// The names of what a pattern captures.
pub(super) fn names(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// A name for the operation, as generators of clients want it: `putDocumentsByIdSave`.
pub(super) fn operation_id(method: &str, pattern: &str) -> String {
    let parts = pattern.split('/').filter(|part| !part.is_empty() && *part != "api");
    let words = parts.flat_map(|part| match part.strip_prefix('{') {
        Some(captured) => vec!["by", captured.trim_end_matches('}')],
        None => part.split(['.', '-']).collect(),
    });
    words.fold(method.to_lowercase(), |mut id, word| {
        let mut letters = word.chars();
        id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        id.push_str(letters.as_str());
        id
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_have_names_of_their_own() {
        for (method, pattern, expect) in [
            ("GET", "/api/categories", "getCategories"),
            ("PUT", "/api/documents/{id}/save", "putDocumentsByIdSave"),
            ("GET", "/api/openapi.json", "getOpenapiJson"),
            ("POST", "/oauth/token", "postOauthToken"),
        ] {
            assert_eq!(operation_id(method, pattern), expect);
        }
    }
}
