//! Data models: customers' databases as documents may use them.

mod create;
mod get;
mod list;

pub use create::{CreateDataModel, create};
pub use get::get;
pub use list::list;
