//! Where a server is, and how to get in, however it was written down.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use pressroom_domain::{Authentication, ConnectionString, ProviderModel, Secret};

/// Where a server is, and how to get in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) host: String,
    /// A named instance of a SQL Server, which has a port of its own.
    pub(crate) instance: Option<String>,
    pub(crate) port: Option<u16>,
    pub(crate) database: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<Secret>,
    /// Whatever else is said, by squeezed key.
    pub(crate) options: Options,
}

/// What else a connection string says, by squeezed key. Never printed: it may hold a secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Options(BTreeMap<String, String>);

/// Why a server cannot be looked for, in words that follow the model's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoAddress {
    #[error(
        "its connection names no server; give serverName, or Server=… in the connection string"
    )]
    NoServer,
    #[error("\"{0}\" is no port; give a number between 1 and 65535")]
    Port(String),
    #[error(
        "its connection string says XpoProvider={0}, which is another kind of database than its \
         providerType; change one of them"
    )]
    OtherKind(String),
    #[error(
        "it is to sign in as a Windows account, which a server on Linux has not; give it the user name \
         and password of an account of the database"
    )]
    Windows,
    #[error(
        "its address cannot be read; write it like postgres://user:password@host:5432/database"
    )]
    Url,
}

const HOST: &[&str] = &[
    "server",
    "host",
    "datasource",
    "address",
    "addr",
    "networkaddress",
    "servername",
    "hostname",
];
const PORT: &[&str] = &["port"];
const DATABASE: &[&str] = &["database", "initialcatalog", "dbname", "db", "schema"];
const USER: &[&str] = &["userid", "uid", "user", "username", "login"];
const PASSWORD: &[&str] = &["password", "pwd", "userpassword"];
const WINDOWS: &[&str] = &["integratedsecurity", "trustedconnection"];

impl Address {
    /// The address of a model's server: its fields, over what its connection string says.
    pub(crate) fn of(provider: &ProviderModel) -> Result<Self, NoAddress> {
        let given = provider.options();
        let text =
            |secret: &Option<Secret>| secret.as_ref().map_or("", Secret::reveal).trim().to_owned();
        let connection = text(&given.connection_string);
        let mut address = if connection.contains("://") && !connection.contains(';') {
            Self::of_url(&connection)?
        } else {
            Self::of_pairs(&ConnectionString::parse(&connection), provider)?
        };
        let more = ConnectionString::parse(&text(&given.additional_parameters));
        let more = more.pairs().map(|(key, value)| (key.to_owned(), value.to_owned()));
        address.options.0.extend(more);
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        if let Some(server) = filled(&given.server_name) {
            address.set_server(&server)?;
        }
        address.port = given.port.or(address.port);
        address.database = filled(&given.database).or(address.database);
        address.user = filled(&given.user_name).or(address.user);
        address.password = given.password.clone().or(address.password);
        if address.host.is_empty() {
            return Err(NoAddress::NoServer);
        }
        let yes = |value: &str| matches!(&*value.to_lowercase(), "true" | "yes" | "sspi");
        let by_windows = given.authentication == Some(Authentication::Windows)
            || address.options.get(WINDOWS).is_some_and(yes);
        if by_windows && address.user.is_none() {
            return Err(NoAddress::Windows);
        }
        Ok(address)
    }

    fn of_pairs(parsed: &ConnectionString, provider: &ProviderModel) -> Result<Self, NoAddress> {
        let own = parsed.provider();
        if let (Some(kind), Some(name)) = (own, parsed.get(&["xpoprovider"]))
            && kind != provider.provider_type()
        {
            return Err(NoAddress::OtherKind(name.to_owned()));
        }
        let owned = |keys: &[&str]| parsed.get(keys).map(str::to_owned);
        let mut address = Self {
            database: owned(DATABASE),
            user: owned(USER),
            password: parsed.get(PASSWORD).map(Secret::new),
            ..Self::default()
        };
        let known = [HOST, PORT, DATABASE, USER, PASSWORD, &["xpoprovider"]].concat();
        let rest = parsed.pairs().filter(|(key, _)| !known.contains(key));
        address.options.0 = rest.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        if let Some(server) = parsed.get(HOST) {
            address.set_server(server)?;
        }
        if let Some(port) = parsed.get(PORT) {
            address.port = Some(port_of(port)?);
        }
        Ok(address)
    }

