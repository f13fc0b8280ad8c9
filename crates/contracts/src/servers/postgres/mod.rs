//! A PostgreSQL for tests, from the programs that are installed.

mod disk;
mod held;
mod kind;
mod programs;

use std::fs::Permissions;
use std::ops::Deref;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::OnceLock;

pub use self::held::Held;
use self::kind::{MAIN, Programs, SMALL, Whose};
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
        SHARED
            .get_or_init(|| Self::new(Whose::Everybodys, Server::shared))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// A server of one test, which may [stop](Server::stop_hard) it. It takes a second or two to make:
    /// whoever needs but a database takes [`shared`](Self::shared). It speaks German, where its package
    /// has that.
    ///
    /// # Errors
    /// [`Missing`] where PostgreSQL is not installed.
    pub fn dedicated() -> Result<Self, Missing> {
        Self::new(Whose::OneTests, Server::dedicated)
    }

    /// The same, whose databases, and nothing else, lie on a small disk, which the test may
    /// [fill](Self::fill_disk). The disk is made of memory, and gone with the process of the server: it
    /// cannot be stopped and started.
    ///
    /// # Errors
    /// [`Missing`] where PostgreSQL is not installed, and where no disk can be mounted.
    pub fn on_a_small_disk() -> Result<Self, Missing> {
        disk::can_be_had()?;
        let made = Self::new(Whose::OneTestsWithDisk, Server::dedicated)?;
        let space = made.disk().join("space");
        made.programs.shell(made.place(), &format!("mkdir {}", space.display()));
        let _ =
            made.sql(MAIN, &format!("CREATE TABLESPACE {SMALL} LOCATION '{}';", space.display()));
        Ok(made)
    }

    fn new(whose: Whose, server: impl FnOnce(Programs) -> Server) -> Result<Self, Missing> {
        let programs = Programs { folder: programs::folder()?, whose };
        Ok(Self { server: server(programs.clone()), programs })
    }

    /// Starts it again with a certificate and its key, both as PEM, in place of any that it had: clients
    /// may encrypt what they say from then on, and have to where it takes `only` those. For a
    /// [dedicated](Self::dedicated) one.
    ///
    /// # Panics
    /// Where it does not start with them.
    pub fn encrypt(&self, certificate: &str, key: &str, only: bool) {
        self.stop_hard();
        let place = self.place();
        let certificate = place.write("certificate", certificate);
        let key = place.write("key", key);
        // It takes no key that others may read.
        std::fs::set_permissions(&key, Permissions::from_mode(0o600)).expect("a file of ours");
        let (certificate, key) = (certificate.display(), key.display());
        let settings =
            format!("ssl = on\nssl_cert_file = '{certificate}'\nssl_key_file = '{key}'\n");
        Programs::set(place, &settings);
        let host = if only { "hostssl" } else { "host" };
        let rules = format!("local all all trust\n{host} all all 127.0.0.1/32 password\n");
        std::fs::write(place.data().join("pg_hba.conf"), rules).expect("initdb made rules");
        self.start();
    }

    fn disk(&self) -> PathBuf {
        assert!(self.programs.has_disk(), "others use this disk too");
        self.place().folder.join("disk")
    }

    fn filler(&self) -> String {
        self.disk().join("filler").display().to_string()
    }

    /// Leaves no room for databases. For one [on a small disk](Self::on_a_small_disk).
    pub fn fill_disk(&self) {
        // It ends with the disk.
        let fill = format!("cat /dev/zero > {} 2> /dev/null; true", self.filler());
        self.programs.shell(self.place(), &fill);
    }

    /// Gives room again.
    pub fn free_disk(&self) {
        self.programs.shell(self.place(), &format!("rm {}", self.filler()));
    }

    /// Runs SQL in a transaction that holds its locks until what is returned is dropped.
    #[must_use = "the transaction ends with it"]
    pub fn hold(&self, database: &Database, sql: &str) -> Held {
        Held::new(self.programs.client(self.place(), &database.name), sql)
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
