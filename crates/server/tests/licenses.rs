//! `licenses` names every crate that is part of the program.

// What Cargo tells of the crates of one platform is the list.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::process::Command;

#[test]
fn every_crate_is_listed_with_its_licence() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", "pressroom-server", "--edges", "normal", "--prefix", "none"])
        .args(["--format", "{p}|{l}", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo tree runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("names are text");
    let crates: BTreeSet<String> = lines
        .lines()
        .filter(|line| !line.starts_with("pressroom"))
        .filter_map(|line| {
            let (package, licence) = line.trim_end_matches(" (*)").split_once('|')?;
            let name = package.split(' ').next()?;
            Some(format!("{name}: {licence}\n"))
        })
        .collect();
    let list: String = crates.into_iter().collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/licenses/crates.txt");
    if std::fs::read_to_string(path).unwrap_or_default() != list {
        // Whoever adds a crate finds the list changed, and commits both.
        std::fs::write(path, list).unwrap();
        panic!("licenses/crates.txt was not up to date and has been written again");
    }
}
