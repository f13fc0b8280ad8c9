//! How a MariaDB is made, started and used.

use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Command;

use crate::servers::Missing;
use crate::servers::local::{Kind, Place, find, run, sql_at, try_sql_at};

/// The user whose databases they are.
const USER: &str = "pressroom";
/// A database that is always there.
const MAIN: &str = "mysql";

/// MariaDB: its programs.
#[derive(Clone, Debug)]
pub(super) struct Programs {
    install: PathBuf,
    server: PathBuf,
    client: PathBuf,
}

/// What the server is told when it is made and whenever it starts: small files, and nothing waits for
/// the disk. What is committed is handed to the system, which keeps it when the server is killed.
const SETTINGS: [&str; 11] = [
    "--debug-no-sync",
    "--skip-sync-frm",
    "--skip-log-bin",
    "--skip-name-resolve",
    "--innodb-flush-method=nosync",
    "--innodb-flush-log-at-trx-commit=2",
    "--skip-innodb-doublewrite",
    "--innodb-log-file-size=64M",
    "--innodb-buffer-pool-size=64M",
    "--innodb-autoextend-increment=4",
    "--aria-log-file-size=8M",
];

impl Programs {
    pub(super) fn find() -> Result<Self, Missing> {
        let programs = ["mariadb-install-db", "mariadbd", "mariadb"].map(find);
        let [Some(install), Some(server), Some(client)] = programs else {
            return Err(Missing::required(
                "MariaDB was not tested, as it is not installed; install it (Debian: the package \
                 mariadb-server)",
            ));
        };
        Ok(Self { install, server, client })
    }
}

impl Kind for Programs {
    fn name(&self) -> &'static str {
        "mariadb"
    }

    fn account(&self) -> &'static str {
        "mysql"
    }

    fn version(&self) -> String {
        self.server.display().to_string()
    }

    fn user(&self) -> &'static str {
        USER
    }

    fn initialise(&self, place: &Place) {
        let user = format!(
            "FLUSH PRIVILEGES;\n\
             CREATE USER {USER}@'%' IDENTIFIED BY '{}';\n\
             GRANT ALL ON *.* TO {USER}@'%' WITH GRANT OPTION;\n",
            place.password
        );
        let user = place.write("user.sql", &user);
        let mut command = place.program(&self.install);
        command.arg("--no-defaults").args(SETTINGS).arg("--skip-test-db");
        // The machine's own user needs no password, and comes by the socket only.
        command.arg("--auth-root-authentication-method=socket");
        command.arg(format!("--datadir={}", place.data().display()));
        command.arg(format!("--extra-file={}", user.display()));
        run(&mut command);
        std::fs::remove_file(&user).expect("the file of the password can be removed");
    }

    fn server(&self, place: &Place) -> Command {
        let folder = place.folder.display();
        let mut command = place.program(&self.server);
        command.arg("--no-defaults").args(SETTINGS);
        command.arg(format!("--datadir={}", place.data().display()));
        command.arg(format!("--socket={folder}/socket")).arg(format!("--tmpdir={folder}"));
        command.args(["--bind-address=127.0.0.1", &format!("--port={}", place.port)]);
        command.args(["--character-set-server=utf8mb4", "--max-allowed-packet=1G"]);
        command.args(["--max-connections=300", "--skip-performance-schema"]);
        // The time zone is an odd one, so that what depends on it shows.
        command.arg("--default-time-zone=+05:45");
        command
    }

    fn is_ready(&self, place: &Place) -> bool {
        UnixStream::connect(place.folder.join("socket")).is_ok()
    }

    fn url(&self, place: &Place, address: SocketAddr, database: &str) -> String {
        format!("mysql://{USER}:{}@{address}/{database}", place.password)
    }

    fn client(&self, place: &Place, database: &str) -> Command {
        let mut command = place.program(&self.client);
        command.args(["--no-defaults", "--batch", "--skip-column-names", "--binary-mode"]);
        command.args(["--default-character-set=utf8mb4", "--max-allowed-packet=1G"]);
        command.arg(format!("--socket={}/socket", place.folder.display()));
        command.arg(format!("--user={USER}")).arg(format!("--database={database}"));
        command.env("MYSQL_PWD", &place.password);
        command
    }

    fn rows(&self, printed: &str) -> String {
        printed.trim_end().replace('\t', "|")
    }

    fn create(&self, place: &Place, word: &str) -> String {
        let _ = sql_at(self, place, MAIN, &format!("CREATE DATABASE {word};"));
        word.to_owned()
    }

    fn drop(&self, place: &Place, database: &str) {
        // Whoever is in a transaction would be waited for.
        let sql = format!(
            "DELIMITER //\n\
             BEGIN NOT ATOMIC\n\
             DECLARE CONTINUE HANDLER FOR 1094 BEGIN END;\n\
             FOR it IN (SELECT id FROM information_schema.processlist WHERE db = '{database}') DO\n\
             KILL CONNECTION it.id;\n\
             END FOR;\n\
             END//\n\
             DROP DATABASE IF EXISTS {database}//\n"
        );
        try_sql_at(self, place, MAIN, &sql);
    }
}
