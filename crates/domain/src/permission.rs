//! Who may do what: bitmasks on scopes, and what they come to.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::BitOr;

use crate::{CategoryId, DataModelId, DocumentId, GroupId, JobId, UserId};

/// What may be done: a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Access(u8);

impl Access {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Making new ones.
    pub const CREATE: Self = Self(1);
    /// Looking at it, printing it.
    pub const READ: Self = Self(2);
    /// Changing it.
    pub const MODIFY: Self = Self(4);
    /// Deleting it.
    pub const DELETE: Self = Self(8);
    /// Everything.
    pub const ALL: Self = Self(15);

    /// The set of these bits; none where other bits than the four are set.
    #[must_use]
    pub const fn from_bits(bits: i64) -> Option<Self> {
        if bits >= 0 && bits <= 15 { Some(Self(bits as u8)) } else { None }
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether everything of `wanted` is in it.
    #[must_use]
    pub const fn allows(self, wanted: Self) -> bool {
        self.0 & wanted.0 == wanted.0
    }

    /// What is left of it without the other's bits.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl fmt::Display for Access {
    /// Words such as `read+modify`; `nothing` where there is no bit.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = [
            (Self::CREATE, "create"),
            (Self::READ, "read"),
            (Self::MODIFY, "modify"),
            (Self::DELETE, "delete"),
        ];
        let words: Vec<&str> =
            words.into_iter().filter(|(bit, _)| self.allows(*bit)).map(|(_, word)| word).collect();
        f.write_str(&if words.is_empty() { "nothing".to_owned() } else { words.join("+") })
    }
}

impl BitOr for Access {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl FromIterator<Self> for Access {
    fn from_iter<I: IntoIterator<Item = Self>>(sets: I) -> Self {
        sets.into_iter().fold(Self::NONE, BitOr::bitor)
    }
}

/// What a permission is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Every category.
    AllCategories,
    /// One category itself, not what stands in it.
    Category(CategoryId),
    /// Every document.
    AllDocuments,
    /// Every document of one category.
    DocumentsIn(CategoryId),
    /// One document.
    Document(DocumentId),
    /// Every data model.
    AllDataModels,
    /// One data model.
    DataModel(DataModelId),
    /// Every scheduled job.
    AllScheduledJobs,
    /// One scheduled job.
    ScheduledJob(JobId),
}

/// A scope that is not known, or that lacks the entity it is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownScope {
    /// The name is not known.
    #[error(
        "\"{0}\" is not a scope; allCategories, category, allDocuments, documentsInCategory, document, allDataModels, dataModel, allScheduledJobs and scheduledJob are"
    )]
    Name(String),
    /// It needs an entity.
    #[error("scope \"{0}\" needs an entityId")]
    Entity(String),
}

