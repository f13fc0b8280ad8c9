//! What a monitoring system counts: requests and how long they took, by route.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use ipnet::IpNet;

/// The figures of this process, as a monitoring system reads them, and who may do so.
#[derive(Clone)]
pub struct Metrics {
    render: Arc<dyn Fn() -> String + Send + Sync>,
    from: Vec<IpNet>,
}

impl Metrics {
    /// Figures in Prometheus' text format, for clients at these addresses; administrators may read
    /// them from everywhere.
    pub fn new(from: Vec<IpNet>, render: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self { render: Arc::new(render), from }
    }

    /// The figures as they are now.
    pub(crate) fn render(&self) -> String {
        (self.render)()
    }

    /// Whether a client at this address may read them.
    pub(crate) fn are_open_to(&self, address: std::net::IpAddr) -> bool {
        self.from.iter().any(|net| net.contains(&address))
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").field("from", &self.from).finish_non_exhaustive()
    }
}

/// Counts a request. Its route is the pattern, not the path: paths are as many as there are ids.
pub(crate) async fn count<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let start = Instant::now();
    let response = next.call(request).await?;
    let route = response.request().match_pattern().unwrap_or_else(|| "none".to_owned());
    let method = method(response.request().method().as_str());
    let status = status(response.status().as_u16());
    metrics::counter!(
        "http_requests_total", "method" => method, "route" => route.clone(), "status" => status
    )
    .increment(1);
    metrics::histogram!("http_request_duration_seconds", "route" => route)
        .record(start.elapsed().as_secs_f64());
    Ok(response)
}

/// A method that is known; clients may make up others, without end.
fn method(method: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];
    KNOWN.into_iter().find(|known| *known == method).unwrap_or("other")
}

/// The class of a status, but for those that an operator looks for.
fn status(status: u16) -> &'static str {
    match status {
        401 => "401",
        403 => "403",
        404 => "404",
        409 => "409",
        429 => "429",
        503 => "503",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}
