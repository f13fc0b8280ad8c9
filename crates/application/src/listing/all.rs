//! Reading a store to its end, slice by slice.

use pressroom_ports::{Slice, StoreError};

/// How many entities come with one call of a store.
const SLICE: u32 = 500;

/// All of what a store lists that `wanted` wants.
pub(crate) async fn all<T, Id, F>(
    mut read: impl FnMut(Slice<Id>) -> F,
    id: impl Fn(&T) -> Id,
    wanted: impl Fn(&T) -> bool,
) -> Result<Vec<T>, StoreError>
where
    Id: Copy,
    F: Future<Output = Result<Vec<T>, StoreError>>,
{
    let mut all = Vec::new();
    let mut slice = Slice::first(SLICE);
    loop {
        let part = read(slice).await?;
        let full = part.len() >= SLICE as usize;
        let last = part.last().map(&id);
        all.extend(part.into_iter().filter(&wanted));
        match last {
            Some(last) if full => slice = Slice::after(last, SLICE),
            _ => return Ok(all),
        }
    }
}
