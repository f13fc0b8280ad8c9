//! Pages to bytes.

use std::collections::HashMap;

use super::model::{CellAt, Model, Shape, Style, color_word, dash_code};
use super::{item_tag, role_tag, run_flag, segment_tag, text_flag};
use crate::{
    Clip, GlyphRun, Item, Line, Link, Page, Path, Picture, Point, Pt, Rect, Role, Segment, Stroke,
    Text,
};

/// Appends a page to `out` in the form that [`super::decode_page`] reads.
///
/// Clips that lie deeper in each other than [`super::MAX_CLIP_DEPTH`] are written, but not read.
pub fn encode_page(page: &Page, out: &mut Vec<u8>) {
    let mut encoder = Encoder { out, model: Model::new(), numbers: HashMap::new() };
    encoder.length(page.size.width);
    encoder.length(page.size.height);
    encoder.items(&page.items);
}

struct Encoder<'a> {
    out: &'a mut Vec<u8>,
    model: Model,
    /// The number of each shape that the model knows.
    numbers: HashMap<Shape, usize>,
}

impl Encoder<'_> {
    fn byte(&mut self, byte: u8) {
        self.out.push(byte);
    }

    fn number(&mut self, number: usize) {
        self.number64(number as u64);
    }

    fn number64(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.out.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.out.push(number as u8);
    }

    fn word(&mut self, word: u32) {
        match self.model.word_code(word) {
            Some(code) => self.out.push(code),
            None => {
                self.out.push(0);
                self.out.extend_from_slice(&word.to_le_bytes());
            }
        }
    }

    fn length(&mut self, length: Pt) {
        self.word(length.0.to_bits());
    }

    fn point(&mut self, point: Point) {
        self.length(point.x);
        self.length(point.y);
    }

    fn rect(&mut self, rect: Rect) {
        self.length(rect.x);
        self.length(rect.y);
        self.length(rect.width);
        self.length(rect.height);
    }

    fn string(&mut self, text: &str) {
        self.number(text.len());
        self.out.extend_from_slice(text.as_bytes());
    }

    fn items(&mut self, items: &[Item]) {
        self.number(items.len());
        for item in items {
            match item {
                Item::Text(text) => self.text(text),
                Item::Line(line) => self.line(line),
                Item::Path(path) => self.path(path),
                Item::Picture(picture) => self.picture(picture),
                Item::Clip(clip) => self.clip(clip),
                Item::Link(link) => self.link(link),
            }
        }
    }

    fn text(&mut self, text: &Text) {
        let y = text.origin.y.0.to_bits();
        let turned = text.angle.to_bits() != 0;
        let tag = self.role_tag(&text.role);
        let mut flags = tag << text_flag::ROLE_SHIFT;
        if y == self.model.baseline {
            flags |= text_flag::SAME_Y;
        }
        if turned {
            flags |= text_flag::ANGLE;
        }
        if text.runs.len() != 1 {
            flags |= text_flag::RUNS;
        }
        self.byte(item_tag::TEXT);
        self.byte(flags);
        self.length(text.origin.x);
        if y != self.model.baseline {
            self.word(y);
            self.model.baseline = y;
        }
        if turned {
            self.word(text.angle.to_bits());
        }
        self.role_rest(tag, &text.role);
        self.string(&text.text);
        if text.runs.len() != 1 {
            self.number(text.runs.len());
        }
        let mut cursor = 0;
        for run in &text.runs {
            cursor = self.run(run, &text.text, cursor);
        }
    }

    /// Writes a run that may begin at byte `cursor` of the text; gives back where it ends.
    fn run(&mut self, run: &GlyphRun, text: &str, cursor: usize) -> usize {
        let in_order = ends_in_order(run, text, cursor);
        let style = Style::of(run);
        let same_style = style == self.model.style;
        let offset = run.offset.0.to_bits();

        let flags_at = self.out.len();
        let mut flags = 0;
        self.byte(0);
        if same_style {
            flags |= run_flag::SAME_STYLE;
        } else {
            self.number64(u64::from(style.face.0));
            self.word(style.size);
            self.word(color_word(style.color));
            self.byte(u8::from(style.underline) | u8::from(style.strikeout) << 1);
            self.model.style = style;
        }
        if offset == 0 {
            flags |= run_flag::NO_OFFSET;
        } else {
            self.word(offset);
        }
        let end = match in_order {
            Some(end) => {
                flags |= run_flag::IN_ORDER;
                if end == text.len() {
                    flags |= run_flag::TO_END;
                } else {
                    self.number(run.glyphs.len());
                }
                if self.glyphs_in_order(run, &text[cursor..]) {
                    flags |= run_flag::FORESEEN;
                }
                end
            }
            None => self.glyphs_in_any_order(run, cursor),
        };
        self.out[flags_at] = flags;
        end
    }

    /// Writes the glyphs that were not foreseen, each after the number of those that were. Returns
    /// whether all were foreseen, for which nothing is written.
    fn glyphs_in_order(&mut self, run: &GlyphRun, text: &str) -> bool {
        let mut characters = text.chars().peekable();
        let mut hits = 0;
        let mut missed = false;
        for glyph in &run.glyphs {
            let character = characters.next().unwrap_or_default();
            let next = characters.peek().copied().unwrap_or(' ');
            let shape = Shape::of(glyph);
            let foreseen = self.model.foresee(run.face, character, next);
            let number = match foreseen.filter(|&number| self.model.shapes[number] == shape) {
                Some(number) => {
                    hits += 1;
                    number
                }
                None => {
                    self.number(hits);
                    hits = 0;
                    missed = true;
                    self.shape(shape)
                }
            };
            self.model.learn(run.face, character, next, number);
        }
        if missed && hits > 0 {
            self.number(hits);
        }
        !missed
    }

    fn glyphs_in_any_order(&mut self, run: &GlyphRun, cursor: usize) -> usize {
        self.number(run.glyphs.len());
        let mut at = cursor as i64;
        for glyph in &run.glyphs {
            self.shape(Shape::of(glyph));
            let (start, end) = (i64::from(glyph.range.start), i64::from(glyph.range.end));
            self.number64(zigzag(start - at));
            self.number64(zigzag(end - start));
            at = end;
        }
        at as usize
    }

    /// Writes a shape: its number, or 0 and what it is. Returns its number.
    fn shape(&mut self, shape: Shape) -> usize {
        if let Some(&number) = self.numbers.get(&shape) {
            self.number(number + 1);
            return number;
        }
        let number = self.model.shapes.len();
        let shifted = shape.dx != 0 || shape.dy != 0;
        self.byte(0);
        self.number64(u64::from(shape.id) << 1 | u64::from(shifted));
        self.word(shape.advance);
        if shifted {
            self.word(shape.dx);
            self.word(shape.dy);
        }
        self.model.shapes.push(shape);
        self.numbers.insert(shape, number);
        number
    }

    fn role(&mut self, role: &Role) {
        let tag = self.role_tag(role);
        self.byte(tag);
        self.role_rest(tag, role);
    }

    fn role_tag(&self, role: &Role) -> u8 {
        match *role {
            Role::Artifact => role_tag::ARTIFACT,
            Role::Paragraph => role_tag::PARAGRAPH,
            Role::Heading(_) => role_tag::HEADING,
            Role::Figure(_) => role_tag::FIGURE,
            Role::Cell { table, row, column, header } => {
                let cell = CellAt { table, row, column, header };
                let before = self.model.cell;
                if cell == before {
                    role_tag::SAME_CELL
                } else if cell == before.next_column() {
                    role_tag::NEXT_COLUMN
                } else if cell == before.next_row() {
                    role_tag::NEXT_ROW
                } else {
                    role_tag::CELL
                }
            }
        }
    }

    fn role_rest(&mut self, tag: u8, role: &Role) {
        match role {
            Role::Artifact | Role::Paragraph => {}
            Role::Heading(level) => self.byte(*level),
            Role::Figure(alternative) => self.string(alternative),
            &Role::Cell { table, row, column, header } => {
                if tag == role_tag::CELL {
                    self.number64(u64::from(table));
                    self.number64(u64::from(row));
                    self.number64(u64::from(column));
                    self.byte(u8::from(header));
                }
                self.model.cell = CellAt { table, row, column, header };
            }
        }
    }

    fn stroke(&mut self, stroke: &Stroke) {
        self.word(color_word(stroke.color));
        self.length(stroke.width);
        self.byte(dash_code(stroke.dash));
    }

    fn line(&mut self, line: &Line) {
        self.byte(item_tag::LINE);
        self.point(line.from);
        self.point(line.to);
        self.stroke(&line.stroke);
    }

    fn path(&mut self, path: &Path) {
        match &path.segments[..] {
            &[
                Segment::Move(a),
                Segment::Line(b),
                Segment::Line(c),
                Segment::Line(d),
                Segment::Close,
            ] if same(a.y, b.y) && same(b.x, c.x) && same(c.y, d.y) && same(d.x, a.x) => {
                self.byte(item_tag::RECT);
                self.point(a);
                self.point(c);
            }
            segments => {
                self.byte(item_tag::PATH);
                self.number(segments.len());
                for segment in segments {
                    self.segment(*segment);
                }
            }
        }
        self.byte(u8::from(path.fill.is_some()) | u8::from(path.stroke.is_some()) << 1);
        if let Some(fill) = path.fill {
            self.word(color_word(fill));
        }
        if let Some(stroke) = &path.stroke {
            self.stroke(stroke);
        }
        self.role(&path.role);
    }

    fn segment(&mut self, segment: Segment) {
        match segment {
            Segment::Move(to) => {
                self.byte(segment_tag::MOVE);
                self.point(to);
            }
            Segment::Line(to) => {
                self.byte(segment_tag::LINE);
                self.point(to);
            }
            Segment::Cubic(first, second, to) => {
                self.byte(segment_tag::CUBIC);
                self.point(first);
                self.point(second);
                self.point(to);
            }
            Segment::Close => self.byte(segment_tag::CLOSE),
        }
    }

    fn picture(&mut self, picture: &Picture) {
        self.byte(item_tag::PICTURE);
        self.rect(picture.rect);
        self.number64(u64::from(picture.image.0));
        self.word(picture.opacity.to_bits());
        self.role(&picture.role);
    }

    fn clip(&mut self, clip: &Clip) {
        self.byte(item_tag::CLIP);
        self.rect(clip.rect);
        self.items(&clip.items);
    }

    fn link(&mut self, link: &Link) {
        self.byte(item_tag::LINK);
        self.rect(link.rect);
        self.string(&link.target);
    }
}

/// Where a run ends whose glyphs each stand for the next character from `cursor`; none where a glyph
/// does not.
fn ends_in_order(run: &GlyphRun, text: &str, cursor: usize) -> Option<usize> {
    let mut at = cursor;
    let mut characters = text.get(cursor..)?.chars();
    for glyph in &run.glyphs {
        let end = at + characters.next()?.len_utf8();
        if glyph.range.start as usize != at || glyph.range.end as usize != end {
            return None;
        }
        at = end;
    }
    Some(at)
}

fn same(a: Pt, b: Pt) -> bool {
    a.0.to_bits() == b.0.to_bits()
}

fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}
