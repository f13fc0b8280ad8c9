//! A promise that no macro lists is tested nowhere.

use std::fs;
use std::path::Path;

/// The names of a suite's tests: its functions, and those that its own macro makes.
fn tests_of(source: &str) -> Vec<&str> {
    let functions = source.lines().filter_map(|line| line.strip_prefix("pub async fn "));
    let functions = functions.filter_map(|rest| rest.split(['(', '<']).next());
    let made = source.split("\nlists! {").skip(1);
    let made = made.filter_map(|rest| {
        let line =
            rest.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('/'));
        line?.split(',').next()
    });
    functions.chain(made).collect()
}

/// The words of the macro that makes tests of a suite.
fn listed_in(source: &str) -> Vec<&str> {
    let start = source.find("$crate::suite! {");
    let list = start.and_then(|start| source[start..].split("\n        }").next());
    list.unwrap_or_default().split_whitespace().collect()
}

#[test]
fn every_promise_is_listed_in_its_suite() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/suites");
    let mut tests = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.ends_with("mod.rs") {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        let listed = listed_in(&source);
        for test in tests_of(&source) {
            assert!(listed.contains(&test), "{test} of {} is not listed", path.display());
            tests += 1;
        }
    }
    assert!(tests > 250, "{tests} tests were found");
}
