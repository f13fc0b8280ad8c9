//! Layouts: reading them once, and finding what they are bound to.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pressroom_dashboard::{LayoutError as DashboardError, Outline};
use pressroom_domain::{BlobHash, DocumentType};
use pressroom_query::xml::XmlError;
use pressroom_query::{ExcelSource, JsonSource, SourceKind};
use pressroom_report::{Definition, LayoutError};

use crate::{App, Error};

/// Layouts that were read lately, by the hash of their bytes. What it holds is bounded, and never
/// out of date: other bytes have another hash.
#[derive(Debug, Default)]
pub struct LayoutCache {
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    layouts: HashMap<BlobHash, Entry>,
    bytes: usize,
    uses: u64,
}

#[derive(Debug)]
struct Entry {
    definition: Arc<Definition>,
    bytes: usize,
    last_use: u64,
}

impl LayoutCache {
    /// Bytes of layout text whose definitions are held; a definition takes a few times that.
    const MOST_BYTES: usize = 16 << 20;

    fn find(&self, hash: &BlobHash) -> Option<Arc<Definition>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.uses += 1;
        let now = held.uses;
        let entry = held.layouts.get_mut(hash)?;
        entry.last_use = now;
        Some(Arc::clone(&entry.definition))
    }

    fn keep(&self, hash: BlobHash, bytes: usize, definition: &Arc<Definition>) {
        // A layout that would push out most others is read again each time.
        if bytes > Self::MOST_BYTES / 4 {
            return;
        }
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.uses += 1;
        let last_use = held.uses;
        let entry = Entry { definition: Arc::clone(definition), bytes, last_use };
        held.bytes += bytes;
        if let Some(replaced) = held.layouts.insert(hash, entry) {
            held.bytes -= replaced.bytes;
        }
        while held.bytes > Self::MOST_BYTES {
            let oldest = held.layouts.iter().min_by_key(|(_, entry)| entry.last_use);
            let Some(oldest) = oldest.map(|(hash, _)| *hash) else { break };
            if let Some(removed) = held.layouts.remove(&oldest) {
                held.bytes -= removed.bytes;
            }
        }
    }
}

/// The bytes of a layout as a caller sent it: the text itself, or base64 of it.
pub(crate) fn decode(layout: &str) -> Vec<u8> {
    let text = layout.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with('<') && !text.starts_with('{') {
        let packed: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        if let Ok(bytes) = BASE64_STANDARD.decode(packed)
            && looks_like_a_layout(&bytes)
        {
            return bytes;
        }
    }
    layout.as_bytes().to_vec()
}

/// Whether bytes begin as layouts do: otherwise a text that happens to be valid base64 is just a text.
fn looks_like_a_layout(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    // UTF-16 begins with its own mark; the older form of layouts is C# and has its own answer.
    start.starts_with(b"<")
        || start.starts_with(b"{")
        || start.starts_with(b"///")
        || start.starts_with(b"using ")
        || bytes.starts_with(b"\xff\xfe")
        || bytes.starts_with(b"\xfe\xff")
}

/// A layout that is one of the type of its document.
#[derive(Debug)]
pub(crate) struct Checked {
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// The names by which it may mean data models, in lower case.
    pub(crate) data_models: BTreeSet<String>,
}

/// Whether a layout is that of a document of this type, or what is wrong with it.
pub(crate) async fn check(document_type: DocumentType, bytes: Vec<u8>) -> Result<Checked, Error> {
    let (names, bytes) = match document_type {
        DocumentType::Report => {
            let (definition, bytes) = parse(bytes).await?;
            (data_models(&definition), bytes)
        }
        DocumentType::Dashboard => {
            let (outline, bytes) = outline(bytes).await?;
            (outline.connections().into_iter().map(str::to_owned).collect(), bytes)
        }
    };
    let keys = names.iter().map(|name| name.trim().to_lowercase()).filter(|key| !key.is_empty());
    Ok(Checked { bytes, data_models: keys.collect() })
}

/// The names by which a report looks for data models: see `exports::rows`.
fn data_models(definition: &Definition) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for source in definition.sources.iter() {
        match &source.kind {
            SourceKind::Sql(sql) => {
                names.extend([sql.connection.name.to_string(), source.name.to_string()]);
            }
            SourceKind::Object(object) | SourceKind::Entity(object) => {
                let type_name = object.type_name.rsplit(['.', '+']).next().unwrap_or_default();
                names.extend([source.name.to_string(), type_name.to_owned()]);
            }
            SourceKind::Json(JsonSource { connection, .. })
            | SourceKind::Excel(ExcelSource { connection, .. }) => {
                names.extend(connection.iter().cloned().chain([source.name.to_string()]));
            }
            // What it reads are other sources of the layout.
            SourceKind::Federation(_) => {}
            SourceKind::Other { .. } => {
                names.insert(source.name.to_string());
            }
        }
    }
    names
}

/// Reads the layout of a report on a thread that may block.
pub(crate) async fn parse(bytes: Vec<u8>) -> Result<(Definition, Vec<u8>), Error> {
    read(bytes, |bytes| Definition::from_repx(bytes).map_err(|error| wrong(&error))).await
}