impl Scope {
    /// The name that the API gives it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AllCategories => "allCategories",
            Self::Category(_) => "category",
            Self::AllDocuments => "allDocuments",
            Self::DocumentsIn(_) => "documentsInCategory",
            Self::Document(_) => "document",
            Self::AllDataModels => "allDataModels",
            Self::DataModel(_) => "dataModel",
            Self::AllScheduledJobs => "allScheduledJobs",
            Self::ScheduledJob(_) => "scheduledJob",
        }
    }

    /// The number of the entity it is about; none for the `all…` scopes.
    #[must_use]
    pub const fn entity_id(self) -> Option<i64> {
        match self {
            Self::AllCategories
            | Self::AllDocuments
            | Self::AllDataModels
            | Self::AllScheduledJobs => None,
            Self::Category(id) | Self::DocumentsIn(id) => Some(id.0),
            Self::Document(id) => Some(id.0),
            Self::DataModel(id) => Some(id.0),
            Self::ScheduledJob(id) => Some(id.0),
        }
    }

    /// The scope of a name in any letter case and the entity it is about. An `all…` scope takes no
    /// notice of an entity.
    ///
    /// # Errors
    /// [`UnknownScope`] for an unknown name, or where the entity is missing.
    pub fn new(name: &str, entity_id: Option<i64>) -> Result<Self, UnknownScope> {
        let known = [
            Self::AllCategories,
            Self::Category(CategoryId(0)),
            Self::AllDocuments,
            Self::DocumentsIn(CategoryId(0)),
            Self::Document(DocumentId(0)),
            Self::AllDataModels,
            Self::DataModel(DataModelId(0)),
            Self::AllScheduledJobs,
            Self::ScheduledJob(JobId(0)),
        ];
        let scope = known
            .into_iter()
            .find(|scope| scope.name().eq_ignore_ascii_case(name))
            .ok_or_else(|| UnknownScope::Name(name.to_owned()))?;
        let id = || entity_id.ok_or_else(|| UnknownScope::Entity(scope.name().to_owned()));
        Ok(match scope {
            Self::Category(_) => Self::Category(CategoryId(id()?)),
            Self::DocumentsIn(_) => Self::DocumentsIn(CategoryId(id()?)),
            Self::Document(_) => Self::Document(DocumentId(id()?)),
            Self::DataModel(_) => Self::DataModel(DataModelId(id()?)),
            Self::ScheduledJob(_) => Self::ScheduledJob(JobId(id()?)),
            all => all,
        })
    }
}

/// Something that a user or group may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission {
    /// With what; permissions are ordered by it.
    pub scope: Scope,
    /// What may be done.
    pub access: Access,
}

impl Permission {
    /// A permission.
    #[must_use]
    pub const fn new(access: Access, scope: Scope) -> Self {
        Self { scope, access }
    }
}

impl fmt::Display for Permission {
    /// Words such as `read+modify on document 7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.access, self.scope.name())?;
        self.scope.entity_id().map_or(Ok(()), |id| write!(f, " {id}"))
    }
}

/// A change of what a holder may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PermissionEdit {
    /// These are all permissions from now on.
    Replace(Vec<Permission>),
    /// These come on top of what there is.
    Add(Vec<Permission>),
    /// These are taken away, bit by bit; [`Access::ALL`] takes all that is held on a scope.
    Remove(Vec<Permission>),
}

impl PermissionEdit {
    /// What somebody may do after the change who held this before: ordered by scope, one permission a
    /// scope, none without any bit.
    #[must_use]
    pub fn apply(self, held: Vec<Permission>) -> Vec<Permission> {
        let (held, more, fewer) = match self {
            Self::Replace(all) => (Vec::new(), all, Vec::new()),
            Self::Add(more) => (held, more, Vec::new()),
            Self::Remove(fewer) => (held, Vec::new(), fewer),
        };
        let mut by_scope: BTreeMap<Scope, Access> = BTreeMap::new();
        for Permission { scope, access } in held.into_iter().chain(more) {
            let joined = by_scope.entry(scope).or_default();
            *joined = *joined | access;
        }
        for Permission { scope, access } in fewer {
            if let Some(held) = by_scope.get_mut(&scope) {
                *held = held.without(access);
            }
        }
        by_scope.retain(|_, access| *access != Access::NONE);
        by_scope.into_iter().map(|(scope, access)| Permission { scope, access }).collect()
    }
}

/// Whom a permission is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// One user.
    User(UserId),
    /// Every user of a group.
    Group(GroupId),
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user {id}"),
            Self::Group(id) => write!(f, "group {id}"),
        }
    }
}

/// All that somebody may do: their own permissions and those of their groups together.
///
/// A right is the OR of every permission whose scope covers the thing; nothing takes a right away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rights {
    administrator: bool,
    permissions: Vec<Permission>,
}

impl Rights {
    /// The rights that come of these permissions. An administrator may do everything.
    pub fn new(administrator: bool, permissions: impl IntoIterator<Item = Permission>) -> Self {
        Self { administrator, permissions: permissions.into_iter().collect() }
    }

    /// Whether users, groups and settings may be changed.
    #[must_use]
    pub const fn is_administrator(&self) -> bool {
        self.administrator
    }

