//! Sub-reports in files beside the layout, and their rows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use pressroom_compose::SubreportLoader;
use pressroom_data::{RowProvider, RowRequest, RowStream, SourceError};
use pressroom_report::Definition;

use super::layout_file;

/// The most addresses that one report may look for.
const MOST_ADDRESSES: usize = 100;

/// Finds sub-reports in the folder of the layout, and nowhere else.
pub(super) struct BesideLayout {
    folder: Option<PathBuf>,
    /// What was looked for: a sub-report may be asked for with each row.
    found: Mutex<BTreeMap<String, Result<Arc<Definition>, String>>>,
}

impl BesideLayout {
    /// The folder of a layout's file.
    pub(super) fn of(layout: &Path) -> Self {
        let folder = layout.canonicalize().ok().and_then(|path| path.parent().map(Path::to_owned));
        Self { folder, found: Mutex::default() }
    }

    /// The sub-reports that were found so far.
    fn loaded(&self) -> Vec<Arc<Definition>> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.values().flatten().map(Arc::clone).collect()
    }

    fn read(&self, url: &str) -> Result<Arc<Definition>, String> {
        let missing = || {
            format!(
                "the sub-report \"{url}\" is not a file in the folder of the layout; put it there, or embed it"
            )
        };
        let folder = self.folder.as_ref().ok_or_else(missing)?;
        let relative = url.trim().trim_start_matches("~/").replace('\\', "/");
        // Addresses of another machine or folder end in the name that the file has here.
        let name = relative.rsplit('/').next().unwrap_or_default();
        let path =
            [relative.clone(), format!("{relative}.repx"), name.into(), format!("{name}.repx")]
                .iter()
                .filter_map(|name| folder.join(name).canonicalize().ok())
                .find(|path| path.starts_with(folder) && path.is_file())
                .ok_or_else(missing)?;
        let definition = layout_file::read(&path);
        definition.map(Arc::new).map_err(|error| format!("the sub-report \"{url}\": {error}"))
    }
}

impl SubreportLoader for BesideLayout {
    fn load(&self, url: &str) -> Result<Arc<Definition>, String> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = found.get(url) {
            return known.clone();
        }
        if found.len() >= MOST_ADDRESSES {
            return Err(format!(
                "the sub-report \"{url}\" is not looked for: a report may name at most {MOST_ADDRESSES} others by address"
            ));
        }
        let read = self.read(url);
        found.insert(url.to_owned(), read.clone());
        read
    }
}

/// Rows of a layout, and of the sub-reports that were loaded for it: a request goes to the layout
/// first, and where that does not know its source, to them.
pub(super) struct WithSubreports<P, F> {
    layout: P,
    subreports: Arc<BesideLayout>,
    rows: F,
}

impl<P, F> WithSubreports<P, F>
where
    F: Fn(Arc<Definition>) -> P,
{
    /// `rows` makes the rows of a definition.
    pub(super) fn new(layout: Arc<Definition>, subreports: Arc<BesideLayout>, rows: F) -> Self {
        Self { layout: rows(layout), subreports, rows }
    }
}

impl<P, F> RowProvider for WithSubreports<P, F>
where
    P: RowProvider,
    F: Fn(Arc<Definition>) -> P + Send + Sync,
{
    fn open(&self, request: &RowRequest) -> Result<Box<dyn RowStream>, SourceError> {
        let own = self.layout.open(request);
        if !own.as_ref().is_err_and(is_unknown) {
            return own;
        }
        let mut others = self
            .subreports
            .loaded()
            .into_iter()
            .map(|definition| (self.rows)(definition).open(request));
        others.find(|opened| !opened.as_ref().is_err_and(is_unknown)).unwrap_or(own)
    }
}

fn is_unknown(error: &SourceError) -> bool {
    matches!(error, SourceError::UnknownSource(_) | SourceError::UnknownMember { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_in_the_folder_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let reports = folder.path().join("reports");
        std::fs::create_dir_all(reports.join("parts")).unwrap();
        let layout = "<XtraReportsLayoutSerializer/>";
        for name in ["reports/main.repx", "reports/lines.repx", "reports/parts/a.repx", "out.repx"]
        {
            std::fs::write(folder.path().join(name), layout).unwrap();
        }
        let loader = BesideLayout::of(&reports.join("main.repx"));
        for found in [
            "lines.repx",
            "lines",
            "~/lines.repx",
            "parts/a.repx",
            "parts\\a",
            "~/old/LINES/lines.repx",
        ] {
            assert!(loader.load(found).is_ok(), "{found}");
        }
        let absolute = folder.path().join("out.repx").display().to_string();
        for missing in ["../out.repx", "none.repx", "parts", "", &absolute] {
            let error = loader.load(missing).unwrap_err();
            assert!(error.contains("is not a file in the folder of the layout"), "{error}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path().join("out.repx"), reports.join("link.repx"))
                .unwrap();
            assert!(loader.load("link.repx").is_err(), "a link does not lead out of the folder");
        }
    }
}
