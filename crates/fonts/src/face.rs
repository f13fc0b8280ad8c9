//! One face of a family: its bytes and its measures.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use skrifa::Font;
use thiserror::Error;

use crate::bundled;
use crate::classes::{self, DirectGlyph};

/// Why a font file cannot be used.
#[derive(Debug, Error)]
pub enum FontError {
    /// The bytes are not a font that can be read.
    #[error("the font data is not a TrueType or OpenType font; use a .ttf, .otf or .ttc file")]
    NotAFont,
    /// The file holds no face of this number.
    #[error("the font file holds no face number {0}; the first face is number 0")]
    NoSuchFace(u32),
}

/// The bytes of a font file: part of the program, or read from a disk. Cloning shares them.
#[derive(Clone)]
pub struct FontBytes(Arc<dyn AsRef<[u8]> + Send + Sync>);

impl FontBytes {
    /// Shares bytes that something owns.
    #[must_use]
    pub fn new(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self(Arc::new(bytes))
    }
}

impl AsRef<[u8]> for FontBytes {
    fn as_ref(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

impl fmt::Debug for FontBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FontBytes({} bytes)", self.as_ref().len())
    }
}

/// Measures of a face, in em: multiply by the font size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceMetrics {
    /// From the baseline up to the top of a line.
    pub ascent: f32,
    /// From the baseline down to the bottom of a line's letters; positive.
    pub descent: f32,
    /// Added below each line.
    pub line_gap: f32,
    /// From the baseline down to the middle of an underline; positive is below.
    pub underline_offset: f32,
    /// How thick an underline is.
    pub underline_thickness: f32,
    /// From the baseline up to the middle of a line through the text.
    pub strikeout_offset: f32,
    /// How thick a line through the text is.
    pub strikeout_thickness: f32,
    /// Height of a capital letter.
    pub cap_height: f32,
    /// Height of a small x.
    pub x_height: f32,
}

impl FaceMetrics {
    /// From one baseline to the next, as GDI+ has it: ascent, descent and gap.
    #[must_use]
    pub fn line_height(&self) -> f32 {
        self.ascent + self.descent + self.line_gap
    }

    /// Reads the measures from a font's tables.
    ///
    /// Ascent and descent are the `OS/2` table's `usWinAscent` and `usWinDescent`, and the gap is
    /// GDI's external leading, `max(0, hhea.lineGap - ((winAscent + winDescent) - (hhea.ascender -
    /// hhea.descender)))`: so a line of Arial is (1854 + 434 + 67) / 2048 = 1.15 em high, which is
    /// what .NET's `Font.GetHeight` gives. Fonts without `OS/2` use `hhea` alone.
    fn read(font: &Font) -> Self {
        let metrics = font.metrics();
        let style = font.style_metrics();
        let em = 1.0 / f32::from(metrics.units_per_em.max(1));
        let hhea = metrics
            .hhea_line
            .map(|line| (line.ascender.to_f32(), -line.descender.to_f32(), line.line_gap.to_f32()));
        let win = metrics
            .win_line
            .map(|line| (line.ascender.to_f32(), -line.descender.to_f32()))
            .filter(|(ascent, descent)| ascent + descent > 0.0);
        let (ascent, descent, line_gap) = match (win, hhea) {
            (Some((ascent, descent)), Some((above, below, gap))) => {
                (ascent, descent, (gap - (ascent + descent - above - below)).max(0.0))
            }
            (Some((ascent, descent)), None) => (ascent, descent, 0.0),
            (None, Some((ascent, descent, gap))) if ascent + descent > 0.0 => {
                (ascent, descent, gap.max(0.0))
            }
            (None, _) => (0.8 / em, 0.2 / em, 0.0),
        };
        let underline = style.underline;
        let strikeout = style.strike_through;
        let x_height = metrics.x_height.map_or(0.5, |height| height.to_f32() * em);
        let thickness = underline
            .map(|line| line.thickness.to_f32() * em)
            .filter(|thickness| *thickness > 0.0)
            .unwrap_or(0.05);
        Self {
            ascent: ascent * em,
            descent: descent * em,
            line_gap: line_gap * em,
            // `post` gives the top of the stroke; half a stroke further down is its middle.
            underline_offset: underline
                .map_or(0.1, |line| -line.position.to_f32() * em + thickness / 2.0),
            underline_thickness: thickness,
            strikeout_offset: strikeout.map_or(x_height / 2.0, |line| {
                (line.position.to_f32() - line.thickness.to_f32() / 2.0) * em
            }),
            strikeout_thickness: strikeout
                .map(|line| line.thickness.to_f32() * em)
                .filter(|thickness| *thickness > 0.0)
                .unwrap_or(thickness),
            cap_height: metrics.cap_height.map_or(0.7, |height| height.to_f32() * em),
            x_height,
        }
    }
}