    /// `scheme://user:password@host:port/database?key=value`
    fn of_url(url: &str) -> Result<Self, NoAddress> {
        let decoded =
            |text: &str| percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned);
        let decoded = |text: &str| decoded(text).map_err(|_| NoAddress::Url);
        let (_, rest) = url.split_once("://").ok_or(NoAddress::Url)?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (account, server) = match authority.rsplit_once('@') {
            Some((account, server)) => (account, server),
            None => ("", authority),
        };
        let (user, password) = match account.split_once(':') {
            Some((user, password)) => (user, Some(Secret::new(decoded(password)?))),
            None => (account, None),
        };
        let filled = |text: String| (!text.is_empty()).then_some(text);
        let mut address = Self {
            database: filled(decoded(path)?),
            user: filled(decoded(user)?),
            password,
            ..Self::default()
        };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let pair = format!("{}={}", decoded(key)?, decoded(value)?);
            let pair = ConnectionString::parse(&pair);
            let pair = pair.pairs().map(|(key, value)| (key.to_owned(), value.to_owned()));
            address.options.0.extend(pair);
        }
        address.set_server(&decoded(server)?)?;
        Ok(address)
    }

    /// `host`, `host:port`, `host,port`, `host\instance`, `tcp:host`, `[::1]:port`, `(local)`, `.`
    fn set_server(&mut self, server: &str) -> Result<(), NoAddress> {
        let server = server.trim();
        let server =
            ["tcp:", "TCP:"].iter().find_map(|it| server.strip_prefix(it)).unwrap_or(server);
        let (server, port) = match server.rsplit_once(',') {
            Some((host, port)) => (host.trim(), Some(port)),
            None => (server, None),
        };
        let (host, port) = match (server.strip_prefix('['), port) {
            (Some(inner), port) => {
                let (host, rest) = inner.split_once(']').ok_or(NoAddress::Url)?;
                (host, rest.strip_prefix(':').or(port))
            }
            // Two colons make an address of the sixth version, one a port.
            (None, None) if server.matches(':').count() == 1 => match server.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (server, None),
            },
            (None, port) => (server, port),
        };
        let (host, instance) = match host.split_once('\\') {
            Some((host, instance)) => (host, Some(instance.to_owned())),
            None => (host, None),
        };
        let local = ["(local)", ".", "(localdb)"].iter().any(|it| it.eq_ignore_ascii_case(host));
        self.host = if local { "localhost".to_owned() } else { host.to_owned() };
        self.instance = instance;
        if let Some(port) = port {
            self.port = Some(port_of(port)?);
        }
        Ok(())
    }
}

impl Options {
    /// The value of the first of some squeezed keys that is there.
    pub(crate) fn get(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.0.get(*key).map(String::as_str))
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

fn port_of(text: &str) -> Result<u16, NoAddress> {
    match text.trim().parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(NoAddress::Port(text.trim().to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use pressroom_domain::{ProviderOptions, ProviderType};

    use super::*;

    fn of(kind: ProviderType, text: &str) -> Result<Address, NoAddress> {
        let connection_string = Some(Secret::new(text));
        let options = ProviderOptions { connection_string, ..ProviderOptions::default() };
        Address::of(&ProviderModel::new(kind, options).unwrap())
    }

    #[track_caller]
    fn check(text: &str, host: &str, port: Option<u16>, rest: (&str, &str, &str)) {
        let address = of(ProviderType::Postgres, text).unwrap();
        assert_eq!((&*address.host, address.port), (host, port), "{text}");
        let password = address.password.as_ref().map_or("", Secret::reveal);
        let found = (address.database.as_deref(), address.user.as_deref(), password);
        assert_eq!(found, (Some(rest.0), Some(rest.1), rest.2), "{text}");
    }

    #[test]
    fn connection_strings_of_many_styles() {
        let rest = ("sales", "ann", "s;e=c");
        check(
            "XpoProvider=Postgres;Server=db1;User ID=ann;Password='s;e=c';Database=sales",
            "db1",
            None,
            rest,
        );
        check(
            "Host=db1;Port=5433;Username=ann;PWD=\"s;e=c\";dbname=sales",
            "db1",
            Some(5433),
            rest,
        );
        check(
            "Data Source=tcp:db1,1433;Initial Catalog=sales;UID=ann;Pwd='s;e=c'",
            "db1",
            Some(1433),
            rest,
        );
        check("postgres://ann:s%3Be=c@db1:5433/sales?sslmode=require", "db1", Some(5433), rest);
        check("server=[::1]:99;user=ann;password='s;e=c';database=sales", "::1", Some(99), rest);
        check("server=::1;user=ann;password='s;e=c';database=sales", "::1", None, rest);
        check("server=(local);user=ann;password='s;e=c';database=sales", "localhost", None, rest);
        let address = of(ProviderType::MsSqlServer, "Server=.\\EXPRESS;User ID=a").unwrap();
        assert_eq!((&*address.host, address.instance.as_deref()), ("localhost", Some("EXPRESS")));
        let address = of(ProviderType::Postgres, "postgres://a@h/d?ssl-mode=require").unwrap();
        assert_eq!(address.options.get(&["sslmode"]), Some("require"));
    }

    #[test]
    fn fields_count_before_the_connection_string() {
        let options = ProviderOptions {
            server_name: Some("db2".into()),
            port: Some(7),
            database: Some("stock".into()),
            user_name: Some("bob".into()),
            password: Some(Secret::new("other")),
            connection_string: Some(Secret::new("Server=db1,5;Database=d;User ID=a;Password=p")),
            additional_parameters: Some(Secret::new("Ssl Mode=Require")),
            ..ProviderOptions::default()
        };
        let model = ProviderModel::new(ProviderType::MySql, options).unwrap();
        let address = Address::of(&model).unwrap();
        assert_eq!((&*address.host, address.port), ("db2", Some(7)));
        assert_eq!(address.database.as_deref(), Some("stock"));
        assert_eq!(address.user.as_deref(), Some("bob"));
        assert_eq!(address.password, Some(Secret::new("other")));
        assert_eq!(address.options.get(&["sslmode"]), Some("Require"));
        assert!(!format!("{address:?}").contains("other"));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let check = |text: &str, expect: NoAddress| {
            assert_eq!(of(ProviderType::Postgres, text), Err(expect), "{text}");
        };
        check("Database=sales", NoAddress::NoServer);
        check("Server=a;Port=0", NoAddress::Port("0".into()));
        check("Server=a:b", NoAddress::Port("b".into()));
        check("XpoProvider=MySql;Server=a", NoAddress::OtherKind("MySql".into()));
        check("Server=a;Integrated Security=SSPI", NoAddress::Windows);
        check("postgres://a%ff@b/c", NoAddress::Url);
    }
}