/// Reads the layout of a dashboard on a thread that may block.
pub(crate) async fn outline(bytes: Vec<u8>) -> Result<(Outline, Vec<u8>), Error> {
    read(bytes, |bytes| Outline::parse(bytes).map_err(|error| wrong_dashboard(&error))).await
}

async fn read<T: Send + 'static>(
    bytes: Vec<u8>,
    reader: impl FnOnce(&[u8]) -> Result<T, Error> + Send + 'static,
) -> Result<(T, Vec<u8>), Error> {
    let reading = tokio::task::spawn_blocking(move || Ok((reader(&bytes)?, bytes)));
    reading.await.unwrap_or_else(|_| {
        let message = "it made the reader stop; take the last change back".to_owned();
        Err(Error::Layout { message, line: None, column: None })
    })
}

/// The definition of stored bytes.
pub(crate) async fn load(app: &App, hash: BlobHash) -> Result<Arc<Definition>, Error> {
    if let Some(definition) = app.layouts.find(&hash) {
        return Ok(definition);
    }
    let bytes = app.blobs.get(&hash, app.settings.layout_bytes).await?;
    let size = bytes.len();
    let (definition, _) = parse(bytes).await?;
    let definition = Arc::new(definition);
    app.layouts.keep(hash, size, &definition);
    Ok(definition)
}

fn wrong(error: &LayoutError) -> Error {
    let (line, column) = place(error);
    Error::Layout { message: error.to_string(), line, column }
}

fn wrong_dashboard(error: &DashboardError) -> Error {
    let (line, column) = error.place();
    Error::Layout { message: error.to_string(), line: line.or(Some(1)), column }
}

/// Where in its text a layout is wrong.
fn place(error: &LayoutError) -> (Option<u32>, Option<u32>) {
    match error {
        LayoutError::Xml(XmlError::Syntax { line, column, .. }) => (Some(*line), Some(*column)),
        LayoutError::Xml(
            XmlError::TooDeep { line, .. }
            | XmlError::TooMany { line, .. }
            | XmlError::DocumentType { line },
        )
        | LayoutError::Circular { line, .. }
        | LayoutError::ContainsItself { line, .. }
        | LayoutError::TooManySubreports { line, .. }
        | LayoutError::TooDeep { line, .. }
        | LayoutError::TooMany { line, .. } => (Some(*line), None),
        _ => (Some(1), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_come_as_text_or_base64() {
        let xml = "<XtraReportsLayoutSerializer/>";
        let packed = BASE64_STANDARD.encode(xml);
        let wrapped = format!("{}\r\n{}", &packed[..20], &packed[20..]);
        for layout in [xml, &packed, &wrapped, &format!("  {packed}")] {
            assert_eq!(decode(layout), xml.as_bytes(), "{layout}");
        }
        for layout in ["", "no layout at all", "\u{feff}<X/>", "  <X/>"] {
            assert_eq!(decode(layout), layout.as_bytes(), "kept as it is");
        }
    }

    #[tokio::test]
    async fn what_is_wrong_with_a_layout_is_told_with_its_place() {
        let check = async |layout: &str, place: (Option<u32>, bool)| {
            let error = parse(layout.as_bytes().to_vec()).await.unwrap_err();
            let Error::Layout { line, column, .. } = error else { panic!("{error}") };
            assert_eq!((line, column.is_some()), place, "{layout}");
        };
        check("<XtraReportsLayoutSerializer>\n  <Bands", (Some(2), true)).await;
        check("<Other/>", (Some(1), false)).await;
        check("no XML", (Some(1), true)).await;
    }

    #[tokio::test]
    async fn a_layout_is_of_its_documents_type() {
        let (report, board) = ("<XtraReportsLayoutSerializer/>", "<Dashboard/>");
        let check = async |document_type, layout: &str| {
            check(document_type, layout.as_bytes().to_vec())
                .await
                .map_err(|error| error.to_string())
        };
        let checked = check(DocumentType::Report, report).await.unwrap();
        assert_eq!(checked.bytes, report.as_bytes());
        let checked = check(DocumentType::Dashboard, board).await.unwrap();
        assert_eq!(checked.bytes, board.as_bytes());
        let error = check(DocumentType::Report, board).await.unwrap_err();
        assert!(error.contains("it is a dashboard"), "{error}");
        let error = check(DocumentType::Dashboard, report).await.unwrap_err();
        assert!(error.contains("this is the layout of a report"), "{error}");
    }

    #[test]
    fn the_cache_forgets_what_was_not_used_for_longest() {
        let cache = LayoutCache::default();
        let definition = Arc::new(Definition::default());
        let hash = |byte| BlobHash::from_bytes([byte; 32]);
        for byte in 0..4 {
            cache.keep(hash(byte), LayoutCache::MOST_BYTES / 4, &definition);
        }
        assert!(cache.find(&hash(0)).is_some());
        cache.keep(hash(9), 1, &definition);
        assert!(cache.find(&hash(1)).is_none());
        assert!([0, 2, 3, 9].into_iter().all(|byte| cache.find(&hash(byte)).is_some()));
        cache.keep(hash(8), LayoutCache::MOST_BYTES, &definition);
        assert!(cache.find(&hash(8)).is_none());
    }
}
