//! A connection that reads only, from whatever way it was written down.

use std::time::Duration;

use pressroom_data::SourceError;
use pressroom_domain::{DataModel, ProviderModel, ProviderType};
use tokio::runtime::Handle;
use tokio::time::timeout;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Client, Config, Error};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error;
use super::tls::{self, Check, NoTrust};
use crate::address::{Address, NoAddress, Options};
use crate::subject::Subject;
use crate::{Files, places};

/// How long one address of a server is tried.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the other side may leave unanswered what was sent to it.
const SILENCE: Duration = Duration::from_secs(15);
/// How long a server may take for what is no work: to begin and end a transaction.
const ANSWER: Duration = Duration::from_secs(5);
/// How long telling a server to stop may take.
const CANCEL: Duration = Duration::from_secs(5);

/// The schema that names without one are of.
pub(super) const DEFAULT_SCHEMA: &str = "public";

/// What a session is told at first: so that values as texts have one form, nothing is written, and the
/// server finds out soon that this side is gone. Not every server knows each.
///
/// The time zone is that of no place: times with a zone are shown as UTC, wherever the server and this
/// one stand.
const SETTINGS: [&str; 12] = [
    "set default_transaction_read_only = on",
    "set standard_conforming_strings = on",
    "set bytea_output = 'hex'",
    "set datestyle = 'ISO, YMD'",
    "set intervalstyle = 'postgres'",
    "set timezone = 'UTC'",
    "set extra_float_digits = 2",
    // The server would refuse to send what is no UTF-8 of a database that never checked it.
    "select set_config('client_encoding', 'SQL_ASCII', false)
     where current_setting('server_encoding') = 'SQL_ASCII'",
    "set tcp_keepalives_idle = 30",
    "set tcp_keepalives_interval = 10",
    "set tcp_keepalives_count = 3",
    "set client_connection_check_interval = '2s'",
];

/// Why a server cannot be looked for, in words that follow the model's name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error(transparent)]
    Address(#[from] NoAddress),
    #[error("its server is a path; give the name or address of a server")]
    Path,
    #[error(
        "its connection names no account; give userName, or User ID=… in the connection string"
    )]
    NoUser,
    #[error(transparent)]
    Trust(#[from] NoTrust),
    #[error("its sslrootcert cannot be used: {0}")]
    Roots(#[from] places::Refusal),
}

/// A connection, and whether it can be used again.
pub(super) struct Session {
    pub(super) client: Client,
    tls: MakeRustlsConnect,
    /// Where the cancelling of a query runs when there is nobody left to wait for it.
    runtime: Handle,
    /// Ends the connection, whatever it is at.
    ends: tokio::task::AbortHandle,
    /// Whether there is nothing to be ended.
    is_clean: bool,
    /// Whether it served a query before.
    pub(super) is_used: bool,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("is_clean", &self.is_clean).finish_non_exhaustive()
    }
}

impl Session {
    /// Begins a transaction that reads. Whatever runs in it is ended on the server where this is
    /// dropped before [`end`](Self::end).
    pub(super) async fn begin(&mut self) -> Result<(), Option<Error>> {
        self.is_clean = false;
        let begun = timeout(ANSWER, self.client.batch_execute("begin read only")).await;
        begun.map_or(Err(None), |begun| begun.map_err(Some))
    }

    /// Ends the transaction; false where the session is of no further use. All that a statement may
    /// have set goes with it.
    pub(super) async fn end(&mut self) -> bool {
        let ended = timeout(ANSWER, self.client.batch_execute("rollback")).await;
        self.is_clean = matches!(ended, Ok(Ok(())));
        self.is_used = true;
        self.is_clean
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.is_clean {
            // The server is told with the client's end.
            return;
        }
        let (cancel, tls, ends) = (self.client.cancel_token(), self.tls.clone(), self.ends.clone());
        drop(self.runtime.spawn(async move {
            // Where it does not come through, the server still sees that the connection is gone.
            let _ = timeout(CANCEL, cancel.cancel_query(tls)).await;
            ends.abort();
        }));
    }
}

