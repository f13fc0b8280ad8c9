//! Threads that exports are worked on.

use std::io;
use std::sync::mpsc::{SendError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

/// Layouts may nest deeply, within the bounds of their codec.
const STACK_BYTES: usize = 16 << 20;
/// Threads that wait at most.
const MOST: usize = 4;
/// Work that took no longer leaves little memory behind that a thread would hold on to.
const SHORT: Duration = Duration::from_secs(1);

type Job = Box<dyn FnOnce() + Send>;
type Idle = Mutex<Vec<Sender<Job>>>;

/// Threads that may block, each with one job at a time. One that has done a short job waits for the
/// next: starting a thread and giving back its memory takes as long as composing a page.
#[derive(Debug, Default)]
pub(crate) struct Threads {
    /// The threads that wait. They end when this is dropped.
    idle: Arc<Idle>,
}

impl Threads {
    /// Does a job on a thread that waits, or on a new one.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub(crate) fn run(&self, job: impl FnOnce() + Send + 'static) -> io::Result<()> {
        let mut job: Job = Box::new(job);
        while let Some(thread) = pop(&self.idle) {
            match thread.send(job) {
                Ok(()) => return Ok(()),
                Err(SendError(unsent)) => job = unsent,
            }
        }
        let idle = Arc::downgrade(&self.idle);
        let thread = thread::Builder::new().name("export".to_owned()).stack_size(STACK_BYTES);
        thread.spawn(move || work(job, &idle)).map(drop)
    }
}

fn pop(idle: &Idle) -> Option<Sender<Job>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

/// The life of a thread.
fn work(first: Job, idle: &Weak<Idle>) {
    let mut job = first;
    loop {
        let begin = Instant::now();
        job();
        if begin.elapsed() > SHORT {
            return;
        }
        let (jobs, next) = channel();
        {
            let Some(idle) = idle.upgrade() else { return };
            let mut idle = idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() == MOST {
                return;
            }
            idle.push(jobs);
        }
        let Ok(next) = next.recv() else { return };
        job = next;
    }
}

#[cfg(test)]
mod tests {
    use std::thread::{ThreadId, current};

    use super::*;

    fn id_of_a_job(threads: &Threads) -> ThreadId {
        let (tell, told) = channel();
        threads.run(move || tell.send(current().id()).unwrap()).unwrap();
        told.recv().unwrap()
    }

    #[test]
    fn a_thread_that_waits_is_used_again() {
        let threads = Threads::default();
        let first = id_of_a_job(&threads);
        while threads.idle.lock().unwrap().is_empty() {
            thread::yield_now();
        }
        assert_eq!(id_of_a_job(&threads), first);
    }

    #[test]
    fn a_job_that_panics_takes_no_other_with_it() {
        let threads = Threads::default();
        threads.run(|| panic!("the test said so")).unwrap();
        id_of_a_job(&threads);
    }

    #[test]
    fn threads_end_with_their_owner() {
        let threads = Threads::default();
        id_of_a_job(&threads);
        let idle = Arc::downgrade(&threads.idle);
        drop(threads);
        while idle.strong_count() > 0 {
            thread::yield_now();
        }
    }
}
