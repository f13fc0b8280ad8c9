//! The table: a row for every endpoint.
//!
//! | a row says | who is let in | what others get |
//! |---|---|---|
//! | `row(…, Open)` | everyone | |
//! | `row(…, SignedIn)` | whoever has a token | 401 |
//! | `row(…, Administrators)` | administrators | 403 |
//! | `row(…, Making(scopes))` | who may create there | 403 |
//! | `row(…, MakingIn(scopes, place))` | who may create there | 404 who does not see the place, else 403 |
//! | `row(…, MakingOf(scopes, parts))` | who may create there and read what it is made of | 403 who may not create, else 404 |
//! | `on(…, scopes, access)` | who may read and has that access | 404 without read, else 403 |
//! | `row(…, Itself)` | the user, or who is in the group; administrators | 404 |
//! | `row(…, NotEvenItself)` | administrators | 403 the user, or who is in the group; 404 others |
//! | `row(…, Owner)` | who started the export | 404 |
//! | `to_come(…)` | nobody | 501 |
//!
//! Without a token all but `Open` is a 401. `.query(…)` and `.body(…)` make the request one that
//! succeeds for those who are let in; `.and(scopes, access)` asks for another right; `.through(409)`
//! says that even who is let in gets an error.

use super::rules::Rule::{
    Administrators, Itself, Making, MakingIn, MakingOf, NotEvenItself, Open, Owner, SignedIn,
};
use super::rules::{
    CATEGORY, DELETE, DOCUMENT, JOB, MODEL, MODIFY, READ, Row, SHELF, on, row, to_come,
};

