//! Composite formats: texts with places.

use pressroom_data::{CompositeFormat, Culture, Value};
use proptest::prelude::*;

#[track_caller]
fn check(text: &str, values: &[Value], expected: &str) {
    let format = CompositeFormat::parse(text);
    assert_eq!(format.format(values, Culture::default()), expected, "{text:?}");
}

#[test]
fn places() {
    let two = [Value::Double(1234.5), Value::from("Chai")];
    for (text, expected) in [
        ("{0}", "1234.5"),
        ("{0:n2}", "1,234.50"),
        ("{0:$#,##0.00} for {1}", "$1,234.50 for Chai"),
        ("{1} {0:N1} {1}", "Chai 1,234.5 Chai"),
        ("{0 }|{ 0 }", "1234.5|1234.5"),
        ("{0,10}|", "    1234.5|"),
        ("{0,-10}|", "1234.5    |"),
        ("{0 , 10:n0}|", "     1,235|"),
        ("{1,2}", "Chai"),
        ("{0:#,##0;(#,##0);'-'}", "1,235"),
        ("Total: {0:c}.", "Total: $1,234.50."),
        (":", ":"),
        ("", ""),
    ] {
        check(text, &two, expected);
    }
}

#[test]
fn braces_and_faults() {
    let one = [Value::Int(7)];
    for (text, expected) in [
        ("{{0}}", "{0}"),
        ("{{{0}}}", "{7}"),
        ("a { b", "a { b"),
        ("a } b", "a } b"),
        ("{}", "{}"),
        ("{x}", "{x}"),
        ("{0", "{0"),
        ("{0,}", "{0,}"),
        ("{0,x}", "{0,x}"),
        ("{5}", "{5}"),
        ("{99999999999999999999999}", "{99999999999999999999999}"),
        ("{-1}", "{-1}"),
        ("{0:}", "7"),
        ("{a {0}", "{a 7"),
    ] {
        check(text, &one, expected);
    }
}

#[test]
fn a_time_inside_a_place_keeps_its_colons() {
    let noon =
        chrono::NaiveDate::from_ymd_opt(2026, 3, 5).and_then(|day| day.and_hms_opt(12, 30, 0));
    check("{0:hh:mm tt}", &[noon.into()], "12:30 PM");
}

#[test]
fn constant_texts_say_so() {
    assert!(CompositeFormat::parse("plain {{x}}").is_constant());
    assert!(!CompositeFormat::parse("{0}").is_constant());
}

#[test]
fn widths_are_bounded() {
    let text =
        CompositeFormat::parse("{0,2000000000}").format(&[Value::Int(1)], Culture::default());
    assert!(text.len() < 2_000);
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_map(Value::Double),
        any::<[u8; 16]>()
            .prop_map(|bytes| Value::Decimal(rust_decimal::Decimal::deserialize(bytes))),
        (-8_000_000_000_000_i64..8_000_000_000_000, 0_u32..1_000_000_000).prop_map(
            |(seconds, nanos)| {
                chrono::DateTime::from_timestamp(seconds, nanos).map(|time| time.naive_utc()).into()
            }
        ),
        any::<i64>().prop_map(|micros| Value::Span(chrono::TimeDelta::microseconds(micros))),
    ]
}

proptest! {
    #[test]
    fn no_format_fails(value in values(), spec in "[#0.,;%‰eE+'\"\\\\dMyhHmsftFgzK:/ nNcCpPxXrRbB0-9]{0,12}", any in ".{0,8}") {
        for culture in ["en-US", "hi-IN", "th-TH", "ar-EG", "ru-RU", ""] {
            let culture = Culture::find(culture).expect("a culture");
            let _ = pressroom_data::format_value(&value, &spec, culture);
            let _ = pressroom_data::format_value(&value, &any, culture);
        }
    }

    #[test]
    fn no_composite_format_fails(value in values(), text in "[{}0-9,:n#\\- aé]{0,16}") {
        let _ = CompositeFormat::parse(&text).format(&[value], Culture::default());
    }
}
