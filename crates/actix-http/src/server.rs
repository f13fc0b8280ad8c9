//! Listening.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::{self, ServerHandle};
use pressroom_application::App as Site;

use crate::app::shared;
use crate::rate::Rates;
use crate::{Config, waiting};

/// How long a connection may lie idle: longer than clients wait between two looks at an export.
const KEEP_ALIVE: Duration = Duration::from_secs(120);

/// A server that takes requests on threads of its own.
pub struct Server {
    running: dev::Server,
}

/// Stops a [`Server`]. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Stopper {
    handle: ServerHandle,
}

/// Listens for what a function makes for each thread. The types of such functions have no names.
macro_rules! listen {
    ($app:expr, $listener:expr, $config:expr) => {{
        let server = HttpServer::new($app)
            .workers($config.threads.max(1))
            .keep_alive(KEEP_ALIVE)
            .shutdown_timeout($config.shutdown_timeout.as_secs())
            .disable_signals();
        let server = match $config.tls {
            Some(tls) => {
                let tls = tls.server_config().map_err(io::Error::other)?;
                server.listen_rustls_0_23($listener, tls)?
            }
            None => server.listen($listener)?,
        };
        Ok(Self { running: server.run() })
    }};
}

impl Server {
    /// Starts to listen. To be called within a Tokio runtime; signals are the caller's to watch.
    ///
    /// # Errors
    /// Where the listener or the certificate cannot be used.
    pub fn start(listener: TcpListener, site: Site, config: Config) -> io::Result<Self> {
        let rates = Arc::new(Rates::new(&config));
        let app = {
            let config = config.clone();
            move || shared(site.clone(), config.clone(), rates.clone())
        };
        listen!(app, listener, config)
    }

    /// Starts to listen for a site that is not there yet: whatever is asked, but for `/healthz`, is
    /// answered with 503 and when to ask again; in the API's words, or by the pages of `config`.
    ///
    /// # Errors
    /// Where the listener or the certificate cannot be used.
    pub fn wait(listener: TcpListener, config: Config) -> io::Result<Self> {
        let config = Config { threads: 1, shutdown_timeout: Duration::from_secs(1), ..config };
        let app = {
            let config = config.clone();
            move || waiting::app(config.clone())
        };
        listen!(app, listener, config)
    }

    /// What stops it.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        Stopper { handle: self.running.handle() }
    }

    /// Serves until it is stopped. Nothing is served before this is awaited.
    ///
    /// # Errors
    /// Where the threads cannot be started.
    pub async fn ended(self) -> io::Result<()> {
        self.running.await
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").finish_non_exhaustive()
    }
}

impl Stopper {
    /// Takes no more requests, lets those that were taken come to their end within the timeout that
    /// was set, and returns then.
    pub async fn stop(&self) {
        self.handle.stop(true).await;
    }
}
