//! People and the groups they are in.

use crate::text::one_line;
use crate::{GroupId, InvalidText, Name, OptimisticLock, Secret, UserId, UserName};

/// Who checks the password of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountType {
    /// This server.
    ReportServer,
    /// A directory, by LDAP.
    Windows,
    /// An OpenID Connect provider.
    External,
}

impl AccountType {
    /// The name that the API gives it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReportServer => "ReportServer",
            Self::Windows => "Windows",
            Self::External => "External",
        }
    }

    /// The type of a name in any letter case.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        [Self::ReportServer, Self::Windows, Self::External]
            .into_iter()
            .find(|kind| kind.name().eq_ignore_ascii_case(name))
    }
}

/// An address that mail reaches: at most 254 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// An address of this text. Whether mail arrives there, only mail can tell: the shape is all
    /// that is looked at.
    ///
    /// # Errors
    /// [`InvalidText`] when it is empty, too long or not of the shape `name@host`.
    pub fn new(text: &str) -> Result<Self, InvalidText> {
        let what = "an e-mail address";
        let text = one_line(what, text, 254)?;
        let right = text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && !host.is_empty() && !host.contains('@')
        });
        if right && !text.contains(char::is_whitespace) {
            Ok(Self(text))
        } else {
            Err(InvalidText::Shape { what, example: "name@example.com" })
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A hashed password in PHC form, with its algorithm, cost and salt. Never prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordHash(Secret);

impl PasswordHash {
    /// A hash by its PHC text.
    pub fn new(phc: impl Into<String>) -> Self {
        Self(Secret::new(phc))
    }

    /// The PHC text, for the hasher and the store.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

/// Somebody who signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// What they type to sign in. No two are the same, whatever the letter case.
    pub user_name: UserName,
    /// Given name; may be absent.
    pub first_name: Option<Name>,
    /// Family name; may be absent.
    pub last_name: Option<Name>,
    /// Where mail reaches them.
    pub email: Option<EmailAddress>,
    /// Who checks their password.
    pub account_type: AccountType,
    /// The groups they are in, smallest id first.
    pub groups: Vec<GroupId>,
    /// Whether they may sign in.
    pub active: bool,
    /// Whether they have yet to set a password.
    pub pending: bool,
    /// Their password. Without one, nobody signs in by password, but for a guest.
    pub password: Option<PasswordHash>,
    /// The row's lock.
    pub lock: OptimisticLock,
}

impl User {
    /// The user name of the account for everyone, whose password is empty.
    pub const GUEST: &'static str = "Guest";

    /// First and last name; the user name where neither is known.
    #[must_use]
    pub fn full_name(&self) -> String {
        let names: Vec<&str> =
            [&self.first_name, &self.last_name].into_iter().flatten().map(Name::as_str).collect();
        if names.is_empty() { self.user_name.to_string() } else { names.join(" ") }
    }

    /// Whether this is the account for everyone.
    #[must_use]
    pub fn is_guest(&self) -> bool {
        self.user_name.as_str().eq_ignore_ascii_case(Self::GUEST)
    }
}

/// A user to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// What they type to sign in.
    pub user_name: UserName,
    /// Given name; may be absent.
    pub first_name: Option<Name>,
    /// Family name; may be absent.
    pub last_name: Option<Name>,
    /// Where mail reaches them.
    pub email: Option<EmailAddress>,
    /// Who checks their password.
    pub account_type: AccountType,
    /// The groups they are in.
    pub groups: Vec<GroupId>,
    /// Whether they may sign in.
    pub active: bool,
    /// Whether they have yet to set a password.
    pub pending: bool,
    /// Their password.
    pub password: Option<PasswordHash>,
}

/// Several people who may do the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Which.
    pub id: GroupId,
    /// What it is called. No two are called the same, whatever the letter case.
    pub name: Name,
    /// Which of the groups that every site has, if it is one.
    pub built_in: Option<BuiltInGroup>,
    /// Its lock.
    pub lock: OptimisticLock,
}

/// A group to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGroup {
    /// What it is called.
    pub name: Name,
    /// Which of the groups that every site has, if it is one.
    pub built_in: Option<BuiltInGroup>,
}

/// The groups that every site has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BuiltInGroup {
    /// May do everything; can't be deleted or renamed.
    SystemAdministrators,
    /// May make and change data models.
    DataAdministrators,
    /// May make and change documents.
    DocumentCreators,
    /// May read documents.
    DocumentViewers,
}

impl BuiltInGroup {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::SystemAdministrators,
        Self::DataAdministrators,
        Self::DocumentCreators,
        Self::DocumentViewers,
    ];

    /// The name that a site starts with.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SystemAdministrators => "System Administrators",
            Self::DataAdministrators => "Data Administrators",
            Self::DocumentCreators => "Document Creators",
            Self::DocumentViewers => "Document Viewers",
        }
    }

    /// The name by which a store remembers it, which no renaming changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SystemAdministrators => "system-administrators",
            Self::DataAdministrators => "data-administrators",
            Self::DocumentCreators => "document-creators",
            Self::DocumentViewers => "document-viewers",
        }
    }

    /// The group of a [`code`](Self::code).
    #[must_use]
    pub fn find(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_a_name_and_a_host() {
        for right in ["ann@example.com", " ö@sub.exämple ", "a+b@localhost"] {
            assert!(EmailAddress::new(right).is_ok(), "{right}");
        }
        for wrong in ["", "ann", "@example.com", "ann@", "a@b@c", "a b@c"] {
            assert!(EmailAddress::new(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_password_hash_never_prints() {
        assert_eq!(format!("{:?}", PasswordHash::new("$argon2id$…")), "PasswordHash(***)");
    }

    #[test]
    fn built_in_groups_are_found_by_code() {
        for group in BuiltInGroup::ALL {
            assert_eq!(BuiltInGroup::find(group.code()), Some(group));
        }
        assert_eq!(BuiltInGroup::find("System Administrators"), None);
    }
}
