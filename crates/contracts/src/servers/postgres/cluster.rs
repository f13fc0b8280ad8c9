//! One running server: its folder, its start and its end.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::binaries::{Binaries, run};
use super::locks;

/// How long a shared server waits for another test before it ends.
const LINGER_SECONDS: u32 = 15;
/// The user whose databases they are.
const USER: &str = "pressroom";
/// A path to a Unix socket that is longer does not fit.
const LONGEST_SOCKET_FOLDER: usize = 80;

/// A running server. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Cluster(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    binaries: Binaries,
    folder: PathBuf,
    as_root: bool,
    port: u16,
    password: String,
    /// Whether it is one of this test alone.
    dedicated: bool,
    /// As long as this is locked, the keeper lets the server run.
    _users: File,
}

impl Cluster {
    pub(super) fn shared(binaries: Binaries) -> Self {
        let folder = folder(&key(&binaries));
        Self::open(binaries, folder, false)
    }

    pub(super) fn dedicated(binaries: Binaries) -> Self {
        let folder = folder(&Uuid::new_v4().simple().to_string());
        Self::open(binaries, folder, true)
    }

    /// The server of a folder; started where it does not run.
    fn open(binaries: Binaries, folder: PathBuf, dedicated: bool) -> Self {
        let gate = locks::exclusive(&folder.join("gate"));
        let users = locks::open(&folder.join("users"));
        users.lock_shared().expect("a file can be locked");
        users.set_modified(SystemTime::now()).expect("a file can be touched");
        // Whoever makes a folder owns it: that tells who runs this.
        let as_root = gate.metadata().is_ok_and(|gate| gate.uid() == 0);
        let server = Server { binaries, folder, as_root };
        let (port, password) = server.running().unwrap_or_else(|| server.make());
        server.keep(if dedicated { 0 } else { LINGER_SECONDS });
        let Server { binaries, folder, as_root } = server;
        let inner = Inner { binaries, folder, as_root, port, password, dedicated, _users: users };
        Self(Arc::new(inner))
    }

    pub(super) fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.0.port).into()
    }

    pub(super) fn url(&self, database: &str) -> String {
        self.url_by(self.address(), database)
    }

    pub(super) fn url_by(&self, address: SocketAddr, database: &str) -> String {
        format!("postgres://{USER}:{}@{address}/{database}", self.0.password)
    }

    fn psql(&self, database: &str, sql: &str) -> Command {
        let Inner { binaries, folder, port, .. } = &*self.0;
        // Over the socket, where nobody asks for a password.
        let mut command = binaries.program("psql", false);
        command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
        command.args(["--set=ON_ERROR_STOP=1", "--username", USER, "--dbname", database]);
        command.arg("--host").arg(folder).args(["--port", &port.to_string(), "--command", sql]);
        command
    }

    pub(super) fn sql(&self, database: &str, sql: &str) -> String {
        let output = run(&mut self.psql(database, sql));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    pub(super) fn create_database(&self, name: &str, template: Option<&str>) {
        let template = template.unwrap_or("template1");
        let _ =
            self.sql("postgres", &format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\""));
    }

    /// Drops a database, whoever is connected. Where the server is away, it went with it.
    pub(super) fn drop_database(&self, name: &str) {
        let sql = format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
        let _ = self.psql("postgres", &sql).output();
    }

    /// The database that a template's name stands for, made where it is missing or was left half
    /// made.
    pub(super) fn template(&self, template: &str, prepare: impl FnOnce(&str)) -> String {
        let name = format!("like{}", digest(template));
        let _turn = locks::exclusive(&self.0.folder.join("templates"));
        let whole = format!("SELECT 1 FROM pg_database WHERE datname = '{name}' AND datistemplate");
        if self.sql("postgres", &whole) != "1" {
            self.drop_database(&name);
            self.create_database(&name, None);
            prepare(&self.url(&name));
            let done = format!("ALTER DATABASE \"{name}\" IS_TEMPLATE true");
            let _ = self.sql("postgres", &done);
        }
        name
    }

    pub(super) fn stop_hard(&self) {
        assert!(self.0.dedicated, "other tests use this server too");
        run(&mut self.server().stop());
    }

    pub(super) fn start_again(&self) {
        assert!(self.server().start(), "the server starts again: {}", self.server().log());
    }

    fn server(&self) -> Server {
        let Inner { binaries, folder, as_root, .. } = &*self.0;
        Server { binaries: binaries.clone(), folder: folder.clone(), as_root: *as_root }
    }
}

/// A server of a folder, running or not. Whoever starts or ends it holds the lock of the folder's gate.
struct Server {
    binaries: Binaries,
    folder: PathBuf,
    as_root: bool,
}

impl Server {
    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The port and the password, where it runs.
    fn running(&self) -> Option<(u16, String)> {
        let ready = std::fs::read_to_string(self.folder.join("ready")).ok()?;
        let (port, password) = ready.split_once('\n')?;
        let port = port.parse().ok()?;
        UnixStream::connect(self.folder.join(format!(".s.PGSQL.{port}"))).ok()?;
        Some((port, password.to_owned()))
    }

