//! What of a calendar depends on the culture.

use chrono::Weekday;
use pressroom_data::Culture;

/// The day on which weeks begin in a culture.
pub(crate) fn first_day_of_week(culture: &Culture) -> Weekday {
    let name = culture.name();
    let region = name.rsplit('-').next().unwrap_or(name).to_ascii_uppercase();
    match region.as_str() {
        "" | "US" | "CA" | "MX" | "BR" | "JP" | "KR" | "TW" | "HK" | "IN" | "IL" | "ZA" | "TH"
        | "ID" | "PH" | "SG" | "SA" | "CO" | "PE" | "VE" | "PT" => Weekday::Sun,
        "EG" | "AE" | "DZ" | "IQ" | "IR" | "JO" | "KW" | "OM" | "QA" | "AF" => Weekday::Sat,
        _ => Weekday::Mon,
    }
}
