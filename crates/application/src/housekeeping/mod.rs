//! What is to be done now and then: dropping what nobody needs any more.

mod sweep;

pub use sweep::{Swept, sweep};
