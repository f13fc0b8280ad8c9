//! Mails: to a mail server, or into a folder.

mod message;
mod smtp;
mod spool;

pub use smtp::{SmtpMailer, SmtpSettings, SmtpTls};
pub use spool::SpoolMailer;

use lettre::message::Mailbox;

/// Who a site's mails are from: `reports@example.com`, or `Reports <reports@example.com>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender(Mailbox);

/// A text that names no sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sender looks like reports@example.com or Reports <reports@example.com>")]
pub struct InvalidSender;

impl std::str::FromStr for Sender {
    type Err = InvalidSender;

    fn from_str(text: &str) -> Result<Self, InvalidSender> {
        text.trim().parse().map(Self).map_err(|_| InvalidSender)
    }
}

impl std::fmt::Display for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
