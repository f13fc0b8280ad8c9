//! Groups: several people who may do the same.

mod create;
mod delete;
mod get;
mod list;
mod update;

pub use create::{CreateGroup, create};
pub use delete::delete;
pub use get::get;
pub use list::list;
pub use update::{UpdateGroup, update};
