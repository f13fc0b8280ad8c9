//! Who may do what. Every decision of that kind is made in this file, and nowhere else.
//!
//! What a caller may not read does not exist for them; what they may read but not do is forbidden.

use std::net::IpAddr;

use pressroom_data::Reader;
use pressroom_domain::{
    Access, Actor, AuditEntry, Category, DataModel, Document, Export, Group, Job, Rights, Subject,
    SubjectKind, TokenHash, TokenOrigin, User, Verb,
};
use pressroom_ports::{Clock, Identity, Kind, Session};

use crate::Error;
use crate::error::missing;

/// Somebody who calls, with all that they may do.
#[derive(Clone, Debug)]
pub struct Caller {
    user: User,
    rights: Rights,
    reader: Reader,
    token: Option<TokenHash>,
    /// Whether the token came from an API key.
    by_key: bool,
    from: Option<IpAddr>,
}

impl Caller {
    /// Somebody who has shown a token, and the address that they call from.
    pub(crate) fn with_token(session: &Session, from: Option<IpAddr>) -> Self {
        let by_key = matches!(session.token.origin, TokenOrigin::ApiKey(_));
        Self { token: Some(session.token.hash), by_key, from, ..Self::of(&session.identity) }
    }

    /// Somebody on whose behalf the server works.
    pub(crate) fn of(identity: &Identity) -> Self {
        let (user, rights) = (identity.user.clone(), identity.rights());
        Self { user, rights, reader: reader(identity), token: None, by_key: false, from: None }
    }

    /// The user.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.user
    }

    /// What expressions and row filters may ask about them.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Whether users, groups and settings are theirs to change.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.rights.is_administrator()
    }

    /// All that they may do.
    pub(crate) fn rights(&self) -> &Rights {
        &self.rights
    }

    /// The hash of the token that was shown; none where the server works on behalf of the user.
    #[must_use]
    pub fn token(&self) -> Option<TokenHash> {
        self.token
    }

    /// The address that they call from, where it is known.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.from
    }

    /// The user, for the audit trail.
    pub(crate) fn actor(&self) -> Actor {
        Actor::user(self.user.id, &self.user.user_name)
    }

    /// A line of the audit trail about something that the caller does.
    pub(crate) fn line(
        &self,
        clock: &dyn Clock,
        verb: Verb,
        kind: SubjectKind,
        id: Option<String>,
        detail: impl Into<String>,
    ) -> AuditEntry {
        AuditEntry {
            at: clock.now(),
            actor: self.actor(),
            from: self.from,
            verb,
            subject: Subject { kind, id },
            detail: detail.into(),
        }
    }
}

/// What expressions and row filters may ask about somebody.
fn reader(identity: &Identity) -> Reader {
    let groups = identity.groups.iter().map(|group| group.name.as_str());
    let reader = Reader::new(identity.user.user_name.as_str()).with_groups(groups);
    match &identity.user.email {
        Some(email) => reader.with_email(email.as_str()),
        None => reader,
    }
}

/// The caller may see what only administrators may: how the site does.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn administration(caller: &Caller) -> Result<(), Error> {
    let held = if caller.is_administrator() { Access::ALL } else { Access::NONE };
    need(held, Access::READ, "only administrators may look at how the site does")
}

/// The caller may make a category.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn new_category(caller: &Caller) -> Result<(), Error> {
    need(caller.rights.on_categories(), Access::CREATE, "you may not create categories")
}

/// The caller may do something with a category.
///
/// # Errors
/// [`Error::NotFound`] where they may not read it, else [`Error::Forbidden`].
pub fn category(caller: &Caller, category: &Category, wanted: Access) -> Result<(), Error> {
    let held = caller.rights.on_category(category.id);
    decide(held, wanted, Kind::Category, category.id, &format!("category {}", category.id))
}

/// Whether the caller sees a category.
#[must_use]
pub fn sees_category(caller: &Caller, category: &Category) -> bool {
    caller.rights.on_category(category.id).allows(Access::READ)
}

/// The caller may make a document in a category.
///
/// # Errors
/// [`Error::NotFound`] where they may see neither the category nor its documents, else
/// [`Error::Forbidden`].
pub fn new_document(caller: &Caller, category: &Category) -> Result<(), Error> {
    let id = category.id;
    let held = caller.rights.on_documents_in(id);
    let sees = held != Access::NONE || sees_category(caller, category);
    if !sees {
        return Err(missing(Kind::Category, id));
    }
    need(held, Access::CREATE, &format!("you may not create documents in category {id}"))
}

/// The caller may do something with a document.
///
/// # Errors
/// [`Error::NotFound`] where they may not read it, else [`Error::Forbidden`].
pub fn document(caller: &Caller, document: &Document, wanted: Access) -> Result<(), Error> {
    let held = caller.rights.on_document(document.id, document.category_id);
    decide(held, wanted, Kind::Document, document.id, &format!("document {}", document.id))
}

