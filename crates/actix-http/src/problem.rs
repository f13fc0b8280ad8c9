//! What went wrong, as RFC 9457 tells it; one mapping from errors to statuses.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use pressroom_application::{Error, Trouble};
use serde::Serialize;
use utoipa::ToSchema;

use crate::lenient::JsonError;

/// After how many seconds a client should ask again where something is away.
const RETRY_AFTER_SECONDS: u64 = 5;

/// An answer that says what went wrong: `application/problem+json`.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    detail: String,
    errors: BTreeMap<String, Vec<String>>,
    current_lock: Option<i64>,
    place: Option<(u32, u32)>,
    allow: Option<Box<str>>,
    retry_after_seconds: Option<u64>,
    /// What the log is to hear.
    trouble: Option<Box<Trouble>>,
}

/// What went wrong, by RFC 9457.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub(crate) struct Body<'a> {
    /// `about:blank`: the status says what kind of problem it is.
    r#type: &'static str,
    /// The name of the status.
    title: &'static str,
    /// The status.
    status: u16,
    /// What is wrong, and what to do about it.
    detail: &'a str,
    /// The same as `detail`: existing clients look for it.
    message: &'a str,
    /// What is wrong with each field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false)]
    errors: &'a BTreeMap<String, Vec<String>>,
    /// The lock as it is now, where it is not the one that was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    current_lock: Option<i64>,
    /// The line of a layout.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    line: Option<u32>,
    /// The column of a layout.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    column: Option<u32>,
}

impl Problem {
    fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            errors: BTreeMap::new(),
            current_lock: None,
            place: None,
            allow: None,
            retry_after_seconds: None,
            trouble: None,
        }
    }

    /// The request is wrong.
    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// Fields of the request are wrong.
    pub(crate) fn invalid(errors: BTreeMap<String, Vec<String>>) -> Self {
        let texts: Vec<String> = errors
            .iter()
            .map(|(field, messages)| format!("{field}: {}", messages.join(", ")))
            .collect();
        Self { errors, ..Self::bad_request(texts.join("; ")) }
    }

    /// Somebody is known, and not let in.
    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    /// There is nothing at this address.
    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// There is something, but it takes other methods.
    pub(crate) fn method_not_allowed(method: &str, allow: &str) -> Self {
        let detail = format!("{method} is not taken here; {allow} are");
        Self { allow: Some(allow.into()), ..Self::new(StatusCode::METHOD_NOT_ALLOWED, detail) }
    }

    /// The body is larger than is taken.
    pub(crate) fn too_large(limit_bytes: usize) -> Self {
        let limit = match limit_bytes {
            0..1_048_576 => format!("{} KiB", limit_bytes >> 10),
            _ => format!("{} MiB", limit_bytes >> 20),
        };
        let detail = format!("the body is larger than {limit}, which is the most that is taken");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    }

    /// Somebody calls too often; after so long they may call again.
    pub(crate) fn too_many(detail: impl Into<String>, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Self {
            retry_after_seconds: Some(seconds.max(1)),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, detail)
        }
    }

    /// This version cannot do it.
    pub(crate) fn not_built(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, detail)
    }

    /// Something is away, or went wrong in a way that is not the caller's fault.
    pub(crate) fn unavailable(detail: impl Into<String>) -> Self {
        Self {
            retry_after_seconds: Some(RETRY_AFTER_SECONDS),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (detail, trouble) = (error.to_string(), error.trouble().map(Box::new));
        match error {
            Error::Unauthenticated => Self::new(StatusCode::UNAUTHORIZED, detail),
            Error::Forbidden(_) => Self::new(StatusCode::FORBIDDEN, detail),
            // Existing clients know no 410.
            Error::NotFound { .. } | Error::Gone(_) => Self::not_found(detail),
            Error::Invalid(problems) => {
                let mut errors = BTreeMap::<_, Vec<_>>::new();
                for problem in problems {
                    errors.entry(problem.field).or_default().push(problem.message);
                }
                Self { errors, ..Self::bad_request(detail) }
            }
            Error::Layout { line, column, .. } => Self {
                place: line.map(|line| (line, column.unwrap_or(1))),
                ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
            },
            Error::Stale { current, .. } => {
                Self { current_lock: Some(current.0), ..Self::new(StatusCode::CONFLICT, detail) }
            }
            Error::Conflict(_) => Self::new(StatusCode::CONFLICT, detail),
            Error::NotBuilt(_) => Self::not_built(detail),
            Error::Unavailable { .. } => Self { trouble, ..Self::unavailable(detail) },
        }
    }
}

impl From<JsonError> for Problem {
    fn from(error: JsonError) -> Self {
        Self::bad_request(error.to_string())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let body = Body {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or_default(),
            status: self.status.as_u16(),
            detail: &self.detail,
            message: &self.detail,
            errors: &self.errors,
            current_lock: self.current_lock,
            line: self.place.map(|(line, _)| line),
            column: self.place.map(|(_, column)| column),
        };
        let mut answer = HttpResponse::build(self.status);
        answer.content_type("application/problem+json");
        if self.status == StatusCode::UNAUTHORIZED {
            answer.insert_header((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        }
        if let Some(seconds) = self.retry_after_seconds {
            answer.insert_header((header::RETRY_AFTER, seconds));
        }
        if let Some(allow) = &self.allow {
            answer.insert_header((header::ALLOW, &**allow));
        }
        let mut answer = answer.body(serde_json::to_vec(&body).unwrap_or_default());
        if let Some(trouble) = &self.trouble {
            answer.extensions_mut().insert((**trouble).clone());
        }
        answer
    }
}

/// An error and its causes, for the log.
pub(crate) fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
