//! Documents and their revisions.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::{
    BlobHash, CategoryId, Description, DocumentId, Name, OptimisticLock, RevisionId, Seconds,
    UserName,
};

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentType {
    /// A report: printed pages.
    Report,
    /// A dashboard: a picture of figures that is looked at.
    Dashboard,
}

impl DocumentType {
    /// The name that the API gives it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Report => "Report",
            Self::Dashboard => "Dashboard",
        }
    }

    /// The type of a name in any letter case.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        [Self::Report, Self::Dashboard]
            .into_iter()
            .find(|kind| kind.name().eq_ignore_ascii_case(name))
    }
}

/// A report or dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Which.
    pub id: DocumentId,
    /// The category it stands in.
    pub category_id: CategoryId,
    /// What it is called. Several may be called the same.
    pub name: Name,
    /// What it shows.
    pub description: Description,
    /// What it is.
    pub document_type: DocumentType,
    /// After how long an open viewer fetches it again; 0 is never.
    pub auto_refresh_interval: Seconds,
    /// Who changed it last.
    pub modified_by: UserName,
    /// When.
    pub modified_at: DateTime<Utc>,
    /// Who is editing it now.
    pub locked_by: Option<UserName>,
    /// Its newest revision.
    pub revision_id: RevisionId,
    /// Its lock.
    pub lock: OptimisticLock,
}

/// One saved state of a document's layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Which.
    pub id: RevisionId,
    /// Of which document.
    pub document_id: DocumentId,
    /// Counts a document's revisions from 1.
    pub number: i64,
    /// When it was saved.
    pub created_at: DateTime<Utc>,
    /// Who saved it.
    pub user_name: UserName,
    /// What its author says about it.
    pub comment: Description,
    /// The layout's bytes.
    pub layout: BlobHash,
}

/// A revision to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRevision {
    /// When it was saved.
    pub created_at: DateTime<Utc>,
    /// Who saved it.
    pub user_name: UserName,
    /// What its author says about it.
    pub comment: Description,
    /// The layout's bytes, which are stored already.
    pub layout: BlobHash,
    /// The names by which the layout may mean data models, in lower case: a data model of such a name
    /// is in use.
    pub data_models: BTreeSet<String>,
}

/// A document to be made, with its first revision. The revision's author and time are the document's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDocument {
    /// The category it stands in.
    pub category_id: CategoryId,
    /// What it is called.
    pub name: Name,
    /// What it shows.
    pub description: Description,
    /// What it is.
    pub document_type: DocumentType,
    /// After how long an open viewer fetches it again; 0 is never.
    pub auto_refresh_interval: Seconds,
    /// Its first revision.
    pub revision: NewRevision,
}

/// A change of what is said about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentUpdate {
    /// Which.
    pub id: DocumentId,
    /// The lock that the writer saw; none writes whatever was there.
    pub expected: Option<OptimisticLock>,
    /// The category it stands in from now on.
    pub category_id: CategoryId,
    /// What it is called from now on.
    pub name: Name,
    /// What it shows.
    pub description: Description,
    /// Who changes it.
    pub modified_by: UserName,
    /// When.
    pub modified_at: DateTime<Utc>,
}

/// A new layout of a document. The revision's author and time become the document's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentSave {
    /// Which.
    pub id: DocumentId,
    /// The lock that the writer saw; none writes whatever was there.
    pub expected: Option<OptimisticLock>,
    /// After how long an open viewer fetches it again; 0 is never.
    pub auto_refresh_interval: Seconds,
    /// The new revision.
    pub revision: NewRevision,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn document_types_are_found_in_any_case() {
        assert_eq!(DocumentType::find("report"), Some(DocumentType::Report));
        assert_eq!(DocumentType::find("DASHBOARD"), Some(DocumentType::Dashboard));
        assert_eq!(DocumentType::find("letter"), None);
    }
}
