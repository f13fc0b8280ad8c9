//! Making a document.

use pressroom_domain::{
    CategoryId, Description, Document, DocumentType, Name, NewDocument, NewRevision, Seconds,
    SubjectKind, Verb,
};
use pressroom_ports::Change;

use super::store_layout;
use crate::error::Check;
use crate::{App, Caller, Error, authorise};

/// A document to be made.
#[derive(Clone, Debug)]
pub struct CreateDocument {
    /// The category it stands in.
    pub category_id: CategoryId,
    /// What it is called.
    pub name: String,
    /// What it shows.
    pub description: String,
    /// What is said about its first revision.
    pub revision_comment: String,
    /// What it is.
    pub document_type: DocumentType,
    /// After how many seconds an open viewer fetches it again; 0 is never.
    pub auto_refresh_interval: i64,
    /// The layout: XML or base64 of it.
    pub layout: String,
}

/// Makes a document with its first revision.
///
/// # Errors
/// [`Error::NotFound`] for the category, [`Error::Forbidden`], [`Error::Invalid`];
/// [`Error::Layout`], also for the layout of another type of document.
pub async fn create(
    app: &App,
    caller: &Caller,
    command: CreateDocument,
) -> Result<Document, Error> {
    let category_id = command.category_id;
    authorise::new_document(caller, &app.stores.categories.get(category_id).await?)?;
    let mut check = Check::default();
    let name = check.field("name", Name::new(&command.name));
    let description = check.field("description", Description::new(&command.description));
    let comment = check.field("revisionComment", Description::new(&command.revision_comment));
    let seconds = Seconds::new("autoRefreshInterval", command.auto_refresh_interval);
    let interval = check.field("autoRefreshInterval", seconds);
    let (Some(name), Some(description), Some(comment), Some(auto_refresh_interval)) =
        (name, description, comment, interval)
    else {
        return Err(check.into_error());
    };
    let layout = store_layout(app, command.document_type, &command.layout).await?;
    let detail = name.to_string();
    let line = caller.line(&*app.clock, Verb::Create, SubjectKind::Document, None, detail);
    let revision = NewRevision {
        created_at: line.at,
        user_name: caller.user().user_name.clone(),
        comment,
        layout: layout.hash,
        data_models: layout.data_models,
    };
    let new = NewDocument {
        category_id,
        name,
        description,
        document_type: command.document_type,
        auto_refresh_interval,
        revision,
    };
    Ok(app.stores.documents.create(Change::new(new, line)).await?)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;
    use pressroom_domain::{Access, Scope};

    use super::*;
    use crate::test_site::{BOARD, HELLO, Site};

    async fn command(site: &Site) -> CreateDocument {
        CreateDocument {
            category_id: site.category("Bills").await,
            name: "Invoice".into(),
            description: "What a customer owes".into(),
            revision_comment: "first try".into(),
            document_type: DocumentType::Report,
            auto_refresh_interval: 0,
            layout: HELLO.into(),
        }
    }

    #[tokio::test]
    async fn a_document_has_a_first_revision_with_exactly_its_bytes() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let text = command(&site).await;
        let packed =
            CreateDocument { layout: BASE64_STANDARD.encode(HELLO), ..command(&site).await };
        for command in [text, packed] {
            let made = create(&site.app, &admin, command).await.unwrap();
            assert_eq!(made.modified_by.as_str(), "admin");
            let layout = crate::documents::layout(&site.app, &admin, made.id).await.unwrap();
            assert_eq!(layout, HELLO.as_bytes());
        }
    }

    #[tokio::test]
    async fn a_dashboard_is_a_document() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let document_type = DocumentType::Dashboard;
        let layout = BOARD.to_owned();
        let command = CreateDocument { document_type, layout, ..command(&site).await };
        let made = create(&site.app, &admin, command).await.unwrap();
        assert_eq!(made.document_type, document_type);
        let file = crate::documents::export_layout(&site.app, &admin, made.id).await.unwrap();
        assert_eq!((&*file.file_name, &*file.bytes), ("Invoice.xml", BOARD.as_bytes()));
    }

    #[tokio::test]
    async fn what_is_wrong_is_told() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let command = command(&site).await;
        let wrong =
            async |command: CreateDocument| create(&site.app, &admin, command).await.unwrap_err();
        let layout = "<XtraReportsLayoutSerializer>".to_owned();
        let error = wrong(CreateDocument { layout, ..command.clone() }).await;
        assert!(matches!(error, Error::Layout { line: Some(1), .. }), "{error:?}");
        let error = wrong(CreateDocument {
            name: String::new(),
            auto_refresh_interval: -1,
            ..command.clone()
        })
        .await;
        let Error::Invalid(problems) = error else { panic!("{error}") };
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["name", "autoRefreshInterval"]);
        let category_id = CategoryId(987);
        let error = wrong(CreateDocument { category_id, ..command.clone() }).await;
        assert_eq!(error.to_string(), "category 987 does not exist");
        let document_type = DocumentType::Dashboard;
        let error = wrong(CreateDocument { document_type, ..command }).await;
        assert!(matches!(error, Error::Layout { line: Some(2), .. }), "{error}");
    }

    #[tokio::test]
    async fn making_needs_the_right_on_the_category() {
        let site = Site::new().await;
        let command = command(&site).await;
        let here = (Access::CREATE, Scope::DocumentsIn(command.category_id));
        let author = site.reader("author", &[here]).await;
        assert!(create(&site.app, &author, command.clone()).await.is_ok());
        let reader = site.reader("rita", &[(Access::READ, Scope::AllDocuments)]).await;
        let error = create(&site.app, &reader, command).await.unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{error}");
    }
}
