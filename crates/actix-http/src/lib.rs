//! The REST API on actix-web: requests to use cases, and their answers and errors to HTTP.
//!
//! Nothing is decided here. A request is brought into one form ([paths](https://www.rfc-editor.org/rfc/rfc3986)
//! in any letter case, with or without a slash at the end; lenient JSON), becomes a command of
//! `pressroom-application`, and what comes back becomes an answer. Errors are
//! `application/problem+json` by RFC 9457, those of sign-in by RFC 6749.
//!
//! | module | subject |
//! |---|---|
//! | `routes/<area>` | the handlers, one file an area, and the list of what is not built yet |
//! | `dto/<area>` | what goes over the wire, and its way to commands and from entities |
//! | `lenient` | JSON as existing clients send it |
//! | `panics`, `metrics`, `log`, `deadline`, `headers`, `origins`, `encoding`, `paths`, `auth`, `rate` | what every request passes, from the outside to the inside |
//! | `tls`, `client` | what stands between: a certificate, trusted proxies |
//! | `openapi` | the API's description, made from the endpoints |
//! | `waiting` | what is answered until there is a site to ask |
//! | `problem` | one mapping from errors to statuses |
//!
//! [`Server`] listens on threads of its own. [`app`] is what it serves, for tests.
//!
//! ```no_run
//! # async fn run(site: pressroom_application::App) -> std::io::Result<()> {
//! use pressroom_actix_http::{Config, Server};
//!
//! let listener = std::net::TcpListener::bind("127.0.0.1:8080")?;
//! let server = Server::start(listener, site, Config::default())?;
//! let stopper = server.stopper();
//! // stopper.stop() from somewhere else ends it.
//! server.ended().await
//! # }
//! ```

mod answer;
mod app;
mod auth;
mod body;
mod client;
mod config;
mod cookies;
mod deadline;
mod disposition;
mod dto;
mod encoding;
mod endpoint;
mod fixed;
mod headers;
mod lenient;
mod list_request;
mod log;
mod metrics;
mod openapi;
mod origins;
mod pages;
mod panics;
mod paths;
mod precondition;
mod problem;
mod rate;
mod routes;
mod server;
mod target;
mod tls;
mod waiting;

pub use app::{app, endpoints, openapi};
pub use client::address as client_address;
pub use config::Config;
pub use metrics::Metrics;
pub use pages::Pages;
pub use server::{Server, Stopper};
pub use tls::{Tls, TlsError};
