//! Finding the programs of PostgreSQL.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::servers::Missing;

/// The folder that holds `initdb`, `postgres` and `psql`: the one that `PRESSROOM_TEST_PG_BIN` names,
/// the newest that Debian installed, that of `pg_config`, or one on the path.
pub(super) fn folder() -> Result<PathBuf, Missing> {
    if let Some(folder) = std::env::var_os("PRESSROOM_TEST_PG_BIN") {
        let folder = PathBuf::from(folder);
        assert!(is_whole(&folder), "PRESSROOM_TEST_PG_BIN names no folder that holds initdb");
        return Ok(folder);
    }
    newest_of_debian().or_else(of_pg_config).or_else(on_the_path).ok_or_else(|| {
        Missing::required(
            "PostgreSQL was not tested, as it is not installed; install it (Debian: the package \
             postgresql), or name the folder of its initdb in PRESSROOM_TEST_PG_BIN",
        )
    })
}

fn is_whole(folder: &Path) -> bool {
    ["initdb", "postgres", "psql"].iter().all(|name| folder.join(name).is_file())
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
