//! What a `Mailer` promises.

use std::any::Any;
use std::sync::Arc;

use pressroom_domain::{EmailAddress, MailId, QueuedMail};
use pressroom_ports::Mailer;

use crate::build::{self, at};

/// Makes tests of a mailer.
#[macro_export]
macro_rules! mailer_contract {
    ($make:expr) => {
        $crate::suite! { mailer, $make,
            a_mail_arrives_whole
            every_receiver_gets_it
            nothing_in_a_mail_adds_a_header_or_a_receiver
            the_same_mail_is_known_again
        }
    };
}

/// A mailer, and the place where its mails arrive.
pub struct Fixture {
    /// The mailer.
    pub mailer: Arc<dyn Mailer>,
    /// What has arrived, oldest first, read by somebody else than the mailer.
    pub arrived: Box<dyn Fn() -> Vec<Arrival> + Send + Sync>,
    /// Whatever must outlive the mailer, such as a folder.
    pub guard: Box<dyn Any + Send + Sync>,
}

/// A mail as its receiver reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Who is told to be a receiver, and who got it: these must be the same.
    pub to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The plain text; lines end with `\n`.
    pub text: String,
    /// The HTML; lines end with `\n`.
    pub html: String,
    /// What tells it from other mails.
    pub message_id: String,
}

fn queued(id: i64, subject: &str) -> QueuedMail {
    QueuedMail {
        id: MailId(id),
        mail: build::mail(subject),
        queued_at: at(0),
        fence: 1,
        attempts: 1,
    }
}

fn only(made: &Fixture) -> Arrival {
    let mut arrived = (made.arrived)();
    assert_eq!(arrived.len(), 1, "{arrived:?}");
    arrived.pop().unwrap()
}

/// Whatever characters and lines it has.
pub async fn a_mail_arrives_whole(made: &Fixture) {
    let subject = format!("Größe 漢字 🧾 of \"all\" things {}", "and more ".repeat(20));
    let mut queued = queued(1, subject.trim());
    let long = "Rechnung ".repeat(500);
    queued.mail.text = format!(".\n..\nFrom here\n\n{long}\n=20 # a\tb\n漢字 🧾\n");
    queued.mail.html = format!("<p>{long}</p>\n.\n<p>&lt;漢字&gt; =3D</p>\n");
    made.mailer.send(&queued).await.unwrap();
    let arrived = only(made);
    assert_eq!(arrived.to, ["ann@example.com"]);
    assert_eq!(arrived.subject, queued.mail.subject);
    assert_eq!(arrived.text.trim_end(), queued.mail.text.trim_end());
    assert_eq!(arrived.html.trim_end(), queued.mail.html.trim_end());
}

/// In one mail.
pub async fn every_receiver_gets_it(made: &Fixture) {
    let mut queued = queued(1, "Hello");
    queued.mail.to = ["ann@example.com", "bob+bills@sub.example.com", "carol@localhost"]
        .map(build::email)
        .into();
    made.mailer.send(&queued).await.unwrap();
    let to: Vec<&str> = queued.mail.to.iter().map(EmailAddress::as_str).collect();
    assert_eq!(only(made).to, to);
}

/// Line ends in a subject are blanks, and those of a text are just that.
pub async fn nothing_in_a_mail_adds_a_header_or_a_receiver(made: &Fixture) {
    let mut queued = queued(1, "Hello\r\nBcc: eve@example.com\n\nBoo");
    queued.mail.text =
        "one\r\n.\r\nMAIL FROM:<eve@example.com>\r\nRCPT TO:<eve@example.com>\r\n".into();
    made.mailer.send(&queued).await.unwrap();
    let arrived = only(made);
    assert_eq!(arrived.to, ["ann@example.com"]);
    let words: Vec<&str> = arrived.subject.split_whitespace().collect();
    assert_eq!(words, ["Hello", "Bcc:", "eve@example.com", "Boo"]);
    assert!(arrived.text.contains("RCPT TO:<eve@example.com>"));
}

/// So that a receiver who gets it twice sees it once.
pub async fn the_same_mail_is_known_again(made: &Fixture) {
    let (one, two) = (queued(1, "Hello"), queued(2, "Hello"));
    for mail in [&one, &one, &two] {
        made.mailer.send(mail).await.unwrap();
    }
    let mut ids: Vec<String> =
        (made.arrived)().into_iter().map(|arrival| arrival.message_id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 2, "{ids:?}");
    assert!(ids.iter().all(|id| !id.is_empty()));
}
