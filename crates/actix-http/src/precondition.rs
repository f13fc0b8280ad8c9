//! `If-Match`: the lock of those who prefer HTTP's own way. `If-None-Match`: what a client has already.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use pressroom_domain::OptimisticLock;

use crate::problem::Problem;

/// The lock that an `If-Match` header carries, if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IfMatch(Option<i64>);

impl IfMatch {
    /// The lock that the caller saw: that of the body, or else that of the header.
    ///
    /// # Errors
    /// 400 where both are given and differ.
    pub(crate) fn lock(self, body: Option<i64>) -> Result<Option<OptimisticLock>, Problem> {
        match (body, self.0) {
            (Some(body), Some(header)) if body != header => Err(Problem::bad_request(format!(
                "optimisticLock is {body}, but If-Match says {header}; send one of them"
            ))),
            (body, header) => Ok(body.or(header).map(OptimisticLock)),
        }
    }

    /// The value of a header: one entity tag, weak or not. `*` says nothing about a lock.
    fn parse(value: &str) -> Result<Self, Problem> {
        let value = value.trim();
        if value == "*" {
            return Ok(Self(None));
        }
        let tag = value.strip_prefix("W/").unwrap_or(value);
        let digits = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
        match digits.and_then(|digits| digits.parse().ok()) {
            Some(lock) => Ok(Self(Some(lock))),
            None => Err(Problem::bad_request(
                "If-Match must be the ETag of an earlier answer, such as \"3\"",
            )),
        }
    }
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let header = request.headers().get(header::IF_MATCH);
        ready(
            header.map_or(Ok(Self(None)), |value| Self::parse(value.to_str().unwrap_or_default())),
        )
    }
}

/// What an `If-None-Match` header says that the client has already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct IfNoneMatch(String);

impl IfNoneMatch {
    /// The header of a request; several count as one list.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let headers = request.headers().get_all(header::IF_NONE_MATCH);
        let values: Vec<&str> = headers.filter_map(|value| value.to_str().ok()).collect();
        Self(values.join(","))
    }

    /// Whether the client has what is tagged so. Tags are compared weakly, as RFC 9110 (13.1.2) has
    /// it; our tags hold no quotes and no commas.
    pub(crate) fn has(&self, tag: &str) -> bool {
        self.0.split(',').map(str::trim).any(|seen| {
            let opaque = seen.strip_prefix("W/").unwrap_or(seen);
            let opaque = opaque.strip_prefix('"').and_then(|seen| seen.strip_suffix('"'));
            seen == "*" || opaque == Some(tag)
        })
    }
}

impl FromRequest for IfNoneMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_has_is_found_in_its_list() {
        for (value, expect) in [
            ("\"3\"", true),
            ("W/\"3\"", true),
            ("\"1\", W/\"2\" ,\"3\"", true),
            ("*", true),
            ("", false),
            ("3", false),
            ("\"33\"", false),
            ("\"3", false),
        ] {
            assert_eq!(IfNoneMatch(value.to_owned()).has("3"), expect, "{value}");
        }
    }

    #[test]
    fn an_entity_tag_carries_a_lock() {
        for (value, expect) in [("\"3\"", Some(3)), (" W/\"0\" ", Some(0)), ("*", None)] {
            assert_eq!(IfMatch::parse(value).unwrap(), IfMatch(expect), "{value}");
        }
        for value in ["", "3", "\"a\"", "\"1\", \"2\"", "\"1"] {
            assert!(IfMatch::parse(value).is_err(), "{value}");
        }
    }

    #[test]
    fn header_and_body_must_agree() {
        let lock = |body, header| IfMatch(header).lock(body).map_err(|error| error.to_string());
        assert_eq!(lock(Some(2), None), Ok(Some(OptimisticLock(2))));
        assert_eq!(lock(None, Some(2)), Ok(Some(OptimisticLock(2))));
        assert_eq!(lock(Some(2), Some(2)), Ok(Some(OptimisticLock(2))));
        assert_eq!(lock(None, None), Ok(None));
        assert!(lock(Some(2), Some(3)).is_err());
    }
}
