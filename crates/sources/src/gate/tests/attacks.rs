//! What reads more than the data model shows, or does more than read, is refused.

use super::*;

#[track_caller]
fn refused(syntax: Syntax, statements: &[&str]) {
    for sql in statements {
        if let Ok(checked) = run(syntax, sql) {
            panic!("{syntax:?}: {sql}\nruns as {}", checked.sql);
        }
    }
}

#[test]
fn hidden_tables_and_columns_are_named() {
    for syntax in ALL {
        for (sql, named) in [
            ("select name from staff", "\"staff\""),
            ("select count(*) from Staff", "\"staff\""),
            ("select 1 from staff", "\"staff\""),
            ("select id from orders where exists (select 1 from staff)", "\"staff\""),
            ("select id from orders where id in (select id from staff)", "\"staff\""),
            ("select id from orders order by (select wage from staff)", "\"staff\""),
            ("select id from orders union select wage from staff", "\"staff\""),
            ("select a.id from orders a left join staff b on a.id = b.id", "\"staff\""),
            ("with s as (select * from staff) select * from s", "\"staff\""),
            ("select * from (select * from staff) s", "\"staff\""),
            ("select amount from hr.pay", "\"hr.pay\""),
            ("select * from orders", "\"margin\" of \"orders\""),
            ("select o.* from orders o", "\"margin\" of \"orders\""),
            ("select id from orders where margin > 3", "\"margin\" of \"orders\""),
            ("select id from orders order by MARGIN", "\"margin\" of \"orders\""),
            ("select id from orders group by id, margin", "\"margin\" of \"orders\""),
            (
                "select id from orders group by id having max(margin) > 1",
                "\"margin\" of \"orders\"",
            ),
            ("select max(o.margin) over (order by id) from orders o", "\"margin\" of \"orders\""),
            (
                "select sum(total) over (partition by margin) from orders",
                "\"margin\" of \"orders\"",
            ),
            ("select o.margin from (select * from orders) o", "\"margin\" of \"orders\""),
            ("select total as margin from orders order by margin", "\"margin\" of \"orders\""),
            ("select total as margin from orders group by margin", "\"margin\" of \"orders\""),
            (
                "select c.id from customers c join orders o on o.margin = c.id",
                "\"margin\" of \"orders\"",
            ),
            (
                "select id from customers c where exists (select 1 from orders where margin = c.id)",
                "\"margin\" of \"orders\"",
            ),
            (
                "select x.salary from (select 1 as salary from customers) x \
                 where exists (select 1 from people where salary = 1)",
                "\"salary\" of \"people\"",
            ),
            (
                "select id from customers where exists (select distinct * from orders)",
                "\"margin\" of \"orders\"",
            ),
            (
                "select id from customers where exists (select * from orders except select * from orders)",
                "\"margin\" of \"orders\"",
            ),
            (
                "select id from customers where exists \
                 (select 1 from (select * from orders) o where o.margin = 1)",
                "\"margin\" of \"orders\"",
            ),
        ] {
            match run(syntax, sql) {
                Err(why) => {
                    let why = why.to_string();
                    let is_named = why.to_lowercase().contains(named);
                    assert!(is_named, "{syntax:?}: {sql}: it {why}");
                }
                Ok(checked) => panic!("{syntax:?}: {sql} runs as {}", checked.sql),
            }
        }
    }
}

