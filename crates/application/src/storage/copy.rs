//! Making one store what another one is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use pressroom_ports::{BlobError, COPYING, Cell, NodeRepository, StoreContents, StoreError, Table};

use super::copy_bytes::{Bytes, CopiedBytes, copy_bytes};

/// Rows that are read, compared and written at a time.
const SLICE: u32 = 500;
/// How often all is gone through while the source is written to.
const PASSES: u32 = 12;

/// The moment by which a site is known: when it was first copied. It goes with the copy.
const SITE: &str = "site";
/// How long after its last sign of life a server may still be at work.
const SIGN_OF_LIFE: TimeDelta = TimeDelta::seconds(60);
const MOMENTS: &str = "moments";
const SEQUENCES: &str = "sequences";
const AUDIT_LINES: &str = "audit_lines";

/// A copy that is to be made.
pub struct Copy {
    /// The store that is copied.
    pub from: Arc<dyn StoreContents>,
    /// The store that becomes the same.
    pub to: Arc<dyn StoreContents>,
    /// The servers that use the target, of which there may be none.
    pub servers: Arc<dyn NodeRepository>,
    /// The stored bytes, where they are copied too.
    pub bytes: Option<Bytes>,
    /// What time it is.
    pub now: DateTime<Utc>,
}

/// How far a copy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// All is gone through for the so manieth time.
    Pass(u32),
    /// So many bytes were copied.
    Bytes(CopiedBytes),
    /// So many rows of a table were gone through.
    Rows {
        /// The table.
        table: &'static str,
        /// How many were.
        done: u64,
        /// How many there are.
        of: u64,
    },
}

/// Hears how far a copy is.
pub type Progress<'a> = &'a (dyn Fn(Step) + Sync);

/// What was copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Rows that both stores hold now; each was read in both and compared.
    pub rows: u64,
    /// Rows that were written: they were not in the target, or were others there.
    pub written: u64,
    /// Rows that were deleted from the target: they are no longer in the source.
    pub deleted: u64,
    /// What became of the stored bytes.
    pub bytes: CopiedBytes,
}

