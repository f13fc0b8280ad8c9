//! Font faces of a document.

use std::collections::HashMap;
use std::sync::Arc;

use krilla::text::Font;
use pressroom_page::{FaceId, Resources, SinkError};
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::Metrics;
use skrifa::{FontRef, MetadataProvider};

/// A face as it is drawn with. Lengths are in em.
#[derive(Clone)]
pub(crate) struct Face {
    pub(crate) font: Font,
    pub(crate) units_per_em: f32,
    /// How many glyphs the font has.
    pub(crate) glyphs: u32,
    /// The space and its width, if there is one.
    pub(crate) space: Option<(u16, f32)>,
    /// How far letters reach above the baseline.
    pub(crate) ascent: f32,
    /// How far they reach below it, positive.
    pub(crate) descent: f32,
    pub(crate) underline: Rule,
    pub(crate) strikeout: Rule,
}

/// A line that goes with text.
#[derive(Clone, Copy)]
pub(crate) struct Rule {
    /// Its upper edge above the baseline; negative below it.
    pub(crate) top: f32,
    pub(crate) thickness: f32,
}

/// The faces that the document used so far.
#[derive(Default)]
pub(crate) struct Faces {
    known: HashMap<FaceId, Face>,
}

impl Faces {
    /// The face of a number. It is read once a document.
    pub(crate) fn get(&mut self, id: FaceId, resources: &Resources) -> Result<&Face, SinkError> {
        use std::collections::hash_map::Entry;
        match self.known.entry(id) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(vacant) => Ok(vacant.insert(read(id, resources)?)),
        }
    }
}

fn read(id: FaceId, resources: &Resources) -> Result<Face, SinkError> {
    let face = resources.face(id).ok_or_else(|| {
        SinkError::Unsupported(format!("a page uses font face {}, which the document lacks", id.0))
    })?;
    let unreadable = || {
        SinkError::Unsupported(format!(
            "the font `{}` cannot be read; replace its file by one that can",
            face.family
        ))
    };
    let bytes = face.data.clone();
    let parsed = FontRef::from_index(bytes.as_ref(), face.index).map_err(|_| unreadable())?;
    let metrics = parsed.metrics(Size::new(1.0), LocationRef::default());
    let font = Font::new(
        (Arc::new(bytes.clone()) as Arc<dyn AsRef<[u8]> + Send + Sync>).into(),
        face.index,
    )
    .ok_or_else(unreadable)?;
    Ok(Face {
        units_per_em: font.units_per_em(),
        glyphs: metrics.glyph_count,
        space: space(&parsed),
        ascent: finite(metrics.ascent, 1.0),
        descent: -finite(metrics.descent, -0.25),
        underline: underline(&metrics),
        strikeout: strikeout(&metrics),
        font,
    })
}

fn space(font: &FontRef<'_>) -> Option<(u16, f32)> {
    let id = font.charmap().map(' ')?;
    let width = font.glyph_metrics(Size::new(1.0), LocationRef::default()).advance_width(id)?;
    Some((u16::try_from(id.to_u32()).ok()?, width))
}

/// Where the font asks for its underline, or where most do.
fn underline(metrics: &Metrics) -> Rule {
    metrics.underline.filter(|line| is_rule(line.offset, line.thickness)).map_or(
        Rule { top: -0.075, thickness: 0.05 },
        |line| Rule { top: line.offset, thickness: line.thickness },
    )
}

fn strikeout(metrics: &Metrics) -> Rule {
    metrics.strikeout.filter(|line| is_rule(line.offset, line.thickness)).map_or(
        Rule { top: 0.28, thickness: 0.05 },
        |line| Rule { top: line.offset, thickness: line.thickness },
    )
}

fn is_rule(offset: f32, thickness: f32) -> bool {
    offset.abs() < 2.0 && thickness > 0.0 && thickness < 0.5
}

fn finite(value: f32, otherwise: f32) -> f32 {
    if value.is_finite() && value.abs() < 10.0 { value } else { otherwise }
}
