//! Finding programs, and running them.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Where the programs of servers are that are not on everybody's path.
const ELSEWHERE: [&str; 3] = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/// A program that is installed.
pub(in super::super) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(ELSEWHERE.map(PathBuf::from));
    folders.map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// A program that is run as another user of the machine, or as whoever runs this.
pub(super) fn command(program: &Path, user: Option<&str>) -> Command {
    let mut command = if let Some(user) = user {
        let mut command = Command::new("setpriv");
        command.arg(format!("--reuid={user}")).arg(format!("--regid={user}"));
        command.arg("--init-groups").arg(program);
        command
    } else {
        Command::new(program)
    };
    // Neither a person's settings nor their folder, which another user may not enter.
    command.env_clear().env("LC_ALL", "C.UTF-8").current_dir("/").stdin(Stdio::null());
    for kept in ["PATH", "LD_LIBRARY_PATH"] {
        command.envs(std::env::var_os(kept).map(|value| (kept, value)));
    }
    command
}

/// Runs a program to its end; panics with what it says where it fails.
pub(in super::super) fn run(command: &mut Command) -> Output {
    run_with(command, "")
}

/// The same, given something to read.
pub(in super::super) fn run_with(command: &mut Command, input: &str) -> Output {
    let output =
        try_with(command, input).unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    assert!(
        output.status.success(),
        "{:?} failed: {}{}",
        command.get_program(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Runs a program to its end, given something to read, however it ends.
pub(super) fn try_with(command: &mut Command, input: &str) -> io::Result<Output> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let stdin = child.stdin.take();
    // It may print while it still reads.
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // One that ends early says why.
            stdin.map(|mut stdin| stdin.write_all(input.as_bytes()))
        });
        child.wait_with_output()
    })
}
