//! Where a store is: the address of a database.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use figment::value::Value;

use super::place::{PlaceError, SqliteFile, scheme_of};
use super::value::Setting;
use crate::storage::Engine;

/// Where a store is. What is shown of it, by `{}` and by `{:?}`, never holds a password.
#[derive(Clone, PartialEq, Eq)]
pub enum StorageUrl {
    /// A file: `sqlite:///absolute/path`.
    Sqlite(SqliteFile),
    /// A database of a server: `postgres://user:password@host:5432/database`.
    Postgres(ServerUrl),
    /// A database of a server: `mssql://user:password@host:1433/database`.
    Mssql(ServerUrl),
}

/// The address of a database of a server, which may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerUrl {
    text: String,
    shown: String,
}

/// What addresses look like.
const EXAMPLES: &str = "sqlite:///absolute/path, postgres://user:password@host:5432/database or \
                        mssql://user:password@host:1433/database";

impl StorageUrl {
    /// The engine that the store stands on.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
            Self::Mssql(_) => Engine::Mssql,
        }
    }

    /// The store's file, where it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(file) => Some(file.path()),
            Self::Postgres(_) | Self::Mssql(_) => None,
        }
    }
}

impl ServerUrl {
    /// The whole address. It holds a password: for the adapter, and nobody else.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

impl From<SqliteFile> for StorageUrl {
    fn from(file: SqliteFile) -> Self {
        Self::Sqlite(file)
    }
}

impl FromStr for StorageUrl {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        let text = text.trim();
        let known = scheme_of(text).and_then(|scheme| Some((Engine::of_scheme(&scheme)?, scheme)));
        let Some((engine, scheme)) = known else {
            return Err(match scheme_of(text) {
                Some(scheme) => PlaceError::NoAdapter { scheme, instead: EXAMPLES },
                // It may be a connection string of another kind, with a password in it.
                None if text.contains(['@', '=', ';']) => {
                    PlaceError::Hidden { wrong: "it is no address", example: EXAMPLES }
                }
                None => PlaceError::Shape { text: text.to_owned(), example: EXAMPLES },
            });
        };
        if !engine.is_built_in() {
            return Err(PlaceError::NotBuiltIn { scheme, engine });
        }
        match engine {
            Engine::Sqlite => text.parse().map(Self::Sqlite),
            Engine::Postgres => ServerUrl::new(text, &scheme).map(Self::Postgres),
            Engine::Mssql => ServerUrl::new(text, &scheme).map(Self::Mssql),
        }
    }
}

impl ServerUrl {
    fn new(text: &str, scheme: &str) -> Result<Self, PlaceError> {
        let wrong = |wrong| PlaceError::Hidden { wrong, example: EXAMPLES };
        let rest = text.get(scheme.len()..).and_then(|rest| rest.strip_prefix("://"));
        let rest = rest.ok_or_else(|| wrong("it has no // after the colon"))?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at(end);
        // Where a password holds one of these as it is, nobody can tell where the password ends.
        if tail.contains(['@', '#']) || authority.matches('@').count() > 1 {
            return Err(wrong(
                "in a password, write @ as %40, / as %2F, ? as %3F, # as %23 and % as %25",
            ));
        }
        let (account, host) = match authority.split_once('@') {
            Some((account, host)) => (Some(account), host),
            None => (None, authority),
        };
        if host.is_empty() {
            return Err(wrong("it names no host"));
        }
        if text.contains(|character: char| character.is_control()) {
            return Err(wrong("it holds a control character"));
        }
        let user = account.and_then(|account| account.split(':').next());
        let user = user.map_or_else(String::new, |user| format!("{user}@"));
        let path = tail.split('?').next().unwrap_or_default();
        Ok(Self { text: text.to_owned(), shown: format!("{scheme}://{user}{host}{path}") })
    }
}

impl fmt::Display for StorageUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => file.path().display().fmt(f),
            Self::Postgres(url) | Self::Mssql(url) => f.write_str(&url.shown),
        }
    }
}

impl fmt::Debug for StorageUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StorageUrl({self})")
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerUrl({})", self.shown)
    }
}

impl Setting for StorageUrl {
    fn read(value: &Value) -> Result<Self, String> {
        let text = String::read(value)?;
        text.parse().map_err(|error: PlaceError| format!("the address of a store: {error}"))
    }

    fn show(&self) -> Option<String> {
        Some(match self {
            Self::Sqlite(file) => format!("{:?}", format!("sqlite://{}", file.path().display())),
            Self::Postgres(url) | Self::Mssql(url) => format!("{:?}", url.shown),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "hunter2";

    fn server(text: &str) -> Result<ServerUrl, PlaceError> {
        ServerUrl::new(text, &scheme_of(text).unwrap())
    }

    #[test]
    fn what_is_shown_of_an_address_holds_no_password() {
        for (text, shown) in [
            ("postgres://ann:hunter2@db/site", "postgres://ann@db/site"),
            ("PostgreSQL://ann:hunter2@db:5432/site", "postgresql://ann@db:5432/site"),
            ("postgres://db/site?user=ann&password=hunter2", "postgres://db/site"),
            (
                "postgres://ann:%40hunter2%2F@[::1]:5432/site?sslmode=disable",
                "postgres://ann@[::1]:5432/site",
            ),
            ("mssql://sa:hunter2@one,two", "mssql://sa@one,two"),
            ("postgres://:hunter2@db", "postgres://@db"),
        ] {
            let url = server(text).unwrap();
            assert_eq!(url.shown, shown);
            assert_eq!(url.reveal(), text);
            for url in [StorageUrl::Postgres(url.clone()), StorageUrl::Mssql(url)] {
                assert_eq!(url.to_string(), shown);
                let all = format!("{url:?} {url} {:?}", url.show());
                assert!(!all.contains(SECRET), "{all}");
            }
        }
    }

    #[test]
    fn where_a_password_ends_must_be_plain() {
        for text in [
            "postgres://ann:hunter2@x@db/site",
            "postgres://ann:hunter2/x@db/site",
            "postgres://ann:hunter2?x@db/site",
            "postgres://ann:hunter2#x@db/site",
            "postgres://ann:hunter2@",
            "postgres:ann:hunter2@db",
            "postgres://ann:hunter2@db/si\nte",
        ] {
            let error = server(text).unwrap_err().to_string();
            assert!(!error.contains(SECRET), "{error}");
            assert!(error.contains("; give one such as sqlite:///absolute/path, "), "{error}");
        }
    }

    #[test]
    fn what_is_no_address_of_a_store_is_told_without_its_secrets() {
        let check = |text: &str, words: &str| {
            let error = text.parse::<StorageUrl>().unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
            assert!(!error.contains(SECRET), "{error}");
        };
        check("mysql://me:hunter2@db/site", "no adapter for mysql");
        check("Server=db;Password=hunter2", "it is no address");
        check("://me:hunter2@db", "it is no address");
        check("/srv/store.db", "\"/srv/store.db\" is no address");
        check("", "\"\" is no address");
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn a_file_is_shown_by_its_path() {
        let url: StorageUrl = " sqlite:///srv/my%20store.db ".parse().unwrap();
        assert_eq!((url.to_string(), url.engine()), ("/srv/my store.db".into(), Engine::Sqlite));
        assert_eq!(url.show().unwrap(), "\"sqlite:///srv/my store.db\"");
    }
}
