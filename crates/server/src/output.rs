//! What commands say to whoever typed them.

use std::fmt::Display;
use std::io::{self, Write};

/// Writes a line to standard output. A reader that has gone away, such as `head`, is no mistake.
pub(crate) fn say(line: impl Display) -> io::Result<()> {
    ignore_broken_pipe(writeln!(io::stdout().lock(), "{line}"))
}

/// Writes an error and its causes to standard error.
pub(crate) fn complain(error: &anyhow::Error) {
    let words: Vec<String> = error.chain().map(ToString::to_string).collect();
    let mut line = String::new();
    for words in words {
        // Many errors name their cause already.
        if !line.contains(&words) {
            line = if line.is_empty() { words } else { format!("{line}: {words}") };
        }
    }
    let _ = writeln!(io::stderr().lock(), "error: {line}");
}

/// Writes a warning to standard error.
pub(crate) fn warn(warning: impl Display) {
    let _ = writeln!(io::stderr().lock(), "warning: {warning}");
}

fn ignore_broken_pipe(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
