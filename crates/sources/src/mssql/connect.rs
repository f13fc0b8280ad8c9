//! A connection that only reads.

use std::time::Duration;

use pressroom_data::SourceError;
use pressroom_domain::{ProviderModel, Secret};
use tiberius::error::Error;
use tiberius::{AuthMethod, Client, Config, EncryptionLevel};

use super::tls::Trust;
use super::transport::{self, Encrypt, NoWire, Wire};
use super::{browser, error};
use crate::address::Address;
use crate::subject::{LOOK, Subject};

/// The usual port.
const PORT: u16 = 1433;
/// Bytes of a packet: less than what one record of TLS holds.
const PACKET: u32 = 16_000;
/// How often a server may send on to another one.
const REDIRECTS: usize = 2;
/// What the server's list of sessions shows.
const APPLICATION: &str = "Pressroom";
/// What every connection is set to, whatever the server's and the account's own settings are: as ODBC
/// and ADO.NET set it, and so that whatever a transaction did is undone by its first error, and no lock
/// is waited for long.
const SETUP: &str = "
    SET QUOTED_IDENTIFIER, ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS ON;
    SET CONCAT_NULL_YIELDS_NULL, ARITHABORT, XACT_ABORT ON;
    SET NUMERIC_ROUNDABORT, IMPLICIT_TRANSACTIONS, CURSOR_CLOSE_ON_COMMIT OFF;
    SET LANGUAGE us_english;
    SET LOCK_TIMEOUT 10000";

/// What the server calls the connection.
const NUMBER: &str = "SELECT CAST(@@SPID AS int)";
/// How long the server has for ending a statement as it is asked to.
const ENDING: Duration = Duration::from_secs(2);

/// A connection, and how to make another to the same server.
pub(crate) struct Session {
    pub(crate) client: Client<Wire>,
    door: Door,
    number: i32,
}

/// How a server is reached and signed in to.
#[derive(Clone)]
struct Door {
    host: String,
    port: u16,
    encrypt: Encrypt,
    trust: Trust,
    config: Config,
}

