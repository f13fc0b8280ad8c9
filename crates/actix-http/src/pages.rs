//! Pages for people, which another crate brings.

use std::fmt;
use std::sync::Arc;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::{Next, from_fn};
use actix_web::{Error, ResponseError, Route, web};

use crate::rate::Rates;
use crate::{client, deadline};

/// Pages for people, served beside the API. They take every path that the API does not: below `/api`
/// and `/oauth`, what is not there stays a problem that programs can read.
#[derive(Clone)]
pub struct Pages(Arc<dyn Fn(&mut web::ServiceConfig) + Send + Sync>);

impl Pages {
    /// Pages that this puts into a server; it is called once for each of its threads.
    pub fn new(register: impl Fn(&mut web::ServiceConfig) + Send + Sync + 'static) -> Self {
        Self(Arc::new(register))
    }

    /// Puts them into an app. What programs ask for and is not there is left to `nowhere`.
    pub(crate) fn register(&self, app: &mut web::ServiceConfig, nowhere: impl Fn() -> Route) {
        for programs in ["/api", "/oauth"] {
            app.service(web::scope(programs).default_service(nowhere()));
        }
        let pages = web::scope("").configure(|config| (self.0)(config));
        app.service(pages.wrap(from_fn(deadline::keep_around)).wrap(from_fn(count)));
    }
}

impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pages").finish_non_exhaustive()
    }
}

/// Counts what is posted by address: that is how passwords are tried.
async fn count<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    if *request.method() == Method::POST
        && let Some(rates) = request.app_data::<web::Data<Rates>>()
        && let Err(problem) = rates.address(client::address(request.request()))
    {
        return Ok(request.into_response(problem.error_response()).map_into_right_body());
    }
    next.call(request).await.map(ServiceResponse::map_into_left_body)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, HttpResponse};

    use super::*;
    use crate::{Config, routes};

    #[actix_web::test]
    async fn pages_take_what_the_api_does_not_and_are_posted_to_within_bounds() {
        let pages = Pages::new(|config| {
            config.route("/documents/{id}", web::get().to(HttpResponse::Created));
            config.default_service(web::to(|| async { HttpResponse::Accepted().finish() }));
        });
        let config =
            Config { address_requests_per_second: NonZeroU32::new(2), ..Config::default() };
        let app = App::new()
            .app_data(web::Data::new(Rates::new(&config)))
            .app_data(web::Data::new(config.clone()))
            .configure(|app| pages.register(app, || web::to(routes::nowhere)));
        let service = init_service(app).await;
        let status = async |method: Method, path: &str| {
            let peer = ([192, 0, 2, 1], 4711).into();
            let request = TestRequest::with_uri(path).method(method).peer_addr(peer).to_request();
            call_service(&service, request).await.status().as_u16()
        };
        assert_eq!(status(Method::GET, "/documents/1").await, 201);
        for path in ["/", "/apis", "/a/b/"] {
            assert_eq!(status(Method::GET, path).await, 202, "{path}");
        }
        let posted = [1, 2, 3].map(|_| status(Method::POST, "/sign-in"));
        let mut answers = Vec::new();
        for answer in posted {
            answers.push(answer.await);
        }
        assert_eq!(answers, [202, 202, 429]);
        assert_eq!(status(Method::GET, "/").await, 202);
    }
}
