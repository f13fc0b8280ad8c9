//! Texts that are the same to the last blank.

/// The condition that a column holds a text.
macro_rules! is_exactly {
    ($column:expr, $text:expr) => {
        $column.eq($text.to_owned())
    };
}
