//! Rows, and filters on them, that databases and memory are asked alike.

use chrono::NaiveDateTime;
use pressroom_criteria::sql::Column;
use pressroom_criteria::{Expr, FieldPath, RowScope, compile};
use pressroom_data::{DataType, Field, Schema, Value};
use proptest::prelude::*;

use crate::world::moment;

pub(crate) const COLUMNS: [(&str, DataType); 6] = [
    ("Number", DataType::Int),
    ("Weight", DataType::Double),
    ("Name", DataType::Text),
    ("Paid", DataType::Bool),
    ("Ordered", DataType::DateTime),
    ("Price", DataType::Decimal),
];

pub(crate) fn schema() -> Schema {
    Schema::new(COLUMNS.iter().map(|(name, kind)| Field::new(*name, *kind)).collect())
}

/// The column of a name, in quotes of one kind.
pub(crate) fn column(path: &FieldPath, open: char, close: char) -> Option<Column> {
    let index = schema().index_of(path.name())?;
    let (name, data_type) = COLUMNS[index];
    Some(Column { sql: format!("{open}{name}{close}"), data_type })
}

pub(crate) fn scope(row: &[Value]) -> RowScope<'_> {
    RowScope::new(row, moment("2026-11-24T10:30:00"))
}

/// Whether a row fulfils a filter, in memory.
pub(crate) fn fulfils(filter: &Expr, row: &[Value]) -> bool {
    let compiled = compile(filter, &schema()).expect("a filter on the columns");
    compiled.matches(&scope(row)).expect("a filter with a value")
}

fn text() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "", "tea", "TEA", "Tee", "tea ", "ä", "Ä", "a", "Z", "z", "ß", "5", "é", "%", "k", "K",
        "\u{212a}", "ΣΑΣ", "σας", "σασ", "i\u{307}", "İ", "[a]\\", "e\u{301}",
    ])
}

fn date() -> impl Strategy<Value = NaiveDateTime> {
    prop::sample::select(vec![
        "2026-11-23T23:59:59.999",
        "2026-11-24T00:00:00",
        "2026-11-24T10:30:00",
        "1999-01-01T00:00:00",
    ])
    .prop_map(moment)
}

fn price() -> impl Strategy<Value = Value> {
    prop::sample::select(vec!["0", "0.1", "1.5", "2", "-0.50", "123456789012.345678"])
        .prop_map(|text| Value::Decimal(text.parse().expect("a price")))
}

pub(crate) fn row() -> impl Strategy<Value = Vec<Value>> {
    let nullable = |value: BoxedStrategy<Value>| prop_oneof![1 => Just(Value::Null), 4 => value];
    (
        nullable((-3_i64..4).prop_map(Value::Int).boxed()),
        nullable((-6..7).prop_map(|half| Value::Double(f64::from(half) / 2.0)).boxed()),
        nullable(text().prop_map(Value::from).boxed()),
        nullable(any::<bool>().prop_map(Value::Bool).boxed()),
        nullable(date().prop_map(Value::DateTime).boxed()),
        nullable(price().boxed()),
    )
        .prop_map(|(a, b, c, d, e, f)| vec![a, b, c, d, e, f])
}

/// A comparison of a column with a constant that can be compared with it.
fn comparison() -> impl Strategy<Value = String> {
    let operator = || prop::sample::select(vec!["=", "<>", "<", "<=", ">", ">="]);
    let number = || {
        prop::sample::select(vec!["0", "1", "-2", "1.5", "0.5m", "2.0m", "'1'", "1 + 1", "2 - 0.5"])
    };
    let quoted = || text().prop_map(|text| format!("'{text}'"));
    let dated = || {
        prop::sample::select(vec![
            "#2026-11-24#",
            "Today()",
            "AddDays(Today(), -1)",
            "'2026-11-24'",
            "Now()",
        ])
    };
    let numeric = || prop::sample::select(vec!["[Number]", "[Weight]"]);
    prop_oneof![
        (numeric(), operator(), number()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (number(), operator(), numeric()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (numeric(), number(), number()).prop_map(|(a, b, c)| format!("{a} Between ({b}, {c})")),
        (numeric(), number(), number()).prop_map(|(a, b, c)| format!("{a} In ({b}, {c}, ?)")),
        (operator(), quoted()).prop_map(|(op, b)| format!("[Name] {op} {b}")),
        (quoted(), quoted()).prop_map(|(a, b)| format!("[Name] In ({a}, {b})")),
        quoted().prop_map(|a| format!("[Name] In ({a}, ?)")),
        (prop::sample::select(vec!["[Price]"]), operator(), number())
            .prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (operator(), dated()).prop_map(|(op, b)| format!("[Ordered] {op} {b}")),
        Just("[Paid]".to_owned()),
        Just("[Paid] = False".to_owned()),
        Just("[Name] Is Null".to_owned()),
        Just("[Ordered] <> ?".to_owned()),
        Just("[Name] Like '%e%'".to_owned()),
        Just("Len([Name]) > 1".to_owned()),
    ]
}

/// A filter of several conditions.
pub(crate) fn filter() -> impl Strategy<Value = String> {
    comparison().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) And ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) Or ({b})")),
            inner.prop_map(|a| format!("Not ({a})")),
        ]
    })
}
