//! Rows that a transaction is about to write.

/// A query for rows that this transaction is about to write: others wait for its end.
macro_rules! locked {
    ($query:expr) => {
        $query.for_update()
    };
}

/// The same, past those that another one is about to write.
macro_rules! unclaimed {
    ($query:expr) => {
        $query.for_update().skip_locked()
    };
}