/// Why a copy was not made, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// It is no copy of this site.
    #[error("the target holds content that is not of this site; copy into a new store")]
    Occupied,
    /// It was a copy, and has had a life of its own since.
    #[error(
        "the target was written to after it was copied, and that would be lost; copy into a new store"
    )]
    Diverged,
    /// A server works with it.
    #[error("the server at {0} uses the target; stop it, then run the command again")]
    InUse(String),
    /// It is half a copy itself.
    #[error(
        "the source is a copy that was not finished; finish it with the command that it was begun with"
    )]
    Unfinished,
    /// They are one.
    #[error("the source and the target are the same store; name two")]
    Same,
    /// The source is written to all the time.
    #[error(
        "the source is written to while it is copied; stop its servers, then run the command again: what was copied stays, and only the rest follows"
    )]
    Moving,
    /// The target does not take what the source holds.
    #[error("the target does not take what the source holds in {table}: {reason}")]
    Refused {
        /// The table.
        table: &'static str,
        /// Why.
        reason: StoreError,
    },
    /// The source failed.
    #[error("the source cannot be read: {0}")]
    From(#[source] StoreError),
    /// The target failed.
    #[error("the target failed: {0}")]
    To(#[source] StoreError),
    /// The source's bytes cannot be read.
    #[error("the bytes of the source cannot be read: {0}")]
    FromBytes(#[source] BlobError),
    /// The target's bytes cannot be read or written.
    #[error("the bytes of the target cannot be stored: {0}")]
    ToBytes(#[source] BlobError),
}

/// Makes the target what the source is, and ends when it was seen to be: every row of the source was
/// compared with that of the target, the counts are the same, and nothing was written to the source
/// meanwhile.
///
/// All is gone through pass by pass. Each brings what is missing or different and drops what is gone;
/// the first that finds nothing to do, and the source's audit trail as it was at its beginning, is the
/// check. So a copy that was killed is taken up by starting it again, and a site is moved with a short
/// stop: copy while it runs, stop it, copy again.
///
/// A target that is being copied into carries the moment [`COPYING`]; a server does not start on it.
///
/// # Errors
/// See [`CopyError`]. What was copied until then stays, for the next time.
pub async fn copy(command: &Copy, progress: Progress<'_>) -> Result<Copied, CopyError> {
    begin(command).await?;
    let mut copied = Copied::default();
    let mut thorough = false;
    for pass in 1..=PASSES {
        progress(Step::Pass(pass));
        let version = version(&*command.from).await.map_err(CopyError::From)?;
        let bytes_before = copied.bytes.copied;
        if let Some(bytes) = &command.bytes {
            copy_bytes(bytes, &mut copied.bytes, progress).await?;
        }
        let written_before = copied.written + copied.deleted;
        drop_what_is_gone(command, thorough, &mut copied).await?;
        copied.rows = 0;
        match bring_what_is_new(command, &mut copied, progress).await {
            Ok(()) => thorough = false,
            // What a row refers to was written after its table was gone through.
            Err(CopyError::Refused { reason: StoreError::NotFound { .. }, .. })
                if pass < PASSES =>
            {
                continue;
            }
            // A name went from one row to another. Once all that is gone was dropped, the name is
            // free; where two rows changed names, they are brought anew.
            Err(CopyError::Refused { reason: StoreError::Duplicate { .. }, .. })
                if pass < PASSES =>
            {
                if thorough {
                    clear(&*command.to).await.map_err(CopyError::To)?;
                }
                thorough = !thorough;
                continue;
            }
            Err(error) => return Err(error),
        }
        let unchanged = written_before == copied.written + copied.deleted
            && bytes_before == copied.bytes.copied
            && version == self::version(&*command.from).await.map_err(CopyError::From)?;
        if unchanged && are_as_many(command).await? {
            let copying = vec![vec![Cell::Text(COPYING.to_owned())]];
            command.to.delete(MOMENTS, copying).await.map_err(CopyError::To)?;
            return Ok(copied);
        }
    }
    Err(CopyError::Moving)
}

/// Looks whether the target may become a copy of the source, and marks it as one that is not whole.
async fn begin(command: &Copy) -> Result<(), CopyError> {
    let Copy { from, to, now, .. } = command;
    let (from, to) = (&**from, &**to);
    if moment(from, COPYING).await.map_err(CopyError::From)?.is_some() {
        return Err(CopyError::Unfinished);
    }
    let site = match moment(from, SITE).await.map_err(CopyError::From)? {
        Some(site) => site,
        None => note(from, SITE, now.timestamp_micros()).await.map_err(CopyError::From)?,
    };
    let servers = command.servers.list().await.map_err(CopyError::To)?;
    if let Some(server) = servers.iter().find(|server| server.is_alive(*now, SIGN_OF_LIFE)) {
        return Err(CopyError::InUse(server.address.clone()));
    }
    let unfinished = moment(to, COPYING).await.map_err(CopyError::To)?.is_some();
    match moment(to, SITE).await.map_err(CopyError::To)? {
        Some(other) if other != site => return Err(CopyError::Occupied),
        // No server starts on a copy that is not whole, so nothing else can be in it.
        Some(_) if unfinished => {}
        Some(_) => diverged(from, to).await?,
        None if is_empty(to).await.map_err(CopyError::To)? => {}
        None => return Err(CopyError::Occupied),
    }
    note(to, COPYING, now.timestamp_micros()).await.map_err(CopyError::To)?;
    if moment(from, COPYING).await.map_err(CopyError::From)?.is_some() {
        let copying = vec![vec![Cell::Text(COPYING.to_owned())]];
        to.delete(MOMENTS, copying).await.map_err(CopyError::To)?;
        return Err(CopyError::Same);
    }
    note(to, SITE, site).await.map_err(CopyError::To)?;
    Ok(())
}

/// A moment of a store, in microseconds since 1970.
async fn moment(store: &dyn StoreContents, name: &str) -> Result<Option<i64>, StoreError> {
    let found = store.find(MOMENTS, vec![vec![Cell::Text(name.to_owned())]]).await?;
    Ok(found.first().and_then(|row| match row[..] {
        [_, Cell::Integer(at)] => Some(at),
        _ => None,
    }))
}

async fn note(store: &dyn StoreContents, name: &str, at: i64) -> Result<i64, StoreError> {
    store.put(MOMENTS, vec![vec![Cell::Text(name.to_owned()), Cell::Integer(at)]]).await?;
    Ok(at)
}

/// Whether there is nothing but what a new store has.
async fn is_empty(store: &dyn StoreContents) -> Result<bool, StoreError> {
    for table in store.tables().iter().filter(|table| table.name != SEQUENCES) {
        if store.count(table.name).await? > 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The number of the newest line of the audit trail, which every change moves.
async fn version(store: &dyn StoreContents) -> Result<i64, StoreError> {
    let found = store.find(SEQUENCES, vec![vec![Cell::Text(AUDIT_LINES.to_owned())]]).await?;
    Ok(found.first().map_or(0, |row| match row[..] {
        [_, Cell::Integer(last)] => last,
        _ => 0,
    }))
}

/// Fails where the newest line of a copy's trail is not in that of its source.
async fn diverged(from: &dyn StoreContents, to: &dyn StoreContents) -> Result<(), CopyError> {
    let newest = version(to).await.map_err(CopyError::To)?;
    if newest == 0 {
        return Ok(());
    }
    let line = vec![vec![Cell::Integer(newest)]];
    let theirs = to.find(AUDIT_LINES, line.clone()).await.map_err(CopyError::To)?;
    let ours = from.find(AUDIT_LINES, line).await.map_err(CopyError::From)?;
    if ours == theirs { Ok(()) } else { Err(CopyError::Diverged) }
}

/// Deletes from the target what is no longer in the source: in tables that have more rows there, or in
/// all. What refers to others goes before them.
async fn drop_what_is_gone(
    command: &Copy,
    thorough: bool,
    copied: &mut Copied,
) -> Result<(), CopyError> {
    let Copy { from, to, .. } = command;
    for table in to.tables().iter().rev() {
        let there = to.count(table.name).await.map_err(CopyError::To)?;
        let here = from.count(table.name).await.map_err(CopyError::From)?;
        if there == 0 || (there <= here && !thorough) {
            continue;
        }
        let mut after = None;
        loop {
            let rows = to.rows(table.name, after, SLICE).await.map_err(CopyError::To)?;
            let Some(last) = rows.last() else { break };
            after = Some(table.key_of(last).to_vec());
            let mut gone: BTreeSet<Vec<Cell>> =
                rows.iter().map(|row| table.key_of(row).to_vec()).collect();
            let kept = from.find(table.name, gone.iter().cloned().collect()).await;
            for row in kept.map_err(CopyError::From)? {
                gone.remove(table.key_of(&row));
            }
            if !gone.is_empty() {
                let count = gone.len() as u64;
                match to.delete(table.name, gone.into_iter().collect()).await {
                    Ok(()) => copied.deleted += count,
                    // What refers to it changes, and frees it for the next pass.
                    Err(StoreError::InUse { .. }) => {}
                    Err(error) => return Err(CopyError::To(error)),
                }
            }
        }
    }
    Ok(())
}

/// Reads every row of the source, and writes to the target those that are not there or are others.
async fn bring_what_is_new(
    command: &Copy,
    copied: &mut Copied,
    progress: Progress<'_>,
) -> Result<(), CopyError> {
    let Copy { from, to, .. } = command;
    for table in from.tables() {
        let of = from.count(table.name).await.map_err(CopyError::From)?;
        let empty = to.count(table.name).await.map_err(CopyError::To)? == 0;
        let mut done = 0;
        let mut after = None;
        loop {
            let rows = from.rows(table.name, after, SLICE).await.map_err(CopyError::From)?;
            let Some(last) = rows.last() else { break };
            after = Some(table.key_of(last).to_vec());
            done += rows.len() as u64;
            let new = if empty { rows } else { differing(&**to, table, rows).await? };
            if !new.is_empty() {
                let count = new.len() as u64;
                put(&**to, table, new).await?;
                copied.written += count;
            }
            progress(Step::Rows { table: table.name, done, of: of.max(done) });
        }
        copied.rows += done;
    }
    Ok(())
}

/// Those of the source's rows that the target does not have as they are.
async fn differing(
    to: &dyn StoreContents,
    table: &Table,
    rows: Vec<Vec<Cell>>,
) -> Result<Vec<Vec<Cell>>, CopyError> {
    let keys = rows.iter().map(|row| table.key_of(row).to_vec()).collect();
    let there = to.find(table.name, keys).await.map_err(CopyError::To)?;
    let there: BTreeMap<&[Cell], &Vec<Cell>> =
        there.iter().map(|row| (table.key_of(row), row)).collect();
    Ok(rows.into_iter().filter(|row| there.get(table.key_of(row)) != Some(&row)).collect())
}

async fn put(to: &dyn StoreContents, table: &Table, rows: Vec<Vec<Cell>>) -> Result<(), CopyError> {
    to.put(table.name, rows).await.map_err(|reason| match reason {
        StoreError::Duplicate { .. } | StoreError::NotFound { .. } => {
            CopyError::Refused { table: table.name, reason }
        }
        reason => CopyError::To(reason),
    })
}

/// Whether both stores have as many rows of each table.
async fn are_as_many(command: &Copy) -> Result<bool, CopyError> {
    for table in command.from.tables() {
        let here = command.from.count(table.name).await.map_err(CopyError::From)?;
        if here != command.to.count(table.name).await.map_err(CopyError::To)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Deletes every row of a copy.
async fn clear(store: &dyn StoreContents) -> Result<(), StoreError> {
    for table in store.tables().iter().rev() {
        loop {
            let rows = store.rows(table.name, None, SLICE).await?;
            if rows.is_empty() {
                break;
            }
            let keys = rows.iter().map(|row| table.key_of(row).to_vec()).collect();
            store.delete(table.name, keys).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
