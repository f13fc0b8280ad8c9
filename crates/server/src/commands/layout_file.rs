//! Layouts in files.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use pressroom_report::{Definition, LayoutError};

/// Larger files are no layouts.
const MOST_BYTES: u64 = 64 << 20;
/// Layouts may nest deeply, within the bounds of their codec.
const STACK_BYTES: usize = 16 << 20;

/// Why a file holds no layout.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LayoutFileError {
    /// It cannot be read.
    #[error("the file cannot be read: {0}")]
    Read(#[from] io::Error),
    /// It is too large.
    #[error("the file is larger than the {} MB that a layout may have", MOST_BYTES >> 20)]
    TooLarge,
    /// It is no layout.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

/// Reads a layout.
pub(crate) fn read(path: &Path) -> Result<Definition, LayoutFileError> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(LayoutFileError::TooLarge);
    }
    Ok(Definition::from_repx(&bytes)?)
}

/// Does work on layouts where the stack is large enough for it. A panic in there goes on here.
pub(crate) fn on_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> io::Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("layout".to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, work)?;
        thread.join().map_err(|panic| std::panic::resume_unwind(panic))
    })
}
