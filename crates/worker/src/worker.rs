//! The rhythm of work: look, work, wait; sweep now and then; stop in good order.

use std::sync::Arc;
use std::time::Duration;

use pressroom_application::nodes::ThisNode;
use pressroom_application::{App, Error, Outages};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use crate::Config;
use crate::duty::{self, Duty, Exports, Found, Mails, Place};
use crate::presence::Presence;

/// How many mails are sent at a time: one that waits for a slow server holds up no other.
const MAILS_AT_ONCE: usize = 2;

/// Works on exports and sends mails in the background until it is stopped. Dropping it stops it without order:
/// what it worked on waits for its lease to end.
#[derive(Debug)]
pub struct Worker {
    tasks: JoinSet<()>,
    /// Becomes true when no more work is to be taken up.
    closing: watch::Sender<bool>,
    /// Becomes true when work that goes on is to be given back.
    giving_back: watch::Sender<bool>,
    config: Config,
    /// None for a worker that nobody needs to know of.
    presence: Option<Presence>,
}

impl Worker {
    /// Starts to work for a site as this node. To be called within a Tokio runtime.
    #[must_use]
    pub fn start(site: App, this: ThisNode, config: Config) -> Self {
        let place = Place { site: site.clone(), node: this.name.clone() };
        let mut worker = Self::idle(config);
        worker.presence = Some(Presence::begin(site, this, worker.config.concurrent));
        worker.take_up(&Arc::new(Exports(place.clone())), worker.config.concurrent);
        worker.take_up(&Arc::new(Mails(place.clone())), MAILS_AT_ONCE);
        let (closing, every) = (worker.closing.subscribe(), worker.config.sweep_every);
        worker.tasks.spawn(sweep(place.site, closing, every));
        worker
    }

    /// A worker that does nothing yet.
    fn idle(config: Config) -> Self {
        let closing = watch::Sender::new(false);
        let giving_back = watch::Sender::new(false);
        Self { tasks: JoinSet::new(), closing, giving_back, config, presence: None }
    }

    /// Does a duty on so many tasks.
    fn take_up<D: Duty>(&mut self, duty: &Arc<D>, at_once: usize) {
        let Config { shortest_pause, longest_pause, .. } = self.config;
        for _ in 0..at_once.max(1) {
            let rhythm = Rhythm {
                duty: Arc::clone(duty),
                closing: self.closing.subscribe(),
                giving_back: self.giving_back.subscribe(),
                shortest_pause,
                longest_pause: longest_pause.max(shortest_pause),
            };
            self.tasks.spawn(rhythm.work());
        }
    }

    /// Stops: takes no more work up, lets what goes on come to its end for a while, gives the rest
    /// back, uncounted, and leaves the list of nodes. Returns little later than [`Config::drain`] and
    /// [`Config::release`] at the latest.
    pub async fn stop(mut self) {
        if let Some(presence) = &self.presence {
            presence.drain();
        }
        self.end_work().await;
        if let Some(presence) = self.presence.take() {
            presence.end().await;
        }
    }

    async fn end_work(&mut self) {
        self.closing.send_replace(true);
        if self.ended_within(self.config.drain).await {
            return;
        }
        self.giving_back.send_replace(true);
        if !self.ended_within(self.config.release).await {
            tracing::warn!(
                "some work could not be given back; it goes on when its lease has ended"
            );
            self.tasks.shutdown().await;
        }
    }

    async fn ended_within(&mut self, time: Duration) -> bool {
        let all = async { while self.tasks.join_next().await.is_some() {} };
        timeout(time, all).await.is_ok()
    }
}

/// One of the tasks that work.
struct Rhythm<D> {
    duty: Arc<D>,
    closing: watch::Receiver<bool>,
    giving_back: watch::Receiver<bool>,
    shortest_pause: Duration,
    longest_pause: Duration,
}

