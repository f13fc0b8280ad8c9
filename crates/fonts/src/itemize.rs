//! Cuts a text into stretches that are shaped in one go.

use std::ops::Range;
use std::sync::Arc;

use harfrust::Script;
use harfrust::unicode;
use icu_segmenter::GraphemeClusterSegmenter;

use crate::bidi::Levels;
use crate::classes::{class, hangs, is_break, slot};
use crate::face::FaceData;
use crate::library::FontLibrary;
use crate::paragraph::TextStyle;

/// How a stretch becomes glyphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Word by word, from the cache.
    Simple,
    /// By the full shaper.
    Complex(Script),
    /// A tab.
    Tab,
}

/// A stretch of one style, face, script and direction.
#[derive(Clone)]
pub(crate) struct Item {
    /// The bytes of the text.
    pub(crate) range: Range<usize>,
    /// The number of its style.
    pub(crate) style: usize,
    /// What draws it; not the style's own face where that lacks a character.
    pub(crate) face: Arc<FaceData>,
    pub(crate) level: u8,
    pub(crate) kind: Kind,
}

/// Stretches that are not simple end after so many bytes, at the next space or character: a text
/// without spaces is not shaped as a whole.
const LONG_STRETCH: usize = 2048;
const LONGEST_STRETCH: usize = 8192;

/// The styles of a text: ranges without gaps, in order.
pub(crate) struct Styles<'a> {
    pub(crate) stretches: Vec<(Range<usize>, &'a TextStyle)>,
}

impl<'a> Styles<'a> {
    /// Orders the spans of a paragraph and fills the gaps between them.
    pub(crate) fn new(paragraph: &'a crate::paragraph::Paragraph<'_>) -> Self {
        let text = paragraph.text;
        let mut stretches = Vec::with_capacity(1 + 2 * paragraph.spans.len());
        let mut at = 0;
        for span in &paragraph.spans {
            let start = floor_boundary(text, span.range.start).max(at);
            let end = floor_boundary(text, span.range.end);
            if end <= start {
                continue;
            }
            if start > at {
                stretches.push((at..start, &paragraph.style));
            }
            stretches.push((start..end, &span.style));
            at = end;
        }
        if at < text.len() || stretches.is_empty() {
            stretches.push((at..text.len(), &paragraph.style));
        }
        Self { stretches }
    }

    /// The number of the style at a byte; the last one at the text's end.
    pub(crate) fn index_at(&self, byte: usize) -> usize {
        let after = self.stretches.partition_point(|(range, _)| range.end <= byte);
        after.min(self.stretches.len() - 1)
    }

    pub(crate) fn get(&self, index: usize) -> &'a TextStyle {
        self.stretches[index].1
    }
}

/// The last character boundary that is not behind a byte.
fn floor_boundary(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// Makes items of a stretch of text without line ends.
pub(crate) struct Itemizer<'a> {
    pub(crate) library: &'a FontLibrary,
    pub(crate) styles: &'a Styles<'a>,
    /// Levels of the stretch, counted from its start.
    pub(crate) levels: &'a Levels,
    /// Characters that no face has are told here.
    pub(crate) missing: &'a mut dyn FnMut(char),
}

