//! The provider's process, and its package.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Where the provider sends browsers back to. Nothing listens there: a test reads it off the address.
pub(crate) const REDIRECT_URL: &str = "http://127.0.0.1:9/oauth/external/callback";
/// What it takes for the site's secret.
pub(crate) const SECRET: &str = "a secret + with / signs";

/// A provider that runs, and ends with this.
pub(crate) struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
    /// Open for what else it says: it would end by a word that nobody takes.
    _stdout: BufReader<ChildStdout>,
    /// Its address.
    pub(crate) issuer: String,
}

impl Process {
    /// Starts one on a free port, that tells groups where there are some.
    pub(crate) fn start(groups: Option<&str>) -> Self {
        Self::start_at("0", "first", groups)
    }

    /// Starts one on a port, signing with a new key of an id.
    fn start_at(port: &str, key_id: &str, groups: Option<&str>) -> Self {
        let folder = package();
        let mut command = Command::new("node");
        command.arg("provider.mjs").current_dir(&folder).stdin(Stdio::piped());
        command.env("PORT", port).env("REDIRECT_URL", REDIRECT_URL).env("KEY_ID", key_id);
        if let Some(groups) = groups {
            command.env("GROUPS", groups);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect(NEEDED);
        let stdin = child.stdin.take();
        let mut issuer = String::new();
        let stdout = child.stdout.take().expect("its standard output");
        let mut stdout = BufReader::new(stdout);
        stdout.read_line(&mut issuer).expect("its address");
        let issuer = issuer.trim().to_owned();
        assert!(
            issuer.starts_with("http://"),
            "the provider did not start; try node in {folder:?}"
        );
        Self { child, stdin, _stdout: stdout, issuer }
    }

    /// Ends it, and starts another at the same address, with other keys.
    pub(crate) fn replaced(self, key_id: &str) -> Self {
        let (_, port) = self.issuer.rsplit_once(':').expect("a port");
        let port = port.to_owned();
        drop(self);
        Self::start_at(&port, key_id, None)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const NEEDED: &str = "these tests need node and npm; install the packages nodejs and npm";

/// The folder of the provider with all that it needs, which the first test fetches.
fn package() -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/provider");
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oidc-provider");
    fs::create_dir_all(&to).expect("a folder for the package");
    // Tests are processes of their own, which come here at the same time.
    let lock = File::create(to.join("lock")).expect("a lock");
    lock.lock().expect("the lock");
    let lock_file = "package-lock.json";
    let fetched = fs::read(to.join("fetched")).unwrap_or_default();
    let wanted = fs::read(from.join(lock_file)).expect("the package's lock file");
    for file in ["package.json", lock_file, "provider.mjs"] {
        fs::copy(from.join(file), to.join(file)).expect("the package's files");
    }
    if fetched != wanted {
        let npm = Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
            .current_dir(&to)
            .output()
            .expect(NEEDED);
        let told = String::from_utf8_lossy(&npm.stderr);
        assert!(npm.status.success(), "npm ci cannot fetch the provider: {told}");
        fs::write(to.join("fetched"), wanted).expect("a note of what was fetched");
    }
    to
}
