//! A mail as RFC 5322 has it.

use lettre::Message;
use lettre::message::{Mailbox, MultiPart};
use pressroom_domain::QueuedMail;
use pressroom_ports::MailError;

use super::Sender;

/// The message of a mail: its text and its HTML as alternatives. A mail that is sent twice has the same
/// `Message-ID` both times.
pub(super) fn message(queued: &QueuedMail, from: &Sender) -> Result<Message, MailError> {
    let mail = &queued.mail;
    let id = format!(
        "<{}.{}.pressroom@{}>",
        queued.id,
        queued.queued_at.timestamp_micros(),
        from.0.email.domain()
    );
    let mut builder = Message::builder()
        .from(from.0.clone())
        .subject(one_line(&mail.subject))
        .date(queued.queued_at.into())
        .message_id(Some(id))
        // RFC 3834: out-of-office programs and the like do not answer it.
        .header(AutoSubmitted);
    for address in &mail.to {
        let address = address.as_str();
        let parsed = address.parse().map_err(|_| {
            MailError::Refused(format!("\"{address}\" is no address that mail servers take"))
        })?;
        builder = builder.to(Mailbox::new(None, parsed));
    }
    let parts = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
    builder.multipart(parts).map_err(|error| MailError::Refused(error.to_string()))
}

/// Line ends and other control characters would begin another header.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// `Auto-Submitted: auto-generated`.
#[derive(Clone, Copy, Debug)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