impl Itemizer<'_> {
    /// Appends the items of `text[range]`.
    pub(crate) fn run(&mut self, text: &str, range: Range<usize>, items: &mut Vec<Item>) {
        let first = items.len();
        let mut at = range.start;
        let mut style = self.styles.index_at(at);
        while at < range.end {
            while self.styles.stretches[style].0.end <= at {
                style += 1;
            }
            let end = self.styles.stretches[style].0.end.min(range.end);
            self.style_run(text, (range.start, first), at..end, style, items);
            at = end;
        }
    }

    /// Items of a stretch of one style. Simple and other text alternate by words: a word with any
    /// other character is shaped as a whole, so that marks join their letters.
    fn style_run(
        &mut self,
        text: &str,
        (start, first): (usize, usize),
        range: Range<usize>,
        style: usize,
        items: &mut Vec<Item>,
    ) {
        let face = Arc::clone(self.styles.get(style).face.data());
        let direct = face.direct();
        let mut at = range.start;
        while at < range.end {
            let rest = &text[at..range.end];
            if rest.starts_with('\t') {
                let (face, level) = (Arc::clone(&face), self.levels.base);
                items.push(Item { range: at..at + 1, style, face, level, kind: Kind::Tab });
                at += 1;
                continue;
            }
            let (length, simple) = word(rest, |c| {
                class(c).is_some() && slot(c).is_some_and(|slot| direct[slot].id != 0)
            });
            let word = at..at + length;
            let level = self.levels.at(word.start - start);
            let even = word.clone().all(|byte| self.levels.at(byte - start) == level);
            if simple && even && level.is_multiple_of(2) {
                push(items, first, word.clone(), style, &face, level, Kind::Simple);
            } else {
                self.complex(text, (start, first), word.clone(), style, items);
            }
            at = word.end;
        }
    }

    /// Items of a stretch that needs the full shaper.
    fn complex(
        &mut self,
        text: &str,
        (start, first): (usize, usize),
        range: Range<usize>,
        style: usize,
        items: &mut Vec<Item>,
    ) {
        let own = Arc::clone(self.styles.get(style).face.data());
        let stretch = &text[range.clone()];
        let mut begin = 0;
        for end in GraphemeClusterSegmenter::new().segment_str(stretch).skip(1) {
            let cluster = &stretch[begin..end];
            let bytes = range.start + begin..range.start + end;
            begin = end;
            let level = self.levels.at(bytes.start - start);
            let last = items[first..].last().filter(|item| item.range.end == bytes.start);
            let face = self.face_for(cluster, &own, last.map(|item| &item.face));
            let script = match (script_of(cluster), last.map(|item| item.kind)) {
                (None, Some(Kind::Complex(script))) => script,
                (script, _) => script.unwrap_or(Script::COMMON),
            };
            // Leading marks and figures take the script of the letters that follow.
            if let Some(item) = items[first..].last_mut()
                && item.kind == Kind::Complex(Script::COMMON)
                && script != Script::COMMON
                && joins(item, &bytes, style, &face, level)
            {
                item.kind = Kind::Complex(script);
            }
            push(items, first, bytes, style, &face, level, Kind::Complex(script));
        }
    }

    /// The face that draws a cluster: the style's own, the one before it if it is only a space, or
    /// one that stands in.
    fn face_for(
        &mut self,
        cluster: &str,
        own: &Arc<FaceData>,
        last: Option<&Arc<FaceData>>,
    ) -> Arc<FaceData> {
        if let Some(last) = last
            && cluster.chars().all(hangs)
            && covers(last, cluster)
        {
            return Arc::clone(last);
        }
        if covers(own, cluster) {
            return Arc::clone(own);
        }
        if let Some(last) = last
            && last.id != own.id
            && covers(last, cluster)
        {
            return Arc::clone(last);
        }
        match self.library.stand_in_for(cluster, own) {
            Some(face) => face,
            None => {
                if let Some(c) = cluster.chars().find(|c| !own.covers(*c)) {
                    (self.missing)(c);
                }
                Arc::clone(own)
            }
        }
    }
}

/// The bytes of the first word with the spaces behind it (or of spaces alone), and whether all its
/// characters are simple. Ends before a tab.
fn word(text: &str, simple: impl Fn(char) -> bool) -> (usize, bool) {
    let mut all = true;
    let mut spaces = false;
    for (at, c) in text.char_indices() {
        if c == '\t' || (spaces && c != ' ') || at >= LONGEST_STRETCH {
            return (at, all);
        }
        spaces |= c == ' ';
        all &= simple(c);
    }
    (text.len(), all)
}

/// Whether an item goes on with these bytes.
fn joins(item: &Item, bytes: &Range<usize>, style: usize, face: &FaceData, level: u8) -> bool {
    item.range.end == bytes.start
        && item.style == style
        && item.face.id == face.id
        && item.level == level
}

fn push(
    items: &mut Vec<Item>,
    first: usize,
    bytes: Range<usize>,
    style: usize,
    face: &Arc<FaceData>,
    level: u8,
    kind: Kind,
) {
    if let Some(item) = items[first..].last_mut()
        && item.kind == kind
        && joins(item, &bytes, style, face, level)
        && (kind == Kind::Simple || item.range.len() < LONG_STRETCH)
    {
        item.range.end = bytes.end;
        return;
    }
    items.push(Item { range: bytes, style, face: Arc::clone(face), level, kind });
}

/// Whether a face draws all of a cluster, marks composed with their letter if need be.
pub(crate) fn covers(face: &FaceData, cluster: &str) -> bool {
    let mut before: Option<char> = None;
    cluster.chars().all(|c| {
        let composed = before.and_then(|before| unicode::compose(u32::from(before), u32::from(c)));
        before = composed.and_then(char::from_u32).or(Some(c));
        is_invisible(c)
            || face.covers(c)
            || composed.and_then(char::from_u32).is_some_and(|c| face.covers(c))
    })
}

/// Whether a character is never drawn, so that no face needs to have it.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || is_break(c)
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// The script of a cluster; `None` if it fits any.
fn script_of(cluster: &str) -> Option<Script> {
    cluster
        .chars()
        .map(|c| unicode::script(u32::from(c)))
        .find(|script| !matches!(*script, Script::COMMON | Script::INHERITED | Script::UNKNOWN))
}
