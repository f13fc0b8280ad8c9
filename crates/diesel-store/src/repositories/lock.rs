//! Writing under an optimistic lock.

use std::fmt::Display;

use diesel::QueryResult;
use pressroom_domain::{LockConflict, OptimisticLock};
use pressroom_ports::{Kind, StoreError};

use crate::Connection;
use pressroom_diesel_store::Failure;

/// Writes a row whose lock the writer saw, or whatever lock it has where the writer saw none.
///
/// `write` updates the row of that lock only, and says how many rows that were; `current` reads the
/// lock as it is.
pub(crate) fn write_under_lock(
    conn: &mut Connection,
    (kind, id): (Kind, impl Display + Copy),
    expected: Option<OptimisticLock>,
    current: impl Fn(&mut Connection) -> QueryResult<Option<i64>>,
    write: impl FnOnce(&mut Connection, i64) -> Result<usize, Failure>,
) -> Result<(), Failure> {
    let not_found = || StoreError::not_found(kind, id);
    let seen = match expected {
        Some(lock) => lock.0,
        None => current(conn)?.ok_or_else(not_found)?,
    };
    // No row has the greatest lock: there is none to follow it.
    if seen < i64::MAX && write(conn, seen)? > 0 {
        return Ok(());
    }
    let current = OptimisticLock(current(conn)?.ok_or_else(not_found)?);
    Err(StoreError::conflict(kind, id, LockConflict { current }).into())
}
