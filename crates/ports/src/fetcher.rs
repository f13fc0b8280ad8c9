//! Documents at addresses of the web.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use pressroom_domain::Secret;

/// What is to be fetched, and within which bounds.
#[derive(Clone, Debug)]
pub struct FetchRequest {
    /// The address: `https://host/path?query`. It may hold a user and a password, and the query may
    /// hold a key, so that it never prints.
    pub url: Secret,
    /// Headers to send with it, by name.
    pub headers: Vec<(String, Secret)>,
    /// User and password to send with it; they go over those of the address.
    pub basic: Option<(String, Secret)>,
    /// The most bytes of the document, after it is unpacked.
    pub max_bytes: u64,
    /// The longest that all of it may take.
    pub timeout: Duration,
    /// The tag of the document as it is known: one that is still the same is not sent again.
    pub known: Option<String>,
}

impl FetchRequest {
    /// The document at an address, without credentials: 64 MiB at most, within 30 seconds.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: Secret::new(url),
            headers: Vec::new(),
            basic: None,
            max_bytes: 64 << 20,
            timeout: Duration::from_secs(30),
            known: None,
        }
    }
}

/// What came.
#[derive(Clone, PartialEq, Eq)]
pub enum Fetched {
    /// The document.
    Document {
        /// What the other side says that it is, such as `text/csv; charset=utf-8`.
        content_type: Option<String>,
        /// The tag by which this state of it is known.
        tag: Option<String>,
        /// The document, unpacked.
        bytes: Vec<u8>,
    },
    /// The document is as [`FetchRequest::known`] says.
    Unchanged,
}

impl fmt::Debug for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document { content_type, tag, bytes } => f
                .debug_struct("Document")
                .field("content_type", content_type)
                .field("tag", tag)
                .field("bytes", &bytes.len())
                .finish(),
            Self::Unchanged => f.write_str("Unchanged"),
        }
    }
}

/// Why nothing came. The words are for whoever wrote the address. They hold its host at most: no
/// user, password, path or query, and nothing of what the other side answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The request makes no sense.
    #[error("{0}")]
    Malformed(String),
    /// The site does not fetch from there.
    #[error(
        "this site does not fetch from {host}; an operator can add it to the setting \
         sources.trusted_hosts"
    )]
    Untrusted {
        /// The host, with its port where that is not the usual one.
        host: String,
    },
    /// The host lies where servers of the site's own network are.
    #[error(
        "{host} lies in a private network, from which this site does not fetch under that name; an \
         operator can add it to the setting sources.private_hosts"
    )]
    Private {
        /// The host.
        host: String,
    },
    /// A redirection that is not followed.
    #[error("{host} redirects {problem}")]
    Redirected {
        /// The host that redirects.
        host: String,
        /// Where to, in words that follow "redirects".
        problem: &'static str,
    },
    /// The other side answers that it does not give it.
    #[error("{host} answers {status}: {meaning}")]
    Refused {
        /// The host.
        host: String,
        /// The status of the answer.
        status: u16,
        /// What that means, and what to do.
        meaning: &'static str,
    },
    /// The document is longer than it may be.
    #[error("the document of {host} is longer than {max_bytes} bytes, the most that is read")]
    TooLong {
        /// The host.
        host: String,
        /// How long it may be.
        max_bytes: u64,
    },
    /// It took too long. The same request may work later.
    #[error("{host} does not answer within {seconds} seconds; try again later")]
    TooSlow {
        /// The host.
        host: String,
        /// How long it might have taken.
        seconds: u64,
    },
    /// The other side cannot be reached, or breaks off. The same request may work later.
    #[error("{host} cannot be read: {problem}")]
    Away {
        /// The host.
        host: String,
        /// What is in the way.
        problem: String,
    },
}

/// Fetches documents from the web, by the one policy of the site.
///
/// # Contract
/// - Nothing MUST be asked of a host that the site does not trust: no connection, no look-up of its
///   name. A redirection counts as a new request.
/// - The address that a name stands for MUST be looked up once, and the connection MUST go to the
///   address that was judged.
/// - Headers and credentials MUST NOT be sent to another host than the one of the request.
/// - [`get`](Self::get) MUST end within the time of the request, whatever the other side does, and
///   MUST NOT hold more of a document than the request allows, packed or unpacked.
/// - Messages MUST NOT hold user, password, header, path or query.
/// - A whole document or an error: what is cut off on its way MUST be an error.
#[async_trait]
pub trait Fetcher: Send + Sync + fmt::Debug {
    /// The document at an address.
    async fn get(&self, request: &FetchRequest) -> Result<Fetched, FetchError>;
}
