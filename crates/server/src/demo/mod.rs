//! What a new server starts with: a trading company's database, six reports and a dashboard on it, and a
//! job.
//!
//! The company, Halyard & Quince of Trieste, is invented; its pictures were drawn for this project.

pub mod company;
mod database;
mod documents;
mod orders;
mod random;
mod table;

pub use database::{DemoError, write_database};
pub use documents::{DASHBOARD, DemoDocument, REPORTS};

/// The name under which the reports ask for their connection, and so the data model's name.
pub const CONNECTION: &str = "Demo";

/// What the data model of the demo is.
pub const CONNECTION_DESCRIPTION: &str =
    "Halyard & Quince, an importer of fine things: three years of orders, made up for trying out.";

/// The name of the category in which the demo's documents lie.
pub const CATEGORY: &str = "Halyard & Quince (demo)";

/// The demo's job: what it is called.
pub const JOB: &str = "Sales of the month before";

/// The report that the demo's job prints.
pub const JOB_REPORT: &str = "Sales by category";

#[cfg(test)]
mod tests;
