//! Rows come back from their bytes as they were.

use chrono::{DateTime, TimeDelta};
use pressroom_data::Value;
use pressroom_data::codec::{read_row, write_row};
use proptest::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (any::<i64>(), 0_u32..28).prop_map(|(m, s)| Value::Decimal(Decimal::new(m, s))),
        proptest::num::f64::NORMAL.prop_map(Value::Double),
        ".{0,20}".prop_map(Value::from),
        (-8_000_000_000_000_i64..8_000_000_000_000, 0_u32..1_000_000_000).prop_map(
            |(secs, nanos)| {
                DateTime::from_timestamp(secs, nanos).map(|time| time.naive_utc()).into()
            }
        ),
        any::<i64>().prop_map(|nanos| Value::Span(TimeDelta::nanoseconds(nanos))),
        any::<u128>().prop_map(|id| Value::Guid(Uuid::from_u128(id))),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(|bytes| Value::Bytes(bytes.into())),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        proptest::collection::vec(inner, 0..4).prop_map(|values| Value::List(values.into()))
    })
}

proptest! {
    #[test]
    fn rows_come_back(rows in proptest::collection::vec(proptest::collection::vec(value(), 0..6), 0..5)) {
        let mut bytes = Vec::new();
        for row in &rows {
            write_row(row, &mut bytes).expect("memory");
        }
        let mut input = bytes.as_slice();
        for row in &rows {
            let read = read_row(&mut input).expect("what was written");
            prop_assert_eq!(read.as_deref(), Some(row.as_slice()));
        }
        prop_assert_eq!(read_row(&mut input).expect("the end"), None);
    }

    #[test]
    fn foreign_bytes_are_refused_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = read_row(&mut bytes.as_slice());
    }

    #[test]
    fn a_cut_row_is_an_error(row in proptest::collection::vec(value(), 1..4), cut in any::<proptest::sample::Index>()) {
        let mut bytes = Vec::new();
        write_row(&row, &mut bytes).expect("memory");
        let kept = 1 + cut.index(bytes.len() - 1);
        prop_assert!(read_row(&mut &bytes[..kept.min(bytes.len() - 1)]).is_err());
    }
}
