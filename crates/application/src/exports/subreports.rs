//! Sub-reports that a layout names by address: documents of that name which the owner may read.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use pressroom_compose::SubreportLoader;
use pressroom_domain::{Access, CategoryId, Document, DocumentId, DocumentType};
use pressroom_ports::StoreError;
use pressroom_report::Definition;
use tokio::runtime::Handle;

use super::control::Control;
use super::rows::wait;
use crate::outages::patiently;
use crate::{App, Caller, Error, authorise, layouts};

/// The most addresses that one export may look for.
const MOST_ADDRESSES: usize = 100;

/// Layouts by address, as far as they were looked for. Clones share them: their rows are found by
/// who opens data sources.
#[derive(Clone, Debug, Default)]
pub(crate) struct LoadedLayouts(Arc<Mutex<BTreeMap<String, Found>>>);

/// The layout at an address, or why there is none.
type Found = Result<Arc<Definition>, String>;

impl LoadedLayouts {
    /// Those that were found, in the order of their addresses.
    pub(crate) fn found(&self) -> Vec<Arc<Definition>> {
        let layouts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        layouts.values().flatten().map(Arc::clone).collect()
    }

    /// What an address led to. It is looked for once: a sub-report may be asked for with each row.
    fn get_or_load(&self, url: &str, load: impl FnOnce() -> Found) -> Found {
        let mut layouts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = layouts.get(url) {
            return known.clone();
        }
        if layouts.len() >= MOST_ADDRESSES {
            return Err(format!(
                "the sub-report \"{url}\" is not looked for: a report may name at most {MOST_ADDRESSES} others by address"
            ));
        }
        let loaded = load();
        layouts.insert(url.to_owned(), loaded.clone());
        loaded
    }
}

/// Finds the sub-reports of one export, by the rights of its owner.
///
/// To be used on a thread that may block, and that is no thread of the runtime.
pub(crate) struct StoredSubreports {
    /// The site.
    pub(crate) app: App,
    /// Who asked for the export.
    pub(crate) owner: Caller,
    /// The document that is exported: others of its category come first.
    pub(crate) document: DocumentId,
    /// Where the store is waited for.
    pub(crate) runtime: Handle,
    /// Ends waiting when the work is ended.
    pub(crate) control: Arc<Control>,
    /// What was found.
    pub(crate) loaded: LoadedLayouts,
}

impl SubreportLoader for StoredSubreports {
    fn load(&self, url: &str) -> Found {
        self.loaded.get_or_load(url, || {
            let found = wait(&self.runtime, &self.control, patiently(|| self.find(url)));
            let found = found.map_err(|ended| ended.to_string())?;
            found.map_err(|error| format!("the sub-report \"{url}\": {error}"))?.ok_or_else(|| {
                let name = Names::of(url).without_ending;
                format!(
                    "the sub-report \"{url}\" is no document that {} may read; save it as a document called \"{name}\", or embed it",
                    self.owner.user().user_name
                )
            })
        })
    }
}

impl StoredSubreports {
    async fn find(&self, url: &str) -> Result<Option<Arc<Definition>>, Error> {
        let Some(document) = self.document_called(&Names::of(url)).await? else {
            return Ok(None);
        };
        let documents = &self.app.stores.documents;
        let revision = documents.revision(document.id, document.revision_id).await?;
        layouts::load(&self.app, revision.layout).await.map(Some)
    }

    /// The report of a name that the owner may read; of several, one of the same category, then the
    /// oldest.
    async fn document_called(&self, names: &Names) -> Result<Option<Document>, Error> {
        let category = self.category().await?;
        let documents = &self.app.stores.documents;
        let mut called = documents.find_by_name(&names.without_ending).await?;
        if names.whole != names.without_ending {
            called.extend(documents.find_by_name(&names.whole).await?);
            called.sort_by_key(|document| document.id);
        }
        called.retain(|document| {
            document.document_type == DocumentType::Report
                && authorise::document(&self.owner, document, Access::READ).is_ok()
        });
        let near = called.iter().position(|document| Some(document.category_id) == category);
        Ok(called.into_iter().nth(near.unwrap_or(0)))
    }

