//! What commands say to whoever typed them.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

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

/// Tells on standard error how far something is, now and then.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    told: Mutex<Option<Instant>>,
}

impl Meter {
    /// How often something is told.
    const PAUSE: Duration = Duration::from_secs(1);

    /// Tells at once that a part begins.
    pub(crate) fn begin(&self, words: impl Display) {
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        let _ = writeln!(io::stderr().lock(), "{words}");
    }

    /// Tells how far it is, unless something was told just now.
    pub(crate) fn tell<D: Display>(&self, words: impl FnOnce() -> D) {
        let told = *self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|told| told.elapsed() >= Self::PAUSE) {
            self.begin(words());
        }
    }
}

fn ignore_broken_pipe(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
