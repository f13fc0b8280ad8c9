//! The file that is written: whole, or not at all.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::NamedTempFile;

/// A file on its way to its place.
pub(super) struct OutputFile {
    path: PathBuf,
    /// None where the place is no file, such as `/dev/stdout`: it is written to as it is.
    beside: Option<NamedTempFile>,
}

impl OutputFile {
    /// Starts a file beside its place.
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        let is_special =
            path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
        let beside = if is_special { None } else { Some(beside(path)?) };
        Ok(Self { path: path.to_owned(), beside })
    }

    /// Where to write.
    pub(super) fn writer(&self) -> anyhow::Result<Box<dyn Write + Send>> {
        let file: File = match &self.beside {
            Some(beside) => beside.reopen()?,
            None => OpenOptions::new().write(true).open(&self.path)?,
        };
        Ok(Box::new(BufWriter::with_capacity(1 << 16, file)))
    }

    /// Puts the file in its place.
    pub(super) fn keep(self) -> anyhow::Result<()> {
        let Self { path, beside } = self;
        if let Some(beside) = beside {
            beside.persist(&path).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }
}

fn beside(path: &Path) -> anyhow::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".pressroom-");
    // As any file that is made here; the default is for the owner only.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder).with_context(|| {
        format!("cannot write {}; see that its folder is there and can be written", path.display())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_seen_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.pdf");
        let names = || std::fs::read_dir(folder.path()).unwrap().count();
        let file = OutputFile::create(&path).unwrap();
        file.writer().unwrap().write_all(b"half").unwrap();
        drop(file);
        assert_eq!(names(), 0, "what was given up leaves nothing");
        std::fs::write(&path, "the one before").unwrap();
        let file = OutputFile::create(&path).unwrap();
        file.writer().unwrap().write_all(b"whole").unwrap();
        file.keep().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"whole");
        assert_eq!(names(), 1);
    }
}
