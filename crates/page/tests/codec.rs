//! Pages come back from their compact form bit for bit, whatever they hold.

use pressroom_page::codec::{CodecError, decode_page, encode_page};
use pressroom_page::{
    Clip, Color, Dash, FaceId, Glyph, GlyphRun, ImageId, Item, Line, Link, Page, Path, Picture,
    Point, Pt, Rect, Role, Segment, Size, Stroke, Text,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn encoded(page: &Page) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_page(page, &mut bytes);
    bytes
}

fn length() -> impl Strategy<Value = Pt> {
    prop_oneof![Just(Pt(0.0)), Just(Pt(-0.0)), Just(Pt(56.7)), any::<f32>().prop_map(Pt)]
        .prop_filter("a number equals itself", |length| !length.0.is_nan())
}

fn point() -> impl Strategy<Value = Point> {
    (length(), length()).prop_map(|(x, y)| Point::new(x, y))
}

fn rect() -> impl Strategy<Value = Rect> {
    (length(), length(), length(), length()).prop_map(|(x, y, w, h)| Rect::new(x, y, w, h))
}

fn color() -> impl Strategy<Value = Color> {
    any::<(u8, u8, u8, u8)>().prop_map(|(r, g, b, a)| Color { r, g, b, a })
}

fn role() -> BoxedStrategy<Role> {
    prop_oneof![
        Just(Role::Artifact),
        Just(Role::Paragraph),
        any::<u8>().prop_map(Role::Heading),
        "\\PC{0,8}".prop_map(|text| Role::Figure(text.into())),
        (0..3_u32, 0..3_u32, 0..4_u32, any::<bool>())
            .prop_map(|(table, row, column, header)| Role::Cell { table, row, column, header }),
        any::<(u32, u32, u32, bool)>().prop_map(|(table, row, column, header)| Role::Cell {
            table,
            row,
            column,
            header
        }),
    ]
    .boxed()
}

fn stroke() -> impl Strategy<Value = Stroke> {
    let dash = prop_oneof![
        Just(Dash::Solid),
        Just(Dash::Dash),
        Just(Dash::Dot),
        Just(Dash::DashDot),
        Just(Dash::DashDotDot)
    ];
    (color(), length(), dash).prop_map(|(color, width, dash)| Stroke { color, width, dash })
}

/// A run of which the glyphs stand for the text's characters in order, but for `disorder`.
fn run(text: String, disorder: bool) -> impl Strategy<Value = GlyphRun> {
    let glyphs = text.chars().count();
    let shape = (0..40_u16, 0..4_u8, 0..2_u8);
    (0..3_u32, color(), any::<(bool, bool)>(), length(), vec(shape, glyphs)).prop_map(
        move |(face, color, (underline, strikeout), offset, shapes)| GlyphRun {
            face: FaceId(face),
            size: Pt(9.0),
            color,
            underline,
            strikeout,
            offset,
            glyphs: text
                .char_indices()
                .zip(shapes)
                .map(|((at, character), (id, advance, shift))| {
                    let start = at as u32;
                    let end = start + character.len_utf8() as u32;
                    Glyph {
                        id,
                        advance: f32::from(advance) / 7.0,
                        dx: f32::from(shift),
                        dy: 0.0,
                        range: if disorder { end..start + u32::from(id) * 3 } else { start..end },
                    }
                })
                .collect(),
        },
    )
}

fn text() -> BoxedStrategy<Text> {
    ("[ -~ä€漢]{0,12}", any::<bool>())
        .prop_flat_map(|(text, disorder)| {
            let runs = vec(run(text.clone(), disorder), 0..3);
            (Just(text), point(), length(), runs, role())
        })
        .prop_map(|(text, origin, angle, runs, role)| Text {
            origin,
            angle: angle.0,
            text: text.into(),
            runs,
            role,
        })
        .boxed()
}

fn path() -> BoxedStrategy<Path> {
    let segment = prop_oneof![
        point().prop_map(Segment::Move),
        point().prop_map(Segment::Line),
        (point(), point(), point()).prop_map(|(a, b, c)| Segment::Cubic(a, b, c)),
        Just(Segment::Close),
    ];
    prop_oneof![
        (vec(segment, 0..6), option::of(color()), option::of(stroke()), role())
            .prop_map(|(segments, fill, stroke, role)| Path { segments, fill, stroke, role }),
        (rect(), option::of(color()), option::of(stroke()))
            .prop_map(|(rect, fill, stroke)| Path::rect(rect, fill, stroke))
            .prop_filter("a number equals itself", |path| path == &path.clone()),
    ]
    .boxed()
}

