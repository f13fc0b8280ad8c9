//! What went wrong, as a page for people.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpResponse, ResponseError};
use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use pressroom_application::{Error, Trouble};

use crate::answer::{self, Frame};

/// Why there is no page of the kind that was asked for.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nobody is signed in. Afterwards the browser goes to `next`.
    SignIn {
        /// A path of this server with its query.
        next: Option<String>,
    },
    /// A page that says what is wrong.
    Page {
        status: StatusCode,
        title: &'static str,
        words: String,
        /// What the log is to hear: the server that the pages stand in finds it with the answer.
        trouble: Option<Trouble>,
    },
}

/// A page that says one thing.
#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    page: Frame,
    title: &'a str,
    words: &'a str,
}

impl Failure {
    fn page(status: StatusCode, title: &'static str, words: impl Into<String>) -> Self {
        Self::Page { status, title, words: words.into(), trouble: None }
    }

    /// There is nothing at this address.
    pub(crate) fn nowhere() -> Self {
        let words = "It may have been moved or deleted, or you may not be allowed to see it.";
        Self::page(StatusCode::NOT_FOUND, "There is nothing here", words)
    }

    /// There is something at this address, but nothing can be sent to it that way.
    pub(crate) fn other_method() -> Self {
        let words = "This address does not take what was sent to it.";
        Self::page(StatusCode::METHOD_NOT_ALLOWED, "That does not work here", words)
    }

    /// What was posted does not come from a page that was made for this session.
    pub(crate) fn foreign_form() -> Self {
        let words = "The page that this was sent from is out of date, or not one of ours. Nothing \
                     was done. Go back, reload the page and try again.";
        Self::page(StatusCode::FORBIDDEN, "Please try that again", words)
    }

    /// What was posted did not arrive.
    pub(crate) fn broken_form() -> Self {
        let words = "The connection broke before everything had arrived. Go back and try again.";
        Self::page(StatusCode::BAD_REQUEST, "That did not arrive", words)
    }

    /// What was posted is too much.
    pub(crate) fn large_form() -> Self {
        let words = "What was filled in is more than can be taken. Go back and shorten it.";
        Self::page(StatusCode::PAYLOAD_TOO_LARGE, "That is too much", words)
    }

    /// The site is not there yet.
    pub(crate) fn closed() -> Self {
        let words = "The server is starting and waits for its database. This page looks again by \
                     itself in a moment.";
        Self::page(StatusCode::SERVICE_UNAVAILABLE, UNAVAILABLE, words)
    }

    /// The handlers stand in a server that does not know their site.
    pub(crate) fn misplaced() -> Self {
        Self::page(StatusCode::SERVICE_UNAVAILABLE, UNAVAILABLE, "The server is not set up yet.")
    }
}

const UNAVAILABLE: &str = "We will be right back";

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let (told, trouble) = (sentence(&error.to_string()), error.trouble());
        match error {
            Error::Unauthenticated => Self::SignIn { next: None },
            Error::NotFound { .. } | Error::Gone(_) => Self::nowhere(),
            Error::Forbidden(_) => {
                Self::page(StatusCode::FORBIDDEN, "You are not allowed to do that", told)
            }
            Error::Layout { .. } => {
                let title = "This document has a mistake";
                Self::page(StatusCode::UNPROCESSABLE_ENTITY, title, told)
            }
            Error::NotBuilt(_) => {
                Self::page(StatusCode::NOT_IMPLEMENTED, "This is not possible yet", told)
            }
            Error::Unavailable { .. } => {
                let status = StatusCode::SERVICE_UNAVAILABLE;
                Self::Page { status, title: UNAVAILABLE, words: told, trouble }
            }
            _ => Self::page(StatusCode::BAD_REQUEST, "That does not work", told),
        }
    }
}

/// The words of an error as a sentence.
pub(crate) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    let mut text: String = first.into_iter().flatten().chain(letters).collect();
    if !text.is_empty() && !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignIn { .. } => f.write_str("nobody is signed in"),
            Self::Page { words, .. } => f.write_str(words),
        }
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignIn { .. } => StatusCode::SEE_OTHER,
            Self::Page { status, .. } => *status,
        }
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::SignIn { next } => answer::see_other(&match next.as_deref() {
                None | Some("/") => "/".to_owned(),
                Some(next) => format!("/?next={}", utf8_percent_encode(next, NON_ALPHANUMERIC)),
            }),
            Self::Page { status, title, words, trouble } => {
                let page = Frame::bare(title);
                let mut answer = answer::page(*status, &Message { page, title, words });
                if *status == StatusCode::SERVICE_UNAVAILABLE {
                    let seconds = header::HeaderValue::from_static("5");
                    answer.headers_mut().insert(header::RETRY_AFTER, seconds);
                }
                if let Some(trouble) = trouble {
                    answer.extensions_mut().insert(trouble.clone());
                }
                answer
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_become_sentences() {
        assert_eq!(sentence("the store is away; try again"), "The store is away; try again.");
        assert_eq!(sentence("übrig?"), "Übrig?");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn whoever_is_not_signed_in_comes_back_afterwards() {
        let place = |next: Option<&str>| {
            let failure = Failure::SignIn { next: next.map(str::to_owned) };
            let answer = failure.error_response();
            assert_eq!(answer.status(), StatusCode::SEE_OTHER);
            answer.headers().get(header::LOCATION).unwrap().to_str().unwrap().to_owned()
        };
        assert_eq!(place(None), "/");
        assert_eq!(place(Some("/")), "/");
        assert_eq!(place(Some("/documents/7?a=b&c")), "/?next=%2Fdocuments%2F7%3Fa%3Db%26c");
    }
}
