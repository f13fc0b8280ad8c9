//! Report definitions and rows in, pages out.