/// Whether the caller sees a document.
#[must_use]
pub fn sees_document(caller: &Caller, document: &Document) -> bool {
    caller.rights.on_document(document.id, document.category_id).allows(Access::READ)
}

/// The caller may make a data model.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn new_data_model(caller: &Caller) -> Result<(), Error> {
    need(caller.rights.on_data_models(), Access::CREATE, "you may not create data models")
}

/// The caller may do something with a data model.
///
/// # Errors
/// [`Error::NotFound`] where they may not read it, else [`Error::Forbidden`].
pub fn data_model(caller: &Caller, model: &DataModel, wanted: Access) -> Result<(), Error> {
    let held = caller.rights.on_data_model(model.id);
    decide(held, wanted, Kind::DataModel, model.id, &format!("data model {}", model.id))
}

/// Whether the caller sees a data model.
#[must_use]
pub fn sees_data_model(caller: &Caller, model: &DataModel) -> bool {
    caller.rights.on_data_model(model.id).allows(Access::READ)
}

/// The caller may make and list users and groups: that is for administrators.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn accounts(caller: &Caller) -> Result<(), Error> {
    let held = if caller.is_administrator() { Access::ALL } else { Access::NONE };
    need(held, Access::ALL, "users and groups are for administrators")
}

/// The caller may do something with a user, their photo or their permissions. Administrators may do
/// everything, everybody may look at their own.
///
/// # Errors
/// [`Error::NotFound`] for another's, [`Error::Forbidden`] where they would change their own.
pub fn user(caller: &Caller, user: &User, wanted: Access) -> Result<(), Error> {
    let held = on_account(caller, user.id == caller.user.id);
    decide(held, wanted, Kind::User, user.id, &format!("user {}", user.id))
}

/// The caller may do something with a group or its permissions. Administrators may do everything,
/// members may look at it.
///
/// # Errors
/// [`Error::NotFound`] where they are not in it, else [`Error::Forbidden`].
pub fn group(caller: &Caller, group: &Group, wanted: Access) -> Result<(), Error> {
    let held = on_account(caller, caller.user.groups.contains(&group.id));
    decide(held, wanted, Kind::Group, group.id, &format!("group {}", group.id))
}

fn on_account(caller: &Caller, own: bool) -> Access {
    match (caller.is_administrator(), own) {
        (true, _) => Access::ALL,
        (false, true) => Access::READ,
        (false, false) => Access::NONE,
    }
}

/// The caller may read the audit trail.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn audit(caller: &Caller) -> Result<(), Error> {
    if sees_audit(caller) {
        Ok(())
    } else {
        Err(Error::Forbidden("you may not read the audit trail".to_owned()))
    }
}

/// Whether the caller sees the audit trail.
#[must_use]
pub fn sees_audit(caller: &Caller) -> bool {
    caller.is_administrator()
}

/// The caller may make a job.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn new_job(caller: &Caller) -> Result<(), Error> {
    need(caller.rights.on_scheduled_jobs(), Access::CREATE, "you may not create jobs")
}

/// The caller may do something with a job. Running it takes [`Access::MODIFY`], and reading its
/// [`document`].
///
/// # Errors
/// [`Error::NotFound`] where they may not read it, else [`Error::Forbidden`].
pub fn job(caller: &Caller, job: &Job, wanted: Access) -> Result<(), Error> {
    let held = caller.rights.on_scheduled_job(job.id);
    decide(held, wanted, Kind::Job, job.id, &format!("job {}", job.id))
}

/// Whether the caller sees a job.
#[must_use]
pub fn sees_job(caller: &Caller, job: &Job) -> bool {
    caller.rights.on_scheduled_job(job.id).allows(Access::READ)
}

/// The caller may look at, fetch and cancel an export: it is their own.
///
/// # Errors
/// [`Error::NotFound`].
pub fn export(caller: &Caller, export: &Export) -> Result<(), Error> {
    if export.owner == caller.user.id { Ok(()) } else { Err(missing(Kind::Export, export.id)) }
}

/// The caller may look at and delete their own API keys.
///
/// # Errors
/// [`Error::Forbidden`] for the guest, whom everyone is.
pub fn own_api_keys(caller: &Caller) -> Result<(), Error> {
    if caller.user.is_guest() {
        return Err(Error::Forbidden("the guest has no API keys".to_owned()));
    }
    Ok(())
}

/// The caller may make an API key of their own: a key makes no others, so that nothing of a key that
/// was deleted is left.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn new_api_key(caller: &Caller) -> Result<(), Error> {
    own_api_keys(caller)?;
    if caller.by_key {
        let message = "an API key makes no other API keys; sign in with a password";
        return Err(Error::Forbidden(message.to_owned()));
    }
    Ok(())
}

