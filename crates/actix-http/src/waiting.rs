//! What stands at the address of a site whose store is not there yet.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, Error, web};

use crate::answer::Answer;
use crate::endpoint::Endpoint;
use crate::paths::Paths;
use crate::problem::Problem;
use crate::{Config, headers, log, metrics, panics, paths, routes};

/// Says to programs that the site is not there yet, and to browsers by the pages of `config`.
pub(crate) fn app(
    config: Config,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let patterns: Vec<&'static str> = routes::endpoints().iter().map(Endpoint::pattern).collect();
    let known = Paths::new(patterns.iter().copied());
    let pages = config.pages.clone();
    let defaults = headers::defaults(&config);
    App::new()
        .app_data(web::Data::new(config))
        .app_data(web::Data::new(known))
        .configure(|app| {
            routes::while_waiting().into_iter().for_each(|endpoint| endpoint.register(app));
            for pattern in patterns {
                app.service(web::resource(pattern).to(away));
            }
            if let Some(pages) = &pages {
                pages.register(app, || web::to(away));
            }
        })
        .default_service(web::to(away))
        .wrap(from_fn(paths::normalise))
        .wrap(defaults)
        .wrap(from_fn(close))
        .wrap(from_fn(log::requests))
        .wrap(from_fn(metrics::count))
        .wrap(from_fn(panics::catch))
}

/// Answers whatever is asked of a site that is not there yet.
pub(crate) async fn away() -> Answer {
    let detail = "the server is starting and waits for its store; try again in a moment";
    Err(Problem::unavailable(detail))
}

/// Ends each connection with its answer: the next one may reach the site itself.
async fn close<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let mut response = next.call(request).await?;
    response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use actix_web::HttpResponse;
    use actix_web::http::Method;
    use actix_web::test::{TestRequest, call_service, init_service, read_body};

    use super::*;
    use crate::Pages;

    #[actix_web::test]
    async fn everything_but_a_sign_of_life_is_a_503() {
        let pages = Pages::new(|config| {
            config.default_service(web::to(|| async { HttpResponse::Gone().body("a page") }));
        });
        let config = Config { pages: Some(pages), ..Config::default() };
        let service = init_service(app(config)).await;
        let ask = async |method: Method, path: &str| {
            let request = TestRequest::with_uri(path).method(method).to_request();
            call_service(&service, request).await
        };
        assert_eq!(ask(Method::GET, "/HealthZ/").await.status(), 200);
        for (method, path) in [
            (Method::GET, "/readyz"),
            (Method::POST, "/OAuth/token"),
            (Method::GET, "/api/documents"),
            (Method::DELETE, "/API/Documents/7/"),
            (Method::GET, "/api/nowhere"),
        ] {
            let answer = ask(method, path).await;
            assert_eq!(answer.status(), 503, "{path}");
            assert_eq!(answer.headers().get("retry-after").unwrap(), "5", "{path}");
            let kind = answer.headers().get("content-type").unwrap().clone();
            assert_eq!(kind, "application/problem+json", "{path}");
            let body = read_body(answer).await;
            assert!(String::from_utf8_lossy(&body).contains("waits for its store"), "{path}");
        }
        for path in ["/", "/documents/7"] {
            assert_eq!(ask(Method::GET, path).await.status(), 410, "{path}: it is the pages'");
        }
    }
}
