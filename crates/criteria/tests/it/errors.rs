//! The words for mistakes in expressions, as a person sees them.

use std::fmt::Write;

use crate::world::World;

/// Mistakes: each expression, its mistake marked, and the words.
fn mistakes(texts: &[&str]) -> String {
    let world = World::default();
    let mut out = String::new();
    for text in texts {
        let error = world.compile(text).expect_err(text);
        let marked = text[error.span.start..error.span.end].chars().count().max(1);
        for (index, line) in text.lines().enumerate() {
            let _ = writeln!(out, "{line}");
            if index + 1 == error.line {
                let _ = writeln!(out, "{}{}", " ".repeat(error.column - 1), "^".repeat(marked));
            }
        }
        let _ = writeln!(out, "  {error}\n");
    }
    out
}

fn check(texts: &[&str], name: &str) {
    insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!(name, mistakes(texts));
    });
}

#[test]
fn mistakes_of_writing() {
    check(
        &[
            "Iff([Quantity] > 1, 1, 2)",
            "Iif([Quantity] > 1, 1)",
            "Iif([Quantity] > 1, 1, 2",
            "Iif([Quantity] > 1, 1,)",
            "Iif(, 1, 2)",
            "Substring('abc')",
            "Now(1)",
            "Frobnicate([Quantity])",
            "[Quantity",
            "[Qu[antity]",
            "1 + ",
            "1 + * 2",
            "(1 + 2",
            "1 + 2)",
            "Unit Price + 1",
            "[Quantity] => 1",
            "[Quantity] = 'abc",
            "#2026-13-01#",
            "#2026-11-24",
            "{123}",
            "12abc",
            "1e999",
            "/* open",
            "[Quantity] Is 5",
            "[Quantity] In 5",
            "[Quantity] Between (1)",
            "[Quantity] Not 5",
            "[Lines][[Amount] > 1]",
            "[Lines][[Amount] > 1].Summ([Amount])",
            "[Lines].Sum()",
            "sumSum()",
            "sumRecordNumber(1, 2)",
            "‘abc’",
            "Iif(True; 1; 2)",
            "^",
            "@",
        ],
        "mistakes_of_writing",
    );
}

#[test]
fn mistakes_of_meaning() {
    check(
        &[
            "[Quantitty] + 1",
            "[Elsewhere]",
            "?Regoins",
            "[Items].Count()",
            "Abs(#2026-01-01#)",
            "Round('abc', 1)",
            "AddDays([Quantity], 1)",
            "GetYear(5)",
            "PrevRowColumnValue(1 + 2)",
            "sumSum(sumSum([Quantity]))",
            "Sum(sumSum([Quantity]))",
            "Iif(True,\n  [Product],\n  [Prodct])",
        ],
        "mistakes_of_meaning",
    );
}
