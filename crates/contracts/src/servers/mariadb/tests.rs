use super::*;

fn shared() -> &'static MariaDb {
    MariaDb::shared().unwrap_or_else(Missing::skip)
}

#[test]
fn every_test_has_a_database_of_its_own() {
    crate::run(async {
        let (one, two) = (shared().database(), shared().database());
        one.run("CREATE TABLE t (n int, s varchar(10)); INSERT INTO t VALUES (7, 'Žluť 🐎')");
        assert_eq!(one.sql("SELECT n, s FROM t"), "7|Žluť 🐎");
        assert_eq!(two.sql("SHOW TABLES"), "");
        let name = one.name.clone();
        drop(one);
        assert_eq!(two.sql(&format!("SHOW DATABASES LIKE '{name}'")), "");
    });
}

#[test]
fn a_database_is_dropped_whoever_uses_it() {
    crate::run(async {
        let (database, other) = (shared().database(), shared().database());
        database.run("CREATE TABLE t (n int) ENGINE = InnoDB");
        let name = database.name.clone();
        let using = format!("LOCK TABLES {name}.t READ; SELECT SLEEP(60)");
        std::thread::scope(|scope| {
            let user =
                scope.spawn(|| std::panic::catch_unwind(|| shared().sql(&name, &using)).is_err());
            let busy = format!(
                "SELECT count(*) FROM information_schema.processlist \
                 WHERE db = '{name}' AND info LIKE 'SELECT SLEEP%'"
            );
            while other.sql(&busy) == "0" {}
            drop(database);
            assert!(user.join().unwrap(), "the user was cut off");
        });
        assert_eq!(other.sql(&format!("SHOW DATABASES LIKE '{name}'")), "");
    });
}

#[test]
fn a_value_of_a_hundred_megabytes_fits() {
    crate::run(async {
        let database = shared().database();
        database.run("CREATE TABLE t (b longblob); INSERT INTO t VALUES (repeat('x', 100000000))");
        assert_eq!(database.sql("SELECT length(b) FROM t"), "100000000");
    });
}

#[test]
fn a_server_of_its_own_stops_and_comes_back_with_what_it_held() {
    crate::run(async {
        let server = MariaDb::dedicated().unwrap_or_else(Missing::skip);
        let database = server.database();
        database.run("CREATE TABLE t AS SELECT 7 AS n");
        server.stop_hard();
        assert!(std::net::TcpStream::connect(server.address()).is_err());
        server.start();
        assert_eq!(database.sql("SELECT n FROM t"), "7");
        server.stop();
        assert!(std::net::TcpStream::connect(server.address()).is_err());
        server.start();
        assert_eq!(database.sql("SELECT n FROM t"), "7");
    });
}
