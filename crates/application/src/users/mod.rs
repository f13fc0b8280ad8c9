//! Users: who may sign in, and what they look like.

mod check;
mod create;
mod delete;
mod get;
mod list;
mod photo;
mod set_photo;
mod update;

pub use create::{CreateUser, create};
pub use delete::delete;
pub use get::get;
pub use list::list;
pub use photo::{UserPhoto, photo};
pub use set_photo::set_photo;
pub use update::{UpdateUser, update};
