//! The port.

use std::error::Error;
use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use pressroom_ports::{FetchError, FetchRequest, Fetched, Fetcher};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect;
use reqwest::{Client, Response, StatusCode};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};

use crate::body::{Body, BodyError};
use crate::hop::{Hop, Target};
use crate::policy::Policy;
use crate::resolver::{Resolver, SystemResolver};

/// How many redirections are followed.
const REDIRECTIONS: usize = 5;
/// The most headers of a request, and the longest of their values in bytes.
const HEADERS: usize = 64;
const HEADER_BYTES: usize = 8 << 10;
/// Headers that say how a request is carried, or which host is meant: they are the fetcher's own.
const OWN_HEADERS: [HeaderName; 9] = [
    header::HOST,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::TE,
    header::TRAILER,
    header::UPGRADE,
    header::EXPECT,
    header::PROXY_AUTHORIZATION,
];

/// Fetches documents by HTTP, by a [`Policy`].
#[derive(Debug)]
pub struct HttpFetcher {
    policy: Policy,
    resolver: Arc<dyn Resolver>,
    /// Authorities beside those of the operating system.
    authorities: Vec<CertificateDer<'static>>,
    tls: OnceLock<ClientConfig>,
}

impl HttpFetcher {
    /// A fetcher that follows a policy, and looks names up as the operating system does.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self::with_resolver(policy, Arc::new(SystemResolver))
    }

    /// The same with another resolver.
    #[must_use]
    pub fn with_resolver(policy: Policy, resolver: Arc<dyn Resolver>) -> Self {
        Self { policy, resolver, authorities: Vec::new(), tls: OnceLock::new() }
    }

    /// Trusts an authority for the certificates of hosts, beside those that the operating system
    /// trusts.
    #[must_use]
    pub fn trusting(mut self, authority: CertificateDer<'static>) -> Self {
        self.authorities.push(authority);
        self
    }

    /// What TLS needs. Reading the authorities of the operating system takes a moment: only once, and
    /// only where it is needed.
    fn tls(&self) -> ClientConfig {
        let made = self.tls.get_or_init(|| {
            // Whoever came first has chosen for the whole process, and is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            roots.add_parsable_certificates(self.authorities.iter().cloned());
            ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
        });
        made.clone()
    }

    /// A client that reaches nothing but the machines of a hop, and follows nothing.
    fn client(&self, hop: &Hop, timeout: Duration) -> Result<Client, reqwest::Error> {
        let client = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .referer(false)
            .http1_only()
            // Connections are not kept: the next request is judged anew.
            .pool_max_idle_per_host(0)
            .connect_timeout(timeout)
            .tls_backend_preconfigured(self.tls());
        match hop.target.domain() {
            Some(domain) => client.resolve_to_addrs(domain, &hop.machines),
            None => client,
        }
        .build()
    }

    /// Asks, and follows redirections, until a document or an error comes.
    async fn follow(&self, request: &FetchRequest) -> Result<Fetched, FetchError> {
        let (first, user) = Target::read(request.url.reveal())?;
        let given = headers(request, user)?;
        let mut target = first.clone();
        let mut from = None;
        for _ in 0..=REDIRECTIONS {
            let hop = Hop::judge(target, &self.policy, &*self.resolver, from).await?;
            let host = hop.target.name();
            let client = self.client(&hop, request.timeout).map_err(|error| away(&host, &error))?;
            let mut asked = client
                .get(hop.target.url().clone())
                .header(header::USER_AGENT, "Pressroom")
                .header(header::ACCEPT_ENCODING, "gzip");
            if hop.target.is_same_host(&first) {
                asked = asked.headers(given.clone());
            }
            let answer = asked.send().await.map_err(|error| away(&host, &error))?;
            match answer.status() {
                StatusCode::OK => return document(answer, host, request.max_bytes).await,
                StatusCode::NOT_MODIFIED if request.known.is_some() => {
                    return Ok(Fetched::Unchanged);
                }
                status if is_redirection(status) => {
                    target = redirected(&hop.target, &answer)
                        .map_err(|problem| FetchError::Redirected { host, problem })?;
                    from = Some(hop.reach);
                }
                status => return Err(refused(host, status)),
            }
        }
        let problem = "again and again; give the address that it leads to";
        Err(FetchError::Redirected { host: first.name(), problem })
    }
}

#[async_trait]
impl Fetcher for HttpFetcher {
    async fn get(&self, request: &FetchRequest) -> Result<Fetched, FetchError> {
        match tokio::time::timeout(request.timeout, self.follow(request)).await {
            Ok(fetched) => fetched,
            Err(_) => {
                let (target, _) = Target::read(request.url.reveal())?;
                let seconds = request.timeout.as_secs().max(1);
                Err(FetchError::TooSlow { host: target.name(), seconds })
            }
        }
    }
}

