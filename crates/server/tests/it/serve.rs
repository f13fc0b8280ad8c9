//! Starting, signing in, stopping.

use std::net::TcpListener;

use crate::support::{Client, PASSWORD, Server, pressroom, pressroom_with_input, tool};

#[test]
fn a_first_start_makes_a_password_and_brings_the_demo() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start_with(&data, |command| {
        command.env_remove("PRESSROOM_ADMIN_PASSWORD");
    });
    let base = format!("http://{}", server.address);
    let [first, second, third] = server.lines.as_slice() else { panic!() };
    assert_eq!(*first, format!("Pressroom serves {base} and keeps its data in {}", data.display()));
    let made = second
        .strip_prefix("Sign in as admin with the password ")
        .and_then(|rest| rest.strip_suffix(" (shown only now)"))
        .unwrap_or_else(|| panic!("{second}"));
    let admin = Client::sign_in(&server.address, "admin", made);
    let invoice = admin.document("Invoice");
    let try_this = format!("docs/examples/export.sh {base} admin {made} {invoice} report.pdf");
    assert_eq!(*third, format!("Open {base} in a browser, or print a report: {try_this}"));
    let names: Vec<String> = admin
        .get("/api/documents")
        .json(200)
        .as_array()
        .unwrap()
        .iter()
        .map(|document| document["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names.len(), 7, "six reports and a dashboard: {names:?}");
    let jobs = admin.get("/api/jobs").json(200);
    let next = jobs[0]["nextRunTime"].as_str().unwrap_or_default();
    assert!(next.contains("-01T0"), "early on the first of a month: {jobs}");
}

#[test]
fn a_second_start_keeps_the_password_and_the_content() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert_eq!(Server::start(&data).stop(), Some(0));
    let server = Server::start_with(&data, |command| {
        command.env("PRESSROOM_ADMIN_PASSWORD", "another one");
    });
    assert!(server.lines[1].starts_with("Sign in as admin; a lost password"), "{:?}", server.lines);
    let admin = server.admin();
    assert_eq!(admin.get("/api/documents").json(200).as_array().unwrap().len(), 7);
    assert_eq!(Client::try_sign_in(&server.address, "admin", "another one").status, 400);
}

#[test]
fn without_the_demo_a_site_is_empty() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start_with(&data, |command| {
        command.arg("--no-demo");
    });
    assert!(server.lines[2].contains("or bring a report"), "{:?}", server.lines);
    let admin = server.admin();
    for list in ["/api/documents", "/api/categories", "/api/datamodels", "/api/jobs"] {
        assert_eq!(admin.get(list).json(200), serde_json::json!([]), "{list}");
    }
    assert!(!data.join("data/demo.db").exists());
}

#[test]
fn a_demo_that_was_interrupted_is_brought_by_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir_all(data.join("data/demo.db")).unwrap();
    let server = Server::start(&data);
    assert_eq!(server.admin().get("/api/documents").json(200), serde_json::json!([]));
    assert!(server.log().contains("the next start tries again"), "{}", server.log());
    server.stop();
    std::fs::remove_dir(data.join("data/demo.db")).unwrap();
    let server = Server::start(&data);
    assert_eq!(server.admin().get("/api/documents").json(200).as_array().unwrap().len(), 7);
}

#[test]
fn connection_strings_are_sealed_in_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let start = |key: &str| {
        Server::start_with(&data, |command| {
            command.env("PRESSROOM_STORAGE__KEY", key.repeat(32));
        })
    };
    start("a1").stop();
    assert!(!data.join("secret.key").exists(), "the key is in the settings");
    // The store, and what SQLite keeps beside it.
    let files = std::fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path());
    let store: Vec<u8> =
        files.filter(|path| path.is_file()).flat_map(|path| std::fs::read(path).unwrap()).collect();
    let holds = |text: &[u8]| store.windows(text.len()).any(|bytes| bytes == text);
    assert!(holds(b"an importer of fine things") && !holds(b"Data Source=demo.db"));
    let export = |server: &Server| {
        let admin = server.admin();
        let export = admin.start_export(admin.document("Invoice"), &serde_json::json!([]));
        admin.ended(&export)["taskStatus"].clone()
    };
    let wrong = start("b2");
    assert_eq!(export(&wrong), "Fault", "another key opens nothing");
    wrong.stop();
    assert_eq!(export(&start("a1")), "Complete");
}

#[test]
fn an_address_in_use_is_told_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    pressroom(|command| {
        command.args(["--listen", &address, "--data-dir"]).arg(&data);
    })
    .refused(&format!("cannot listen on {address}"));
    assert!(!data.exists());
}

#[test]
fn a_password_is_set_beside_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data);
    let before = server.admin();
    pressroom_with_input("new and better\n", |command| {
        command.args(["user", "set-password", "Admin", "--data-dir"]).arg(&data);
    })
    .succeeded();
    assert_eq!(before.get("/api/documents").status, 401, "its tokens have ended");
    assert_eq!(Client::try_sign_in(&server.address, "admin", PASSWORD).status, 400);
    Client::sign_in(&server.address, "admin", "new and better");
}

#[test]
fn a_password_needs_an_account_a_line_and_a_site() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let set = |name: &str, password: &str| {
        pressroom_with_input(password, |command| {
            command.args(["user", "set-password", name, "--data-dir"]).arg(&data);
        })
    };
    set("admin", "x\n").refused("there is no store at");
    assert!(!data.exists(), "a mistyped folder does not come into being");
    Server::start(&data).kill();
    set("nobody", "x\n").refused("user nobody does not exist");
    set("admin", "\n").refused("password: must not be empty");
    set("admin", "").refused("no password came");
}

#[test]
fn what_is_not_there_yet_is_said() {
    pressroom(|command| {
        command.args(["--tls-cert", "a.pem", "--tls-key", "a.key"]);
    })
    .refused("the certificate in a.pem cannot be read: ");
    pressroom(|command| {
        command.args(["--storage", "mysql://me:secret@db/site"]);
    })
    .refused("this build has no adapter for mysql");
}

#[test]
fn it_speaks_tls_with_the_certificate_that_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let server = Server::start_with(&folder.path().join("data"), |command| {
        command.args(["--no-demo", "--tls-cert"]).arg(&certificate);
        command.arg("--tls-key").arg(&key);
    });
    assert!(server.lines[0].starts_with("Pressroom serves https://127.0.0.1:"));
    let port = server.address.rsplit(':').next().unwrap();
    let curl = |arguments: &[&str]| {
        tool("curl", "curl", |curl| {
            curl.args(["--silent", "--include", "--max-time", "30", "--cacert"]).arg(&certificate);
            curl.args(arguments).arg(format!("https://localhost:{port}/healthz"));
        })
    };
    for (version, expect) in [("--http1.1", "HTTP/1.1 200 OK"), ("--http2", "HTTP/2 200")] {
        let answer = curl(&[version]);
        let text = String::from_utf8_lossy(&answer.stdout).into_owned();
        assert!(text.starts_with(expect), "{text} {}", String::from_utf8_lossy(&answer.stderr));
        assert!(text.to_lowercase().contains("strict-transport-security: max-age="), "{text}");
    }
    // Old versions of the protocol are not spoken.
    assert!(!curl(&["--tls-max", "1.1"]).status.success());
}
