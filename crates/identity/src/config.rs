//! What a site says about its provider.

use std::net::IpAddr;
use std::time::Duration;

use openidconnect::url::{Host, Url};
use pressroom_domain::Secret;

/// A provider, and what it knows this site by.
#[derive(Clone, Debug)]
pub struct Config {
    /// What people call it: "Sign in with NAME".
    pub name: String,
    /// Its address, below which `.well-known/openid-configuration` lies.
    pub issuer: String,
    /// What it calls this site.
    pub client_id: String,
    /// What it gave this site to show; none for a public client.
    pub client_secret: Option<Secret>,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// Where it sends browsers back to: an address of this site, as it was registered there.
    pub redirect_url: String,
    /// How long one request to it may take.
    pub timeout: Duration,
}

impl Config {
    /// What is asked for where a site does not say: enough to make an account.
    pub const SCOPES: [&str; 2] = ["profile", "email"];
    /// How long one request may take where a site does not say.
    pub const TIMEOUT: Duration = Duration::from_secs(10);
}

/// Why there can be no such provider.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// An address is none.
    #[error("{what} is not an address ({source}); it looks like {example}")]
    Address {
        /// Which.
        what: &'static str,
        /// What is wrong with it.
        source: openidconnect::url::ParseError,
        /// An example of what is right.
        example: &'static str,
    },
    /// Without TLS anybody between here and the provider could sign in as anybody.
    #[error("the issuer {0} must begin with https://; http:// is for providers on this machine")]
    Insecure(String),
    /// TLS cannot be set up.
    #[error("requests to the provider cannot be made: {0}")]
    Client(#[from] reqwest::Error),
}

/// Whether an address may be asked without TLS: it is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}

/// Whether an address may be asked at all.
pub(crate) fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_on_this_machine() {
        for (address, expect) in [
            ("https://id.example.com", true),
            ("http://localhost:3000/realm", true),
            ("http://127.0.0.1:3000", true),
            ("http://[::1]/", true),
            ("http://id.example.com", false),
            ("http://127.0.0.1.example.com", false),
            ("http://localhost.example.com", false),
            ("ftp://localhost", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(is_safe(&Url::parse(address).unwrap()), expect, "{address}");
        }
    }
}
