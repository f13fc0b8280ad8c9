//! A store on another machine that goes away: at the start, and in the middle of everything.

use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use pressroom_contracts::servers::{Database, Missing, Postgres, Proxy};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::support::{Client, Server, Starting, call, pressroom, until};

/// A database, and a way to it that can be cut.
struct Away {
    database: Database,
    proxy: Proxy,
    /// What the way goes on.
    _runtime: Runtime,
}

impl Away {
    fn new(server: &Postgres) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let proxy = runtime.block_on(Proxy::before(server.address()));
        Self { database: server.database(), proxy, _runtime: runtime }
    }

    /// The address of the database by the way that can be cut.
    fn url(&self) -> String {
        self.database.url_by(self.proxy.address())
    }

    /// What must not be told.
    fn password(&self) -> String {
        let account = self.database.url.split("://").nth(1).unwrap().split('@').next().unwrap();
        account.split_once(':').unwrap().1.to_owned()
    }

    fn configure(&self, command: &mut Command) {
        command.env("PRESSROOM_STORAGE__URL", self.url());
        command.env("PRESSROOM_SERVER__LEASE_SECONDS", "2");
    }
}

/// All orders: more than a thousand pages.
fn everything() -> serde_json::Value {
    json!([{"name": "FromDate", "value": "2000-01-01"}, {"name": "ToDate", "value": "2100-01-01"}])
}

/// Asks as somebody without a token.
fn ask(address: &str, request: &str) -> (u16, String, String) {
    let (method, path) = request.split_once(' ').unwrap();
    let answer = call(address, method, path, "", "");
    (answer.status, answer.header("retry-after").to_owned(), answer.text())
}

fn log_of(data: &Path) -> String {
    std::fs::read_to_string(data.with_extension("log")).unwrap_or_default()
}

fn count(log: &str, words: &str) -> usize {
    log.lines().filter(|line| line.contains(words)).count()
}

#[test]
fn a_server_that_starts_before_its_store_waits_for_it() {
    pressroom_contracts::run(async {
        let server = Postgres::shared().unwrap_or_else(Missing::skip);
        tokio::task::block_in_place(|| waits_for_its_store(server));
    });
}

fn waits_for_its_store(server: &Postgres) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let away = Away::new(server);
    away.proxy.cut();
    let starting = Starting::new(&data, |command| away.configure(command));
    let address = starting.waits_at();
    let mut told = String::new();
    until("it answers", || std::net::TcpStream::connect(&address).ok());
    for request in ["GET /api/documents", "POST /oauth/token", "GET /readyz", "DELETE /API/jobs/1/"]
    {
        let (status, retry_after, body) = ask(&address, request);
        assert_eq!((status, &*retry_after), (503, "5"), "{request}");
        assert!(body.contains("waits for its store"), "{request}: {body}");
        told.push_str(&body);
    }
    let (status, retry_after, body) = ask(&address, "GET /documents/7");
    assert_eq!((status, &*retry_after), (503, "5"));
    assert!(body.contains("<h1>We will be right back</h1>"), "{body}");
    assert_eq!(ask(&address, "GET /healthz").0, 200);
    // Some tries later nothing is different.
    sleep(Duration::from_secs(3));
    assert_eq!(ask(&address, "GET /readyz").0, 503);

    away.proxy.heal();
    let server = starting.ready();
    assert_eq!(server.address, address);
    assert!(server.is_ready());
    let documents = server.admin().get("/api/documents").json(200);
    assert_eq!(documents.as_array().unwrap().len(), 7, "the demo is there");
    told.push_str(&log_of(&data));
    assert!(!told.contains(&away.password()), "{told}");
    assert_eq!(count(&told, "are answered with 503"), 1, "{told}");
    assert_eq!(count(&told, "the store is there after"), 1, "{told}");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_server_that_waits_for_its_store_can_be_stopped() {
    pressroom_contracts::run(async {
        let server = Postgres::shared().unwrap_or_else(Missing::skip);
        tokio::task::block_in_place(|| {
            let away = Away::new(server);
            for go_away in [Proxy::cut, Proxy::freeze] {
                let folder = tempfile::tempdir().unwrap();
                go_away(&away.proxy);
                let starting =
                    Starting::new(&folder.path().join("data"), |command| away.configure(command));
                starting.waits_at();
                let asked = Instant::now();
                assert_eq!(starting.stop(), Some(0));
                assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
            }
        });
    });
}