impl<D: Duty> Rhythm<D> {
    async fn work(mut self) {
        let mut pause = self.shortest_pause;
        while !*self.closing.borrow() {
            let looked = self.run_next().await;
            match &looked {
                Ok(_) => self.duty.outages().answered(),
                Err(error) => tell(self.duty.outages(), error, "could not look for work"),
            }
            let found = match looked {
                Ok(Found::Work) => {
                    pause = self.shortest_pause;
                    continue;
                }
                Ok(Found::Nothing) => true,
                Err(_) => false,
            };
            tokio::select! {
                // Where looking failed, being told of work does not help.
                () = self.duty.queued(), if found => pause = self.shortest_pause,
                () = sleep(pause) => pause = (pause * 2).min(self.longest_pause),
                () = came_true(&mut self.closing) => {}
            }
        }
    }

    /// Works on a task of its own, so that a panic ends that piece of work and nothing else.
    async fn run_next(&self) -> Result<Found, Error> {
        let (duty, stop) = (Arc::clone(&self.duty), self.giving_back.clone());
        let piece = tokio::spawn(async move { duty.run_next(&stop).await });
        // Ends with this task, where the worker is dropped.
        let mut piece = AbortOnDrop(piece);
        (&mut piece.0).await.unwrap_or_else(|error| {
            let message = "a piece of work ended in a panic".to_owned();
            Err(Error::Unavailable { message, source: error.into() })
        })
    }
}

struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn sweep(site: App, mut closing: watch::Receiver<bool>, every: Duration) {
    let mut due = interval(every.max(Duration::from_secs(1)));
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = due.tick() => {
                if let Err(error) = duty::sweep(&site).await {
                    tell(&site.outages, &error, "could not drop what nobody needs any more");
                }
            }
            () = came_true(&mut closing) => return,
        }
    }
}

/// Tells the log of what went wrong: once, where the store is away.
fn tell(outages: &Outages, error: &Error, what: &str) {
    match error.trouble() {
        Some(trouble) if error.passes() => outages.note(&trouble),
        _ => tracing::warn!(%error, "{what}"),
    }
}

