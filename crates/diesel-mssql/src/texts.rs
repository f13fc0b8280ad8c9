//! Texts that are the same to the last blank.

/// The condition that a column holds a text. SQL Server passes over the blanks that either ends with;
/// the first condition uses an index, the second sees the blanks.
macro_rules! is_exactly {
    ($column:expr, $text:expr) => {
        $column.eq($text.to_owned()).and($column.concat("|").eq(format!("{}|", $text)))
    };
}
