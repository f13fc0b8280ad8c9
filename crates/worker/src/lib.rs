//! Claims due work and calls the application.
//!
//! A [`Worker`] works on some exports at a time, and sends the mails that wait. Work that was queued in the same process wakes it
//! at once; what another node queued, or left behind, is found by looking: soon after there was
//! something to do, and ever less often while there is not. Claims, leases and signs of life are the
//! application's; this crate decides only when to look, how many at a time, and how to stop. Other
//! nodes hear of this one from its start to its end.
//!
//! ```no_run
//! # async fn run(site: pressroom_application::App) {
//! use pressroom_application::nodes::ThisNode;
//! use pressroom_domain::NodeName;
//! use pressroom_worker::{Config, Worker};
//!
//! let this = ThisNode {
//!     name: NodeName::new("node-1"),
//!     version: "1.0.0".to_owned(),
//!     address: "127.0.0.1:8080".to_owned(),
//!     started_at: site.clock.now(),
//! };
//! let worker = Worker::start(site, this, Config::default());
//! // … until the process is told to end:
//! worker.stop().await;
//! # }
//! ```

mod config;
mod duty;
mod presence;
mod worker;

pub use config::Config;
pub use worker::Worker;
