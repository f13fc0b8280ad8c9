//! Sheets to CSV.
