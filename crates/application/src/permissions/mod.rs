//! Permissions: what a user or a group may do.

mod add;
mod entries;
mod list;
mod remove;

pub use add::add;
pub use entries::{EditPermissions, Entry};
pub use list::list;
pub use remove::remove;
