//! Who failed to sign in lately, and has to wait.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use pressroom_domain::{Failures, Patience, network_of};
use sha2::{Digest, Sha256};

/// How many accounts, addresses and pairs of both are remembered, each. Beyond it those are
/// forgotten whose last failure, or sign-in, is the longest ago.
const MOST: usize = 20_000;
/// How long an address is known to be one that an account signs in from.
const KNOWN_FOR: TimeDelta = TimeDelta::days(30);

/// An account as somebody names it, whether it exists or not.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Account([u8; 32]);

impl Account {
    fn named(name: &str) -> Self {
        Self(Sha256::digest(name.trim().to_lowercase()).into())
    }
}

/// Who failed to sign in lately, as this node has seen it: bounded in memory, and gone with the
/// process.
///
/// A stranger cannot lock an account: an address from which an account has signed in waits for its
/// own failures with that account only. Any other address also waits for what it did to other
/// accounts, and, shortly, for what others did to this one.
#[derive(Default)]
pub struct Attempts {
    tables: Mutex<Tables>,
}

#[derive(Default)]
struct Tables {
    pairs: HashMap<(Account, IpAddr), Failures>,
    accounts: HashMap<Account, Failures>,
    addresses: HashMap<IpAddr, Failures>,
    /// When an account last signed in from an address.
    known: HashMap<(Account, IpAddr), DateTime<Utc>>,
}

