//! Sites that move from store to store.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rusqlite::Connection;
use serde_json::json;

use crate::support::{PASSWORD, Server, pressroom, until};

/// A place where a site may be: a data folder, and perhaps a store elsewhere.
struct Stop {
    data_dir: PathBuf,
    store: Option<String>,
}

impl Stop {
    fn folder(data_dir: PathBuf) -> Self {
        Self { data_dir, store: None }
    }

    fn url(&self) -> String {
        let own = || format!("sqlite://{}/pressroom.db", self.data_dir.display());
        self.store.clone().unwrap_or_else(own)
    }

    /// Starts a server there, which reads the customers' files of the first stop.
    fn start(&self, first: &Path) -> Server {
        Server::start_with(&self.data_dir, |command| {
            if let Some(store) = &self.store {
                command.args(["--storage", store]);
            }
            let roots = json!([first.join("data")]).to_string();
            command.env("PRESSROOM_SOURCES__DATA_ROOTS", roots);
            // Documents carry the time at which they are printed.
            command.env("SOURCE_DATE_EPOCH", "1767225600");
        })
    }

    /// Copies the site that is here to another stop, with all that it needs there.
    fn copy_to(&self, next: &Self) -> String {
        let copied = pressroom(|command| {
            command.args(["storage", "copy", "--from", &self.url(), "--to", &next.url()]);
            command.arg("--from-blobs").arg(address(&self.data_dir.join("blobs")));
            command.arg("--to-blobs").arg(address(&next.data_dir.join("blobs")));
            command.arg("--data-dir").arg(&self.data_dir);
        })
        .succeeded();
        fs::copy(self.data_dir.join("secret.key"), next.data_dir.join("secret.key")).unwrap();
        copied.out
    }
}

fn address(folder: &Path) -> String {
    format!("file://{}", folder.display())
}

fn copy(from: &str, to: &str) -> crate::support::Finished {
    pressroom(|command| {
        command.args(["storage", "copy", "--from", from, "--to", to]);
    })
}

/// The reports of the demo, printed there and then.
fn printed(server: &Server) -> BTreeMap<&'static str, Vec<u8>> {
    let admin = server.admin();
    let names = pressroom_server::demo::REPORTS.map(|report| report.name);
    let exports = names.map(|name| (name, admin.start_export(admin.document(name), &json!([]))));
    exports.into_iter().map(|(name, export)| (name, admin.file(&export))).collect()
}

/// Takes the demo from stop to stop. Wherever it comes, it prints the same bytes, and gives out what
/// was printed at the stops before.
fn travel(stops: &[Stop]) {
    let first = &stops[0];
    let server = first.start(&first.data_dir);
    let expect = printed(&server);
    let admin = server.admin();
    let kept = admin.start_export(admin.document("Invoice"), &json!([]));
    let kept_file = admin.file(&kept);
    let secret = json!({"name": "Secret", "providerModel": {"providerType": "msSqlServer",
        "serverName": "db1", "database": "sales", "userName": "report", "password": "Sesam",
        "authenticationType": "sqlServer"}});
    let model = admin.post("/api/datamodels", &secret).json(201)["id"].clone();
    let connection = format!("/api/datamodels/{model}/connection");
    let expect_connection = admin.get(&connection).json(200);
    stop(server);
    for pair in stops.windows(2) {
        let [here, next] = pair else { unreachable!("windows of two") };
        fs::create_dir_all(&next.data_dir).unwrap();
        let out = here.copy_to(next);
        assert!(out.contains("each compared"), "{out}");
        assert!(out.contains("secrets stay sealed with the key in"), "{out}");
        let server = next.start(&first.data_dir);
        let admin = server.admin();
        assert!(admin.file(&kept) == kept_file, "at {}", next.url());
        assert_eq!(admin.get(&connection).json(200), expect_connection);
        for (name, file) in printed(&server) {
            assert!(file == expect[name], "{name} after {}", here.url());
        }
        stop(server);
    }
}

#[test]
fn the_demo_prints_the_same_bytes_after_a_move() {
    let folder = tempfile::tempdir().unwrap();
    let stops = ["one", "two", "three"].map(|name| Stop::folder(folder.path().join(name)));
    travel(&stops);
}

/// There and back again.
#[cfg(unix)]
fn travel_through(store: &str) {
    let folder = tempfile::tempdir().unwrap();
    let stops = [
        Stop::folder(folder.path().join("one")),
        Stop { data_dir: folder.path().join("two"), store: Some(store.to_owned()) },
        Stop::folder(folder.path().join("three")),
    ];
    travel(&stops);
}

#[cfg(unix)]
#[test]
fn the_demo_prints_the_same_bytes_in_postgresql_and_after_it() {
    use pressroom_contracts::servers::{Missing, Postgres};

    pressroom_contracts::run(async {
        let database = Postgres::shared().unwrap_or_else(Missing::skip).database();
        travel_through(&database.url);
    });
}

#[cfg(unix)]
#[test]
fn the_demo_prints_the_same_bytes_in_sql_server_and_after_it() {
    use pressroom_contracts::servers::{Missing, mssql};

    pressroom_contracts::run(async {
        let database = mssql().unwrap_or_else(Missing::skip).database();
        travel_through(&database.url);
    });
}

/// A server that has printed a report, and has stopped.
fn site(data: &Path) {
    let server = Server::start(data);
    let admin = server.admin();
    admin.file(&admin.start_export(admin.document("Invoice"), &json!([])));
    stop(server);
}

