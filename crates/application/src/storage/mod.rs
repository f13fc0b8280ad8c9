//! Stores as wholes, from the server's own machine: not for whoever signs in.

mod copy;
mod copy_bytes;

use pressroom_ports::{COPYING, StoreError, Stores};

pub use copy::{Copied, Copy, CopyError, Progress, Step, copy};
pub use copy_bytes::{Bytes, CopiedBytes};

/// Whether a store is being copied into, or was until the copy was cut short: it is not whole.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub async fn is_half_copied(stores: &Stores) -> Result<bool, StoreError> {
    Ok(stores.moments.noted(COPYING).await?.is_some())
}
