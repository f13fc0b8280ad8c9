//! The sub-commands, one file each.

pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod doctor;
mod layout_file;
pub(crate) mod licenses;
pub(crate) mod migrate;
pub(crate) mod render;
pub(crate) mod serve;
pub(crate) mod storage_copy;
pub(crate) mod user;
