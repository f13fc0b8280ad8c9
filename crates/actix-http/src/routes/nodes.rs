//! The servers of the site.

use actix_web::web;
use pressroom_application::App as Site;
use pressroom_application::nodes;

use crate::answer::{self, Answer};
use crate::auth::SignedIn;
use crate::dto::Node;
use crate::endpoint::Endpoint;
use crate::openapi;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::at("/api/nodes").get(list).says(
        openapi::list::<Node>("List the servers of the site").details(
            "All servers that share the store, those that started first at the front. One that \
                 died is listed for an hour, as not alive.",
        ),
    )]
}

/// `GET /api/nodes`
async fn list(site: web::Data<Site>, caller: SignedIn) -> Answer {
    let all = nodes::list(&site, &caller.0).await?;
    answer::list(all.iter().map(Node::from))
}
