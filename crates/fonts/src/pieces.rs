//! Shaped stretches of text, and how lines are cut from them.

use std::ops::Range;
use std::sync::Arc;

use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};

use crate::bidi::{Levels, visual_order};
use crate::cache::Stretch;
use crate::classes::hangs;
use crate::face::Face;
use crate::itemize::{Item, Itemizer, Kind};
use crate::layout::Setter;
use crate::line::{Glyph, Run};
use crate::paragraph::TextStyle;

pub(crate) const SOFT_HYPHEN: char = '\u{AD}';

/// A shaped item: its glyphs in visual order, with ranges in the paragraph's text.
pub(crate) struct Piece {
    pub(crate) item: Item,
    glyphs: Vec<Glyph>,
    /// In points; of no meaning for a tab.
    width: f32,
}

/// What cannot be parted by a line end: a letter and its marks, or a ligature.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cluster {
    /// Its first byte in the paragraph's text.
    pub(crate) start: usize,
    /// In points; of no meaning for a tab.
    pub(crate) advance: f32,
    /// Whether it hangs over the edge at a line's end.
    pub(crate) hangs: bool,
    /// Whether it is a tab.
    pub(crate) tab: bool,
    /// Whether a line may start with it.
    pub(crate) may_start: bool,
    /// The width of the hyphen that appears if a line ends before it.
    pub(crate) hyphen: f32,
}

/// A stretch of text between forced line ends, shaped.
pub(crate) struct Shaped {
    pub(crate) range: Range<usize>,
    pub(crate) levels: Levels,
    pieces: Vec<Piece>,
    /// The width of all, hanging spaces included.
    pub(crate) width: f32,
}

