//! Sets paragraphs in lines.

use std::ops::Range;
use std::sync::Arc;

use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};

use crate::bidi::{Levels, visual_order};
use crate::cache::Stretch;
use crate::classes::{hangs, is_break};
use crate::itemize::{Item, Itemizer, Kind, Styles};
use crate::library::FontLibrary;
use crate::line::{Glyph, Line, Lines, Run, TOLERANCE};
use crate::paragraph::{Align, LayoutOptions, Paragraph, TextStyle, Trimming};
use crate::shaper::{Core, Shaper};
use crate::trim;

/// A paragraph has no more lines than this; what is left is trimmed away.
const MAX_LINES: usize = 250_000;
/// A paragraph's text beyond this is trimmed away.
const MAX_TEXT_BYTES: usize = 64 << 20;
/// Tab stops stand at every so many spaces.
const TAB_SPACES: f32 = 8.0;

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
    levels: Levels,
    pieces: Vec<Piece>,
    /// The width of all, hanging spaces included.
    width: f32,
}

/// The line that is to be built.
pub(crate) struct Cut {
    /// The bytes that are drawn.
    pub(crate) visible: Range<usize>,
    /// The bytes that it takes up.
    pub(crate) source: Range<usize>,
    /// What is added at its end.
    pub(crate) added: &'static str,
    pub(crate) ends_paragraph: bool,
}

/// Sets one paragraph.
pub(crate) struct Setter<'a> {
    library: &'a FontLibrary,
    pub(crate) core: &'a mut Core,
    pub(crate) text: &'a str,
    pub(crate) styles: Styles<'a>,
    options: &'a LayoutOptions,
    tab_width: f32,
}

/// The runs of a text on one line and their width, as [`Shaper::shape_line`] gives them.
pub(crate) fn single_line(shaper: &mut Shaper, paragraph: &Paragraph<'_>) -> (f32, Vec<Run>) {
    let options = LayoutOptions { hard_breaks: false, wrap: false, ..LayoutOptions::default() };
    let library = Arc::clone(shaper.library());
    let mut setter = Setter::new(&library, &mut shaper.core, paragraph, &options);
    let all = 0..setter.text.len();
    let mut shaped = setter.shape(all.clone());
    setter.runs(&mut shaped, &all, "")
}

pub(crate) fn layout(
    shaper: &mut Shaper,
    paragraph: &Paragraph<'_>,
    width: Option<f32>,
    options: &LayoutOptions,
) -> Lines {
    let width = width.filter(|width| width.is_finite()).map(|width| width.max(0.0));
    let library = Arc::clone(shaper.library());
    let mut setter = Setter::new(&library, &mut shaper.core, paragraph, options);
    let mut lines = Lines { lines: Vec::new(), trimmed: setter.text.len() < paragraph.text.len() };
    let mut at = 0;
    loop {
        let (end, next) = setter.hard_line(at);
        let full = setter.set(at..end, next.unwrap_or(end), width, &mut lines);
        match next {
            Some(next) if !full => at = next,
            _ => break,
        }
    }
    setter.align(&mut lines, width);
    lines
}

impl<'a> Setter<'a> {
    fn new(
        library: &'a FontLibrary,
        core: &'a mut Core,
        paragraph: &'a Paragraph<'_>,
        options: &'a LayoutOptions,
    ) -> Self {
        let text = paragraph.text;
        let mut length = text.len().min(MAX_TEXT_BYTES);
        while !text.is_char_boundary(length) {
            length -= 1;
        }
        let style = &paragraph.style;
        let space = style.face.advance(' ').unwrap_or(0.25) * style.size;
        let tab_width = options
            .tab_width
            .filter(|width| width.is_finite() && *width > 0.0)
            .unwrap_or(space * TAB_SPACES)
            .max(0.01);
        Self {
            library,
            core,
            text: &text[..length],
            styles: Styles::new(paragraph),
            options,
            tab_width,
        }
    }

    /// The end of the line that starts at a byte, without its line end, and where the next one
    /// starts.
    fn hard_line(&self, at: usize) -> (usize, Option<usize>) {
        let rest = &self.text[at..];
        let found = self.options.hard_breaks.then(|| rest.find(is_break)).flatten();
        let Some(found) = found else { return (self.text.len(), None) };
        let length = if rest[found..].starts_with("\r\n") {
            2
        } else {
            rest[found..].chars().next().map_or(1, char::len_utf8)
        };
        (at + found, Some(at + found + length))
    }

