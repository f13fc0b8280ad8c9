//! Custom queries of data models: what authors write in a database's own SQL.
//!
//! Whoever may read a data model sees its queries; whoever may change it may change them, as far as
//! the site lets anybody ([`CustomSql`](crate::CustomSql)).

mod create;
mod delete;
mod get;
mod given;
mod list;
mod statement;
mod update;

pub use create::{CreateCustomQuery, create};
pub use delete::delete;
pub use get::get;
pub use given::{GivenParameter, GivenQuery};
pub use list::list;
pub(crate) use statement::statement;
pub use update::{UpdateCustomQuery, update};
