//! Dates and numbers as the site's readers see them: in the site's culture, days in UTC.

use chrono::{DateTime, Utc};
use pressroom_data::{Value, format_value};

use crate::App;

/// A day in words, such as `Tuesday, November 24, 2026`.
#[must_use]
pub fn day(app: &App, at: DateTime<Utc>) -> String {
    format_value(&Value::DateTime(at.naive_utc()), "D", app.settings.culture)
}

/// A number of things, such as `1,234`.
#[must_use]
pub fn count(app: &App, number: usize) -> String {
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    format_value(&Value::Int(number), "n0", app.settings.culture)
}

#[cfg(test)]
mod tests {
    use pressroom_data::Culture;

    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn dates_and_numbers_follow_the_site() {
        for (culture, expect) in [
            ("en-US", ["Thursday, January 1, 1970", "1,234"]),
            ("de-DE", ["Donnerstag, 1. Januar 1970", "1.234"]),
        ] {
            let culture = Culture::find(culture).unwrap();
            let site = Site::with(|settings| settings.culture = culture).await;
            let shown = [day(&site.app, DateTime::UNIX_EPOCH), count(&site.app, 1_234)];
            assert_eq!(shown, expect);
        }
    }
}
