//! What layouts look like on paper: small layouts and rows in, what stands where out.
//!
//! Pages are told as one line for each height on the page, `height: left text | left text`, measured
//! from the top left corner in the layout's own unit, hundredths of an inch; see [`report`].

mod report;

mod bands;
mod bar_codes;
mod columns;
mod controls;
mod data;
mod details;
mod groups;
mod hostile;
mod limits;
mod subreports;
mod tables;
mod texts;
mod vertical;

use report::{Report, band, bound, label};
