//! The figures for a monitoring system.

use actix_web::{HttpRequest, HttpResponse, web};
use pressroom_application::{App as Site, authorise};

use crate::answer::Answer;
use crate::endpoint::Endpoint;
use crate::problem::Problem;
use crate::{Config, auth, client, openapi};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::at("/metrics").open().get(figures).says(
        openapi::text("Read the figures", "text/plain")
            .details(
                "In Prometheus' text format. Open to the addresses that the site names; others have \
                 to be administrators.",
            )
            .or(401, "")
            .or(403, "")
            .or(404, "This server keeps no figures."),
    )]
}

/// `GET /metrics`: Prometheus' text format. Open to the addresses that the site names, by default
/// those of this machine; everyone else has to be an administrator.
async fn figures(request: HttpRequest, site: web::Data<Site>, config: web::Data<Config>) -> Answer {
    let Some(metrics) = &config.metrics else {
        return Err(Problem::not_found("this server keeps no figures"));
    };
    if !client::address(&request).is_some_and(|address| metrics.are_open_to(address)) {
        let caller = auth::caller(&request, &site).await?;
        authorise::administration(&caller)?;
    }
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    Ok(HttpResponse::Ok().content_type(kind).body(metrics.render()))
}