/// Ends a server in order: it is no longer among those that use its store.
fn stop(server: Server) {
    #[cfg(unix)]
    assert_eq!(server.stop(), Some(0));
    #[cfg(not(unix))]
    server.kill();
}

fn url(data: &Path) -> String {
    format!("sqlite://{}/pressroom.db", data.display())
}

/// A copy is killed again and again, goes on each time, and comes to what an undisturbed one comes to.
#[test]
fn a_copy_that_is_killed_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (data, new) = (folder.path().join("data"), folder.path().join("new"));
    site(&data);
    let mut killed = 0;
    for wait_ms in (0..).step_by(7) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pressroom"));
        command.args(["storage", "copy", "--from", &url(&data), "--to", &url(&new)]);
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        let begin = std::time::Instant::now();
        let ended = until("it ends, or its time has come", || {
            let ended = child.try_wait().unwrap();
            (ended.is_some() || begin.elapsed().as_millis() > wait_ms).then_some(ended)
        });
        match ended {
            Some(status) => {
                assert!(status.success());
                break;
            }
            None => {
                child.kill().unwrap();
                child.wait().unwrap();
                killed += 1;
            }
        }
    }
    assert!(killed > 0);
    let again = copy(&url(&data), &url(&new)).succeeded();
    assert!(again.out.contains("; 0 were written, 0 deleted"), "{}", again.out);
    fs::copy(data.join("secret.key"), new.join("secret.key")).unwrap();
    let server = Server::start_with(&new, |command| {
        command.env("PRESSROOM_SOURCES__DATA_ROOTS", json!([data.join("data")]).to_string());
    });
    let admin = server.admin();
    assert!(
        admin.file(&admin.start_export(admin.document("Invoice"), &json!([]))).starts_with(b"%PDF")
    );
}

/// What a server would write into half a copy would be in the way of the rest.
#[test]
fn no_server_starts_on_half_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let (data, new) = (folder.path().join("data"), folder.path().join("new"));
    site(&data);
    copy(&url(&data), &url(&new)).succeeded();
    let store = Connection::open(new.join("pressroom.db")).unwrap();
    store.execute("insert into moments (name, at) values ('copying', 1)", []).unwrap();
    drop(store);
    fs::copy(data.join("secret.key"), new.join("secret.key")).unwrap();
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["user", "set-password", "admin"]]
    {
        pressroom(|command| {
            command.args(arguments).arg("--data-dir").arg(&new);
        })
        .refused("run `pressroom storage copy` again");
    }
    copy(&url(&new), &url(&folder.path().join("third"))).refused("a copy that was not finished");
    copy(&url(&data), &url(&new)).succeeded();
    drop(Server::start(&new));
}

#[test]
fn nobodys_content_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let (data, other) = (folder.path().join("data"), folder.path().join("other"));
    site(&data);
    site(&other);
    let before = fs::read(other.join("pressroom.db")).unwrap();
    copy(&url(&data), &url(&other)).refused("the target holds content that is not of this site");
    assert!(fs::read(other.join("pressroom.db")).unwrap() == before);
    copy(&url(&data), &url(&data)).refused("name two");
    let nowhere = folder.path().join("nowhere");
    copy(&url(&nowhere), &url(&folder.path().join("new"))).refused("there is no store at");
    assert!(!nowhere.exists());
    copy("ftp://x", &url(&other)).refused("ftp");

    // A copy that was worked with is a site of its own; one that somebody works with, more so.
    let new = folder.path().join("new");
    copy(&url(&data), &url(&new)).succeeded();
    let server = Server::start(&new);
    server.admin().post("/api/categories", &json!({"name": "New"})).json(201);
    copy(&url(&data), &url(&new)).refused("uses the target; stop it");
    #[cfg(unix)]
    {
        assert_eq!(server.stop(), Some(0));
        copy(&url(&data), &url(&new)).refused("the target was written to after it was copied");
    }
}

/// The site is at work while it is copied; after a short stop, only what changed follows.
#[test]
fn a_site_is_copied_while_it_works() {
    let folder = tempfile::tempdir().unwrap();
    let (data, new) = (folder.path().join("data"), folder.path().join("new"));
    let server = Server::start(&data);
    let admin = server.admin();
    for number in 0..20 {
        let name = json!({"name": format!("Before {number}")});
        admin.post("/api/categories", &name).json(201);
    }
    let writer = std::thread::spawn({
        let address = server.address.clone();
        move || {
            let admin = crate::support::Client::sign_in(&address, "admin", PASSWORD);
            for number in 0..100 {
                let name = json!({"name": format!("Meanwhile {number}")});
                admin.post("/api/categories", &name).json(201);
            }
        }
    });
    let first = copy(&url(&data), &url(&new));
    let never_rests = "the source is written to while it is copied";
    assert!(first.status == Some(0) || first.err.contains(never_rests), "{first:?}");
    writer.join().unwrap();
    server.kill();
    let rest = copy(&url(&data), &url(&new)).succeeded();
    assert!(rest.out.contains("each compared"), "{}", rest.out);
    let count = |data: &Path| -> i64 {
        let store = Connection::open(data.join("pressroom.db")).unwrap();
        store.query_row("select count(*) from categories", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(count(&new), count(&data));
    assert!(count(&new) >= 120);
}
