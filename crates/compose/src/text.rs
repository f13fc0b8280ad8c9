//! Text of a look, set in lines of a box.

use std::collections::HashMap;
use std::sync::Arc;

use pressroom_fonts::{
    Align, Direction, Face, FontLibrary, LayoutOptions, Paragraph, Run, Shaper, Span, TextStyle,
    Trimming,
};
use pressroom_page::{
    Color, Face as PageFace, FaceId, FontBytes, Glyph, GlyphRun, Item, Point, Pt, Rect, Resources,
    Role, Size, Text,
};

use crate::fragment::{TextBlock, TextLine, VerticalAlign};
use crate::layout::markup::{FontSize, Mark, Marked};
use crate::layout::pictures::{Held, Pictures, Refusal};
use crate::plan::look::color;

/// How text looks and how it is set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TextLook {
    pub(crate) face: Face,
    /// In points.
    pub(crate) size: f32,
    pub(crate) color: Color,
    pub(crate) underline: bool,
    pub(crate) strikeout: bool,
    pub(crate) align: Align,
    pub(crate) vertical: VerticalAlign,
    pub(crate) padding: Insets,
    pub(crate) right_to_left: bool,
}

impl TextLook {
    /// The width that is left for text in a box.
    fn inner_width(&self, width: Pt) -> Pt {
        (width - self.padding.left - self.padding.right).max(Pt::ZERO)
    }

    fn block(&self, lines: Vec<TextLine>) -> TextBlock {
        TextBlock {
            lines,
            inset_top: self.padding.top,
            inset_bottom: self.padding.bottom,
            align: self.vertical,
            clip: false,
        }
    }
}

/// Space inside the edges of a box.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Insets {
    pub(crate) left: Pt,
    pub(crate) right: Pt,
    pub(crate) top: Pt,
    pub(crate) bottom: Pt,
}

/// How a text fills its box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Setting {
    /// Lines are broken at the width.
    pub(crate) wrap: bool,
    /// Line ends in the text are kept.
    pub(crate) multiline: bool,
    /// What happens to text that does not fit.
    pub(crate) trimming: Trimming,
    /// Counter-clockwise, in degrees.
    pub(crate) angle: f32,
}

impl Default for Setting {
    fn default() -> Self {
        Self { wrap: true, multiline: true, trimming: Trimming::None, angle: 0.0 }
    }
}

/// Sets text, and holds the faces and pictures of the document.
pub(crate) struct TextEngine<'a> {
    fonts: &'a Arc<FontLibrary>,
    shaper: Shaper,
    resources: Resources,
    pictures: Pictures,
    faces: HashMap<u32, FaceId>,
}

impl<'a> TextEngine<'a> {
    pub(crate) fn new(fonts: &'a Arc<FontLibrary>, pixels: u64) -> Self {
        Self {
            fonts,
            shaper: Shaper::new(Arc::clone(fonts)),
            resources: Resources::default(),
            pictures: Pictures::new(pixels),
            faces: HashMap::new(),
        }
    }

