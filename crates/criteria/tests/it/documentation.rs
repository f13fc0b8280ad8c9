//! `docs/expressions.md` is made from the table of functions, and every example in it is true.

use std::fmt::Write;
use std::path::PathBuf;

use crate::world::World;
use pressroom_criteria::functions::{self, Family};
use pressroom_criteria::{AggregateKind, SummaryKind};

const START: &str =
    "<!-- made from the table of functions: UPDATE_DOCS=1 cargo test -p pressroom-criteria -->\n";

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/expressions.md")
}

/// The tables of functions, aggregates and summaries.
fn tables() -> String {
    let mut out = String::new();
    for family in Family::ALL {
        heading(&mut out, family.title(), "function");
        for function in functions::all().iter().filter(|function| function.family == family) {
            line(&mut out, function.signature(), function.doc, function.example, function.result);
        }
    }
    heading(&mut out, "Aggregates", "aggregate");
    for kind in AggregateKind::ALL {
        let (example, result) = kind.example();
        line(&mut out, kind.name(), kind.doc(), example, result);
    }
    heading(&mut out, "Summaries", "summary");
    for kind in SummaryKind::ALL {
        let (example, result) = kind.example();
        line(&mut out, kind.name(), kind.doc(), example, result);
    }
    out
}

fn heading(out: &mut String, title: &str, what: &str) {
    let _ =
        writeln!(out, "\n## {title}\n\n| {what} | gives | example | result |\n|---|---|---|---|");
}

fn line(out: &mut String, name: &str, doc: &str, example: &str, result: &str) {
    let _ = writeln!(out, "| `{name}` | {doc} | `{example}` | `{result}` |");
}

#[test]
fn the_documentation_is_the_table() {
    let text = std::fs::read_to_string(path()).expect("docs/expressions.md can be read");
    let (prose, written) = text.split_once(START).expect("it has the mark before the tables");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path(), format!("{prose}{START}{}", tables())).expect("it can be written");
        return;
    }
    assert_eq!(written, tables(), "run this test with UPDATE_DOCS=1");
}

/// Every row of every table with four columns: the third gives the fourth.
#[test]
fn every_example_is_true() {
    let text = std::fs::read_to_string(path()).expect("docs/expressions.md can be read");
    let world = World::default();
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in text.lines().filter(|line| line.starts_with("| `") && line.ends_with("` |")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [_, _, example, result] = cells[..] else { continue };
        let (example, result) = (example.trim_matches('`'), result.trim_matches('`'));
        count += 1;
        let (found, expected) = (world.evaluate(example), world.evaluate(result));
        if found != expected || found.is_err() {
            wrong.push(format!("{example}\n   gives {found:?}\n   instead of {expected:?}"));
        }
    }
    let functions = functions::all().len() + AggregateKind::ALL.len() + SummaryKind::ALL.len();
    assert!(count >= functions, "{count} examples for {functions} functions");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_function_is_documented_and_uses_itself() {
    for function in functions::all() {
        assert!(function.signature().starts_with(&format!("{}(", function.name)));
        assert!(function.example.contains(function.name), "{}", function.example);
        assert!(!function.doc.contains('|'), "{}", function.name);
        assert!(std::ptr::eq(
            functions::find(&function.name.to_uppercase()).expect("found in any letter case"),
            function
        ));
    }
}