/// Why a connection does not come about.
enum Closed {
    Wire(NoWire),
    Server(Error),
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

/// Connects to a model's server.
pub(crate) async fn connect(
    provider: &ProviderModel,
    subject: &Subject,
) -> Result<Session, SourceError> {
    let address = Address::of(provider).map_err(|error| subject.away(error))?;
    let (encrypt, any) = tls_of(&address).map_err(|message| subject.away(message))?;
    let config = config(&address, subject)?;
    let port = port_of(&address, subject).await?;
    let in_certificate = address.options.get(&["hostnameincertificate"]);
    let name = in_certificate.unwrap_or(&address.host).to_owned();
    let mut door =
        Door { host: address.host.clone(), port, encrypt, trust: Trust { name, any }, config };
    let mut redirects = 0;
    let mut client = loop {
        match door.open().await {
            Err(Closed::Server(Error::Routing { host, port })) if redirects < REDIRECTS => {
                redirects += 1;
                // An instance behind the name has its own port already.
                door.host = host.split('\\').next().unwrap_or_default().to_owned();
                door.port = port;
                if in_certificate.is_none() {
                    door.trust.name.clone_from(&door.host);
                }
            }
            Err(Closed::Server(error)) => return Err(error::connecting(subject, &error)),
            Err(Closed::Wire(NoWire::Io(error))) => return Err(subject.unreachable(&error)),
            Err(Closed::Wire(other)) => return Err(subject.away(other)),
            Ok(client) => break client,
        }
    };
    let failed = |error: Error| error::said(subject, &error);
    run(&mut client, SETUP).await.map_err(failed)?;
    let number = client.simple_query(NUMBER).await.map_err(failed)?;
    let number = number.into_row().await.map_err(failed)?;
    let number = number.and_then(|row| row.try_get(0).ok().flatten()).unwrap_or_default();
    Ok(Session { client, door, number })
}

impl Door {
    async fn open(&self) -> Result<Client<Wire>, Closed> {
        let wire = transport::wire((&*self.host, self.port), self.encrypt, &self.trust).await;
        let wire = wire.map_err(Closed::Wire)?;
        Client::connect(self.config.clone(), wire).await.map_err(Closed::Server)
    }
}

/// Whether the database answers.
pub(crate) async fn test(session: &mut Session, subject: &Subject) -> Result<(), SourceError> {
    run(&mut session.client, "SELECT 1").await.map_err(|error| error::said(subject, &error))
}

/// Runs a text of our own, whose rows nobody wants.
pub(crate) async fn run(client: &mut Client<Wire>, sql: &str) -> Result<(), Error> {
    client.simple_query(sql).await?.into_results().await.map(drop)
}

impl Session {
    /// Ends what the connection does now; it is to be closed then. Nobody waits for what becomes of it.
    pub(crate) async fn cancel(&mut self) {
        // Either may fail where it has ended by itself meanwhile.
        if tokio::time::timeout(ENDING, self.client.cancel_query()).await.is_err() {
            let kill = kill(self.door.clone(), self.number);
            let _ = tokio::time::timeout(LOOK, kill).await;
        }
    }
}

/// Ends a connection by another one, where the account may do so. It has to be open here still: then its
/// number is nobody else's.
async fn kill(door: Door, number: i32) {
    if let Ok(mut other) = door.open().await {
        let _ = run(&mut other, &format!("KILL {number}")).await;
    }
}

fn config(address: &Address, subject: &Subject) -> Result<Config, SourceError> {
    let Some(user) = &address.user else {
        return Err(subject.away(
            "its connection names no user; give the user name and password of an account of the \
             database",
        ));
    };
    let mut config = Config::new();
    config.host(&address.host);
    let password = address.password.as_ref().map_or("", Secret::reveal);
    config.authentication(AuthMethod::sql_server(user, password));
    let application = address.options.get(&["applicationname", "app"]);
    config.application_name(application.unwrap_or(APPLICATION));
    if let Some(database) = &address.database {
        config.database(database);
    }
    let intent = address.options.get(&["applicationintent"]);
    config.readonly(intent.is_some_and(|intent| intent.trim().eq_ignore_ascii_case("readonly")));
    config.packet_size(PACKET);
    // Encryption is agreed on before the driver begins.
    config.encryption(EncryptionLevel::NotSupported);
    config.handshake_timeout(None);
    config.command_timeout(None);
    // A half of a character is no reason to give no rows.
    config.lossy_utf16_decoding(true);
    Ok(config)
}

/// The port of the address, or the one that a named instance has at the moment.
async fn port_of(address: &Address, subject: &Subject) -> Result<u16, SourceError> {
    match (address.port, &address.instance) {
        (Some(port), _) => Ok(port),
        (None, Some(instance)) => browser::port_of(&address.host, instance).await.map_err(|error| {
            subject.away(format_args!(
                "the port of its instance \"{instance}\" is not known: {error}; see that SQL Server \
                 Browser runs there, or give the port"
            ))
        }),
        (None, None) => Ok(PORT),
    }
}

/// What a connection string says of TLS, and whether any certificate does.
fn tls_of(address: &Address) -> Result<(Encrypt, bool), String> {
    let yes = |key: &str| match address.options.get(&[key]).map(squeezed).as_deref() {
        None => Ok(false),
        Some("true" | "yes" | "1") => Ok(true),
        Some("false" | "no" | "0") => Ok(false),
        Some(_) => {
            Err("its connection says neither True nor False for TrustServerCertificate".to_owned())
        }
    };
    let any = yes("trustservercertificate")?;
    let Some(said) = address.options.get(&["encrypt", "sslmode"]) else {
        return Ok((Encrypt::Preferred, true));
    };
    match &*squeezed(said) {
        "false" | "no" | "optional" | "preferred" | "prefer" => Ok((Encrypt::Preferred, true)),
        "true" | "yes" | "mandatory" | "required" | "require" => Ok((Encrypt::Always, any)),
        // No certificate goes unseen in this mode.
        "strict" => Ok((Encrypt::Strict, false)),
        "never" | "disabled" | "disable" | "none" => Ok((Encrypt::Never, false)),
        _ => Err(format!(
            "its connection says Encrypt={said}; write True, Optional, Strict or Never"
        )),
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use pressroom_domain::{ProviderOptions, ProviderType};

    use super::*;

    #[test]
    fn connection_strings_say_how_much_of_tls() {
        let said = |more: &str| {
            let connection = Secret::new(format!("Server=db;User ID=ann;{more}"));
            let options = ProviderOptions {
                connection_string: Some(connection),
                ..ProviderOptions::default()
            };
            let provider = ProviderModel::new(ProviderType::MsSqlServer, options).unwrap();
            tls_of(&Address::of(&provider).unwrap())
        };
        for (more, expect) in [
            ("", (Encrypt::Preferred, true)),
            ("Encrypt=False", (Encrypt::Preferred, true)),
            ("Encrypt=True", (Encrypt::Always, false)),
            ("Encrypt=Mandatory;TrustServerCertificate=Yes", (Encrypt::Always, true)),
            ("Encrypt=yes;Trust Server Certificate=false", (Encrypt::Always, false)),
            ("Encrypt=Strict;TrustServerCertificate=true", (Encrypt::Strict, false)),
            ("Encrypt=Never", (Encrypt::Never, false)),
        ] {
            assert_eq!(said(more), Ok(expect), "{more}");
        }
        assert!(said("Encrypt=perhaps").unwrap_err().contains("Encrypt=perhaps"));
        assert!(
            said("TrustServerCertificate=hunter2").is_err_and(|told| !told.contains("hunter2"))
        );
    }
}
