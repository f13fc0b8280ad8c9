//! A clock that is set by hand, random bytes that count, passwords that are not hashed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use pressroom_domain::{PasswordHash, Secret};
use pressroom_ports::{Clock, PasswordError, PasswordHasher, Random};

/// A clock that stands still until it is set.
#[derive(Debug)]
pub struct ManualClock {
    now: Mutex<DateTime<Utc>>,
}

impl ManualClock {
    /// A clock that stands at a time.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { now: Mutex::new(now) }
    }

    /// Moves it.
    pub fn advance(&self, by: TimeDelta) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Default for ManualClock {
    /// 2026-03-02 09:30:00.000001 UTC: a Monday, with a microsecond that is easily lost.
    fn default() -> Self {
        Self::at(DateTime::UNIX_EPOCH + TimeDelta::microseconds(1_772_443_800_000_001))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes that are a number, one more with each call.
#[derive(Debug, Default)]
pub struct CountingRandom {
    calls: AtomicU64,
}

impl Random for CountingRandom {
    fn fill(&self, bytes: &mut [u8]) {
        let number = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        let digits = number.to_be_bytes();
        bytes.fill(0);
        for (byte, digit) in bytes.iter_mut().rev().zip(digits.iter().rev()) {
            *byte = *digit;
        }
    }
}

/// Passwords that are not hashed at all, so that tests are fast.
#[derive(Debug, Default)]
pub struct PlainHasher {
    calls: AtomicU64,
}

#[async_trait]
impl PasswordHasher for PlainHasher {
    async fn hash(&self, password: &Secret) -> Result<PasswordHash, PasswordError> {
        let salt = self.calls.fetch_add(1, Ordering::Relaxed);
        Ok(PasswordHash::new(format!("$plain${salt}${}", password.reveal())))
    }

    async fn verify(
        &self,
        password: &Secret,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, PasswordError> {
        let Some(hash) = hash else { return Ok(false) };
        let parts = hash.reveal().strip_prefix("$plain$").and_then(|rest| rest.split_once('$'));
        let (_, plain) = parts.ok_or_else(|| PasswordError::Unreadable("not plain".into()))?;
        Ok(plain == password.reveal())
    }
}
