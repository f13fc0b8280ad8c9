//! The audit trail: who did what to what, from where. Administrators read it, as a list or as a file.
//!
//! The trail may hold millions of lines. Who, what about and when are decided by the store's indexes; a
//! filter or another order than that of the trail looks at the lines that are left, within bounds.

mod export;
mod lines;
mod list;
mod shared_looks;

pub use export::{ListFile, export};
pub use list::{AuditCommand, list};
pub use shared_looks::SharedLooks;

use pressroom_domain::{SubjectKind, Verb};

/// What the API calls something that was done, such as `SignIn`.
#[must_use]
pub fn verb_name(verb: Verb) -> String {
    pascal_case(verb.name())
}

/// What the API calls a kind of thing, such as `DataModel`.
#[must_use]
pub fn subject_kind_name(kind: SubjectKind) -> String {
    pascal_case(kind.name())
}

/// The kind of a name, in any letter case.
fn subject_kind(name: &str) -> Option<SubjectKind> {
    let mut kinds = SubjectKind::ALL.iter().copied();
    kinds.find(|kind| subject_kind_name(*kind).eq_ignore_ascii_case(name))
}

/// `sign-in` as `SignIn`.
fn pascal_case(word: &str) -> String {
    let parts = word.split('-').map(|part| {
        let (first, rest) = part.split_at(part.chars().next().map_or(0, char::len_utf8));
        first.to_uppercase() + rest
    });
    parts.collect()
}

#[cfg(test)]
mod tests;