/// The headers of a request, its credentials among them.
fn headers(
    request: &FetchRequest,
    user: Option<(String, String)>,
) -> Result<HeaderMap, FetchError> {
    let malformed = |message: String| FetchError::Malformed(message);
    if request.headers.len() > HEADERS {
        return Err(malformed(format!("there are more than {HEADERS} headers")));
    }
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        let read = name.trim().parse::<HeaderName>();
        let read = read.map_err(|_| malformed("the name of a header is none".into()))?;
        if OWN_HEADERS.contains(&read) {
            return Err(malformed(format!("the header {read} cannot be given; leave it out")));
        }
        // What comes is unpacked here.
        if read == header::ACCEPT_ENCODING {
            continue;
        }
        headers.insert(
            read.clone(),
            secret(value.reveal()).ok_or_else(|| {
                malformed(format!("the value of the header {read} holds what no header can"))
            })?,
        );
    }
    let basic = request.basic.as_ref();
    let basic = basic.map(|(user, password)| (user.clone(), password.reveal().to_owned()));
    if let Some((user, password)) = basic.or(user) {
        if user.contains(':') {
            return Err(malformed("the user's name must not hold a colon".into()));
        }
        let value = secret(&format!("Basic {}", BASE64.encode(format!("{user}:{password}"))));
        let value = value.ok_or_else(|| malformed("user and password are too long".into()))?;
        headers.insert(header::AUTHORIZATION, value);
    }
    if let Some(known) = &request.known {
        let value = HeaderValue::from_str(known);
        let value = value.map_err(|_| malformed("the known tag is none".into()))?;
        headers.insert(header::IF_NONE_MATCH, value);
    }
    Ok(headers)
}

fn secret(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok().filter(|value| value.len() <= HEADER_BYTES)?;
    value.set_sensitive(true);
    Some(value)
}

fn is_redirection(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Where an answer leads.
fn redirected(asked: &Target, answer: &Response) -> Result<Target, &'static str> {
    let location = answer.headers().get(header::LOCATION);
    let location = location.and_then(|location| std::str::from_utf8(location.as_bytes()).ok());
    asked.redirected(location.ok_or("without saying where to")?)
}

/// The document of an answer.
async fn document(
    mut answer: Response,
    host: String,
    max_bytes: u64,
) -> Result<Fetched, FetchError> {
    let text = |name: HeaderName| {
        let value = answer.headers().get(name)?.to_str().ok()?;
        Some(value.to_owned())
    };
    let content_type = text(header::CONTENT_TYPE);
    let tag = text(header::ETAG);
    let packing = text(header::CONTENT_ENCODING).unwrap_or_default().to_ascii_lowercase();
    let packed = match &*packing {
        "" | "identity" => false,
        "gzip" | "x-gzip" => true,
        _ => {
            let problem = "it packs the document in a way that was not asked for".into();
            return Err(FetchError::Away { host, problem });
        }
    };
    if !packed && answer.content_length().is_some_and(|length| length > max_bytes) {
        return Err(FetchError::TooLong { host, max_bytes });
    }
    let mut body = Body::new(max_bytes, packed);
    let told = |error: BodyError| match error {
        BodyError::TooLong => FetchError::TooLong { host: host.clone(), max_bytes },
        BodyError::Damaged => {
            let problem = "the document comes damaged".into();
            FetchError::Away { host: host.clone(), problem }
        }
    };
    while let Some(piece) = answer.chunk().await.map_err(|error| away(&host, &error))? {
        body.take(&piece).map_err(told)?;
    }
    Ok(Fetched::Document { content_type, tag, bytes: body.finish().map_err(told)? })
}

/// An answer that is no document. What it says stays there: it is somebody else's words.
fn refused(host: String, status: StatusCode) -> FetchError {
    let meaning = match status.as_u16() {
        401 => "it wants a user and a password, or others than those given",
        403 => "it does not give the document to this site",
        404 | 410 => "there is no such document; see that the address is right",
        407 => "it wants to be asked through a proxy",
        429 => "it was asked too often; try again later",
        400..=499 => "it does not understand the address or a header",
        500..=599 => "it is in trouble; try again later",
        _ => "that is no document",
    };
    FetchError::Refused { host, status: status.as_u16(), meaning }
}

/// What is in the way of a connection, without the address, which may hold secrets.
fn away(host: &str, error: &reqwest::Error) -> FetchError {
    let problem = match tls_error(error) {
        Some(rustls::Error::InvalidCertificate(problem)) => {
            format!("its certificate is not trusted ({problem})")
        }
        Some(_) => "no secure connection comes about".to_owned(),
        None if error.is_connect() => "it cannot be reached".to_owned(),
        None if error.is_timeout() => "it does not answer in time".to_owned(),
        None => "it breaks off, or does not answer as a web server does".to_owned(),
    };
    FetchError::Away { host: host.to_owned(), problem }
}

/// What TLS says is wrong, where it is TLS.
fn tls_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    if let Some(error) = error.downcast_ref() {
        return Some(error);
    }
    // The source of such an error is not what it holds, but the source of that.
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => tls_error(inner),
        None => error.source().and_then(tls_error),
    }
}
