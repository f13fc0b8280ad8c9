//! A line of the log for each request.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;

/// Tells of each request what became of it, at level debug. Neither query nor headers: they may hold
/// what is nobody's business.
pub(crate) async fn requests<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return next.call(request).await;
    }
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let start = Instant::now();
    let response = next.call(request).await;
    let status = match &response {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    let (status, elapsed_us) = (status.as_u16(), start.elapsed().as_micros());
    tracing::debug!(%method, path, status, elapsed_us, "answered a request");
    response
}
