//! What of a calendar depends on the culture.

use chrono::Weekday;
use pressroom_data::Culture;

/// Regions whose weeks begin on Sunday, by the week data of Unicode's CLDR.
const SUNDAY: &str = "AG AS BD BR BS BT BW BZ CA CO DM DO ET GT GU HK HN ID IL IN JM JP KE KH KR LA \
                      MH MM MO MT MX MZ NI NP PA PE PH PK PR PT PY SA SG SV TH TT TW UM US VE VI \
                      WS YE ZA ZW";
/// Regions whose weeks begin on Saturday.
const SATURDAY: &str = "AE AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY";
/// Languages without a region that stand for one of [`SUNDAY`].
const SUNDAY_LANGUAGES: &str = "en he hi id ja km ko lo my ne pt th ur";

/// The day on which weeks begin in a culture.
pub(crate) fn first_day_of_week(culture: &Culture) -> Weekday {
    let is_in = |list: &str, code: &str| {
        list.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(code))
    };
    match culture.name().rsplit_once('-') {
        // The invariant culture.
        None if culture.name().is_empty() => Weekday::Sun,
        None if is_in(SUNDAY_LANGUAGES, culture.name()) => Weekday::Sun,
        Some((_, region)) if is_in(SUNDAY, region) => Weekday::Sun,
        Some((_, region)) if is_in(SATURDAY, region) => Weekday::Sat,
        _ => Weekday::Mon,
    }
}
