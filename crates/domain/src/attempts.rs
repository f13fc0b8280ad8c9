//! How long somebody has to wait who failed to sign in, time and again.
//!
//! Failures are counted for three things, each with a [`Patience`] of its own: an account as one
//! address tries it, an account as all addresses try it, an address whatever it tries. The rules for
//! when each of them counts stand with those who count.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};

/// What is taken from somebody before they have to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// So many failures cost nothing.
    free: u32,
    /// No wait is longer.
    longest: TimeDelta,
    /// After so long without a failure all are forgotten.
    forgotten: TimeDelta,
}

impl Patience {
    /// With one address that tries one account: five mistypings, then up to a quarter of an hour.
    pub const PAIR: Self = Self::new(5, 15 * 60, 60 * 60);
    /// With one address whatever it tries: an office may stand behind it.
    pub const ADDRESS: Self = Self::new(50, 15 * 60, 60 * 60);
    /// With one account whoever tries it. The waits are short: they are for those who guess from many
    /// addresses, and its owner may come from a new one.
    pub const ACCOUNT: Self = Self::new(20, 30, 60 * 60);

    const fn new(free: u32, longest_seconds: i64, forgotten_seconds: i64) -> Self {
        let longest = TimeDelta::seconds(longest_seconds);
        Self { free, longest, forgotten: TimeDelta::seconds(forgotten_seconds) }
    }
}

/// How often something failed lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failures {
    count: u32,
    last: DateTime<Utc>,
}

impl Failures {
    /// One more failure, the first where there were none.
    #[must_use]
    pub fn one_more(before: Option<Self>, patience: Patience, now: DateTime<Utc>) -> Self {
        let count = before.filter(|failures| failures.count(patience, now)).map_or(0, |f| f.count);
        Self { count: count.saturating_add(1), last: now }
    }

    /// How long the next attempt has to wait: a second after the first failure that is not free,
    /// and twice as long after each further one.
    #[must_use]
    pub fn wait(&self, patience: Patience, now: DateTime<Utc>) -> Option<TimeDelta> {
        let beyond = self.count.checked_sub(patience.free)?;
        let doubled = 1_i64.checked_shl(beyond.min(40)).unwrap_or(i64::MAX);
        let wait = TimeDelta::try_seconds(doubled).unwrap_or(TimeDelta::MAX).min(patience.longest);
        // A clock that was set back must not lengthen anybody's wait.
        let left = (self.last + wait - now).min(wait);
        (left > TimeDelta::zero()).then_some(left)
    }

    /// Whether they still count.
    #[must_use]
    pub fn count(&self, patience: Patience, now: DateTime<Utc>) -> bool {
        now - self.last < patience.forgotten
    }

    /// When the last one was.
    #[must_use]
    pub fn last(&self) -> DateTime<Utc> {
        self.last
    }
}

/// Who an address stands for: a host of IPv6 has all of its /64, and may call from anywhere in it.
#[must_use]
pub fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            [a, b, c, d, 0, 0, 0, 0].into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    /// So many failures, all at the start.
    fn failures(count: u32, patience: Patience) -> Failures {
        let mut failures = Failures::one_more(None, patience, at(0));
        for _ in 1..count {
            failures = Failures::one_more(Some(failures), patience, at(0));
        }
        failures
    }

    #[test]
    fn waits_double_up_to_a_bound() {
        let patience = Patience::PAIR;
        let wait = |count| failures(count, patience).wait(patience, at(0)).map(|w| w.num_seconds());
        for (count, expect) in [
            (1, None),
            (4, None),
            (5, Some(1)),
            (6, Some(2)),
            (10, Some(32)),
            (14, Some(512)),
            (15, Some(900)),
            (200, Some(900)),
        ] {
            assert_eq!(wait(count), expect, "{count}");
        }
    }

    #[test]
    fn a_wait_ends() {
        let failures = failures(7, Patience::PAIR);
        let wait = |now| failures.wait(Patience::PAIR, now).map(|wait| wait.num_seconds());
        assert_eq!([wait(at(0)), wait(at(3)), wait(at(4))], [Some(4), Some(1), None]);
        assert_eq!(wait(at(-1_000)), Some(4), "the clock was set back");
    }

    #[test]
    fn failures_are_forgotten() {
        let patience = Patience::PAIR;
        let before = failures(9, patience);
        assert!(before.count(patience, at(3_599)) && !before.count(patience, at(3_600)));
        let later = Failures::one_more(Some(before), patience, at(3_599));
        assert_eq!(later.wait(patience, at(3_599)), Some(TimeDelta::seconds(32)));
        let much_later = Failures::one_more(Some(before), patience, at(3_600));
        assert_eq!(much_later.wait(patience, at(3_600)), None);
    }

    #[test]
    fn strangers_make_nobody_wait_for_long() {
        let failures = failures(1_000_000, Patience::ACCOUNT);
        assert_eq!(failures.wait(Patience::ACCOUNT, at(0)), Some(TimeDelta::seconds(30)));
    }

    #[test]
    fn a_host_of_ipv6_has_its_network() {
        for (address, expect) in
            [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("::1", "::")]
        {
            assert_eq!(network_of(address.parse().unwrap()).to_string(), expect);
        }
    }
}
