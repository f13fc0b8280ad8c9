//! Fetching the layout of a document as a file.

use pressroom_domain::{DocumentId, DocumentType};

use super::{get, layout};
use crate::{App, Caller, Error};

/// A layout as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutFile {
    /// What the file is called, such as `Invoice.repx`.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The newest layout as a file.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn export_layout(
    app: &App,
    caller: &Caller,
    id: DocumentId,
) -> Result<LayoutFile, Error> {
    let document = get(app, caller, id).await?;
    let extension = match document.document_type {
        DocumentType::Report => "repx",
        DocumentType::Dashboard => "xml",
    };
    let file_name = format!("{}.{extension}", document.name);
    Ok(LayoutFile { file_name, bytes: layout(app, caller, id).await? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::{HELLO, Site};

    #[tokio::test]
    async fn a_report_is_a_repx_file() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let document = site.document("Rechnung Größe").await;
        let file = export_layout(&site.app, &admin, document.id).await.unwrap();
        assert_eq!(file.file_name, "Rechnung Größe.repx");
        assert_eq!(file.bytes, HELLO.as_bytes());
    }
}
