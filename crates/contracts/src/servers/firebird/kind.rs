//! How a Firebird is made, started and used.

use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::servers::Missing;
use crate::servers::local::{Kind, Place, find, run, run_with};

/// The user who may make databases.
const USER: &str = "SYSDBA";
/// A database as new ones are, which are copies of it: much faster than to make one.
const NEW: &str = "new.fdb";
/// The library of the character sets besides UTF-8.
const CHARACTER_SETS: &str = "libfbintl.so";

/// Firebird: its programs.
#[derive(Clone, Debug)]
pub(super) struct Programs {
    server: PathBuf,
    isql: PathBuf,
    gfix: PathBuf,
}

impl Programs {
    pub(super) fn find() -> Result<Self, Missing> {
        let [Some(server), Some(isql), Some(gfix)] = ["firebird", "isql-fb", "gfix"].map(find)
        else {
            return Err(Missing::required(
                "Firebird was not tested, as it is not installed; install it (Debian: the package \
                 firebird3.0-server)",
            ));
        };
        Ok(Self { server, isql, gfix })
    }

    /// A program that finds its settings, its locks and its users in the folder of the place.
    fn program(place: &Place, program: &Path) -> Command {
        let mut command = place.program(program);
        command.env("FIREBIRD", &place.folder).env("FIREBIRD_LOCK", place.folder.join("locks"));
        command.env("FIREBIRD_TMP", &place.folder);
        // The time zone is an odd one, so that what depends on it shows.
        command.env("TZ", "Asia/Kathmandu");
        command
    }

    fn isql(&self, place: &Place) -> Command {
        let mut command = Self::program(place, &self.isql);
        command.args(["-quiet", "-bail", "-user", USER, "-charset", "UTF8"]);
        command
    }
}

impl Kind for Programs {
    fn name(&self) -> &'static str {
        "firebird"
    }

    fn account(&self) -> &'static str {
        "firebird"
    }

    fn version(&self) -> String {
        self.server.display().to_string()
    }

    fn user(&self) -> &'static str {
        USER
    }

    fn initialise(&self, place: &Place) {
        configure(place);
        place.write("databases.conf", "");
        place.make_folder("locks");
        // Character sets are looked for beside the settings, and not loaded by a link.
        if let Some(installed) = character_sets() {
            let copy = place.make_folder("intl").join(CHARACTER_SETS);
            std::fs::copy(installed, copy).expect("the folder takes a file");
        }
        // Without a server, whoever may write the files is their owner.
        let (users, new) = (place.data().join("security.fdb"), place.data().join(NEW));
        let script = format!(
            "CREATE DATABASE '{}' DEFAULT CHARACTER SET UTF8;\n\
             CREATE USER {USER} PASSWORD '{}' USING PLUGIN Srp;\n\
             COMMIT;\n\
             CREATE DATABASE '{}' DEFAULT CHARACTER SET UTF8;\n",
            users.display(),
            place.password,
            new.display()
        );
        run_with(&mut self.isql(place), &script);
        let mut gfix = Self::program(place, &self.gfix);
        run(gfix.args(["-user", USER, "-write", "async"]).arg(new));
    }

    fn server(&self, place: &Place) -> Command {
        configure(place);
        Self::program(place, &self.server)
    }

    fn is_ready(&self, place: &Place) -> bool {
        TcpStream::connect(place.address()).is_ok()
    }

    /// Asked to end, it often never does. What is committed is with the system, killed or not.
    fn stop_signal(&self) -> &'static str {
        self.crash_signal()
    }

    fn url(&self, place: &Place, address: SocketAddr, database: &str) -> String {
        format!("firebird://{USER}:{}@{address}/{database}", place.password)
    }

    fn client(&self, place: &Place, database: &str) -> Command {
        let mut command = self.isql(place);
        command.env("ISC_PASSWORD", &place.password);
        command.arg(format!("127.0.0.1/{}:{database}", place.port));
        command
    }

    fn script(&self, sql: &str) -> String {
        let end = if sql.trim_end().ends_with(';') { "" } else { ";" };
        format!("SET HEADING OFF;\nSET BLOBDISPLAY ALL;\n{sql}{end}\nCOMMIT;\n")
    }

    fn rows(&self, printed: &str) -> String {
        let rows = printed.lines().map(str::trim).filter(|row| !row.is_empty());
        rows.collect::<Vec<_>>().join("\n")
    }

    fn create(&self, place: &Place, word: &str) -> String {
        let data = place.data();
        let path = data.join(word).with_extension("fdb");
        run(place.program(Path::new("cp")).arg(data.join(NEW)).arg(&path));
        path.display().to_string()
    }

    fn drop(&self, _place: &Place, database: &str) {
        // Whoever is connected keeps a file that has no name.
        let _ = std::fs::remove_file(database);
    }
}

/// Writes the settings. The port is one of them: a port on the command line would be open to all.
fn configure(place: &Place) {
    let folder = place.folder.display();
    let settings = format!(
        "SecurityDatabase = {folder}/data/security.fdb\n\
         RemoteBindAddress = 127.0.0.1\n\
         RemoteServicePort = {}\n\
         AuthServer = Srp256, Srp\n\
         UserManager = Srp\n\
         WireCrypt = Enabled\n\
         TempDirectories = {folder}\n\
         MaxUnflushedWrites = -1\n\
         MaxUnflushedWriteTime = -1\n",
        place.port
    );
    place.write("firebird.conf", &settings);
}

/// The library of the character sets that is installed.
fn character_sets() -> Option<PathBuf> {
    let machines = std::fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    let versions = machines.filter_map(|machine| std::fs::read_dir(machine.join("firebird")).ok());
    let folders = versions.flat_map(Iterator::flatten).map(|version| version.path().join("intl"));
    folders.map(|folder| folder.join(CHARACTER_SETS)).filter(|library| library.is_file()).max()
}
