//! How the API is set up.

use std::num::NonZeroU32;
use std::time::Duration;

use ipnet::IpNet;

use crate::{Metrics, Pages, Tls};

/// How the API is set up. What use cases decide by stands in the settings of the application.
#[derive(Clone, Debug)]
pub struct Config {
    /// Threads that take requests.
    pub threads: usize,
    /// The certificate; without one, requests are taken without TLS.
    pub tls: Option<Tls>,
    /// Proxies that tell the client's address in `X-Forwarded-For`, and are believed. None by
    /// default.
    pub trusted_proxies: Vec<IpNet>,
    /// The largest JSON body, in bytes; 10 MiB by default. Bodies with a layout are bounded by the
    /// application's `layout_bytes`.
    pub json_bytes: usize,
    /// How long a request may take until its answer begins; 0 is as long as it likes. Two minutes by
    /// default.
    pub request_time: Duration,
    /// How often a token may call; none is as often as it likes. 2,000 times by default.
    pub requests_per_second: Option<NonZeroU32>,
    /// How often an address may call without a good token, signing in included; none is as often as
    /// it likes. 100 times by default.
    pub address_requests_per_second: Option<NonZeroU32>,
    /// Origins whose pages may call from a browser, such as `https://reports.example.com`; `*` is
    /// every origin. None by default.
    pub origins: Vec<String>,
    /// What `/metrics` tells, and whom. None by default.
    pub metrics: Option<Metrics>,
    /// Pages for people, beside the API. None by default.
    pub pages: Option<Pages>,
    /// How long requests may go on once the server stops.
    pub shutdown_timeout: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            threads: std::thread::available_parallelism().map_or(2, usize::from),
            tls: None,
            trusted_proxies: Vec::new(),
            json_bytes: 10 << 20,
            request_time: Duration::from_secs(120),
            requests_per_second: NonZeroU32::new(2_000),
            address_requests_per_second: NonZeroU32::new(100),
            origins: Vec::new(),
            metrics: None,
            pages: None,
            shutdown_timeout: Duration::from_secs(10),
        }
    }
}
