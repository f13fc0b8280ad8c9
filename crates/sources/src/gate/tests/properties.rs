//! What holds for any text.

use proptest::prelude::*;

use super::*;

/// Words that statements are made of, honest and not.
const WORDS: &[&str] = &[
    "select",
    "from",
    "where",
    "group by",
    "order by",
    "having",
    "with",
    "as",
    "union",
    "join",
    "left join",
    "on",
    "using",
    "natural",
    "lateral",
    "exists",
    "in",
    "not",
    "and",
    "or",
    "case",
    "when",
    "then",
    "else",
    "end",
    "distinct",
    "*",
    ",",
    "(",
    ")",
    ".",
    "=",
    "<",
    "+",
    "-",
    "--",
    "/*",
    "*/",
    "/*!",
    "#",
    "'",
    "''",
    "'a'",
    "\"",
    "\"id\"",
    "`",
    "[",
    "]",
    "\\",
    "$1",
    "?",
    "@P1",
    "@x",
    "@@version",
    ":1",
    "::",
    "text",
    "regclass",
    "1",
    "0x1",
    "1e5",
    ".5",
    "e'a'",
    "u&'a'",
    "$$",
    "$a$",
    "null",
    "true",
    "orders",
    "customers",
    "staff",
    "people",
    "hr.pay",
    "margin",
    "salary",
    "wage",
    "id",
    "name",
    "total",
    "o",
    "c",
    "x",
    "count(*)",
    "max(",
    "pg_sleep(",
    "over (",
    "partition by",
    "limit",
    "offset",
    "fetch first",
    "rows only",
    "for update",
    "into",
    ";",
    "values",
    "recursive",
    "cross apply",
    "interval",
    "date",
    "like",
    "escape",
    "between",
    "is null",
    "collate",
    "at time zone",
    "cast(",
    "row",
    "array[",
    "any(",
    "top",
    "first",
    "skip",
    "a.id",
    "o.*",
    "orders.margin",
    "rowid",
    "ctid",
    "filter (where",
    "within group (",
    "\n",
    "\u{e9}",
];

fn any_syntax() -> impl Strategy<Value = Syntax> {
    prop::sample::select(ALL.to_vec())
}

/// Honest statements with some of their words changed.
fn mutated() -> impl Strategy<Value = String> {
    let seeds = vec![
        "select o . id , c . name from orders o join customers c on o . customer_id = c . id where o . total > 1 order by o . id",
        "with x as ( select id , total from orders ) select x . id from x where exists ( select 1 from people p where p . id = x . id )",
        "select name , count(*) as n from customers group by name having count(*) > 1 order by n",
        "select id from orders union all select id from customers order by id",
        "select t . a from ( select id as a from orders ) t left join people p on p . id = t . a",
    ];
    let change = (any::<prop::sample::Index>(), prop::sample::select(WORDS), 0..3_u8);
    (prop::sample::select(seeds), prop::collection::vec(change, 0..4)).prop_map(
        |(seed, changes)| {
            let mut words: Vec<&str> = seed.split(' ').collect();
            for (at, word, kind) in changes {
                let at = at.index(words.len());
                match kind {
                    0 => words[at] = word,
                    1 => words.insert(at, word),
                    _ if words.len() > 1 => drop(words.remove(at)),
                    _ => {}
                }
            }
            words.join(" ")
        },
    )
}

/// The tables without what is hidden.
fn shown_alone(syntax: Syntax) -> Catalogue {
    let mut tables = tables(syntax);
    let hidden = hidden();
    tables.retain(|table| !hidden.hides_table(&table.name.to_lowercase()));
    for table in &mut tables {
        let name = table.name.to_lowercase();
        table.columns.retain(|column| !hidden.hides_column(&name, &column.name.to_lowercase()));
    }
    let known = catalogue(syntax);
    Catalogue::new(syntax, &tables, known.schema(), Some("shop"))
}

/// A statement that passes is written the same when what is hidden is not there at all, and what is
/// written means itself.
fn holds(syntax: Syntax, sql: &str) -> Result<(), TestCaseError> {
    let Ok(checked) = run(syntax, sql) else { return Ok(()) };
    let without = check(sql, &shown_alone(syntax), &Hidden::default(), &|_| None);
    prop_assert_eq!(without.as_ref().map(|checked| &checked.sql), Ok(&checked.sql), "{}", sql);
    let again = run(syntax, &checked.sql);
    prop_assert_eq!(again.as_ref().map(|checked| &checked.sql), Ok(&checked.sql), "{}", sql);
    for hidden in ["staff", "margin", "salary", "wage", "pay"] {
        // A text or an alias may be called so; a name after a dot is a column or table.
        for quote in ["\".\"", "`.`", "].["] {
            let close = match quote {
                "].[" => "]",
                "`.`" => "`",
                _ => "\"",
            };
            let named = format!("orders{quote}{hidden}{close}");
            prop_assert!(!checked.sql.to_lowercase().contains(&named), "{}", checked.sql);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_an_answer(syntax in any_syntax(), sql in ".{0,80}") {
        let _ = run(syntax, &sql);
        holds(syntax, &format!("select {sql}"))?;
    }

    #[test]
    fn any_words_give_an_answer(
        syntax in any_syntax(),
        words in prop::collection::vec(prop::sample::select(WORDS), 0..14),
    ) {
        holds(syntax, &format!("select {}", words.join(" ")))?;
        holds(syntax, &format!("select id from orders {}", words.join(" ")))?;
    }

    #[test]
    fn what_passes_reads_what_is_shown_and_means_itself(syntax in any_syntax(), sql in mutated()) {
        holds(syntax, &sql)?;
    }

    #[test]
    fn any_text_stays_a_text(syntax in any_syntax(), text in "[a'\"`\\\\\\]\\[$;\\-\n\u{e9}%_]{0,12}") {
        let Some(literal) = syntax.text(&text) else { return Ok(()) };
        let sql = format!("SELECT {literal}");
        prop_assert_eq!(run(syntax, &sql).map(|checked| checked.sql), Ok(sql));
    }

    #[test]
    fn any_alias_stays_a_name(syntax in any_syntax(), name in "[a'\"`\\\\\\]\\[$;\\-\n\u{e9}. ]{1,12}") {
        let sql = format!("SELECT 1 AS {}", syntax.quote(&name));
        let written = run(syntax, &sql).map(|checked| checked.sql);
        // Some have no way to write some of them.
        let has_way = syntax != Syntax::BigQuery
            && (syntax.has_brackets_in_names() || !name.contains(['[', ']']));
        prop_assert!(written == Ok(sql) || !has_way, "{:?}", written);
    }
}
