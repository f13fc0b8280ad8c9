//! Bringing a backup back.
//!
//! A backup may come from anywhere: every name in it is one that a backup has, every file is bounded or
//! checked by its hash, and nothing is seen at its place before all of it was found to be whole.

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use flate2::bufread::GzDecoder;
use pressroom_delivery::FolderBlobs;
use pressroom_domain::BlobHash;
use pressroom_ports::BlobStore;
use sha2::{Digest, Sha256};
use tar::{Archive, Entry, EntryType};
use tokio::runtime::Runtime;

use super::{BLOBS, DATA, END, End, FORMAT, KEY, MANIFEST, Manifest, STORE};
use crate::config::SqliteFile;
use crate::key::Key;
use crate::output::Meter;
use crate::storage;

/// What a manifest and the like may have.
const SMALL: u64 = 1 << 20;
/// What the end may have: names of lost documents.
const END_BYTES: u64 = 64 << 20;
/// Names that are looked up at a time.
const SLICE: u32 = 500;

/// What was brought back.
#[derive(Debug, Default)]
pub(crate) struct Restored {
    pub(crate) taken_at: String,
    pub(crate) documents: u64,
    pub(crate) data_files: u64,
    pub(crate) has_key: bool,
    /// Documents that the site had lost when the backup was made.
    pub(crate) lost: usize,
}

/// Brings a backup back into a folder that is not there yet, or empty.
pub(crate) fn restore(
    file: &Path,
    data_dir: &Path,
    runtime: &Runtime,
    meter: &Meter,
) -> anyhow::Result<Restored> {
    let cannot = || format!("cannot write beside {}", data_dir.display());
    let data_dir = std::path::absolute(data_dir).with_context(cannot)?;
    match fs::read_dir(&data_dir).map(|mut entries| entries.next().is_none()) {
        Ok(true) => {}
        Ok(false) => bail!("{} is not empty; restore into a new folder", data_dir.display()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(cannot),
    }
    let parent = data_dir.parent().context("the data folder cannot be a whole disk")?;
    fs::create_dir_all(parent).with_context(cannot)?;
    let bytes = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    let stage = tempfile::Builder::new().prefix(".pressroom-restore-").tempdir_in(parent);
    let stage = stage.with_context(cannot)?;
    let restored = unpack(bytes, stage.path(), runtime, meter)
        .and_then(|(restored, end)| {
            check(stage.path(), &end, runtime, meter)?;
            Ok(restored)
        })
        .with_context(|| format!("nothing was restored from {}", file.display()))?;
    // An empty folder makes way.
    if data_dir.exists() {
        fs::remove_dir(&data_dir).with_context(cannot)?;
    }
    fs::rename(stage.path(), &data_dir).with_context(cannot)?;
    // What was there has another name now.
    let _ = stage.keep();
    Ok(restored)
}

/// Writes what is in a backup to an empty folder.
fn unpack(
    bytes: File,
    to: &Path,
    runtime: &Runtime,
    meter: &Meter,
) -> anyhow::Result<(Restored, End)> {
    let damaged = "it is cut short or damaged, or no backup of a site";
    let blobs = FolderBlobs::open(to.join("blobs"))?;
    let mut archive = Archive::new(GzDecoder::new(BufReader::with_capacity(256 << 10, bytes)));
    let mut restored = Restored::default();
    let mut manifest: Option<Manifest> = None;
    let mut end: Option<End> = None;
    let (mut files, mut broken) = (0, Vec::new());
    // Names and sizes as they stand there: what other programs put in their place is refused.
    for entry in archive.entries().context(damaged)?.raw(true) {
        let mut entry = entry.context(damaged)?;
        let name = name_of(&entry)?;
        if end.is_some() {
            bail!("something follows its end; make a new backup");
        }
        let Some(manifest) = &manifest else {
            if name != MANIFEST {
                bail!(damaged);
            }
            let read: Manifest = small(&mut entry, SMALL)?;
            if read.format != FORMAT {
                bail!("version {} wrote it; restore it with that version", read.version);
            }
            restored.taken_at.clone_from(&read.taken_at);
            manifest = Some(read);
            files += 1;
            continue;
        };
        if name == STORE {
            if write_new(&mut entry, &to.join(STORE))? != manifest.store_sha256 {
                bail!("the store in it is not what was backed up; make a new backup");
            }
        } else if name == KEY {
            let mut text = String::new();
            (&mut entry).take(SMALL).read_to_string(&mut text).context(damaged)?;
            let key: Key = text.trim().parse().context("the key in it cannot be used")?;
            key.write_new(&to.join(KEY))?;
            restored.has_key = true;
        } else if name == END {
            let read: End = small(&mut entry, END_BYTES)?;
            if read.files != files {
                bail!("{} of its {} files are there; make a new backup", files, read.files);
            }
            end = Some(read);
            continue;
        } else if let Some(hash) = name.strip_prefix(BLOBS).and_then(|hash| hash.parse().ok()) {
            if !write_blob(&mut entry, &blobs, &hash, runtime).context(damaged)? {
                broken.push(hash);
            }
            restored.documents += 1;
        } else if let Some(path) = name.strip_prefix(DATA).and_then(data_path) {
            let path = to.join("data").join(path);
            fs::create_dir_all(path.parent().unwrap_or(to))?;
            write_new(&mut entry, &path)?;
            restored.data_files += 1;
        } else {
            bail!("it holds \"{}\", which no backup has", name.escape_debug());
        }
        files += 1;
        meter.tell(|| format!("{files} files restored"));
    }
    // The checksum of all stands behind the last file.
    let mut rest = archive.into_inner();
    io::copy(&mut rest, &mut io::sink()).context(damaged)?;
    let end = end.context(damaged)?;
    if let Some(hash) = broken.iter().find(|hash| !end.lost(hash)) {
        bail!("the document {hash} in it is not what was backed up; make a new backup");
    }
    if !to.join(STORE).exists() {
        bail!("there is no store in it; make a new backup");
    }
    restored.documents -= broken.len() as u64;
    restored.lost = end.lost.len();
    Ok((restored, end))
}

/// The name of a regular file; anything else has no place in a backup.
fn name_of(entry: &Entry<'_, impl Read>) -> anyhow::Result<String> {
    let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    if entry.header().entry_type() == EntryType::Regular {
        Ok(name)
    } else {
        Err(anyhow!("it holds \"{}\", which is no file", name.escape_debug()))
    }
}

/// The place of a customer's file below its folder, if the name stays there.
fn data_path(name: &str) -> Option<PathBuf> {
    let path = Path::new(name);
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    let within = !name.is_empty() && !name.contains(['\\', '\0']) && path.components().all(plain);
    within.then(|| path.to_owned())
}

/// A short file of JSON.
fn small<T: serde::de::DeserializeOwned>(entry: &mut impl Read, limit: u64) -> anyhow::Result<T> {
    let mut bytes = Vec::new();
    entry.take(limit).read_to_end(&mut bytes).context("it is cut short or damaged")?;
    serde_json::from_slice(&bytes).context("it is no backup of a site, or damaged")
}

/// Writes a file that is not there yet, and gives its hash.
fn write_new(entry: &mut impl Read, path: &Path) -> anyhow::Result<String> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let cannot = || format!("cannot write {}", path.display());
    let mut file = options.open(path).with_context(cannot)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 64 << 10];
    loop {
        let read = entry.read(&mut piece).context("it is cut short or damaged")?;
        if read == 0 {
            break;
        }
        hash.update(&piece[..read]);
        file.write_all(&piece[..read]).with_context(cannot)?;
    }
    file.sync_all().with_context(cannot)?;
    Ok(BlobHash::from_bytes(hash.finalize().into()).to_string())
}

