//! Lists: what a caller may read of a kind, filtered, sorted and cut as they ask.
//!
//! # A list of one more kind
//! 1. Say what a list of it is made of: `impl Listed for Shelf`, beside its use case `list`. The
//!    names of [`Listed::FIELDS`] are those that the API answers with.
//! 2. The use case is one line: `listing::open(app, caller, query).await`.
//! 3. So is the handler:
//!    `answer::listed::<Shelf, _>(&request, shelves::list(&site, &caller.0, &request.query).await?).await`,
//!    where `request` is an argument of the type `ListRequest`, and `Shelf` what goes over the wire.
//!
//! # How it works
//! Every write adds a line to the audit trail, so the number of the newest line about a kind is the
//! version of all entities of that kind. `open` asks for that number and makes the [`Listing::tag`]
//! of it; a caller who knows the tag needs no more. [`Listing::read`] takes the entities from memory,
//! where they are kept as of a version, and reads the store only when there is a newer one: whoever
//! wrote it, on this node or another. The version is read *before* the rows, so that what is kept is
//! never older than it says.
//!
//! Filters come from strangers: their text, depth and time are bounded, and they are evaluated where
//! a thread may be busy.

mod all;
mod cache;
mod filter;
mod list;
mod query;
mod sort;
mod tag;
#[cfg(test)]
mod tests;

pub use cache::ListCaches;
pub use list::{List, Listing};
pub use query::ListQuery;

pub(crate) use all::all;
pub(crate) use filter::{Filter, Patience};
pub(crate) use list::{Gathering, busy, open};
pub(crate) use sort::Sort;

use pressroom_data::{DataType, Value};
use pressroom_domain::SubjectKind;
use pressroom_ports::{Slice, StoreError};

use crate::{App, Caller};

/// What can be listed.
pub trait Listed: Send + Sync + Sized + 'static {
    /// Which one.
    type Id: Copy + Send + Sync;

    /// Whose lines in the audit trail tell that a list of these may have changed: its own kind, and
    /// that of whatever else a list shows.
    const KINDS: &'static [SubjectKind];

    /// What filters and sorting know, as the API names it.
    const FIELDS: &'static [ListField<Self>];

    /// Which one this is.
    fn id(&self) -> Self::Id;

    /// Whether the caller may read it: a question for [`authorise`](crate::authorise).
    fn is_seen_by(&self, caller: &Caller) -> bool;

    /// A part of all of them, smallest id first.
    fn slice(
        app: &App,
        slice: Slice<Self::Id>,
    ) -> impl Future<Output = Result<Vec<Self>, StoreError>> + Send;
}

/// Something about an entity that lists are filtered and sorted by.
#[derive(Debug)]
pub struct ListField<T> {
    /// Its name, as the API writes it; it counts in any letter case.
    pub name: &'static str,
    /// The type of its values.
    pub data_type: DataType,
    /// Its value.
    pub value: fn(&T) -> Value,
}

impl<T> ListField<T> {
    /// A whole number.
    pub const fn int(name: &'static str, value: fn(&T) -> Value) -> Self {
        Self { name, data_type: DataType::Int, value }
    }

    /// A text.
    pub const fn text(name: &'static str, value: fn(&T) -> Value) -> Self {
        Self { name, data_type: DataType::Text, value }
    }

    /// A truth value.
    pub const fn bool(name: &'static str, value: fn(&T) -> Value) -> Self {
        Self { name, data_type: DataType::Bool, value }
    }

    /// A time, in UTC.
    pub const fn time(name: &'static str, value: fn(&T) -> Value) -> Self {
        Self { name, data_type: DataType::DateTime, value }
    }
}

/// The position of a field, by its name in any letter case.
fn find<T>(fields: &[ListField<T>], name: &str) -> Option<usize> {
    fields.iter().position(|field| field.name.eq_ignore_ascii_case(name))
}

/// The names of fields, for whoever used another one.
fn names<T>(fields: &[ListField<T>]) -> String {
    let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
    names.join(", ")
}
