//! Where a store is, as it is written.

use std::str::FromStr;
use std::time::Duration;

use pressroom_diesel_store::OpenError;
use pressroom_diesel_store::remote::without_password;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

use crate::tls::Trust;

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the other side may leave unanswered what was sent to it.
const SILENCE: Duration = Duration::from_secs(15);

/// Where a store is, and whom to trust there.
#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) config: Config,
    pub(crate) trust: Trust,
    /// For messages: without the password.
    pub(crate) place: String,
}

impl Address {
    /// Reads `postgres://user:password@host:port/database?sslmode=…&sslrootcert=…`, with whatever
    /// else the driver knows as parameters.
    pub(crate) fn parse(url: &str) -> Result<Self, OpenError> {
        let place = without_password(url);
        let refused = |reason: String| OpenError::Place { place: place.clone(), reason };
        let (before, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut roots, mut rest) =
            (None, None, form_urlencoded::Serializer::new(String::new()));
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "sslmode" => mode = Some(value.into_owned()),
                "sslrootcert" => roots = Some(value.into_owned()),
                _ => {
                    rest.append_pair(&name, &value);
                }
            }
        }
        let rest = rest.finish();
        let driver = if rest.is_empty() { before.to_owned() } else { format!("{before}?{rest}") };
        // The driver's words may repeat what it was given.
        let mut config = Config::from_str(&driver).map_err(|_| {
            refused("it looks like postgres://user:password@host:5432/database".to_owned())
        })?;
        if config.get_dbname().is_none() {
            return Err(refused("it names no database; add /name to its end".to_owned()));
        }
        let (ssl, trust) = Trust::of(mode.as_deref(), roots.as_deref()).map_err(refused)?;
        config.ssl_mode(ssl);
        config.application_name(config.get_application_name().unwrap_or("pressroom").to_owned());
        config.connect_timeout(*config.get_connect_timeout().unwrap_or(&CONNECT_TIMEOUT));
        config.tcp_user_timeout(*config.get_tcp_user_timeout().unwrap_or(&SILENCE));
        config.keepalives_idle(SILENCE);
        Ok(Self { config, trust, place })
    }

    /// Whether connections are never encrypted.
    pub(crate) fn is_plain(&self) -> bool {
        self.config.get_ssl_mode() == SslMode::Disable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        let address = Address::parse(
            "postgres://ann:s%40cret@db.example.com:6432/press?sslmode=disable&target_session_attrs=read-write",
        )
        .unwrap();
        assert_eq!(address.place, "postgres://ann@db.example.com:6432/press");
        assert!(address.is_plain());
        assert_eq!(address.config.get_password(), Some("s@cret".as_bytes()));
        assert_eq!(address.config.get_dbname(), Some("press"));
        assert_eq!(address.config.get_application_name(), Some("pressroom"));
    }

    #[test]
    fn what_cannot_be_used_is_refused_without_its_password() {
        let check = |url: &str, expect: &str| {
            let error = Address::parse(url).err().unwrap().to_string();
            assert!(error.contains(expect), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        };
        check("postgres://ann:hunter2@db/press?sslmode=perhaps", "sslmode");
        check("postgres://ann:hunter2@db", "names no database");
        check("postgres://ann:hunter2@db:port/press", "looks like postgres://");
        check("postgres://ann:hunter2@db/press?colour=hunter2", "looks like postgres://");
        check("postgres://ann:hun@ter2@db:x/press", "postgres://ann@db:x/press");
        check(
            "postgres://ann:hunter2@db/press?sslmode=verify-full&sslrootcert=/nowhere",
            "/nowhere",
        );
    }
}