/// Ascent, descent and gap that stand for those of a face's own tables, in em.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LineMetrics {
    pub(crate) ascent: f32,
    pub(crate) descent: f32,
    pub(crate) line_gap: f32,
}

/// What a face is for, so that a stand-in of the same kind is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Generic {
    Sans,
    Serif,
    Mono,
}

/// A font file's face, shared by all [`Face`]s that draw with it.
pub(crate) struct FaceData {
    pub(crate) id: u32,
    pub(crate) bytes: FontBytes,
    pub(crate) index: u32,
    pub(crate) family: Arc<str>,
    pub(crate) bold: bool,
    pub(crate) italic: bool,
    pub(crate) generic: Generic,
    pub(crate) font: Font,
    metrics: FaceMetrics,
    direct: OnceLock<Box<[DirectGlyph]>>,
}

/// Numbers of faces that are not bundled start after the bundled ones.
static NEXT_ID: AtomicU32 = AtomicU32::new(bundled::COUNT);

impl FaceData {
    /// Reads a face; `id` is `None` for one that is not bundled.
    pub(crate) fn new(
        id: Option<u32>,
        bytes: FontBytes,
        index: u32,
        family: Arc<str>,
        (bold, italic): (bool, bool),
        generic: Generic,
    ) -> Result<Self, FontError> {
        let shared: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::clone(&bytes.0);
        let font = Font::new(shared, index).ok_or(if index == 0 {
            FontError::NotAFont
        } else {
            FontError::NoSuchFace(index)
        })?;
        if font.num_glyphs() == 0 {
            return Err(FontError::NotAFont);
        }
        Ok(Self {
            id: id.unwrap_or_else(|| NEXT_ID.fetch_add(1, Ordering::Relaxed)),
            metrics: FaceMetrics::read(&font),
            bytes,
            index,
            family,
            bold,
            italic,
            generic,
            font,
            direct: OnceLock::new(),
        })
    }

    /// Glyphs and advances of the characters that need no shaping, by [`classes::slot`].
    pub(crate) fn direct(&self) -> &[DirectGlyph] {
        self.direct.get_or_init(|| classes::direct_glyphs(&self.font))
    }

    /// Whether the face can draw a character.
    pub(crate) fn covers(&self, c: char) -> bool {
        self.font.charmap().map_unicode(c).is_some_and(|glyph| glyph.to_u32() <= 0xFFFF)
    }
}

/// A face that text is set in. Cloning is cheap.
///
/// Two faces with the same [`id`](Self::id) draw with the same font file. They can still differ in
/// [`metrics`](Self::metrics): a face that stands in for a family which is not there keeps that
/// family's line height, so that a layout made for Tahoma breaks over pages as it did with Tahoma.
#[derive(Clone)]
pub struct Face {
    data: Arc<FaceData>,
    metrics: FaceMetrics,
    synthetic_bold: bool,
    synthetic_italic: bool,
}

