//! What a new server starts with: a trading company's database and six reports on it.
//!
//! The company, Halyard & Quince of Trieste, is invented; its pictures were drawn for this project.

pub mod company;
mod database;
mod orders;
mod random;
mod reports;
mod table;

pub use database::{DemoError, write_database};
pub use reports::{DemoReport, REPORTS};

/// The name under which the reports ask for their connection, and so the data model's name.
pub const CONNECTION: &str = "Demo";

/// What the data model of the demo is.
pub const CONNECTION_DESCRIPTION: &str =
    "Halyard & Quince, an importer of fine things: three years of orders, made up for trying out.";

/// The name of the category in which the demo's documents lie.
pub const CATEGORY: &str = "Halyard & Quince (demo)";

#[cfg(test)]
mod tests;