#[test]
fn what_is_not_one_query_is_told_apart() {
    for syntax in ALL {
        for sql in [
            "",
            ";",
            "-- nothing",
            "delete from orders",
            "update orders set id = 1",
            "insert into orders values (1)",
            "drop table orders",
            "create table x (a int)",
            "truncate table orders",
            "begin",
            "set x = 1",
            "call p()",
            "exec p",
            "execute p",
            "explain select 1",
            "show tables",
            "pragma table_info('staff')",
            "attach 'x.db' as x",
            "copy orders to '/tmp/x'",
            "grant select on orders to x",
            "lock table orders",
            "vacuum",
            "declare @x int",
            "do $$ begin end $$",
            "table staff",
            "merge into orders using people on 1 = 1 when matched then delete",
        ] {
            assert_eq!(run(syntax, sql), Err(Refusal::NotReading), "{syntax:?}: {sql}");
        }
        for sql in [
            "select 1; select 2",
            "select 1; drop table orders",
            "select 1;; delete from orders",
            "select 1 ; /* x */ shutdown",
        ] {
            assert_eq!(run(syntax, sql), Err(Refusal::Several), "{syntax:?}: {sql}");
        }
        refused(
            syntax,
            &[
                "select id into x from orders",
                "select id into outfile '/tmp/x' from orders",
                "select id from orders into outfile '/tmp/x'",
                "select id from orders into dumpfile '/tmp/x'",
                "select id from orders into @x",
                "select id from orders for update",
                "select id from orders for share",
                "select id from orders lock in share mode",
                "with x as (delete from orders returning id) select * from x",
                "with x as (insert into orders (id) values (1) returning id) select * from x",
                "with x as (update orders set id = 1 returning id) select * from x",
                "select * from (delete from orders returning id) x",
                "with x as (select 1) delete from orders",
                "select 1 union table staff",
                "(table staff)",
                "with x as (table staff) select * from x",
            ],
        );
    }
}

#[test]
fn unreadable_text_is_told_with_its_place() {
    let Err(Refusal::Unreadable { line, column, message }) =
        run(Syntax::Postgres, "select id\nfrom orders\nwhere )")
    else {
        panic!("it is readable")
    };
    assert_eq!((line, column), (3, 7), "{message}");
    assert!(message.contains("found )"), "{message}");
    for sql in ["select 'abc", "select \"abc", "select (1", "select 1 +", "select $$a"] {
        let why = run(Syntax::Postgres, sql);
        assert!(matches!(why, Err(Refusal::Unreadable { .. })), "{sql}: {why:?}");
    }
}

#[test]
fn the_databases_own_tables_are_unknown() {
    for (syntax, tables) in [
        (
            Syntax::Sqlite,
            &[
                "sqlite_schema",
                "main.sqlite_master",
                "pragma_table_info('staff')",
                "sqlite_temp_master",
                "dbstat",
                "fts5vocab",
                "readfile('/etc/passwd')",
            ][..],
        ),
        (
            Syntax::Postgres,
            &[
                "pg_class",
                "pg_catalog.pg_class",
                "information_schema.columns",
                "pg_shadow",
                "pg_stat_activity",
                "pg_ls_dir('/')",
                "pg_read_file('/etc/passwd')",
                "dblink('x', 'select 1') as t(a int)",
                "rows from (pg_ls_dir('/'))",
                "pg_get_keywords()",
                "xmltable('/a' passing '<a/>' columns b int)",
                "query_to_xml('select 1', true, true, '')",
                "other.public.orders",
                "only orders",
                "orders tablesample system (10)",
                "ts_stat('select 1')",
            ],
        ),
        (
            Syntax::MySql,
            &[
                "mysql.user",
                "information_schema.tables",
                "performance_schema.threads",
                "sys.version",
                "other.orders",
                "orders partition (p0)",
            ],
        ),
        (
            Syntax::MsSql,
            &[
                "sys.tables",
                "sysobjects",
                "master..sysobjects",
                "master.dbo.sysobjects",
                "information_schema.columns",
                "other.dbo.orders",
                "srv.shop.dbo.orders",
                "shop..staff",
                "openrowset('x', 'y', 'z')",
                "openquery(srv, 'select 1')",
                "opendatasource('x', 'y').a.b.c",
                "orders with (tablockx)",
                "orders with (updlock)",
                "orders with (xlock, holdlock)",
                "orders for system_time as of '2020-01-01'",
                "fn_get_sql(0x)",
                "sys.fn_my_permissions(null, 'server')",
                "#temp",
                "##temp",
                "@t",
                "orders pivot (sum(total) for note in ([a])) p",
                "sys.dm_exec_requests",
                "openxml(1, '/')",
                "changetable(changes orders, 0) c",
            ],
        ),
        (Syntax::Firebird, &["rdb$relations", "mon$attachments", "sec$users", "p(1)"]),
        (
            Syntax::Oracle,
            &[
                "all_tables",
                "sys.user$",
                "v$session",
                "orders@link",
                "orders as of scn 1",
                "table(f())",
                "orders versions between scn 1 and 2",
                "xmltable('/a' passing x)",
            ],
        ),
        (Syntax::Db2, &["sysibm.systables", "syscat.tables", "table(f())"]),
    ] {
        for table in tables {
            refused(
                syntax,
                &[&format!("select * from {table}"), &format!("select 1 from {table}")],
            );
        }
    }
    refused(
        Syntax::Firebird,
        &["select * from rdb$database", "select rdb$description from rdb$database"],
    );
    refused(
        Syntax::Oracle,
        &["select * from dual", "select dummy from dual", "select x.* from dual x"],
    );
}

