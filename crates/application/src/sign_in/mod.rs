//! Signing in without a password of this site.

pub mod external;
