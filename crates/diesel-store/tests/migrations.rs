//! Every engine has the same migrations.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn folder(engine: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(engine)
}

fn names(engine: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder(engine)).expect("a folder of migrations");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    names.map(|name| name.into_string().expect("a name in UTF-8")).collect()
}

/// A store that was copied from one engine to another stands where it stood.
#[test]
fn versions_and_names_are_the_same_on_every_engine() {
    let sqlite = names("sqlite");
    assert!(!sqlite.is_empty());
    for engine in ["postgres", "mssql"] {
        assert_eq!(names(engine), sqlite, "{engine}");
    }
}

#[test]
fn every_migration_has_both_directions() {
    for engine in ["sqlite", "postgres", "mssql"] {
        for name in names(engine) {
            for script in ["up.sql", "down.sql"] {
                let file = folder(engine).join(&name).join(script);
                assert!(file.is_file(), "{} is missing", file.display());
            }
        }
    }
}

/// Each is noted by its version: the name up to the underscore.
#[test]
fn versions_differ() {
    let names = names("sqlite");
    let versions: BTreeSet<_> = names.iter().map(|name| name.split('_').next()).collect();
    assert_eq!(versions.len(), names.len());
}
