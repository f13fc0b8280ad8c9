//! Optimistic locks: a writer says which state it saw.

use std::fmt;

/// Counts the writes of an entity: 0 when it is made, one more with each write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OptimisticLock(pub i64);

/// Somebody else wrote since the writer read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "it was changed meanwhile: the current optimisticLock is {current}; read it again and repeat the change"
)]
pub struct LockConflict {
    /// The lock as it is now.
    pub current: OptimisticLock,
}

impl OptimisticLock {
    /// The lock of an entity that was just made.
    pub const NEW: Self = Self(0);

    /// The lock after a write by someone who saw `expected`.
    ///
    /// # Errors
    /// [`LockConflict`] when this is not the lock that the writer saw.
    pub const fn check(self, expected: Self) -> Result<Self, LockConflict> {
        if self.0 == expected.0 { Ok(self.next()) } else { Err(LockConflict { current: self }) }
    }

    /// The lock after one more write.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for OptimisticLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_grows_by_one_for_who_saw_it_and_refuses_everyone_else() {
        let lock = OptimisticLock(3);
        assert_eq!(lock.check(OptimisticLock(3)), Ok(OptimisticLock(4)));
        for stale in [2, 4, 0, -1] {
            assert_eq!(lock.check(OptimisticLock(stale)), Err(LockConflict { current: lock }));
        }
    }
}
