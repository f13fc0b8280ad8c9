//! Accounts and the mails that they need, from the API to the mailbox and back.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::support::{Client, MailServer, PASSWORD, Secrecy, Server, pressroom, until};

/// The mails in the spool, oldest first.
fn mails(data: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(data.join("mail")) else { return Vec::new() };
    let mut mails: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    mails.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
    mails.sort();
    mails
}

/// The token of the link in a mail's text.
fn token(mail: &Path) -> String {
    let message = fs::read_to_string(mail).unwrap().replace("=\r\n", "");
    let (_, rest) =
        message.split_once("token=3D").or(message.split_once("token=")).expect("a link");
    let token: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    assert_eq!(token.len(), 64, "{message}");
    token
}

/// Every file of a folder, but for those in the spool.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "mail") {
                files.extend(self::files(&path));
            }
        } else {
            files.push(path);
        }
    }
    files
}

/// Looks for a text in every byte of the data folder, but for the spool.
#[track_caller]
fn is_in_no_byte(data: &Path, secret: &str) {
    let holds =
        |bytes: &[u8], wanted: &[u8]| bytes.windows(wanted.len()).any(|part| part == wanted);
    for file in files(data) {
        let bytes = fs::read(&file).unwrap_or_default();
        assert!(!holds(&bytes, secret.as_bytes()), "{} holds it", file.display());
    }
}

#[test]
fn a_user_is_made_gets_a_mail_activates_the_account_and_signs_in() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start_with(&data, |command| {
        command.arg("--no-demo").env("PRESSROOM_SITE__URL", "https://reports.example.com/");
    });
    let admin = server.admin();
    let made = admin.post(
        "/api/users",
        &json!({
            "userName": "ann",
            "firstName": "Ann",
            "lastName": "Ångström",
            "email": "ann@example.com",
            "accountType": "reportServer",
            "groupsId": [],
        }),
    );
    let made = made.json(201);
    assert_eq!(made["pending"], true, "{made}");
    until("the mail arrives", || (mails(&data).len() == 1).then_some(()));
    let mail = mails(&data).remove(0);
    let message = fs::read_to_string(&mail).unwrap();
    assert!(message.contains("To: ann@example.com"), "{message}");
    let token = token(&mail);
    is_in_no_byte(&data, &token);

    assert_eq!(Client::try_sign_in(&server.address, "ann", "correct+horse").status, 400);
    let body = json!({"token": token, "password": "correct horse"});
    let activated = Client::stranger(&server.address).post("/api/account/activate", &body);
    assert_eq!(activated.json(200), json!({"userName": "ann"}));
    Client::sign_in(&server.address, "ann", "correct+horse");

    let wish = json!({"userName": "ann"});
    let asked = Client::stranger(&server.address).post("/api/account/reset/request", &wish);
    assert_eq!(asked.status, 202);
    until("the second mail arrives", || (mails(&data).len() == 2).then_some(()));
    let reset = self::token(&mails(&data)[1]);
    is_in_no_byte(&data, &reset);
    let body = json!({"token": reset, "password": "another horse"});
    let done = Client::stranger(&server.address).post("/api/account/reset", &body);
    assert_eq!(done.json(200), json!({"userName": "ann"}));
    Client::sign_in(&server.address, "ann", "another+horse");
    assert!(!server.log().contains(&token) && !server.log().contains(&reset));

    // What was written before the end is not there in the clear after it either.
    server.kill();
    for secret in [&*token, &*reset, "correct horse", "another horse"] {
        is_in_no_byte(&data, secret);
    }
}

/// Mails wait in the outbox while nobody takes them, sealed, and outlive the server.
#[test]
fn mails_wait_for_their_server_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // Nobody listens there.
    let away = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = away.local_addr().unwrap().port().to_string();
    drop(away);
    let server = Server::start_with(&data, |command| {
        command.arg("--no-demo").envs([
            ("PRESSROOM_MAIL__HOST", "127.0.0.1"),
            ("PRESSROOM_MAIL__PORT", &*port),
            ("PRESSROOM_MAIL__TLS", "none"),
            ("PRESSROOM_MAIL__FROM", "reports@example.com"),
        ]);
    });
    let new = json!({
        "userName": "ann", "email": "ann@example.com", "accountType": "reportServer",
    });
    server.admin().post("/api/users", &new).json(201);
    until("the log tells", || {
        server
            .log()
            .contains(&format!("the mail server 127.0.0.1:{port} cannot be used"))
            .then_some(())
    });
    is_in_no_byte(&data, "an account was made for you");
    is_in_no_byte(&data, "/account/activate?token=");
    server.kill();
    is_in_no_byte(&data, "/account/activate?token=");
}

