//! Amounts within bounds.

use std::fmt;

/// A number outside of its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} must be a whole number from {least} to {most}, not {value}")]
pub struct OutOfRange {
    /// What the number was to be.
    pub what: &'static str,
    /// The number.
    pub value: i64,
    /// The least that is taken.
    pub least: i64,
    /// The most that is taken.
    pub most: i64,
}

/// How much of something is done, 0 to 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(u8);

impl Percent {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// All of it.
    pub const HUNDRED: Self = Self(100);

    /// That many hundredths; more than 100 is 100.
    #[must_use]
    pub const fn new(hundredths: u8) -> Self {
        Self(if hundredths > 100 { 100 } else { hundredths })
    }

    /// How much `done` is of `total`; nothing of nothing is 0.
    #[must_use]
    pub fn of(done: u64, total: u64) -> Self {
        let hundredths = (u128::from(done) * 100).checked_div(u128::from(total)).unwrap_or(0);
        Self(u8::try_from(hundredths.min(100)).unwrap_or(100))
    }

    /// The hundredths, 0 to 100.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
}

/// A length of time in whole seconds: 0 to a week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seconds(u32);

impl Seconds {
    /// The longest: a week.
    pub const LONGEST: Self = Self(7 * 24 * 60 * 60);
    /// A day.
    pub const DAY: Self = Self(24 * 60 * 60);
    /// None.
    pub const ZERO: Self = Self(0);

    /// That many seconds.
    ///
    /// # Errors
    /// [`OutOfRange`] below 0 and above a week.
    pub fn new(what: &'static str, value: i64) -> Result<Self, OutOfRange> {
        Self::up_to(Self::LONGEST, what, value)
    }

    /// That many seconds, but not more than `most`.
    ///
    /// # Errors
    /// [`OutOfRange`] below 0 and above `most`.
    pub fn up_to(most: Self, what: &'static str, value: i64) -> Result<Self, OutOfRange> {
        let most = most.0;
        u32::try_from(value).ok().filter(|seconds| *seconds <= most).map(Self).ok_or(OutOfRange {
            what,
            value,
            least: 0,
            most: most.into(),
        })
    }

    /// The seconds.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// A length of time in whole days: 0 to a hundred years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days(u32);

impl Days {
    /// The longest: a hundred years.
    pub const LONGEST: Self = Self(36_525);
    /// None.
    pub const ZERO: Self = Self(0);

    /// That many days.
    ///
    /// # Errors
    /// [`OutOfRange`] below 0 and above a hundred years.
    pub fn new(what: &'static str, value: i64) -> Result<Self, OutOfRange> {
        Self::up_to(Self::LONGEST, what, value)
    }

    /// That many seconds, but not more than `most`.
    ///
    /// # Errors
    /// [`OutOfRange`] below 0 and above `most`.
    pub fn up_to(most: Self, what: &'static str, value: i64) -> Result<Self, OutOfRange> {
        let most = most.0;
        u32::try_from(value).ok().filter(|days| *days <= most).map(Self).ok_or(OutOfRange {
            what,
            value,
            least: 0,
            most: most.into(),
        })
    }

    /// The days.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_bounds() {
        assert_eq!(Days::new("retentionPeriod", 30).map(Days::get), Ok(30));
        assert_eq!(
            Days::new("retentionPeriod", 40_000).map_err(|error| error.to_string()),
            Err("retentionPeriod must be a whole number from 0 to 36525, not 40000".to_owned())
        );
        assert!(Days::new("retentionPeriod", -1).is_err());
    }

    #[test]
    fn percents_are_between_0_and_100() {
        for (done, total, expect) in
            [(0, 0, 0), (5, 0, 0), (1, 3, 33), (3, 3, 100), (9, 3, 100), (u64::MAX, u64::MAX, 100)]
        {
            assert_eq!(Percent::of(done, total).get(), expect, "{done} of {total}");
        }
        assert_eq!(Percent::new(250), Percent::HUNDRED);
    }

    #[test]
    fn seconds_have_bounds() {
        assert_eq!(Seconds::new("commandTimeout", 30).map(Seconds::get), Ok(30));
        assert_eq!(
            Seconds::new("commandTimeout", -1).map_err(|error| error.to_string()),
            Err("commandTimeout must be a whole number from 0 to 604800, not -1".to_owned())
        );
        assert!(Seconds::new("commandTimeout", i64::MAX).is_err());
        assert_eq!(Seconds::up_to(Seconds::DAY, "cacheSeconds", 86_400), Ok(Seconds::DAY));
        assert!(Seconds::up_to(Seconds::DAY, "cacheSeconds", 86_401).is_err());
    }
}
