//! A server of its own for a test.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use super::{Client, PATIENCE, tool, until};

/// The password of `admin` unless a test says otherwise.
pub(crate) const PASSWORD: &str = "a-password-for-tests";

/// A running server. It is killed when it is dropped.
pub(crate) struct Server {
    process: Child,
    /// Such as `127.0.0.1:40123`.
    pub(crate) address: String,
    /// The three lines that it printed.
    pub(crate) lines: Vec<String>,
    log: PathBuf,
}

/// A server that was started, and may have to wait for something before it serves.
pub(crate) struct Starting {
    process: Child,
    told: mpsc::Receiver<String>,
    log: PathBuf,
}

impl Starting {
    /// Starts one over a data folder.
    pub(crate) fn new(data_dir: &Path, configure: impl FnOnce(&mut Command)) -> Self {
        let log = data_dir.with_extension("log");
        let mut command = Command::new(env!("CARGO_BIN_EXE_pressroom"));
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data_dir)
            .env("PRESSROOM_ADMIN_PASSWORD", PASSWORD)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::options().create(true).append(true).open(&log).expect("a log"));
        configure(&mut command);
        let mut process = command.spawn().expect("the binary starts");
        let out = BufReader::new(process.stdout.take().expect("its output"));
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let _ = tell.send(line);
            }
        });
        Self { process, told, log }
    }

    /// Where it says, in its log, that it waits for its store.
    #[cfg(all(unix, feature = "postgres"))]
    pub(crate) fn waits_at(&self) -> String {
        until("it says where it waits", || {
            let log = std::fs::read_to_string(&self.log).unwrap_or_default();
            let place = log.split("requests to http://").nth(1)?.split_once(' ')?;
            Some(place.0.to_owned())
        })
    }

    /// Waits until it serves.
    pub(crate) fn ready(self) -> Server {
        let Self { mut process, told, log } = self;
        let lines: Vec<String> = (0..3).map_while(|_| told.recv_timeout(PATIENCE).ok()).collect();
        if lines.len() < 3 {
            let _ = process.kill();
            let words = std::fs::read_to_string(&log).unwrap_or_default();
            panic!("the server did not start: {lines:?}\n{words}");
        }
        let address = lines[0].split("://").nth(1).and_then(|rest| rest.split(' ').next());
        let address = address.expect("the first line holds the address").to_owned();
        Server { process, address, lines, log }
    }

    /// Asks it to end, and gives its status.
    #[cfg(all(unix, feature = "postgres"))]
    pub(crate) fn stop(mut self) -> Option<i32> {
        signal(&self.process, "TERM");
        ended(&mut self.process)
    }
}

impl Server {
    /// Starts one over a data folder.
    pub(crate) fn start(data_dir: &Path) -> Self {
        Self::start_with(data_dir, |_| {})
    }

    /// Starts one with other settings.
    pub(crate) fn start_with(data_dir: &Path, configure: impl FnOnce(&mut Command)) -> Self {
        Starting::new(data_dir, configure).ready()
    }

    /// Signs `admin` in.
    #[track_caller]
    pub(crate) fn admin(&self) -> Client {
        Client::sign_in(&self.address, "admin", PASSWORD)
    }

    /// Whether it answers and can work.
    pub(crate) fn is_ready(&self) -> bool {
        super::http::call(&self.address, "GET", "/readyz", "", "").status == 200
    }

    /// The number of its process.
    pub(crate) fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Sends it a signal, such as `TERM` or `STOP`.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        signal(&self.process, name);
    }

    /// Waits for its end after it was asked to, and gives its status.
    pub(crate) fn ended(mut self) -> Option<i32> {
        ended(&mut self.process)
    }

    /// Ends it without a warning.
    pub(crate) fn kill(mut self) {
        self.kill_in_place();
    }

    /// The same, where something else is about to take its place.
    pub(crate) fn kill_in_place(&mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
    }

    /// Asks it to end, and gives its status.
    #[cfg(unix)]
    pub(crate) fn stop(self) -> Option<i32> {
        self.signal("TERM");
        self.ended()
    }

    /// What it logged, in this and earlier runs.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

#[cfg(unix)]
fn signal(process: &Child, name: &str) {
    let id = process.id().to_string();
    let sent = tool("kill", "procps", |kill| {
        kill.arg(format!("-{name}")).arg(&id);
    });
    assert!(sent.status.success(), "{sent:?}");
}

fn ended(process: &mut Child) -> Option<i32> {
    until("the server stops", || process.try_wait().expect("it can be waited for")).code()
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
