//! What is run is what was understood.

use super::*;
use crate::gate::Bind;

#[track_caller]
fn written(syntax: Syntax, sql: &str, expect: &str) {
    match run(syntax, sql) {
        Ok(checked) => assert_eq!(checked.sql, expect, "{syntax:?}: {sql}"),
        Err(why) => panic!("{syntax:?}: {sql}\nit {why}"),
    }
}

#[test]
fn names_are_in_full_and_in_quotes() {
    written(
        Syntax::Postgres,
        "select ID, O.Total t from ORDERS o where Note = 'x' order by T",
        r#"SELECT "o"."id", "o"."total" AS "t" FROM "public"."orders" AS "o" WHERE "o"."note" = 'x' ORDER BY "t""#,
    );
    written(
        Syntax::MsSql,
        "select top 3 Id from Orders with (nolock) where total = @P1",
        "SELECT TOP 3 [orders].[id] FROM [dbo].[orders] WITH (NOLOCK) WHERE [orders].[total] = @P1",
    );
    written(
        Syntax::MySql,
        "select `ID` as \"n\" from orders limit 2, 3",
        "SELECT `orders`.`id` AS `n` FROM `shop`.`orders` LIMIT 3 OFFSET 2",
    );
    written(
        Syntax::Firebird,
        "select first 2 skip ? id from orders where id = ?",
        r#"SELECT FIRST 2 SKIP (?) "ORDERS"."ID" FROM "ORDERS" WHERE "ORDERS"."ID" = ?"#,
    );
    written(
        Syntax::Sybase,
        "select distinct top 5 start at 3 cast(id as long varchar) from orders",
        "SELECT DISTINCT TOP 5 START AT 3 CAST([orders].[id] AS long varchar) FROM [orders]",
    );
    written(
        Syntax::MySql,
        "select char(id, 65 using utf8mb4), id mod 2, mod(id, 2) from orders",
        "SELECT CONVERT(char(`orders`.`id`, 65) USING utf8mb4), `orders`.`id` MOD 2, mod(`orders`.`id`, 2) FROM `shop`.`orders`",
    );
    written(
        Syntax::Oracle,
        "select o.id from orders o where rownum < 3",
        r#"SELECT "O"."ID" FROM "ORDERS" "O" WHERE ROWNUM < 3"#,
    );
    written(
        Syntax::Sqlite,
        r#"select "x""; drop table y--" from "Order Details" as "a""; b""#,
        r#"SELECT "a""; b"."x""; drop table y--" FROM "main"."Order Details" AS "a""; b""#,
    );
    written(
        Syntax::MsSql,
        "select [a]]b].id from orders [a]]b]",
        "SELECT [a]]b].[id] FROM [dbo].[orders] AS [a]]b]",
    );
}

#[test]
fn no_two_aliases_are_the_same() {
    written(
        Syntax::Postgres,
        "select id from orders where exists (select 1 from orders o where o.id = orders.id) \
         and id in (select id from orders)",
        r#"SELECT "orders"."id" FROM "public"."orders" WHERE EXISTS (SELECT 1 FROM "public"."orders" AS "o" WHERE "o"."id" = "orders"."id") AND "orders"."id" IN (SELECT "orders_2"."id" FROM "public"."orders" AS "orders_2")"#,
    );
    written(
        Syntax::Firebird,
        "with customers as (select id from orders) select id from customers",
        r#"WITH "CUSTOMERS_2" AS (SELECT "ORDERS"."ID" FROM "ORDERS") SELECT "CUSTOMERS"."ID" FROM "CUSTOMERS_2" AS "CUSTOMERS""#,
    );
    // A join's condition in MySQL does not see what stands before a comma.
    written(
        Syntax::MySql,
        "select (select 1 from orders a, customers b join sales.regions c on a.name = c.name) from people a",
        "SELECT (SELECT 1 FROM `shop`.`orders` AS `a_2`, `shop`.`customers` AS `b` JOIN `sales`.`regions` AS `c` ON `a`.`name` = `c`.`name`) FROM `shop`.`people` AS `a`",
    );
}

/// Databases may take `é` for `e`, or a blank at the end for nothing.
#[test]
fn aliases_do_not_differ_by_accents_alone() {
    let sql =
        "select (select max(o.total) from orders o where \u{f3}.name = 'x') from customers \u{f3}";
    written(
        Syntax::MsSql,
        sql,
        "SELECT (SELECT max([o].[total]) FROM [dbo].[orders] AS [o] WHERE [t].[name] = 'x') FROM [dbo].[customers] AS [t]",
    );
    let told = run(Syntax::MySql, "select id as m\u{e1}rgin from orders group by m\u{e1}rgin");
    assert!(told.unwrap_err().to_string().contains("\"margin\""));
}

