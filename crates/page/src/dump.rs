//! A page as text that a person can review.

use std::fmt::{self, Write};

use crate::{
    Color, Dash, GlyphRun, Item, Page, Path, Picture, Point, Rect, Resources, Role, Segment,
    Stroke, Text,
};

/// Writes a page down as lines of text, for snapshot tests and for looking at a layout.
///
/// One item is one line; what lies in a clip is indented below it. Places are points from the top
/// left with one decimal. A text of one run carries its style on its own line, one of several runs
/// lists them below. [`Role::Paragraph`] is not named, nor is [`Role::Artifact`] of a shape.
#[must_use]
pub fn text_dump(page: &Page, resources: &Resources) -> String {
    let mut dump = Dump { out: String::new(), resources };
    // Writing to a string does not fail.
    let _ = dump.page(page);
    dump.out
}

struct Dump<'a> {
    out: String,
    resources: &'a Resources,
}

impl Dump<'_> {
    fn page(&mut self, page: &Page) -> fmt::Result {
        writeln!(self.out, "page {:.1} x {:.1}", page.size.width.0, page.size.height.0)?;
        self.items(&page.items, 1)
    }

    fn items(&mut self, items: &[Item], depth: usize) -> fmt::Result {
        for item in items {
            write!(self.out, "{:indent$}", "", indent = depth * 2)?;
            match item {
                Item::Text(text) => self.text(text, depth)?,
                Item::Line(line) => {
                    write!(self.out, "line {} to {}", at(line.from), at(line.to))?;
                    self.stroke(&line.stroke)?;
                    self.out.push('\n');
                }
                Item::Path(path) => self.path(path)?,
                Item::Picture(picture) => self.picture(picture)?,
                Item::Clip(clip) => {
                    writeln!(self.out, "clip {}", area(clip.rect))?;
                    self.items(&clip.items, depth + 1)?;
                }
                Item::Link(link) => {
                    writeln!(self.out, "link {} {}", area(link.rect), link.target)?;
                }
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &Text, depth: usize) -> fmt::Result {
        write!(self.out, "text {} {:?}", at(text.origin), text.text)?;
        if let [run] = &text.runs[..] {
            self.style(run)?;
        }
        if text.angle != 0.0 {
            write!(self.out, " angle {:.1}", text.angle)?;
        }
        if text.role != Role::Paragraph {
            self.role(&text.role)?;
        }
        self.out.push('\n');
        if text.runs.len() > 1 {
            for run in &text.runs {
                write!(self.out, "{:indent$}run", "", indent = depth * 2 + 2)?;
                self.style(run)?;
                writeln!(self.out, " +{:.1} {:?}", run.offset.0, run_text(run, &text.text))?;
            }
        }
        Ok(())
    }

    fn style(&mut self, run: &GlyphRun) -> fmt::Result {
        match self.resources.face(run.face) {
            Some(face) => {
                write!(self.out, " {}", face.family)?;
                if face.bold {
                    self.out.push_str(" bold");
                }
                if face.italic {
                    self.out.push_str(" italic");
                }
            }
            None => write!(self.out, " face {}?", run.face.0)?,
        }
        write!(self.out, " {:.1} {}", run.size.0, hex(run.color))?;
        if run.underline {
            self.out.push_str(" underline");
        }
        if run.strikeout {
            self.out.push_str(" strikeout");
        }
        Ok(())
    }

    fn role(&mut self, role: &Role) -> fmt::Result {
        match role {
            Role::Artifact => self.out.push_str(" artifact"),
            Role::Paragraph => self.out.push_str(" paragraph"),
            Role::Heading(level) => write!(self.out, " heading {level}")?,
            Role::Figure(alternative) => write!(self.out, " figure {alternative:?}")?,
            Role::Cell { table, row, column, header } => {
                let kind = if *header { "header" } else { "cell" };
                write!(self.out, " {kind} {table}:{row}:{column}")?;
            }
        }
        Ok(())
    }

    fn stroke(&mut self, stroke: &Stroke) -> fmt::Result {
        write!(self.out, " stroke {} {:.1}", hex(stroke.color), stroke.width.0)?;
        self.out.push_str(match stroke.dash {
            Dash::Solid => "",
            Dash::Dash => " dash",
            Dash::Dot => " dot",
            Dash::DashDot => " dash-dot",
            Dash::DashDotDot => " dash-dot-dot",
        });
        Ok(())
    }

    fn path(&mut self, path: &Path) -> fmt::Result {
        match path.as_rect() {
            Some(rect) => write!(self.out, "rect {}", area(rect))?,
            None => {
                self.out.push_str("path");
                for segment in &path.segments {
                    match *segment {
                        Segment::Move(to) => write!(self.out, " M {}", at(to))?,
                        Segment::Line(to) => write!(self.out, " L {}", at(to))?,
                        Segment::Cubic(first, second, to) => {
                            write!(self.out, " C {} {} {}", at(first), at(second), at(to))?;
                        }
                        Segment::Close => self.out.push_str(" Z"),
                    }
                }
            }
        }
        if let Some(fill) = path.fill {
            write!(self.out, " fill {}", hex(fill))?;
        }
        if let Some(stroke) = &path.stroke {
            self.stroke(stroke)?;
        }
        if path.role != Role::Artifact {
            self.role(&path.role)?;
        }
        self.out.push('\n');
        Ok(())
    }

    fn picture(&mut self, picture: &Picture) -> fmt::Result {
        write!(self.out, "picture {}", area(picture.rect))?;
        match self.resources.image(picture.image) {
            Some(image) => {
                write!(self.out, " {:?} {}x{}", image.format, image.width, image.height)?;
            }
            None => write!(self.out, " image {}?", picture.image.0)?,
        }
        if picture.opacity < 1.0 {
            write!(self.out, " opacity {:.2}", picture.opacity)?;
        }
        self.role(&picture.role)?;
        self.out.push('\n');
        Ok(())
    }
}

/// The characters that a run's glyphs stand for, in logical order.
fn run_text<'a>(run: &GlyphRun, text: &'a str) -> &'a str {
    let start = run.glyphs.iter().map(|glyph| glyph.range.start).min();
    let end = run.glyphs.iter().map(|glyph| glyph.range.end).max();
    match (start, end) {
        (Some(start), Some(end)) => text.get(start as usize..end as usize).unwrap_or("?"),
        _ => "",
    }
}

