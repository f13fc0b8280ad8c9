//! Whether the server lives, and whether it can work. Open to everyone.

use actix_web::web;
use pressroom_application::{App as Site, Error};
use pressroom_domain::BlobHash;
use pressroom_ports::Slice;
use serde::Serialize;

use crate::answer::{Answer, value};
use crate::endpoint::Endpoint;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::at("/healthz").open().get(live), Endpoint::at("/readyz").open().get(ready)]
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

/// The process answers.
async fn live() -> Answer {
    value(&Health { status: "ok" })
}

/// The store and the place of finished files answer.
async fn ready(site: web::Data<Site>) -> Answer {
    site.stores.categories.list(Slice::first(1)).await.map_err(Error::from)?;
    site.blobs.exists(&BlobHash::from_bytes([0; 32])).await.map_err(Error::from)?;
    value(&Health { status: "ready" })
}