impl Attempts {
    /// How long an attempt has to wait.
    pub(super) fn wait(
        &self,
        account: &str,
        from: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Option<Duration> {
        let (account, from) = (Account::named(account), from.map(network_of));
        let tables = self.lock();
        let waits = |failures: Option<&Failures>, patience| {
            failures.and_then(|failures| failures.wait(patience, now))
        };
        let pair = from.map(|from| (account, from));
        let own = waits(pair.and_then(|pair| tables.pairs.get(&pair)), Patience::PAIR);
        let since = pair.and_then(|pair| tables.known.get(&pair));
        let wait = if since.is_some_and(|since| now - *since < KNOWN_FOR) {
            own
        } else {
            let address = from.and_then(|from| tables.addresses.get(&from));
            own.max(waits(tables.accounts.get(&account), Patience::ACCOUNT))
                .max(waits(address, Patience::ADDRESS))
        };
        wait.and_then(|wait| wait.to_std().ok())
    }

    /// An attempt failed.
    pub(super) fn failed(&self, account: &str, from: Option<IpAddr>, now: DateTime<Utc>) {
        let (account, from) = (Account::named(account), from.map(network_of));
        let mut tables = self.lock();
        count(&mut tables.accounts, account, Patience::ACCOUNT, now);
        if let Some(from) = from {
            count(&mut tables.pairs, (account, from), Patience::PAIR, now);
            count(&mut tables.addresses, from, Patience::ADDRESS, now);
        }
    }

    /// An attempt went well. What failed before from this address, for this account, was mistyped.
    /// What it did to other accounts stays: who guesses may have an account of their own.
    pub(super) fn succeeded(&self, account: &str, from: Option<IpAddr>, now: DateTime<Utc>) {
        let Some(from) = from.map(network_of) else { return };
        let pair = (Account::named(account), from);
        let mut tables = self.lock();
        tables.pairs.remove(&pair);
        make_room(&mut tables.known, &pair, |since| *since);
        tables.known.insert(pair, now);
    }

    fn lock(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Attempts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attempts").finish_non_exhaustive()
    }
}

fn count<K: Copy + Eq + Hash>(
    table: &mut HashMap<K, Failures>,
    key: K,
    patience: Patience,
    now: DateTime<Utc>,
) {
    make_room(table, &key, Failures::last);
    match table.entry(key) {
        Entry::Occupied(mut entry) => {
            let more = Failures::one_more(Some(*entry.get()), patience, now);
            entry.insert(more);
        }
        Entry::Vacant(entry) => {
            entry.insert(Failures::one_more(None, patience, now));
        }
    }
}

/// Forgets the older half of a full table, so that the look at all of it comes once in a long while.
fn make_room<K: Copy + Eq + Hash, V>(
    table: &mut HashMap<K, V>,
    key: &K,
    last: impl Fn(&V) -> DateTime<Utc>,
) {
    if table.len() < MOST || table.contains_key(key) {
        return;
    }
    let mut times: Vec<DateTime<Utc>> = table.values().map(&last).collect();
    let (_, middle, _) = times.select_nth_unstable(MOST / 2);
    let middle = *middle;
    table.retain(|_, value| last(value) > middle);
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: [u8; 4] = [192, 0, 2, 1];

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn stranger(number: u32) -> Option<IpAddr> {
        Some(IpAddr::V4((0x0a00_0000 + number).into()))
    }

    fn seconds(attempts: &Attempts, account: &str, from: Option<IpAddr>) -> u64 {
        attempts.wait(account, from, at(0)).map_or(0, |wait| wait.as_secs())
    }

    #[test]
    fn whoever_fails_time_and_again_waits() {
        let attempts = Attempts::default();
        for failures in 1..=6 {
            attempts.failed("ann", Some(HOME.into()), at(0));
            let expect = [0, 0, 0, 0, 1, 2][failures - 1];
            assert_eq!(seconds(&attempts, " ANN ", Some(HOME.into())), expect, "{failures}");
        }
        assert_eq!(seconds(&attempts, "bob", Some(HOME.into())), 0);
        assert_eq!(seconds(&attempts, "ann", stranger(1)), 0);
        attempts.succeeded("ann", Some(HOME.into()), at(0));
        assert_eq!(seconds(&attempts, "ann", Some(HOME.into())), 0);
    }

    #[test]
    fn strangers_do_not_lock_an_account() {
        let attempts = Attempts::default();
        attempts.succeeded("ann", Some(HOME.into()), at(0));
        for number in 0..1_000 {
            attempts.failed("ann", stranger(number), at(0));
        }
        assert_eq!(seconds(&attempts, "ann", Some(HOME.into())), 0, "an address of her own");
        assert_eq!(seconds(&attempts, "ann", Some([192, 0, 2, 2].into())), 30, "a new one");
        let later = at(0) + KNOWN_FOR;
        attempts.failed("ann", stranger(1), later);
        assert!(attempts.wait("ann", Some(HOME.into()), later).is_none(), "an hour forgets");
    }

    #[test]
    fn an_address_that_tries_many_accounts_waits() {
        let attempts = Attempts::default();
        attempts.succeeded("ann", Some(HOME.into()), at(0));
        for number in 0..60 {
            attempts.failed(&format!("user{number}"), Some(HOME.into()), at(0));
        }
        assert_eq!(seconds(&attempts, "bob", Some(HOME.into())), 900);
        assert_eq!(seconds(&attempts, "ann", Some(HOME.into())), 0, "a colleague behind the same");
        // A host of IPv6 gains nothing by its many addresses.
        let six = |host: u16| Some(IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, host]));
        for host in 0..60 {
            attempts.failed(&format!("user{host}"), six(host), at(0));
        }
        assert_eq!(seconds(&attempts, "bob", six(99)), 900);
    }

    #[test]
    fn memory_is_bounded_and_the_newest_stay() {
        let attempts = Attempts::default();
        for number in 0..50_000_u32 {
            attempts.failed(&format!("user{number}"), stranger(number), at(number.into()));
            attempts.succeeded(&format!("user{number}"), stranger(number / 2), at(number.into()));
        }
        let tables = attempts.lock();
        assert!(tables.accounts.len() <= MOST && tables.addresses.len() <= MOST);
        assert!(tables.pairs.len() <= MOST && tables.known.len() <= MOST);
        assert!(tables.accounts.contains_key(&Account::named("user49999")));
    }
}