#[test]
fn functions_that_do_more_than_compute_are_refused() {
    for (syntax, calls) in [
        (
            Syntax::Sqlite,
            &[
                "load_extension('x')",
                "readfile('x')",
                "writefile('x', 'y')",
                "edit('x')",
                "sqlite_version()",
                "changes()",
                "last_insert_rowid()",
                "fts3_tokenizer('x')",
                "sqlite_source_id()",
            ][..],
        ),
        (
            Syntax::Postgres,
            &[
                "pg_sleep(10)",
                "pg_read_file('/etc/passwd')",
                "pg_ls_dir('/')",
                "pg_stat_file('x')",
                "lo_import('/etc/passwd')",
                "lo_export(1, 'x')",
                "lo_get(1)",
                "set_config('a', 'b', false)",
                "current_setting('x')",
                "nextval('s')",
                "setval('s', 1)",
                "currval('s')",
                "lastval()",
                "query_to_xml('select * from staff', true, true, '')",
                "table_to_xml('staff', true, true, '')",
                "database_to_xml(true, true, '')",
                "cursor_to_xml('c', 1, true, true, '')",
                "xpath('/a', '<a/>')",
                "dblink('x', 'y')",
                "dblink_exec('x', 'y')",
                "pg_terminate_backend(1)",
                "pg_cancel_backend(1)",
                "pg_advisory_lock(1)",
                "pg_notify('a', 'b')",
                "pg_get_viewdef('v')",
                "version()",
                "has_table_privilege('staff', 'select')",
                "to_regclass('staff')",
                "col_description(1, 1)",
                "obj_description(1)",
                "inet_server_addr()",
                "txid_current()",
                "pg_export_snapshot()",
                "pg_relation_size('staff')",
                "ts_stat('select 1')",
                "plainto('x')",
                "current_user",
                "session_user",
                "user",
                "current_catalog",
                "current_schema",
                "current_role",
                "pg_catalog.pg_sleep(1)",
                "public.my_own(1)",
                "\"pg_sleep\"(1)",
                "PG_SLEEP(1)",
                "gen_random_uuid()",
                "pg_typeof(1)",
                "format_type(1, 1)",
                "'staff'::regclass",
                "cast('staff' as regclass)",
                "'f'::regproc",
                "1::oid::regclass::text",
                "'a'::my_type",
                "regclass 'staff'",
                "x'41'::xml",
                "'s'::pg_catalog.regclass",
                "cast(1 as regrole)",
                "(select t from customers t)",
                "row_to_json(customers)",
                "to_jsonb(customers.*)",
                "count(orders.*)",
                "count(orders)",
                "name(staff)",
                "(orders).margin",
                "(orders.*)::text",
                "orders::text",
                "margin(orders)",
                "array(select staff)",
                "total operator(pg_catalog.+) 1",
                "(select o from orders o)",
                "row(orders.*)",
                "ctid",
                "xmin",
                "tableoid",
                "orders.ctid",
                "orders.tableoid::regclass",
            ],
        ),
        (
            Syntax::MySql,
            &[
                "sleep(5)",
                "benchmark(1000000, md5('a'))",
                "load_file('/etc/passwd')",
                "get_lock('a', 1)",
                "release_lock('a')",
                "user()",
                "current_user()",
                "database()",
                "version()",
                "@@version",
                "@@global.version",
                "@x",
                "@x := 1",
                "last_insert_id()",
                "connection_id()",
                "found_rows()",
                "row_count()",
                "session_user()",
                "system_user()",
                "uuid()",
                "name_const('a', 1)",
                "default(total)",
                "values(total)",
                "master_pos_wait('a', 1)",
                "sys.version_major()",
                "my_function(1)",
                "extractvalue('<a/>', '/a')",
                "updatexml('<a/>', '/a', 'b')",
                "is_free_lock('a')",
                "wait_for_executed_gtid_set('a')",
                "uncompress('a')",
                "_utf8'a'",
                "current_role()",
                "json_arrayagg(distinct @a)",
            ],
        ),
        (
            Syntax::MsSql,
            &[
                "@@version",
                "@@servername",
                "@x",
                "object_id('staff')",
                "object_name(1)",
                "col_name(1, 1)",
                "db_name()",
                "suser_sname()",
                "user_name()",
                "host_name()",
                "system_user",
                "current_user",
                "session_user",
                "user",
                "has_perms_by_name('a', 'b', 'c')",
                "columnproperty(1, 'a', 'b')",
                "dbo.my_function(1)",
                "xp_cmdshell('dir')",
                "next value for dbo.s",
                "newid()",
                "checksum(*)",
                "binary_checksum(*)",
                "openrowset(bulk 'x', single_clob)",
                "error_message()",
                "context_info()",
                "app_name()",
                "serverproperty('x')",
                "databasepropertyex('a', 'b')",
                "fn_helpcollations()",
                "$rowguid",
                "$identity",
                "original_login()",
                "sys.fn_varbintohexstr(0x01)",
                "cast('<a/>' as xml)",
                "cast(1 as sql_variant)",
                "cast(1 as sysname)",
                "cast(1 as dbo.my_type)",
                "loginproperty('a', 'b')",
                "(select name from customers for xml path(''), type).value('sql:column(\"o.margin\")', 'int')",
                "(select name from customers for xml path(''), type).query('.')",
                "try_convert(xml, note)",
                "session_context(N'x')",
                "connectionproperty('x')",
            ],
        ),
        (
            Syntax::Firebird,
            &[
                "gen_id(g, 1)",
                "next value for g",
                "rdb$get_context('SYSTEM', 'DB_NAME')",
                "rdb$set_context('a', 'b', 'c')",
                "current_user",
                "current_role",
                "current_connection",
                "gen_uuid()",
                "rdb$db_key",
                "orders.rdb$db_key",
                "rdb$role_in_use('x')",
            ],
        ),
        (
            Syntax::Oracle,
            &[
                "user",
                "uid",
                "sys_context('a', 'b')",
                "userenv('a')",
                "utl_http.request('x')",
                "dbms_lock.sleep(1)",
                "s.nextval",
                "s.currval",
                "sys.dbms_metadata.get_ddl('a', 'b')",
                "utl_inaddr.get_host_name('x')",
                "httpuritype('x').getclob()",
                "xmltype('<a/>')",
                "dbms_xmlgen.getxml('select 1 from staff')",
                "rowid",
                "ora_rowscn",
                "level",
                "cursor(select 1 from orders)",
                "sys_guid()",
                "dump(note)",
                "extractvalue(note, '/a')",
            ],
        ),
        (
            Syntax::Access,
            &[
                "dlookup('wage', 'staff')",
                "dsum('wage', 'staff')",
                "shell('x')",
                "environ('x')",
                "dcount('*', 'staff')",
                "currentuser()",
                "eval('x')",
            ],
        ),
        (Syntax::Generic, &["user", "user()", "database()", "load_file('x')", "f(1)"]),
    ] {
        for call in calls {
            let from = [
                format!("select {call} from orders"),
                format!("select id from orders where {call} is null"),
                format!("select id from orders order by {call}"),
            ];
            refused(syntax, &from.each_ref().map(String::as_str));
        }
    }
    let told = run(Syntax::Postgres, "select pg_sleep(9)").unwrap_err().to_string();
    assert!(told.starts_with("calls pg_sleep, which"), "{told}");
}

