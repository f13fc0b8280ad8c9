//! The time that all nodes of a site share.

use std::fmt;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use pressroom_ports::{Clock, SystemClock};

/// A difference that is told of: larger ones than networks and small corrections make.
const REMARKABLE: TimeDelta = TimeDelta::seconds(1);

/// A difference that is left alone however well it was measured.
const SMALL: TimeDelta = TimeDelta::milliseconds(5);

/// A clock that goes by the store's: set by it now and then, and in between by time that only goes on.
/// Whatever is done to the machine's clock, this one does not notice.
pub struct SharedClock {
    ticks: Box<dyn Fn() -> Duration + Send + Sync>,
    set: RwLock<Set>,
}

/// What time it was when.
#[derive(Clone, Copy)]
struct Set {
    time: DateTime<Utc>,
    ticks: Duration,
}

impl Set {
    fn after(self, ticks: Duration) -> DateTime<Utc> {
        let passed = TimeDelta::from_std(ticks.saturating_sub(self.ticks));
        let time = passed.ok().and_then(|passed| self.time.checked_add_signed(passed));
        time.unwrap_or(DateTime::<Utc>::MAX_UTC).trunc_subsecs(6)
    }
}

impl SharedClock {
    /// A clock that begins with the machine's time.
    #[must_use]
    pub fn of_machine() -> Self {
        let start = Instant::now();
        Self::new(SystemClock.now(), move || start.elapsed())
    }

    /// A clock that begins with a time, and goes on as `ticks` does, which never goes back.
    pub fn new(time: DateTime<Utc>, ticks: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        let set = RwLock::new(Set { time, ticks: ticks() });
        Self { ticks: Box::new(ticks), set }
    }
}

impl Clock for SharedClock {
    fn now(&self) -> DateTime<Utc> {
        let set = *self.set.read().unwrap_or_else(PoisonError::into_inner);
        set.after((self.ticks)())
    }

    /// A difference that is within the measurement's own error changes nothing.
    fn follow(&self, told: DateTime<Utc>, took: Duration) {
        let ticks = (self.ticks)();
        // It was told at some moment of that time, most likely in the middle.
        let error = TimeDelta::from_std(took / 2).unwrap_or(TimeDelta::MAX);
        let Some(time) = told.checked_add_signed(error) else { return };
        let mut set = self.set.write().unwrap_or_else(PoisonError::into_inner);
        let difference = time - set.after(ticks);
        if difference.abs() <= error.max(SMALL) {
            return;
        }
        if difference.abs() > REMARKABLE {
            let seconds = difference.num_seconds();
            tracing::warn!(seconds, "the store's clock is another one than this node's; it counts");
        }
        *set = Set { time, ticks };
    }
}

impl fmt::Debug for SharedClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedClock").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// A clock that began at the second 0 of a day, and the milliseconds that it goes by.
    fn clock() -> (SharedClock, Arc<AtomicU64>) {
        let ticks = Arc::new(AtomicU64::new(7_000));
        let read = ticks.clone();
        let clock = SharedClock::new(DateTime::UNIX_EPOCH, move || {
            Duration::from_millis(read.load(Ordering::SeqCst))
        });
        (clock, ticks)
    }

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::milliseconds(milliseconds)
    }

    #[test]
    fn it_goes_on_by_itself() {
        let (clock, ticks) = clock();
        assert_eq!(clock.now(), at(0));
        ticks.fetch_add(1_500, Ordering::SeqCst);
        assert_eq!(clock.now(), at(1_500));
        ticks.fetch_sub(8_000, Ordering::SeqCst);
        assert_eq!(clock.now(), at(0), "and never back");
    }

    #[test]
    fn it_takes_over_what_the_store_says_forwards_and_back() {
        let (clock, ticks) = clock();
        for told in [3_600_000, -3_600_000, 0] {
            clock.follow(at(told), Duration::ZERO);
            assert_eq!(clock.now(), at(told));
            ticks.fetch_add(250, Ordering::SeqCst);
            assert_eq!(clock.now(), at(told + 250));
        }
    }

    #[test]
    fn what_cannot_be_measured_is_left_alone() {
        let (clock, _) = clock();
        let check = |told: i64, took: u64, expect: i64| {
            clock.follow(at(told), Duration::from_millis(took));
            assert_eq!(clock.now(), at(expect), "told {told} within {took}");
        };
        check(-100, 200, 0);
        check(-150, 200, 0);
        check(-199, 200, 0);
        check(5, 0, 0);
        check(100, 20, 110);
        check(-10_000, 20_000, 110);
        check(-10_000, 200, -9_900);
    }

    #[test]
    fn times_are_in_whole_microseconds() {
        let ticks = || Duration::from_nanos(1_999);
        let clock = SharedClock::new(DateTime::UNIX_EPOCH, ticks);
        clock.follow(at(60_000), Duration::from_nanos(3_001));
        assert_eq!(clock.now().timestamp_subsec_nanos() % 1_000, 0);
    }
}
