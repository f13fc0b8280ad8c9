//! A PostgreSQL for tests, from the programs that are installed.

mod kind;
mod programs;

use std::ops::Deref;
use std::sync::OnceLock;

use self::kind::{MAIN, Programs};
use super::Missing;
use super::local::{Database, Kind, Server, digest, exclusive, new_word};

/// A PostgreSQL server for tests. The default order of texts is a language's and not the bytes'; the
/// server's time zone is an odd one: so that tests see what depends on any of these.
///
/// It can do what every [`Server`] can.
#[derive(Clone, Debug)]
pub struct Postgres {
    programs: Programs,
    server: Server,
}

impl Postgres {
    /// The server that all tests share, also those of other processes. It is started where it does
    /// not run, and ends some seconds after the last process that used it.
    ///
    /// # Errors
    /// [`Missing`] where PostgreSQL is not installed.
    pub fn shared() -> Result<&'static Self, Missing> {
        static SHARED: OnceLock<Result<Postgres, Missing>> = OnceLock::new();
        SHARED.get_or_init(|| Self::new(Server::shared)).as_ref().map_err(Clone::clone)
    }

    /// A server of one test, which may [stop](Server::stop_hard) it. It takes a second or two to make:
    /// whoever needs but a database takes [`shared`](Self::shared).
    ///
    /// # Errors
    /// [`Missing`] where PostgreSQL is not installed.
    pub fn dedicated() -> Result<Self, Missing> {
        Self::new(Server::dedicated)
    }

    fn new(server: impl FnOnce(Programs) -> Server) -> Result<Self, Missing> {
        let programs = Programs(programs::folder()?);
        Ok(Self { server: server(programs.clone()), programs })
    }

    /// Makes a new database that holds what `prepare` puts into the first one of that `template`
    /// name, such as all tables: much faster than doing it each time. The name must differ where what
    /// it does differs: the server may outlive a change of the program. `prepare` is given the URL of
    /// a database, and must leave no connection open.
    #[must_use]
    pub fn database_from(&self, template: &str, prepare: impl FnOnce(&str)) -> Database {
        let template = self.template(template, prepare);
        let name = new_word();
        self.programs.create_from(self.place(), &name, &template);
        self.named(name)
    }

    /// The database that a template's name stands for, made where it is missing or was left half
    /// made.
    fn template(&self, template: &str, prepare: impl FnOnce(&str)) -> String {
        let name = format!("like{}", digest(template));
        let _turn = exclusive(&self.place().folder.join("templates"));
        let whole = format!("SELECT 1 FROM pg_database WHERE datname = '{name}' AND datistemplate");
        if self.sql(MAIN, &whole) != "1" {
            self.programs.drop(self.place(), &name);
            self.programs.create_from(self.place(), &name, "template1");
            prepare(&self.url(&name));
            let _ = self.sql(MAIN, &format!("ALTER DATABASE \"{name}\" IS_TEMPLATE true"));
        }
        name
    }
}

impl Deref for Postgres {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

#[cfg(test)]
mod tests;
