//! Mails to a mail server, by SMTP.

use std::time::Duration;

use async_trait::async_trait;
use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use pressroom_domain::{QueuedMail, Secret};
use pressroom_ports::{MailError, Mailer, SEND_SECONDS};

use super::Sender;
use super::message::message;

/// How the way to a mail server is kept secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SmtpTls {
    /// It is not: for a server on the same machine.
    None,
    /// The connection begins in the clear and must become TLS before anything is said.
    #[default]
    StartTls,
    /// TLS from the first byte.
    Tls,
}

impl SmtpTls {
    /// The port that goes with it unless another is set.
    #[must_use]
    pub const fn port(self) -> u16 {
        match self {
            Self::None => 25,
            Self::StartTls => 587,
            Self::Tls => 465,
        }
    }
}

/// Which mail server, and how to get in.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Its name, which its certificate must carry.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is kept secret.
    pub tls: SmtpTls,
    /// User and password; none where the server lets this machine in without.
    pub credentials: Option<(String, Secret)>,
    /// Who the mails are from.
    pub from: Sender,
}

/// Gives mails to a mail server, a connection each.
#[derive(Clone, Debug)]
pub struct SmtpMailer {
    settings: SmtpSettings,
}

/// The longest that one step may wait for the server.
const STEP: Duration = Duration::from_secs(20);

impl SmtpMailer {
    /// A mailer that uses this server.
    #[must_use]
    pub fn new(settings: SmtpSettings) -> Self {
        Self { settings }
    }

    /// Signs in to the server and leaves again, to see whether it can be used.
    ///
    /// # Errors
    /// [`MailError::Later`].
    pub async fn check(&self) -> Result<(), MailError> {
        within_time(async {
            let mut connection = self.connect().await?;
            let _ = connection.quit().await;
            Ok(())
        })
        .await
    }

    /// Whatever goes wrong up to here is the operator's to put right, not the mail's fault.
    async fn connect(&self) -> Result<AsyncSmtpConnection, MailError> {
        let SmtpSettings { host, port, tls, credentials, .. } = &self.settings;
        let failed = |error: Error| {
            let reason = format!("the mail server {host}:{port} {}", complaint(&error));
            MailError::later(reason, error)
        };
        let hello = ClientId::default();
        let parameters = || TlsParameters::new(host.clone()).map_err(failed);
        let at_once = match tls {
            SmtpTls::Tls => Some(parameters()?),
            SmtpTls::None | SmtpTls::StartTls => None,
        };
        let server = (host.as_str(), *port);
        let connected =
            AsyncSmtpConnection::connect_tokio1(server, Some(STEP), &hello, at_once, None).await;
        let mut connection = connected.map_err(failed)?;
        if *tls == SmtpTls::StartTls {
            connection.starttls(parameters()?, &hello).await.map_err(failed)?;
        }
        if let Some((user, password)) = credentials {
            let credentials = Credentials::new(user.clone(), password.reveal().to_owned());
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            connection.auth(&mechanisms, &credentials).await.map_err(|error| {
                let reason = format!(
                    "the mail server {host}:{port} does not let \"{user}\" in: {error}; look at mail.user and mail.password"
                );
                MailError::later(reason, error)
            })?;
        }
        Ok(connection)
    }

    async fn hand_over(&self, message: &Message) -> Result<(), MailError> {
        let mut connection = self.connect().await?;
        let sent = connection.send(message.envelope(), &message.formatted()).await;
        let sent = sent.map_err(|error| {
            // The server's word about this mail; a client's error is one that no server will ever take.
            if error.is_permanent() || error.is_client() {
                MailError::Refused(error.to_string())
            } else {
                let SmtpSettings { host, port, .. } = &self.settings;
                let reason = format!("the mail server {host}:{port} {}", complaint(&error));
                MailError::later(reason, error)
            }
        });
        if sent.is_ok() {
            // The mail is the server's now, whatever becomes of the good-bye.
            let _ = connection.quit().await;
        }
        sent.map(drop)
    }
}

/// What a server did, as the end of a sentence that begins with it.
fn complaint(error: &Error) -> String {
    if error.is_timeout() {
        return "did not answer in time".to_owned();
    }
    if error.status().is_some() {
        return format!("says: {error}");
    }
    // What happened stands innermost; around it stand the same words again.
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let cause = cause.to_string();
    let hint = if cause.contains("certificate") {
        "this machine must trust whoever signed it, and it must name mail.host"
    } else {
        "look at mail.host, mail.port and mail.tls"
    };
    format!("cannot be used: {cause}; {hint}")
}

/// A bound on all steps together, below that of the port.
async fn within_time<T>(work: impl Future<Output = Result<T, MailError>>) -> Result<T, MailError> {
    let most = Duration::from_secs(u64::from(SEND_SECONDS) - 5);
    tokio::time::timeout(most, work)
        .await
        .unwrap_or_else(|elapsed| Err(MailError::later("the mail server took too long", elapsed)))
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &QueuedMail) -> Result<(), MailError> {
        let message = message(mail, &self.settings.from)?;
        within_time(self.hand_over(&message)).await
    }
}
