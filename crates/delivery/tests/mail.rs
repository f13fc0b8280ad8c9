//! Mails keep what the port promises, at a real mail server and in a folder; and what else they do.

mod support;

use std::path::Path;
use std::sync::Arc;

use pressroom_contracts::build;
use pressroom_contracts::suites::mailer::{Arrival, Fixture};
use pressroom_delivery::{Sender, SmtpMailer, SmtpSettings, SmtpTls, SpoolMailer};
use pressroom_domain::{MailId, QueuedMail, Secret};
use pressroom_ports::{MailError, Mailer};
use support::mime;
use support::server::MailServer;

fn sender() -> Sender {
    "Reports <reports@example.com>".parse().unwrap()
}

fn settings(server: &MailServer) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".into(),
        port: server.address.port(),
        tls: SmtpTls::None,
        credentials: None,
        from: sender(),
    }
}

fn queued() -> QueuedMail {
    let mail = build::mail("Hello");
    QueuedMail { id: MailId(1), mail, queued_at: build::at(0), fence: 1, attempts: 1 }
}

/// What every server has taken; told and actual receivers are the same.
fn at_server(server: &MailServer) -> Vec<Arrival> {
    let read = |taken: support::server::Taken| {
        assert_eq!(taken.from, "reports@example.com");
        let arrival = mime::read(&taken.message);
        assert_eq!(arrival.to, taken.to);
        arrival
    };
    server.taken().into_iter().map(read).collect()
}

fn in_folder(folder: &Path) -> Vec<Arrival> {
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| mime::read(&std::fs::read_to_string(file).unwrap())).collect()
}

mod smtp {
    use super::*;

    async fn mailer() -> Fixture {
        let server = MailServer::start().await;
        let mailer = Arc::new(SmtpMailer::new(settings(&server)));
        Fixture { mailer, arrived: Box::new(move || at_server(&server)), guard: Box::new(()) }
    }

    pressroom_contracts::mailer_contract!(mailer);
}

mod spool {
    use super::*;

    async fn mailer() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("made/by/the/first/mail");
        let mailer = Arc::new(SpoolMailer::new(&path, sender()));
        Fixture { mailer, arrived: Box::new(move || in_folder(&path)), guard: Box::new(folder) }
    }

    pressroom_contracts::mailer_contract!(mailer);
}

/// Whether a mail was refused for good, and the words.
async fn failure(mailer: &impl Mailer) -> (bool, String) {
    let error = mailer.send(&queued()).await.unwrap_err();
    (matches!(error, MailError::Refused(_)), error.to_string())
}

#[tokio::test]
async fn only_words_about_the_mail_itself_are_for_good() {
    for (command, answer, for_good) in [
        ("", "421 too busy", false),
        ("", "554 not for you", false),
        ("EHLO", "500 what?", false),
        ("MAIL", "451 later", false),
        ("MAIL", "553 not from that address", true),
        ("RCPT", "450 the mailbox is busy", false),
        ("RCPT", "550 no such mailbox", true),
        ("DATA", "452 the disk is full", false),
        (".", "451 later", false),
        (".", "552 too large", true),
    ] {
        let server = MailServer::start().await;
        server.answer(command, answer);
        let (refused, words) = failure(&SmtpMailer::new(settings(&server))).await;
        assert_eq!(refused, for_good, "{command} {answer}: {words}");
        assert!(words.contains(&answer[4..]), "{words}");
        assert!(server.taken().is_empty());
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_tried_later() {
    let server = MailServer::start().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let mailer = SmtpMailer::new(SmtpSettings { port, ..settings(&server) });
    let (refused, words) = failure(&mailer).await;
    assert!(!refused);
    assert!(words.contains(&format!("the mail server 127.0.0.1:{port} cannot be used")), "{words}");
    let nowhere = SmtpSettings { host: "mail.invalid".into(), ..settings(&server) };
    assert!(!failure(&SmtpMailer::new(nowhere)).await.0);
}

#[tokio::test]
async fn who_has_an_account_signs_in() {
    let server = MailServer::start().await;
    server.ask_for("ann", "hunter2");
    let with = |password: &str| {
        let credentials = Some(("ann".to_owned(), Secret::new(password)));
        SmtpMailer::new(SmtpSettings { credentials, ..settings(&server) })
    };
    with("hunter2").check().await.unwrap();
    with("hunter2").send(&queued()).await.unwrap();
    assert_eq!(server.taken().len(), 1);
    let wrong = with("hunter3");
    let (refused, words) = failure(&wrong).await;
    assert!(!refused, "settings can be put right");
    assert!(
        words.contains("does not let \"ann\" in") && words.contains("mail.password"),
        "{words}"
    );
    assert!(!words.contains("hunter3") && !format!("{wrong:?}").contains("hunter3"));
}

/// Whoever stands between must not turn the encryption off.
#[tokio::test]
async fn nothing_is_said_in_the_clear_where_tls_is_asked_for() {
    for tls in [SmtpTls::StartTls, SmtpTls::Tls] {
        let server = MailServer::start().await;
        server.ask_for("ann", "hunter2");
        let credentials = Some(("ann".to_owned(), Secret::new("hunter2")));
        let mailer = SmtpMailer::new(SmtpSettings { tls, credentials, ..settings(&server) });
        let (refused, words) = failure(&mailer).await;
        assert!(!refused && words.contains("mail.tls"), "{words}");
        let said = server.said();
        assert!(said.iter().all(|line| !line.starts_with("AUTH") && !line.starts_with("MAIL")));
    }
}

#[tokio::test]
async fn files_of_a_spool_are_for_their_owner_and_named_by_time() {
    let folder = tempfile::tempdir().unwrap();
    SpoolMailer::new(folder.path(), sender()).send(&queued()).await.unwrap();
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap()).collect();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].file_name(), "20260302-093000-000000-1.eml");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    std::fs::write(folder.path().join("file"), "").unwrap();
    let mailer = SpoolMailer::new(folder.path().join("file"), sender());
    let (refused, words) = failure(&mailer).await;
    assert!(!refused && words.contains("cannot be written"), "{words}");
}

#[test]
fn senders() {
    for right in ["reports@example.com", " Reports <reports@example.com> ", "Größe <a@b.example>"]
    {
        assert!(right.parse::<Sender>().is_ok(), "{right}");
    }
    for wrong in ["", "reports", "Reports reports@example.com", "a@b.example, c@d.example"] {
        assert!(wrong.parse::<Sender>().is_err(), "{wrong}");
    }
}
