//! The adapters of this build: the one place where they are chosen.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pressroom_application::Exporters;
use pressroom_delivery::SpillFolder;
use pressroom_export_pdf::PdfExporter;
use pressroom_ports::{DataSources, Random};
use pressroom_sources::{Files, Sources};

/// Writers of documents.
pub(crate) fn exporters() -> Exporters {
    Exporters::new(vec![Arc::new(PdfExporter)])
}

/// Customers' databases: files below some roots, but for what is denied.
pub(crate) fn databases(roots: Vec<PathBuf>, denied: Vec<PathBuf>) -> impl DataSources {
    Sources::new(Files { roots, denied })
}

/// Temporary files of reports in a folder.
pub(crate) fn temporary_files(folder: &Path) -> io::Result<SpillFolder> {
    SpillFolder::open(folder)
}

/// Random bytes of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // Nothing that a caller does makes it fail; and a server that guesses its secrets must not run.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

#[cfg(test)]
mod tests {
    use pressroom_ports::SystemClock;

    use super::*;

    pressroom_contracts::machine_contract!(|| (SystemClock, SystemRandom));
}
