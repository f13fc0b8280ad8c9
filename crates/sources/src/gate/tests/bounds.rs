//! Large and deep statements cost bounded time and memory.

use super::*;

/// One for each of the parser's dialects that differ.
const PARSERS: [Syntax; 5] =
    [Syntax::Sqlite, Syntax::Postgres, Syntax::MySql, Syntax::MsSql, Syntax::Generic];

#[test]
fn depth_and_size_are_bounded() {
    let many = 5_000;
    for syntax in PARSERS {
        for sql in [
            format!("select {}1{}", "(".repeat(many), ")".repeat(many)),
            format!("select {}1", "- ".repeat(many)),
            format!("select {}1", "not ".repeat(many)),
            format!("select 1{}", " is null".repeat(many)),
            format!("select {}1{}", "abs(".repeat(many), ")".repeat(many)),
            format!("select {}1{}", "case when 1 = 1 then ".repeat(many), " end".repeat(many)),
            format!("select * from {}orders", "(".repeat(many)),
            format!("{}select 1{}", "(".repeat(many), ")".repeat(many)),
            format!(
                "select * from {}orders{}",
                "(select id from ".repeat(many),
                ") x".repeat(many)
            ),
            format!("select 1 where {}1", "exists (select ".repeat(many)),
            format!("select {}", "x'".repeat(many)),
            format!("select id from orders {}", "join orders o on 1 = 1 ".repeat(300)),
            " ".repeat(2 << 20),
            format!("select 1{}", " + 1".repeat(60_000)),
            format!("with a as (select 1) {}", "select ".repeat(many)),
            format!(
                "select * from {}customers{}",
                "(select *, * from ".repeat(40),
                ") x".repeat(40)
            ),
            format!("select {} from people {}", "id, ".repeat(10) + "1", ", people".repeat(255)),
            format!("select {}1{}", "cast(".repeat(many), " as int)".repeat(many)),
            format!("select {}1{}", "array[".repeat(many), "]".repeat(many)),
            format!("select {}1", "interval ".repeat(many)),
            format!("select 1 in {}1{}", "(".repeat(many), ")".repeat(many)),
            format!("select {}1", "position(".repeat(many)),
            format!("select {}1", "trim(".repeat(many)),
            format!("select {}1", "date ".repeat(many)),
            format!("select {}1", "{fn abs(".repeat(many)),
            format!("select 1{}", "::int".repeat(many)),
            format!("select a{}", "[1]".repeat(many)),
            format!("select a{}", ".a".repeat(many)),
            format!("select 1 {}", "at time zone 'a' ".repeat(many)),
            format!("select 1 {}", "between 1 and 2 ".repeat(many)),
            format!("select 1 union {}select 1", "(select 1 union ".repeat(many)),
            format!("{}select 1", "with a as (".repeat(many)),
            format!("select * from customers {}", "join (customers ".repeat(many)),
        ] {
            assert!(run(syntax, &sql).is_err(), "{syntax:?}: {}", &sql[..60]);
        }
    }
}

#[test]
fn long_but_flat_statements_pass() {
    for syntax in PARSERS {
        let list = (0..20_000).map(|n| n.to_string()).collect::<Vec<_>>().join(", ");
        let parens = format!("{}id = 1{}", "(".repeat(60), ")".repeat(60));
        for sql in [
            format!("select id from orders where id in ({list})"),
            format!("select 1{}", " + 1".repeat(20_000)),
            format!("select id from orders where id = 1{}", " or id = 2".repeat(5_000)),
            format!("select id from orders{}", " union all select id from customers".repeat(500)),
            format!("select id from orders where {parens}"),
        ] {
            if let Err(why) = run(syntax, &sql) {
                panic!("{syntax:?}: {}: it {why}", &sql[..60]);
            }
        }
    }
}
