//! The URL that names a database.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use diesel::result::{ConnectionError, ConnectionResult};
use percent_encoding::percent_decode_str;
use tiberius::{AuthMethod, Config, EncryptionLevel};

const SCHEMES: [&str; 3] = ["mssql://", "sqlserver://", "tds://"];
const PORT: u16 = 1433;

/// What a URL says.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Options {
    user: String,
    password: String,
    pub(super) host: String,
    pub(super) port: u16,
    database: Option<String>,
    application_name: String,
    packet_size: Option<u32>,
    xact_abort: bool,
    pub(super) encrypt: bool,
    pub(super) trust_server_certificate: bool,
    pub(super) certificate_authority: Option<PathBuf>,
    pub(super) hostname_in_certificate: Option<String>,
    pub(super) connect_timeout: Duration,
    /// `None` waits for ever.
    pub(super) timeout: Option<Duration>,
}

impl Options {
    pub(super) fn parse(url: &str) -> ConnectionResult<Self> {
        let rest =
            SCHEMES.iter().find_map(|scheme| without_prefix(url, scheme)).ok_or_else(|| {
                invalid(
                    "it has to begin with `mssql://`, as in `mssql://user:password@host/database`",
                )
            })?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
        let (who, place) = authority
            .rsplit_once('@')
            .ok_or_else(|| invalid("it names no user: `mssql://user:password@host/database`"))?;
        let (user, password) = who.split_once(':').unwrap_or((who, ""));
        let (host, port) = host_and_port(place)?;
        let mut options = Self {
            user: decoded(user, "user")?,
            password: decoded(password, "password")?,
            encrypt: !is_this_machine(&host),
            host,
            port,
            database: Some(decoded(database, "database")?).filter(|name| !name.is_empty()),
            application_name: "diesel-tds".to_owned(),
            packet_size: None,
            xact_abort: true,
            trust_server_certificate: false,
            certificate_authority: None,
            hostname_in_certificate: None,
            connect_timeout: Duration::from_secs(15),
            timeout: Some(Duration::from_secs(120)),
        };
        for option in query.split('&').filter(|option| !option.is_empty()) {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            options.set(name, &decoded(value, name)?)?;
        }
        Ok(options)
    }

    /// Takes one option. The names of other drivers, which write `trustServerCertificate`, serve too.
    fn set(&mut self, name: &str, value: &str) -> ConnectionResult<()> {
        match name.replace(['_', '-'], "").to_ascii_lowercase().as_str() {
            "encrypt" => self.encrypt = yes_or_no(name, value)?,
            "trustservercertificate" => self.trust_server_certificate = yes_or_no(name, value)?,
            "certificateauthority" => self.certificate_authority = Some(value.into()),
            "hostnameincertificate" => self.hostname_in_certificate = Some(value.to_owned()),
            "connecttimeout" => {
                self.connect_timeout = seconds(name, value)?
                    .ok_or_else(|| invalid(&format!("`{name}` has to be at least one second")))?;
            }
            "timeout" => self.timeout = seconds(name, value)?,
            "applicationname" => value.clone_into(&mut self.application_name),
            "packetsize" => {
                let size = value.parse().ok().filter(|size| (512..=32767).contains(size));
                self.packet_size = Some(size.ok_or_else(|| {
                    invalid(&format!("`{name}` has to be a number from 512 to 32767"))
                })?);
            }
            "xactabort" => self.xact_abort = yes_or_no(name, value)?,
            _ => {
                return Err(invalid(&format!(
                    "there is no option `{name}`; there are encrypt, trust_server_certificate, \
                     certificate_authority, hostname_in_certificate, connect_timeout, timeout, \
                     application_name, packet_size and xact_abort"
                )));
            }
        }
        Ok(())
    }

    /// For the driver, whose TLS and whose clocks are not used: the socket has its own.
    pub(super) fn config(&self) -> Config {
        let mut config = Config::new();
        config.host(&self.host);
        config.port(self.port);
        config.authentication(AuthMethod::sql_server(&self.user, &self.password));
        config.application_name(&self.application_name);
        if let Some(database) = &self.database {
            config.database(database);
        }
        if let Some(size) = self.packet_size {
            config.packet_size(size);
        }
        config.encryption(EncryptionLevel::NotSupported);
        config.handshake_timeout(None);
        config.command_timeout(None);
        config
    }

    /// What a session begins with.
    pub(super) fn settings(&self) -> &'static str {
        if self.xact_abort { "SET XACT_ABORT ON" } else { "SET XACT_ABORT OFF" }
    }

    /// The server could be reached, but not signed in to.
    pub(super) fn sign_in_failed(&self, error: &tiberius::error::Error) -> ConnectionError {
        let reason = match error {
            tiberius::error::Error::Server(said) => said.message().to_owned(),
            tiberius::error::Error::Io { message, .. } => message.clone(),
            other => other.to_string(),
        };
        self.unreachable(&reason)
    }

    pub(super) fn unreachable(&self, reason: &str) -> ConnectionError {
        let Self { host, port, .. } = self;
        ConnectionError::BadConnection(format!(
            "no connection to the database server at {host}:{port}: {reason}"
        ))
    }
}

