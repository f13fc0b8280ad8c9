//! The faces that a machine has installed.

use std::collections::HashMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use skrifa::font::{Blob, TableFunction};
use skrifa::raw::types::NameId;
use skrifa::{Font, Tag};

use crate::face::{FaceData, FontBytes, FontError, Generic};
use crate::family::fold;

/// Folders are looked through this deep, and so many files are looked at.
const MAX_DEPTH: usize = 6;
const MAX_FILES: usize = 20_000;
/// Font files above this size are left alone.
const MAX_FILE_BYTES: u64 = 256 << 20;
/// Tables above this size, and directories of more tables, are not believed.
const MAX_TABLE_BYTES: u32 = 64 << 20;
const MAX_TABLES: u16 = 256;
const MAX_FACES: u32 = 256;

/// Where the operating system keeps fonts.
pub(crate) fn standard_folders() -> Vec<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let mut folders = Vec::new();
    if cfg!(windows) {
        folders.extend(variable("WINDIR").map(|root| root.join("Fonts")));
        folders.extend(variable("LOCALAPPDATA").map(|root| root.join("Microsoft/Windows/Fonts")));
    } else if cfg!(target_os = "macos") {
        folders.extend(["/System/Library/Fonts", "/Library/Fonts"].map(PathBuf::from));
        folders.extend(variable("HOME").map(|home| home.join("Library/Fonts")));
    } else {
        folders.extend(["/usr/share/fonts", "/usr/local/share/fonts"].map(PathBuf::from));
        if let Some(home) = variable("HOME") {
            folders.extend([home.join(".fonts"), home.join(".local/share/fonts")]);
        }
    }
    folders
}

/// What the tables of a face say of it.
pub(crate) struct Probe {
    pub(crate) family: String,
    /// The name under which all weights stand together, if it is another.
    typographic_family: Option<String>,
    pub(crate) bold: bool,
    pub(crate) italic: bool,
    pub(crate) generic: Generic,
    weight: f32,
    normal_width: bool,
}

impl Probe {
    pub(crate) fn read(bytes: &FontBytes, index: u32) -> Result<Self, FontError> {
        let shared: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::new(bytes.clone());
        let font = Font::new(shared, index).ok_or(if index == 0 {
            FontError::NotAFont
        } else {
            FontError::NoSuchFace(index)
        })?;
        Self::of(&font).ok_or(FontError::NotAFont)
    }

    fn of(font: &Font) -> Option<Self> {
        let name = |id: NameId| {
            let names = font.names();
            Some(names.get(id)?.english_or_first()?.name().to_string())
        };
        let family = name(NameId::FAMILY_NAME).filter(|name| !name.is_empty())?;
        let attributes = font.default_attributes();
        let fixed = font.style_metrics().is_fixed_pitch == Some(true);
        let folded = fold(&family);
        let serif = (folded.contains("serif") && !folded.contains("sans"))
            || ["roman", "times", "mincho", "song", "ming"].iter().any(|w| folded.contains(w));
        Some(Self {
            typographic_family: name(NameId::TYPOGRAPHIC_FAMILY_NAME)
                .filter(|other| *other != family),
            bold: attributes.weight.value() >= 600.0,
            italic: attributes.style != skrifa::font::attribute::Style::Normal,
            generic: match (fixed, serif) {
                (true, _) => Generic::Mono,
                (false, true) => Generic::Serif,
                (false, false) => Generic::Sans,
            },
            weight: attributes.weight.value(),
            normal_width: (attributes.width.percentage() - 100.0).abs() < 1.0,
            family,
        })
    }
}

struct Entry {
    path: PathBuf,
    index: u32,
    probe: Probe,
    /// Reads single tables, without the rest of the file.
    tables: Font,
    data: OnceLock<Option<Arc<FaceData>>>,
}

impl Entry {
    /// The whole file, read at the first use.
    fn data(&self) -> Option<Arc<FaceData>> {
        self.data.get_or_init(|| self.load()).clone()
    }

    fn load(&self) -> Option<Arc<FaceData>> {
        if fs::metadata(&self.path).ok()?.len() > MAX_FILE_BYTES {
            return None;
        }
        let bytes = FontBytes::new(fs::read(&self.path).ok()?);
        let style = (self.probe.bold, self.probe.italic);
        let family = self.probe.family.as_str().into();
        FaceData::new(None, bytes, self.index, family, style, self.probe.generic).ok().map(Arc::new)
    }
}

/// An index of installed faces: names and styles. Files are read when a face is used.
pub(crate) struct SystemFonts {
    entries: Vec<Entry>,
    families: HashMap<String, Vec<usize>>,
}