    /// Makes it anew, whatever an earlier one left behind.
    fn make(&self) -> (u16, String) {
        if self.still_runs() {
            let _ = self.stop().output();
        }
        for left in ["ready", "log", "password"] {
            let _ = std::fs::remove_file(self.folder.join(left));
        }
        let _ = std::fs::remove_dir_all(self.data());
        if self.as_root {
            // The socket goes there too.
            run(Command::new("chown").arg("postgres:").arg(&self.folder));
        }
        let password = Uuid::new_v4().simple().to_string();
        self.initialise(&password);
        for _ in 0..5 {
            let port = free_port();
            self.configure(port);
            if self.start() {
                let ready = format!("{port}\n{password}");
                std::fs::write(self.folder.join("ready"), ready).expect("the folder takes a file");
                return (port, password);
            }
        }
        panic!("PostgreSQL does not start: {}", self.log());
    }

    fn initialise(&self, password: &str) {
        let file = self.folder.join("password");
        std::fs::write(&file, password).expect("the folder takes a file");
        if self.as_root {
            run(Command::new("chown").arg("postgres:").arg(&file));
        }
        let init = |more: &[&str]| {
            let mut command = self.binaries.program("initdb", self.as_root);
            command.arg("--pgdata").arg(self.data()).arg("--pwfile").arg(&file);
            command.args(["--username", USER, "--encoding=UTF8", "--locale=C.UTF-8"]);
            command.args(["--no-sync", "--no-instructions", "--auth-local=trust"]);
            // As it is, over loopback: a client in a debug build hashes for as long as a test takes.
            command.arg("--auth-host=password").args(more);
            command
        };
        // A language's order of texts, as most servers have: what relies on the order of bytes shows.
        // Versions before 15, and those without ICU, go without.
        let icu = ["--locale-provider=icu", "--icu-locale=en-US"];
        if !init(&icu).output().is_ok_and(|output| output.status.success()) {
            let _ = std::fs::remove_dir_all(self.data());
            run(&mut init(&[]));
        }
        std::fs::remove_file(&file).expect("the file of the password can be removed");
    }

    fn configure(&self, port: u16) {
        let folder = self.folder.display();
        let settings = format!(
            "port = {port}\n\
             listen_addresses = '127.0.0.1'\n\
             unix_socket_directories = '{folder}'\n\
             max_connections = 300\n\
             shared_buffers = 32MB\n\
             fsync = off\n\
             full_page_writes = off\n\
             wal_level = minimal\n\
             max_wal_senders = 0\n\
             timezone = 'Asia/Kathmandu'\n"
        );
        let path = self.data().join("postgresql.conf");
        let mut file = OpenOptions::new().append(true).open(path).expect("initdb made settings");
        file.write_all(settings.as_bytes()).expect("settings can be added");
    }

    fn start(&self) -> bool {
        let mut command = self.binaries.program("pg_ctl", self.as_root);
        command.args(["start", "--wait", "--timeout=60", "--pgdata"]).arg(self.data());
        command.arg("--log").arg(self.folder.join("log"));
        // A group of its own: what ends the tests does not end the server before its keeper does.
        command.stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        command.status().is_ok_and(|status| status.success())
    }

    fn stop(&self) -> Command {
        let mut command = self.binaries.program("pg_ctl", self.as_root);
        command.args(["stop", "--wait", "--mode=immediate", "--pgdata"]).arg(self.data());
        command
    }

    /// Whether the process that the folder names is that of its server, and not another one that has
    /// its number now.
    fn still_runs(&self) -> bool {
        let Ok(file) = std::fs::read_to_string(self.data().join("postmaster.pid")) else {
            return false;
        };
        let id = file.lines().next().unwrap_or_default();
        std::fs::read_link(Path::new("/proc").join(id).join("cwd"))
            .is_ok_and(|folder| folder == self.data())
    }

    /// Starts the keeper, where there is none.
    fn keep(&self, linger_seconds: u32) {
        let lock = locks::open(&self.folder.join("keeper"));
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return,
            Err(TryLockError::Error(error)) => panic!("a file can be locked: {error}"),
        }
        drop(lock);
        let stop = self.stop();
        let mut command = Command::new("sh");
        command.args(["-c", include_str!("keeper.sh"), "keeper"]).arg(&self.folder);
        command.arg(linger_seconds.to_string()).arg(stop.get_program()).args(stop.get_args());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let keeper = command.spawn().expect("sh starts");
        // It outlives this process.
        drop(keeper);
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

/// What tells the servers apart that are shared: the folder of the tests' programs, so that builds of
/// several versions side by side do not meet, and the server's programs.
fn key(binaries: &Binaries) -> String {
    let program = std::env::current_exe().expect("a test is a program");
    let folder = program.parent().unwrap_or(&program);
    digest(&format!("{}\n{}", folder.display(), binaries.folder.display()))
}

fn digest(text: &str) -> String {
    Sha256::digest(text)[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A folder for a server, whose path is short enough for its socket.
fn folder(key: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("pressroom-postgres-{key}"));
    if folder.as_os_str().len() <= LONGEST_SOCKET_FOLDER {
        return folder;
    }
    Path::new("/tmp").join(format!("pressroom-postgres-{key}"))
}

/// A port that nobody has now, below those that systems hand out to clients, so that it is likely to
/// be free still when a server comes back.
fn free_port() -> u16 {
    loop {
        let (random, _) = Uuid::new_v4().as_u64_pair();
        let port = 10_000 + u16::try_from(random % 20_000).expect("less than 20,000");
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
