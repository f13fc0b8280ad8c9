//! Drivers of ODBC, from the packages that are installed, and connection strings that name their
//! libraries: no list of drivers or of data sources has to be there.

use std::path::{Path, PathBuf};

use super::Missing;
use super::local::Database;

/// Where libraries are, besides the folders of each kind of machine.
const FOLDERS: [&str; 3] = ["/usr/local/lib", "/usr/lib64", "/usr/lib"];

/// A driver of ODBC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// That of `SQLite` 3.
    Sqlite,
    /// That of PostgreSQL, with texts in Unicode.
    Postgres,
}

impl Driver {
    /// Its library, for `Driver=…` in a connection string.
    ///
    /// # Errors
    /// [`Missing`] where it, or unixODBC itself, is not installed.
    pub fn library(self) -> Result<PathBuf, Missing> {
        let (name, file, package) = match self {
            Self::Sqlite => ("SQLite", "libsqlite3odbc.so", "libsqliteodbc"),
            Self::Postgres => ("PostgreSQL", "psqlodbcw.so", "odbc-postgresql"),
        };
        let missing = |what: &str, package: &str| {
            Missing::required(format!(
                "ODBC with the driver of {name} was not tested, as {what} is not installed; install \
                 it (Debian: the package {package})"
            ))
        };
        installed("libodbc.so.2").ok_or_else(|| missing("unixODBC", "unixodbc"))?;
        installed(file).ok_or_else(|| missing("the driver", package))
    }
}

/// The connection string of an `SQLite` file by ODBC.
///
/// # Errors
/// [`Missing`] where the driver is not installed.
pub fn sqlite(file: &Path) -> Result<String, Missing> {
    let library = Driver::Sqlite.library()?;
    Ok(format!("Driver={};Database={};", library.display(), file.display()))
}

/// The connection string of a database of [`Postgres`](super::Postgres) by ODBC. It holds a password.
///
/// # Errors
/// [`Missing`] where the driver is not installed.
pub fn postgres(database: &Database) -> Result<String, Missing> {
    let library = Driver::Postgres.library()?;
    let (server, name) = (database.server(), &database.name);
    let (address, user, password) = (server.address(), server.user(), server.password());
    Ok(format!(
        "Driver={};Server={};Port={};Database={name};Uid={user};Pwd={password};",
        library.display(),
        address.ip(),
        address.port()
    ))
}

/// A library below one of the folders that hold them.
fn installed(file: &str) -> Option<PathBuf> {
    let machines = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let folders = FOLDERS.iter().map(PathBuf::from).chain(machines.map(|entry| entry.path()));
    let folders = folders.flat_map(|folder| [folder.join("odbc"), folder]);
    folders.map(|folder| folder.join(file)).find(|library| library.is_file())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::servers::Postgres;
    use crate::servers::local::{find, new_word, run_with};

    /// What unixODBC's own client prints for some SQL, a statement a line.
    fn isql(connection: &str, sql: &str) -> String {
        let isql = find("isql").expect("unixODBC has a client");
        let mut command = Command::new(isql);
        command.args(["-k", connection, "-b", "-v", "-d|"]).env("LC_ALL", "C.UTF-8");
        let output = run_with(&mut command, sql);
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    #[test]
    fn a_file_of_sqlite_is_read_by_odbc() {
        crate::run(async {
            let file = std::env::temp_dir().join(new_word());
            let connection = sqlite(&file).unwrap_or_else(Missing::skip);
            let rows = isql(
                &connection,
                "create table t (n integer, s text)\ninsert into t values (7, 'Žluť 🐎')\n\
                 select n, s from t\n",
            );
            std::fs::remove_file(&file).expect("the driver made a file");
            assert_eq!(rows, "7|Žluť 🐎");
        });
    }

    #[test]
    fn a_database_of_postgresql_is_read_by_odbc() {
        crate::run(async {
            let database = Postgres::shared().unwrap_or_else(Missing::skip).database();
            database.run("CREATE TABLE t (n int, s text); INSERT INTO t VALUES (7, 'Žluť 🐎')");
            let connection = postgres(&database).unwrap_or_else(Missing::skip);
            assert_eq!(isql(&connection, "select n, s from t\n"), "7|Žluť 🐎");
        });
    }
}
