//! What this crate prints beside what the .NET runtime printed for the same values.
//!
//! The table leaves out what is known to differ: doubles that lie exactly between two neighbours
//! (away from zero here, to even there), the sign of a double that a custom format rounds to zero,
//! and texts that newer CLDR data changed.

use chrono::{NaiveDate, TimeDelta};
use pressroom_data::{Culture, DataType, Value, format_value, parse_invariant};

const TABLE: &str = include_str!("dotnet.tsv");

fn value(kind: &str, text: &str) -> Option<Value> {
    match kind {
        "int" => parse_invariant(text, DataType::Int).ok(),
        "decimal" => parse_invariant(text, DataType::Decimal).ok(),
        "double" => match text {
            "nan" => Some(Value::Double(f64::NAN)),
            text => text.parse().ok().map(Value::Double),
        },
        "ticks" => Some(Value::Span(TimeDelta::nanoseconds(text.parse::<i64>().ok()? * 100))),
        "date" => {
            let parts: Vec<u32> = text.split(' ').filter_map(|part| part.parse().ok()).collect();
            let [year, month, day, hour, minute, second, milli] = parts[..] else { return None };
            let date = NaiveDate::from_ymd_opt(year.try_into().ok()?, month, day)?;
            Some(date.and_hms_milli_opt(hour, minute, second, milli)?.into())
        }
        _ => None,
    }
}

#[test]
fn formats_print_what_the_dotnet_runtime_prints() {
    let rows = TABLE.lines().filter(|line| !line.starts_with("# "));
    let mut differences = Vec::new();
    for row in rows {
        let columns: Vec<&str> = row.split('\t').collect();
        let [kind, text, spec, culture, expected] = columns[..] else { panic!("{row:?}") };
        let value = value(kind, text).expect(row);
        let culture = Culture::find(culture).expect(culture);
        let printed = format_value(&value, spec, culture);
        if printed != expected {
            differences.push(format!("{row}: {printed}"));
        }
    }
    assert!(differences.is_empty(), "{differences:#?}");
}
