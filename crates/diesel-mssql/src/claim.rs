//! Rows that a transaction is about to write.
//!
//! Not everything that speaks T-SQL heeds hints. They spare claimers a wait for each other; that a claim
//! is one claimer's alone is the doing of the condition that it is written under.

/// A query for rows that this transaction is about to write: others wait for its end.
macro_rules! locked {
    ($query:expr) => {
        ::diesel_tds::HintDsl::with_hints(
            $query,
            ::diesel_tds::TableHints::UPDLOCK | ::diesel_tds::TableHints::ROWLOCK,
        )
    };
}

/// The same, past those that another one is about to write.
macro_rules! unclaimed {
    ($query:expr) => {
        ::diesel_tds::HintDsl::with_hints(
            $query,
            ::diesel_tds::TableHints::UPDLOCK
                | ::diesel_tds::TableHints::READPAST
                | ::diesel_tds::TableHints::ROWLOCK,
        )
    };
}