#[test]
fn names_mean_what_they_mean_to_the_database() {
    for syntax in ALL {
        refused(
            syntax,
            &[
                "select unknown from orders",
                "select orders.unknown from orders",
                "select x.id from orders",
                "select orders.id from orders o",
                "select id from orders, customers",
                "select id from orders a, orders a",
                "select a.id from orders a, customers a",
                "select b.id from orders a join customers c on a.id = b.id, people b",
                "select * from (select id from orders where c.id = 1) x, customers c",
                "select x.y.z.id from orders",
                "select other.orders.id from orders",
                "select * from a",
                "with a as (select * from b), b as (select 1 as x) select * from a",
                "with a as (select id from a) select * from a",
                "with a as (select 1 as x), a as (select 2 as x) select * from a",
                "select *",
                "select 1 as a, b from (select 1 as a) x",
                "select id from orders where n = 1 group by id having n = 1",
                "select id from orders union select id from customers order by total",
                "select id from orders union select id from customers order by orders.id",
                "select (select x from customers) from (select 1 as y) q",
            ],
        );
    }
    // Columns that tables have without telling are not those of a query further out.
    for (syntax, name) in [
        (Syntax::Postgres, "ctid"),
        (Syntax::Firebird, "rdb$db_key"),
        (Syntax::Oracle, "rowid"),
        (Syntax::Postgres, "oid"),
    ] {
        let sql = format!(
            "select (select max(o.id) from orders o where {name} = 1) from (select 1 as {name}) o"
        );
        let written = run(syntax, &sql).unwrap().sql;
        // The inner alias has another name, so the outer one is meant.
        assert!(written.to_lowercase().contains("o_2"), "{written}");
        refused(syntax, &[&format!("select id as {name} from orders group by {name}")]);
    }
    // A join's condition sees the join alone, as it does in MySQL: the outer table must be shown too.
    refused(
        Syntax::MySql,
        &[
            "select (select 1 from orders a, customers b join sales.regions c on a.salary = 1) from people a",
        ],
    );
    for sql in [
        "select count(*) from orders natural join (select 3 as margin) x",
        "select count(*) from orders join (select 3 as margin) x using (margin)",
        "select count(*) from (select 3 as margin) x join orders using (margin)",
        "select count(*) from (select 3 as margin) x natural left join orders",
    ] {
        for syntax in [Syntax::Sqlite, Syntax::Postgres, Syntax::MySql, Syntax::Oracle] {
            let told = run(syntax, sql).unwrap_err().to_string();
            assert!(told.contains("natural or using"), "{syntax:?}: {told}");
        }
    }
    // A query of a with clause cannot pass for a table of that name, nor a table for it.
    refused(
        Syntax::Postgres,
        &[
            "with staff as (select * from staff) select * from staff",
            "with recursive staff as (select * from staff) select * from staff",
            "with orders as (select * from public.orders) select * from orders",
            "with x as (select 1 as id) select * from public.x",
            "with x as (select 1 as id) select margin from (with y as (select * from orders) select * from y) z",
        ],
    );
    refused(Syntax::Postgres, &["select \"ID\" from orders", "select id from \"Orders\""]);
    refused(Syntax::Oracle, &["select \"id\" from orders", "select id from \"orders\""]);
}

