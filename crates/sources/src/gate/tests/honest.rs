//! Statements as people write them pass.

use super::*;

#[track_caller]
fn pass(syntax: Syntax, statements: &[&str]) {
    for sql in statements {
        if let Err(why) = run(syntax, &own(syntax, sql)) {
            panic!("{syntax:?}: {sql}\nit {why}");
        }
    }
}

#[test]
fn what_all_databases_have() {
    for syntax in ALL {
        pass(
            syntax,
            &[
                "select id, total from orders",
                "SELECT o.id FROM orders o",
                "select o.id as \"Order No\" from orders as o where o.total > 100",
                "select count(*) from orders",
                "select count(distinct customer_id) as n from orders",
                "select * from customers",
                "select c.*, o.total from customers c join orders o on o.customer_id = c.id",
                "select c.name, sum(o.total) as total from customers c \
                 left join orders o on o.customer_id = c.id \
                 group by c.name having sum(o.total) > 10 order by sum(o.total) desc, c.name",
                "select c.name, sum(o.total) as total from customers c, orders o \
                 where o.customer_id = c.id group by c.name order by total desc",
                "select name from customers order by 1",
                "select name as who from customers order by who",
                "select name from customers where city in ('Bern', 'Basel') and country is not null",
                "select name from customers where name like 'A%' escape '!'",
                "select id from orders where total between 1 and 2.5e3 or not (total = -1)",
                "select case when total > 10 then 'big' when total is null then '?' else 'small' end \
                 from orders",
                "select case country when 'CH' then 1 else 0 end as here from customers",
                "select cast(total as decimal(10, 2)) from orders",
                "select coalesce(city, 'none'), upper(name), lower(name), nullif(city, '') from customers",
                "select name from customers where exists \
                 (select * from orders where orders.customer_id = customers.id)",
                "select name from customers c where id in (select customer_id from orders)",
                "select name, (select max(total) from orders o where o.customer_id = c.id) as top_one \
                 from customers c",
                "select id from orders union all select id from customers order by id",
                "select id from orders union select id from customers union select id from people",
                "with big as (select id, total from orders where total > 100) \
                 select b.id from big b join customers c on c.id = b.id",
                "with a as (select id from orders), b as (select id from a) select * from b",
                "select t.n from (select count(*) as n from orders) t",
                "select id, row_number() over (partition by customer_id order by total desc) as place \
                 from orders",
                "select id, sum(total) over (order by id rows between unbounded preceding and current row) \
                 from orders",
                "select a.id from orders a inner join orders b on a.id = b.id and a.total < b.total",
                "select a.id from orders a right outer join customers b on a.customer_id = b.id",
                "select a.id from (orders a join customers b on a.customer_id = b.id) \
                 join people p on p.id = a.id",
                "select distinct country from customers",
                "select r.name from sales.regions r where r.id = 1",
                "select sales.regions.name from sales.regions",
                "select orders.id from orders -- all of them\n where /* really */ total = 1",
                "select id, id from orders",
                "select name || ' of ' || city from customers;",
            ],
        );
    }
}

#[test]
fn sqlite() {
    pass(
        Syntax::Sqlite,
        &[
            "select [id], \"total\", `note` from main.orders limit 5 offset 2",
            "select strftime('%Y-%m', placed_at) as month, total(total) from orders group by month",
            "select ifnull(note, ''), date(placed_at, 'start of month'), julianday('now') from orders",
            "select group_concat(distinct name) from customers",
            "select substr(name, 1, 3), length(name), instr(name, 'a') from customers",
            "select rowid, o.rowid from orders o",
            "select id from orders where note glob 'a*' or note is not 'x'",
            "select value from json_each('[1, 2]')",
            "select o.id, j.value from orders o, json_each(o.data) j",
            "with recursive n(x) as (select 1 union all select x + 1 from n where x < 5) select x from n",
            "select * from (values (1, 2), (3, 4))",
            "select id from orders where id = ?1 and total > ?2",
            "select id from orders where id = ? limit ?",
            "select iif(total > 1, 'a', 'b'), printf('%.2f', total) from orders",
            "select total x from orders order by x collate nocase",
            "select data ->> '$.a', json_extract(data, '$.b') from orders",
            "select x'ab'",
            "select 1",
        ],
    );
}