impl Setter<'_> {
    /// Shapes a stretch without forced line ends.
    pub(crate) fn shape(&mut self, range: Range<usize>) -> Shaped {
        let levels = Levels::resolve(&self.text[range.clone()], self.options.direction);
        let mut items = Vec::new();
        let core = &mut *self.core;
        Itemizer {
            library: self.library,
            styles: &self.styles,
            levels: &levels,
            missing: &mut |c| core.note_missing(c),
        }
        .run(self.text, range.clone(), &mut items);
        let mut width = 0.0;
        let mut pieces = Vec::with_capacity(items.len());
        for item in items {
            let mut glyphs = Vec::with_capacity(item.range.len());
            let whole = item.range.clone();
            let advance = self.glyphs(&item, &whole, &range, &mut glyphs);
            width = match item.kind {
                Kind::Tab => self.tab_stop(width),
                _ => width + advance,
            };
            pieces.push(Piece { item, glyphs, width: advance });
        }
        Shaped { range, levels, pieces, width }
    }

    /// Appends the glyphs of a part of an item, and returns their width in points.
    fn glyphs(
        &mut self,
        item: &Item,
        part: &Range<usize>,
        line: &Range<usize>,
        out: &mut Vec<Glyph>,
    ) -> f32 {
        let size = self.styles.get(item.style).size;
        let base = offset(part.start);
        let text = &self.text[part.clone()];
        let first = out.len();
        match item.kind {
            Kind::Tab => {
                let id = item.face.direct()[usize::from(b' ')].id;
                let range = base..base + 1;
                out.push(Glyph { id, advance: 0.0, dx: 0.0, dy: 0.0, range });
                return 0.0;
            }
            Kind::Simple => {
                if let Some(width) = self.core.simple(&item.face, text, base, Some(out)) {
                    return width * size;
                }
                out.truncate(first);
                self.stretch(item, harfrust::Script::LATIN, part, line, out);
            }
            Kind::Complex(script) => self.stretch(item, script, part, line, out),
        }
        out[first..].iter().map(|glyph| glyph.advance).sum::<f32>() * size
    }

    /// Shapes a part of an item in full.
    fn stretch(
        &mut self,
        item: &Item,
        script: harfrust::Script,
        part: &Range<usize>,
        line: &Range<usize>,
        out: &mut Vec<Glyph>,
    ) {
        let stretch = Stretch {
            before: &self.text[line.start..part.start],
            text: &self.text[part.clone()],
            after: &self.text[part.end..line.end],
            script,
            right_to_left: item.level % 2 == 1,
        };
        self.core.complex(&item.face, stretch, offset(part.start), out);
    }

    /// The clusters of a stretch in logical order, with the places where lines may end.
    pub(crate) fn clusters(&mut self, shaped: &Shaped) -> Vec<Cluster> {
        let mut clusters: Vec<Cluster> = Vec::with_capacity(shaped.range.len());
        for piece in &shaped.pieces {
            let size = self.styles.get(piece.item.style).size;
            let mut add = |glyph: &Glyph| {
                let start = glyph.range.start as usize;
                let advance = glyph.advance * size;
                match clusters.last_mut() {
                    Some(last) if last.start == start => last.advance += advance,
                    _ => clusters.push(Cluster {
                        start,
                        advance,
                        hangs: self.text[start..].starts_with(hangs),
                        tab: piece.item.kind == Kind::Tab,
                        may_start: false,
                        hyphen: 0.0,
                    }),
                }
            };
            if piece.item.level % 2 == 1 {
                piece.glyphs.iter().rev().for_each(&mut add);
            } else {
                piece.glyphs.iter().for_each(&mut add);
            }
        }
        let text = &self.text[shaped.range.clone()];
        let mut at = 0;
        for place in segmenter().segment_str(text) {
            let place = shaped.range.start + place;
            while clusters.get(at).is_some_and(|cluster| cluster.start < place) {
                at += 1;
            }
            let Some(cluster) = clusters.get_mut(at).filter(|cluster| cluster.start == place)
            else {
                continue;
            };
            cluster.may_start = true;
            if self.text[..place].ends_with(SOFT_HYPHEN) {
                let style = self.styles.get(self.styles.index_at(place - 1));
                cluster.hyphen = style.face.advance('-').unwrap_or(0.0) * style.size;
            }
        }
        clusters
    }

    /// The runs of a line in visual order and their width.
    pub(crate) fn runs(
        &mut self,
        shaped: &mut Shaped,
        visible: &Range<usize>,
        added: &'static str,
    ) -> (f32, Vec<Run>) {
        let base = offset(visible.start);
        let first = shaped.pieces.partition_point(|piece| piece.item.range.end <= visible.start);
        let mut runs = Vec::new();
        let mut levels = Vec::new();
        let mut x = 0.0;
        for piece in &mut shaped.pieces[first..] {
            let part =
                piece.item.range.start.max(visible.start)..piece.item.range.end.min(visible.end);
            if part.start >= part.end {
                break;
            }
            let style = self.styles.get(piece.item.style);
            let mut run = run_of(&piece.item, style);
            if part == piece.item.range {
                run.glyphs = std::mem::take(&mut piece.glyphs);
                run.width = piece.width;
            } else if piece.item.kind == Kind::Simple {
                let (from, to) = (offset(part.start), offset(part.end));
                let start = piece.glyphs.partition_point(|glyph| glyph.range.start < from);
                let end = piece.glyphs.partition_point(|glyph| glyph.range.start < to);
                run.glyphs = piece.glyphs[start..end].to_vec();
                run.width = run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * style.size;
            } else {
                run.width = self.glyphs(&piece.item, &part, &shaped.range, &mut run.glyphs);
            }
            if piece.item.kind == Kind::Tab {
                run.width = self.tab_stop(x) - x;
                if let Some(glyph) = run.glyphs.first_mut().filter(|_| style.size > 0.0) {
                    glyph.advance = run.width / style.size;
                }
            }
            for glyph in &mut run.glyphs {
                glyph.range = glyph.range.start - base..glyph.range.end - base;
            }
            x += run.width;
            levels.push(piece.item.level);
            runs.push(run);
        }
        if !added.is_empty() {
            let run = self.added_run(added, visible, shaped.levels.base);
            x += run.width;
            levels.push(shaped.levels.base);
            runs.push(run);
        }
        (x, in_visual_order(runs, &levels))
    }

    /// The ellipsis or hyphen at the end of a line.
    fn added_run(&mut self, added: &'static str, visible: &Range<usize>, level: u8) -> Run {
        let before = self.text[..visible.end].chars().next_back().map_or(0, char::len_utf8);
        let index = self.styles.index_at(visible.end.saturating_sub(before));
        let style = self.styles.get(index);
        let base = offset(visible.end - visible.start);
        let mut glyphs = Vec::new();
        let width = self.core.simple(style.face.data(), added, base, Some(&mut glyphs));
        Run {
            face: style.face.clone(),
            size: style.size,
            user: style.user,
            underline: style.underline,
            strikeout: style.strikeout,
            right_to_left: level % 2 == 1,
            offset: 0.0,
            width: width.unwrap_or(0.0) * style.size,
            glyphs,
        }
    }
}

fn segmenter() -> LineSegmenterBorrowed<'static> {
    LineSegmenter::new_lstm(LineBreakOptions::default())
}

fn offset(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

fn run_of(item: &Item, style: &TextStyle) -> Run {
    let face = if item.face.id == style.face.id() {
        style.face.clone()
    } else {
        let bold = style.face.is_bold() || style.face.synthetic_bold();
        let italic = style.face.is_italic() || style.face.synthetic_italic();
        Face::from_data(Arc::clone(&item.face), bold, italic)
    };
    Run {
        face,
        size: style.size,
        user: style.user,
        underline: style.underline,
        strikeout: style.strikeout,
        right_to_left: item.level % 2 == 1,
        offset: 0.0,
        width: 0.0,
        glyphs: Vec::new(),
    }
}

/// Reorders runs by their levels and gives them their offsets.
fn in_visual_order(mut runs: Vec<Run>, levels: &[u8]) -> Vec<Run> {
    if levels.iter().any(|level| *level > 0) {
        let mut slots: Vec<Option<Run>> = runs.into_iter().map(Some).collect();
        runs = visual_order(levels).into_iter().filter_map(|at| slots[at].take()).collect();
    }
    let mut x = 0.0;
    for run in &mut runs {
        run.offset = x;
        x += run.width;
    }
    runs
}
