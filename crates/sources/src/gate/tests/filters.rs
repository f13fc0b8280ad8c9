//! Row filters stand wherever their table is read.

use pressroom_data::Value;

use super::*;
use crate::gate::{Bind, Filter};

/// A filter of `orders` by the hidden column `margin` and a value, and one of `customers`.
fn filtered(syntax: Syntax, sql: &str) -> Result<Checked, Refusal> {
    let place = |at| syntax.placeholder(at);
    let filters = |table: &str| match table.to_lowercase().as_str() {
        "orders" => Some(Filter {
            condition: format!("margin > {} or orders.id = {}", place(1), place(2)),
            values: vec![Value::Int(3), Value::text("x")],
        }),
        "customers" => Some(Filter { condition: "country = 'CH'".into(), values: Vec::new() }),
        "people" => Some(Filter { condition: "wage = 1".into(), values: Vec::new() }),
        _ => None,
    };
    check(sql, &catalogue(syntax), &hidden(), &filters)
}

#[test]
fn a_filtered_table_is_the_query_of_its_rows() {
    let checked = filtered(Syntax::Postgres, "select o.id from orders o where o.id = $1").unwrap();
    assert_eq!(
        checked.sql,
        r#"SELECT "o"."id" FROM (SELECT * FROM "public"."orders" AS "orders" WHERE ("orders"."margin" > $1 OR "orders"."id" = $2)) AS "o" WHERE "o"."id" = $3"#
    );
    let x = || Bind::Filter(Value::text("x"));
    assert_eq!(checked.binds, [Bind::Filter(Value::Int(3)), x(), Bind::Statement(1)]);

    // Where places have no numbers, values stand in the order of the text.
    let checked = filtered(
        Syntax::MySql,
        "select ?, (select max(id) from orders where total = ?) from orders where id = ?",
    )
    .unwrap();
    assert_eq!(
        checked.binds,
        [
            Bind::Statement(1),
            Bind::Filter(Value::Int(3)),
            x(),
            Bind::Statement(2),
            Bind::Filter(Value::Int(3)),
            x(),
            Bind::Statement(3)
        ]
    );
}

#[test]
fn a_filter_is_nowhere_left_out() {
    for syntax in ALL {
        for (sql, count) in [
            ("select id from orders", 1),
            ("select orders.id from orders", 1),
            ("select a.id from orders a, orders b", 2),
            ("select a.id from orders a join customers b on a.id = b.id", 2),
            ("select id from orders where id in (select customer_id from orders)", 2),
            ("select id from orders where exists (select 1 from customers)", 2),
            ("with x as (select id from orders) select id from x", 1),
            ("select id from orders union select id from customers", 2),
            ("select x.id from (select id from orders) x", 1),
            ("select (select count(*) from orders) from sales.regions", 1),
            ("select id from sales.regions order by (select max(id) from orders)", 1),
            (
                "select r.id from sales.regions r left join (orders o join customers c on o.id = c.id) \
              on r.id = o.id",
                2,
            ),
            ("select count(*) from orders", 1),
        ] {
            let checked =
                filtered(syntax, &own(syntax, sql)).unwrap_or_else(|why| panic!("{sql}: it {why}"));
            let written = checked.sql.matches("(SELECT * FROM").count();
            assert_eq!(written, count, "{syntax:?}: {}", checked.sql);
        }
    }
}

#[test]
fn what_the_statement_may_not_read_a_filter_does_not_open() {
    for syntax in ALL {
        for sql in ["select * from orders", "select margin from orders", "select name from staff"] {
            assert!(filtered(syntax, sql).is_err(), "{syntax:?}: {sql}");
        }
    }
    let told = filtered(Syntax::Postgres, "select id from people").unwrap_err().to_string();
    assert!(told.starts_with("reads \"people\", whose row filter names \"wage\""), "{told}");
}

#[test]
fn hints_stay_with_the_table() {
    let checked = filtered(Syntax::MsSql, "select id from customers c with (nolock)").unwrap();
    assert_eq!(
        checked.sql,
        "SELECT [c].[id] FROM (SELECT * FROM [dbo].[customers] AS [customers] WITH (NOLOCK) WHERE ([customers].[country] = 'CH')) AS [c]"
    );
}
