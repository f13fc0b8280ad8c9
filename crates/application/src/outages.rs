//! What is away: told to the log once, not by everybody who notices, and waited for.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use pressroom_ports::{BlobError, StoreError};
use tokio::time::{Instant, sleep};

use crate::Error;

/// After how long the log is told again of what stays away.
const REMIND: Duration = Duration::from_secs(60);
/// For how long a store must not have failed anybody before it counts as back.
const STEADY: Duration = Duration::from_secs(1);

/// What the log is to hear of an [`Error::Unavailable`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    words: String,
    cause: String,
    passes: bool,
}

/// What of the store is away. One for a whole process, so that its log has a line when the store goes
/// and one when it is back, however many requests and workers meet it meanwhile.
#[derive(Debug, Default)]
pub struct Outages {
    /// By the words for them: a store can be away, or full.
    known: Mutex<BTreeMap<String, Outage>>,
}

#[derive(Clone, Copy, Debug)]
struct Outage {
    since: Instant,
    last: Instant,
    told: Instant,
    /// How often it was met since it began.
    met: u64,
    over: bool,
}

impl Outages {
    /// Something could not be done.
    pub fn note(&self, trouble: &Trouble) {
        let Trouble { words, cause, passes } = trouble;
        if !passes {
            tracing::warn!(error = cause, "{words}");
        } else if let Some(met) = self.meet(words) {
            tracing::warn!(error = cause, met, "{words}");
        }
    }

    /// The store did what it was asked.
    pub fn answered(&self) {
        for (words, outage) in self.end() {
            let seconds = outage.since.elapsed().as_secs();
            tracing::info!(met = outage.met, "over after {seconds} seconds: {words}");
        }
    }

    /// How often any was met.
    #[cfg(test)]
    pub(crate) fn met(&self) -> u64 {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.values().map(|outage| outage.met).sum()
    }

    /// Notes that an outage was met once more. Gives how often it was, where that is to be told.
    fn meet(&self, words: &str) -> Option<u64> {
        let now = Instant::now();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(outage) = known.get_mut(words) else {
            let new = Outage { since: now, last: now, told: now, met: 1, over: false };
            known.insert(words.to_owned(), new);
            return Some(1);
        };
        if outage.over {
            (outage.since, outage.met, outage.over) = (now, 0, false);
        }
        outage.last = now;
        outage.met += 1;
        // One that comes and goes is not told each time either.
        if now.duration_since(outage.told) < REMIND {
            return None;
        }
        outage.told = now;
        Some(outage.met)
    }

    /// Ends what was not met for a while, and gives those of which the log knows.
    fn end(&self) -> Vec<(String, Outage)> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let ending =
            known.iter_mut().filter(|(_, outage)| !outage.over && outage.last.elapsed() >= STEADY);
        let mut ended = Vec::new();
        for (words, outage) in ending {
            outage.over = true;
            if outage.told >= outage.since {
                ended.push((words.clone(), *outage));
            }
        }
        ended
    }
}

impl Error {
    /// What the log is to hear of it; none where only the caller is to hear.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        let Self::Unavailable { message, source } = self else { return None };
        Some(Trouble {
            words: message.clone(),
            cause: in_full(message, &**source),
            passes: self.passes(),
        })
    }

    /// Whether the store, or the place of layouts and files, failed in a way that passes: the same may
    /// work later.
    #[must_use]
    pub fn passes(&self) -> bool {
        let of_blobs = || match self {
            Self::Unavailable { source, .. } => source.downcast_ref(),
            _ => None,
        };
        self.of_store().is_some_and(StoreError::may_pass)
            || of_blobs().is_some_and(BlobError::may_pass)
    }

    /// Whether the store cannot be reached now, or is too busy.
    #[must_use]
    pub fn store_is_away(&self) -> bool {
        self.of_store().is_some_and(|error| matches!(error, StoreError::Unavailable(_)))
    }

    fn of_store(&self) -> Option<&StoreError> {
        match self {
            Self::Unavailable { source, .. } => source.downcast_ref(),
            _ => None,
        }
    }
}