    pub(crate) fn fonts(&self) -> &'a FontLibrary {
        self.fonts
    }

    pub(crate) fn resources(&self) -> &Resources {
        &self.resources
    }

    /// Characters that no face has.
    pub(crate) fn take_missing(&mut self) -> std::collections::BTreeSet<char> {
        self.shaper.take_missing()
    }

    /// What is to be told about pictures that were drawn in part.
    pub(crate) fn take_notes(&mut self) -> Vec<String> {
        self.pictures.take_notes()
    }

    /// Takes a picture into the document.
    pub(crate) fn picture(&mut self, bytes: &Arc<[u8]>) -> Result<Held, Refusal> {
        self.pictures.hold(bytes, &mut self.resources)
    }

    /// Sets a text in the width of a box, padding included. Without `bound` it takes the height it
    /// needs; with it, it is trimmed to that height of the box.
    pub(crate) fn block(
        &mut self,
        text: &Arc<str>,
        look: &TextLook,
        setting: Setting,
        width: Pt,
        bound: Option<Pt>,
        role: &Role,
    ) -> TextBlock {
        let inner = look.inner_width(width);
        let lines = if text.is_empty() {
            Vec::new()
        } else {
            self.one_line(text, look, setting, inner, role).map_or_else(
                || self.paragraph(text, (Vec::new(), &[]), look, setting, (inner, bound), role),
                |line| vec![line],
            )
        };
        look.block(lines)
    }

    /// As [`block`](Self::block), with parts that look otherwise.
    pub(crate) fn marked_block(
        &mut self,
        marked: &Marked,
        look: &TextLook,
        setting: Setting,
        width: Pt,
        bound: Option<Pt>,
        role: &Role,
    ) -> TextBlock {
        let mut colors = Vec::new();
        let spans = marked
            .spans
            .iter()
            .map(|(range, mark)| Span {
                range: range.clone(),
                style: self.span_style(mark, look, &mut colors),
            })
            .collect();
        let inner = look.inner_width(width);
        look.block(self.paragraph(
            &marked.text,
            (spans, &colors),
            look,
            setting,
            (inner, bound),
            role,
        ))
    }

    /// The style of a part of a text; its number tells where its colour is in `colors`, from 1.
    fn span_style(&self, mark: &Mark, look: &TextLook, colors: &mut Vec<Color>) -> TextStyle {
        let family = mark.family.as_deref().unwrap_or_else(|| look.face.family());
        let bold = mark.bold || look.face.is_bold();
        let italic = mark.italic || look.face.is_italic();
        let size = match mark.size {
            None => look.size,
            Some(FontSize::Points(size)) => size,
            Some(FontSize::More(size)) => look.size + size,
            Some(FontSize::Share(share)) => look.size * share,
        };
        let mut style =
            TextStyle::new(self.fonts.face(family, bold, italic), size.clamp(0.5, 2000.0));
        style.underline = mark.underline || look.underline;
        style.strikeout = mark.strikeout || look.strikeout;
        if let Some(own) = mark.color {
            colors.push(color(own));
            style.user = u32::try_from(colors.len()).unwrap_or(0);
        }
        style
    }

    /// The short way for the most frequent case: one line that fits.
    fn one_line(
        &mut self,
        text: &Arc<str>,
        look: &TextLook,
        setting: Setting,
        inner: Pt,
        role: &Role,
    ) -> Option<TextLine> {
        const SHORT: usize = 120;
        if text.len() > SHORT || text.bytes().any(|b| b < b' ') || look.right_to_left {
            return None;
        }
        let text: Arc<str> = match text.trim_end_matches(' ') {
            trimmed if trimmed.len() == text.len() => Arc::clone(text),
            "" => return None,
            trimmed => trimmed.into(),
        };
        let shaped = self.shaper.shape_line(&text, &look.face, look.size);
        if shaped.width > inner.0 + 0.01 && (setting.wrap || setting.trimming != Trimming::None) {
            return None;
        }
        let free = inner - Pt(shaped.width);
        let x = look.padding.left
            + match look.align {
                Align::Left | Align::Justify => Pt::ZERO,
                Align::Center => free / 2.0,
                Align::Right => free,
            };
        let runs = shaped.runs.into_iter().map(|run| self.run(run, look, &[])).collect();
        let origin = Point::new(x, Pt(shaped.ascent));
        Some(TextLine {
            height: Pt(shaped.height),
            text: Text { origin, angle: 0.0, text, runs, role: role.clone() },
        })
    }

    fn paragraph(
        &mut self,
        text: &str,
        (spans, colors): (Vec<Span>, &[Color]),
        look: &TextLook,
        setting: Setting,
        (inner, bound): (Pt, Option<Pt>),
        role: &Role,
    ) -> Vec<TextLine> {
        let mut style = TextStyle::new(look.face.clone(), look.size);
        style.underline = look.underline;
        style.strikeout = look.strikeout;
        let options = LayoutOptions {
            wrap: setting.wrap,
            hard_breaks: setting.multiline,
            align: look.align,
            direction: if look.right_to_left {
                Direction::RightToLeft
            } else {
                Direction::LeftToRight
            },
            trimming: setting.trimming,
            max_height: bound
                .filter(|_| setting.trimming != Trimming::None)
                .map(|height| (height - look.padding.top - look.padding.bottom).0.max(0.0)),
            tab_width: None,
        };
        let paragraph = Paragraph { text, style, spans };
        let lines = self.shaper.layout(&paragraph, Some(inner.0), &options);
        lines
            .into_iter()
            .map(|line| {
                let origin =
                    Point::new(look.padding.left + Pt(line.x), Pt(line.baseline - line.top));
                let runs = line.runs.into_iter().map(|run| self.run(run, look, colors)).collect();
                let text = Text { origin, angle: 0.0, text: line.text, runs, role: role.clone() };
                TextLine { height: Pt(line.height), text }
            })
            .collect()
    }

    fn run(&mut self, run: Run, look: &TextLook, colors: &[Color]) -> GlyphRun {
        let own_color = (run.user as usize).checked_sub(1).and_then(|at| colors.get(at));
        let face = self.face_id(&run.face);
        let glyphs = run
            .glyphs
            .into_iter()
            .map(|g| Glyph { id: g.id, advance: g.advance, dx: g.dx, dy: g.dy, range: g.range })
            .collect();
        GlyphRun {
            face,
            size: Pt(run.size),
            color: own_color.copied().unwrap_or(look.color),
            underline: look.underline || run.underline,
            strikeout: look.strikeout || run.strikeout,
            offset: Pt(run.offset),
            glyphs,
        }
    }

    fn face_id(&mut self, face: &Face) -> FaceId {
        let resources = &mut self.resources;
        *self.faces.entry(face.id()).or_insert_with(|| {
            resources.add_face(PageFace {
                data: FontBytes::new(face.bytes().clone()),
                index: face.index(),
                family: Arc::clone(face.family()),
                bold: face.is_bold(),
                italic: face.is_italic(),
            })
        })
    }
}

