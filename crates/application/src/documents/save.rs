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
        layout: layout.hash,
        data_models: layout.data_models,
    };
    let expected = command.lock;
    let save = DocumentSave { id: command.id, expected, auto_refresh_interval, revision };
    Ok(app.stores.documents.save(Change::new(save, line)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::{layout, revision_layout, revisions};
    use crate::test_site::{BOARD, HELLO, Site};

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

    /// How many bytes are stored, by their hashes.
    async fn stored(site: &Site) -> usize {
        site.app.blobs.list(None, 1_000).await.unwrap().len()
    }

    #[tokio::test]
    async fn identical_saves_do_not_pile_up_bytes() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let mut document = site.document("Invoice").await;
        let before = stored(&site).await;
        for _ in 0..5 {
            document = save(&site.app, &admin, command(&document, HELLO)).await.unwrap();
        }
        assert_eq!(stored(&site).await, before, "the bytes are those of the first revision");
        let revisions = revisions(&site.app, &admin, document.id).await.unwrap();
        assert_eq!(revisions.len(), 6, "each save is a revision all the same");
    }

    #[tokio::test]
    async fn restoring_is_saving_an_old_layout_and_overwrites_nothing() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let document = site.document("Invoice").await;
        let larger = HELLO.replace("Hello", "HELLO");
        let changed = save(&site.app, &admin, command(&document, &larger)).await.unwrap();
        let before = stored(&site).await;
        let first = revision_layout(&site.app, &admin, document.id, document.revision_id).await;
        let first = String::from_utf8(first.unwrap()).unwrap();
        save(&site.app, &admin, command(&changed, &first)).await.unwrap();
        assert_eq!(stored(&site).await, before);
        assert_eq!(layout(&site.app, &admin, document.id).await.unwrap(), HELLO.as_bytes());
        let all = revisions(&site.app, &admin, document.id).await.unwrap();
        let mut layouts = Vec::new();
        for revision in &all {
            let bytes = revision_layout(&site.app, &admin, document.id, revision.id).await.unwrap();
            layouts.push((revision.number, bytes));
        }
        let expect = [(3, HELLO), (2, &larger), (1, HELLO)];
        assert_eq!(layouts, expect.map(|(number, text)| (number, text.as_bytes().to_vec())));
    }

    #[tokio::test]
    async fn a_dashboard_stays_one() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let board = site.dashboard("Sales").await;
        let renamed = BOARD.replace("By month", "By year");
        let saved = save(&site.app, &admin, command(&board, &renamed)).await.unwrap();
        assert_eq!(layout(&site.app, &admin, board.id).await.unwrap(), renamed.as_bytes());
        let error = save(&site.app, &admin, command(&saved, HELLO)).await.unwrap_err();
        assert!(matches!(error, Error::Layout { .. }), "{error}");
        let report = site.document("Invoice").await;
        let error = save(&site.app, &admin, command(&report, BOARD)).await.unwrap_err();
        assert!(matches!(error, Error::Layout { .. }), "{error}");
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
