//! Table hints: which locks a select takes, and what it does about those of others.

use std::fmt;
use std::ops::BitOr;

use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_dsl::methods::{LockingDsl, ModifyLockDsl};
use diesel::result::QueryResult;

use super::tell;
use crate::backend::Tds;

/// Hints for a table, joined by `|`.
///
/// ```
/// use diesel_tds::TableHints;
///
/// let claim = TableHints::UPDLOCK | TableHints::READPAST | TableHints::ROWLOCK;
/// assert_eq!(claim.to_string(), "UPDLOCK, READPAST, ROWLOCK");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TableHints(u16);

impl TableHints {
    /// Locks what is read for an update, until the transaction ends.
    pub const UPDLOCK: Self = Self(1);
    /// Passes over rows that others hold locked.
    pub const READPAST: Self = Self(1 << 1);
    /// Locks rows, rather than pages or the table.
    pub const ROWLOCK: Self = Self(1 << 2);
    /// Keeps the locks on what was read until the transaction ends, ranges included.
    pub const HOLDLOCK: Self = Self(1 << 3);
    /// Locks exclusively.
    pub const XLOCK: Self = Self(1 << 4);
    /// Locks the table.
    pub const TABLOCK: Self = Self(1 << 5);
    /// Locks pages.
    pub const PAGLOCK: Self = Self(1 << 6);
    /// Fails at once where it would wait for a lock.
    pub const NOWAIT: Self = Self(1 << 7);
    /// Reads what others have not committed.
    pub const NOLOCK: Self = Self(1 << 8);
    /// Reads with locks even where the database reads versions of rows.
    pub const READCOMMITTEDLOCK: Self = Self(1 << 9);

    const WORDS: [&'static str; 10] = [
        "UPDLOCK",
        "READPAST",
        "ROWLOCK",
        "HOLDLOCK",
        "XLOCK",
        "TABLOCK",
        "PAGLOCK",
        "NOWAIT",
        "NOLOCK",
        "READCOMMITTEDLOCK",
    ];
}

impl BitOr for TableHints {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Display for TableHints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = Self::WORDS.iter().enumerate().filter(|(bit, _)| self.0 & (1 << bit) != 0);
        for (place, (_, word)) in words.enumerate() {
            if place > 0 {
                f.write_str(", ")?;
            }
            f.write_str(word)?;
        }
        Ok(())
    }
}

impl QueryId for TableHints {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

/// Where Diesel keeps locks; the builder writes the hints after the name of the first table.
impl QueryFragment<Tds> for TableHints {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Tds>) -> QueryResult<()> {
        tell(&mut out, |builder| builder.hint(*self));
        Ok(())
    }
}

/// Where Diesel keeps what follows a lock, such as `SKIP LOCKED`: hints say all that there is.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct NothingMore;

impl QueryFragment<Tds> for NothingMore {
    fn walk_ast<'b>(&'b self, _out: AstPass<'_, 'b, Tds>) -> QueryResult<()> {
        Ok(())
    }
}

/// The type of a select with hints.
pub type WithHints<Q> =
    <<Q as LockingDsl<TableHints>>::Output as ModifyLockDsl<NothingMore>>::Output;

/// `with_hints` on tables and selects.
pub trait HintDsl: LockingDsl<TableHints> + Sized
where
    Self::Output: ModifyLockDsl<NothingMore>,
{
    /// Gives hints to the first table of this select.
    ///
    /// Rows to work on, none of them taken by anyone else:
    ///
    /// ```
    /// use diesel::prelude::*;
    /// use diesel_tds::{HintDsl, TableHints, Tds};
    ///
    /// diesel::table! { jobs (id) { id -> BigInt, taken -> Bool, } }
    ///
    /// let claim = jobs::table
    ///     .with_hints(TableHints::UPDLOCK | TableHints::READPAST | TableHints::ROWLOCK)
    ///     .filter(jobs::taken.eq(false))
    ///     .select(jobs::id)
    ///     .limit(10);
    /// assert_eq!(
    ///     diesel::debug_query::<Tds, _>(&claim).to_string(),
    ///     "SELECT TOP (@P1) [jobs].[id] FROM [jobs] WITH (UPDLOCK, READPAST, ROWLOCK) \
    ///      WHERE ([jobs].[taken] = @P2) -- binds: [10, false]",
    /// );
    /// ```
    fn with_hints(self, hints: TableHints) -> WithHints<Self> {
        self.with_lock(hints).modify_lock(NothingMore)
    }
}

impl<Q> HintDsl for Q
where
    Q: LockingDsl<TableHints>,
    Q::Output: ModifyLockDsl<NothingMore>,
{
}
