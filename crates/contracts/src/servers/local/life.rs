//! The start and the end of a server.

use std::fs::{File, TryLockError};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use uuid::Uuid;

use super::place::{digest, folder, free_port};
use super::{Kind, Place, locks, run};

/// How long a shared server waits for another test before it ends.
const LINGER_SECONDS: u32 = 15;
/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server, as one process knows it.
#[derive(Debug)]
pub(super) struct Life {
    pub(super) kind: Box<dyn Kind>,
    pub(super) place: Place,
    /// Whether it is one of this test alone.
    dedicated: bool,
    /// As long as this is locked, the keeper lets the server run.
    _users: File,
}

impl Life {
    pub(super) fn shared(kind: Box<dyn Kind>) -> Self {
        let key = key(&*kind);
        Self::open(kind, &key, false)
    }

    pub(super) fn dedicated(kind: Box<dyn Kind>) -> Self {
        Self::open(kind, &Uuid::new_v4().simple().to_string(), true)
    }

    /// The server of a folder; started where it does not run.
    fn open(kind: Box<dyn Kind>, key: &str, dedicated: bool) -> Self {
        let folder = folder(kind.name(), key);
        let gate = locks::exclusive(&folder.join("gate"));
        let users = locks::open(&folder.join("users"));
        users.lock_shared().expect("a file can be locked");
        users.set_modified(SystemTime::now()).expect("a file can be touched");
        // Whoever makes a folder owns it: that tells who runs this.
        let as_root = gate.metadata().is_ok_and(|gate| gate.uid() == 0);
        let place = Place::new(folder, as_root.then(|| kind.account()));
        let mut server = OnePlace { kind: &*kind, place };
        // First, so that a server that cannot be made leaves nothing behind.
        server.keep(if dedicated { 0 } else { LINGER_SECONDS });
        if !server.is_running() {
            server.make();
        }
        let OnePlace { place, .. } = server;
        Self { kind, place, dedicated, _users: users }
    }

    pub(super) fn stop(&self, signal: &str) {
        assert!(self.dedicated, "other tests use this server too");
        run(&mut self.server().stop(signal));
    }

    pub(super) fn start_again(&self) {
        assert!(self.server().start(), "the server starts again: {}", self.place.log());
    }

    fn server(&self) -> OnePlace<'_> {
        OnePlace { kind: &*self.kind, place: self.place.clone() }
    }
}

/// A server of a folder, running or not. Whoever starts or ends it holds the lock of the folder's gate.
struct OnePlace<'a> {
    kind: &'a dyn Kind,
    place: Place,
}

impl OnePlace<'_> {
    /// Whether it runs and is ready; its port and password are known then.
    fn is_running(&mut self) -> bool {
        self.read_ready().is_some() && self.has_process()
    }

    fn read_ready(&mut self) -> Option<()> {
        let ready = std::fs::read_to_string(self.place.folder.join("ready")).ok()?;
        let (port, password) = ready.split_once('\n')?;
        self.place.port = port.parse().ok()?;
        password.clone_into(&mut self.place.password);
        Some(())
    }

    /// Makes it anew, whatever an earlier one left behind.
    fn make(&mut self) {
        let _ = self.stop(self.kind.crash_signal()).output();
        let place = &mut self.place;
        for left in ["ready", "log", "pid"] {
            let _ = std::fs::remove_file(place.folder.join(left));
        }
        let _ = std::fs::remove_dir_all(place.data());
        place.make_folder("data");
        // Sockets and temporary files go there.
        place.hand_over(&place.folder);
        place.password = Uuid::new_v4().simple().to_string();
        self.kind.initialise(place);
        for _ in 0..5 {
            self.place.port = free_port();
            if self.start() {
                let ready = format!("{}\n{}", self.place.port, self.place.password);
                self.place.write("ready", &ready);
                return;
            }
        }
        panic!("{} does not start: {}", self.kind.name(), self.place.log());
    }

    /// Starts the server, and waits until it takes connections. It does not where somebody took its
    /// port meanwhile.
    fn start(&self) -> bool {
        let server = self.kind.server(&self.place);
        let mut command = Command::new("sh");
        command.args(["-c", include_str!("start.sh"), "start"]).arg(&self.place.folder);
        command.arg(server.get_program()).args(server.get_args()).env_clear();
        command.envs(server.get_envs().filter_map(|(name, value)| Some((name, value?))));
        // A group of its own: what ends the tests does not end the server before its keeper does.
        run(command.process_group(0));
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if self.kind.is_ready(&self.place) {
                // Not another one that answers there.
                return self.has_process();
            }
            if !self.has_process() {
                return false;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        false
    }

    fn stop(&self, signal: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", include_str!("stop.sh"), "stop"]).arg(&self.place.folder).arg(signal);
        command
    }

    /// Whether the server runs, ready or not; see `start.sh`.
    fn has_process(&self) -> bool {
        let running = File::open(self.place.folder.join("running"));
        running.is_ok_and(|running| matches!(running.try_lock(), Err(TryLockError::WouldBlock)))
    }

    /// Starts the keeper, where there is none.
    fn keep(&self, linger_seconds: u32) {
        let lock = locks::open(&self.place.folder.join("keeper"));
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return,
            Err(TryLockError::Error(error)) => panic!("a file can be locked: {error}"),
        }
        drop(lock);
        let stop = self.stop(self.kind.crash_signal());
        let mut command = Command::new("sh");
        command.args(["-c", include_str!("keeper.sh"), "keeper"]).arg(&self.place.folder);
        command.arg(linger_seconds.to_string()).arg(stop.get_program()).args(stop.get_args());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let keeper = command.spawn().expect("sh starts");
        // It outlives this process.
        drop(keeper);
    }
}

/// What tells the servers apart that are shared: the folder of the tests' programs, so that builds of
/// several versions side by side do not meet, and the server's version.
fn key(kind: &dyn Kind) -> String {
    let program = std::env::current_exe().expect("a test is a program");
    let folder = program.parent().unwrap_or(&program);
    digest(&format!("{}\n{}", folder.display(), kind.version()))
}
