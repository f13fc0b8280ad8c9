//! What holds for every expression.

use pressroom_criteria::{AggregateKind, ByName, SummaryKind, compile, functions, parse};
use proptest::prelude::*;

use crate::world::World;

/// The text of a literal, field or parameter.
fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<u32>().prop_map(|number| number.to_string()),
        any::<u64>().prop_map(|number| number.to_string()),
        (0_u32..1_000_000, 0_u32..100).prop_map(|(a, b)| format!("{a}.{b:02}m")),
        (0.0..1e300_f64).prop_map(|number| format!("{number:?}")),
        "[a-z' ä%_]{0,8}".prop_map(|text| format!("'{}'", text.replace('\'', "''"))),
        Just("True".to_owned()),
        Just("?".to_owned()),
        Just("#2026-02-28 23:59:59.5#".to_owned()),
        Just("#9999-12-31#".to_owned()),
        Just("#1.02:03:04#".to_owned()),
        Just("{3f2504e0-4f89-11d3-9a0c-0305e82c3301}".to_owned()),
        Just("?Regions".to_owned()),
        Just("[Parameters.Limit]".to_owned()),
        prop::sample::select(vec![
            "[Product]",
            "Quantity",
            "[Price]",
            "[Ordered]",
            "[Remark]",
            "[DataSource.RowCount]",
        ])
        .prop_map(str::to_owned),
    ]
}

/// The text of an expression over the world.
fn expression() -> impl Strategy<Value = String> {
    let names: Vec<&'static str> = functions::all().iter().map(|function| function.name).collect();
    leaf().prop_recursive(5, 60, 4, move |inner| {
        let operator = prop::sample::select(vec![
            "+", "-", "*", "/", "%", "|", "&", "^", "=", "<>", "<", "<=", ">", ">=", "And", "Or",
            "Like",
        ]);
        let many = prop::collection::vec(inner.clone(), 0..4);
        let call = (prop::sample::select(names.clone()), many.clone())
            .prop_map(|(name, list)| format!("{name}({})", list.join(", ")));
        let aggregate = prop::sample::select(AggregateKind::ALL)
            .prop_flat_map({
                let inner = inner.clone();
                move |kind| (Just(kind), inner.clone(), inner.clone())
            })
            .prop_map(|(kind, condition, argument)| {
                format!("[][{condition}].{}({argument})", kind.name())
            });
        let summary = (prop::sample::select(SummaryKind::ALL), inner.clone())
            .prop_map(|(kind, argument)| format!("{}({argument})", kind.name()));
        prop_oneof![
            4 => (inner.clone(), operator, inner.clone())
                .prop_map(|(a, op, b)| format!("{a} {op} {b}")),
            2 => inner.clone().prop_map(|a| format!("({a})")),
            1 => inner.clone().prop_map(|a| format!("Not {a}")),
            1 => inner.clone().prop_map(|a| format!("-{a}")),
            1 => inner.clone().prop_map(|a| format!("~{a}")),
            1 => inner.clone().prop_map(|a| format!("{a} Is Null")),
            1 => inner.clone().prop_map(|a| format!("{a} Is Not Null")),
            1 => (inner.clone(), many.clone())
                .prop_map(|(a, list)| format!("{a} In ({})", list.join(", "))),
            1 => (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("{a} Not Between ({b}, {c})")),
            6 => call,
            1 => aggregate,
            1 => summary,
        ]
    })
}

/// The longest run of pieces of the language that have no sense together.
fn noise() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "[", "]", "(", ")", ",", ".", "^", "?", "@", "'", "\"", "#", "{", "}", "\\", "/*", "*/",
        "//", "\n", " ", "1", "1.", ".5", "1e", "1e999", "0m", "Is", "Not", "Null", "In",
        "Between", "Like", "And", "Iif(", "Sum(", ".Count", "sumSum(", "[]", "[a]", "?a", "ä",
        "\u{0}", "\u{202e}", "𝄞", "=", "<", "-", "~", "!", "|", "&",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_reads_back(text in expression()) {
        if let Ok(expr) = parse(&text) {
            let printed = expr.to_string();
            prop_assert_eq!(parse(&printed), Ok(expr), "{} became {}", text, printed);
        }
    }

    #[test]
    fn names_read_back(parts in prop::collection::vec("[^\u{0}]{1,6}", 1..3), parents in 0..3_usize) {
        let parts = parts.into_iter().map(Into::into).collect();
        let path = pressroom_criteria::FieldPath::new(parents, parts);
        let expr = parse(&path.to_string()).expect("a path");
        let is_parameter = path.segments()[0].eq_ignore_ascii_case("parameters");
        prop_assert!(is_parameter || expr.as_field() == Some(&path), "{}", path);
    }

    #[test]
    fn no_text_panics(text in prop_oneof![noise(), ".{0,40}"]) {
        match parse(&text) {
            Ok(expr) => {
                let _ = compile(&expr, &ByName);
                prop_assert_eq!(parse(&expr.to_string()), Ok(expr));
            }
            Err(error) => {
                prop_assert!(text.get(error.span.start..error.span.end).is_some(), "{:?}", error);
                prop_assert!(error.line >= 1 && error.column >= 1);
                prop_assert!(!error.message.is_empty() && !error.message.ends_with('.'));
            }
        }
    }

    #[test]
    fn no_evaluation_panics(text in expression()) {
        let world = World::default();
        if let Ok(compiled) = world.compile(&text) {
            for index in 0..world.rows.len() {
                let first = compiled.evaluate(&world.at(index));
                let again = compiled.evaluate(&world.at(index));
                prop_assert_eq!(format!("{first:?}"), format!("{again:?}"));
            }
        }
    }

    /// What is computed once, while compiling, is what would be computed for a row.
    #[test]
    fn constants_are_what_rows_would_give(text in expression()) {
        let Ok(expr) = parse(&text) else { return Ok(()) };
        let world = World::default();
        let place = world.at(1);
        let (Ok(folded), Ok(open)) = (world.compile(&text), compile(&expr, &ByName)) else {
            return Ok(());
        };
        if let (Some(value), Ok(row)) = (folded.as_constant(), open.evaluate(&place)) {
            prop_assert_eq!(format!("{value:?}"), format!("{row:?}"));
        }
    }
}
