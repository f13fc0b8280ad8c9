//! Requests to the provider, with their bounds.

use std::pin::Pin;
use std::time::Duration;

use openidconnect::http::Response;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect::Policy;

use crate::config;

/// The longest answer: a set of keys is some kilobytes.
const MOST_BYTES: usize = 1 << 20;
/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error("{0} is not an https address")]
    Insecure(String),
    #[error("the answer of {0} is longer than {MOST_BYTES} bytes")]
    TooLong(String),
    #[error("{0}")]
    Failed(#[source] reqwest::Error),
    #[error("the answer cannot be read: {0}")]
    Unreadable(#[from] openidconnect::http::Error),
}

impl From<reqwest::Error> for HttpError {
    fn from(error: reqwest::Error) -> Self {
        // Addresses of the provider may carry what is nobody's business.
        Self::Failed(error.without_url())
    }
}

/// Makes requests that follow no redirection, take no longer than they may, and read no more than is
/// bearable.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    client: reqwest::Client,
}

impl Http {
    pub(crate) fn new(timeout: Duration) -> Result<Self, reqwest::Error> {
        // Whoever came first has chosen for the whole process, and is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            // Sign-ins are rare: a connection that was kept has mostly been closed over there.
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT.min(timeout))
            .timeout(timeout)
            .build()?;
        Ok(Self { client })
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let request = reqwest::Request::try_from(request)?;
        let host = request.url().host_str().unwrap_or_default().to_owned();
        // The provider tells the addresses: it must not send the site's secret around in the clear.
        if !config::is_safe(request.url()) {
            return Err(HttpError::Insecure(host));
        }
        let mut answer = self.client.execute(request).await?;
        let mut head = Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            head = head.header(name, value);
        }
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await? {
            if body.len() + piece.len() > MOST_BYTES {
                return Err(HttpError::TooLong(host));
            }
            body.extend_from_slice(&piece);
        }
        Ok(head.body(body)?)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