/// Stores bytes, and says whether they are those of their name.
fn write_blob(
    entry: &mut impl Read,
    blobs: &FolderBlobs,
    hash: &BlobHash,
    runtime: &Runtime,
) -> anyhow::Result<bool> {
    let mut writer = runtime.block_on(blobs.writer())?;
    io::copy(entry, &mut writer)?;
    let stored = writer.commit()?;
    if stored.hash != *hash {
        let always = chrono::DateTime::<chrono::Utc>::MAX_UTC;
        runtime.block_on(blobs.delete(&stored.hash, always))?;
    }
    Ok(stored.hash == *hash)
}

/// Looks whether a server can start there, and whether all that the store names is there.
fn check(folder: &Path, end: &End, runtime: &Runtime, meter: &Meter) -> anyhow::Result<()> {
    meter.begin("checking what was restored");
    let file = SqliteFile::from(folder.join(STORE));
    storage::verify(&file)?;
    let store = storage::open(&file.into(), false)?.stores();
    let blobs = FolderBlobs::open(folder.join("blobs"))?;
    let mut after = None;
    loop {
        let hashes = runtime.block_on(store.blob_references.list(after, SLICE))?;
        let Some(last) = hashes.last() else { return Ok(()) };
        after = Some(*last);
        for hash in hashes {
            if !end.lost(&hash) && !runtime.block_on(blobs.exists(&hash))? {
                bail!("the document {hash} is not in it; make a new backup");
            }
        }
    }
}
