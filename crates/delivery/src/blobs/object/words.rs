//! What an S3 server says, in words.

use std::error::Error;
use std::io;

use object_store::client::{HttpError, HttpErrorKind};
use pressroom_domain::BlobHash;
use pressroom_ports::BlobError;

use super::client::Bucket;

/// The codes of servers that take no more, whatever their status.
const FULL: [&str; 5] = [
    "InsufficientStorage",
    "QuotaExceeded",
    "StorageFull",
    "XMinioAdminBucketQuotaExceeded",
    "XMinioStorageFull",
];
/// The codes of servers that do not know the key, or do not let it in.
const REFUSED: [&str; 6] = [
    "AccessDenied",
    "AllAccessDisabled",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidToken",
    "SignatureDoesNotMatch",
];
/// The codes of servers that do not have the bucket where it is looked for.
const ELSEWHERE: [&str; 4] = [
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
    "PermanentRedirect",
    "TemporaryRedirect",
];

/// Words about a bucket.
pub(super) struct Words {
    place: String,
}

impl Words {
    pub(super) fn new(bucket: &Bucket) -> Self {
        Self { place: bucket.to_string() }
    }

    /// What the bucket is called.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// Bytes were longer on their way than they may be.
    pub(super) fn too_slow(&self) -> BlobError {
        let words = format!("{} takes bytes too slowly", self.place);
        BlobError::Unavailable(io::Error::new(io::ErrorKind::TimedOut, words))
    }

    /// Bytes were elsewhere whenever they were looked for.
    pub(super) fn restless(&self, hash: &BlobHash) -> BlobError {
        let words = format!("{} has other copies of {hash} at every look", self.place);
        BlobError::Unavailable(io::Error::other(words))
    }

    /// An error of a request. What a server says is not repeated but for its code: it may contain
    /// what was signed.
    pub(super) fn error(&self, error: &object_store::Error) -> BlobError {
        let said = error.to_string();
        let code = between(&said, "<Code>", "</Code>").unwrap_or_default();
        let status = between(&said, "status code: ", ":").unwrap_or_default();
        let status = status.get(..3).unwrap_or_default();
        let place = &self.place;
        let answered = |kind, words: String| {
            let code = if code.is_empty() { status } else { code };
            let code = if code.is_empty() { String::new() } else { format!(" ({code})") };
            io::Error::new(kind, format!("{place} {words}{code}"))
        };
        if FULL.contains(&code) || status == "507" {
            return BlobError::Full(answered(io::ErrorKind::StorageFull, "is full".to_owned()));
        }
        let words = if said.contains("/latest/api/token") || said.contains("security-credentials") {
            let words = "needs an access key, and none is set".to_owned();
            io::Error::new(io::ErrorKind::PermissionDenied, format!("{place} {words}"))
        } else if code == "NoSuchBucket" {
            answered(io::ErrorKind::NotFound, "does not exist; make it, or name another".to_owned())
        } else if code == "RequestTimeTooSkewed" {
            let words = "has another time than this machine; set the clock";
            answered(io::ErrorKind::PermissionDenied, words.to_owned())
        } else if ELSEWHERE.contains(&code) || status == "301" || said.contains("without LOCATION")
        {
            answered(io::ErrorKind::InvalidInput, "is in another region; name that".to_owned())
        } else if REFUSED.contains(&code) || status == "401" || status == "403" {
            let words = "refuses the access key; check it, its secret and what it may do";
            answered(io::ErrorKind::PermissionDenied, words.to_owned())
        } else if !status.is_empty() || !code.is_empty() {
            // A request that is wrong stays so; one that came too soon, or to a server in trouble, does not.
            let wrong = status.starts_with('4') && !["408", "429"].contains(&status);
            let kind = if wrong { io::ErrorKind::InvalidInput } else { io::ErrorKind::Other };
            answered(kind, "cannot do what it was asked for".to_owned())
        } else {
            let (kind, cause) = cause(error);
            io::Error::new(kind, format!("{place} cannot be reached: {cause}"))
        };
        BlobError::Unavailable(words)
    }
}