/// Makes a connection to a model's server.
pub(super) async fn connect(
    model: &DataModel,
    files: &Files,
    subject: &Subject,
) -> Result<Session, SourceError> {
    let address = Address::of(&model.provider).map_err(|refusal| subject.away(refusal))?;
    let kind = model.provider.provider_type();
    let target = Target::of(&address, kind).map_err(|refusal| subject.away(refusal))?;
    let tls = trust(&target, files.clone()).await.map_err(|refusal| subject.away(refusal))?;
    let connected = target.config.connect(tls.clone()).await;
    let (client, connection) = connected.map_err(|error| error::connecting(subject, &error))?;
    let ends = tokio::spawn(async move {
        // What it says when it ends, the query that runs hears too.
        let _ = connection.await;
    });
    let session = Session {
        client,
        tls,
        runtime: Handle::current(),
        ends: ends.abort_handle(),
        is_clean: true,
        is_used: false,
    };
    let settings = settings(&address.options);
    if session.client.batch_execute(&settings.join(";")).await.is_err() {
        // A server that does not know one of them may know the others.
        for setting in &settings {
            match session.client.batch_execute(setting).await {
                Err(error) if error.as_db_error().is_none() => {
                    return Err(error::connecting(subject, &error));
                }
                _ => {}
            }
        }
    }
    Ok(session)
}

/// The set-up of encryption, which reads files.
async fn trust(target: &Target, files: Files) -> Result<MakeRustlsConnect, Refusal> {
    let (check, roots) = (target.check, target.roots.clone());
    let work = tokio::task::spawn_blocking(move || {
        let Some(named) = roots else { return Ok(tls::config(check, None)?) };
        let place = places::locate(&named, &files)?;
        place.check(&files)?;
        Ok(tls::config(check, Some(&place.path))?)
    });
    let config = work.await.unwrap_or(Err(Refusal::Trust(NoTrust::Versions)))?;
    Ok(MakeRustlsConnect::new(config))
}

/// Where to connect, and how.
struct Target {
    config: Config,
    check: Check,
    /// A file of issuers, as it was written.
    roots: Option<String>,
}

impl Target {
    fn of(address: &Address, kind: ProviderType) -> Result<Self, Refusal> {
        // A path is a socket of this machine, whose accounts the server would be asked for.
        if address.host.starts_with(['/', '@']) {
            return Err(Refusal::Path);
        }
        let user = address.user.as_deref().filter(|user| !user.trim().is_empty());
        let options = &address.options;
        let roots = options.get(&["sslrootcert", "rootcertificate", "sslrootcertificate"]);
        let roots = roots.map(str::to_owned).filter(|roots| !roots.is_empty());
        let trusting = options.get(&["trustservercertificate"]).map(is_yes);
        let mode = options.get(&["sslmode", "ssl", "encryption"]);
        let (ssl, check) = tls::mode_of(mode, trusting, roots.is_some())?;
        let own_port = if kind == ProviderType::AmazonRedshift { 5439 } else { 5432 };
        let mut config = Config::new();
        config
            .host(&address.host)
            .port(address.port.unwrap_or(own_port))
            .user(user.ok_or(Refusal::NoUser)?)
            .application_name(application_name(options))
            .ssl_mode(ssl)
            .connect_timeout(connect_timeout(options))
            .tcp_user_timeout(SILENCE)
            .keepalives_idle(SILENCE);
        if let Some(database) = &address.database {
            config.dbname(database);
        }
        if let Some(password) = &address.password {
            config.password(password.reveal());
        }
        debug_assert!(matches!(config.get_hosts(), [Host::Tcp(_)]));
        debug_assert!(ssl != SslMode::Disable || check == Check::Nothing);
        Ok(Self { config, check, roots })
    }
}

fn is_yes(text: &str) -> bool {
    ["true", "yes", "1", "on"].iter().any(|yes| yes.eq_ignore_ascii_case(text))
}

