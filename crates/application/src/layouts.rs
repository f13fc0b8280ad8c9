//! Layouts: reading them once, and finding what they are bound to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pressroom_domain::BlobHash;
use pressroom_query::xml::XmlError;
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

/// Reads a layout on a thread that may block.
pub(crate) async fn parse(bytes: Vec<u8>) -> Result<(Definition, Vec<u8>), Error> {
    let reading = tokio::task::spawn_blocking(move || {
        let definition = Definition::from_repx(&bytes).map_err(|error| wrong(&error))?;
        Ok((definition, bytes))
    });
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