    /// Shapes a stretch without forced line ends.
    fn shape(&mut self, range: Range<usize>) -> Shaped {
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

    /// Sets one stretch between forced line ends; `end` is where the text goes on behind it.
    /// Returns whether no more lines are wanted.
    fn set(
        &mut self,
        range: Range<usize>,
        end: usize,
        width: Option<f32>,
        lines: &mut Lines,
    ) -> bool {
        let mut shaped = self.shape(range.clone());
        let limit = width.filter(|width| {
            shaped.width > width + TOLERANCE
                && (self.options.wrap || self.options.trimming != Trimming::None)
        });
        let whole = limit.is_none();
        let clusters = match (whole, self.options.trimming) {
            (true, Trimming::None) => Vec::new(),
            _ => self.clusters(&shaped),
        };
        let mut first = 0;
        loop {
            let start = clusters.get(first).map_or(range.start, |cluster| cluster.start);
            let cut = match limit {
                Some(width) if self.options.wrap => self.line_end(&clusters, first, width),
                _ => clusters.len(),
            };
            let stop = clusters.get(cut).map_or(range.end, |cluster| cluster.start);
            let last = whole || cut >= clusters.len();
            let next = if last { end } else { stop };
            let full = lines.len() + 1 >= MAX_LINES || self.is_last(lines, start..stop, next);
            let cuts = full && !self.text[next..].chars().all(hangs);
            let too_long = last
                && limit.is_some_and(|width| {
                    !self.options.wrap && self.natural(&clusters[first..]) > width + TOLERANCE
                });
            if too_long || cuts {
                lines.trimmed = true;
            }
            let trims = self.options.trimming != Trimming::None && (too_long || cuts);
            let line = if trims {
                let kept = trim::trim(self, &clusters, first, &range, width, self.options.trimming);
                Cut { source: start..next, ends_paragraph: true, ..kept }
            } else {
                self.untrimmed(start..stop, next, last)
            };
            let built = self.line(&mut shaped, line, lines.height(), width);
            lines.lines.push(built);
            if full {
                return true;
            }
            if last {
                return false;
            }
            first = cut;
        }
    }

    fn untrimmed(&self, range: Range<usize>, next: usize, last: bool) -> Cut {
        let text = self.text[range.clone()].trim_end_matches(hangs);
        let mut visible = range.start..range.start + text.len();
        let mut added = "";
        if !last && text.ends_with(SOFT_HYPHEN) {
            visible.end -= SOFT_HYPHEN.len_utf8();
            added = "-";
        }
        Cut { visible, source: range.start..next, added, ends_paragraph: last }
    }

    /// Whether no line fits below the one that is set now, which takes up `line` and is followed by
    /// the text from `next` on.
    fn is_last(&self, lines: &Lines, line: Range<usize>, next: usize) -> bool {
        let limit = match self.options.max_height {
            Some(height) if self.options.trimming != Trimming::None => height,
            _ => return false,
        };
        let (_, height) = self.line_measures(&line);
        let (_, following) = self.line_measures(&(next..next));
        lines.height() + height + following > limit + TOLERANCE
    }

    /// The number of the cluster before which a line ends that starts with cluster `first`.
    fn line_end(&self, clusters: &[Cluster], first: usize, width: f32) -> usize {
        let mut x = 0.0;
        let mut chance = None;
        for (index, cluster) in clusters.iter().enumerate().skip(first) {
            if index > first && cluster.may_start && x + cluster.hyphen <= width + TOLERANCE {
                chance = Some(index);
            }
            let right = self.after(x, cluster);
            if !cluster.hangs && right > width + TOLERANCE && index > first {
                return chance.unwrap_or(index);
            }
            x = right;
        }
        clusters.len()
    }

    /// Where the pen stands behind a cluster.
    pub(crate) fn after(&self, x: f32, cluster: &Cluster) -> f32 {
        if cluster.tab { self.tab_stop(x) } else { x + cluster.advance }
    }

    fn tab_stop(&self, x: f32) -> f32 {
        ((x / self.tab_width + 0.001).floor() + 1.0) * self.tab_width
    }

    /// The width of clusters on one line, without the spaces that hang at its end.
    fn natural(&self, clusters: &[Cluster]) -> f32 {
        let (mut x, mut visible) = (0.0, 0.0);
        for cluster in clusters {
            x = self.after(x, cluster);
            if !cluster.hangs {
                visible = x;
            }
        }
        visible
    }

    /// The clusters of a stretch in logical order, with the places where lines may end.
    fn clusters(&mut self, shaped: &Shaped) -> Vec<Cluster> {
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

    /// The ascent and the height of a line, from the styles in it.
    fn line_measures(&self, range: &Range<usize>) -> (f32, f32) {
        let first = self.styles.index_at(range.start);
        let (mut ascent, mut below) = (0.0_f32, 0.0_f32);
        for (index, (stretch, style)) in self.styles.stretches.iter().enumerate().skip(first) {
            if index > first && stretch.start >= range.end {
                break;
            }
            let metrics = style.face.metrics();
            ascent = ascent.max(metrics.ascent * style.size);
            below = below.max((metrics.descent + metrics.line_gap) * style.size);
        }
        (ascent, ascent + below)
    }

    fn line(&mut self, shaped: &mut Shaped, cut: Cut, top: f32, width: Option<f32>) -> Line {
        let (mut natural, mut runs) = self.runs(shaped, &cut.visible, cut.added);
        let justify = self.options.align == Align::Justify && !cut.ends_paragraph;
        let text = self.line_text(&cut);
        if let (true, Some(width)) = (justify, width)
            && width > natural
            && stretch_spaces(&mut runs, &text, width - natural)
        {
            natural = width;
        }
        let (ascent, height) = self.line_measures(&cut.visible);
        Line {
            text,
            source: cut.source,
            // Until all lines are known: whether the line is read from right to left.
            x: f32::from(shaped.levels.base % 2),
            top,
            baseline: top + ascent,
            width: natural,
            height,
            ends_paragraph: cut.ends_paragraph,
            runs,
        }
    }

    fn line_text(&self, cut: &Cut) -> Arc<str> {
        let text = &self.text[cut.visible.clone()];
        if cut.added.is_empty() { text.into() } else { format!("{text}{}", cut.added).into() }
    }

    /// The runs of a line in visual order and their width.
    fn runs(
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

    /// Gives the lines their places in the width.
    fn align(&self, lines: &mut Lines, width: Option<f32>) {
        let width = width.unwrap_or_else(|| lines.width());
        for line in &mut lines.lines {
            let right_to_left = line.x > 0.0;
            let room = width - line.width;
            line.x = match self.options.align {
                Align::Left => 0.0,
                Align::Center => room / 2.0,
                Align::Right => room,
                Align::Justify if right_to_left => room,
                Align::Justify => 0.0,
            };
        }
    }
}

pub(crate) const SOFT_HYPHEN: char = '\u{AD}';

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
        crate::face::Face::from_data(Arc::clone(&item.face), bold, italic)
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

/// Widens the spaces of a line, or the gaps between ideographs where there are none; `false` if it
/// has neither.
fn stretch_spaces(runs: &mut [Run], text: &str, room: f32) -> bool {
    let stretches = |glyph: &Glyph, test: fn(char) -> bool| {
        text.get(glyph.range.start as usize..).is_some_and(|rest| rest.starts_with(test))
    };
    let count = |test: fn(char) -> bool, runs: &[Run]| -> usize {
        runs.iter().flat_map(|run| &run.glyphs).filter(|glyph| stretches(glyph, test)).count()
    };
    let is_space: fn(char) -> bool = |c| c == ' ' || c == '\u{A0}';
    let is_ideograph: fn(char) -> bool = |c| matches!(c, '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}');
    let spaces = count(is_space, runs);
    let (test, gaps) = if spaces > 0 {
        (is_space, spaces)
    } else {
        (is_ideograph, count(is_ideograph, runs).saturating_sub(1))
    };
    if gaps == 0 {
        return false;
    }
    let extra = room / gaps as f32;
    let mut left = gaps;
    let mut x = 0.0;
    for run in runs {
        run.offset = x;
        for glyph in &mut run.glyphs {
            if left > 0 && run.size > 0.0 && stretches(glyph, test) {
                glyph.advance += extra / run.size;
                run.width += extra;
                left -= 1;
            }
        }
        x += run.width;
    }
    true
}