fn application_name(options: &Options) -> &str {
    options.get(&["applicationname"]).filter(|name| !name.is_empty()).unwrap_or("Pressroom")
}

/// The option is in seconds.
fn connect_timeout(options: &Options) -> Duration {
    let given = options.get(&["timeout", "connecttimeout", "connectiontimeout"]);
    let given = given.and_then(|text| text.parse().ok()).filter(|seconds| *seconds > 0);
    given.map_or(CONNECT, |seconds| Duration::from_secs(seconds).min(CONNECT))
}

fn settings(options: &Options) -> Vec<String> {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let path: Vec<String> = search_path(options).map(quoted).collect();
    let path = (!path.is_empty()).then(|| format!("set search_path = {}", path.join(", ")));
    SETTINGS.iter().map(|setting| (*setting).to_owned()).chain(path).collect()
}

/// The schemas that names without one are looked for in, as the connection says it.
fn search_path(options: &Options) -> impl Iterator<Item = &str> {
    let path = options.get(&["searchpath", "currentschema"]).unwrap_or_default();
    let names = path.split(',').map(|name| name.trim().trim_matches('"'));
    names.filter(|name| !name.is_empty() && !name.contains('\0'))
}

/// The first schema that a model's connection has names without one looked for in, if it says so.
pub(super) fn default_schema(provider: &ProviderModel) -> Option<String> {
    let address = Address::of(provider).ok()?;
    search_path(&address.options).next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use pressroom_domain::{ProviderOptions, Secret};

    use super::*;

    fn address(kind: ProviderType, text: &str) -> Address {
        let connection_string = Some(Secret::new(text));
        let options = ProviderOptions { connection_string, ..ProviderOptions::default() };
        Address::of(&ProviderModel::new(kind, options).unwrap()).unwrap()
    }

    fn target(text: &str) -> Result<Target, Refusal> {
        Target::of(&address(ProviderType::Postgres, text), ProviderType::Postgres)
    }

    #[test]
    fn options_of_many_styles_are_understood() {
        let target = target(
            "Server=db1;User ID=ann;Password=p;Database=sales;SSL Mode=Require;\
             Trust Server Certificate=true;Application Name=Reports;Timeout=3",
        )
        .unwrap();
        let config = &target.config;
        assert_eq!(config.get_ports(), [5432]);
        assert_eq!((config.get_ssl_mode(), target.check), (SslMode::Require, Check::Nothing));
        assert_eq!(config.get_application_name(), Some("Reports"));
        assert_eq!(config.get_connect_timeout(), Some(&Duration::from_secs(3)));
        assert_eq!(config.get_dbname(), Some("sales"));

        let url = address(
            ProviderType::AmazonRedshift,
            "redshift://ann:p@db1/sales?sslmode=verify-full&sslrootcert=our.pem&search_path=a, B",
        );
        let target = Target::of(&url, ProviderType::AmazonRedshift).unwrap();
        assert_eq!(target.config.get_ports(), [5439]);
        assert_eq!(
            (target.check, target.roots.as_deref()),
            (Check::IssuerAndName, Some("our.pem"))
        );
        let last = settings(&url.options).pop().unwrap();
        assert_eq!(last, "set search_path = \"a\", \"B\"");
        let odd = address(ProviderType::Postgres, "Server=a;Search Path='x\"; drop table y'");
        let last = settings(&odd.options).pop().unwrap();
        assert_eq!(last, "set search_path = \"x\"\"; drop table y\"");
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        let refused = |text| target(text).err();
        assert_eq!(refused("Server=/var/run/postgresql;User ID=ann"), Some(Refusal::Path));
        assert_eq!(refused("Server=db1"), Some(Refusal::NoUser));
        let mode = refused("Server=db1;User ID=ann;SSL Mode=perhaps");
        assert_eq!(mode, Some(Refusal::Trust(NoTrust::Mode)));
    }
}