#[test]
fn postgres() {
    pass(
        Syntax::Postgres,
        &[
            "select ID, o.Total from Public.Orders o",
            "select \"OrderID\", \"Unit Price\" from \"Order Details\"",
            "select date_trunc('month', placed_at)::date, to_char(placed_at, 'YYYY-MM') from orders",
            "select extract(year from placed_at), age(now(), placed_at) from orders",
            "select id from orders where placed_at > now() - interval '3 months'",
            "select id from orders where placed_at >= date '2020-01-01' limit 10 offset 5",
            "select string_agg(name, ', ' order by name) from customers",
            "select array_agg(distinct country) from customers",
            "select count(*) filter (where total > 10) from orders",
            "select id from orders where id = any($1) and total > $2",
            "select id from orders where note ilike '%x%' and note ~* 'a.c'",
            "select distinct on (customer_id) customer_id, id from orders order by customer_id, id desc",
            "select g, g.g from generate_series(1, 10) as g",
            "select d::date from generate_series(date '2020-01-01', date '2020-12-01', interval '1 month') d",
            "select c.name, l.total from customers c cross join lateral \
             (select total from orders o where o.customer_id = c.id order by total desc limit 1) l",
            "select x.id from orders x, unnest(array[1, 2]) as u(n) where x.id = u.n",
            "with recursive t as (select id from orders union all select t.id from t where t.id < 3) \
             select * from t",
            "select data ->> 'a', data #>> '{a,b}', (data -> 'c')::int from orders",
            "select name from customers natural join sales.regions",
            "select c.id from customers c join sales.regions r using (id)",
            "select id from customers c join sales.regions r using (id)",
            "select sum(total) over w from orders window w as (partition by customer_id order by id)",
            "select id from orders order by placed_at desc nulls last fetch first 3 rows only",
            "select country, city, count(*) from customers group by rollup (country, city)",
            "select country from customers group by grouping sets ((country), ())",
            "select 'it''s', E'a\\nb', $$raw$$, U&'d\\0061t'",
            "select position('a' in name), substring(name from 1 for 2), trim(both ' ' from name) \
             from customers",
            "select v.a from (values (1, 'x'), (2, 'y')) as v(a, b)",
            "select percentile_cont(0.5) within group (order by total) from orders",
            "select name collate \"C\" from customers order by name collate \"de_DE\"",
            "select make_interval(days => 10)",
            "select current_date, localtimestamp, current_timestamp(0)",
            "select total::numeric(10, 2), id::text, ('{1,2}'::int[])[1] from orders",
            "select shop.public.orders.id from shop.public.orders",
            "select placed_at at time zone 'UTC' from orders",
            "select id from orders except select id from people",
            "values (1, 'a'), (2, 'b')",
        ],
    );
}

#[test]
fn mysql() {
    pass(
        Syntax::MySql,
        &[
            "select `id`, o.`total` from `shop`.`orders` o limit 5, 10",
            "select date_format(placed_at, '%Y-%m') as month, sum(total) from orders group by month \
             having sum(total) > 1 order by month",
            "select if(total > 1, \"big\", 'small'), ifnull(note, '') from orders",
            "select concat(name, ' ', city), group_concat(name order by name separator '; ') from customers",
            "select id from orders where placed_at >= date_sub(now(), interval 1 month)",
            "select timestampdiff(day, placed_at, now()), datediff(now(), placed_at) from orders",
            "select year(placed_at), month(placed_at), dayofweek(placed_at), left(note, 2) from orders",
            "select id from orders where note regexp '^a' and note rlike 'b' and id <=> ?",
            "select cast(total as unsigned), cast(note as char(10)), convert(note, char) from orders",
            "select id from orders # a comment\n where id = 1",
            "select country, count(*) from customers group by country with rollup",
            "select o.id from orders o straight_join customers c on c.id = o.customer_id",
            "select id from orders use index (primary_key) where id = 5 - -1",
            "select str_to_date('01.02.2020', '%d.%m.%Y'), 5 div 2, 5 % 2",
            "select 1 from dual",
            "select j.a from orders, json_table(data, '$[*]' columns (a int path '$.a')) as j",
            "select 'a\\'b', 'a\\\\b', 'a''b', 'x' 'y'",
            "select sql_no_cache distinct id from orders",
        ],
    );
}

