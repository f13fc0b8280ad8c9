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
        ("[Product] = UserName()", r#"(t."Product" = ?1 COLLATE REPORT) [Text("Ada")]"#),
        (
            "UserEmail() = 'eve@example.com' Or [Quantity] = 1",
            r#"((1 = 0) OR (t."Quantity" = ?1)) [Int(1)]"#,
        ),
        ("IsMemberOf('sales') And [Quantity] = 1", r#"((1 = 1) AND (t."Quantity" = ?1)) [Int(1)]"#),
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

/// How each database writes what it is asked.
#[test]
fn every_database_has_its_own_words() {
    use pressroom_criteria::sql::{Dialect, Firebird, MsSql, MySql, Postgres};
    let world = World::default();
    let sql = |dialect: &dyn Dialect, text: &str| {
        let expr = parse(text).expect(text);
        match translate(&expr, dialect, &column, &world.at(0)) {
            Ok(fragment) => format!("{} {:?}", fragment.sql, fragment.values),
            Err(NotTranslatable { .. }) => "in memory".into(),
        }
    };
    let check = |text: &str, expected: [&str; 4]| {
        let dialects: [&dyn Dialect; 4] = [&Postgres, &MySql, &MsSql, &Firebird];
        let found = dialects.map(|dialect| sql(dialect, text));
        assert_eq!(found, expected.map(str::to_owned), "{text}");
    };
    check(
        "[Quantity] > 2.5m",
        [
            r#"(t."Quantity" > CAST($1 AS double precision)) [Double(2.5)]"#,
            r#"(t."Quantity" > ?) [Double(2.5)]"#,
            r#"(t."Quantity" > @P1) [Double(2.5)]"#,
            r#"(t."Quantity" > CAST(? AS DOUBLE PRECISION)) [Double(2.5)]"#,
        ],
    );
    check(
        "[Price] = 5",
        [
            r#"(t."Price" = CAST($1 AS numeric)) [Decimal(5)]"#,
            r#"(t."Price" = CAST(? AS decimal(65, 28))) [Decimal(5)]"#,
            r#"(t."Price" = @P1) [Decimal(5)]"#,
            "in memory",
        ],
    );
    check(
        "[Product] <> 'Tea'",
        [
            r#"(NOT (t."Product" COLLATE "C" ~ CAST($1 AS text))) [Text("^[tT][eE][aA]$")]"#,
            r#"(NOT (CONVERT(t."Product" USING utf8mb4) COLLATE utf8mb4_bin REGEXP ?)) [Text("\\A[tT][eE][aA]\\z")]"#,
            "in memory",
            "in memory",
        ],
    );
    check("[Product] < 'Tea'", ["in memory"; 4]);
    check(
        "[Product] In ('5', null)",
        [
            r#"((t."Product" COLLATE "C" ~ CAST($1 AS text)) OR (1 = NULL)) [Text("^5$")]"#,
            r#"((CONVERT(t."Product" USING utf8mb4) COLLATE utf8mb4_bin REGEXP ?) OR (1 = NULL)) [Text("\\A5\\z")]"#,
            "in memory",
            "in memory",
        ],
    );
    check(
        "[Paid] And [Paid] = True",
        [
            r#"(t."Paid" AND (t."Paid" = CAST($1 AS boolean))) [Bool(true)]"#,
            r#"((t."Paid" <> 0) AND ((t."Paid" <> 0) = ?)) [Bool(true)]"#,
            r#"((t."Paid" = 1) AND (t."Paid" = @P1)) [Bool(true)]"#,
            r#"(t."Paid" AND (t."Paid" = CAST(? AS BOOLEAN))) [Bool(true)]"#,
        ],
    );
    check(
        "[Weight] > 1 And 1 > [Weight]",
        [
            "(((t.\"Weight\" > CAST($1 AS double precision)) AND t.\"Weight\" <> CAST('NaN' AS double precision)) \
             AND ((CAST($2 AS double precision) > t.\"Weight\") OR t.\"Weight\" = CAST('NaN' AS double precision))) \
             [Double(1.0), Double(1.0)]",
            r#"((t."Weight" > ?) AND (? > t."Weight")) [Double(1.0), Double(1.0)]"#,
            r#"((t."Weight" > @P1) AND (@P2 > t."Weight")) [Double(1.0), Double(1.0)]"#,
            "((t.\"Weight\" > CAST(? AS DOUBLE PRECISION)) AND (CAST(? AS DOUBLE PRECISION) > t.\"Weight\")) \
             [Double(1.0), Double(1.0)]",
        ],
    );
    check(
        "[Ordered] >= #2026-01-02 03:04:05#",
        [
            r#"(t."Ordered" >= CAST($1 AS timestamp)) [DateTime(2026-01-02T03:04:05)]"#,
            r#"(t."Ordered" >= CAST(? AS datetime(6))) [DateTime(2026-01-02T03:04:05)]"#,
            r#"(CAST(t."Ordered" AS datetime2(3)) >= @P1) [DateTime(2026-01-02T03:04:05)]"#,
            r#"(t."Ordered" >= CAST(? AS TIMESTAMP)) [DateTime(2026-01-02T03:04:05)]"#,
        ],
    );
}