/// The lines of a block turned about the middle of its box, as items of that box.
///
/// `block` was set in the width that [`turned_width`] gives.
pub(crate) fn turned(block: TextBlock, area: Size, angle: f32) -> Vec<Item> {
    let upright = turned_width(area, angle);
    let (sin, cos) = angle.to_radians().sin_cos();
    let (cx, cy) = (area.width / 2.0, area.height / 2.0);
    let lines_height: Pt = block.lines.iter().map(|line| line.height).sum();
    // The block's own box, before it is turned, has the same middle as the area.
    let quarter = is_quarter(angle);
    let own_height = if quarter { area.width } else { area.height };
    let free = own_height - block.inset_top - block.inset_bottom - lines_height;
    let mut y = block.inset_top - own_height / 2.0
        + match block.align {
            VerticalAlign::Top => Pt::ZERO,
            VerticalAlign::Middle => free / 2.0,
            VerticalAlign::Bottom => free,
        };
    let mut items = Vec::with_capacity(block.lines.len());
    for TextLine { height, mut text } in block.lines {
        let (dx, dy) = (text.origin.x - upright / 2.0, text.origin.y + y);
        text.origin = Point::new(cx + dx * cos + dy * sin, cy + dy * cos - dx * sin);
        text.angle = angle;
        items.push(Item::Text(text));
        y += height;
    }
    items
}

/// The width in which a text is set that will be turned inside a box.
pub(crate) fn turned_width(area: Size, angle: f32) -> Pt {
    if is_quarter(angle) { area.height } else { area.width }
}

fn is_quarter(angle: f32) -> bool {
    let angle = angle.rem_euclid(180.0);
    (45.0..=135.0).contains(&angle)
}

/// The height that a block needs, padding included.
pub(crate) fn needed_height(block: &TextBlock) -> Pt {
    if block.lines.is_empty() {
        return Pt::ZERO;
    }
    block.inset_top + block.lines.iter().map(|line| line.height).sum() + block.inset_bottom
}

/// A block as items of a page.
pub(crate) fn items(block: TextBlock, area: Rect) -> Vec<Item> {
    let mut canvas = crate::fragment::Canvas::default();
    let fragment = crate::fragment::Fragment {
        rect: area,
        content: crate::fragment::Content::Text(block),
        ..Default::default()
    };
    fragment.paint(Point::default(), &mut canvas);
    canvas.items
}