/// Why there was no answer.
fn cause(error: &object_store::Error) -> (io::ErrorKind, String) {
    let mut kind = io::ErrorKind::Other;
    let mut last: &dyn Error = error;
    loop {
        if let Some(http) = last.downcast_ref::<HttpError>() {
            match http.kind() {
                HttpErrorKind::Connect => kind = io::ErrorKind::NotConnected,
                HttpErrorKind::Timeout => {
                    return (io::ErrorKind::TimedOut, "it does not answer in time".to_owned());
                }
                _ => {}
            }
        }
        match last.source() {
            Some(source) => last = source,
            None => return (kind, last.to_string()),
        }
    }
}

/// What stands between two texts.
fn between<'a>(text: &'a str, begin: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(begin)?;
    Some(rest.split_once(end)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a bucket says of an answer, and whether it says that it may pass.
    fn said(answer: &str) -> (String, bool) {
        let words = Words { place: "the bucket \"b\"".to_owned() };
        let error = object_store::Error::Generic { store: "S3", source: answer.into() };
        let error = words.error(&error);
        let may_pass = error.may_pass();
        match error {
            BlobError::Full(error) => (format!("full: {error}"), may_pass),
            BlobError::Unavailable(error) => (error.to_string(), may_pass),
            error => panic!("{error:?}"),
        }
    }

    #[test]
    fn answers_in_words() {
        let stays = |answer: &str, expect: &str| {
            assert_eq!(said(answer), (expect.to_owned(), false), "{answer}");
        };
        let may_pass = |answer: &str, expect: &str| {
            assert_eq!(said(answer), (expect.to_owned(), true), "{answer}");
        };
        let answer = |status: &str, code: &str| {
            format!(
                "Server returned non-2xx status code: {status}: <Error><Code>{code}</Code>\
                 <StringToSign>hunter2</StringToSign></Error>"
            )
        };
        stays(
            &answer("404 Not Found", "NoSuchBucket"),
            "the bucket \"b\" does not exist; make it, or name another (NoSuchBucket)",
        );
        stays(
            &answer("403 Forbidden", "SignatureDoesNotMatch"),
            "the bucket \"b\" refuses the access key; check it, its secret and what it may do \
             (SignatureDoesNotMatch)",
        );
        stays(
            "Server returned non-2xx status code: 403 Forbidden: ",
            "the bucket \"b\" refuses the access key; check it, its secret and what it may do (403)",
        );
        stays(
            &answer("403 Forbidden", "RequestTimeTooSkewed"),
            "the bucket \"b\" has another time than this machine; set the clock (RequestTimeTooSkewed)",
        );
        stays(
            &answer("301 Moved Permanently", "PermanentRedirect"),
            "the bucket \"b\" is in another region; name that (PermanentRedirect)",
        );
        stays(
            &answer("400 Bad Request", "InvalidRequest"),
            "the bucket \"b\" cannot do what it was asked for (InvalidRequest)",
        );
        stays(
            "Error performing PUT http://169.254.169.254/latest/api/token in 1s",
            "the bucket \"b\" needs an access key, and none is set",
        );
        may_pass(
            &answer("503 Service Unavailable", "SlowDown"),
            "the bucket \"b\" cannot do what it was asked for (SlowDown)",
        );
        may_pass(
            "Server returned non-2xx status code: 429 Too Many Requests: ",
            "the bucket \"b\" cannot do what it was asked for (429)",
        );
        may_pass("no such host", "the bucket \"b\" cannot be reached: no such host");
        stays(
            &answer("403 Forbidden", "QuotaExceeded"),
            "full: the bucket \"b\" is full (QuotaExceeded)",
        );
        stays(
            "Server returned non-2xx status code: 507 Insufficient Storage: ",
            "full: the bucket \"b\" is full (507)",
        );
    }
}
