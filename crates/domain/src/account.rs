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
        full_name(self.first_name.as_ref(), self.last_name.as_ref(), &self.user_name)
    }

    /// Whether this is the account for everyone.
    #[must_use]
    pub fn is_guest(&self) -> bool {
        self.user_name.as_str().eq_ignore_ascii_case(Self::GUEST)
    }

    /// Whether they can sign in.
    #[must_use]
    pub const fn is_usable(&self) -> bool {
        self.active && !self.pending
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

impl NewUser {
    /// First and last name; the user name where neither is known.
    #[must_use]
    pub fn full_name(&self) -> String {
        full_name(self.first_name.as_ref(), self.last_name.as_ref(), &self.user_name)
    }
}

fn full_name(first: Option<&Name>, last: Option<&Name>, user_name: &UserName) -> String {
    let names: Vec<&str> = [first, last].into_iter().flatten().map(Name::as_str).collect();
    if names.is_empty() { user_name.to_string() } else { names.join(" ") }
}

/// The last administrator who can sign in would be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the System Administrators would be left without an active member; make somebody else an administrator first"
)]
pub struct NoAdministratorLeft;

/// The System Administrators, as far as a change of one account can leave them without anybody.
///
/// To be asked in the transaction of the change, so that of two changes at a time neither counts on
/// the other's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Administrators {
    /// Whether the account is in the group and can sign in.
    pub is_one: bool,
    /// Whether others are in the group who can sign in.
    pub has_others: bool,
}

impl Administrators {
    /// Lets a change through after which the account is an administrator who can sign in, or not.
    ///
    /// # Errors
    /// [`NoAdministratorLeft`].
    pub const fn after(self, is_one: bool) -> Result<(), NoAdministratorLeft> {
        if self.is_one && !is_one && !self.has_others { Err(NoAdministratorLeft) } else { Ok(()) }
    }
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

impl Group {
    /// Whether it may be given another name, or be deleted.
    ///
    /// # Errors
    /// [`FixedGroup`] for the System Administrators.
    pub fn is_free(&self) -> Result<(), FixedGroup> {
        match self.built_in {
            Some(BuiltInGroup::SystemAdministrators) => Err(FixedGroup(self.name.clone())),
            _ => Ok(()),
        }
    }
}

/// A group that every site needs as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the group \"{0}\" is built in: it can't be deleted or given another name")]
pub struct FixedGroup(pub Name);

/// A group to be given another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupUpdate {
    /// Which.
    pub id: GroupId,
    /// The lock that the writer saw; none writes whatever was there.
    pub expected: Option<OptimisticLock>,
    /// What it is called from now on.
    pub name: Name,
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
    fn the_last_administrator_stays_one() {
        for (is_one, has_others, stays, right) in [
            (true, false, false, false),
            (true, false, true, true),
            (true, true, false, true),
            (false, false, false, true),
            (false, false, true, true),
        ] {
            let before = Administrators { is_one, has_others };
            assert_eq!(before.after(stays).is_ok(), right, "{before:?} then {stays}");
        }
    }

    #[test]
    fn only_the_administrators_cannot_be_changed() {
        for kind in BuiltInGroup::ALL {
            let name = Name::new(kind.name()).unwrap();
            let group =
                Group { id: GroupId(1), name, built_in: Some(kind), lock: OptimisticLock::NEW };
            let fixed = kind == BuiltInGroup::SystemAdministrators;
            assert_eq!(group.is_free().is_err(), fixed, "{kind:?}");
        }
    }

    #[test]
    fn built_in_groups_are_found_by_code() {
        for group in BuiltInGroup::ALL {
            assert_eq!(BuiltInGroup::find(group.code()), Some(group));
        }
        assert_eq!(BuiltInGroup::find("System Administrators"), None);
    }
}