fn item() -> BoxedStrategy<Item> {
    let leaf = prop_oneof![
        3 => text().prop_map(Item::Text),
        1 => (point(), point(), stroke())
            .prop_map(|(from, to, stroke)| Item::Line(Line { from, to, stroke })),
        1 => path().prop_map(Item::Path),
        1 => (rect(), any::<u32>(), 0.0_f32..1.0, role()).prop_map(|(rect, image, opacity, role)| {
            Item::Picture(Picture { rect, image: ImageId(image), opacity, role })
        }),
        1 => (rect(), "[a-z:/.]{0,12}")
            .prop_map(|(rect, target)| Item::Link(Link { rect, target: target.into() })),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        (rect(), vec(inner, 0..6)).prop_map(|(rect, items)| Item::Clip(Clip { rect, items }))
    })
    .boxed()
}

fn page() -> impl Strategy<Value = Page> {
    (length(), length(), vec(item(), 0..12))
        .prop_map(|(width, height, items)| Page { size: Size::new(width, height), items })
}

/// A page as reports have them: 40 rows of 6 short cells, numbers to the right.
fn table_page() -> Page {
    let mut items = Vec::new();
    for row in 0..40_u32 {
        for column in 0..6_u32 {
            let text = match column {
                0 => format!("{:05}", 10_248 + row),
                1 => ["Alfreds Futterkiste", "Berglunds snabb", "Comércio Mineiro"]
                    [row as usize % 3]
                    .into(),
                2 => format!("{:02}/07/2024", row % 28 + 1),
                3 => ["Germany", "Sweden", "Brazil"][row as usize % 3].into(),
                4 => format!("{}", row * 37 % 90),
                _ => format!("{},{:03}.{:02}", row % 9 + 1, row * 613 % 1000, row * 7 % 100),
            };
            let glyphs: Vec<_> = text
                .char_indices()
                .map(|(at, character)| Glyph {
                    id: character as u16 + 3,
                    advance: (character as u32 % 11 + 6) as f32 / 20.48,
                    dx: 0.0,
                    dy: 0.0,
                    range: at as u32..(at + character.len_utf8()) as u32,
                })
                .collect();
            let width: f32 = glyphs.iter().map(|glyph| glyph.advance * 9.0).sum();
            let left = 56.7 + column as f32 * 80.0;
            items.push(Item::Text(Text {
                origin: Point::new(
                    Pt(if column > 3 { left + 76.0 - width } else { left }),
                    Pt(100.0 + row as f32 * 16.3),
                ),
                angle: 0.0,
                text: text.into(),
                runs: vec![GlyphRun {
                    face: FaceId(0),
                    size: Pt(9.0),
                    color: Color::BLACK,
                    underline: false,
                    strikeout: false,
                    offset: Pt::ZERO,
                    glyphs,
                }],
                role: Role::Cell { table: 0, row, column, header: row == 0 },
            }));
        }
    }
    Page { size: Size::new(Pt(595.3), Pt(841.9)), items }
}

proptest! {
    #[test]
    fn any_page_comes_back(page in page()) {
        prop_assert_eq!(decode_page(&encoded(&page)), Ok(page));
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in vec(any::<u8>(), 0..400)) {
        let _ = decode_page(&bytes);
    }

    #[test]
    fn damaged_pages_are_read_without_panic(page in page(), at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut bytes = encoded(&page);
        let at = at.index(bytes.len());
        bytes[at] = to;
        let _ = decode_page(&bytes);
    }
}

#[test]
fn a_table_page_takes_under_four_kilobytes() {
    let page = table_page();
    let bytes = encoded(&page);
    assert_eq!(decode_page(&bytes), Ok(page));
    assert!(bytes.len() < 4096, "{} bytes", bytes.len());
}

#[test]
fn words_that_are_not_numbers_come_back() {
    let mut page = table_page();
    page.size.width = Pt(f32::NAN);
    let back = decode_page(&encoded(&page)).expect("a page");
    assert_eq!(back.size.width.0.to_bits(), f32::NAN.to_bits());
}

#[test]
fn a_page_that_is_cut_off_is_refused() {
    let bytes = encoded(&table_page());
    for length in 0..bytes.len() {
        assert!(decode_page(&bytes[..length]).is_err(), "{length} bytes");
    }
    let mut more = bytes;
    more.push(0);
    assert_eq!(decode_page(&more), Err(CodecError::Wrong("length")));
}

#[test]
fn clips_in_clips_without_end_are_refused() {
    let mut items = Vec::new();
    for _ in 0..1000 {
        let rect = Rect::default();
        items = vec![Item::Clip(Clip { rect, items })];
    }
    let page = Page { size: Size::default(), items };
    assert_eq!(decode_page(&encoded(&page)), Err(CodecError::Wrong("depth of clips")));
}
