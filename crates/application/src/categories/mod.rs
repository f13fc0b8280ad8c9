//! Categories: the shelves that documents stand on.

mod create;
mod delete;
mod get;
mod list;
mod update;

pub use create::{CreateCategory, create};
pub use delete::delete;
pub use get::get;
pub use list::list;
pub use update::{UpdateCategory, update};