/// A hidden column that the catalogue does not know may be there by now.
#[test]
fn a_star_over_columns_that_may_have_come_is_a_list() {
    let hidden = Hidden::new([], [("customers".to_owned(), "iban".to_owned())]);
    let all = |sql: &str| check(sql, &catalogue(Syntax::Postgres), &hidden, &|_| None);
    let columns = r#""c"."id", "c"."name", "c"."city", "c"."country""#;
    for sql in ["select * from customers c", "select c.* from customers c"] {
        let expect = format!(r#"SELECT {columns} FROM "public"."customers" AS "c""#);
        assert_eq!(all(sql).unwrap().sql, expect);
    }
    for sql in [
        "select c.iban from customers c",
        "select count(*) from customers natural join people",
        "select c.z from customers c(x, y, z)",
    ] {
        assert!(all(sql).is_err(), "{sql}");
    }
}

#[test]
fn texts_end_where_the_parser_saw_them_end() {
    written(
        Syntax::Postgres,
        r"select 'a\', E'\'', U&'d\0061t''', $x$it's \$x$, 'b'",
        r"SELECT E'a\\', '''', 'dat''', E'it''s \\', 'b'",
    );
    written(
        Syntax::MySql,
        r#"select 'a\'b', "c'd", 'e\\', 'f''g', 'h\n' -- i"#,
        "SELECT 'a''b', 'c''d', 'e\\\\', 'f''g', 'h\n'",
    );
    written(Syntax::MsSql, r"select 'a\', N'b''c'", r"SELECT 'a\', N'b''c'");
    written(Syntax::Oracle, "select q'[it's]' from dual", "SELECT 'it''s' FROM DUAL");
    written(Syntax::BigQuery, r#"select "a'b", 'c\'d'"#, r"SELECT 'a\'b', 'c\'d'");
    written(Syntax::MySql, "select 5--1, - -1", "SELECT 5 - - 1, - - 1");
    written(Syntax::MsSql, "select 0xAB", "SELECT 0xAB");
}

#[test]
fn comments_and_hints_of_the_optimizer_are_left_out() {
    written(
        Syntax::MySql,
        "select /*+ set_var(sql_mode = '') */ id /* x */ from orders -- y",
        "SELECT `orders`.`id` FROM `shop`.`orders`",
    );
}

#[test]
fn what_only_asks_for_rows_reads_no_column() {
    written(
        Syntax::Sqlite,
        "select id from customers c where exists (select * from orders o where o.customer_id = c.id)",
        r#"SELECT "c"."id" FROM "main"."customers" AS "c" WHERE EXISTS (SELECT 1 FROM "main"."orders" AS "o" WHERE "o"."customer_id" = "c"."id")"#,
    );
}

#[test]
fn places_of_values_are_numbered_anew() {
    for (syntax, sql, expect, binds) in [
        (
            Syntax::Postgres,
            "select id from orders where id = $2 or total = $1 or id = $2",
            "= $1 OR \"orders\".\"total\" = $2 OR \"orders\".\"id\" = $1",
            &[2, 1][..],
        ),
        (
            Syntax::MySql,
            "select id from orders where id = ? or total = ?",
            "= ? OR `orders`.`total` = ?",
            &[1, 2],
        ),
        (
            Syntax::Oracle,
            "select id from orders where id = :2 or id = :1 or id = :2",
            "= ? OR \"ORDERS\".\"ID\" = ? OR \"ORDERS\".\"ID\" = ?",
            &[2, 1, 2],
        ),
        (
            Syntax::Sqlite,
            "select ? from orders where id = ? limit ?",
            "SELECT ?1 FROM \"main\".\"orders\" WHERE \"orders\".\"id\" = ?2 LIMIT ?3",
            &[1, 2, 3],
        ),
        (
            Syntax::MsSql,
            "select top (@P2) id from orders where id = @P1",
            "SELECT TOP (@P1) [orders].[id] FROM [dbo].[orders] WHERE [orders].[id] = @P2",
            &[2, 1],
        ),
    ] {
        let checked = run(syntax, sql).unwrap();
        assert!(checked.sql.contains(expect), "{syntax:?}: {}", checked.sql);
        let expected: Vec<Bind> = binds.iter().map(|place| Bind::Statement(*place)).collect();
        assert_eq!(checked.binds, expected, "{syntax:?}: {sql}");
    }
}
