//! Bytes to pages.

use std::sync::Arc;

use super::model::{CellAt, Model, Shape, Style, color_of, dash_of};
use super::{MAX_CLIP_DEPTH, item_tag, role_tag, run_flag, segment_tag, text_flag};
use crate::{
    Clip, Color, FaceId, Glyph, GlyphRun, ImageId, Item, Line, Link, Page, Path, Picture, Point,
    Pt, Rect, Role, Segment, Size, Stroke, Text,
};

/// Why bytes are not a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The bytes end within the page.
    #[error("a waiting page is cut off; its temporary file may be damaged")]
    CutOff,
    /// The bytes say what cannot be.
    #[error("a waiting page holds a wrong {0}; its temporary file may be damaged")]
    Wrong(&'static str),
}

type Result<T> = std::result::Result<T, CodecError>;

/// Reads a page that [`super::encode_page`] wrote. Bytes after the page are an error.
///
/// # Errors
/// See [`CodecError`]. Time and memory are bounded by the number of bytes, whatever they hold.
pub fn decode_page(bytes: &[u8]) -> Result<Page> {
    let mut decoder = Decoder { bytes, model: Model::new(), depth: 0 };
    let size = Size::new(decoder.length()?, decoder.length()?);
    let items = decoder.items()?;
    if !decoder.bytes.is_empty() {
        return Err(CodecError::Wrong("length"));
    }
    Ok(Page { size, items })
}

struct Decoder<'a> {
    bytes: &'a [u8],
    model: Model,
    depth: usize,
}

impl<'a> Decoder<'a> {
    fn byte(&mut self) -> Result<u8> {
        let (&first, rest) = self.bytes.split_first().ok_or(CodecError::CutOff)?;
        self.bytes = rest;
        Ok(first)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or(CodecError::CutOff)?;
        self.bytes = rest;
        Ok(taken)
    }