    /// The category of the document that is exported; none once it is deleted.
    async fn category(&self) -> Result<Option<CategoryId>, Error> {
        match self.app.stores.documents.get(self.document).await {
            Ok(document) => Ok(Some(document.category_id)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// What the document at an address may be called.
struct Names {
    /// The last part of the path.
    whole: String,
    /// The same without `.repx`.
    without_ending: String,
}

impl Names {
    fn of(url: &str) -> Self {
        let whole = url.trim().rsplit(['/', '\\']).next().unwrap_or_default().trim();
        let dot = whole.len().saturating_sub(".repx".len());
        let without_ending = match (whole.get(..dot), whole.get(dot..)) {
            (Some(name), Some(ending)) if ending.eq_ignore_ascii_case(".repx") => name.trim(),
            _ => whole,
        };
        Self { whole: whole.to_owned(), without_ending: without_ending.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use pressroom_domain::{Export, ExportState, Scope};

    use super::*;
    use crate::exports;
    use crate::test_site::{HELLO, Site, names_report, site_with_names};

    /// A report that prints the one at an address.
    fn outer(url: &str) -> String {
        let control = format!(
            r#"ControlType="XRSubreport" Name="part" ReportSourceUrl="{url}" SizeF="400,25""#
        );
        HELLO
            .replace(r#"ControlType="XRLabel" Name="label1" Text="Hello" SizeF="200,23""#, &control)
    }

    /// What an owner gets of a report that names another one: the text, and the warnings.
    async fn print(site: &Site, owner: &Caller, document: &Document) -> (String, Vec<String>) {
        let id = site.export_of(owner, document).await;
        site.run_all().await;
        let Export { state, warnings, .. } = site.app.stores.exports.get(id).await.unwrap();
        assert!(matches!(state, ExportState::Complete(_)), "{state:?}");
        let file = exports::result(&site.app, owner, id).await.unwrap();
        let warnings = warnings.into_iter().map(|warning| warning.message).collect();
        (site.read(file.bytes).await, warnings)
    }

    #[test]
    fn addresses_end_in_names() {
        let check = |url: &str, whole: &str, without_ending: &str| {
            let names = Names::of(url);
            assert_eq!((&*names.whole, &*names.without_ending), (whole, without_ending), "{url}");
        };
        check("Lines", "Lines", "Lines");
        check("Lines.repx", "Lines.repx", "Lines");
        check("~/Reports/LINES.REPX", "LINES.REPX", "LINES");
        check(r"c:\reports\lines.repx ", "lines.repx", "lines");
        check("Lines v1.2", "Lines v1.2", "Lines v1.2");
        check("Größe.repx", "Größe.repx", "Größe");
        check(".repx", ".repx", "");
        check("é", "é", "é");
        check("", "", "");
    }

    #[tokio::test]
    async fn a_document_of_the_name_is_printed_with_its_rows() {
        let site = site_with_names(3).await;
        let admin = site.administrator().await;
        site.document_of("Names", &names_report()).await;
        let document = site.document_of("Outer", &outer("~/reports/NAMES.repx")).await;
        let (text, warnings) = print(&site, &admin, &document).await;
        for name in ["name 1", "name 2", "name 3"] {
            assert!(text.contains(name), "{text}");
        }
        assert_eq!(warnings, Vec::<String>::new());
    }

    #[tokio::test]
    async fn of_several_the_one_of_the_same_category_is_printed() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        site.document_of("Part", &HELLO.replace("Hello", "elsewhere")).await;
        let document = site.document_of("Outer", &outer("Part")).await;
        let (text, _) = print(&site, &admin, &document).await;
        assert!(text.contains("elsewhere"), "{text}");
        let near = HELLO.replace("Hello", "near by");
        site.document_in(document.category_id, "part", &near).await;
        let (text, _) = print(&site, &admin, &document).await;
        assert!(text.contains("near by") && !text.contains("elsewhere"), "{text}");
    }

    #[tokio::test]
    async fn what_the_owner_may_not_read_is_not_found() {
        let site = Site::new().await;
        let document = site.document_of("Outer", &outer("Secret.repx")).await;
        let may_read = (Access::READ, Scope::Document(document.id));
        let reader = site.reader("ann", &[may_read]).await;
        let nowhere = print(&site, &reader, &document).await;
        site.document("Secret").await;
        let hidden = print(&site, &reader, &document).await;
        assert_eq!(hidden, nowhere, "nobody learns that it exists");
        assert_eq!(
            hidden.1,
            [
                "the sub-report \"Secret.repx\" is no document that ann may read; save it as a document called \"Secret\", or embed it"
            ]
        );
        assert!(hidden.0.contains("Secret.repx") && !hidden.0.contains("Hello"), "{}", hidden.0);
        let (text, warnings) = print(&site, &site.administrator().await, &document).await;
        assert!(text.contains("Hello") && warnings.is_empty(), "{text}");
    }

    #[tokio::test]
    async fn a_report_that_names_itself_ends() {
        let site = Site::new().await;
        let document = site.document_of("Loop", &outer("Loop.repx")).await;
        let (_, warnings) = print(&site, &site.administrator().await, &document).await;
        assert!(warnings.iter().any(|text| text.contains("does a report contain itself?")));
    }

    #[tokio::test]
    async fn a_layout_that_cannot_be_read_is_told_in_its_place() {
        let site = Site::new().await;
        site.document_of("Part", "<Bands").await;
        let document = site.document_of("Outer", &outer("Part")).await;
        let (_, warnings) = print(&site, &site.administrator().await, &document).await;
        let start = "the sub-report \"Part\": the layout cannot be used: ";
        assert!(matches!(&*warnings, [one] if one.starts_with(start)), "{warnings:?}");
    }

    #[tokio::test]
    async fn a_data_model_that_a_sub_report_lacks_is_named() {
        let site = Site::new().await;
        site.document_of("Names", &names_report()).await;
        let document = site.document_of("Outer", &outer("Names")).await;
        let id = site.export_of(&site.administrator().await, &document).await;
        site.run_all().await;
        let export = site.app.stores.exports.get(id).await.unwrap();
        let ExportState::Fault(fault) = export.state else { panic!("{:?}", export.state) };
        assert!(fault.message.starts_with("data source \"Northwind\" is not known"), "{fault:?}");
    }

    #[test]
    fn addresses_are_looked_for_once_and_not_without_end() {
        let loaded = LoadedLayouts::default();
        let mut looks = 0;
        for number in (0..2 * MOST_ADDRESSES).chain(0..MOST_ADDRESSES) {
            let _ = loaded.get_or_load(&number.to_string(), || {
                looks += 1;
                Ok(Arc::default())
            });
        }
        assert_eq!((looks, loaded.found().len()), (MOST_ADDRESSES, MOST_ADDRESSES));
        let error = loaded.get_or_load("more", || Ok(Arc::default())).unwrap_err();
        assert!(error.contains("at most 100 others by address"), "{error}");
    }
}
