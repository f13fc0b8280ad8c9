//! A web of the documents that a test puts there.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use pressroom_ports::{FetchError, FetchRequest, Fetched, Fetcher};

/// A web of the documents that a test [puts](Self::put) there. It trusts the hosts on which there is
/// something.
#[derive(Default)]
pub struct FakeFetcher {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// By address, without what follows `?`.
    pages: BTreeMap<String, Page>,
    /// How often something was asked for.
    asked: usize,
}

#[derive(Clone, Debug)]
enum Page {
    Document { content_type: String, version: u64, bytes: Vec<u8> },
    Fails(FetchError),
}

impl fmt::Debug for FakeFetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FakeFetcher")
    }
}

impl FakeFetcher {
    /// Puts a document at an address, in the place of one that is there.
    pub fn put(&self, url: &str, content_type: &str, bytes: impl Into<Vec<u8>>) {
        let mut state = self.lock();
        let version = match state.pages.get(url) {
            Some(Page::Document { version, .. }) => version + 1,
            _ => 1,
        };
        let content_type = content_type.to_owned();
        let page = Page::Document { content_type, version, bytes: bytes.into() };
        state.pages.insert(url.to_owned(), page);
    }

    /// Makes an address fail.
    pub fn fail(&self, url: &str, error: FetchError) {
        self.lock().pages.insert(url.to_owned(), Page::Fails(error));
    }

    /// How often something was asked for.
    pub fn asked(&self) -> usize {
        self.lock().asked
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The address without user and query, and its host.
fn split(url: &str) -> Option<(String, String)> {
    let (scheme, rest) = url.split_once("://")?;
    let rest = rest.split(['?', '#']).next()?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = authority.rsplit('@').next()?.to_owned();
    (matches!(scheme, "http" | "https") && !host.is_empty())
        .then(|| (format!("{scheme}://{host}/{path}"), host))
}

#[async_trait]
impl Fetcher for FakeFetcher {
    async fn get(&self, request: &FetchRequest) -> Result<Fetched, FetchError> {
        let malformed = || FetchError::Malformed("that is no address".into());
        let (url, host) = split(request.url.reveal()).ok_or_else(malformed)?;
        let mut state = self.lock();
        state.asked += 1;
        let is_of_host = |page: &String| split(page).is_some_and(|(_, other)| other == host);
        if !state.pages.keys().any(is_of_host) {
            return Err(FetchError::Untrusted { host });
        }
        match state.pages.get(&url).cloned() {
            None => Err(FetchError::Refused { host, status: 404, meaning: "there is none" }),
            Some(Page::Fails(error)) => Err(error),
            Some(Page::Document { content_type, version, bytes }) => {
                let tag = format!("\"{version}\"");
                let max_bytes = request.max_bytes;
                if request.known.as_ref() == Some(&tag) {
                    return Ok(Fetched::Unchanged);
                }
                if bytes.len() as u64 > max_bytes {
                    return Err(FetchError::TooLong { host, max_bytes });
                }
                let content_type = Some(content_type);
                Ok(Fetched::Document { content_type, tag: Some(tag), bytes })
            }
        }
    }
}
