//! How a PostgreSQL is made, started and used.

use std::fs::OpenOptions;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use super::disk;
use crate::servers::local::{Kind, Place, run, sql_at, try_sql_at};

/// The user whose databases they are.
const USER: &str = "pressroom";
/// What the place of databases on a small disk is called.
pub(super) const SMALL: &str = "small";
/// A database that is always there.
pub(super) const MAIN: &str = "postgres";

/// Whom a server is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// All tests.
    Everybodys,
    /// One test.
    OneTests,
    /// One test, which may fill the disk of its databases.
    OneTestsWithDisk,
}

/// PostgreSQL: the folder of its programs.
#[derive(Clone, Debug)]
pub(super) struct Programs {
    pub(super) folder: PathBuf,
    pub(super) whose: Whose,
}

impl Programs {
    fn program(&self, place: &Place, name: &str) -> Command {
        place.program(&self.folder.join(name))
    }

    pub(super) fn create_from(&self, place: &Place, name: &str, template: &str) {
        let space = if self.has_disk() { SMALL } else { "pg_default" };
        let sql = format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\" TABLESPACE {space};");
        let _ = sql_at(self, place, MAIN, &sql);
    }

    /// Whether its databases lie on a small disk.
    pub(super) fn has_disk(&self) -> bool {
        self.whose == Whose::OneTestsWithDisk
    }

    /// Runs a command as the server does: where it is, and as who it is.
    pub(super) fn shell(&self, place: &Place, command: &str) {
        // It is given a row, which somebody has to take.
        let taking = format!("COPY (SELECT 1) TO PROGRAM 'cat > /dev/null; {command}';");
        let _ = sql_at(self, place, MAIN, &taking);
    }

    /// Adds settings: of several of one name, the last counts.
    pub(super) fn set(place: &Place, settings: &str) {
        let path = place.data().join("postgresql.conf");
        let mut file = OpenOptions::new().append(true).open(path).expect("initdb made settings");
        file.write_all(settings.as_bytes()).expect("settings can be added");
    }
}

impl Kind for Programs {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn account(&self) -> &'static str {
        "postgres"
    }

    fn version(&self) -> String {
        self.folder.display().to_string()
    }

    fn user(&self) -> &'static str {
        USER
    }

    fn initialise(&self, place: &Place) {
        let password = place.write("password", &place.password);
        let init = |more: &[&str]| {
            let mut command = self.program(place, "initdb");
            command.arg("--pgdata").arg(place.data()).arg("--pwfile").arg(&password);
            command.args(["--username", USER, "--encoding=UTF8", "--locale=C.UTF-8"]);
            command.args(["--no-sync", "--no-instructions", "--auth-local=trust"]);
            // As it is, over loopback: a client in a debug build hashes for as long as a test takes.
            command.arg("--auth-host=password").args(more);
            command
        };
        // A language's order of texts, as most servers have: what relies on the order of bytes shows.
        // Versions before 15, and those without ICU, go without.
        let icu = ["--locale-provider=icu", "--icu-locale=en-US"];
        if !init(&icu).output().is_ok_and(|output| output.status.success()) {
            run(&mut init(&[]));
        }
        std::fs::remove_file(&password).expect("the file of the password can be removed");
        let folder = place.folder.display();
        // The time zone is an odd one, so that what depends on it shows.
        let settings = format!(
            "listen_addresses = '127.0.0.1'\n\
             unix_socket_directories = '{folder}'\n\
             max_connections = 300\n\
             shared_buffers = 32MB\n\
             fsync = off\n\
             full_page_writes = off\n\
             wal_level = minimal\n\
             max_wal_senders = 0\n\
             timezone = 'Asia/Kathmandu'\n"
        );
        Self::set(place, &settings);
    }

    fn server(&self, place: &Place) -> Command {
        let mut command = self.program(place, "postgres");
        command.arg("-D").arg(place.data()).arg("-p").arg(place.port.to_string());
        if self.whose != Whose::Everybodys {
            // What relies on English words shows.
            command.env("LANGUAGE", "de");
        }
        if self.has_disk() {
            let folder = place.folder.join("disk");
            std::fs::create_dir_all(&folder).expect("the folder takes a folder");
            command = disk::seen_by(&command, &folder);
        }
        command
    }

    fn is_ready(&self, place: &Place) -> bool {
        // It takes connections, and refuses them, while it starts.
        let output = self.client(place, MAIN).arg("--command=SELECT 1").output();
        output.is_ok_and(|output| output.status.success())
    }

    /// It waits for nobody, but writes what is committed.
    fn stop_signal(&self) -> &'static str {
        "INT"
    }

    /// Its many processes end together.
    fn crash_signal(&self) -> &'static str {
        "QUIT"
    }

    fn url(&self, place: &Place, address: SocketAddr, database: &str) -> String {
        format!("postgres://{USER}:{}@{address}/{database}", place.password)
    }

    fn client(&self, place: &Place, database: &str) -> Command {
        // Over the socket, where nobody asks for a password.
        let mut command = self.program(place, "psql");
        command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
        command.args(["--set=ON_ERROR_STOP=1", "--username", USER, "--dbname", database]);
        command.arg("--host").arg(&place.folder).args(["--port", &place.port.to_string()]);
        command
    }

    fn create(&self, place: &Place, word: &str) -> String {
        self.create_from(place, word, "template1");
        word.to_owned()
    }

    fn drop(&self, place: &Place, database: &str) {
        let sql = format!("DROP DATABASE IF EXISTS \"{database}\" WITH (FORCE);");
        try_sql_at(self, place, MAIN, &sql);
    }
}
