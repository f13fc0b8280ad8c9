//! Report definitions: the model and its .repx codec.

mod known_colors;
mod model;
mod repx;
mod sample;
mod style;
mod support;
mod text_form;

pub use model::*;
pub use repx::LayoutError;
pub use sample::SampleRows;
pub use style::{ComputedStyle, Parity, resolve};
pub use support::{Feature, Support, is_metafile, support};
