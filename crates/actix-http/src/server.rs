//! Listening.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::{self, ServerHandle};
use pressroom_application::App as Site;

use crate::Config;
use crate::app::shared;
use crate::rate::Rates;

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

impl Server {
    /// Starts to listen. To be called within a Tokio runtime; signals are the caller's to watch.
    ///
    /// # Errors
    /// Where the listener or the certificate cannot be used.
    pub fn start(listener: TcpListener, site: Site, config: Config) -> io::Result<Self> {
        let (threads, timeout) = (config.threads.max(1), config.shutdown_timeout);
        let (rates, tls) = (Arc::new(Rates::new(&config)), config.tls.clone());
        let server = HttpServer::new(move || shared(site.clone(), config.clone(), rates.clone()))
            .workers(threads)
            .keep_alive(KEEP_ALIVE)
            .shutdown_timeout(timeout.as_secs())
            .disable_signals();
        let server = match tls {
            Some(tls) => {
                let tls = tls.server_config().map_err(io::Error::other)?;
                server.listen_rustls_0_23(listener, tls)?
            }
            None => server.listen(listener)?,
        };
        Ok(Self { running: server.run() })
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
