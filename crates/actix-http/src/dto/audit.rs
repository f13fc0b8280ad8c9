//! The audit trail.

use std::collections::BTreeMap;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpRequest};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use pressroom_application::audit::{self, AuditCommand};
use pressroom_ports::AuditRecord;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::Type;

use crate::list_request::ListRequest;
use crate::openapi::{Input, Inputs};
use crate::problem::Problem;

/// A line of the audit trail.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": 512, "at": "2026-11-24T10:15:30Z", "userId": 3, "userName": "ann",
    "address": "192.0.2.17", "verb": "Update", "subjectKind": "Document", "subjectId": "7",
    "detail": "Invoice",
}))]
pub(crate) struct AuditLine {
    id: i64,
    #[schema(format = DateTime)]
    at: String,
    user_id: Option<i64>,
    user_name: String,
    address: Option<String>,
    verb: String,
    subject_kind: String,
    subject_id: Option<String>,
    detail: String,
}

impl From<&AuditRecord> for AuditLine {
    fn from(line: &AuditRecord) -> Self {
        let entry = &line.entry;
        Self {
            id: line.id,
            at: entry.at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            user_id: entry.actor.user_id.map(|id| id.0),
            user_name: entry.actor.name.clone(),
            address: entry.from.map(|address| address.to_string()),
            verb: audit::verb_name(entry.verb),
            subject_kind: audit::subject_kind_name(entry.subject.kind),
            subject_id: entry.subject.id.clone(),
            detail: entry.detail.clone(),
        }
    }
}

/// Which lines of the trail a request wants, and as what.
#[derive(Debug)]
pub(crate) struct AuditRequest {
    pub(crate) command: AuditCommand,
    /// The format of a file; none for JSON.
    pub(crate) format: Option<String>,
}

impl Input for AuditRequest {
    fn describe(inputs: &mut Inputs) {
        ListRequest::describe(inputs);
        // The trail grows with each request: no answer is the one before.
        inputs.parameters.retain(|parameter| parameter.name != "If-None-Match");
        inputs.statuses.remove(&304);
        let format = "`json`, or a file: `csv` or `pdf`. `Accept` may say so too.";
        for (name, about, example) in [
            ("from", "From when on: a time, or a day in UTC.", "2026-11-24"),
            ("to", "Until when, not included.", "2026-11-25T00:00:00Z"),
            ("user", "Whose: a user name, or the number of a user.", "ann"),
            ("subjectKind", "About what kind of thing.", "Document"),
            ("subjectId", "About which one.", "7"),
            ("format", format, "csv"),
        ] {
            inputs.takes(name, ParameterIn::Query, Type::String, about, example);
        }
    }
}

impl FromRequest for AuditRequest {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let list = ListRequest::from_request(request, payload).into_inner();
        ready(list.and_then(|list| read(request.query_string(), request.headers(), list)))
    }
}

fn read(query: &str, headers: &HeaderMap, list: ListRequest) -> Result<AuditRequest, Problem> {
    const NAMES: [&str; 6] = ["from", "to", "user", "subjectKind", "subjectId", "format"];
    let mut values: [Option<String>; 6] = Default::default();
    let mut problems = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let known = NAMES.iter().position(|known| known.eq_ignore_ascii_case(&name));
        let Some(place) = known.filter(|_| !value.trim().is_empty()) else { continue };
        if values[place].replace(value.trim().to_owned()).is_some() {
            problems.entry(NAMES[place].to_owned()).or_default().push("is given twice".to_owned());
        }
    }
    let [from, to, user, subject_kind, subject_id, format] = values;
    let mut time = |name: &str, text: Option<String>| {
        let text = text?;
        let time = moment(&text);
        if time.is_none() {
            let message = "must be a time such as 2026-03-02T09:30:00Z, or a date".to_owned();
            problems.entry(name.to_owned()).or_default().push(message);
        }
        time
    };
    let (from, to) = (time("from", from), time("to", to));
    if !problems.is_empty() {
        return Err(Problem::invalid(problems));
    }
    let format = format.or_else(|| accepted(headers).map(str::to_owned));
    let format = format.filter(|format| !format.eq_ignore_ascii_case("json"));
    let command = AuditCommand { list: list.query, from, to, user, subject_kind, subject_id };
    Ok(AuditRequest { command, format })
}

/// A time with its zone, or the start of a day in UTC. A `+` that nobody encoded arrives as a blank.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(&text.replace(' ', "+")).ok();
    time.map(|time| time.to_utc()).or_else(|| {
        let day: NaiveDate = text.parse().ok()?;
        Some(day.and_hms_opt(0, 0, 0)?.and_utc())
    })
}

/// The format that a request accepts before JSON; none for JSON.
fn accepted(headers: &HeaderMap) -> Option<&'static str> {
    let accept = headers.get(header::ACCEPT)?.to_str().ok()?;
    accept.split(',').find_map(|range| {
        match range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "text/csv" => Some(Some("csv")),
            "application/pdf" => Some(Some("pdf")),
            "application/json" | "*/*" => Some(None),
            _ => None,
        }
    })?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_a_zone_or_as_a_day() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(moment(text).map(|at| at.to_rfc3339()).as_deref(), expect, "{text}");
        };
        check("2026-03-02T09:30:00Z", Some("2026-03-02T09:30:00+00:00"));
        check("2026-03-02T09:30:00+01:00", Some("2026-03-02T08:30:00+00:00"));
        check("2026-03-02T09:30:00 01:00", Some("2026-03-02T08:30:00+00:00"));
        check("2026-03-02", Some("2026-03-02T00:00:00+00:00"));
        check("2026-03-02T09:30:00", None);
        check("yesterday", None);
        check("+999999-01-01", None);
    }
}
