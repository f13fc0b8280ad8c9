//! What the fields of users must be.

use pressroom_domain::{EmailAddress, InvalidText, Name};
use pressroom_ports::{Kind, StoreError};

use crate::Error;
use crate::error::Check;

/// A name that may be absent: a text without letters is none.
pub(super) fn optional_name(check: &mut Check, field: &str, text: &str) -> Option<Name> {
    optional(check, field, text, Name::new)
}

/// An address that may be absent.
pub(super) fn optional_email(check: &mut Check, text: &str) -> Option<EmailAddress> {
    optional(check, "email", text, EmailAddress::new)
}

fn optional<T>(
    check: &mut Check,
    field: &str,
    text: &str,
    new: impl FnOnce(&str) -> Result<T, InvalidText>,
) -> Option<T> {
    if text.trim().is_empty() { None } else { check.field(field, new(text)) }
}

/// What the store says, where a group that is not there is a wrong field.
pub(super) fn wrong_group(error: StoreError) -> Error {
    match error {
        StoreError::NotFound { kind: Kind::Group, id } => {
            Error::invalid("groupsId", format!("group {id} does not exist"))
        }
        error => error.into(),
    }
}
