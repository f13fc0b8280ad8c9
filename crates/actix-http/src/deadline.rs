//! How long a request may take.

use std::time::Duration;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::rt::time::timeout;
use actix_web::{Error, ResponseError, web};

use crate::Config;
use crate::problem::Problem;

/// Ends a request that takes longer than the site allows, be it that its body does not arrive or
/// that its answer is not found. What was written by then stays written.
pub(crate) async fn keep<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let limit = request.app_data::<web::Data<Config>>().map(|config| config.request_time);
    let Some(limit) = limit.filter(|limit| !limit.is_zero()) else {
        return next.call(request).await.map(ServiceResponse::map_into_left_body);
    };
    let again = request.request().clone();
    match timeout(limit, next.call(request)).await {
        Ok(answer) => answer.map(ServiceResponse::map_into_left_body),
        Err(_) => {
            Ok(ServiceResponse::new(again, late(limit).error_response()).map_into_right_body())
        }
    }
}

/// The same around what has paths of its own. These are looked up while nobody else holds the request,
/// so that the answer to one that took too long is an error, not a response.
pub(crate) async fn keep_around<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let limit = request.app_data::<web::Data<Config>>().map(|config| config.request_time);
    match limit.filter(|limit| !limit.is_zero()) {
        None => next.call(request).await,
        Some(limit) => match timeout(limit, next.call(request)).await {
            Ok(answer) => answer,
            Err(_) => Err(late(limit).into()),
        },
    }
}

fn late(limit: Duration) -> Problem {
    let seconds = limit.as_secs_f32();
    Problem::unavailable(format!(
        "the request took longer than {seconds} seconds, which is the most that is allowed; ask for \
         less, or try again in a moment"
    ))
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, HttpResponse};

    use super::*;

    async fn never() -> HttpResponse {
        std::future::pending().await
    }

    async fn at_once() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[actix_web::test]
    async fn a_request_that_takes_too_long_is_a_503() {
        let request_time = Duration::from_millis(1);
        let app = App::new()
            .app_data(web::Data::new(Config { request_time, ..Config::default() }))
            .service(web::resource("/never").wrap(from_fn(keep)).to(never))
            .service(web::resource("/at-once").wrap(from_fn(keep)).to(at_once));
        let service = init_service(app).await;
        let get = |path| TestRequest::with_uri(path).to_request();
        let answer = call_service(&service, get("/never")).await;
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers().get("retry-after").unwrap(), "5");
        assert_eq!(call_service(&service, get("/at-once")).await.status(), 200);
    }
}