/// The URL as it can be shown.
pub(super) fn without_password(url: &str) -> String {
    let begin = url.find("://").map_or(0, |at| at + 3);
    let end = url[begin..].find(['?', '/']).map_or(url.len(), |at| begin + at);
    // A password that was not encoded may hold any of the marks: the last `@` ends it.
    let Some(at) = url[begin..end].rfind('@').or_else(|| url[begin..].rfind('@')) else {
        return url.to_owned();
    };
    let (who, rest) = (&url[begin..begin + at], &url[begin + at..]);
    match who.split_once(':') {
        Some((user, _)) => format!("{}{user}:***{rest}", &url[..begin]),
        None => url.to_owned(),
    }
}

fn without_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let start = text.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

fn host_and_port(place: &str) -> ConnectionResult<(String, u16)> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) =
                rest.split_once(']').ok_or_else(|| invalid("its `[` has no `]` after it"))?;
            (host, rest.strip_prefix(':'))
        }
        None => match place.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        },
    };
    if host.is_empty() {
        return Err(invalid("it names no host: `mssql://user:password@host/database`"));
    }
    let port = match port {
        None => PORT,
        Some(port) => port.parse().map_err(|_| invalid("its port is no number up to 65535"))?,
    };
    Ok((decoded(host, "host")?, port))
}

/// What is sent to this machine passes no network.
fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn decoded(text: &str, what: &str) -> ConnectionResult<String> {
    let text = percent_decode_str(text).decode_utf8();
    text.map(std::borrow::Cow::into_owned)
        .map_err(|_| invalid(&format!("its {what} is not valid text once decoded")))
}

fn yes_or_no(name: &str, value: &str) -> ConnectionResult<bool> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err(invalid(&format!("`{name}` has to be `true` or `false`"))),
    }
}

/// `None` for nought.
fn seconds(name: &str, value: &str) -> ConnectionResult<Option<Duration>> {
    let seconds: u32 = value
        .parse()
        .map_err(|_| invalid(&format!("`{name}` has to be a whole number of seconds")))?;
    Ok((seconds > 0).then(|| Duration::from_secs(seconds.into())))
}

/// Never with the URL, which holds a password.
fn invalid(reason: &str) -> ConnectionError {
    ConnectionError::InvalidConnectionUrl(format!("the database URL cannot be used: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_all_that_is_needed() {
        let options = Options::parse(
            "mssql://ann:p%40ss%2Fw%3Ard@db.example.com:1444/my%20shop?trustServerCertificate=true\
             &application_name=a%26b&timeout=0&connect_timeout=3&packet_size=4096&xact_abort=off",
        )
        .unwrap();
        assert_eq!(options.user, "ann");
        assert_eq!(options.password, "p@ss/w:rd");
        assert_eq!((options.host.as_str(), options.port), ("db.example.com", 1444));
        assert_eq!(options.database.as_deref(), Some("my shop"));
        assert_eq!(options.application_name, "a&b");
        assert_eq!(options.timeout, None);
        assert_eq!(options.connect_timeout, Duration::from_secs(3));
        assert_eq!(options.packet_size, Some(4096));
        assert!(options.encrypt && options.trust_server_certificate && !options.xact_abort);
    }

    #[test]
    fn what_is_not_named_has_a_default() {
        let options = Options::parse("sqlserver://sa:x@db").unwrap();
        assert_eq!((options.port, options.database.clone()), (1433, None));
        assert!(options.encrypt && !options.trust_server_certificate && options.xact_abort);
        for here in ["localhost", "127.0.0.1", "[::1]", "LOCALHOST:1433", "127.3.2.1:5"] {
            let options = Options::parse(&format!("mssql://sa:x@{here}/db")).unwrap();
            assert!(!options.encrypt, "{here}");
        }
        assert!(Options::parse("mssql://sa:x@127.0.0.1/db?encrypt=true").unwrap().encrypt);
    }

    #[test]
    fn a_password_that_was_not_encoded_is_taken_as_it_is() {
        let options = Options::parse("mssql://sa:p@ss!:x@db:1433/x").unwrap();
        assert_eq!((options.password.as_str(), options.host.as_str()), ("p@ss!:x", "db"));
    }

    #[test]
    fn what_cannot_be_used_is_told_without_the_password() {
        for (url, said) in [
            ("postgres://u:secret@h/d", "begin with `mssql://`"),
            ("mssql://h/d", "names no user"),
            ("mssql://u:secret@/d", "names no host"),
            ("mssql://u:secret@h:x/d", "port"),
            ("mssql://u:secret@h:70000/d", "port"),
            ("mssql://u:secret@[::1/d", "no `]`"),
            ("mssql://u:secret%ff@h/d", "password is not valid text"),
            ("mssql://u:secret@h/d?encrypt=perhaps", "`encrypt` has to be"),
            ("mssql://u:secret@h/d?timeout=-1", "`timeout` has to be"),
            ("mssql://u:secret@h/d?connect_timeout=0", "at least one second"),
            ("mssql://u:secret@h/d?packet_size=1", "512 to 32767"),
            ("mssql://u:secret@h/d?colour=blue", "no option `colour`"),
            ("", "begin with"),
            ("é", "begin with"),
        ] {
            let error = Options::parse(url).err().map(|error| error.to_string());
            let error = error.unwrap_or_else(|| panic!("{url} was taken"));
            assert!(error.contains(said), "{url}: {error}");
            assert!(!error.contains("secret"), "{url}: {error}");
        }
    }

    #[test]
    fn a_url_can_be_shown() {
        for (url, shown) in [
            ("mssql://u:secret@h:1/d?x=y", "mssql://u:***@h:1/d?x=y"),
            ("mssql://u:se/cret@h/d", "mssql://u:***@h/d"),
            ("mssql://u@h/d", "mssql://u@h/d"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
