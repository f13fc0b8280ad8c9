//! How a worker is set up.

use std::time::Duration;

/// How a worker is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// How many exports it works on at a time; as many as there are processors by default.
    pub concurrent: usize,
    /// How long it waits for its next look when there was nothing to do for the first time.
    pub shortest_pause: Duration,
    /// How long it waits at most: each look that finds nothing doubles the pause up to here.
    pub longest_pause: Duration,
    /// How often it drops what nobody needs any more.
    pub sweep_every: Duration,
    /// How long work that goes on may take to come to its end once the worker is stopped. What is
    /// not done by then is given back.
    pub drain: Duration,
    /// How long giving back may take. What is not given back by then waits for its lease to end.
    pub release: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            concurrent: std::thread::available_parallelism().map_or(2, usize::from),
            shortest_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(2),
            sweep_every: Duration::from_secs(10 * 60),
            drain: Duration::from_secs(5),
            release: Duration::from_secs(5),
        }
    }
}
