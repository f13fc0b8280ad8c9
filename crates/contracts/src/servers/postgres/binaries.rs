//! Finding the programs of PostgreSQL, and running them as a user that they accept.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::servers::Missing;

/// The folder that holds `initdb`, `pg_ctl`, `postgres` and `psql`.
#[derive(Clone, Debug)]
pub(super) struct Binaries {
    pub(super) folder: PathBuf,
}

impl Binaries {
    /// Those that `PRESSROOM_TEST_PG_BIN` names, the newest that Debian installed, those of
    /// `pg_config`, or those on the path.
    pub(super) fn find() -> Result<Self, Missing> {
        if let Some(folder) = std::env::var_os("PRESSROOM_TEST_PG_BIN") {
            let folder = PathBuf::from(folder);
            assert!(is_whole(&folder), "PRESSROOM_TEST_PG_BIN names no folder that holds initdb");
            return Ok(Self { folder });
        }
        let found = newest_of_debian().or_else(of_pg_config).or_else(on_the_path);
        found.map(|folder| Self { folder }).ok_or_else(|| {
            Missing::required(
                "PostgreSQL was not tested, as it is not installed; install it (Debian: the package \
                 postgresql), or name the folder of its initdb in PRESSROOM_TEST_PG_BIN",
            )
        })
    }

    /// A program of it. The server refuses to run as root: whoever is root runs it as the user that
    /// the packages make.
    pub(super) fn program(&self, name: &str, as_root: bool) -> Command {
        let program = self.folder.join(name);
        let mut command = if as_root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        // Neither a person's settings nor their folder, which another user may not enter.
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"PG") {
                command.env_remove(name);
            }
        }
        command.env("LC_ALL", "C").current_dir("/").stdin(Stdio::null());
        command
    }
}

/// Runs a program to its end; panics with what it says where it fails.
pub(super) fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    assert!(
        output.status.success(),
        "{:?} failed: {}{}",
        command.get_program(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

fn is_whole(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres", "psql"].iter().all(|name| folder.join(name).is_file())
}

fn newest_of_debian() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let number = |name: &OsStr| name.to_str().and_then(|name| name.parse::<u32>().ok());
    let folders = versions.filter_map(|entry| Some((number(&entry.file_name())?, entry.path())));
    let whole = folders.map(|(version, path)| (version, path.join("bin")));
    whole.filter(|(_, folder)| is_whole(folder)).max().map(|(_, folder)| folder)
}

fn of_pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    is_whole(&folder).then_some(folder)
}

fn on_the_path() -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).find(|folder| is_whole(folder))
}
