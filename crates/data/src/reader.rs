//! Who reads.

use std::collections::BTreeSet;
use std::sync::Arc;

/// Who reads a document: what expressions and row filters may ask about them. In a job it is the job's
/// owner.
///
/// ```
/// use pressroom_data::Reader;
///
/// let ada = Reader::new("ada").with_email("ada@example.com").with_groups(["Sales"]);
/// assert_eq!(ada.email(), Some("ada@example.com"));
/// assert!(ada.is_member_of(" SALES") && !ada.is_member_of("Sale"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reader {
    user_name: Arc<str>,
    email: Option<Arc<str>>,
    /// In lower case.
    groups: Arc<BTreeSet<String>>,
}

impl Reader {
    /// A reader by what they sign in with; without an address, in no group.
    pub fn new(user_name: impl Into<Arc<str>>) -> Self {
        Self { user_name: user_name.into(), email: None, groups: Arc::default() }
    }

    /// The same with a mail address.
    #[must_use]
    pub fn with_email(self, email: impl Into<Arc<str>>) -> Self {
        Self { email: Some(email.into()), ..self }
    }

    /// The same in these groups and no others.
    #[must_use]
    pub fn with_groups<T: AsRef<str>>(self, groups: impl IntoIterator<Item = T>) -> Self {
        let groups = groups.into_iter().map(|name| key(name.as_ref())).collect();
        Self { groups: Arc::new(groups), ..self }
    }

    /// What they sign in with.
    #[must_use]
    pub fn user_name(&self) -> &Arc<str> {
        &self.user_name
    }

    /// Their mail address, if one is known.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// Whether they are in the group of a name, in any letter case.
    #[must_use]
    pub fn is_member_of(&self, group: &str) -> bool {
        self.groups.contains(&key(group))
    }
}

/// What two names of groups share that count as the same.
fn key(name: &str) -> String {
    name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_found_in_any_letter_case() {
        let reader = Reader::new("ada").with_groups(["Verkäufe Süd", "Sales"]);
        for name in ["Verkäufe Süd", "VERKÄUFE SÜD", " sales "] {
            assert!(reader.is_member_of(name), "{name}");
        }
        for name in ["", "Verkäufe", "Sales, Verkäufe Süd", "ada", "%"] {
            assert!(!reader.is_member_of(name), "{name}");
        }
        assert_eq!(reader, Reader::new("ada").with_groups(["SALES", "verkäufe süd", "sales"]));
    }
}
