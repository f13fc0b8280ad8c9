//! Texts that are the same to the last blank.
//!
//! SQL Server passes over the blanks that texts end with. Two texts that it takes for the same are so
//! where they are of one length, too.

use diesel::sql_types::SingleValue;

diesel::define_sql_function! {
    /// How many bytes a value takes.
    fn datalength<T: SingleValue>(value: T) -> Integer;
}

/// The condition that a column holds a text.
macro_rules! is_exactly {
    ($column:expr, $text:expr) => {
        $column.eq($text.to_owned()).and(
            $crate::texts::datalength($column).eq($crate::texts::datalength(
                $text.to_owned().into_sql::<diesel::sql_types::Text>(),
            )),
        )
    };
}

/// The condition that a text of a column follows another one, in the order of [`in_exact_order`].
macro_rules! follows_exactly {
    ($column:expr, $text:expr) => {
        $column.gt($text.to_owned()).or($column.eq($text.to_owned()).and(
            $crate::texts::datalength($column).gt($crate::texts::datalength(
                $text.to_owned().into_sql::<diesel::sql_types::Text>(),
            )),
        ))
    };
}

/// What rows are ordered by, where that is a column of texts: those that differ by blanks at their end
/// have no order otherwise.
macro_rules! in_exact_order {
    ($column:expr) => {
        ($column, $crate::texts::datalength($column))
    };
}
