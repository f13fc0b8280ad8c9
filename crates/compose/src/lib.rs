//! Report definitions and rows in, pages out.
//!
//! [`compose`] walks a [`Definition`](pressroom_report::Definition): it asks a
//! [`RowProvider`](pressroom_data::RowProvider) for rows, groups and sums them, lays out bands and
//! controls, breaks them into pages and hands these, one by one, to a
//! [`PageSink`](pressroom_page::PageSink).

mod compose;
mod context;
mod fragment;
mod layout;
mod page_text;
mod pager;
pub mod parameters;
mod plan;
mod rows;
mod run;
mod spool;
mod text;
mod warnings;

pub use compose::compose;
pub use context::{
    ComposeError, Context, Limits, NoProgress, NoSubreports, Outcome, Progress, SubreportLoader,
    Warning,
};
