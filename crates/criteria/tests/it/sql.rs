//! Conditions as SQL: what is translated, and that it means the same there.

use pressroom_criteria::sql::{Column, NotTranslatable, Sqlite, split, translate};
use pressroom_criteria::{FieldPath, parse};
use pressroom_data::DataType;

use crate::world::World;

fn column(path: &FieldPath) -> Option<Column> {
    let data_type = match path.name().to_lowercase().as_str() {
        "product" => DataType::Text,
        "group" => DataType::Text,
        "quantity" | "rank" => DataType::Int,
        "weight" => DataType::Double,
        "price" => DataType::Decimal,
        "ordered" => DataType::DateTime,
        "paid" => DataType::Bool,
        _ => return None,
    };
    Some(Column { sql: format!("t.\"{}\"", path.name()), data_type })
}

fn dialect() -> Sqlite {
    Sqlite { collation: Some(" COLLATE REPORT".into()), dates_are_text: true }
}

/// The SQL of a condition with its bound values, or why there is none.
fn sql(text: &str) -> String {
    let expr = parse(text).expect(text);
    let world = World::default();
    match translate(&expr, &dialect(), &column, &world.at(0)) {
        Ok(fragment) => format!("{} {:?}", fragment.sql, fragment.values),
        Err(NotTranslatable { .. }) => "in memory".into(),
    }
}

#[test]
fn what_is_translated() {
    for (text, expected) in [
        ("[Quantity] > 5", r#"(t."Quantity" > ?1) [Int(5)]"#),
        ("5 < [Quantity]", r#"(?1 < t."Quantity") [Int(5)]"#),
        ("[Quantity] = '5'", r#"(t."Quantity" = ?1) [Int(5)]"#),
        ("[Quantity] = 5.0m", r#"(t."Quantity" = ?1) [Int(5)]"#),
        ("[Quantity] > 2.5m", r#"(t."Quantity" > ?1) [Double(2.5)]"#),
        ("[Quantity] = ?limit", r#"(t."Quantity" = ?1) [Int(10)]"#),
        ("[Weight] <= 1", r#"(t."Weight" <= ?1) [Double(1.0)]"#),
        ("[Product] = 'tea'", r#"(t."Product" = ?1 COLLATE REPORT) [Text("tea")]"#),
        ("[Product] Is Null", r#"(t."Product" IS NULL) []"#),
        ("[Product] <> null", r#"(t."Product" IS NOT NULL) []"#),
        ("Not [Quantity] In (1, 2)", r#"(NOT (t."Quantity" IN (?1, ?2))) [Int(1), Int(2)]"#),
        (
            "[Product] In ('a', 'b')",
            r#"(t."Product" COLLATE REPORT IN (?1, ?2)) [Text("a"), Text("b")]"#,
        ),
        (
            "[Quantity] Between (1, 3)",
            r#"((t."Quantity" >= ?1) AND (t."Quantity" <= ?2)) [Int(1), Int(3)]"#,
        ),
        (
            "[Quantity] = 1 Or [Quantity] = 2 And [Paid]",
            r#"((t."Quantity" = ?1) OR ((t."Quantity" = ?2) AND (t."paid" <> 0))) [Int(1), Int(2)]"#,
        ),
        (
            "[Ordered] >= AddDays(Today(), -30)",
            r#"(strftime('%Y-%m-%d %H:%M:%f', t."Ordered") >= ?1) [Text("2026-10-25 00:00:00.000")]"#,
        ),
        ("[Quantity] > [Rank]", r#"(t."Quantity" > t."Rank") []"#),
        ("[Paid] = True", r#"((t."Paid" <> 0) = ?1) [Bool(true)]"#),
    ] {
        let expected = expected.replace("\"paid\"", "\"Paid\"");
        assert_eq!(sql(text), expected, "{text}");
    }
}

#[test]
fn what_stays_in_memory() {
    for text in [
        "[Price] > 5",
        "[Quantity] + 1 > 5",
        "Upper([Product]) = 'TEA'",
        "[Product] Like 't%'",
        "[Product] = [Quantity]",
        "[Unknown] = 1",
        "[Quantity] = 'abc'",
        "[Quantity] In ()",
        "[Ordered] > 5",
        "[Quantity]",
        "Sum([Quantity]) > 5",
        "[Quantity] > Rnd()",
        "[Quantity] = GroupIndex()",
        "[Weight] = 0.1234567890123456789m",
    ] {
        assert_eq!(sql(text), "in memory", "{text}");
    }
    let plain = Sqlite::default();
    let world = World::default();
    for text in ["[Product] = 'tea'", "[Ordered] = #2026-01-01#"] {
        let expr = parse(text).expect(text);
        assert!(translate(&expr, &plain, &column, &world.at(0)).is_err(), "{text}");
    }
}

#[test]
fn filters_are_split() {
    let world = World::default();
    let part = |text: &str| {
        let parts = split(&parse(text).expect(text), &dialect(), &column, &world.at(0));
        let pushed = parts.pushed.map(|fragment| format!("{} {:?}", fragment.sql, fragment.values));
        (pushed, parts.rest.map(|rest| rest.to_string()))
    };
    assert_eq!(
        part("[Quantity] > 1 And Len([Product]) > 2 And [Rank] = 3"),
        (
            Some(r#"(t."Quantity" > ?1) AND (t."Rank" = ?2) [Int(1), Int(3)]"#.into()),
            Some("Len([Product]) > 2".into())
        )
    );
    assert_eq!(part("[Rank] = 3").1, None);
    assert_eq!(
        part("[Rank] = 3 Or Len([Product]) > 2"),
        (None, Some("[Rank] = 3 Or Len([Product]) > 2".into()))
    );
}
