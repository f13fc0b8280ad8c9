//! A panic ends its request and nothing else.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use futures_util::FutureExt;

use crate::problem::Problem;

/// Answers a request whose handler panics like one that met a thing that is away: the caller can do
/// nothing about it. The log has the words of the panic, the answer has not.
pub(crate) async fn catch<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    // What a handler shares with others are ports; those hold across panics as across errors.
    let call = AssertUnwindSafe(async move { next.call(request).await });
    call.catch_unwind().await.unwrap_or_else(|panic| {
        tracing::error!(panic = words(&*panic), "a request ended in a panic");
        let detail = "the server could not answer; its log tells why";
        Err(Problem::unavailable(detail).into())
    })
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&'static str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no words")
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, init_service, try_call_service};
    use actix_web::{App, HttpResponse, web};

    use super::*;

    async fn fail() -> HttpResponse {
        panic!("a secret")
    }

    #[actix_web::test]
    async fn a_panic_is_a_503_without_its_words() {
        let app = App::new().route("/", web::get().to(fail)).wrap(from_fn(catch));
        let service = init_service(app).await;
        let error = try_call_service(&service, TestRequest::get().to_request()).await.unwrap_err();
        let answer = error.error_response();
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers().get("retry-after").unwrap(), "5");
        let body = actix_web::body::to_bytes(answer.into_body()).await.unwrap();
        assert!(!String::from_utf8_lossy(&body).contains("secret"));
    }
}
