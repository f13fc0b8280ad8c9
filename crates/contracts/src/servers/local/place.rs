//! Where a server is: its folder, its port.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::programs::{self, run};

/// A path to a Unix socket that is longer does not fit.
const LONGEST_SOCKET_FOLDER: usize = 80;

/// Where a server is, and how to get in.
#[derive(Clone, Debug)]
pub(in super::super) struct Place {
    /// All that belongs to it. Goes with it.
    pub(in super::super) folder: PathBuf,
    /// The port on the loopback.
    pub(in super::super) port: u16,
    /// The password of the server's user.
    pub(in super::super) password: String,
    /// The user of the machine that runs it, where that is another one.
    account: Option<&'static str>,
}

impl Place {
    pub(super) fn new(folder: PathBuf, account: Option<&'static str>) -> Self {
        Self { folder, port: 0, password: String::new(), account }
    }

    /// The folder of its data.
    pub(in super::super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub(in super::super) fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// A program of it, run as the user who runs the server: most refuse to run as root.
    pub(in super::super) fn program(&self, program: &Path) -> Command {
        let mut command = programs::command(program, self.account);
        command.env("TMPDIR", &self.folder);
        command
    }

    /// Writes a file of its folder that its programs can read.
    pub(in super::super) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, text).expect("the folder takes a file");
        self.hand_over(&path);
        path
    }

    /// Makes a folder in its folder, which its programs can fill.
    pub(in super::super) fn make_folder(&self, name: &str) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::create_dir_all(&path).expect("the folder takes a folder");
        self.hand_over(&path);
        path
    }

    /// Makes a file or a folder that of the user who runs the server.
    pub(super) fn hand_over(&self, path: &Path) {
        if let Some(account) = self.account {
            run(Command::new("chown").arg(format!("{account}:")).arg(path));
        }
    }

    /// What the server said.
    pub(in super::super) fn log(&self) -> String {
        let log = std::fs::read(self.folder.join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }
}

/// A folder for a server, whose path is short enough for its socket.
pub(super) fn folder(name: &str, key: &str) -> PathBuf {
    let name = format!("pressroom-{name}-{key}");
    // As the system names it: Firebird loads nothing by another name.
    let temporary = std::env::temp_dir().canonicalize().expect("there is a temporary folder");
    let folder = temporary.join(&name);
    if folder.as_os_str().len() <= LONGEST_SOCKET_FOLDER {
        return folder;
    }
    Path::new("/tmp").join(name)
}

/// A port that nobody has now, below those that systems hand out to clients, so that it is likely to
/// be free still when a server comes back.
pub(super) fn free_port() -> u16 {
    loop {
        let (random, _) = Uuid::new_v4().as_u64_pair();
        let port = 10_000 + u16::try_from(random % 20_000).expect("less than 20,000");
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}

/// A short word for a text.
pub(in super::super) fn digest(text: &str) -> String {
    Sha256::digest(text)[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}
