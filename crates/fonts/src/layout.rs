//! Sets paragraphs in lines.

use std::ops::Range;
use std::sync::Arc;

use crate::classes::{hangs, is_break};
use crate::itemize::Styles;
use crate::justify::stretch_spaces;
use crate::library::FontLibrary;
use crate::line::{Line, Lines, Run, TOLERANCE};
use crate::paragraph::{Align, LayoutOptions, Paragraph, Trimming};
use crate::pieces::{Cluster, SOFT_HYPHEN, Shaped};
use crate::shaper::{Core, Shaper};
use crate::trim;

/// A paragraph has no more lines than this; what is left is trimmed away.
const MAX_LINES: usize = 250_000;
/// A paragraph's text beyond this is trimmed away.
const MAX_TEXT_BYTES: usize = 64 << 20;
/// Tab stops stand at every so many spaces.
const TAB_SPACES: f32 = 8.0;

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
    pub(crate) library: &'a FontLibrary,
    pub(crate) core: &'a mut Core,
    pub(crate) text: &'a str,
    pub(crate) styles: Styles<'a>,
    pub(crate) options: &'a LayoutOptions,
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

/// The lines of a paragraph, as [`Shaper::layout`] gives them.
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

    /// Sets one stretch between forced line ends; the text goes on behind it at `end`. Returns
    /// whether no more lines are wanted.
    fn set(
        &mut self,
        range: Range<usize>,
        end: usize,
        width: Option<f32>,
        lines: &mut Lines,
    ) -> bool {
        let mut shaped = self.shape(range.clone());
        let trims = self.options.trimming != Trimming::None;
        let overflow = width.filter(|width| shaped.width > width + TOLERANCE);
        let wrap_at = overflow.filter(|_| self.options.wrap);
        // Clusters, and the search for line ends, are needed only where something may be cut.
        let cuts = wrap_at.is_some()
            || (trims && (overflow.is_some() || self.options.max_height.is_some()));
        let clusters = if cuts { self.clusters(&shaped) } else { Vec::new() };

        let mut first = 0;
        loop {
            let stop =
                wrap_at.map_or(clusters.len(), |width| self.line_end(&clusters, first, width));
            let last = stop >= clusters.len();
            let byte = |cluster: usize, none| clusters.get(cluster).map_or(none, |c| c.start);
            let taken = byte(first, range.start)..byte(stop, range.end);
            let next = if last { end } else { taken.end };

            let full = lines.len() + 1 >= MAX_LINES || self.is_last(lines, &taken, next);
            let leaves_out = full && !self.text[next..].chars().all(hangs);
            let too_long = trims
                && !self.options.wrap
                && overflow.is_some_and(|width| self.natural(&clusters) > width + TOLERANCE);
            lines.trimmed |= leaves_out || too_long;

            let mut cut = if trims && (leaves_out || too_long) {
                trim::trim(self, &clusters[first..], &taken, &range, width)
            } else {
                self.whole(&taken, last)
            };
            // Spaces and line ends that nothing follows belong to the last line.
            let behind = if full && !leaves_out { self.text.len() } else { next };
            cut.source = taken.start..behind;
            let line = self.line(&mut shaped, cut, lines.height(), width);
            lines.lines.push(line);
            if full || last {
                return full;
            }
            first = stop;
        }
    }

    /// A line that ends at its last character, or at a soft hyphen, which then shows.
    fn whole(&self, taken: &Range<usize>, last: bool) -> Cut {
        let text = self.text[taken.clone()].trim_end_matches(hangs);
        let mut visible = taken.start..taken.start + text.len();
        let mut added = "";
        if !last && text.ends_with(SOFT_HYPHEN) {
            visible.end -= SOFT_HYPHEN.len_utf8();
            added = "-";
        }
        Cut { visible, source: taken.clone(), added, ends_paragraph: last }
    }

    /// Whether no line fits below the one that is set now, which takes up `taken` and is followed by
    /// the text from `next` on.
    fn is_last(&self, lines: &Lines, taken: &Range<usize>, next: usize) -> bool {
        let limit = match self.options.max_height {
            Some(height) if self.options.trimming != Trimming::None => height,
            _ => return false,
        };
        let (_, height) = self.line_measures(taken);
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

    /// The tab stop behind a place.
    pub(crate) fn tab_stop(&self, x: f32) -> f32 {
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

    /// Builds a line.
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
            // Lines get their places when all are known.
            x: 0.0,
            top,
            baseline: top + ascent,
            width: natural,
            height,
            ends_paragraph: cut.ends_paragraph,
            right_to_left: shaped.levels.base % 2 == 1,
            runs,
        }
    }

    /// What the glyphs of a line stand for.
    fn line_text(&self, cut: &Cut) -> Arc<str> {
        let text = &self.text[cut.visible.clone()];
        if cut.added.is_empty() { text.into() } else { format!("{text}{}", cut.added).into() }
    }

    /// Gives the lines their places in the width.
    fn align(&self, lines: &mut Lines, width: Option<f32>) {
        let width = width.unwrap_or_else(|| lines.width());
        for line in &mut lines.lines {
            let room = width - line.width;
            line.x = match self.options.align {
                Align::Left => 0.0,
                Align::Center => room / 2.0,
                Align::Right => room,
                Align::Justify if line.right_to_left => room,
                Align::Justify => 0.0,
            };
        }
    }
}
