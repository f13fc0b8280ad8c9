use super::*;

fn shared() -> &'static Firebird {
    Firebird::shared().unwrap_or_else(Missing::skip)
}

#[test]
fn every_test_has_a_database_of_its_own() {
    crate::run(async {
        let (one, two) = (shared().database(), shared().database());
        one.run("CREATE TABLE t (n int, s varchar(10)); INSERT INTO t VALUES (7, 'Žluť 🐎')");
        assert_eq!(one.sql("SELECT n || '|' || s FROM t"), "7|Žluť 🐎");
        assert_eq!(two.sql("SELECT count(*) FROM rdb$relations WHERE rdb$system_flag = 0"), "0");
        let path = one.name.clone();
        drop(one);
        assert!(!std::path::Path::new(&path).exists());
    });
}

#[test]
fn it_knows_old_character_sets_and_procedures() {
    crate::run(async {
        let database = shared().database();
        database.run(
            "CREATE TABLE t (s varchar(10) CHARACTER SET WIN1250); INSERT INTO t VALUES ('Žluť');
             SET TERM ^;
             CREATE PROCEDURE twice (n int) RETURNS (m int) AS BEGIN m = 2 * n; SUSPEND; END^
             SET TERM ;^",
        );
        assert_eq!(database.sql("SELECT s FROM t"), "Žluť");
        assert_eq!(database.sql("SELECT m FROM twice(21)"), "42");
    });
}

#[test]
#[should_panic(expected = "Table unknown")]
fn what_fails_says_why() {
    crate::run(async {
        let database = shared().database();
        database.run("INSERT INTO nowhere VALUES (1); CREATE TABLE t (n int)");
    });
}

#[test]
fn a_server_of_its_own_stops_and_comes_back_with_what_it_held() {
    crate::run(async {
        let server = Firebird::dedicated().unwrap_or_else(Missing::skip);
        let database = server.database();
        database.run("CREATE TABLE t (n int); INSERT INTO t VALUES (7)");
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
