//! Whether the server lives, and whether it can work. Open to everyone.

use actix_web::web;
use pressroom_application::{App as Site, Error};
use pressroom_domain::BlobHash;
use pressroom_ports::Slice;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, value};
use crate::endpoint::Endpoint;
use crate::openapi;
use crate::problem::Problem;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        living(),
        Endpoint::at("/readyz").open().get(ready).says(
            openapi::value::<Health>("Ask whether the server can work").details(
                "The store and the place of files answer too. A server that was told to stop is \
                     not ready: it finishes what it works on, and wants no more.",
            ),
        ),
    ]
}

/// Whether the process lives; nothing else is asked.
pub(super) fn living() -> Endpoint {
    Endpoint::at("/healthz")
        .open()
        .get(live)
        .says(openapi::value::<Health>("Ask whether the server lives"))
}

/// How the server is.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"status": "ok"}))]
struct Health {
    /// `ok`, or `ready`.
    status: &'static str,
}

/// The process answers.
async fn live() -> Answer {
    value(&Health { status: "ok" })
}

/// The store and the place of finished files answer, and the server is not about to end.
async fn ready(site: web::Data<Site>) -> Answer {
    if site.draining.has_begun() {
        return Err(Problem::unavailable("this server is about to end; ask another one"));
    }
    site.stores.categories.list(Slice::first(1)).await.map_err(Error::from)?;
    site.blobs.exists(&BlobHash::from_bytes([0; 32])).await.map_err(Error::from)?;
    value(&Health { status: "ready" })
}
