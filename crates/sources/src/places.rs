//! Which file a model means, and whether it may.

use std::fs::{self, Metadata};
use std::path::{Component, Path, PathBuf};

use crate::Files;

/// Why a model does not reach its file, in words for its author. They tell nothing of files outside
/// of the roots, not even whether there are any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("it names no file; write Data Source=name in its connection string, or give its uri")]
    NoFile,
    #[error(
        "its file lies outside of the folders that this site opens to data models; move it there"
    )]
    Outside,
    #[error("its file is not there; see that it lies in a data folder and the name is right")]
    Missing,
    #[error("its file is the server's own store; choose another one")]
    OwnStore,
}

/// A file that a model may read. The path holds no link, so that what is opened is what was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    /// Tells a file from one that was put in its place.
    identity: Identity,
}

type Identity = (u64, u64);

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn identity(metadata: &Metadata) -> Identity {
    let made = metadata.created().ok();
    let made = made.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    (0, made.map_or(0, |at| at.as_secs()))
}

/// The file that a model names, below the roots. Before it is opened, see [`Place::check`].
pub(crate) fn locate(text: &str, files: &Files) -> Result<Place, Refusal> {
    let named = Path::new(text);
    if text.is_empty() || text.contains('\0') {
        return Err(Refusal::NoFile);
    }
    if named.components().any(|part| part == Component::ParentDir) {
        return Err(Refusal::Outside);
    }
    let roots: Vec<PathBuf> =
        files.roots.iter().filter_map(|root| fs::canonicalize(root).ok()).collect();
    let below_a_root = |path: &Path| roots.iter().any(|root| path.starts_with(root));
    let (path, metadata) = if named.is_absolute() {
        let Some(found) = resolve(named) else {
            // Only of a place inside may one say that nothing is there.
            let inside = below_a_root(named) || files.roots.iter().any(|r| named.starts_with(r));
            return Err(if inside { Refusal::Missing } else { Refusal::Outside });
        };
        found
    } else {
        roots.iter().find_map(|root| resolve(&root.join(named))).ok_or(Refusal::Missing)?
    };
    if !below_a_root(&path) {
        return Err(Refusal::Outside);
    }
    if !metadata.is_file() {
        return Err(Refusal::Missing);
    }
    Ok(Place { path, identity: identity(&metadata) })
}

fn resolve(path: &Path) -> Option<(PathBuf, Metadata)> {
    let path = fs::canonicalize(path).ok()?;
    let metadata = fs::metadata(&path).ok()?;
    Some((path, metadata))
}

impl Place {
    /// What tells the file from every other one.
    pub(crate) fn identity(&self) -> (u64, u64) {
        self.identity
    }

    /// Whether an opened file is this one.
    pub(crate) fn is(&self, opened: &Metadata) -> bool {
        opened.is_file() && identity(opened) == self.identity
    }

    /// Refuses the server's own store. A connection that was opened before was checked then, which
    /// saves the look at every denied file with each query.
    pub(crate) fn check(&self, files: &Files) -> Result<(), Refusal> {
        let denied = files.denied.iter().any(|denied| self.is_part_of(denied));
        if denied { Err(Refusal::OwnStore) } else { Ok(()) }
    }

    /// Whether this is a denied file by any of its names, one that SQLite keeps beside it, or lies in
    /// a denied folder.
    fn is_part_of(&self, denied: &Path) -> bool {
        ["", "-wal", "-shm", "-journal"].iter().any(|suffix| {
            let mut file = denied.as_os_str().to_owned();
            file.push(suffix);
            resolve(Path::new(&file)).is_some_and(|(path, metadata)| {
                self.path.starts_with(&path)
                    || (metadata.is_file() && identity(&metadata) == self.identity)
            })
        })
    }
}
