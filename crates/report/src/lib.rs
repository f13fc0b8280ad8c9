//! Report definitions: the model and its .repx codec.

mod model;

pub use model::*;
