//! Where the content of a site is kept: the one place that names the stores of this build.

use std::path::Path;
use std::sync::Arc;

use pressroom_application::storage::{Copy, copy};
use pressroom_diesel_store::{OpenError, SealingKey, Survey};
use pressroom_ports::{Clock, StoreContents, Stores, SystemClock};
use tokio::runtime::Runtime;

use crate::config::{SqliteFile, StorageUrl};

#[cfg(not(any(feature = "sqlite", feature = "postgres", feature = "mssql")))]
compile_error!("a server keeps its content in a store: build it with a feature such as \"sqlite\"");

/// An engine that a store may stand on. Each has a feature of this crate that brings its adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// SQLite: a file beside the server.
    Sqlite,
    /// PostgreSQL, and what speaks its protocol.
    Postgres,
    /// SQL Server, and what speaks its protocol.
    Mssql,
}

/// An open store. Clones share it.
#[derive(Clone, Debug)]
pub(crate) enum Store {
    #[cfg(feature = "sqlite")]
    Sqlite(pressroom_diesel_sqlite::Store),
    #[cfg(feature = "postgres")]
    Postgres(pressroom_diesel_postgres::Store),
    #[cfg(feature = "mssql")]
    Mssql(pressroom_diesel_mssql::Store),
}

/// Does the same with whichever store it is.
macro_rules! with {
    ($store:expr, $adapter:ident => $work:expr) => {
        match $store {
            #[cfg(feature = "sqlite")]
            Store::Sqlite($adapter) => $work,
            #[cfg(feature = "postgres")]
            Store::Postgres($adapter) => $work,
            #[cfg(feature = "mssql")]
            Store::Mssql($adapter) => $work,
        }
    };
}

/// Opens a store and brings its tables up to this version; `create` decides whether one is made where
/// there is none. Blocks, and must not be called where futures run.
pub(crate) fn open(url: &StorageUrl, create: bool) -> Result<Store, OpenError> {
    match url {
        #[cfg(feature = "sqlite")]
        StorageUrl::Sqlite(file) => {
            pressroom_diesel_sqlite::Store::open(file.path(), create).map(Store::Sqlite)
        }
        #[cfg(feature = "postgres")]
        StorageUrl::Postgres(url) => {
            pressroom_diesel_postgres::Store::open(url.reveal(), create).map(Store::Postgres)
        }
        #[cfg(feature = "mssql")]
        StorageUrl::Mssql(url) => {
            pressroom_diesel_mssql::Store::open(url.reveal(), create).map(Store::Mssql)
        }
        #[allow(unreachable_patterns, reason = "a build may have every adapter")]
        url => Err(url.engine().missing(url)),
    }
}

/// Looks at a store, without opening it for work. Blocks, and must not be called where futures run.
pub(crate) fn survey(url: &StorageUrl) -> Result<Survey, OpenError> {
    match url {
        #[cfg(feature = "sqlite")]
        StorageUrl::Sqlite(file) => pressroom_diesel_sqlite::Store::survey(file.path()),
        #[cfg(feature = "postgres")]
        StorageUrl::Postgres(url) => pressroom_diesel_postgres::Store::survey(url.reveal()),
        #[cfg(feature = "mssql")]
        StorageUrl::Mssql(url) => pressroom_diesel_mssql::Store::survey(url.reveal()),
        #[allow(unreachable_patterns, reason = "a build may have every adapter")]
        url => Err(url.engine().missing(url)),
    }
}

/// Reads a whole store of a file, and fails where it is damaged. Blocks.
pub(crate) fn verify(file: &SqliteFile) -> Result<(), OpenError> {
    #[cfg(feature = "sqlite")]
    return pressroom_diesel_sqlite::Store::verify(file.path());
    #[cfg(not(feature = "sqlite"))]
    return Err(Engine::Sqlite.missing(&file.clone().into()));
}

impl Store {
    /// Writes the store, as it is at one moment, to a SQLite file that is not there yet. Others write
    /// meanwhile; where the engine cannot keep a moment, all is gone through until nothing changes.
    /// Blocks.
    pub(crate) fn snapshot(
        &self,
        url: &StorageUrl,
        to: &Path,
        runtime: &Runtime,
    ) -> anyhow::Result<()> {
        #[cfg(feature = "sqlite")]
        if let StorageUrl::Sqlite(file) = url {
            return Ok(pressroom_diesel_sqlite::Store::snapshot(file.path(), to)?);
        }
        let target = open(&SqliteFile::from(to.to_owned()).into(), true)?;
        let command = Copy {
            from: self.contents(),
            to: target.contents(),
            servers: target.stores().nodes,
            bytes: None,
            now: SystemClock.now(),
        };
        runtime.block_on(copy(&command, &|_| {}))?;
        Ok(())
    }

    /// The repositories of this store.
    pub(crate) fn stores(&self) -> Stores {
        with!(self.clone(), store => Stores::of(Arc::new(store)))
    }

    /// All rows of this store.
    pub(crate) fn contents(&self) -> Arc<dyn StoreContents> {
        with!(self.clone(), store => Arc::new(store))
    }

    /// Seals what is secret from now on; see the adapters. All clones get the key.
    pub(crate) fn seal_with(&self, key: SealingKey) {
        with!(self.clone(), store => drop(store.sealed_with(key)));
    }
}

impl Engine {
    /// All that are known, built in or not.
    const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mssql];

    /// The engine that the scheme of an address stands for, in small letters.
    pub(crate) fn of_scheme(scheme: &str) -> Option<Self> {
        match scheme {
            "sqlite" | "sqlite3" => Some(Self::Sqlite),
            "postgres" | "postgresql" => Some(Self::Postgres),
            "mssql" | "sqlserver" => Some(Self::Mssql),
            _ => None,
        }
    }

    /// The feature that brings its adapter.
    #[must_use]
    pub fn feature(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mssql => "mssql",
        }
    }

    /// Whether this build has its adapter.
    #[must_use]
    pub fn is_built_in(self) -> bool {
        match self {
            Self::Sqlite => cfg!(feature = "sqlite"),
            Self::Postgres => cfg!(feature = "postgres"),
            Self::Mssql => cfg!(feature = "mssql"),
        }
    }

    /// Why a store on it cannot be opened here.
    fn missing(self, url: &StorageUrl) -> OpenError {
        OpenError::Place {
            place: url.to_string(),
            reason: format!(
                "this build has no adapter for it: it was built without the feature \"{}\", and has {}",
                self.feature(),
                built_in()
            ),
        }
    }
}

/// The engines of this build, as a person reads them.
pub(crate) fn built_in() -> String {
    let built_in = Engine::ALL.into_iter().filter(|engine| engine.is_built_in());
    built_in.map(Engine::feature).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_engine_has_schemes_of_its_own_and_the_name_of_its_feature() {
        for engine in Engine::ALL {
            assert_eq!(Engine::of_scheme(engine.feature()), Some(engine));
        }
        assert_eq!(Engine::of_scheme("postgresql"), Some(Engine::Postgres));
        assert_eq!(Engine::of_scheme("sqlserver"), Some(Engine::Mssql));
        assert_eq!(Engine::of_scheme("mysql"), None);
    }

    #[test]
    fn what_this_build_was_made_without_is_named() {
        let url = StorageUrl::from(SqliteFile::from(std::path::PathBuf::from("/s")));
        let words = Engine::Mssql.missing(&url).to_string();
        assert!(words.contains("without the feature \"mssql\", and has "), "{words}");
    }
}
