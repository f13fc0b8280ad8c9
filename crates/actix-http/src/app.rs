//! What the server serves.

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, Error, web};
use pressroom_application::App as Site;

use crate::endpoint::Endpoint;
use crate::paths::Paths;
use crate::rate::Rates;
use crate::{Config, encoding, headers, log, metrics, origins, panics, paths, routes};

/// Every endpoint, as its method and its pattern: for tests that leave none out.
#[must_use]
pub fn endpoints() -> Vec<(String, &'static str)> {
    let mut all: Vec<(String, &'static str)> = routes::endpoints()
        .iter()
        .flat_map(|endpoint| endpoint.methods().map(|m| (m.to_string(), endpoint.pattern())))
        .collect();
    all.sort_by(|one, other| (one.1, &one.0).cmp(&(other.1, &other.0)));
    all
}

/// The API's description: OpenAPI 3.1 as JSON.
#[must_use]
pub fn openapi() -> String {
    let document = crate::openapi::document(&routes::endpoints());
    let mut text = document.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// The API of a site, for one thread that counts by itself how often somebody calls: for tests. A
/// [`Server`](crate::Server) has several.
pub fn app(
    site: Site,
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
    let rates = Arc::new(Rates::new(&config));
    shared(site, config, rates)
}

/// The API of a site, for one of several threads that count together how often somebody calls.
pub(crate) fn shared(
    site: Site,
    config: Config,
    rates: Arc<Rates>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let endpoints = routes::endpoints();
    let known = Paths::new(endpoints.iter().map(Endpoint::pattern));
    let pages = config.pages.clone();
    let defaults = headers::defaults(&config);
    App::new()
        .app_data(web::Data::new(site))
        .app_data(web::Data::new(config))
        .app_data(web::Data::from(rates))
        .app_data(web::Data::new(known))
        .configure(|app| {
            for endpoint in endpoints {
                endpoint.register(app);
            }
            // Last: pages take all that is left.
            if let Some(pages) = &pages {
                pages.register(app, || web::to(routes::nowhere));
            }
        })
        .default_service(web::to(routes::nowhere))
        // From the inside to the outside.
        .wrap(from_fn(paths::normalise))
        .wrap(from_fn(origins::allow))
        .wrap(from_fn(encoding::spare))
        .wrap(Compress::default())
        .wrap(from_fn(encoding::tidy))
        .wrap(defaults)
        .wrap(from_fn(log::requests))
        .wrap(from_fn(metrics::count))
        .wrap(from_fn(panics::catch))
}