    fn number64(&mut self) -> Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(CodecError::Wrong("number"))
    }

    fn number(&mut self) -> Result<usize> {
        usize::try_from(self.number64()?).map_err(|_| CodecError::Wrong("number"))
    }

    fn number32(&mut self) -> Result<u32> {
        u32::try_from(self.number64()?).map_err(|_| CodecError::Wrong("number"))
    }

    /// A number of things of which each takes at least a byte.
    fn count(&mut self) -> Result<usize> {
        let count = self.number()?;
        if count > self.bytes.len() { Err(CodecError::CutOff) } else { Ok(count) }
    }

    fn word(&mut self) -> Result<u32> {
        match self.byte()? {
            0 => {
                let bytes = self.take(4)?;
                let word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
                self.model.learn_word(word);
                Ok(word)
            }
            code => Ok(self.model.word_of(code)),
        }
    }

    fn length(&mut self) -> Result<Pt> {
        Ok(Pt(f32::from_bits(self.word()?)))
    }

    fn point(&mut self) -> Result<Point> {
        Ok(Point::new(self.length()?, self.length()?))
    }

    fn rect(&mut self) -> Result<Rect> {
        Ok(Rect::new(self.length()?, self.length()?, self.length()?, self.length()?))
    }

    fn color(&mut self) -> Result<Color> {
        Ok(color_of(self.word()?))
    }

    fn string(&mut self) -> Result<Arc<str>> {
        let length = self.number()?;
        let bytes = self.take(length)?;
        Ok(std::str::from_utf8(bytes).map_err(|_| CodecError::Wrong("text"))?.into())
    }

    fn items(&mut self) -> Result<Vec<Item>> {
        let count = self.count()?;
        // An item takes more memory than bytes, so that a large count is believed step by step.
        let mut items = Vec::with_capacity(count.min(1024));
        for _ in 0..count {
            items.push(match self.byte()? {
                item_tag::TEXT => Item::Text(self.text()?),
                item_tag::LINE => Item::Line(self.line()?),
                item_tag::PATH => Item::Path(self.path()?),
                item_tag::RECT => Item::Path(self.rect_path()?),
                item_tag::PICTURE => Item::Picture(self.picture()?),
                item_tag::CLIP => Item::Clip(self.clip()?),
                item_tag::LINK => Item::Link(Link { rect: self.rect()?, target: self.string()? }),
                _ => return Err(CodecError::Wrong("item")),
            });
        }
        Ok(items)
    }

    fn text(&mut self) -> Result<Text> {
        let flags = self.byte()?;
        let x = self.length()?;
        if flags & text_flag::SAME_Y == 0 {
            self.model.baseline = self.word()?;
        }
        let y = Pt(f32::from_bits(self.model.baseline));
        let angle = if flags & text_flag::ANGLE == 0 { 0.0 } else { f32::from_bits(self.word()?) };
        let role = self.role_rest(flags >> text_flag::ROLE_SHIFT)?;
        let text = self.string()?;
        let count = if flags & text_flag::RUNS == 0 { 1 } else { self.count()? };
        let mut runs = Vec::with_capacity(count.min(64));
        let mut cursor = 0;
        for _ in 0..count {
            let (run, end) = self.run(&text, cursor)?;
            cursor = end;
            runs.push(run);
        }
        Ok(Text { origin: Point::new(x, y), angle, text, runs, role })
    }

    fn run(&mut self, text: &str, cursor: usize) -> Result<(GlyphRun, usize)> {
        let flags = self.byte()?;
        if flags & run_flag::SAME_STYLE == 0 {
            let face = FaceId(self.number32()?);
            let size = self.word()?;
            let color = self.color()?;
            let lines = self.byte()?;
            self.model.style =
                Style { face, size, color, underline: lines & 1 != 0, strikeout: lines & 2 != 0 };
        }
        let style = self.model.style;
        let offset = if flags & run_flag::NO_OFFSET == 0 { self.length()? } else { Pt::ZERO };
        let (glyphs, end) = if flags & run_flag::IN_ORDER == 0 {
            self.glyphs_in_any_order(cursor)?
        } else {
            self.glyphs_in_order(flags, style.face, text, cursor)?
        };
        let run = GlyphRun {
            face: style.face,
            size: style.size(),
            color: style.color,
            underline: style.underline,
            strikeout: style.strikeout,
            offset,
            glyphs,
        };
        Ok((run, end))
    }

    fn glyphs_in_order(
        &mut self,
        flags: u8,
        face: FaceId,
        text: &str,
        cursor: usize,
    ) -> Result<(Vec<Glyph>, usize)> {
        let rest = text.get(cursor..).ok_or(CodecError::Wrong("range"))?;
        let count =
            if flags & run_flag::TO_END == 0 { self.number()? } else { rest.chars().count() };
        if count > rest.len() {
            return Err(CodecError::Wrong("number of glyphs"));
        }
        let all = flags & run_flag::FORESEEN != 0;
        let mut hits = if all { count } else { self.number()? };
        let mut at = cursor;
        let mut characters = rest.chars().peekable();
        let mut glyphs = Vec::with_capacity(count);
        for index in 0..count {
            let character = characters.next().ok_or(CodecError::Wrong("number of glyphs"))?;
            let next = characters.peek().copied().unwrap_or(' ');
            let number = if hits > 0 {
                hits -= 1;
                self.model.foresee(face, character, next).ok_or(CodecError::Wrong("glyph"))?
            } else {
                let number = self.shape()?;
                if index + 1 < count {
                    hits = self.number()?;
                }
                number
            };
            self.model.learn(face, character, next, number);
            let end = at + character.len_utf8();
            glyphs.push(self.model.shapes[number].glyph(at as u32..end as u32));
            at = end;
        }
        Ok((glyphs, at))
    }

    fn glyphs_in_any_order(&mut self, cursor: usize) -> Result<(Vec<Glyph>, usize)> {
        let count = self.count()?;
        let mut glyphs = Vec::with_capacity(count.min(1024));
        let mut at = cursor as i64;
        for _ in 0..count {
            let number = self.shape()?;
            let start = self.step(at)?;
            let end = self.step(i64::from(start))?;
            glyphs.push(self.model.shapes[number].glyph(start..end));
            at = i64::from(end);
        }
        Ok((glyphs, at as usize))
    }

    /// A place in the text that is written as the way from another.
    fn step(&mut self, from: i64) -> Result<u32> {
        let way = self.number64()?;
        let way = (way >> 1) as i64 ^ -((way & 1) as i64);
        from.checked_add(way)
            .and_then(|to| u32::try_from(to).ok())
            .ok_or(CodecError::Wrong("range"))
    }

    fn shape(&mut self) -> Result<usize> {
        let number = self.number()?;
        if let Some(known) = number.checked_sub(1) {
            return if known < self.model.shapes.len() {
                Ok(known)
            } else {
                Err(CodecError::Wrong("glyph"))
            };
        }
        let id = self.number64()?;
        let advance = self.word()?;
        let (dx, dy) = if id & 1 == 0 { (0, 0) } else { (self.word()?, self.word()?) };
        let id = u16::try_from(id >> 1).map_err(|_| CodecError::Wrong("glyph"))?;
        self.model.shapes.push(Shape { id, advance, dx, dy });
        Ok(self.model.shapes.len() - 1)
    }

    fn role(&mut self) -> Result<Role> {
        let tag = self.byte()?;
        self.role_rest(tag)
    }

    fn role_rest(&mut self, tag: u8) -> Result<Role> {
        let cell = match tag {
            role_tag::ARTIFACT => return Ok(Role::Artifact),
            role_tag::PARAGRAPH => return Ok(Role::Paragraph),
            role_tag::HEADING => return Ok(Role::Heading(self.byte()?)),
            role_tag::FIGURE => return Ok(Role::Figure(self.string()?)),
            role_tag::SAME_CELL => self.model.cell,
            role_tag::NEXT_COLUMN => self.model.cell.next_column(),
            role_tag::NEXT_ROW => self.model.cell.next_row(),
            role_tag::CELL => CellAt {
                table: self.number32()?,
                row: self.number32()?,
                column: self.number32()?,
                header: self.byte()? != 0,
            },
            _ => return Err(CodecError::Wrong("role")),
        };
        self.model.cell = cell;
        Ok(cell.role())
    }

    fn stroke(&mut self) -> Result<Stroke> {
        Ok(Stroke {
            color: self.color()?,
            width: self.length()?,
            dash: dash_of(self.byte()?).ok_or(CodecError::Wrong("stroke"))?,
        })
    }

    fn line(&mut self) -> Result<Line> {
        Ok(Line { from: self.point()?, to: self.point()?, stroke: self.stroke()? })
    }

    fn rect_path(&mut self) -> Result<Path> {
        let (first, third) = (self.point()?, self.point()?);
        self.path_rest(vec![
            Segment::Move(first),
            Segment::Line(Point::new(third.x, first.y)),
            Segment::Line(third),
            Segment::Line(Point::new(first.x, third.y)),
            Segment::Close,
        ])
    }

    fn path(&mut self) -> Result<Path> {
        let count = self.count()?;
        let mut segments = Vec::with_capacity(count.min(1024));
        for _ in 0..count {
            segments.push(match self.byte()? {
                segment_tag::MOVE => Segment::Move(self.point()?),
                segment_tag::LINE => Segment::Line(self.point()?),
                segment_tag::CUBIC => Segment::Cubic(self.point()?, self.point()?, self.point()?),
                segment_tag::CLOSE => Segment::Close,
                _ => return Err(CodecError::Wrong("path")),
            });
        }
        self.path_rest(segments)
    }

    fn path_rest(&mut self, segments: Vec<Segment>) -> Result<Path> {
        let flags = self.byte()?;
        let fill = if flags & 1 == 0 { None } else { Some(self.color()?) };
        let stroke = if flags & 2 == 0 { None } else { Some(self.stroke()?) };
        Ok(Path { segments, fill, stroke, role: self.role()? })
    }

    fn picture(&mut self) -> Result<Picture> {
        Ok(Picture {
            rect: self.rect()?,
            image: ImageId(self.number32()?),
            opacity: f32::from_bits(self.word()?),
            role: self.role()?,
        })
    }

    fn clip(&mut self) -> Result<Clip> {
        if self.depth == MAX_CLIP_DEPTH {
            return Err(CodecError::Wrong("depth of clips"));
        }
        self.depth += 1;
        let clip = Clip { rect: self.rect()?, items: self.items()? };
        self.depth -= 1;
        Ok(clip)
    }
}