#[test]
fn doctor_looks_at_mail_and_never_tells_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let doctor = |variables: &[(&str, &str)]| {
        pressroom(|command| {
            command.args(["doctor", "--data-dir"]).arg(folder.path().join("data"));
            command.env("PRESSROOM_SERVER__LISTEN", "127.0.0.1:0").envs(variables.iter().copied());
        })
    };
    let spool = doctor(&[]).succeeded();
    assert!(spool.out.contains("note  mail: there is no mail server"), "{}", spool.out);
    let half = doctor(&[("PRESSROOM_MAIL__HOST", "mail.example.com")]);
    assert!(
        half.out.contains("BAD   mail: mail.host is set, but mail.from is not"),
        "{}",
        half.out
    );
    let away = doctor(&[
        ("PRESSROOM_MAIL__HOST", "127.0.0.1"),
        ("PRESSROOM_MAIL__PORT", "1"),
        ("PRESSROOM_MAIL__USER", "ann"),
        ("PRESSROOM_MAIL__PASSWORD", PASSWORD),
        ("PRESSROOM_MAIL__FROM", "Reports <reports@example.com>"),
    ])
    .refused("one thing keeps a server from working");
    assert!(
        away.out.contains("BAD   mail: the mail cannot be sent now: the mail server"),
        "{}",
        away.out
    );
    assert!(!away.out.contains(PASSWORD) && !away.err.contains(PASSWORD));
}

/// With a certificate that the machine trusts, and with none.
#[test]
fn mails_go_through_tls_to_a_server_that_is_trusted() {
    for (tls, secrecy) in [("starttls", Secrecy::OnDemand), ("tls", Secrecy::FromTheFirstByte)] {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let mail = MailServer::start(folder.path(), secrecy);
        let variables = [
            ("PRESSROOM_MAIL__HOST", "localhost"),
            ("PRESSROOM_MAIL__PORT", &*mail.port),
            ("PRESSROOM_MAIL__TLS", tls),
            ("PRESSROOM_MAIL__USER", "ann"),
            ("PRESSROOM_MAIL__PASSWORD", "hunter2"),
            ("PRESSROOM_MAIL__FROM", "reports@example.com"),
        ];
        let doctor = |trusting: bool| {
            pressroom(|command| {
                command.args(["doctor", "--data-dir"]).arg(&data).envs(variables);
                command.env("PRESSROOM_SERVER__LISTEN", "127.0.0.1:0");
                if trusting {
                    command.env("SSL_CERT_FILE", &mail.certificate);
                }
            })
        };
        let stranger = doctor(false).refused("one thing keeps a server from working");
        assert!(
            stranger.out.contains("this machine must trust whoever signed it"),
            "{}",
            stranger.out
        );
        assert_eq!(mail.said(), Vec::<String>::new(), "nothing is said to a stranger");
        let trusted = doctor(true).succeeded();
        let words = format!("ok    mail: localhost:{} takes mails from", mail.port);
        assert!(trusted.out.contains(&words), "{}", trusted.out);

        let server = Server::start_with(&data, |command| {
            command.arg("--no-demo").envs(variables).env("SSL_CERT_FILE", &mail.certificate);
        });
        let new =
            json!({"userName": "ann", "email": "ann@example.com", "accountType": "reportServer"});
        server.admin().post("/api/users", &new).json(201);
        until("the mail arrives", || mail.said().contains(&".".to_owned()).then_some(()));
        let said = mail.said();
        assert!(said.contains(&"RCPT TO:<ann@example.com>".to_owned()), "{said:?}");
        assert!(said.iter().any(|line| line.starts_with("AUTH PLAIN ")), "{said:?}");
    }
}
