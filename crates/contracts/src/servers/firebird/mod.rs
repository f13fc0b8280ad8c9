//! A Firebird for tests, from the programs that are installed.

mod kind;

use std::ops::Deref;
use std::sync::OnceLock;

use self::kind::Programs;
use super::Missing;
use super::local::Server;

/// A Firebird server for tests. Texts are UTF-8; the server's time zone is an odd one.
///
/// It can do what every [`Server`] can. A [`Database`](super::Database) of it is called by the path
/// of its file. The client pads columns with blanks, and puts nothing else between: a test asks for
/// one column, such as `a || '|' || b`. Whoever defines a procedure writes `SET TERM ^;` before.
#[derive(Clone, Debug)]
pub struct Firebird(Server);

impl Firebird {
    /// The server that all tests share, also those of other processes. It is started where it does
    /// not run, and ends some seconds after the last process that used it.
    ///
    /// # Errors
    /// [`Missing`] where Firebird is not installed.
    pub fn shared() -> Result<&'static Self, Missing> {
        static SHARED: OnceLock<Result<Firebird, Missing>> = OnceLock::new();
        let server = SHARED.get_or_init(|| Ok(Self(Server::shared(Programs::find()?))));
        server.as_ref().map_err(Clone::clone)
    }

    /// A server of one test, which may [stop](Server::stop_hard) it. It takes a second or two to make:
    /// whoever needs but a database takes [`shared`](Self::shared).
    ///
    /// # Errors
    /// [`Missing`] where Firebird is not installed.
    pub fn dedicated() -> Result<Self, Missing> {
        Ok(Self(Server::dedicated(Programs::find()?)))
    }
}

impl Deref for Firebird {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.0
    }
}

#[cfg(test)]
mod tests;