/// Waits until the value is true, or nobody is left who could make it so.
async fn came_true(value: &mut watch::Receiver<bool>) {
    // What the channel lends is given back here, so that it is held across no await.
    let _ = value.wait_for(|value| *value).await;
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use async_trait::async_trait;
    use tokio::sync::Notify;
    use tokio::time::Instant;

    use super::*;

    /// Work that takes a time of the paused clock, and a diary of what happens when.
    #[derive(Default)]
    struct Script {
        due: Mutex<VecDeque<Duration>>,
        queued: Notify,
        away: AtomicUsize,
        at_once: AtomicUsize,
        most_at_once: AtomicUsize,
        diary: Mutex<Vec<(u128, &'static str)>>,
        start: Mutex<Option<Instant>>,
        outages: Outages,
    }

    impl Script {
        fn new() -> Arc<Self> {
            let script = Self::default();
            *script.start.lock().unwrap() = Some(Instant::now());
            Arc::new(script)
        }

        fn queue(&self, takes: Duration) {
            self.due.lock().unwrap().push_back(takes);
        }

        fn note(&self, what: &'static str) {
            let start = self.start.lock().unwrap().unwrap();
            self.diary.lock().unwrap().push((start.elapsed().as_millis(), what));
        }

        fn diary(&self) -> Vec<(u128, &'static str)> {
            self.diary.lock().unwrap().clone()
        }
    }

    #[async_trait]
    impl Duty for Script {
        async fn run_next(&self, stop: &watch::Receiver<bool>) -> Result<Found, Error> {
            if self.away.load(Ordering::SeqCst) > 0 {
                self.away.fetch_sub(1, Ordering::SeqCst);
                self.note("away");
                let (message, source) = ("away".to_owned(), "the test said so".into());
                return Err(Error::Unavailable { message, source });
            }
            let due = self.due.lock().unwrap().pop_front();
            let Some(takes) = due else {
                self.note("nothing");
                return Ok(Found::Nothing);
            };
            if takes.is_zero() {
                panic!("the test said so");
            }
            let now = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
            self.most_at_once.fetch_max(now, Ordering::SeqCst);
            let mut stop = stop.clone();
            tokio::select! {
                () = sleep(takes) => self.note("done"),
                _ = stop.wait_for(|stop| *stop) => self.note("given back"),
            }
            self.at_once.fetch_sub(1, Ordering::SeqCst);
            Ok(Found::Work)
        }

        async fn queued(&self) {
            self.queued.notified().await;
        }

        fn outages(&self) -> &Outages {
            &self.outages
        }
    }

    fn start(script: &Arc<Script>, config: Config) -> Worker {
        let at_once = config.concurrent;
        let mut worker = Worker::idle(config);
        worker.take_up(script, at_once);
        worker
    }

    fn config() -> Config {
        Config { concurrent: 1, ..Config::default() }
    }

    const MS: Duration = Duration::from_millis(1);

    #[tokio::test(start_paused = true)]
    async fn it_looks_ever_less_often_while_there_is_nothing() {
        let script = Script::new();
        let worker = start(&script, config());
        sleep(6_000 * MS).await;
        let looks: Vec<u128> = script.diary().iter().map(|(at, _)| *at).collect();
        assert_eq!(looks, [0, 500, 1_500, 3_500, 5_500]);
        worker.stop().await;
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_is_queued_here_is_taken_up_at_once() {
        let script = Script::new();
        let worker = start(&script, config());
        sleep(4_000 * MS).await;
        script.queue(10 * MS);
        script.queued.notify_one();
        sleep(100 * MS).await;
        assert!(script.diary().contains(&(4_010, "done")), "{:?}", script.diary());
        sleep(420 * MS).await;
        let last = script.diary().last().copied();
        assert_eq!(last, Some((4_510, "nothing")), "the pause is short again");
        worker.stop().await;
    }

    #[tokio::test(start_paused = true)]
    async fn it_works_on_some_at_a_time() {
        let script = Script::new();
        for _ in 0..9 {
            script.queue(100 * MS);
        }
        let worker = start(&script, Config { concurrent: 3, ..config() });
        sleep(350 * MS).await;
        let done: Vec<u128> =
            script.diary().iter().filter(|(_, what)| *what == "done").map(|(at, _)| *at).collect();
        assert_eq!(done, [100, 100, 100, 200, 200, 200, 300, 300, 300]);
        assert_eq!(script.most_at_once.load(Ordering::SeqCst), 3);
        worker.stop().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_store_that_is_away_is_asked_again_later() {
        let script = Script::new();
        script.away.store(2, Ordering::SeqCst);
        script.queue(10 * MS);
        script.queued.notify_one();
        let worker = start(&script, config());
        sleep(2_000 * MS).await;
        assert_eq!(script.diary()[..3], [(0, "away"), (500, "away"), (1_510, "done")]);
        worker.stop().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_ends_a_piece_of_work_and_nothing_else() {
        let script = Script::new();
        script.queue(Duration::ZERO);
        script.queue(10 * MS);
        let worker = start(&script, config());
        sleep(600 * MS).await;
        assert!(script.diary().contains(&(510, "done")), "{:?}", script.diary());
        worker.stop().await;
    }

    #[tokio::test(start_paused = true)]
    async fn stopping_lets_short_work_end_and_takes_up_no_more() {
        let script = Script::new();
        script.queue(3_000 * MS);
        script.queue(10 * MS);
        let worker = start(&script, config());
        sleep(1_000 * MS).await;
        worker.stop().await;
        assert_eq!(script.diary(), [(3_000, "done")]);
    }

    #[tokio::test(start_paused = true)]
    async fn stopping_gives_long_work_back() {
        let script = Script::new();
        script.queue(60_000 * MS);
        let worker = start(&script, config());
        sleep(1_000 * MS).await;
        worker.stop().await;
        assert_eq!(script.diary(), [(6_000, "given back")]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_worker_stops_at_once() {
        let script = Script::new();
        let worker = start(&script, config());
        sleep(700 * MS).await;
        worker.stop().await;
        assert_eq!(Instant::now() - script.start.lock().unwrap().unwrap(), 700 * MS);
    }
}
