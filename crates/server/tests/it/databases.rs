//! The demo's data in databases of other kinds: its reports run there unchanged, and print the same,
//! as far as their authors wrote no SQLite of their own.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use pressroom_contracts::servers::{Database, MariaDb, Missing, Postgres};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::support::{demo_database, demo_report, pressroom};

/// The reports that choose tables and columns: their SQL is made for each database.
const REPORTS: [&str; 2] = ["product-catalogue", "address-labels"];

/// How a kind of database writes what the demo holds.
struct Kind {
    quote: char,
    blob: &'static str,
    bytes: fn(&str) -> String,
}

const POSTGRES: Kind = Kind { quote: '"', blob: "bytea", bytes: |digits| format!("'\\x{digits}'") };
const MARIADB: Kind = Kind { quote: '`', blob: "longblob", bytes: |digits| format!("x'{digits}'") };

impl Kind {
    fn name(&self, name: &str) -> String {
        format!("{quote}{name}{quote}", quote = self.quote)
    }

    /// The demo's tables, rows and views as a script.
    fn script(&self, demo: &Connection) -> String {
        let mut script = String::new();
        for table in names(demo, "table") {
            let columns = self.columns(demo, &table);
            writeln!(script, "create table {} ({columns});", self.name(&table)).unwrap();
            let rows = self.rows(demo, &table);
            for rows in rows.chunks(500) {
                let rows = rows.join(",\n");
                writeln!(script, "insert into {} values\n{rows};", self.name(&table)).unwrap();
            }
        }
        for view in names(demo, "view") {
            let text = "select sql from sqlite_schema where name = ?";
            let text: String = demo.query_row(text, [&view], |row| row.get(0)).unwrap();
            writeln!(script, "{};", self.with_quoted_names(&text)).unwrap();
        }
        script
    }

    fn columns(&self, demo: &Connection, table: &str) -> String {
        let mut columns = demo.prepare("select name, type from pragma_table_info(?)").unwrap();
        let columns = columns.query_map([table], |row| {
            let (name, declared): (String, String) = (row.get(0)?, row.get(1)?);
            let declared = declared.replace("BLOB", self.blob);
            Ok(format!("{} {declared}", self.name(&name)))
        });
        columns.unwrap().collect::<Result<Vec<_>, _>>().unwrap().join(", ")
    }

    fn rows(&self, demo: &Connection, table: &str) -> Vec<String> {
        let mut rows = demo.prepare(&format!("select * from {table}")).unwrap();
        let booleans: Vec<bool> =
            rows.columns().iter().map(|column| column.decl_type() == Some("BOOLEAN")).collect();
        let rows = rows.query_map([], |row| {
            let value = |(place, is_boolean): (usize, &bool)| match row.get_ref_unwrap(place) {
                ValueRef::Null => "null".to_owned(),
                ValueRef::Integer(number) if *is_boolean => (number != 0).to_string(),
                ValueRef::Integer(number) => number.to_string(),
                ValueRef::Real(number) => number.to_string(),
                ValueRef::Text(text) => {
                    format!("'{}'", String::from_utf8_lossy(text).replace('\'', "''"))
                }
                ValueRef::Blob(bytes) => {
                    let digits = bytes.iter().fold(String::new(), |mut digits, byte| {
                        write!(digits, "{byte:02x}").unwrap();
                        digits
                    });
                    (self.bytes)(&digits)
                }
            };
            let values: Vec<String> = booleans.iter().enumerate().map(value).collect();
            Ok(format!("({})", values.join(", ")))
        });
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// A view's text, whose names are the words in mixed case.
    fn with_quoted_names(&self, text: &str) -> String {
        let mut quoted = String::new();
        for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
            let name = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            let is_mixed = name.starts_with(|c: char| c.is_ascii_uppercase())
                && name.contains(|c: char| c.is_ascii_lowercase());
            let name_written = if is_mixed { self.name(name) } else { name.to_owned() };
            quoted.push_str(&name_written);
            quoted.push_str(&word[name.len()..]);
        }
        quoted
    }
}

fn names(demo: &Connection, kind: &str) -> Vec<String> {
    let names = "select name from sqlite_schema where type = ? and name not like 'sqlite%'";
    let mut names = demo.prepare(names).unwrap();
    let names = names.query_map([kind], |row| row.get(0)).unwrap();
    names.collect::<Result<_, _>>().unwrap()
}

/// A report as it prints from a source, byte for byte.
fn printed(report: &str, source: &str, folder: &Path) -> Vec<u8> {
    let file = folder.join("out.pdf");
    let finished = pressroom(|command| {
        command.arg("render").arg(demo_report(report)).arg("--output").arg(&file);
        command.args(["--source", source]).env("SOURCE_DATE_EPOCH", "1767225600");
    });
    finished.succeeded();
    fs::read(file).unwrap()
}

/// The demo's reports print from another database what they print from its own.
fn prints_the_same(database: &Database, kind: &Kind) {
    let demo = Connection::open(demo_database()).unwrap();
    database.run(&kind.script(&demo));
    let folder = tempfile::tempdir().unwrap();
    let own = format!("Demo=sqlite://{}", demo_database().display());
    let other = format!("Demo={}", database.url);
    for report in REPORTS {
        let expect = printed(report, &own, folder.path());
        let found = printed(report, &other, folder.path());
        assert!(expect == found, "{report} differs");
    }
}

#[test]
fn the_demos_reports_print_the_same_from_postgresql() {
    pressroom_contracts::run(async {
        let server = Postgres::shared().unwrap_or_else(Missing::skip);
        prints_the_same(&server.database(), &POSTGRES);
    });
}

#[test]
fn the_demos_reports_print_the_same_from_mariadb() {
    pressroom_contracts::run(async {
        let server = MariaDb::shared().unwrap_or_else(Missing::skip);
        prints_the_same(&server.database(), &MARIADB);
    });
}
