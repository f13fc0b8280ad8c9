//! Which statements may run, and as what text.
//!
//! A statement is parsed, checked against what the data model shows, and written anew from what was
//! understood of it. Only the written text is run, so no comment, quote or escape that a database
//! reads otherwise than the parser takes part in it:
//!
//! - every table and column is a known one, written in quotes, columns with their table before them;
//! - every alias is the only one of its kind in the statement, so that the database finds by a name
//!   what was found here, whatever its rules of scope;
//! - functions, types, operators and clauses are those that are known to do nothing but compute;
//! - a table with a row filter is written as the query of the rows that pass it.
//!
//! What is not understood is refused. A view that is shown may read what it reads: showing it is the
//! choice to show what it gives, and row filters of tables below it are not put into it. The database
//! account that a data model signs in with is the last wall.

mod calls;
mod error;
mod expressions;
mod filters;
mod from;
mod functions;
mod literals;
mod names;
mod queries;
mod reading;
mod rewording;
mod scope;
mod selects;
mod syntax;
mod tables;
mod text;
mod types;
mod writer;

#[cfg(test)]
mod tests;

use pressroom_domain::Hidden;

pub(crate) use error::Refusal;
pub(crate) use filters::Filter;
pub(crate) use names::Catalogue;
pub(crate) use syntax::Syntax;
pub(crate) use text::Bind;

/// A statement that may run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Checked {
    /// What is run.
    pub(crate) sql: String,
    /// Where the values of its places come from, in the order of the places.
    pub(crate) binds: Vec<Bind>,
}

/// Whether a statement may run under what a data model hides, and as what. `filters` gives the row
/// filter of a table by the name that the data model has for it.
///
/// The places of values in the statement are `?` in order, or numbered: `?1`, `$1`, `:1`, `@P1`.
pub(crate) fn check(
    sql: &str,
    catalogue: &Catalogue,
    hidden: &Hidden,
    filters: &dyn Fn(&str) -> Option<Filter>,
) -> Result<Checked, Refusal> {
    reading::with_room(sql, || {
        let read = reading::query(sql, catalogue.syntax())?;
        writer::Writer::write(&read, catalogue, hidden, filters)
    })
}
