//! Dates, lengths of time and ids under .NET formats, as .NET 8 prints them.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use pressroom_data::{Culture, Value, display, format_value};
use uuid::Uuid;

fn moment(hour: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 3, 5)
        .and_then(|day| day.and_hms_nano_opt(hour, 7, 9, 120_500_000))
        .expect("a time")
}

#[track_caller]
fn check(hour: u32, spec: &str, culture: &str, expected: &str) {
    let culture = Culture::find(culture).expect(culture);
    let text = format_value(&Value::DateTime(moment(hour)), spec, culture);
    assert_eq!(text, expected, "{spec:?} {culture:?}");
}

#[test]
fn standard_formats() {
    for (spec, culture, expected) in [
        ("d", "en-US", "3/5/2026"),
        ("D", "en-US", "Thursday, March 5, 2026"),
        ("t", "en-US", "2:07 PM"),
        ("T", "en-US", "2:07:09 PM"),
        ("f", "en-US", "Thursday, March 5, 2026 2:07 PM"),
        ("F", "en-US", "Thursday, March 5, 2026 2:07:09 PM"),
        ("g", "en-US", "3/5/2026 2:07 PM"),
        ("G", "en-US", "3/5/2026 2:07:09 PM"),
        ("", "en-US", "3/5/2026 2:07:09 PM"),
        ("M", "en-US", "March 5"),
        ("y", "en-US", "March 2026"),
        ("o", "en-US", "2026-03-05T14:07:09.1205000"),
        ("R", "de-DE", "Thu, 05 Mar 2026 14:07:09 GMT"),
        ("s", "de-DE", "2026-03-05T14:07:09"),
        ("u", "de-DE", "2026-03-05 14:07:09Z"),
        ("U", "en-US", "Thursday, March 5, 2026 2:07:09 PM"),
        ("d", "", "03/05/2026"),
        ("D", "", "Thursday, 05 March 2026"),
        ("t", "", "14:07"),
        ("G", "", "03/05/2026 14:07:09"),
        ("m", "", "March 05"),
        ("Y", "", "2026 March"),
        ("d", "de-DE", "05.03.2026"),
        ("D", "de-DE", "Donnerstag, 5. März 2026"),
        ("g", "de-DE", "05.03.2026 14:07"),
        ("d", "en-GB", "05/03/2026"),
        ("D", "en-GB", "Thursday, 5 March 2026"),
        ("d", "fr-FR", "05/03/2026"),
        ("D", "fr-FR", "jeudi 5 mars 2026"),
        ("d", "ja-JP", "2026/03/05"),
        ("D", "ja-JP", "2026年3月5日木曜日"),
        ("d", "sv-SE", "2026-03-05"),
        ("t", "fi-FI", "14.07"),
        ("D", "ru-RU", "четверг, 5 марта 2026\u{202f}г."),
        ("Y", "ru-RU", "март 2026\u{202f}г."),
        ("d", "th-TH", "5/3/2569"),
        ("c", "en-US", "3/5/2026 2:07:09 PM"),
    ] {
        check(14, spec, culture, expected);
    }
}

