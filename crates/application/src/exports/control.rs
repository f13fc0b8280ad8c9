//! Ending work that goes on, and hearing how far it is.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use pressroom_compose::Progress;
use pressroom_domain::{ExportId, ExportProgress, Percent, StateError};
use tokio::sync::watch;

use super::threads::Threads;

/// Why work ends before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It is no longer this worker's, or nobody wants it.
    Lost(StateError),
    /// It took too long.
    TimeUp,
    /// The server stops in good order.
    Stopped,
}

/// What a worker and its supervisor share: whether to go on, and how far the work is.
#[derive(Debug)]
pub(crate) struct Control {
    ended: AtomicBool,
    /// Whoever holds this value changes the fencing number too.
    ending: watch::Sender<Option<Ending>>,
    fence: AtomicI64,
    rows: AtomicU64,
    pages: AtomicUsize,
}

impl Default for Control {
    fn default() -> Self {
        Self {
            ended: AtomicBool::new(false),
            ending: watch::Sender::new(None),
            fence: AtomicI64::new(0),
            rows: AtomicU64::new(0),
            pages: AtomicUsize::new(0),
        }
    }
}

impl Control {
    /// That of work under a claim of this fencing number.
    pub(crate) fn of(fence: i64) -> Self {
        Self { fence: AtomicI64::new(fence), ..Self::default() }
    }

    /// The fencing number of the claim.
    pub(crate) fn fence(&self) -> i64 {
        self.fence.load(Ordering::Acquire)
    }

    /// Goes on under another claim, and says whether it does: work that was told to end does not.
    fn adopt(&self, fence: i64) -> bool {
        let mut goes_on = false;
        self.ending.send_if_modified(|ending| {
            goes_on = ending.is_none();
            if goes_on {
                self.fence.store(fence, Ordering::Release);
            }
            false
        });
        goes_on
    }

    /// Ends the work because the claim of this number was lost, unless it goes on under another one.
    pub(crate) fn lose(&self, fence: i64, state: StateError) {
        let is_lost = self.ending.send_if_modified(|ending| {
            let is_lost = ending.is_none() && self.fence() == fence;
            if is_lost {
                *ending = Some(Ending::Lost(state));
            }
            is_lost
        });
        if is_lost {
            self.ended.store(true, Ordering::Release);
        }
    }

    /// Ends the work; the first reason counts.
    pub(crate) fn end(&self, ending: Ending) {
        self.ending.send_if_modified(|now| {
            let first = now.is_none();
            now.get_or_insert(ending);
            first
        });
        self.ended.store(true, Ordering::Release);
    }

    /// Why the work was ended, if it was.
    pub(crate) fn ending(&self) -> Option<Ending> {
        *self.ending.borrow()
    }

    /// Waits until the work is ended.
    pub(crate) async fn ended(&self) {
        // The sender is this structure's own: it cannot be gone.
        let _ = self.ending.subscribe().wait_for(Option::is_some).await;
    }

    /// How far the work is. Nobody knows how much there is to come: the percentage goes up with each
    /// page, ever more slowly, and never reaches the end before the end.
    pub(crate) fn progress(&self) -> ExportProgress {
        const HALF_WAY: u64 = 100;
        let rows = self.rows.load(Ordering::Relaxed);
        let pages = self.pages.load(Ordering::Relaxed) as u64;
        let percent = Percent::of(95 * pages, 100 * (pages + HALF_WAY));
        let message = match (rows, pages) {
            (0, 0) => "waiting for data".to_owned(),
            (_, 0) => format!("{rows} rows read"),
            _ => format!("{rows} rows read, {pages} pages laid out"),
        };
        ExportProgress { percent, message }
    }
}

impl Progress for Control {
    fn is_cancelled(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    fn rows(&self, rows: u64) {
        self.rows.store(rows, Ordering::Relaxed);
    }

    fn pages(&self, pages: usize) {
        self.pages.store(pages, Ordering::Relaxed);
    }
}

/// The exports that this node works on, so that ending one need not wait for its next sign of life,
/// and the threads they are worked on.
#[derive(Debug, Default)]
pub struct RunningExports {
    listed: Mutex<HashMap<ExportId, Arc<Control>>>,
    threads: Threads,
}

impl RunningExports {
    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.listed.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Ends the work on an export, if it is done here.
    pub(crate) fn end(&self, id: ExportId, ending: Ending) {
        let running = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(control) = running.get(&id) {
            control.end(ending);
        }
    }

    /// Lets the work on an export go on under a new claim, if it is done here: its lease ended, because
    /// the store was away or the clock was set, and this node was the first to claim it anew.
    pub(crate) fn adopt(&self, id: ExportId, fence: i64) -> bool {
        let running = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        running.get(&id).is_some_and(|control| control.adopt(fence))
    }

    /// Whether an export that is worked on here was told to end.
    #[cfg(test)]
    pub(crate) fn is_ending(&self, id: ExportId) -> bool {
        let running = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        running.get(&id).is_some_and(|control| control.ending().is_some())
    }

    pub(crate) fn threads(&self) -> &Threads {
        &self.threads
    }

    /// Lists an export until the guard is dropped.
    pub(crate) fn enter(&self, id: ExportId, control: &Arc<Control>) -> Entry<'_> {
        let mut running = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        running.insert(id, Arc::clone(control));
        Entry { running: self, id, control: Arc::clone(control) }
    }
}

/// The place of an export among those that are worked on here.
pub(crate) struct Entry<'a> {
    running: &'a RunningExports,
    id: ExportId,
    control: Arc<Control>,
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        let mut running = self.running.listed.lock().unwrap_or_else(PoisonError::into_inner);
        // The same export may have been claimed again here after a lost lease.
        if running.get(&self.id).is_some_and(|listed| Arc::ptr_eq(listed, &self.control)) {
            running.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_reason_counts() {
        let control = Control::default();
        assert!(!control.is_cancelled());
        control.end(Ending::TimeUp);
        control.end(Ending::Stopped);
        assert_eq!(control.ending(), Some(Ending::TimeUp));
        assert!(control.is_cancelled());
        control.ended().await;
    }

    #[test]
    fn work_goes_on_under_a_new_claim_unless_it_is_to_end() {
        let control = Control::of(1);
        assert!(control.adopt(2));
        // What was said to the claim before is of no interest any more.
        control.lose(1, StateError::Superseded);
        assert_eq!((control.ending(), control.fence()), (None, 2));
        control.lose(2, StateError::Superseded);
        assert_eq!(control.ending(), Some(Ending::Lost(StateError::Superseded)));
        assert!(control.is_cancelled() && !control.adopt(3));
    }

    #[test]
    fn progress_grows_and_never_ends() {
        let control = Control::default();
        assert_eq!(control.progress().message, "waiting for data");
        let mut last = 0;
        for pages in [1, 10, 100, 1_000, 1_000_000] {
            control.pages(pages);
            let percent = control.progress().percent.get();
            assert!(percent >= last && percent < 95, "{percent} after {last}");
            last = percent;
        }
    }

    #[test]
    fn only_listed_work_is_ended() {
        let running = RunningExports::default();
        let (id, control) = (ExportId::from_bytes([1; 16]), Arc::new(Control::default()));
        drop(running.enter(id, &control));
        running.end(id, Ending::Stopped);
        assert_eq!(control.ending(), None);
        let _listed = running.enter(id, &control);
        running.end(id, Ending::Stopped);
        assert_eq!(control.ending(), Some(Ending::Stopped));
    }
}
