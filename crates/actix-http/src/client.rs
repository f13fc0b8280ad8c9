//! Where a request comes from, also through proxies.

use std::net::IpAddr;

use actix_web::{HttpRequest, web};
use ipnet::IpNet;

use crate::Config;

/// The address of the client, for the audit trail and for limits: of the peer, or, where that is a
/// proxy that the site trusts, the one that the proxy names.
#[must_use]
pub fn address(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let config = request.app_data::<web::Data<Config>>();
    let proxies = config.map_or(&[][..], |config| &config.trusted_proxies);
    let header = |name: &str| {
        request.headers().get_all(name).filter_map(|value| value.to_str().ok()).collect::<Vec<_>>()
    };
    Some(through(proxies, peer, &header("x-forwarded-for").join(",")))
}

/// The address that a chain of proxies leads to: from the peer backwards as long as each hop is
/// trusted. What stands before an address that nobody vouches for may be made up, and is not read.
fn through(proxies: &[IpNet], peer: IpAddr, forwarded_for: &str) -> IpAddr {
    let trusted = |address: IpAddr| proxies.iter().any(|net| net.contains(&address));
    let mut address = peer;
    for hop in forwarded_for.rsplit(',') {
        if !trusted(address) {
            break;
        }
        let Some(before) = parse(hop) else { break };
        address = before;
    }
    address
}

/// An address as proxies write it: with or without a port, IPv6 with or without brackets.
fn parse(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = match hop.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None if hop.matches(':').count() == 1 => hop.split(':').next()?,
        None => hop,
    };
    bare.parse().ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(peer: &str, forwarded_for: &str, expect: &str) {
        let proxies = ["10.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()];
        let got = through(&proxies, peer.parse().unwrap(), forwarded_for);
        assert_eq!(got.to_string(), expect, "{peer} {forwarded_for}");
    }

    #[test]
    fn a_trusted_proxy_names_the_client() {
        check("10.0.0.1", "192.0.2.7", "192.0.2.7");
        check("10.0.0.1", "192.0.2.7:4711", "192.0.2.7");
        check("10.0.0.1", "[2001:db9::7]:4711", "2001:db9::7");
        check("2001:db8::1", "192.0.2.7, 10.0.0.2", "192.0.2.7");
        check("10.0.0.1", "::ffff:192.0.2.7", "192.0.2.7");
    }

    #[test]
    fn nobody_else_is_believed() {
        check("192.0.2.1", "203.0.113.9", "192.0.2.1");
        // The proxy appends the address that it saw; what the client wrote before it is made up.
        check("10.0.0.1", "203.0.113.9, 192.0.2.7", "192.0.2.7");
        check("10.0.0.1", "", "10.0.0.1");
        check("10.0.0.1", "unknown", "10.0.0.1");
        check("10.0.0.1", "203.0.113.9, unknown", "10.0.0.1");
    }
}
