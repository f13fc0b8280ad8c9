//! Writing a backup.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::{DateTime, SecondsFormat, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use pressroom_domain::BlobHash;
use pressroom_ports::{BlobError, BlobReferences, BlobStore};
use sha2::{Digest, Sha256};
use tar::{Builder, EntryType, Header};
use tokio::runtime::Runtime;

use super::{BLOBS, DATA, END, End, FORMAT, KEY, MANIFEST, Manifest, STORE};
use crate::config::{SqliteFile, StorageUrl};
use crate::output::Meter;
use crate::storage::{self, Store};

/// How often all is begun anew because documents were deleted meanwhile.
const ATTEMPTS: u32 = 3;
/// Names that are looked up at a time.
const SLICE: u32 = 500;

/// What is put into a backup.
pub(crate) struct Source<'a> {
    pub(crate) url: &'a StorageUrl,
    pub(crate) store: &'a Store,
    pub(crate) blobs: Arc<dyn BlobStore>,
    /// The text of the key file, where it is to be in.
    pub(crate) key: Option<String>,
    /// The folder of customers' files, where it is to be in.
    pub(crate) data: Option<&'a Path>,
    pub(crate) now: DateTime<Utc>,
}

/// What was put into a backup.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) documents: u64,
    pub(crate) data_files: u64,
    /// Documents that the site had lost before.
    pub(crate) lost: usize,
    pub(crate) size_bytes: u64,
}

/// Why an attempt came to nothing.
enum Failed {
    /// The site deleted documents that its store named when it was looked at.
    Swept,
    Other(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

/// Writes a backup beside its place and moves it there once it is whole. A server may be at work
/// meanwhile: the store is taken as it is at one moment, and then the documents that it names.
pub(crate) fn write(
    source: &Source<'_>,
    file: &Path,
    runtime: &Runtime,
    meter: &Meter,
) -> anyhow::Result<Written> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if file.exists() {
        bail!("{} is there already; choose another name, or remove it", file.display());
    }
    for _ in 0..ATTEMPTS {
        let work = tempfile::Builder::new().prefix(".pressroom-backup-").tempdir_in(folder);
        let work = work.with_context(|| format!("cannot write to {}", folder.display()))?;
        match attempt(source, work.path(), runtime, meter) {
            Ok(written) => {
                // Nobody's file is overwritten, even one that came meanwhile.
                let whole = work.path().join("whole");
                fs::hard_link(&whole, file)
                    .or_else(|_| rename_new(&whole, file))
                    .with_context(|| format!("cannot name the backup {}", file.display()))?;
                sync_folder(folder)?;
                return Ok(written);
            }
            Err(Failed::Swept) => meter.begin("documents were deleted meanwhile; once more"),
            Err(Failed::Other(error)) => {
                return Err(error.context(format!("no backup was written to {}", file.display())));
            }
        }
    }
    bail!("documents are deleted faster than they are backed up; try again in a quieter hour")
}

/// Where a file cannot have two names.
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    if to.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(from, to)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn attempt(
    source: &Source<'_>,
    work: &Path,
    runtime: &Runtime,
    meter: &Meter,
) -> Result<Written, Failed> {
    meter.begin("taking the store");
    let store = work.join(STORE);
    source.store.snapshot(source.url, &store, runtime)?;
    let (store_bytes, store_sha256) = digest(&store)?;
    let manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        taken_at: source.now.to_rfc3339_opts(SecondsFormat::Secs, true),
        store_bytes,
        store_sha256,
    };
    let mut archive = Archive::begin(&work.join("whole"), source.now)?;
    archive.add_json(MANIFEST, &manifest)?;
    archive.add(STORE, store_bytes, &mut File::open(&store)?)?;
    let mut written = Written::default();
    let mut end = End::default();
    {
        let named = storage::open(&SqliteFile::from(store).into(), false)?.stores();
        let named = &*named.blob_references;
        add_blobs(source, named, &mut archive, &mut end, runtime, meter)?;
    }
    written.documents = archive.files - 2;
    if let Some(key) = &source.key {
        archive.add(KEY, key.len() as u64, &mut key.as_bytes())?;
    }
    let before = archive.files;
    if let Some(data) = source.data {
        meter.begin("taking the customers' files");
        add_folder(data, Path::new(""), &mut archive)?;
    }
    written.data_files = archive.files - before;
    written.lost = end.lost.len();
    end.files = archive.files;
    archive.add_json(END, &end)?;
    written.size_bytes = archive.finish()?;
    Ok(written)
}

/// How long a file is, and its hash.
fn digest(path: &Path) -> io::Result<(u64, String)> {
    let (mut file, mut hash) = (File::open(path)?, Sha256::new());
    let size = io::copy(&mut file, &mut hash)?;
    Ok((size, BlobHash::from_bytes(hash.finalize().into()).to_string()))
}

