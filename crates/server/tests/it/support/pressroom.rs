//! The binary as a command that comes to its end.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::{PATIENCE, until};

/// A command that came to its end.
#[derive(Debug)]
pub(crate) struct Finished {
    /// None where a signal ended it.
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) took: Duration,
}

impl Finished {
    /// It did what it was told.
    #[track_caller]
    pub(crate) fn succeeded(self) -> Self {
        assert_eq!(self.status, Some(0), "{}{}", self.out, self.err);
        self
    }

    /// It refused, in these words among others.
    #[track_caller]
    pub(crate) fn refused(self, words: &str) -> Self {
        assert!(self.status.is_some_and(|status| status != 0), "{self:?}");
        assert!(self.err.contains(words), "expected \"{words}\" in: {}", self.err);
        self
    }
}

/// Runs the binary to its end.
pub(crate) fn pressroom(configure: impl FnOnce(&mut Command)) -> Finished {
    pressroom_with_input("", configure)
}

/// Runs the binary with something to read.
pub(crate) fn pressroom_with_input(input: &str, configure: impl FnOnce(&mut Command)) -> Finished {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pressroom"));
    configure(&mut command);
    let begin = Instant::now();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    // It may end before it has read.
    let _ = child.stdin.take().expect("its input").write_all(input.as_bytes());
    let (out, err) = (read_along(child.stdout.take()), read_along(child.stderr.take()));
    let status = until("the command ends", || {
        assert!(begin.elapsed() < PATIENCE);
        child.try_wait().expect("it can be waited for")
    });
    let took = begin.elapsed();
    let text = |thread: std::thread::JoinHandle<String>| thread.join().expect("its words");
    Finished { status: status.code(), out: text(out), err: text(err), took }
}

fn read_along(pipe: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    let mut pipe = pipe.expect("a pipe");
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// A report of the demo.
pub(crate) fn demo_report(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/reports").join(format!("{name}.repx"))
}

/// The demo's database, made once for all tests.
pub(crate) fn demo_database() -> &'static Path {
    static DATABASE: OnceLock<PathBuf> = OnceLock::new();
    DATABASE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder").keep();
        let path = folder.join("demo.db");
        pressroom_server::demo::write_database(&path).expect("the demo's database");
        path
    })
}