    /// What may be done with categories that are not there yet.
    #[must_use]
    pub fn on_categories(&self) -> Access {
        self.any(|scope| matches!(scope, Scope::AllCategories))
    }

    /// What may be done with a category itself.
    #[must_use]
    pub fn on_category(&self, id: CategoryId) -> Access {
        self.any(|scope| matches!(scope, Scope::AllCategories) || scope == Scope::Category(id))
    }

    /// What may be done with documents of a category, such as making one there.
    #[must_use]
    pub fn on_documents_in(&self, id: CategoryId) -> Access {
        self.any(|scope| matches!(scope, Scope::AllDocuments) || scope == Scope::DocumentsIn(id))
    }

    /// What may be done with a document that stands in a category.
    #[must_use]
    pub fn on_document(&self, id: DocumentId, category: CategoryId) -> Access {
        self.on_documents_in(category) | self.any(|scope| scope == Scope::Document(id))
    }

    /// What may be done with data models that are not there yet.
    #[must_use]
    pub fn on_data_models(&self) -> Access {
        self.any(|scope| matches!(scope, Scope::AllDataModels))
    }

    /// What may be done with a data model.
    #[must_use]
    pub fn on_data_model(&self, id: DataModelId) -> Access {
        self.any(|scope| matches!(scope, Scope::AllDataModels) || scope == Scope::DataModel(id))
    }

    /// What may be done with scheduled jobs that are not there yet.
    #[must_use]
    pub fn on_scheduled_jobs(&self) -> Access {
        self.any(|scope| matches!(scope, Scope::AllScheduledJobs))
    }

    /// What may be done with a scheduled job.
    #[must_use]
    pub fn on_scheduled_job(&self, id: JobId) -> Access {
        self.any(|scope| {
            matches!(scope, Scope::AllScheduledJobs) || scope == Scope::ScheduledJob(id)
        })
    }