/// Adds all bytes that the store names.
fn add_blobs(
    source: &Source<'_>,
    named: &dyn BlobReferences,
    archive: &mut Archive,
    end: &mut End,
    runtime: &Runtime,
    meter: &Meter,
) -> Result<(), Failed> {
    let mut after = None;
    loop {
        let hashes = runtime.block_on(named.list(after, SLICE))?;
        let Some(last) = hashes.last() else { return Ok(()) };
        after = Some(*last);
        for hash in hashes {
            let reader = match runtime.block_on(source.blobs.open(&hash)) {
                Ok(reader) => reader,
                Err(BlobError::NotFound(_)) => {
                    // Deleted since, or lost long ago?
                    let now = source.store.stores().blob_references;
                    if !runtime.block_on(now.named(&[hash]))?.contains(&hash) {
                        return Err(Failed::Swept);
                    }
                    end.lost.push(hash.to_string());
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let mut pieces = Pieces {
                runtime,
                stream: reader.stream,
                piece: io::Cursor::new(Vec::new()),
                left: reader.size_bytes,
                hash: Sha256::new(),
            };
            archive.add(&format!("{BLOBS}{hash}"), reader.size_bytes, &mut pieces)?;
            if BlobHash::from_bytes(pieces.hash.finalize().into()) != hash {
                end.lost.push(hash.to_string());
            }
            let files = archive.files;
            meter.tell(|| format!("{files} files taken"));
        }
    }
}

/// Stored bytes as a reader, hashed as they come. It gives as many as there were said to be, whatever
/// becomes of them: the hash tells.
struct Pieces<'a> {
    runtime: &'a Runtime,
    stream: BoxStream<'static, Result<Vec<u8>, BlobError>>,
    piece: io::Cursor<Vec<u8>>,
    left: u64,
    hash: Sha256,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || buffer.is_empty() {
            return Ok(0);
        }
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let buffer = &mut buffer[..most];
        let mut read = self.piece.read(buffer)?;
        while read == 0 {
            match self.runtime.block_on(self.stream.next()) {
                Some(piece) => {
                    self.piece = io::Cursor::new(piece.map_err(io::Error::other)?);
                    read = self.piece.read(buffer)?;
                }
                None => {
                    buffer.fill(0);
                    read = most;
                }
            }
        }
        self.hash.update(&buffer[..read]);
        self.left -= read as u64;
        Ok(read)
    }
}

/// Adds the files below a folder. What is neither a file nor a folder is left out.
fn add_folder(root: &Path, below: &Path, archive: &mut Archive) -> anyhow::Result<()> {
    let folder = root.join(below);
    let cannot = || format!("cannot read {}", folder.display());
    let mut entries: Vec<PathBuf> = fs::read_dir(&folder)
        .and_then(|entries| entries.map(|entry| Ok(below.join(entry?.file_name()))).collect())
        .with_context(cannot)?;
    entries.sort();
    for entry in entries {
        let path = root.join(&entry);
        let kind = fs::symlink_metadata(&path).with_context(cannot)?.file_type();
        if kind.is_dir() {
            add_folder(root, &entry, archive)?;
        } else if kind.is_file() {
            add_file(&path, &entry, archive).with_context(|| {
                format!("{} cannot be taken; see --without-data", path.display())
            })?;
        }
    }
    Ok(())
}

fn add_file(path: &Path, entry: &Path, archive: &mut Archive) -> anyhow::Result<()> {
    let name = entry.to_str().context("its name is not valid text")?;
    let name = format!("{DATA}{}", name.replace(std::path::MAIN_SEPARATOR, "/"));
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut taken = file.take(size);
    archive.add(&name, size, &mut taken)?;
    if taken.limit() > 0 {
        bail!("it became shorter while it was read");
    }
    Ok(())
}

/// The file of a backup while it is written.
struct Archive {
    builder: Builder<GzEncoder<BufWriter<File>>>,
    at: u64,
    files: u64,
}

impl Archive {
    fn begin(path: &Path, now: DateTime<Utc>) -> io::Result<Self> {
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            // It holds what the store holds.
            options.mode(0o600);
        }
        let file = BufWriter::with_capacity(256 << 10, options.open(path)?);
        let builder = Builder::new(GzEncoder::new(file, Compression::fast()));
        Ok(Self { builder, at: now.timestamp().unsigned_abs(), files: 0 })
    }

    fn add(&mut self, name: &str, size: u64, bytes: &mut dyn Read) -> io::Result<()> {
        let mut header = Header::new_ustar();
        header.set_path(name)?;
        header.set_entry_type(EntryType::Regular);
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(self.at);
        header.set_cksum();
        self.builder.append(&header, bytes)?;
        self.files += 1;
        Ok(())
    }

    fn add_json(&mut self, name: &str, value: &impl serde::Serialize) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(value)?;
        self.add(name, text.len() as u64, &mut &*text)
    }

    /// Ends it, on the disk, and gives its size.
    fn finish(self) -> io::Result<u64> {
        let mut file = self.builder.into_inner()?.finish()?;
        file.flush()?;
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(file.metadata()?.len())
    }
}