#[test]
fn custom_formats() {
    for (spec, culture, expected) in [
        ("dd-MMM-yy", "en-US", "05-Mar-26"),
        ("dd-MMM-yy", "de-DE", "05-März-26"),
        ("MMM yy", "de-DE", "Mär 26"),
        ("dd/MM/yyyy", "de-DE", "05.03.2026"),
        ("dd'/'MM'/'yyyy", "de-DE", "05/03/2026"),
        ("dd\\/MM", "de-DE", "05/03"),
        ("ddd d", "en-US", "Thu 5"),
        ("dddd", "de-DE", "Donnerstag"),
        ("MMMM yyyy", "pl-PL", "marzec 2026"),
        ("d MMMM yyyy", "pl-PL", "5 marca 2026"),
        ("dddd MMMM", "pl-PL", "czwartek marzec"),
        ("M MM", "en-US", "3 03"),
        ("y yy yyy yyyy yyyyy", "en-US", "26 26 2026 2026 02026"),
        ("h hh H HH", "en-US", "2 02 14 14"),
        ("HH:mm:ss.fff", "en-US", "14:07:09.120"),
        ("HH:mm", "fi-FI", "14.07"),
        ("m s", "en-US", "7 9"),
        ("f ff fffffff", "en-US", "1 12 1205000"),
        ("s.FFFFFFF", "en-US", "9.1205"),
        ("t tt", "en-US", "P PM"),
        ("h:mm tt", "pt-PT", "2:07 da tarde"),
        ("%d", "en-US", "5"),
        ("%M", "en-US", "3"),
        ("%h", "en-US", "2"),
        ("H", "en-US", "14"),
        ("zzz", "en-US", "+00:00"),
        ("yyyyK", "en-US", "2026"),
        ("yyyy gg", "en-US", "2026 AD"),
        ("'Week of' d", "en-US", "Week of 5"),
        ("d 'open", "en-US", "5 open"),
        ("yyyy年", "ja-JP", "2026年"),
        ("n2", "en-US", "n2"),
        ("yyyy\\", "en-US", "2026"),
    ] {
        check(14, spec, culture, expected);
    }
    check(0, "h:mm tt", "en-US", "12:07 AM");
    check(12, "h:mm tt", "en-US", "12:07 PM");
}

#[test]
fn lengths_of_time() {
    let span =
        TimeDelta::days(1) + TimeDelta::hours(2) + TimeDelta::minutes(3) + TimeDelta::seconds(4);
    let short = TimeDelta::minutes(90) + TimeDelta::milliseconds(500);
    for (span, spec, culture, expected) in [
        (span, "", "en-US", "1.02:03:04"),
        (span, "c", "de-DE", "1.02:03:04"),
        (-span, "c", "en-US", "-1.02:03:04"),
        (short, "", "en-US", "01:30:00.5000000"),
        (span, "g", "en-US", "1:2:03:04"),
        (short, "g", "de-DE", "1:30:00,5"),
        (span, "G", "en-US", "1:02:03:04.0000000"),
        (short, "G", "fr-FR", "0:01:30:00,5000000"),
        (span, "hh\\:mm", "en-US", "02:03"),
        (span, "d' days 'h", "en-US", "1 days 2"),
        (short, "s\\.ff", "en-US", "0.50"),
        (span, "s\\.FF", "en-US", "4."),
        (short, "%m", "en-US", "30"),
        (span, "HH:mm", "en-US", "02:03"),
        (span, "n2", "en-US", "n2"),
        (span, "x", "en-US", "1.02:03:04"),
    ] {
        let culture = Culture::find(culture).expect(culture);
        assert_eq!(format_value(&Value::Span(span), spec, culture), expected, "{spec:?}");
    }
}

#[test]
fn ids() {
    let id = Uuid::from_u128(0x0f8f_ad5b_d9cb_469f_a165_7086_7728_950e);
    for (spec, expected) in [
        ("", "0f8fad5b-d9cb-469f-a165-70867728950e"),
        ("D", "0f8fad5b-d9cb-469f-a165-70867728950e"),
        ("N", "0f8fad5bd9cb469fa16570867728950e"),
        ("b", "{0f8fad5b-d9cb-469f-a165-70867728950e}"),
        ("P", "(0f8fad5b-d9cb-469f-a165-70867728950e)"),
        ("X", "{0x0f8fad5b,0xd9cb,0x469f,{0xa1,0x65,0x70,0x86,0x77,0x28,0x95,0x0e}}"),
        ("n2", "0f8fad5b-d9cb-469f-a165-70867728950e"),
    ] {
        assert_eq!(format_value(&Value::Guid(id), spec, Culture::default()), expected, "{spec:?}");
    }
}

#[test]
fn a_label_without_a_format_shows_the_general_one() {
    assert_eq!(display(&Value::DateTime(moment(0)), Culture::default()), "3/5/2026 12:07:09 AM");
    assert_eq!(display(&Value::Double(0.5), Culture::find("de").expect("de")), "0,5");
}
