//! Rows on their way to the bands: opened, filtered, sorted, read ahead.

pub(crate) mod buffer;
pub(crate) mod sort;
pub(crate) mod tables;
pub(crate) mod tree;
