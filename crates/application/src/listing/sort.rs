//! Orders that a list can be asked for in.

use std::cmp::Ordering;

use pressroom_data::{Value, compare};

use super::{Listed, find, names};
use crate::Error;

/// The most fields that one list is sorted by.
const MOST_FIELDS: usize = 8;

/// An order: positions of fields, the most important first. Empty is the order of ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sort(Vec<Key>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    field: usize,
    descending: bool,
}

/// What an entity is sorted by.
pub(crate) type SortKey = Box<[Value]>;

impl Sort {
    /// Reads an order such as `name,-modifiedDateTime`.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the parameter.
    pub(crate) fn new<T: Listed>(text: &str) -> Result<Self, Error> {
        let mut keys: Vec<Key> = Vec::new();
        for part in text.split(',').map(str::trim) {
            // A `+` that nobody encoded arrives as the blank that it means in a query.
            let (name, descending) = match part.strip_prefix('-') {
                Some(name) => (name, true),
                None => (part.strip_prefix('+').unwrap_or(part), false),
            };
            let name = name.trim();
            let name = name.strip_prefix('[').and_then(|n| n.strip_suffix(']')).unwrap_or(name);
            let field = find(T::FIELDS, name).ok_or_else(|| {
                let known = names(T::FIELDS);
                let shown: String = name.chars().take(100).collect();
                let message = format!(
                    "\"{shown}\" is not a field; give one or more of {known}, with \"-\" before those from the greatest to the smallest"
                );
                Error::invalid("sort", message)
            })?;
            // A field that was named before decides nothing any more.
            if keys.iter().all(|key| key.field != field) {
                keys.push(Key { field, descending });
            }
            if keys.len() > MOST_FIELDS {
                let message = format!("names more than {MOST_FIELDS} fields");
                return Err(Error::invalid("sort", message));
            }
        }
        Ok(Self(keys))
    }

    /// Whether it begins with one of these fields, which decide alone; and then, which way.
    pub(crate) fn begins_with<T: Listed>(&self, names: &[&str]) -> Option<bool> {
        let first = self.0.first()?;
        names.contains(&T::FIELDS[first.field].name).then_some(first.descending)
    }

    /// Whether it is the order of ids.
    pub(crate) fn is_natural(&self) -> bool {
        self.0.is_empty()
    }

    /// What an entity is sorted by.
    pub(crate) fn key<T: Listed>(&self, entity: &T) -> SortKey {
        self.0.iter().map(|key| (T::FIELDS[key.field].value)(entity)).collect()
    }

    /// Which of two comes first.
    pub(crate) fn compare(&self, a: &[Value], b: &[Value]) -> Ordering {
        let orders = self.0.iter().zip(a.iter().zip(b)).map(|(key, (a, b))| {
            let order = compare(a, b);
            if key.descending { order.reverse() } else { order }
        });
        orders.fold(Ordering::Equal, Ordering::then)
    }
}