#[test]
fn what_databases_read_otherwise_than_the_parser_is_refused_or_written_plainly() {
    refused(
        Syntax::MySql,
        &[
            "select 1 /*!50000 from staff */",
            "select 1 /*! union select wage from staff */",
            "select 1 /*M! union select wage from staff */",
            "select id from orders where note = 'a' /*!99999 or 1 */",
        ],
    );
    for syntax in ALL {
        refused(syntax, &["select 'a\0b'", "select id\0 from orders", "\0"]);
    }
    refused(Syntax::Redshift, &["select 'a\\'"]);
    refused(Syntax::Generic, &["select 'a\\'"]);
    refused(Syntax::Postgres, &["select interval note from orders"]);
    for syntax in [Syntax::Access, Syntax::Sybase] {
        refused(syntax, &["select 1 as [a]]b]", "select id from orders [a]]b]"]);
    }
    // The places of columns may have moved since they were read.
    refused(
        Syntax::Postgres,
        &["select o.d from orders o(a, b, c, d, e)", "select a from people p(a)"],
    );
    // Some databases take a name that they do not know for a text.
    for syntax in [Syntax::Sqlite, Syntax::Postgres, Syntax::MsSql, Syntax::Generic] {
        refused(syntax, &["select id from orders where total = \"text\""]);
    }
    refused(Syntax::Sqlite, &["select $a", "select :a", "select @a", "select 0x10"]);
    refused(Syntax::Postgres, &["select $0", "select $a", "select $99999999999999999999", ":a"]);
    refused(Syntax::MsSql, &["select @P0", "select @P", "select @P1x"]);
}
