//! What the document says about itself.

use krilla::metadata::{DateTime, Metadata};
use pressroom_page::DocumentInfo;

/// The document's information, PDF's words for it. The time is the caller's, never the clock's.
pub(crate) fn metadata(info: &DocumentInfo) -> Metadata {
    let mut metadata =
        Metadata::new().producer("Pressroom".to_owned()).creation_date(date_time(info.created));
    if let Some(title) = &info.title {
        metadata = metadata.title(clean(title));
    }
    if let Some(author) = info.author.as_deref().filter(|author| !author.is_empty()) {
        metadata = metadata.authors(vec![clean(author)]);
    }
    if let Some(subject) = &info.subject {
        metadata = metadata.description(clean(subject));
    }
    if let Some(language) = info.language.as_deref().filter(|language| is_tag(language)) {
        metadata = metadata.language(language.to_owned());
    }
    metadata
}

/// Text for a metadata field: without control characters, which XML cannot hold.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(1000).collect()
}

/// Whether a text has the shape of a BCP 47 tag.
fn is_tag(text: &str) -> bool {
    text.len() <= 35
        && text.split('-').all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// A date from seconds since 1970, by Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>). Years beyond 0 to 9999 are clamped.
fn date_time(seconds: i64) -> DateTime {
    let days = seconds.div_euclid(86_400);
    let of_day = seconds.rem_euclid(86_400);
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era.saturating_mul(400) + i64::from(month <= 2);
    // All but the year lie in their ranges; the year is clamped to them.
    DateTime::new(year.clamp(0, 9999) as u16)
        .month(month as u8)
        .day(day as u8)
        .hour((of_day / 3600) as u8)
        .minute((of_day / 60 % 60) as u8)
        .second((of_day % 60) as u8)
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

#[cfg(test)]
mod tests {
    use krilla::metadata::DateTime;

    use super::{clean, date_time, is_tag};

    fn check(
        seconds: i64,
        (year, month, day): (u16, u8, u8),
        (hour, minute, second): (u8, u8, u8),
    ) {
        let expect = DateTime::new(year)
            .month(month)
            .day(day)
            .hour(hour)
            .minute(minute)
            .second(second)
            .utc_offset_hour(0)
            .utc_offset_minute(0);
        assert_eq!(date_time(seconds), expect, "{seconds}");
    }

    #[test]
    fn seconds_become_dates() {
        check(0, (1970, 1, 1), (0, 0, 0));
        check(951_868_799, (2000, 2, 29), (23, 59, 59));
        check(951_868_800, (2000, 3, 1), (0, 0, 0));
        check(1_798_761_599, (2026, 12, 31), (23, 59, 59));
        check(-1, (1969, 12, 31), (23, 59, 59));
        check(4_107_542_400, (2100, 3, 1), (0, 0, 0));
        let _ = (date_time(i64::MIN), date_time(i64::MAX));
    }

    #[test]
    fn fields_hold_no_control_characters() {
        assert_eq!(clean("a\0b\nc"), "a b c");
        assert!(is_tag("de-DE") && is_tag("zh-Hant-TW") && !is_tag("") && !is_tag("en_US"));
    }
}
