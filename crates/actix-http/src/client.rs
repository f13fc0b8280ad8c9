//! Where a request comes from.

use std::net::IpAddr;

use actix_web::HttpRequest;

/// The address of the client, for the audit trail and for limits.
pub(crate) fn address(request: &HttpRequest) -> Option<IpAddr> {
    request.peer_addr().map(|peer| peer.ip())
}