    fn any(&self, covers: impl Fn(Scope) -> bool) -> Access {
        if self.administrator {
            return Access::ALL;
        }
        self.permissions.iter().filter(|held| covers(held.scope)).map(|held| held.access).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: CategoryId = CategoryId(1);
    const ELSEWHERE: CategoryId = CategoryId(2);

    /// What a single permission comes to on: category 1, documents of category 1, document 10 of
    /// category 1, data model 20, job 30.
    fn check(scope: Scope, expect: [bool; 5]) {
        let rights = Rights::new(false, [Permission::new(Access::READ, scope)]);
        let got = [
            rights.on_category(HERE),
            rights.on_documents_in(HERE),
            rights.on_document(DocumentId(10), HERE),
            rights.on_data_model(DataModelId(20)),
            rights.on_scheduled_job(JobId(30)),
        ];
        assert_eq!(got.map(|access| access == Access::READ), expect, "{scope:?}");
        assert!(got.iter().all(|access| Access::READ.allows(*access)), "{scope:?} gives only read");
    }

    #[test]
    fn each_scope_covers_what_it_names() {
        check(Scope::AllCategories, [true, false, false, false, false]);
        check(Scope::Category(HERE), [true, false, false, false, false]);
        check(Scope::Category(ELSEWHERE), [false; 5]);
        check(Scope::AllDocuments, [false, true, true, false, false]);
        check(Scope::DocumentsIn(HERE), [false, true, true, false, false]);
        check(Scope::DocumentsIn(ELSEWHERE), [false; 5]);
        check(Scope::Document(DocumentId(10)), [false, false, true, false, false]);
        check(Scope::Document(DocumentId(11)), [false; 5]);
        check(Scope::AllDataModels, [false, false, false, true, false]);
        check(Scope::DataModel(DataModelId(20)), [false, false, false, true, false]);
        check(Scope::DataModel(DataModelId(21)), [false; 5]);
        check(Scope::AllScheduledJobs, [false, false, false, false, true]);
        check(Scope::ScheduledJob(JobId(30)), [false, false, false, false, true]);
        check(Scope::ScheduledJob(JobId(31)), [false; 5]);
    }

    #[test]
    fn rights_add_up_over_scopes() {
        let rights = Rights::new(
            false,
            [
                Permission::new(Access::READ, Scope::AllDocuments),
                Permission::new(Access::MODIFY, Scope::DocumentsIn(HERE)),
                Permission::new(Access::DELETE, Scope::Document(DocumentId(10))),
            ],
        );
        let on = |document, category| rights.on_document(DocumentId(document), category);
        assert_eq!(on(10, HERE), Access::READ | Access::MODIFY | Access::DELETE);
        assert_eq!(on(11, HERE), Access::READ | Access::MODIFY);
        assert_eq!(on(11, ELSEWHERE), Access::READ);
    }

    #[test]
    fn an_administrator_may_do_everything_and_a_stranger_nothing() {
        let administrator = Rights::new(true, []);
        assert_eq!(administrator.on_document(DocumentId(1), HERE), Access::ALL);
        assert_eq!(administrator.on_categories(), Access::ALL);
        assert_eq!(Rights::default().on_document(DocumentId(1), HERE), Access::NONE);
        assert!(!Rights::default().is_administrator());
    }

    #[test]
    fn scopes_are_found_by_name_and_entity() {
        assert_eq!(Scope::new("ALLDOCUMENTS", Some(4)), Ok(Scope::AllDocuments));
        assert_eq!(
            Scope::new("documentsincategory", Some(4)),
            Ok(Scope::DocumentsIn(CategoryId(4)))
        );
        assert_eq!(Scope::new("document", None), Err(UnknownScope::Entity("document".into())));
        assert_eq!(Scope::new("folder", None), Err(UnknownScope::Name("folder".into())));
    }

    #[test]
    fn permissions_are_told_in_words() {
        let tell = |access, scope| Permission::new(access, scope).to_string();
        assert_eq!(
            tell(Access::READ | Access::DELETE, Scope::Document(DocumentId(7))),
            "read+delete on document 7"
        );
        assert_eq!(
            tell(Access::ALL, Scope::AllDataModels),
            "create+read+modify+delete on allDataModels"
        );
        assert_eq!(tell(Access::NONE, Scope::AllDocuments), "nothing on allDocuments");
    }

    #[test]
    fn permissions_are_replaced_added_and_taken_away_bit_by_bit() {
        let (here, all) = (Scope::DocumentsIn(HERE), Scope::AllDocuments);
        let read = |scope| Permission::new(Access::READ, scope);
        let check = |edit: PermissionEdit, expect: &[Permission]| {
            let held = vec![
                Permission::new(Access::READ | Access::MODIFY, here),
                Permission::new(Access::CREATE, Scope::AllDataModels),
            ];
            assert_eq!(edit.clone().apply(held), expect, "{edit:?}");
        };
        let create = Permission::new(Access::CREATE, Scope::AllDataModels);
        check(
            PermissionEdit::Add(vec![Permission::new(Access::DELETE, here), read(all), read(here)]),
            &[
                read(all),
                Permission::new(Access::READ | Access::MODIFY | Access::DELETE, here),
                create,
            ],
        );
        check(
            PermissionEdit::Remove(vec![read(here), read(all)]),
            &[Permission::new(Access::MODIFY, here), create],
        );
        check(PermissionEdit::Remove(vec![Permission::new(Access::ALL, here)]), &[create]);
        check(
            PermissionEdit::Replace(vec![read(all), Permission::new(Access::NONE, here)]),
            &[read(all)],
        );
    }

    #[test]
    fn only_four_bits_are_taken() {
        assert_eq!(Access::from_bits(15), Some(Access::ALL));
        assert_eq!(Access::from_bits(0), Some(Access::NONE));
        for wrong in [-1, 16, 256 + 2] {
            assert_eq!(Access::from_bits(wrong), None);
        }
    }
}
