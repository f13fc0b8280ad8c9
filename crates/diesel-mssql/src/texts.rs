//! Texts that are the same to the last blank.

/// The condition that a column holds a text. SQL Server passes over the blanks that either ends with;
/// the first condition uses an index, the second sees the blanks.
macro_rules! is_exactly {
    ($column:expr, $text:expr) => {
        $column.eq($text.to_owned()).and($column.concat("|").eq(format!("{}|", $text)))
    };
}

/// The condition that a text of a column follows another one, in the order of [`in_exact_order`].
macro_rules! follows_exactly {
    ($column:expr, $text:expr) => {
        $column
            .gt($text.to_owned())
            .or($column.eq($text.to_owned()).and($column.concat("|").gt(format!("{}|", $text))))
    };
}

/// What rows are ordered by, where that is a column of texts: SQL Server says nothing of the order of
/// those that differ by blanks at their end, so they get one.
macro_rules! in_exact_order {
    ($column:expr) => {
        ($column, $column.concat("|"))
    };
}
