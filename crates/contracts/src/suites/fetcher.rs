//! What a `Fetcher` promises.

use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pressroom_domain::Secret;
use pressroom_ports::{FetchError, FetchRequest, Fetched, Fetcher};

use super::assert_error;

/// Makes tests of a fetcher.
#[macro_export]
macro_rules! fetcher_contract {
    ($make:expr) => {
        $crate::suite! { fetcher, $make,
            a_document_comes_whole
            an_empty_document_comes
            what_is_known_is_not_sent_again
            what_is_not_there_is_told_with_its_status
            a_host_that_is_not_trusted_is_not_asked
            only_addresses_of_the_web_are_fetched
            a_document_of_the_longest_length_comes
            a_longer_document_does_not
            an_answer_is_not_waited_for_longer_than_asked
            a_document_that_is_cut_off_is_none
            messages_hold_no_secret
        }
    };
}

/// What stands at `/hello`.
pub const HELLO: &[u8] = b"{\"hello\": \"world\"}";

/// A fetcher, and a host that it trusts.
pub struct Fixture {
    /// The fetcher.
    pub fetcher: Arc<dyn Fetcher>,
    /// The host, such as `http://127.0.0.1:3000`. At `/hello` it gives [`HELLO`] as
    /// `application/json` with the tag `"1"`, at `/empty` nothing, at `/missing` a 404. At `/slow` it
    /// never ends its answer, at `/cut` it breaks off.
    pub host: String,
    /// A host that the fetcher does not trust.
    pub other: String,
    /// Whatever must outlive the fetcher, such as a server.
    pub guard: Box<dyn Any + Send + Sync>,
}

impl Fixture {
    fn at(&self, path: &str) -> FetchRequest {
        FetchRequest::new(format!("{}{path}", self.host))
    }

    async fn get(&self, request: &FetchRequest) -> Result<Fetched, FetchError> {
        self.fetcher.get(request).await
    }
}

/// Bytes, type and tag are as the host gives them.
pub async fn a_document_comes_whole(made: &Fixture) {
    let fetched = made.get(&made.at("/hello")).await.unwrap();
    let expect = Fetched::Document {
        content_type: Some("application/json".into()),
        tag: Some("\"1\"".into()),
        bytes: HELLO.to_vec(),
    };
    assert_eq!(fetched, expect);
}

/// A document of no bytes is one.
pub async fn an_empty_document_comes(made: &Fixture) {
    let fetched = made.get(&made.at("/empty")).await.unwrap();
    assert!(matches!(&fetched, Fetched::Document { bytes, .. } if bytes.is_empty()), "{fetched:?}");
}

/// The tag spares the document's way.
pub async fn what_is_known_is_not_sent_again(made: &Fixture) {
    let knowing = |tag: &str| FetchRequest { known: Some(tag.into()), ..made.at("/hello") };
    assert_eq!(made.get(&knowing("\"1\"")).await.unwrap(), Fetched::Unchanged);
    let fetched = made.get(&knowing("\"0\"")).await.unwrap();
    assert!(matches!(fetched, Fetched::Document { .. }));
}

/// Another status than 200 is an error, whatever comes with it.
pub async fn what_is_not_there_is_told_with_its_status(made: &Fixture) {
    let answer = made.get(&made.at("/missing")).await;
    assert_error!(answer, FetchError::Refused { status: 404, .. });
}

/// A host that is not on the list.
pub async fn a_host_that_is_not_trusted_is_not_asked(made: &Fixture) {
    let answer = made.get(&FetchRequest::new(format!("{}/hello", made.other))).await;
    assert_error!(answer, FetchError::Untrusted { .. });
}

/// Files and the like are none.
pub async fn only_addresses_of_the_web_are_fetched(made: &Fixture) {
    for url in ["", "hello", "file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x"] {
        assert_error!(made.get(&FetchRequest::new(url)).await, FetchError::Malformed(_));
    }
}

/// The bound belongs to what is allowed.
pub async fn a_document_of_the_longest_length_comes(made: &Fixture) {
    let request = FetchRequest { max_bytes: HELLO.len() as u64, ..made.at("/hello") };
    assert!(matches!(made.get(&request).await.unwrap(), Fetched::Document { .. }));
}

/// One byte more is too much.
pub async fn a_longer_document_does_not(made: &Fixture) {
    let max_bytes = HELLO.len() as u64 - 1;
    let answer = made.get(&FetchRequest { max_bytes, ..made.at("/hello") }).await;
    assert_error!(answer, FetchError::TooLong { .. });
}

/// Who never ends an answer holds nobody up.
pub async fn an_answer_is_not_waited_for_longer_than_asked(made: &Fixture) {
    let timeout = Duration::from_millis(300);
    let begun = Instant::now();
    let answer = made.get(&FetchRequest { timeout, ..made.at("/slow") }).await;
    assert_error!(answer, FetchError::TooSlow { .. });
    assert!(begun.elapsed() < Duration::from_secs(10));
}

/// Half a document would be wrong rows.
pub async fn a_document_that_is_cut_off_is_none(made: &Fixture) {
    assert_error!(made.get(&made.at("/cut")).await, FetchError::Away { .. });
}

/// Addresses, headers and credentials stay out of messages and of what is printed.
pub async fn messages_hold_no_secret(made: &Fixture) {
    for path in ["/missing", "/cut", "/slow"] {
        for host in [&made.host, &made.other] {
            let with_user = host.replacen("://", "://ann:hunter2@", 1);
            let request = FetchRequest {
                headers: vec![("X-Key".into(), Secret::new("hunter3"))],
                timeout: Duration::from_millis(200),
                ..FetchRequest::new(format!("{with_user}{path}?key=hunter4"))
            };
            let error = made.get(&request).await.unwrap_err();
            let told = format!("{error} {error:?} {request:?} {:?}", made.fetcher);
            assert!(!told.contains("hunter") && !told.contains(path), "{told}");
        }
    }
}
