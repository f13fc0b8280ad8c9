//! How a PostgreSQL is made, started and used.

use std::fs::OpenOptions;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use crate::servers::local::{Kind, Place, run, sql_at, try_sql_at};

/// The user whose databases they are.
const USER: &str = "pressroom";
/// A database that is always there.
pub(super) const MAIN: &str = "postgres";

/// PostgreSQL: the folder of its programs.
#[derive(Clone, Debug)]
pub(super) struct Programs(pub(super) PathBuf);

impl Programs {
    fn program(&self, place: &Place, name: &str) -> Command {
        place.program(&self.0.join(name))
    }

    pub(super) fn create_from(&self, place: &Place, name: &str, template: &str) {
        let sql = format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\";");
        let _ = sql_at(self, place, MAIN, &sql);
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
        self.0.display().to_string()
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
        let path = place.data().join("postgresql.conf");
        let mut file = OpenOptions::new().append(true).open(path).expect("initdb made settings");
        file.write_all(settings.as_bytes()).expect("settings can be added");
    }

    fn server(&self, place: &Place) -> Command {
        let mut command = self.program(place, "postgres");
        command.arg("-D").arg(place.data()).arg("-p").arg(place.port.to_string());
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
