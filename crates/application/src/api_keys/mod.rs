//! API keys: how programs sign in. Everybody has their own.

mod create;
mod delete;
mod list;

pub use create::{CreateApiKey, MadeApiKey, create};
pub use delete::delete;
pub use list::list;
