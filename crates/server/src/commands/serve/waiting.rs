//! What stands at the address until the site is there.

use std::net::TcpListener;
use std::pin::pin;
use std::time::{Duration, Instant};

use pressroom_actix_http::{Config, Pages, Server, Stopper};
use pressroom_application::Error;
use pressroom_diesel_store::OpenError;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::stop::Signals;
use crate::config::StorageUrl;

/// The pause before a store is tried again; it doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// For how long requests wait for a store that is about to open.
const PATIENCE: Duration = Duration::from_secs(2);

/// Stands at the address while the store is away: requests hear when to ask again, instead of nothing.
pub(super) struct WaitingRoom<'a> {
    listener: &'a TcpListener,
    config: Config,
    /// Whether the store is on another machine, or may be.
    elsewhere: bool,
    /// Such as `https://127.0.0.1:8080`.
    base: String,
    open: Option<Open>,
}

struct Open {
    since: Instant,
    stopper: Stopper,
    ended: JoinHandle<std::io::Result<()>>,
}

impl<'a> WaitingRoom<'a> {
    /// One that opens when it is needed.
    pub(super) fn new(
        listener: &'a TcpListener,
        config: &Config,
        store: &StorageUrl,
        base: String,
    ) -> Self {
        let elsewhere = store.file().is_none();
        Self { listener, config: config.clone(), elsewhere, base, open: None }
    }

    /// With a page for people.
    pub(super) fn with_page(mut self) -> Self {
        self.config.pages = Some(Pages::new(pressroom_portal::closed_pages()));
        self
    }

    /// Does what needs the store, again and again while that is away. None where a signal came first.
    pub(super) async fn until_done<T, F>(
        &mut self,
        signals: &mut Signals,
        mut attempt: impl FnMut() -> F,
    ) -> anyhow::Result<Option<T>>
    where
        F: Future<Output = anyhow::Result<T>>,
    {
        let (mut pause, mut told) = (FIRST_PAUSE, false);
        loop {
            let mut trying = pin!(attempt());
            let tried = loop {
                tokio::select! {
                    tried = &mut trying => break tried,
                    () = signals.next() => return Ok(None),
                    // It may be the network that swallows all, or a migration that takes its time.
                    () = sleep(PATIENCE), if self.open.is_none() => self.open()?,
                }
            };
            match tried {
                Err(error) if self.elsewhere && is_away(&error) => {
                    if !told {
                        tracing::warn!("{error:#}; it is tried again until it is there");
                        told = true;
                    }
                    self.open()?;
                }
                done => return done.map(Some),
            }
            tokio::select! {
                () = sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
                () = signals.next() => return Ok(None),
            }
        }
    }

    fn open(&mut self) -> anyhow::Result<()> {
        if self.open.is_some() {
            return Ok(());
        }
        let server = Server::wait(self.listener.try_clone()?, self.config.clone())?;
        let stopper = server.stopper();
        let ended = tokio::spawn(server.ended());
        self.open = Some(Open { since: Instant::now(), stopper, ended });
        tracing::warn!("requests to {} are answered with 503 until the store is there", self.base);
        Ok(())
    }

    /// Makes room for the site itself. Who connects meanwhile is taken by that.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        let Some(Open { since, stopper, ended }) = self.open else { return Ok(()) };
        tracing::info!("the store is there after {} seconds", since.elapsed().as_secs());
        stopper.stop().await;
        Ok(ended.await??)
    }
}

/// Whether waiting helps: the store's server cannot be reached, or went away again. Everything else
/// needs somebody who changes something.
fn is_away(error: &anyhow::Error) -> bool {
    let not_reached = || matches!(error.downcast_ref(), Some(OpenError::Away { .. }));
    not_reached() || error.downcast_ref().is_some_and(Error::store_is_away)
}

#[cfg(test)]
mod tests {
    use pressroom_ports::StoreError;

    use super::*;

    #[test]
    fn what_waiting_does_not_help_is_no_reason_to_wait() {
        let place = || "postgres://ann@db/site".to_owned();
        let waits = |error: anyhow::Error| is_away(&error);
        assert!(waits(OpenError::Away { place: place(), source: "refused".into() }.into()));
        assert!(waits(Error::from(StoreError::unavailable("cut off")).into()));
        for error in [
            OpenError::Missing(place()),
            OpenError::Foreign(place()),
            OpenError::Full(place()),
            OpenError::Newer { place: place(), version: "1".to_owned() },
            OpenError::Database { place: place(), source: "wrong password".into() },
        ] {
            assert!(!waits(error.into()));
        }
        assert!(!waits(Error::from(StoreError::full("no space left")).into()));
        assert!(!waits(anyhow::anyhow!("something else")));
    }
}
