//! What expressions mean: each line is an expression and what it gives, written as expressions.

use crate::world::{World, moment};
use pressroom_criteria::{FieldPath, parse, parse_optional};
use pressroom_data::{Culture, Value};

/// Each expression has the value of the other, of the same type.
fn check(cases: &[(&str, &str)]) {
    let world = World::default();
    let mut wrong = Vec::new();
    for (text, result) in cases {
        let (found, expected) = (world.evaluate(text), world.evaluate(result));
        if found.is_err() || found != expected {
            wrong.push(format!("{text}\n   gives {found:?}\n   instead of {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Each expression fails with these words when it is evaluated.
fn check_fails(cases: &[(&str, &str)]) {
    let world = World::default();
    for (text, message) in cases {
        assert_eq!(world.evaluate(text), Err((*message).to_owned()), "{text}");
    }
}

#[test]
fn literals() {
    let cases: &[(&str, Value)] = &[
        ("'it''s'", "it's".into()),
        ("\"it's\"", "it's".into()),
        ("12", Value::Int(12)),
        ("1s", Value::Int(1)),
        ("1b", Value::Int(1)),
        ("1L", Value::Int(1)),
        ("1.0f", Value::Double(1.0)),
        ("1.5", Value::Double(1.5)),
        (".5", Value::Double(0.5)),
        ("2e3", Value::Double(2000.0)),
        ("25.0m", Value::Decimal("25.0".parse().unwrap())),
        ("12m", Value::Decimal("12".parse().unwrap())),
        ("9223372036854775808", Value::Decimal("9223372036854775808".parse().unwrap())),
        ("True", Value::Bool(true)),
        ("fAlSe", Value::Bool(false)),
        ("?", Value::Null),
        ("NULL", Value::Null),
        ("#2018-03-22 13:18:51#", moment("2018-03-22T13:18:51").into()),
        ("#2018-03-22#", moment("2018-03-22T00:00:00").into()),
        ("#3/22/2018#", moment("2018-03-22T00:00:00").into()),
        ("#10:30:00#", Value::Span(chrono::TimeDelta::minutes(630))),
        ("#1.10:30:00#", Value::Span(chrono::TimeDelta::minutes(630 + 24 * 60))),
        (
            "{3f2504e0-4f89-11d3-9a0c-0305e82c3301}",
            Value::Guid("3f2504e0-4f89-11d3-9a0c-0305e82c3301".parse().unwrap()),
        ),
    ];
    let world = World::default();
    for (text, value) in cases {
        assert_eq!(world.evaluate(text).as_ref(), Ok(value), "{text}");
    }
}

#[test]
fn precedence() {
    check(&[
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 2 - 3", "5"),
        ("-2 * 3", "-6"),
        ("- -2", "2"),
        ("+2", "2"),
        ("7 % 4 * 2", "6"),
        ("True Or False And False", "True"),
        ("Not True Or True", "True"),
        ("Not 1 = 2", "True"),
        ("! 1 = 2", "True"),
        ("1 + 1 = 2 And 2 < 3", "True"),
        ("1 < 2 = True", "True"),
        ("6 & 3 | 8", "10"),
        ("6 ^ 3", "5"),
        ("~5", "-6"),
        ("4 | 1 = 5", "True"),
        ("1 = 1 && 2 != 3 || False", "True"),
        ("1 == 1", "True"),
        ("[Quantity] + 1 In (12, 13)", "True"),
        ("[Remark] Is Null And True", "True"),
    ]);
}

#[test]
fn numbers() {
    check(&[
        ("7 / 2", "3"),
        ("-7 / 2", "-3"),
        ("7 / 2.0", "3.5"),
        ("7 / 2m", "3.5m"),
        ("0.1m + 0.2m", "0.3m"),
        ("[Price] * 1.1", "3.850m"),
        ("[Price] * [Quantity]", "42.00m"),
        ("9223372036854775807 + 1", "9223372036854775808m"),
        ("-9223372036854775807 - 2", "-9223372036854775809m"),
        ("9223372036854775807 * 4", "36893488147419103228m"),
        (
            "79228162514264337593543950335m + 79228162514264337593543950335m",
            "1.5845632502852868e29",
        ),
        ("1 / 0", "?"),
        ("1.5 / 0", "?"),
        ("1m % 0m", "?"),
        ("'5' * 2", "10"),
        ("5 = 5.0m", "True"),
        ("0.1 = 0.1m", "True"),
        ("'5' = 5", "True"),
        ("'abc' = 5", "False"),
        ("'abc' <> 5", "True"),
    ]);
}

#[test]
fn nulls() {
    check(&[
        ("1 + ?", "?"),
        ("[Remark] + 'x'", "'x'"),
        ("'x' + ?", "'x'"),
        ("? + ?", "?"),
        ("-(1 + ?)", "?"),
        ("[Remark] = 'x'", "?"),
        ("[Remark] <> 'x'", "?"),
        ("1 < [Remark]", "?"),
        ("[Remark] Is Null", "True"),
        ("[Remark] Is Not Null", "False"),
        ("[Remark] = null", "True"),
        ("[Product] != ?", "True"),
        ("?nothing = [Remark]", "?"),
        ("Not ([Remark] = 'x')", "?"),
        ("[Remark] = 'x' And False", "False"),
        ("[Remark] = 'x' Or True", "True"),
        ("[Remark] = 'x' Or False", "?"),
        ("Iif([Remark] = 'x', 1, 2)", "2"),
        ("Upper([Remark])", "?"),
        ("[Remark] In ('x')", "?"),
        ("1 In (2, ?)", "?"),
        ("1 In (1, ?)", "True"),
        ("IsNull([Remark])", "True"),
        ("IsNull(?, ?) Is Null", "True"),
        ("IsNullOrEmpty([Remark])", "True"),
        ("Concat('a', ?, 'b')", "'ab'"),
        ("5 Between (1, ?)", "?"),
        ("5 Between (6, ?)", "False"),
    ]);
}

#[test]
fn texts() {
    check(&[
        ("[Product] = 'GREEN TEA'", "True"),
        ("[Product] In ('x', 'green TEA')", "True"),
        ("'a' < 'B'", "True"),
        ("'ä' = 'Ä'", "True"),
        ("'a' + 1", "'a1'"),
        ("1 + 'a' + True", "'1aTrue'"),
        ("[Product] Like 'green%'", "True"),
        ("[Product] Like '_reen tea'", "True"),
        ("[Product] Like '%e%e%a'", "True"),
        ("[Product] Like 'tea%'", "False"),
        ("[Product] Not Like 'tea%'", "True"),
        ("[Product] Like '[a-g]%'", "True"),
        ("[Product] Like '[^a-g]%'", "False"),
        ("[Product] Like '%' + 'TEA'", "True"),
        ("CharIndex('x', 'abc')", "-1"),
        ("CharIndex('a', 'banana', 2)", "3"),
        ("Substring('abc', 5)", "''"),
        ("Substring('abc', 1, 99)", "'bc'"),
        ("Remove('abcdef', 1, 2)", "'adef'"),
        ("PadLeft('abc', 2)", "'abc'"),
        ("Replace('aAa', 'a', '')", "'A'"),
        ("Len('äöü')", "3"),
        ("Contains('Straße', 'STRA')", "True"),
        ("'line' + Char(10)", "'line' + NewLine()"),
    ]);
}

#[test]
fn dates() {
    check(&[
        ("#2026-01-02# - #2026-01-01#", "#1.00:00:00#"),
        ("#2026-01-01# + #12:00:00#", "#2026-01-01 12:00:00#"),
        ("#12:00:00# + #13:00:00#", "#1.01:00:00#"),
        ("[Ordered] > '2026-11-01'", "True"),
        ("[Ordered] = '2026-11-20 09:15:00'", "True"),
        ("[Ordered] Between (#2026-11-01#, #2026-12-01#)", "True"),
        ("Between([Quantity], 12, 12)", "True"),
        ("DateDiffDay(#2026-03-01#, #2026-02-28 23:59:59#)", "-1"),
        ("DateDiffMonth(#2025-12-31#, #2026-01-01#)", "1"),
        ("AddMonths(#2026-03-31#, -1)", "#2026-02-28#"),
        ("GetYear('2026-11-24')", "2026"),
        ("AddDays('2026-11-24', 1)", "#2026-11-25#"),
        ("IsThisYear(?)", "?"),
        ("DateTimeFromParts(2024, 2, 29)", "#2024-02-29#"),
    ]);
}

#[test]
fn names() {
    check(&[
        ("Product", "'Green tea'"),
        ("product", "'Green tea'"),
        ("[Product]", "'Green tea'"),
        ("@Product", "'Green tea'"),
        ("Product + ' ' + Quantity", "'Green tea 12'"),
        ("[DataSource.RowCount]", "4"),
        ("[DataSource.CurrentRowIndex]", "1"),
        ("[DataSource].[RowCount]", "4"),
        ("?limit", "10"),
        ("[Parameters.Limit]", "10"),
        ("Parameters.Limit", "10"),
        ("[?Limit]", "10"),
        ("?[Limit]", "10"),
        ("Join(?Regions)", "'North,South'"),
        ("'south' In (?Regions)", "True"),
        ("'South' In ?Regions", "True"),
        ("'East' In (?Regions, 'east')", "True"),
        ("Not 'East' In (?Regions)", "True"),
        ("'East' Not In (?Regions)", "True"),
    ]);
}

#[test]
fn paths() {
    let path = |text: &str| {
        let expr = parse(text).expect("a path");
        expr.as_field().cloned().expect("nothing but a path")
    };
    let of = |parents, names: &[&str]| {
        FieldPath::new(parents, names.iter().map(|name| (*name).into()).collect())
    };
    assert_eq!(path("[Order.Customer.Name]"), of(0, &["Order", "Customer", "Name"]));
    assert_eq!(path("Order.Customer.Name"), of(0, &["Order", "Customer", "Name"]));
    assert_eq!(path("[Order].[Customer].Name"), of(0, &["Order", "Customer", "Name"]));
    assert_eq!(path("[ReportItems.Total].[Visible]"), of(0, &["ReportItems", "Total", "Visible"]));
    assert_eq!(path("^.Name"), of(1, &["Name"]));
    assert_eq!(path("^.^.[Name]"), of(2, &["Name"]));
    assert_eq!(path("[^.^.Name]"), of(2, &["Name"]));
    assert_eq!(path("[^].[Name]"), of(1, &["Name"]));
    assert_eq!(path("[Unit Price]"), of(0, &["Unit Price"]));
    assert_eq!(path(r"[a\.b\]c\\d]"), of(0, &["a.b]c\\d"]));
    assert_eq!(path("[Trans. No.]"), of(0, &["Trans", " No", ""]));
    assert_eq!(&**path("[Trans. No.]").name(), "Trans. No.");
    assert_eq!(path("@Or"), of(0, &["Or"]));
    assert_eq!(path("[Order]").to_string(), "[Order]");
    assert_eq!(path("Straße_2"), of(0, &["Straße_2"]));
}

#[test]
fn aggregates() {
    check(&[
        ("Sum([Quantity])", "30"),
        ("[].Sum([Quantity])", "30"),
        ("[Lines].Sum([Amount])", "6"),
        ("Lines.Sum(Amount)", "6"),
        ("[Lines][].Sum([Amount])", "6"),
        ("[Lines][[Amount] >= 2].Count()", "2"),
        ("[Lines][[Amount] >= 2].Count", "2"),
        ("[Lines].Count", "3"),
        ("Lines[Amount > 1].Max(Article)", "'ribbon'"),
        ("[][[Quantity] > 4].Count()", "3"),
        ("[Lines][[Amount] > 99].Exists()", "False"),
        ("[Lines][[Amount] > 99].Sum([Amount])", "?"),
        ("[Lines][[Amount] > 99].Count()", "0"),
        ("[Lines][[Amount] < ^.Quantity].Sum([Amount] * [^.Quantity])", "72"),
        ("Count()", "4"),
        ("Max(Sum([Quantity]), 31)", "31"),
        ("Max([Quantity])", "12"),
        ("Sum([Price] * [Quantity])", "110.50m"),
        ("[Quantity] * 100 / Sum([Quantity])", "40"),
        ("Sum([Lines].Sum([Amount]))", "24"),
        ("[Lines][[Amount] > 99].Avg([Amount])", "?"),
        ("sumSum([Quantity] * 2) + sumCount([Remark])", "64"),
        ("FormatString('{0}', Floor(sumAvg([Quantity]) / 2))", "'3'"),
    ]);
    check_fails(&[(
        "[Lines].Single([Article])",
        "Single found more than one row; narrow its condition",
    )]);
}

#[test]
fn only_what_is_needed_is_evaluated() {
    check(&[
        ("Iif(True, 1, 1 + #2026-01-01#)", "1"),
        ("Iif(False, 1 < 'x', True, 2, 1 < 'x')", "2"),
        ("IsNull(1, 1 < 'x')", "1"),
        ("False And 1 < 'x'", "False"),
        ("True Or 1 < 'x'", "True"),
    ]);
}

#[test]
fn comments_and_lines() {
    check(&[
        ("1 /* one */ + /* two\n */ 2", "3"),
        ("1 // one\n + 2", "3"),
        ("\n\t1\r\n+\u{a0}2 ", "3"),
    ]);
    assert_eq!(parse_optional("  /* [Gone] + 1 */ "), Ok(None));
    assert_eq!(parse_optional(""), Ok(None));
    assert!(parse("").is_err());
}

#[test]
fn failures_say_what_to_do() {
    check_fails(&[
        ("1 + #2026-01-01#", "\"+\" needs numbers, not the date 2026-01-01 00:00:00"),
        ("[Product] * 2", "\"*\" needs numbers, not the text \"Green tea\""),
        ("[Product] < 2", "the text \"Green tea\" cannot be compared with the number 2"),
        ("Abs([Product])", "Abs needs a number as its number, not the text \"Green tea\""),
        ("AddDays([Product], 1)", "AddDays needs a date as its date, not the text \"Green tea\""),
        ("AddYears(#9999-01-01#, 1)", "the result of AddYears is out of range"),
        ("Iif([Product], 1, 2)", "a condition must be true or false, not the text \"Green tea\""),
        ("?Regions = 'North'", "a list of values cannot be compared with one value; use In"),
        ("1.5 & 1", "\"&\" needs whole numbers, not the number 1.5"),
        ("PadLeft('a', 99999999)", "a text can be filled up to 1048576 characters, not 99999999"),
    ]);
}

#[test]
fn the_culture_decides_how_values_read() {
    let world = World { culture: Culture::find("de-DE").expect("German"), ..World::default() };
    assert_eq!(world.evaluate("'' + 1.5"), Ok("1,5".into()));
    assert_eq!(world.evaluate("Contains(1.5, ',')"), Ok(true.into()));
    assert_eq!(world.evaluate("FormatString('{0:n2}', 1234.5)"), Ok("1.234,50".into()));
    assert_eq!(world.evaluate("GetDayOfWeek(LocalDateTimeThisWeek())"), Ok(Value::Int(1)));
}

#[test]
fn compiled_expressions_tell_what_they_are() {
    let world = World::default();
    let compiled = |text: &str| world.compile(text).expect("it compiles");
    assert_eq!(compiled("[Quantity]").as_column(), Some(3));
    assert_eq!(compiled("([Quantity])").as_column(), Some(3));
    assert_eq!(compiled("1 + 2").as_constant(), Some(&Value::Int(3)));
    assert_eq!(compiled("Len(Join(?Regions)) + 1").as_constant(), None);
    assert_eq!(compiled("Upper('a')").as_constant(), Some(&Value::from("A")));
    assert_eq!(compiled("Now()").as_constant(), None);
    assert!(compiled("[DataSource.RowCount] > 1").needs().row_count);
    assert!(compiled("NextRowColumnValue([Quantity])").needs().next_row);
    assert!(compiled("Today()").needs().environment);

    let summaries = compiled("sumSum([Quantity]) / sumCount([Product])");
    let slots: Vec<_> = summaries.summaries().iter().map(|call| (call.slot, call.kind)).collect();
    use pressroom_criteria::SummaryKind::{Count, Sum};
    assert_eq!(slots, [(0, Sum), (1, Count)]);
    let argument = summaries.summaries()[0].argument.as_ref().expect("of something");
    assert_eq!(argument.as_column(), Some(3));
    assert_eq!(argument.text(), "[Quantity]");
}

#[test]
fn static_types() {
    use pressroom_data::DataType as T;
    let world = World::default();
    for (text, data_type) in [
        ("[Quantity] + 1", T::Int),
        ("[Quantity] * [Price]", T::Decimal),
        ("[Quantity] / 2.0", T::Double),
        ("[Product] + 1", T::Text),
        ("[Quantity] > 1", T::Bool),
        ("[Ordered] - Now()", T::Span),
        ("Iif([Quantity] > 1, 'a', 'b')", T::Text),
        ("Round([Price], 1)", T::Decimal),
        ("Sum([Price])", T::Decimal),
        ("sumAvg([Quantity])", T::Double),
        ("IsNull([Remark])", T::Bool),
        ("?limit", T::Unknown),
    ] {
        assert_eq!(world.compile(text).expect(text).data_type(), data_type, "{text}");
    }
}

#[test]
fn analysis() {
    let expr =
        parse("[A] + [Lines][[X] = ^.B And [Y] = ?p].Sum([X] * [^.^.C]) + sumSum([D]) + ?P + [a]")
            .expect("it parses");
    let fields: Vec<String> = expr.fields().iter().map(ToString::to_string).collect();
    assert_eq!(fields, ["[A]", "[B]", "[^.C]", "[D]", "[a]"]);
    assert_eq!(expr.parameters(), ["p".into()]);
    assert_eq!(expr.aggregates().len(), 1);
    assert_eq!(expr.summaries().len(), 1);
    assert!(expr.needs().aggregates && expr.needs().summaries && !expr.needs().page);
    assert!(parse("[Arguments.PageIndex] + 1").expect("it parses").needs().page);
    assert!(parse("[ReportItems.x].[Text]").expect("it parses").needs().report_items);
}