impl Face {
    pub(crate) fn from_data(data: Arc<FaceData>, bold: bool, italic: bool) -> Self {
        Self {
            metrics: data.metrics,
            synthetic_bold: bold && !data.bold,
            synthetic_italic: italic && !data.italic,
            data,
        }
    }

    /// The same face with the line height of another family.
    pub(crate) fn with_line(mut self, line: LineMetrics) -> Self {
        self.metrics.ascent = line.ascent;
        self.metrics.descent = line.descent;
        self.metrics.line_gap = line.line_gap;
        self
    }

    /// Reads a face from the bytes of a font file; `index` chooses one of a collection (0 else).
    ///
    /// # Errors
    /// When the bytes are no font, or hold no such face.
    pub fn from_bytes(bytes: FontBytes, index: u32) -> Result<Self, FontError> {
        let probe = crate::system::Probe::read(&bytes, index)?;
        let style = (probe.bold, probe.italic);
        let data = FaceData::new(None, bytes, index, probe.family.into(), style, probe.generic)?;
        Ok(Self::from_data(Arc::new(data), probe.bold, probe.italic))
    }

    /// A number that is the same for all faces that draw with the same font file and face number.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.data.id
    }

    /// The name of the family that is drawn with (not of the one asked for).
    #[must_use]
    pub fn family(&self) -> &Arc<str> {
        &self.data.family
    }

    /// Whether the font file is a bold face.
    #[must_use]
    pub fn is_bold(&self) -> bool {
        self.data.bold
    }

    /// Whether the font file is an italic or oblique face.
    #[must_use]
    pub fn is_italic(&self) -> bool {
        self.data.italic
    }

    /// Whether bold was asked for but the family has no bold face: thicken the outlines.
    #[must_use]
    pub fn synthetic_bold(&self) -> bool {
        self.synthetic_bold
    }

    /// Whether italic was asked for but the family has no italic face: slant the outlines.
    #[must_use]
    pub fn synthetic_italic(&self) -> bool {
        self.synthetic_italic
    }

    /// The bytes of the font file, for embedding.
    #[must_use]
    pub fn bytes(&self) -> &FontBytes {
        &self.data.bytes
    }

    /// The face's number in its file; 0 unless the file is a collection.
    #[must_use]
    pub fn index(&self) -> u32 {
        self.data.index
    }

    /// The face's measures, in em.
    #[must_use]
    pub fn metrics(&self) -> &FaceMetrics {
        &self.metrics
    }

    /// From one baseline to the next at a font size, in points.
    #[must_use]
    pub fn line_height(&self, size: f32) -> f32 {
        self.metrics.line_height() * size
    }

    /// Whether the face itself can draw a character, without another standing in.
    #[must_use]
    pub fn covers(&self, c: char) -> bool {
        self.data.covers(c)
    }

    /// The advance of a character's glyph in em, without kerning; `None` if the face lacks it.
    #[must_use]
    pub fn advance(&self, c: char) -> Option<f32> {
        let direct = classes::slot(c).map(|slot| self.data.direct()[slot]);
        if let Some(glyph) = direct.filter(|glyph| glyph.id != 0) {
            return Some(glyph.advance);
        }
        let font = &self.data.font;
        let glyph = font.charmap().map_unicode(c)?;
        Some(font.glyph_metrics().h_advance(glyph) / f32::from(font.units_per_em().max(1)))
    }

    pub(crate) fn data(&self) -> &Arc<FaceData> {
        &self.data
    }
}

impl PartialEq for Face {
    fn eq(&self, other: &Self) -> bool {
        self.data.id == other.data.id
            && self.metrics == other.metrics
            && self.synthetic_bold == other.synthetic_bold
            && self.synthetic_italic == other.synthetic_italic
    }
}

impl fmt::Debug for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Face({}", self.data.family)?;
        for (is, word) in [(self.data.bold, " bold"), (self.data.italic, " italic")] {
            if is {
                f.write_str(word)?;
            }
        }
        f.write_str(")")
    }
}
