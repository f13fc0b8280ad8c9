//! Texts that are the same to the last blank.

/// The condition that a column holds a text.
macro_rules! is_exactly {
    ($column:expr, $text:expr) => {
        $column.eq($text.to_owned())
    };
}

/// The condition that a text of a column follows another one.
macro_rules! follows_exactly {
    ($column:expr, $text:expr) => {
        $column.gt($text.to_owned())
    };
}

/// What rows are ordered by, where that is a column of texts.
macro_rules! in_exact_order {
    ($column:expr) => {
        $column
    };
}
