//! Sending mail.

use std::error::Error;

use async_trait::async_trait;
use pressroom_domain::QueuedMail;

/// Why a mail was not sent. Messages never hold what the mail says, nor a password.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// It will never be sent as it is: the receiver's address is wrong, or the server does not take
    /// such mail.
    #[error("the mail was refused: {0}")]
    Refused(String),
    /// It may be sent later: the server is away, busy, or does not let us in.
    #[error("the mail cannot be sent now: {reason}")]
    Later {
        /// What is in the way, and what to do where somebody can.
        reason: String,
        /// What happened.
        #[source]
        source: Option<Box<dyn Error + Send + Sync>>,
    },
}

impl MailError {
    /// It may be sent later.
    pub fn later(
        reason: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::Later { reason: reason.into(), source: Some(source.into()) }
    }
}

/// Sends mail.
///
/// # Contract
/// - What returns well MUST be in somebody else's keeping, such as a mail server's, and survive the
///   end of this process.
/// - The receivers, the subject, the text and the HTML MUST arrive to the character, whatever
///   characters they hold; nothing in them may add a header or a receiver.
/// - The same mail sent twice SHOULD be known as the same, by its `Message-ID` or its file.
/// - A call MUST end within [`SEND_SECONDS`], well or not.
/// - Only a word of the receiving side about this very mail is [`MailError::Refused`]; whatever an
///   operator can put right by settings is [`MailError::Later`].
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends one.
    async fn send(&self, mail: &QueuedMail) -> Result<(), MailError>;
}

/// The longest that sending one mail takes, in seconds.
pub const SEND_SECONDS: u32 = 60;
