//! Giving a document a new layout.

use pressroom_domain::{
    Access, Description, Document, DocumentId, DocumentSave, NewRevision, OptimisticLock, Seconds,
    SubjectKind, Verb,
};
use pressroom_ports::Change;

use super::{find, store_layout};
use crate::error::Check;
use crate::{App, Caller, Error};

/// A new layout of a document.
#[derive(Clone, Debug)]
pub struct SaveDocument {
    /// Which.
    pub id: DocumentId,
    /// The lock that the caller saw.
    pub lock: Option<OptimisticLock>,
    /// After how many seconds an open viewer fetches it again; 0 is never, none leaves it as it is.
    pub auto_refresh_interval: Option<i64>,
    /// What is said about the revision.
    pub revision_comment: String,
    /// The layout: XML or base64 of it.
    pub layout: String,
}

/// Gives a document a new layout, which becomes its newest revision.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], [`Error::Layout`],
/// [`Error::Stale`].
pub async fn save(app: &App, caller: &Caller, command: SaveDocument) -> Result<Document, Error> {
    let document = find(app, caller, command.id, Access::MODIFY).await?;
    let mut check = Check::default();
    check.lock(app, command.lock);
    let comment = check.field("revisionComment", Description::new(&command.revision_comment));
    let interval =
        command.auto_refresh_interval.map_or(Ok(document.auto_refresh_interval), |value| {
            Seconds::new("autoRefreshInterval", value)
        });
    let interval = check.field("autoRefreshInterval", interval);
    let (Some(comment), Some(auto_refresh_interval)) = (comment, interval) else {
        return Err(check.into_error());
    };
    check.end()?;
    let layout = store_layout(app, document.document_type, &command.layout).await?;
    let id = Some(command.id.to_string());
    let detail = document.name.as_str();
    let line = caller.line(&*app.clock, Verb::Save, SubjectKind::Document, id, detail);
    let revision = NewRevision {
        created_at: line.at,
        user_name: caller.user().user_name.clone(),
        comment,
        layout,
    };
    let expected = command.lock;
    let save = DocumentSave { id: command.id, expected, auto_refresh_interval, revision };
    Ok(app.stores.documents.save(Change::new(save, line)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::{layout, revisions};
    use crate::test_site::{HELLO, Site};

    fn command(document: &Document, layout: &str) -> SaveDocument {
        SaveDocument {
            id: document.id,
            lock: Some(document.lock),
            auto_refresh_interval: None,
            revision_comment: "larger type".into(),
            layout: layout.into(),
        }
    }

    #[tokio::test]
    async fn a_save_makes_a_revision() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let document = site.document("Invoice").await;
        let larger = HELLO.replace("Hello", "HELLO");
        let saved = save(&site.app, &admin, command(&document, &larger)).await.unwrap();
        assert_eq!(saved.lock, OptimisticLock(1));
        assert_eq!(layout(&site.app, &admin, document.id).await.unwrap(), larger.as_bytes());
        let revisions = revisions(&site.app, &admin, document.id).await.unwrap();
        let told: Vec<(i64, &str)> =
            revisions.iter().map(|revision| (revision.number, revision.comment.as_str())).collect();
        assert_eq!(told, [(2, "larger type"), (1, "first try")]);
    }

    #[tokio::test]
    async fn a_save_that_fails_changes_nothing() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let document = site.document("Invoice").await;
        let saved = save(&site.app, &admin, command(&document, HELLO)).await.unwrap();
        let stale = save(&site.app, &admin, command(&document, HELLO)).await.unwrap_err();
        assert!(matches!(stale, Error::Stale { current: OptimisticLock(1), .. }), "{stale}");
        let broken = save(&site.app, &admin, command(&saved, "<x>")).await.unwrap_err();
        assert!(matches!(broken, Error::Layout { .. }), "{broken}");
        assert_eq!(revisions(&site.app, &admin, document.id).await.unwrap().len(), 2);
    }
}
