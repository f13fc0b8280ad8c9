//! Exports: durable work that turns a document into a file.
//!
//! [`start`] queues, a worker calls [`run_next`], [`status`] tells how far it is, [`result`] gives the
//! file, [`cancel`] ends it. [`render`](render::render) is the part that needs neither store nor queue.

mod arguments;
mod cancel;
mod control;
mod dashboard;
mod far_leases;
mod fault;
mod look_up;
pub mod render;
mod result;
mod rows;
mod run;
mod start;
mod status;
mod subreports;
mod threads;

pub use arguments::argument_value;
pub(crate) use arguments::check as check_arguments;
pub(crate) use arguments::json_value;
pub use cancel::cancel;
pub use control::RunningExports;
pub use dashboard::dashboard;
pub use far_leases::FarLeases;
pub(crate) use look_up::{LookedUp, look_up, until};
pub use result::{ExportFile, result};
pub use rows::{DatabaseRows, Models};
pub use run::{Ran, run_next};
pub use start::{StartExport, start};
pub use status::status;
