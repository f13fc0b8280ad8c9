//! Which entity a request is about: by its path, its query or its body.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use percent_encoding::percent_decode_str;
use pressroom_domain::ExportId;

use crate::problem::Problem;

/// A number that a pattern captures as `{id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Id(pub(crate) i64);

/// A number that a pattern captures as `{revisionId}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RevisionNumber(pub(crate) i64);

/// The export that a pattern captures as `{exportId}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ExportKey(pub(crate) ExportId);

/// The name of a table that a pattern captures as `{tableName}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableName(pub(crate) String);

/// The name of a stored procedure that a pattern captures as `{procedureName}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProcedureName(pub(crate) String);

/// The name of a custom query that a pattern captures as `{name}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QueryName(pub(crate) String);

/// The number of an entity that a path or a query names, where either may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target(Option<i64>);

impl Target {
    /// The number, which the body may give too.
    ///
    /// # Errors
    /// 400 where there is none, or where two differ.
    pub(crate) fn id(self, body: Option<i64>) -> Result<i64, Problem> {
        match (self.0, body) {
            (Some(address), Some(body)) if address != body => Err(Problem::bad_request(format!(
                "the address is about {address}, but the body's id is {body}; send one of them"
            ))),
            (address, body) => address.or(body).ok_or_else(|| {
                Problem::bad_request("say which one: by ?id=, in the path, or as id in the body")
            }),
        }
    }
}

fn captured<T: std::str::FromStr>(request: &HttpRequest, name: &str) -> Result<T, Problem> {
    let text = request.match_info().get(name).unwrap_or_default();
    text.parse().map_err(|_| Problem::not_found(format!("\"{text}\" does not exist")))
}

/// A name that a path holds, which may be any text: routing leaves the slashes and percent signs of
/// names encoded.
fn named(request: &HttpRequest, name: &str) -> Result<String, Problem> {
    let text = request.match_info().get(name).unwrap_or_default();
    let decoded = percent_decode_str(text).decode_utf8();
    let decoded = decoded.map_err(|_| Problem::not_found(format!("\"{text}\" does not exist")))?;
    Ok(decoded.into_owned())
}

fn queried(request: &HttpRequest) -> Result<Option<i64>, Problem> {
    let mut pairs = form_urlencoded::parse(request.query_string().as_bytes());
    let found = pairs.find(|(name, _)| name.eq_ignore_ascii_case("id"));
    let number = found.map(|(_, value)| value.trim().parse());
    number.transpose().map_err(|_| Problem::bad_request("id must be a whole number"))
}

macro_rules! extracted {
    ($($name:ident: $read:expr;)+) => {$(
        impl FromRequest for $name {
            type Error = Problem;
            type Future = Ready<Result<Self, Problem>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                let read: fn(&HttpRequest) -> Result<Self, Problem> = $read;
                ready(read(request))
            }
        }
    )+};
}

extracted! {
    Id: |request| captured(request, "id").map(Self);
    RevisionNumber: |request| captured(request, "revisionId").map(Self);
    ExportKey: |request| captured(request, "exportId").map(Self);
    TableName: |request| named(request, "tableName").map(Self);
    ProcedureName: |request| named(request, "procedureName").map(Self);
    QueryName: |request| named(request, "name").map(Self);
    Target: |request| {
        let path = request.match_info().get("id").map(|_| captured(request, "id")).transpose()?;
        match (path, queried(request)?) {
            (Some(path), Some(query)) if path != query => Err(Problem::bad_request(format!(
                "the path is about {path}, but ?id= says {query}; send one of them"
            ))),
            (path, query) => Ok(Self(path.or(query))),
        }
    };
}
