//! Programs that are not ours, which read what ours writes.

use std::path::Path;
use std::process::{Command, Output};

/// Runs a program to its end, and says which package has it where it is missing.
pub(crate) fn tool(program: &str, package: &str, configure: impl FnOnce(&mut Command)) -> Output {
    let mut command = Command::new(program);
    configure(&mut command);
    command.output().unwrap_or_else(|error| {
        panic!("the tests need {program} ({error}); install {package}, as .ci/run does")
    })
}

/// Fails unless a file is a PDF without mistakes.
#[track_caller]
pub(crate) fn valid_pdf(path: &Path) {
    let checked = tool("qpdf", "qpdf", |qpdf| {
        qpdf.arg("--check").arg(path);
    });
    let words = String::from_utf8_lossy(&checked.stdout);
    let mistakes = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{}: {words}{mistakes}", path.display());
}

/// How many pages a PDF has.
#[track_caller]
pub(crate) fn pages(path: &Path) -> usize {
    let counted = tool("qpdf", "qpdf", |qpdf| {
        qpdf.arg("--show-npages").arg(path);
    });
    let words = String::from_utf8_lossy(&counted.stdout);
    words.trim().parse().unwrap_or_else(|_| panic!("{}: {words}", path.display()))
}

/// The text of a PDF, laid out as on its pages.
#[track_caller]
pub(crate) fn text(path: &Path) -> String {
    let read = tool("pdftotext", "poppler-utils", |pdftotext| {
        pdftotext.arg("-layout").arg(path).arg("-");
    });
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8_lossy(&read.stdout).into_owned()
}
