//! A connection that only reads.

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, DriverError, Error, Opts, OptsBuilder, SslOpts};
use pressroom_data::SourceError;
use pressroom_domain::{ProviderModel, Secret};

use super::error;
use crate::address::Address;
use crate::subject::Subject;

/// The usual port.
const PORT: u16 = 3306;
/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 32;
/// What every connection is set to. How texts and names are quoted is what statements were checked
/// for, whatever the server's own mode is.
const SETUP: [&str; 3] = [
    "set names utf8mb4",
    "set session transaction read only",
    "set session sql_mode = replace(replace(replace(replace(@@sql_mode, \
     'NO_BACKSLASH_ESCAPES', ''), 'ANSI_QUOTES', ''), 'PIPES_AS_CONCAT', ''), 'ANSI', '')",
];

/// A connection, and how to make another to the same server.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) connection: Conn,
    opts: Opts,
}

/// How much of TLS is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tls {
    None,
    /// Where the server has it, whoever it says it is.
    Preferred,
    /// Whoever it says it is.
    Required,
    /// By a known authority, whatever its name is.
    Authority,
    /// By a known authority, under its name.
    Full,
}

/// Connects to a model's server.
pub(crate) async fn connect(
    provider: &ProviderModel,
    subject: &Subject,
) -> Result<Session, SourceError> {
    let address = Address::of(provider).map_err(|error| subject.away(error))?;
    let tls = tls_of(&address).map_err(|message| subject.away(message))?;
    let opts = opts_of(&address, tls);
    let connected = match Conn::new(opts.clone()).await {
        // The server has no TLS, and it was only preferred.
        Err(Error::Driver(DriverError::NoClientSslFlagFromServer)) if tls == Tls::Preferred => {
            let opts = opts_of(&address, Tls::None);
            Conn::new(opts.clone()).await.map(|connection| (connection, opts))
        }
        connected => connected.map(|connection| (connection, opts)),
    };
    let (mut connection, opts) = connected.map_err(|error| error::connecting(subject, &error))?;
    for statement in SETUP {
        connection.query_drop(statement).await.map_err(|error| error::said(subject, &error))?;
    }
    Ok(Session { connection, opts })
}

/// Whether the database answers.
pub(crate) async fn test(session: &mut Session, subject: &Subject) -> Result<(), SourceError> {
    let answered = session.connection.query_drop("select 1").await;
    answered.map_err(|error| error::said(subject, &error))
}

impl Session {
    /// Ends what the connection does now, by another one. Nobody waits for what becomes of it.
    pub(crate) fn kill(&self) -> impl Future<Output = ()> + Send + use<> {
        let (opts, id) = (self.opts.clone(), self.connection.id());
        async move {
            if let Ok(mut connection) = Conn::new(opts).await {
                // It may have ended by itself meanwhile.
                let _ = connection.query_drop(format!("kill query {id}")).await;
                let _ = connection.disconnect().await;
            }
        }
    }
}

fn opts_of(address: &Address, tls: Tls) -> Opts {
    let ssl = match tls {
        Tls::None => None,
        Tls::Preferred | Tls::Required => {
            Some(SslOpts::default().with_danger_accept_invalid_certs(true))
        }
        Tls::Authority => Some(SslOpts::default().with_danger_skip_domain_validation(true)),
        Tls::Full => Some(SslOpts::default()),
    };
    OptsBuilder::default()
        .ip_or_hostname(&*address.host)
        .tcp_port(address.port.unwrap_or(PORT))
        .db_name(address.database.clone())
        .user(address.user.clone())
        .pass(address.password.as_ref().map(Secret::reveal))
        .prefer_socket(false)
        .stmt_cache_size(STATEMENTS)
        .tcp_keepalive(Some(std::time::Duration::from_secs(30)))
        .ssl_opts(ssl)
        .into()
}

/// What a connection string says of TLS, in the words of several drivers.
fn tls_of(address: &Address) -> Result<Tls, String> {
    let Some(said) = address.options.get(&["sslmode", "ssl", "usessl", "encrypt"]) else {
        return Ok(Tls::Preferred);
    };
    let squeezed: String =
        said.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match &*squeezed {
        "none" | "disabled" | "disable" | "false" | "no" => Ok(Tls::None),
        "preferred" | "prefer" | "allow" => Ok(Tls::Preferred),
        "required" | "require" | "true" | "yes" => Ok(Tls::Required),
        "verifyca" => Ok(Tls::Authority),
        "verifyfull" | "verifyidentity" => Ok(Tls::Full),
        _ => Err(format!(
            "its connection says SslMode={said}; write None, Preferred, Required, VerifyCA or VerifyFull"
        )),
    }
}
