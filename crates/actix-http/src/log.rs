//! What the log hears of requests.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, web};
use pressroom_application::{App as Site, Trouble};

/// Tells of what was away when a request needed it; and of each request what became of it, at level
/// debug. Neither query nor headers: they may hold what is nobody's business.
pub(crate) async fn requests<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return next.call(request).await.map(tell);
    }
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let start = Instant::now();
    let response = next.call(request).await.map(tell);
    let status = match &response {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    let (status, elapsed_us) = (status.as_u16(), start.elapsed().as_micros());
    tracing::debug!(%method, path, status, elapsed_us, "answered a request");
    response
}

/// Tells of what was away.
fn tell<B>(mut response: ServiceResponse<B>) -> ServiceResponse<B> {
    let trouble = response.response_mut().extensions_mut().remove::<Trouble>();
    if let (Some(trouble), Some(site)) = (trouble, response.request().app_data::<web::Data<Site>>())
    {
        site.outages.note(&trouble);
    }
    response
}