fn decide(
    held: Access,
    wanted: Access,
    kind: Kind,
    id: impl std::fmt::Display,
    subject: &str,
) -> Result<(), Error> {
    if !held.allows(Access::READ) {
        return Err(missing(kind, id));
    }
    let act = if wanted.allows(Access::DELETE) { "delete" } else { "change" };
    need(held, wanted, &format!("you may not {act} {subject}"))
}

fn need(held: Access, wanted: Access, message: &str) -> Result<(), Error> {
    if held.allows(wanted) { Ok(()) } else { Err(Error::Forbidden(message.to_owned())) }
}

#[cfg(test)]
mod tests {
    use pressroom_contracts::build;
    use pressroom_domain::{
        AccountType, CategoryId, DocumentId, DocumentType, GroupId, OptimisticLock, Permission,
        RevisionId, Scope, Seconds, UserId,
    };

    use super::*;

    fn caller(permissions: &[(Access, Scope)]) -> Caller {
        let new = build::new_user("ann").entity;
        let user = User {
            id: UserId(1),
            user_name: new.user_name,
            first_name: None,
            last_name: None,
            email: None,
            account_type: AccountType::ReportServer,
            groups: Vec::new(),
            active: true,
            pending: false,
            password: None,
            lock: OptimisticLock::NEW,
        };
        let permissions =
            permissions.iter().map(|(access, scope)| Permission::new(*access, *scope)).collect();
        Caller::of(&Identity { user, groups: Vec::new(), permissions })
    }

    fn invoice() -> Document {
        Document {
            id: DocumentId(10),
            category_id: CategoryId(1),
            name: build::name("Invoice"),
            description: build::description(""),
            document_type: DocumentType::Report,
            auto_refresh_interval: Seconds::ZERO,
            modified_by: build::user_name("ann"),
            modified_at: build::at(0),
            locked_by: None,
            revision_id: RevisionId(100),
            lock: OptimisticLock::NEW,
        }
    }

    fn check(held: Access, wanted: Access, expect: &str) {
        let caller = caller(&[(held, Scope::Document(DocumentId(10)))]);
        let answer = match document(&caller, &invoice(), wanted) {
            Ok(()) => "yes".to_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(answer, expect);
    }

    #[test]
    fn what_may_not_be_read_does_not_exist() {
        check(Access::NONE, Access::READ, "document 10 does not exist");
        check(Access::MODIFY, Access::MODIFY, "document 10 does not exist");
        check(Access::READ, Access::READ, "yes");
    }

    #[test]
    fn what_may_be_read_but_not_done_is_forbidden() {
        let ask = "; ask an administrator for that right";
        check(Access::READ, Access::MODIFY, &format!("you may not change document 10{ask}"));
        check(Access::READ, Access::DELETE, &format!("you may not delete document 10{ask}"));
        check(Access::READ | Access::MODIFY, Access::MODIFY, "yes");
        check(Access::ALL, Access::DELETE, "yes");
    }

    #[test]
    fn everybody_sees_themselves_and_their_groups_and_changes_neither() {
        let ann = caller(&[(Access::ALL, Scope::AllDocuments)]);
        let user = |id| User { id: UserId(id), ..ann.user().clone() };
        assert!(super::user(&ann, &user(1), Access::READ).is_ok());
        assert!(matches!(super::user(&ann, &user(1), Access::MODIFY), Err(Error::Forbidden(_))));
        assert!(matches!(super::user(&ann, &user(2), Access::READ), Err(Error::NotFound { .. })));
        let team = |id| Group {
            id: GroupId(id),
            name: build::name("Team"),
            built_in: None,
            lock: OptimisticLock::NEW,
        };
        let mut member = ann.clone();
        member.user.groups = vec![GroupId(1)];
        assert!(group(&member, &team(1), Access::READ).is_ok());
        assert!(matches!(group(&member, &team(1), Access::DELETE), Err(Error::Forbidden(_))));
        assert!(matches!(group(&member, &team(2), Access::READ), Err(Error::NotFound { .. })));
        assert!(matches!(accounts(&member), Err(Error::Forbidden(_))));
    }

    #[test]
    fn making_needs_the_right_on_the_place() {
        let shelf = |id| Category {
            id: CategoryId(id),
            name: build::name("Shelf"),
            lock: OptimisticLock::NEW,
        };
        let here = caller(&[
            (Access::CREATE, Scope::DocumentsIn(CategoryId(1))),
            (Access::READ, Scope::Category(CategoryId(2))),
        ]);
        assert!(new_document(&here, &shelf(1)).is_ok());
        assert!(matches!(new_document(&here, &shelf(2)), Err(Error::Forbidden(_))));
        assert!(matches!(new_document(&here, &shelf(3)), Err(Error::NotFound { .. })));
        assert!(matches!(new_category(&here), Err(Error::Forbidden(_))));
        assert!(matches!(new_data_model(&here), Err(Error::Forbidden(_))));
    }
}