pub(super) fn rows() -> Vec<Row> {
    [
        site(),
        account(),
        categories(),
        data_models(),
        documents(),
        exports(),
        jobs(),
        users(),
        groups(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn site() -> Vec<Row> {
    let password = "grant_type=password&username=Guest&password=";
    vec![
        row("GET", "/oauth/token", Open).body(password),
        row("POST", "/oauth/token", Open).body(password),
        row("GET", "/oauth/external/start", Open).through(302),
        row("GET", "/oauth/external/callback", Open).through(400),
        row("POST", "/oauth/revoke", Open).body("token=x"),
        row("GET", "/api/account/keys", SignedIn),
        row("POST", "/api/account/keys", SignedIn).body(r#"{"name":"copy"}"#),
        row("DELETE", "/api/account/keys", SignedIn).query("?id=987654").through(404),
        row("DELETE", "/api/account/keys/{id}", SignedIn).through(404),
        row("GET", "/healthz", Open),
        row("GET", "/readyz", Open),
        row("GET", "/metrics", Administrators),
        row("GET", "/api/audit", Administrators),
        row("GET", "/api/nodes", Administrators),
        row("GET", "/api/openapi.json", Open),
        row("GET", "/api/docs", Open),
        row("GET", "/api/docs/{file}", Open).through(404),
    ]
}

fn account() -> Vec<Row> {
    let link = r#"{"token":"unknown","password":"correct horse"}"#;
    // A right one would end the tokens of all callers.
    let passwords = r#"{"currentPassword":"wrong","newPassword":"correct horse"}"#;
    vec![
        row("POST", "/api/account/activate", Open).body(link).through(400),
        row("POST", "/api/account/reset", Open).body(link).through(400),
        row("POST", "/api/account/reset/request", Open).body(r#"{"userName":"nobody"}"#),
        row("PUT", "/api/account/password", SignedIn).body(passwords).through(400),
        row("POST", "/api/users/{id}/invite", NotEvenItself).through(409),
    ]
}

fn categories() -> Vec<Row> {
    let name = r#"{"name":"Other"}"#;
    vec![
        row("GET", "/api/categories", SignedIn),
        row("POST", "/api/categories", Making(&CATEGORY[..1])).body(name),
        on("PUT", "/api/categories", CATEGORY, MODIFY).query("?id={category}").body(name),
        on("DELETE", "/api/categories", CATEGORY, DELETE).query("?id={category}").through(409),
        on("GET", "/api/categories/{id}", CATEGORY, READ),
        on("PUT", "/api/categories/{id}", CATEGORY, MODIFY).body(name),
        on("DELETE", "/api/categories/{id}", CATEGORY, DELETE).through(409),
    ]
}

fn data_models() -> Vec<Row> {
    // No script of the fake database answers it.
    let query = r#"{"name":"other","query":"select 1"}"#;
    let model = r#"{"name":"Other","providerModel":
        {"providerType":"sqLite","connectionString":"Data Source=other.db"}}"#;
    vec![
        row("GET", "/api/datamodels", SignedIn),
        row("POST", "/api/datamodels", Making(&MODEL[..1])).body(model),
        row("POST", "/api/datamodels/test", Making(&MODEL[..1])).body(model),
        on("GET", "/api/datamodels/{id}", MODEL, READ),
        on("PUT", "/api/datamodels/{id}", MODEL, MODIFY).body(model),
        on("DELETE", "/api/datamodels/{id}", MODEL, DELETE),
        on("PUT", "/api/datamodels/{id}/rename", MODEL, MODIFY).body(r#"{"name":"Other"}"#),
        on("GET", "/api/datamodels/{id}/connection", MODEL, MODIFY),
        on("POST", "/api/datamodels/{id}/test", MODEL, MODIFY),
        on("GET", "/api/datamodels/{id}/tables", MODEL, READ),
        on("PUT", "/api/datamodels/{id}/tables", MODEL, MODIFY).body("{}"),
        on("GET", "/api/datamodels/{id}/tables/{tableName}/columns", MODEL, READ).through(404),
        on("GET", "/api/datamodels/{id}/procedures", MODEL, READ),
        on("GET", "/api/datamodels/{id}/procedures/{procedureName}/columns", MODEL, READ)
            .through(404),
        on("GET", "/api/datamodels/{id}/queries", MODEL, READ),
        on("GET", "/api/datamodels/{id}/datamembers", MODEL, READ),
        on("POST", "/api/datamodels/{id}/customsqlquery", MODEL, MODIFY).body(query).through(400),
        on("GET", "/api/datamodels/{id}/customsqlquery/{name}", MODEL, READ).through(404),
        on("PUT", "/api/datamodels/{id}/customsqlquery/{name}", MODEL, MODIFY)
            .body("{}")
            .through(404),
        on("DELETE", "/api/datamodels/{id}/customsqlquery/{name}", MODEL, MODIFY).through(404),
    ]
}

fn documents() -> Vec<Row> {
    let new =
        r#"{"categoryId":{category},"name":"Other","documentType":"Report","layout":{layout}}"#;
    let name = r#"{"name":"Other"}"#;
    let layout = r#"{"layout":{layout}}"#;
    vec![
        row("GET", "/api/documents", SignedIn),
        row("POST", "/api/documents", MakingIn(SHELF, CATEGORY)).body(new),
        on("PUT", "/api/documents", DOCUMENT, MODIFY).query("?id={document}").body(name),
        on("DELETE", "/api/documents", DOCUMENT, DELETE).query("?id={document}").through(409),
        on("GET", "/api/documents/{id}", DOCUMENT, READ),
        on("PUT", "/api/documents/{id}", DOCUMENT, MODIFY).body(name),
        on("DELETE", "/api/documents/{id}", DOCUMENT, DELETE).through(409),
        on("PUT", "/api/documents/{id}/save", DOCUMENT, MODIFY).body(layout),
        on("GET", "/api/documents/{id}/layout", DOCUMENT, READ),
        on("GET", "/api/documents/{id}/revisions", DOCUMENT, READ),
        on("GET", "/api/documents/{id}/revisionLayout/{revisionId}", DOCUMENT, READ),
        on("GET", "/api/documentdesign/{id}/exportlayout", DOCUMENT, READ),
        on("GET", "/api/documents/{id}/jobresults", DOCUMENT, READ),
        on("GET", "/api/documents/{id}/parameters", DOCUMENT, READ),
        to_come("POST", "/api/dashboards/{id}/data"),
    ]
}

fn exports() -> Vec<Row> {
    let options = r#"{"exportOptions":{"exportFormat":"pdf"}}"#;
    vec![
        on("POST", "/api/documents/export/report/{id}", DOCUMENT, READ).body(options),
        row("GET", "/api/documents/export/status/{exportId}", Owner),
        row("GET", "/api/documents/export/result/{exportId}", Owner),
        row("DELETE", "/api/documents/export/{exportId}", Owner),
        on("POST", "/api/documents/export/dashboard/{id}", DOCUMENT, READ).through(400),
    ]
}

fn jobs() -> Vec<Row> {
    let new = r#"{"name":"Other","documentId":{document}}"#;
    let name = r#"{"name":"Other"}"#;
    vec![
        row("GET", "/api/jobs", SignedIn),
        row("POST", "/api/jobs", MakingOf(&JOB[..1], DOCUMENT)).body(new),
        on("PUT", "/api/jobs", JOB, MODIFY).query("?id={job}").body(name).and(DOCUMENT, READ),
        on("DELETE", "/api/jobs", JOB, DELETE).query("?id={job}"),
        on("GET", "/api/jobs/{id}", JOB, READ),
        on("PUT", "/api/jobs/{id}", JOB, MODIFY).body(name).and(DOCUMENT, READ),
        on("DELETE", "/api/jobs/{id}", JOB, DELETE),
        on("POST", "/api/jobs/{id}/execute", JOB, MODIFY).and(DOCUMENT, READ).through(501),
        on("POST", "/api/jobs/{id}/preview", JOB, READ),
        on("GET", "/api/jobs/{id}/runs", JOB, READ).through(501),
        on("GET", "/api/jobs/{id}/runs/{runId}", JOB, READ).through(501),
        on("POST", "/api/jobs/{id}/runs/{runId}/cancel", JOB, MODIFY).through(501),
        on("GET", "/api/jobs/{id}/jobresults", JOB, READ),
        on("GET", "/api/jobs/results/{id}", DOCUMENT, READ).through(501),
        on("POST", "/api/jobs/results/{id}", DOCUMENT, READ).through(501),
        on("GET", "/api/jobs/generateddocuments/{id}/export", DOCUMENT, READ).through(501),
        on("POST", "/api/jobs/generateddocuments/{id}/export", DOCUMENT, READ).through(501),
    ]
}

fn users() -> Vec<Row> {
    let new = r#"{"userName":"other","accountType":"windows"}"#;
    let name = r#"{"firstName":"Other"}"#;
    let read = r#"{"permissions":[{"accessMode":2,"scope":"document","entityId":{document}}]}"#;
    vec![
        row("GET", "/api/users", Administrators),
        row("POST", "/api/users", Administrators).body(new),
        row("GET", "/api/users/{id}", Itself),
        row("PUT", "/api/users/{id}", NotEvenItself).body(name),
        row("DELETE", "/api/users/{id}", NotEvenItself),
        row("GET", "/api/users/{id}/photo", Itself),
        row("PUT", "/api/users/{id}/photo", NotEvenItself).body("GIF89a"),
        row("DELETE", "/api/users/{id}/photo", NotEvenItself),
        row("GET", "/api/users/{id}/permissions", Itself),
        row("POST", "/api/users/{id}/permissions", NotEvenItself).body(read),
        row("POST", "/api/users/{id}/permissions/delete", NotEvenItself).body(read),
    ]
}

fn groups() -> Vec<Row> {
    let name = r#"{"name":"Other"}"#;
    let read = r#"{"permissions":[{"accessMode":2,"scope":"document","entityId":{document}}]}"#;
    vec![
        row("GET", "/api/usergroups", Administrators),
        row("POST", "/api/usergroups", Administrators).body(name),
        row("GET", "/api/usergroups/{id}", Itself),
        row("PUT", "/api/usergroups/{id}", NotEvenItself).body(name),
        row("DELETE", "/api/usergroups/{id}", NotEvenItself),
        row("GET", "/api/usergroups/{id}/permissions", Itself),
        row("POST", "/api/usergroups/{id}/permissions", NotEvenItself).body(read),
        row("POST", "/api/usergroups/{id}/permissions/delete", NotEvenItself).body(read),
    ]
}
