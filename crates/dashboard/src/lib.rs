//! Dashboard definitions.
