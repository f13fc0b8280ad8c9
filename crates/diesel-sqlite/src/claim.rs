//! Rows that a transaction is about to write.
//!
//! Here they are nobody else's: one thread writes.

/// A query for rows that this transaction is about to write.
macro_rules! locked {
    ($query:expr) => {
        $query
    };
}

/// The same, past those that another one is about to write.
macro_rules! unclaimed {
    ($query:expr) => {
        $query
    };
}
