//! What time documents are printed at.

use anyhow::Context;
use chrono::{DateTime, Utc};
use pressroom_ports::{Clock, SystemClock};

/// The variable that fixes the time, in seconds since 1970-01-01 UTC, so that the same layout and
/// rows give the same bytes (<https://reproducible-builds.org/specs/source-date-epoch/>).
const FIXED: &str = "SOURCE_DATE_EPOCH";

/// The time now, or the one that the environment fixes.
pub(crate) fn now() -> anyhow::Result<DateTime<Utc>> {
    Ok(given()?.unwrap_or_else(|| SystemClock.now()))
}

/// The time that the environment fixes, if it does.
pub(crate) fn given() -> anyhow::Result<Option<DateTime<Utc>>> {
    let text = std::env::var_os(FIXED);
    text.map(|text| fixed(&text.to_string_lossy())).transpose()
}

fn fixed(text: &str) -> anyhow::Result<DateTime<Utc>> {
    let seconds = text.trim().parse::<i64>().ok();
    seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0)).with_context(|| {
        format!("{FIXED} is \"{text}\"; it must be a number of seconds since 1970-01-01 UTC")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_can_be_fixed() {
        assert_eq!(fixed("86400").unwrap().to_string(), "1970-01-02 00:00:00 UTC");
        for wrong in ["", "tomorrow", "1.5", "99999999999999999999"] {
            let error = fixed(wrong).unwrap_err().to_string();
            assert!(error.starts_with("SOURCE_DATE_EPOCH is"), "{wrong}: {error}");
        }
    }
}
