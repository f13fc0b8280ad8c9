//! How often somebody may call.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use pressroom_domain::TokenHash;

use crate::Config;
use crate::problem::Problem;

/// After how many calls those who have not called for a while are forgotten.
const FORGET_EVERY: u32 = 4_096;

/// How often somebody may call: each token, and each address that shows none that is good.
pub(crate) struct Rates {
    tokens: Option<Rate<TokenHash>>,
    addresses: Option<Rate<IpAddr>>,
}

impl Rates {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            tokens: config.requests_per_second.map(Rate::new),
            addresses: config.address_requests_per_second.map(Rate::new),
        }
    }

    /// One more call with a token that is good.
    pub(crate) fn token(&self, token: TokenHash) -> Result<(), Problem> {
        self.tokens.as_ref().map_or(Ok(()), |rate| rate.count(&token, "this token calls"))
    }

    /// One more call from an address that signs in, or shows no token that is good.
    pub(crate) fn address(&self, address: Option<IpAddr>) -> Result<(), Problem> {
        match (&self.addresses, address) {
            (Some(rate), Some(address)) => {
                rate.count(&network(address), "requests without a good token come")
            }
            _ => Ok(()),
        }
    }
}

/// Who an address stands for: an IPv6 host has all of its /64, and may call from anywhere in it.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            [a, b, c, d, 0, 0, 0, 0].into()
        }
    }
}

/// So many calls a second for each key; a second's worth may come at once.
struct Rate<K: Clone + Eq + Hash> {
    limiter: RateLimiter<K, HashMapStateStore<K>, DefaultClock>,
    a_second: NonZeroU32,
    counted: AtomicU32,
}

impl<K: Clone + Eq + Hash> Rate<K> {
    fn new(a_second: NonZeroU32) -> Self {
        let limiter = RateLimiter::hashmap(Quota::per_second(a_second));
        Self { limiter, a_second, counted: AtomicU32::new(0) }
    }

    fn count(&self, key: &K, who: &str) -> Result<(), Problem> {
        if self.counted.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|early| {
            let wait = early.wait_time_from(DefaultClock::default().now());
            let detail = format!(
                "{who} more than {} times a second; wait a moment, then go on more slowly",
                self.a_second
            );
            Problem::too_many(detail, wait)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(tokens: u32, addresses: u32) -> Rates {
        Rates::new(&Config {
            requests_per_second: NonZeroU32::new(tokens),
            address_requests_per_second: NonZeroU32::new(addresses),
            ..Config::default()
        })
    }

    #[test]
    fn each_token_and_each_address_is_counted_by_itself() {
        let rates = rates(3, 2);
        let token = |byte| rates.token(TokenHash::from_bytes([byte; 32])).is_ok();
        assert_eq!([token(1), token(1), token(1), token(1)], [true, true, true, false]);
        assert!(token(2));
        let address = |text: &str| rates.address(Some(text.parse().unwrap())).is_ok();
        assert_eq!(["192.0.2.1"; 3].map(address), [true, true, false]);
        assert!(address("192.0.2.2"));
        // One host of IPv6 has many addresses.
        assert_eq!(
            ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"].map(address),
            [true, true, false, true]
        );
    }

    #[test]
    fn nothing_is_counted_where_the_site_says_so() {
        let rates = rates(0, 0);
        for _ in 0..10 {
            assert!(rates.token(TokenHash::from_bytes([1; 32])).is_ok());
            assert!(rates.address(Some([192, 0, 2, 1].into())).is_ok());
        }
    }
}