#[test]
fn sql_server() {
    pass(
        Syntax::MsSql,
        &[
            "select top 10 [id], o.[Total] from [dbo].[Orders] as o with (nolock) order by o.id",
            "select top (@P1) with ties id from orders order by total",
            "select top 5 percent id from shop.dbo.orders",
            "select [OrderID], [Unit Price] from [Order Details]",
            "select convert(varchar(10), placed_at, 120), cast(total as money), try_cast(note as int) \
             from orders",
            "select datepart(year, placed_at), dateadd(day, -1, getdate()), datediff(mm, placed_at, getdate()) \
             from orders",
            "select isnull(note, N''), len(note), charindex('a', note), iif(total > 1, 'a', 'b') from orders",
            "select total_of = sum(total) from orders",
            "select id from orders order by id offset 10 rows fetch next 5 rows only",
            "select name + ' ' + city as both_of from customers where id = @P1 or id = @p2",
            "select stuff((select ',' + name from customers for xml path('')), 1, 1, '')",
            "select (select ',' + name from customers for xml path(''), type).value('.', 'nvarchar(max)')",
            "select c.name, x.total from customers c cross apply \
             (select top 1 o.total from orders o where o.customer_id = c.id order by o.total desc) x",
            "select string_agg(name, ', ') within group (order by name) from customers",
            "select s.value from orders o cross apply string_split(o.note, ',') s",
            "select id from orders order by (select null)",
            "select dbo.orders.id, orders.total from dbo.orders",
            "select eomonth(placed_at), format(placed_at, 'yyyy-MM'), year(placed_at) from orders",
            "select id from orders where note like '[a-c]%' collate Latin1_General_CI_AI",
            "select 0xFF, N'x', {d '2020-01-01'}, {ts '2020-01-01 00:00:00'}",
            "select sum(total) over (partition by customer_id) from orders",
            "select v.a from (values (1), (2)) as v(a)",
            "select country, count_big(*) from customers group by rollup (country)",
            "select name from customers for json path, root('x')",
            "with n as (select 1 as x union all select x + 1 from n where x < 3) select x from n",
        ],
    );
}

#[test]
fn others() {
    pass(
        Syntax::Firebird,
        &[
            "select first 10 skip 5 id from orders order by id",
            "select first ? id from orders where id > ?",
            "select id from orders offset 5 rows fetch next 3 rows only",
            "select dateadd(day, 1, placed_at), extract(year from placed_at) from orders",
            "select iif(total > 1, 'a', 'b'), list(name) from customers, orders group by total",
            "select current_timestamp from rdb$database",
            "select \"ID\", Total from Orders",
        ],
    );
    pass(
        Syntax::Oracle,
        &[
            "select sysdate, to_char(placed_at, 'YYYY'), nvl(note, '-') from orders where rownum <= 10",
            "select 1 from dual",
            "select o.id from orders o, customers c where o.customer_id = c.id (+)",
            "select listagg(name, ',') within group (order by name) from customers",
            "select id from orders minus select id from customers",
            "select trunc(placed_at, 'MM'), decode(total, 1, 'a', 'b') from orders where id = :1 or id = ?",
            "select q'[it's]', extract(month from placed_at) from orders",
        ],
    );
    pass(
        Syntax::Redshift,
        &[
            "select dateadd(month, 1, placed_at), datediff(day, placed_at, getdate()) from Orders",
            "select nvl(note, '-'), listagg(note, ',') within group (order by id) from orders",
        ],
    );
    pass(Syntax::Db2, &["select current_date from sysibm.sysdummy1"]);
    pass(
        Syntax::Access,
        &[
            "select top 5 [id], iif(total > 1, 'a', 'b') from [orders]",
            "select nz(note, '') from orders",
        ],
    );
}

/// What the choice of tables and columns of a layout is written as.
#[test]
fn the_queries_of_layouts() {
    for (syntax, open, close) in
        [(Syntax::Sqlite, '"', '"'), (Syntax::MySql, '`', '`'), (Syntax::MsSql, '[', ']')]
    {
        let quoted =
            |sql: &str| sql.replace('<', &open.to_string()).replace('>', &close.to_string());
        for sql in [
            "SELECT <o>.<id> AS <id>, sum(<o>.<total>) AS <sum>, count(DISTINCT <c>.<id>) AS <n> \
             FROM <orders> AS <o> INNER JOIN <customers> AS <c> ON <o>.<customer_id> = <c>.<id> \
             WHERE (<o>.<id> = 1) AND (NOT (<c>.<name> IS NULL)) GROUP BY <o>.<id> \
             HAVING (sum(<o>.<total>) = 3) ORDER BY <o>.<id> DESC",
            "SELECT <customers>.* FROM <customers>",
            "SELECT DISTINCT <orders>.<id> AS <id> FROM <orders> CROSS JOIN <customers>",
            "SELECT <o>.<id> AS <id> FROM <orders> AS <o> LEFT JOIN <customers> AS <c> \
             ON <o>.<customer_id> = <c>.<id> AND <o>.<id> = <c>.<id> \
             WHERE (<o>.<id> IN (1, 2)) AND (CASE WHEN (<o>.<total> = 1) THEN 1 ELSE 2 END = 1)",
        ] {
            pass(syntax, &[&quoted(sql)]);
        }
    }
}
