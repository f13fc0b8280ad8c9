//! A MariaDB for tests, from the programs that are installed.

mod kind;

use std::ops::Deref;
use std::sync::OnceLock;

use self::kind::Programs;
use super::Missing;
use super::local::Server;

/// A MariaDB server for tests. Texts are `utf8mb4` and compared without regard to case, as is usual;
/// values of a gigabyte fit; the server's time zone is an odd one.
///
/// It can do what every [`Server`] can. The client shows a tab in a value as `\t`.
#[derive(Clone, Debug)]
pub struct MariaDb(Server);

impl MariaDb {
    /// The server that all tests share, also those of other processes. It is started where it does
    /// not run, and ends some seconds after the last process that used it.
    ///
    /// # Errors
    /// [`Missing`] where MariaDB is not installed.
    pub fn shared() -> Result<&'static Self, Missing> {
        static SHARED: OnceLock<Result<MariaDb, Missing>> = OnceLock::new();
        let server = SHARED.get_or_init(|| Ok(Self(Server::shared(Programs::find()?))));
        server.as_ref().map_err(Clone::clone)
    }

    /// A server of one test, which may [stop](Server::stop_hard) it. It takes a second or two to make:
    /// whoever needs but a database takes [`shared`](Self::shared).
    ///
    /// # Errors
    /// [`Missing`] where MariaDB is not installed.
    pub fn dedicated() -> Result<Self, Missing> {
        Ok(Self(Server::dedicated(Programs::find()?)))
    }
}

impl Deref for MariaDb {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.0
    }
}

#[cfg(test)]
mod tests;