/// An error and its causes, but for what was said already.
fn in_full(said: &str, error: &(dyn StdError + 'static)) -> String {
    let mut words = Vec::new();
    let mut cause = Some(error);
    while let Some(error) = cause {
        let text = error.to_string();
        if text != said {
            words.push(text);
        }
        cause = error.source();
    }
    words.join(": ")
}

/// Waits between tries of one thing: ever longer, up to a bound.
#[derive(Debug, Default)]
pub(crate) struct Pauses(usize);

impl Pauses {
    const GROWING_MS: [u64; 4] = [50, 200, 500, 1_000];
    const LONGEST_MS: u64 = 2_000;

    /// Waits before the next try.
    pub(crate) async fn wait(&mut self) {
        let pause = Self::GROWING_MS.get(self.0).copied().unwrap_or(Self::LONGEST_MS);
        self.0 += 1;
        sleep(Duration::from_millis(pause)).await;
    }
}

/// Asks the store, or the place of layouts and files, again and again while it is away. Whoever can be told to stop does not wait for this
/// alone.
pub(crate) async fn patiently<T, E, F>(mut ask: impl FnMut() -> F) -> Result<T, Error>
where
    E: Into<Error>,
    F: Future<Output = Result<T, E>>,
{
    let mut pauses = Pauses::default();
    loop {
        match ask().await.map_err(Into::into) {
            Err(error) if error.passes() => pauses.wait().await,
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AWAY: &str = "the store is not available now; try again in a moment";

    #[test]
    fn only_what_passes_by_itself_is_an_outage() {
        let away = Error::from(StoreError::unavailable("connection refused"));
        let full = Error::from(StoreError::full("no space left"));
        assert!(away.passes() && away.store_is_away());
        assert!(full.passes() && !full.store_is_away());
        let cause = "connection refused".to_owned();
        assert_eq!(away.trouble(), Some(Trouble { words: AWAY.into(), cause, passes: true }));
        let detail = "export 1: no such state".to_owned();
        let kind = pressroom_ports::Kind::Export;
        let broken = Error::from(StoreError::Unreadable { kind, detail: detail.clone() });
        assert!(!broken.passes());
        assert!(broken.trouble().unwrap().cause.contains(&detail));
        assert_eq!(Error::Unauthenticated.trouble(), None);
        let blobs = |kind: std::io::ErrorKind| Error::from(BlobError::Unavailable(kind.into()));
        let away = blobs(std::io::ErrorKind::TimedOut);
        assert!(away.passes() && !away.store_is_away());
        assert!(!blobs(std::io::ErrorKind::PermissionDenied).passes());
    }

    #[tokio::test(start_paused = true)]
    async fn an_outage_is_told_when_it_begins_now_and_then_and_when_it_is_over() {
        let outages = Outages::default();
        assert_eq!(outages.meet(AWAY), Some(1));
        for _ in 0..1_000 {
            assert_eq!(outages.meet(AWAY), None);
        }
        assert!(outages.end().is_empty(), "one answer among failures is no end");
        sleep(REMIND).await;
        assert_eq!(outages.meet(AWAY), Some(1_002));
        sleep(STEADY).await;
        let ended = outages.end();
        assert_eq!((ended.len(), ended[0].1.met), (1, 1_002));
        assert!(outages.end().is_empty(), "it is told once");
    }

    #[tokio::test(start_paused = true)]
    async fn a_store_that_comes_and_goes_is_told_once_a_minute() {
        let outages = Outages::default();
        let (mut begins, mut ends) = (0, 0);
        for _ in 0..120 {
            begins += usize::from(outages.meet(AWAY).is_some());
            sleep(STEADY).await;
            ends += outages.end().len();
        }
        assert_eq!((begins, ends), (2, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_asked_patiently_is_asked_until_there_is_an_answer() {
        let mut asked = 0;
        let answer = patiently(|| {
            asked += 1;
            let away = asked < 10;
            async move { if away { Err(StoreError::unavailable("away")) } else { Ok(asked) } }
        });
        assert_eq!(answer.await.unwrap(), 10);
        let refused = patiently(|| async {
            Err::<(), _>(StoreError::not_found(pressroom_ports::Kind::Export, 1))
        });
        assert!(matches!(refused.await, Err(Error::NotFound { .. })));
    }
}