impl SystemFonts {
    /// Looks through folders. What cannot be read is left out.
    pub(crate) fn scan(folders: &[PathBuf]) -> Self {
        let mut paths = Vec::new();
        for folder in folders {
            collect(folder, 0, &mut paths);
        }
        paths.sort();
        paths.dedup();
        let mut entries: Vec<Entry> = paths.iter().flat_map(|path| faces_of(path)).collect();
        // Stand-ins are looked for in this order: text faces of normal width and weight first.
        entries.sort_by_key(|entry| {
            let probe = &entry.probe;
            let emoji = fold(&probe.family).contains("emoji");
            let off = (probe.weight - if probe.bold { 700.0 } else { 400.0 }).abs();
            (probe.generic == Generic::Mono, emoji, !probe.normal_width, off as u32)
        });
        let mut families: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, entry) in entries.iter().enumerate() {
            let probe = &entry.probe;
            families.entry(fold(&probe.family)).or_default().push(index);
            if let Some(name) = &probe.typographic_family {
                families.entry(fold(name)).or_default().push(index);
            }
        }
        Self { entries, families }
    }

    pub(crate) fn has_family(&self, folded: &str) -> bool {
        self.families.contains_key(folded)
    }

    /// The face of a family that comes nearest to a style.
    pub(crate) fn face(&self, folded: &str, bold: bool, italic: bool) -> Option<Arc<FaceData>> {
        let mut candidates: Vec<&Entry> =
            self.families.get(folded)?.iter().map(|index| &self.entries[*index]).collect();
        candidates.sort_by_key(|entry| {
            let probe = &entry.probe;
            let off = (probe.weight - if bold { 700.0 } else { 400.0 }).abs();
            (probe.italic != italic, probe.bold != bold, !probe.normal_width, off as u32)
        });
        candidates.into_iter().find_map(Entry::data)
    }

    /// A face that has a character, of the asked style if there is one.
    pub(crate) fn covering(&self, c: char, bold: bool, italic: bool) -> Option<Arc<FaceData>> {
        let covers = |entry: &&Entry| entry.tables.charmap().map_unicode(c).is_some();
        let mut covering: Vec<&Entry> = self.entries.iter().filter(covers).collect();
        covering.sort_by_key(|entry| (entry.probe.bold != bold, entry.probe.italic != italic));
        covering.into_iter().filter_map(Entry::data).find(|data| data.covers(c))
    }
}

impl fmt::Debug for SystemFonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SystemFonts({} faces)", self.entries.len())
    }
}

fn collect(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if paths.len() >= MAX_FILES {
            return;
        }
        let path = entry.path();
        if path.is_dir() {
            if depth < MAX_DEPTH {
                collect(&path, depth + 1, paths);
            }
        } else if is_font(&path) {
            paths.push(path);
        }
    }
}

fn is_font(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["ttf", "otf", "ttc", "otc"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn faces_of(path: &Path) -> Vec<Entry> {
    let mut entries = Vec::new();
    let Some(offsets) = File::open(path).ok().and_then(|mut file| face_offsets(&mut file)) else {
        return entries;
    };
    for (index, offset) in (0..).zip(offsets) {
        let Some(font) = open_tables(path, offset) else { continue };
        if let Some(probe) = Probe::of(&font) {
            let data = OnceLock::new();
            entries.push(Entry { path: path.to_owned(), index, probe, tables: font, data });
        }
    }
    entries
}

/// Where the table directories of a file's faces start.
fn face_offsets(file: &mut File) -> Option<Vec<u32>> {
    let header = read_at(file, 0, 12)?;
    if &header[..4] != b"ttcf" {
        return Some(vec![0]);
    }
    let count = u32::from_be_bytes(header[8..12].try_into().ok()?).min(MAX_FACES);
    let offsets = read_at(file, 12, count * 4)?;
    Some(offsets.chunks_exact(4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]])).collect())
}

/// A font whose tables are read one by one when they are asked for.
fn open_tables(path: &Path, offset: u32) -> Option<Font> {
    let mut file = File::open(path).ok()?;
    let header = read_at(&mut file, offset, 12)?;
    let count = u16::from_be_bytes([header[4], header[5]]);
    if count > MAX_TABLES {
        return None;
    }
    let directory = read_at(&mut file, offset.checked_add(12)?, u32::from(count) * 16)?;
    let tables: HashMap<[u8; 4], (u32, u32)> = directory
        .chunks_exact(16)
        .map(|r| {
            let number = |at: usize| u32::from_be_bytes([r[at], r[at + 1], r[at + 2], r[at + 3]]);
            ([r[0], r[1], r[2], r[3]], (number(8), number(12)))
        })
        .collect();
    let path = path.to_owned();
    let read = move |tag: Tag| -> Option<Blob> {
        let (offset, length) = *tables.get(&tag.to_be_bytes())?;
        if length > MAX_TABLE_BYTES {
            return None;
        }
        Some(read_at(&mut File::open(&path).ok()?, offset, length)?.into())
    };
    Font::new(TableFunction::new(Arc::new(read)), 0)
}

fn read_at(file: &mut File, offset: u32, length: u32) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(u64::from(offset))).ok()?;
    let mut bytes = Vec::new();
    file.take(u64::from(length)).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 == u64::from(length)).then_some(bytes)
}