#[test]
fn where_waiting_does_not_help_a_start_ends_with_words() {
    pressroom_contracts::run(async {
        let server = Postgres::shared().unwrap_or_else(Missing::skip);
        tokio::task::block_in_place(|| {
            let database = server.database();
            let folder = tempfile::tempdir().unwrap();
            let refused = |url: &str, words: &str| {
                for command_name in ["serve", "migrate", "doctor"] {
                    let finished = pressroom(|command| {
                        command.args([command_name, "--storage", url, "--data-dir"]);
                        command.arg(folder.path().join("data"));
                        command.env("PRESSROOM_SERVER__LISTEN", "127.0.0.1:0");
                    });
                    assert_ne!(finished.status, Some(0), "{command_name}: {finished:?}");
                    let told = format!("{}{}", finished.out, finished.err);
                    assert!(told.contains(words), "{command_name}: expected {words} in {told}");
                    assert!(!told.contains("hunter2"), "{told}");
                }
            };
            let account = database.url.split("://").nth(1).unwrap().split('@').next().unwrap();
            let (user, password) = account.split_once(':').unwrap();
            let wrong = database.url.replace(&format!(":{password}@"), ":hunter2@");
            refused(&wrong, &format!("authentication failed for user \"{user}\""));
            refused(&server.url("nosuchdatabase"), "\"nosuchdatabase\" does not exist");
            let _ = database.sql("create table orders (id integer)");
            refused(&database.url, "is not a store of this server");
        });
    });
}

#[test]
fn all_comes_back_by_itself_after_the_store_was_away() {
    pressroom_contracts::run(async {
        let server = Postgres::shared().unwrap_or_else(Missing::skip);
        tokio::task::block_in_place(|| comes_back_by_itself(server));
    });
}

fn comes_back_by_itself(server: &Postgres) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let away = Away::new(server);
    let server = Server::start_with(&data, |command| away.configure(command));
    let admin = server.admin();
    let book = admin.document("Order book");
    let exports: Vec<String> = (0..6).map(|_| admin.start_export(book, &everything())).collect();
    until("pages are laid out", || {
        let status = admin.status(&exports[0]);
        status["message"].as_str().filter(|message| message.contains("pages")).map(drop)
    });

    // Longer than leases, and longer than work takes: what is done waits to be written down.
    for _ in 0..2 {
        away.proxy.cut();
        let gone = Instant::now();
        until("it is noticed", || (ask(&server.address, "GET /readyz").0 == 503).then_some(()));
        while gone.elapsed() < Duration::from_secs(8) {
            let answer = admin.get("/api/documents");
            assert_eq!((answer.status, answer.header("retry-after")), (503, "5"));
            assert_eq!(ask(&server.address, "GET /healthz").0, 200);
            let page = call(&server.address, "GET", "/", "Cookie: pressroom_session=x\r\n", "");
            assert_eq!((page.status, page.header("retry-after")), (503, "5"));
        }
        away.proxy.heal();
        until("it is ready again", || server.is_ready().then_some(()));
    }

    for export in &exports {
        assert!(admin.file(export).starts_with(b"%PDF-"));
    }
    let after = admin.start_export(admin.document("Invoice"), &json!([]));
    assert!(
        Client::sign_in(&server.address, "admin", crate::support::PASSWORD)
            .file(&after)
            .starts_with(b"%PDF-")
    );
    let log = log_of(&data);
    assert!(!log.contains(&away.password()), "{log}");
    // A line when it goes, and one when it is back; no storm of them.
    let told = count(&log, "the store is not available now");
    assert!((1..=6).contains(&told), "{told} lines: {log}");
    assert!(count(&log, "over after") >= 1, "{log}");
    assert!(log.lines().count() < 60, "{log}");
    assert_eq!(server.stop(), Some(0));
}
