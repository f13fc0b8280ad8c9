//! A short name for what a list answers.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::{ListQuery, Listed};
use crate::Caller;

/// A text that is the same for the same answer: the same entities, caller, rights and question, as
/// this release writes them.
pub(super) fn of<T: Listed>(version: i64, caller: &Caller, query: &ListQuery) -> String {
    // The default hasher starts from the same keys on every node. Whoever finds two questions of one
    // hash misleads nobody but their own cache.
    let mut hasher = DefaultHasher::new();
    env!("CARGO_PKG_VERSION").hash(&mut hasher);
    T::KINDS.hash(&mut hasher);
    version.hash(&mut hasher);
    caller.user().id.hash(&mut hasher);
    caller.rights().hash(&mut hasher);
    query.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
