//! The servers that share a store: what each tells of itself, and the list of them.

mod beat;
mod list;
mod this;

pub use beat::{beat, leave};
pub use list::{ListedNode, list};
pub use this::{Draining, ThisNode};