fn at(point: Point) -> String {
    format!("{},{}", tenth(point.x.0), tenth(point.y.0))
}

fn area(rect: Rect) -> String {
    format!(
        "{},{} {} x {}",
        tenth(rect.x.0),
        tenth(rect.y.0),
        tenth(rect.width.0),
        tenth(rect.height.0)
    )
}

/// One decimal, without the minus of a negative zero.
fn tenth(value: f32) -> String {
    let written = format!("{value:.1}");
    if written == "-0.0" { "0.0".to_owned() } else { written }
}

fn hex(color: Color) -> String {
    let Color { r, g, b, a } = color;
    if a == 255 {
        format!("#{r:02x}{g:02x}{b:02x}")
    } else {
        format!("#{r:02x}{g:02x}{b:02x}{a:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::text_dump;
    use crate::{
        Clip, Color, Dash, Face, FaceId, FontBytes, Glyph, GlyphRun, Image, ImageFormat, ImageId,
        Item, Line, Link, Page, Path, Picture, Point, Pt, Rect, Resources, Role, Size, Stroke,
        Text,
    };

    fn run(face: u32, text: &str, from: u32) -> GlyphRun {
        GlyphRun {
            face: FaceId(face),
            size: Pt(9.0),
            color: Color::rgb(0x1a, 0x2b, 0x3c),
            underline: face == 0,
            strikeout: false,
            offset: Pt(from as f32 * 4.5),
            glyphs: text
                .char_indices()
                .map(|(at, character)| Glyph {
                    id: character as u16,
                    advance: 0.5,
                    dx: 0.0,
                    dy: 0.0,
                    range: from + at as u32..from + (at + character.len_utf8()) as u32,
                })
                .collect(),
        }
    }

    #[test]
    fn a_page_reads_as_lines() {
        let mut resources = Resources::default();
        resources.add_face(Face {
            data: FontBytes::new(Vec::new()),
            index: 0,
            family: "Plain Sans".into(),
            bold: true,
            italic: false,
        });
        resources.add_image(Image {
            data: [].into(),
            format: ImageFormat::Png,
            width: 40,
            height: 30,
        });
        let rect = Rect::new(Pt(10.0), Pt(20.0), Pt(30.0), Pt(40.04));
        let stroke = Stroke { color: Color::BLACK, width: Pt(0.5), dash: Dash::DashDot };
        let text = |role, runs| {
            Item::Text(Text {
                origin: Point::new(Pt(1.0), Pt(-0.01)),
                angle: 90.0,
                text: "Übung 7".into(),
                runs,
                role,
            })
        };
        let cell = Role::Cell { table: 0, row: 2, column: 1, header: true };
        let page = Page {
            size: Size::new(Pt(595.3), Pt(841.9)),
            items: vec![
                text(Role::Paragraph, vec![run(0, "Übung 7", 0)]),
                text(cell, vec![run(0, "Übung", 0), run(3, " 7", 6)]),
                Item::Line(Line {
                    from: Point::default(),
                    to: Point::new(Pt(5.0), Pt(0.0)),
                    stroke,
                }),
                Item::Path(Path::rect(rect, Some(Color::WHITE), Some(stroke))),
                Item::Clip(Clip {
                    rect,
                    items: vec![
                        Item::Picture(Picture {
                            rect,
                            image: ImageId(0),
                            opacity: 0.5,
                            role: Role::Figure("A tree".into()),
                        }),
                        Item::Link(Link { rect, target: "https://example.org".into() }),
                    ],
                }),
            ],
        };
        assert_eq!(
            text_dump(&page, &resources),
            r##"page 595.3 x 841.9
  text 1.0,0.0 "Übung 7" Plain Sans bold 9.0 #1a2b3c underline angle 90.0
  text 1.0,0.0 "Übung 7" angle 90.0 header 0:2:1
    run Plain Sans bold 9.0 #1a2b3c underline +0.0 "Übung"
    run face 3? 9.0 #1a2b3c +27.0 " 7"
  line 0.0,0.0 to 5.0,0.0 stroke #000000 0.5 dash-dot
  rect 10.0,20.0 30.0 x 40.0 fill #ffffff stroke #000000 0.5 dash-dot
  clip 10.0,20.0 30.0 x 40.0
    picture 10.0,20.0 30.0 x 40.0 Png 40x30 opacity 0.50 figure "A tree"
    link 10.0,20.0 30.0 x 40.0 https://example.org
"##
        );
    }
}
