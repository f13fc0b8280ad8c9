//! A transaction that stays open.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};

/// A transaction that holds its locks until this is dropped; then nothing of it remains.
#[derive(Debug)]
pub struct Held {
    psql: Child,
    says: ChildStdin,
}

impl Held {
    /// Runs SQL in a transaction, and waits until it has.
    pub(super) fn new(mut psql: Command, sql: &str) -> Self {
        let mut psql =
            psql.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("psql starts");
        let mut says = psql.stdin.take().expect("it is piped");
        writeln!(says, "begin;\n{sql};\n\\echo held").expect("psql takes SQL");
        let hears = BufReader::new(psql.stdout.take().expect("it is piped"));
        let held = hears.lines().map_while(Result::ok).any(|line| line == "held");
        assert!(held, "the transaction failed: {sql}");
        Self { psql, says }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Where the server is gone, so is the transaction.
        let _ = self.says.write_all(b"rollback;\n\\quit\n");
        let _ = self.psql.wait();
    }
}
