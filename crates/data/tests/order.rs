//! Sorting, grouping and hashing agree.

use std::cmp::Ordering;

use chrono::{DateTime, TimeDelta};
use pressroom_data::{Value, compare, key, same};
use proptest::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

fn decimal(text: &str) -> Value {
    Value::Decimal(text.parse().expect(text))
}

#[test]
fn numbers_compare_by_value() {
    let ascending = [
        Value::Double(f64::NAN),
        Value::Double(f64::NEG_INFINITY),
        Value::Double(f64::MIN),
        Value::Int(i64::MIN),
        decimal("-1.5"),
        Value::Int(-1),
        Value::Double(-1e-300),
        Value::Int(0),
        Value::Double(5e-324),
        decimal("0.0000000000000000000000000001"),
        Value::Double(0.1),
        decimal("0.10000000000000000001"),
        Value::Int(2),
        decimal("10"),
        Value::Int(i64::MAX),
        decimal("79228162514264337593543950335"),
        Value::Double(1e30),
        Value::Double(f64::INFINITY),
    ];
    for (at, a) in ascending.iter().enumerate() {
        for (other, b) in ascending.iter().enumerate() {
            assert_eq!(compare(a, b), at.cmp(&other), "{a:?} {b:?}");
        }
    }
}

#[test]
fn the_same_number_has_one_key_whatever_its_type() {
    for (a, b) in [
        (Value::Int(1), decimal("1.00")),
        (Value::Int(1200), Value::Double(1200.0)),
        (decimal("0.1"), Value::Double(0.1)),
        (Value::Double(0.0), Value::Double(-0.0)),
        (Value::from("Straße"), Value::from("STRAßE")),
        (Value::from("Chai"), Value::from("CHAI")),
        (Value::List([1.into()].into()), Value::List([decimal("1.0")].into())),
    ] {
        assert!(same(&a, &b) && key(&a) == key(&b), "{a:?} {b:?}");
    }
    for (a, b) in [
        (Value::from("a"), Value::from("á")),
        (Value::Null, Value::from("")),
        (Value::Bool(true), Value::Int(1)),
        (Value::Int(1), Value::from("1")),
    ] {
        assert!(!same(&a, &b) && key(&a) != key(&b), "{a:?} {b:?}");
    }
}

#[test]
fn kinds_stand_in_a_fixed_order_with_nulls_first() {
    let kinds = [
        Value::Null,
        Value::Bool(false),
        Value::Bool(true),
        Value::Int(5),
        Value::DateTime(DateTime::UNIX_EPOCH.naive_utc()),
        Value::Span(TimeDelta::zero()),
        Value::Guid(Uuid::nil()),
        Value::from("text"),
        Value::Bytes([1].as_slice().into()),
        Value::List([].into()),
    ];
    assert!(kinds.is_sorted_by(|a, b| compare(a, b) == Ordering::Less));
}

fn value() -> impl Strategy<Value = Value> {
    let number = -30_i64..30;
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number.clone().prop_map(Value::Int),
        (number.clone(), 0_u32..3).prop_map(|(m, s)| Value::Decimal(Decimal::new(m * 10, s))),
        number.prop_map(|n| Value::Double(n as f64 / 10.0)),
        any::<f64>().prop_map(Value::Double),
        "[aAbBáß -]{0,3}".prop_map(Value::from),
        ".{0,4}".prop_map(Value::from),
    ]
}

proptest! {
    #[test]
    fn the_order_is_total(a in value(), b in value(), c in value()) {
        prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
        if compare(&a, &b).is_le() && compare(&b, &c).is_le() {
            prop_assert!(compare(&a, &c).is_le());
        }
    }

    #[test]
    fn keys_are_equal_where_values_are_the_same(a in value(), b in value()) {
        prop_assert_eq!(key(&a) == key(&b), same(&a, &b));
        if compare(&a, &b).is_eq() {
            prop_assert!(same(&a, &b));
        }
    }

    #[test]
    fn what_is_the_same_stands_together(mut values in proptest::collection::vec(value(), 0..12)) {
        values.sort_by(compare);
        for (at, a) in values.iter().enumerate() {
            let run = values[at..].iter().take_while(|b| same(a, b)).count();
            prop_assert!(!values[at + run..].iter().any(|b| same(a, b)));
        }
    }
}
