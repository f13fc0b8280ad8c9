//! How the API is set up.

use std::time::Duration;

/// How the API is set up. What use cases decide by stands in the settings of the application.
#[derive(Clone, Debug)]
pub struct Config {
    /// Threads that take requests.
    pub threads: usize,
    /// The largest JSON body, in bytes; 10 MiB by default. Bodies with a layout are bounded by the
    /// application's `layout_bytes`.
    pub json_bytes: usize,
    /// Origins whose pages may call from a browser, such as `https://reports.example.com`; `*` is
    /// every origin. None by default.
    pub origins: Vec<String>,
    /// How long requests may go on once the server stops.
    pub shutdown_timeout: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            threads: std::thread::available_parallelism().map_or(2, usize::from),
            json_bytes: 10 << 20,
            origins: Vec::new(),
            shutdown_timeout: Duration::from_secs(10),
        }
    }
}
