//! Sign-in through a real provider, in a real browser. Needs `node`, `npm` and `chromium`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::tool;

#[test]
fn openid_sign_in_works_in_a_browser() {
    let folder = package();
    let data = tempfile::tempdir().expect("a folder");
    let chromium = which("chromium");
    let ran = tool("node", "nodejs", |node| {
        node.arg("sign_in.mjs")
            .current_dir(&folder)
            .env("PRESSROOM", env!("CARGO_BIN_EXE_pressroom"))
            .env("DATA_DIR", data.path().join("data"))
            .env("CHROMIUM", &chromium);
    });
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

/// Where a program is.
fn which(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(program));
    found
        .into_iter()
        .find(|place| place.is_file())
        .unwrap_or_else(|| panic!("this test needs {program}; install the package {program}"))
}

/// The folder of the test's programs with all that they need, which the first run fetches.
fn package() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let provider = Path::new(env!("CARGO_MANIFEST_DIR")).join("../identity/tests/provider");
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    fs::create_dir_all(&to).expect("a folder for the package");
    for (from, file) in [
        (&tests, "package.json"),
        (&tests, "package-lock.json"),
        (&tests, "sign_in.mjs"),
        (&provider, "provider.mjs"),
    ] {
        fs::copy(from.join(file), to.join(file)).expect("the package's files");
    }
    let wanted = fs::read(to.join("package-lock.json")).expect("the package's lock file");
    if fs::read(to.join("fetched")).unwrap_or_default() != wanted {
        let npm = Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
            .current_dir(&to)
            .output()
            .expect("this test needs npm; install the package npm");
        let told = String::from_utf8_lossy(&npm.stderr);
        assert!(npm.status.success(), "npm ci cannot fetch the test's packages: {told}");
        fs::write(to.join("fetched"), wanted).expect("a note of what was fetched");
    }
    to
}
