//! A code in its box: one path, and where its text goes.

use std::sync::Arc;

use pressroom_page::{Color, Path, Point, Pt, Rect, Role, Segment, Size};

use super::code::{Bars, Cells, Code, Shape, TextPiece};
use super::error::BarCodeError;
use super::outline::outlines;

/// No reader resolves narrower bars, in points (0.07 mm).
const NARROWEST: f32 = 0.2;

/// Between bars and text, in points.
const GAP: f32 = 1.0;

/// How far the guards of EAN reach down between the digits, in modules.
const TALL: f32 = 5.0;

/// How a code is turned in its box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Orientation {
    /// It reads from left to right.
    #[default]
    Normal,
    /// It reads from right to left, upside down.
    UpsideDown,
    /// It reads from the bottom to the top: turned by 90° counter-clockwise.
    RotateLeft,
    /// It reads from the top to the bottom: turned by 90° clockwise.
    RotateRight,
}

/// Where something stands in a larger space, along one axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// At the left, or the top.
    #[default]
    Start,
    /// In the middle.
    Center,
    /// At the right, or the bottom.
    End,
}

impl Place {
    fn share(self) -> f32 {
        match self {
            Self::Start => 0.0,
            Self::Center => 0.5,
            Self::End => 1.0,
        }
    }

    fn opposite(self) -> Self {
        match self {
            Self::Start => Self::End,
            Self::Center => Self::Center,
            Self::End => Self::Start,
        }
    }
}

/// How a code is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawOptions {
    /// The box.
    pub size: Size,
    /// The part of the box that the code and its text keep to. What lies around it counts as empty
    /// space for readers.
    pub inner: Rect,
    /// The width of the narrowest bar or of a cell. Narrower if the code would not fit.
    pub module: Pt,
    /// Whether that width is the largest that fits, instead.
    pub auto_module: bool,
    /// Where the code stands across and, for cells, down its box.
    pub place: (Place, Place),
    /// The height of a line of text; zero leaves the text out.
    pub text_height: Pt,
    /// Whether the text stands above the code.
    pub text_above: bool,
    /// Where the text stands along the code.
    pub text_place: Place,
    /// How all that is turned.
    pub orientation: Orientation,
    /// The colour of what is dark.
    pub color: Color,
}

impl DrawOptions {
    /// A black code that fills a box, with text of 10 points below.
    #[must_use]
    pub fn new(size: Size) -> Self {
        Self {
            size,
            inner: Rect::new(Pt::ZERO, Pt::ZERO, size.width, size.height),
            module: Pt(1.0),
            auto_module: true,
            place: (Place::Center, Place::Center),
            text_height: Pt(10.0),
            text_above: false,
            text_place: Place::Center,
            orientation: Orientation::Normal,
            color: Color::BLACK,
        }
    }
}

/// A code in its box, measured from the box's top left corner.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// All that is dark.
    pub path: Path,
    /// The texts to set.
    pub texts: Vec<TextBox>,
    /// How the texts are turned about the middles of their boxes, in degrees counter-clockwise.
    pub angle: f32,
    /// The width of the narrowest bar as it came out.
    pub module: Pt,
}

/// A text to set in one line in a box, its middle in the middle of the box's height.
#[derive(Clone, Debug, PartialEq)]
pub struct TextBox {
    /// The characters.
    pub text: Arc<str>,
    /// Where, already turned.
    pub rect: Rect,
    /// Where along the box.
    pub place: Place,
}

/// Draws a code.
///
/// # Errors
/// [`BarCodeError::NoRoom`] if the box is so small that no reader could tell the bars apart.
pub fn draw(code: &Code, options: &DrawOptions) -> Result<Drawing, BarCodeError> {
    let upright = Upright::new(options);
    let (pieces, module, texts) = match &code.shape {
        Shape::Bars(bars) => upright.bars(bars, &code.texts)?,
        Shape::Cells(cells) => upright.cells(cells, &code.texts)?,
    };
    let mut segments = Vec::with_capacity(pieces.iter().map(|piece| piece.len() + 1).sum());
    for piece in pieces {
        for (index, (x, y)) in piece.into_iter().enumerate() {
            let point = upright.turned(x, y);
            segments.push(if index == 0 { Segment::Move(point) } else { Segment::Line(point) });
        }
        segments.push(Segment::Close);
    }
    let texts = texts
        .into_iter()
        .map(|(piece, area, place)| TextBox {
            text: Arc::clone(&piece.text),
            rect: upright.turned_area(area),
            place,
        })
        .collect();
    let angle = match options.orientation {
        Orientation::Normal => 0.0,
        Orientation::UpsideDown => 180.0,
        Orientation::RotateLeft => 90.0,
        Orientation::RotateRight => 270.0,
    };
    let path = Path { segments, fill: Some(options.color), stroke: None, role: Role::Artifact };
    Ok(Drawing { path, texts, angle, module: Pt(module) })
}

/// A closed outline.
type Outline = Vec<(f32, f32)>;

/// Left, top, right and bottom.
#[derive(Clone, Copy, Debug)]
struct Area {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

impl Area {
    fn width(self) -> f32 {
        self.right - self.left
    }

    fn height(self) -> f32 {
        self.bottom - self.top
    }

    fn outline(self) -> Outline {
        vec![
            (self.left, self.top),
            (self.right, self.top),
            (self.right, self.bottom),
            (self.left, self.bottom),
        ]
    }
}

/// What an arrangement gives: outlines, the module, the texts with their areas.
type Arranged<'c> = (Vec<Outline>, f32, Vec<(&'c TextPiece, Area, Place)>);

/// The box as it is before it is turned.
struct Upright<'o> {
    options: &'o DrawOptions,
    width: f32,
    height: f32,
    inner: Area,
    place: (Place, Place),
}

impl<'o> Upright<'o> {
    fn new(options: &'o DrawOptions) -> Self {
        let (width, height) = (options.size.width.0, options.size.height.0);
        let inner = options.inner;
        let (left, top, right, bottom) = (inner.x.0, inner.y.0, inner.right().0, inner.bottom().0);
        let (across, down) = options.place;
        let (width, height, inner, place) = match options.orientation {
            Orientation::Normal => {
                (width, height, Area { left, top, right, bottom }, (across, down))
            }
            Orientation::UpsideDown => (
                width,
                height,
                Area {
                    left: width - right,
                    top: height - bottom,
                    right: width - left,
                    bottom: height - top,
                },
                (across.opposite(), down.opposite()),
            ),
            Orientation::RotateLeft => (
                height,
                width,
                Area { left: height - bottom, top: left, right: height - top, bottom: right },
                (down.opposite(), across),
            ),
            Orientation::RotateRight => (
                height,
                width,
                Area { left: top, top: width - right, right: bottom, bottom: width - left },
                (down, across.opposite()),
            ),
        };
        Self { options, width, height, inner, place }
    }

    fn turned(&self, x: f32, y: f32) -> Point {
        let (x, y) = match self.options.orientation {
            Orientation::Normal => (x, y),
            Orientation::UpsideDown => (self.width - x, self.height - y),
            Orientation::RotateLeft => (y, self.width - x),
            Orientation::RotateRight => (self.height - y, x),
        };
        Point::new(Pt(x), Pt(y))
    }

    fn turned_area(&self, area: Area) -> Rect {
        let (a, b) = (self.turned(area.left, area.top), self.turned(area.right, area.bottom));
        let (x, y) = (a.x.min(b.x), a.y.min(b.y));
        Rect::new(x, y, a.x.max(b.x) - x, a.y.max(b.y) - y)
    }

    /// The strip for the text, and what it leaves for the code.
    fn strip(&self, texts: &[TextPiece]) -> (Option<Area>, Area) {
        let inner = self.inner;
        let height = self.options.text_height.0.min(inner.height() / 2.0);
        if texts.is_empty() || height <= 0.0 {
            return (None, inner);
        }
        if self.options.text_above {
            let bottom = inner.top + height;
            (Some(Area { bottom, ..inner }), Area { top: bottom + GAP, ..inner })
        } else {
            let top = inner.bottom - height;
            (Some(Area { top, ..inner }), Area { bottom: top - GAP, ..inner })
        }
    }

    /// The module: what was asked for if the code keeps to `inner` with it, else the largest that
    /// also leaves readers the empty space they need.
    fn module(&self, fits: impl Fn(f32) -> bool, largest: f32) -> Result<f32, BarCodeError> {
        let wanted = self.options.module.0;
        let module = if !self.options.auto_module && wanted > 0.0 && fits(wanted) {
            wanted
        } else {
            largest
        };
        if module.is_finite() && module >= NARROWEST {
            Ok(module)
        } else {
            Err(BarCodeError::NoRoom)
        }
    }

    fn bars<'c>(&self, bars: &Bars, texts: &'c [TextPiece]) -> Result<Arranged<'c>, BarCodeError> {
        let (strip, area) = self.strip(texts);
        let modules = bars.width();
        let (before, after) = bars.quiet;
        let largest = (area.width() / modules).min(self.width / (modules + before + after));
        // A hair's breadth of rounding is no overflow.
        let module = self.module(|module| module * modules <= area.width() + 0.01, largest)?;
        let width = modules * module;
        let start = placed(
            (area.left, area.right),
            width,
            (before * module, after * module),
            self.width,
            self.place.0,
        );
        let bearer = bars.bearer * module;
        if area.height() < 2.0 * bearer + 1.0 {
            return Err(BarCodeError::NoRoom);
        }
        let tall = match strip {
            Some(strip) if !self.options.text_above => {
                (TALL * module).min(strip.height() / 2.0) + GAP
            }
            _ => 0.0,
        };
        let mut outlines = Vec::with_capacity(bars.widths.len() / 2 + 3);
        let mut along = 0.0;
        for (place, bar) in bars.widths.iter().enumerate() {
            let left = start + along * module;
            along += bar;
            if place % 2 == 0 {
                let reach = if bars.tall.contains(&(place / 2)) { tall } else { 0.0 };
                let bar = Area {
                    left,
                    top: area.top + bearer,
                    right: start + along * module,
                    bottom: area.bottom - bearer + reach,
                };
                outlines.push(bar.outline());
            }
        }
        if bearer > 0.0 {
            // Over the empty space too, but not out of the box.
            let left = (start - before * module).max(0.0);
            let right = (start + width + after * module).min(self.width);
            let top = Area { left, right, bottom: area.top + bearer, ..area };
            let bottom = Area { left, right, top: area.bottom - bearer, ..area };
            outlines.extend([top.outline(), bottom.outline()]);
        }
        let texts = strip.map_or_else(Vec::new, |strip| {
            let boxed = |piece: &'c TextPiece| match piece.span {
                Some((from, to)) => (
                    piece,
                    Area { left: start + from * module, right: start + to * module, ..strip },
                    Place::Center,
                ),
                None => (
                    piece,
                    Area { left: start, right: start + width, ..strip },
                    self.options.text_place,
                ),
            };
            texts.iter().map(boxed).collect()
        });
        Ok((outlines, module, texts))
    }

    fn cells<'c>(
        &self,
        cells: &Cells,
        texts: &'c [TextPiece],
    ) -> Result<Arranged<'c>, BarCodeError> {
        let (strip, area) = self.strip(texts);
        // Around the area is empty space too, but for the text.
        let outer = Area {
            left: 0.0,
            top: if strip.is_some() && self.options.text_above { area.top } else { 0.0 },
            right: self.width,
            bottom: if strip.is_some() && !self.options.text_above {
                area.bottom
            } else {
                self.height
            },
        };
        let modules = cells.side as f32;
        let quiet = modules + 2.0 * cells.quiet;
        let largest = (area.width().min(area.height()) / modules)
            .min(outer.width().min(outer.height()) / quiet);
        let module = self
            .module(|module| module * modules <= area.width().min(area.height()) + 0.01, largest)?;
        let (side, quiet) = (modules * module, cells.quiet * module);
        let left = placed((area.left, area.right), side, (quiet, quiet), self.width, self.place.0);
        let inside = (area.top - outer.top, area.bottom - outer.top);
        let top = outer.top + placed(inside, side, (quiet, quiet), outer.height(), self.place.1);
        let corner = |(column, row): (usize, usize)| {
            (left + column as f32 * module, top + row as f32 * module)
        };
        let outlines = outlines(cells)
            .into_iter()
            .map(|outline| outline.into_iter().map(corner).collect())
            .collect();
        let texts = strip.map_or_else(Vec::new, |strip| {
            texts.iter().map(|piece| (piece, strip, self.options.text_place)).collect()
        });
        Ok((outlines, module, texts))
    }
}

/// Where a code of a width begins in `inner`, moved so that its empty space lies in a box from 0 to
/// `outer`; where that has too little room, what there is is shared.
fn placed(inner: (f32, f32), width: f32, quiet: (f32, f32), outer: f32, place: Place) -> f32 {
    let start = inner.0 + (inner.1 - inner.0 - width) * place.share();
    let (first, last) = (quiet.0, outer - quiet.1 - width);
    if first <= last {
        return start.clamp(first, last);
    }
    let both = quiet.0 + quiet.1;
    if both > 0.0 { (outer - width).max(0.0) * quiet.0 / both } else { start }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcode::{Symbology, encode};

    const SIZE: Size = Size { width: Pt(200.0), height: Pt(60.0) };

    fn ean() -> Code {
        encode(&Symbology::Ean13, "4006381333931").expect("valid")
    }

    /// Left, top, right and bottom of all that is dark.
    fn extent(drawing: &Drawing) -> (f32, f32, f32, f32) {
        let mut extent = (f32::MAX, f32::MAX, f32::MIN, f32::MIN);
        for segment in &drawing.path.segments {
            if let Segment::Move(point) | Segment::Line(point) = segment {
                let (x, y) = (point.x.0, point.y.0);
                extent = (extent.0.min(x), extent.1.min(y), extent.2.max(x), extent.3.max(y));
            }
        }
        extent
    }

    fn close(found: (f32, f32, f32, f32), expect: (f32, f32, f32, f32)) {
        let pairs =
            [(found.0, expect.0), (found.1, expect.1), (found.2, expect.2), (found.3, expect.3)];
        assert!(pairs.iter().all(|(a, b)| (a - b).abs() < 0.02), "{found:?} is not {expect:?}");
    }

    #[test]
    fn bars_stand_in_the_middle_with_digits_below() {
        let options = DrawOptions { module: Pt(1.0), auto_module: false, ..DrawOptions::new(SIZE) };
        let drawing = draw(&ean(), &options).expect("fits");
        // 95 modules in 200 points; the guards reach 5 modules below the others.
        close(extent(&drawing), (52.5, 0.0, 147.5, 55.0));
        assert_eq!(drawing.texts[1].rect, Rect::new(Pt(55.5), Pt(50.0), Pt(42.0), Pt(10.0)));
        assert_eq!(drawing.path.segments.len(), 30 * 5);
    }

    #[test]
    fn readers_get_their_empty_space_at_the_edge() {
        let options = DrawOptions {
            auto_module: false,
            place: (Place::Start, Place::Start),
            text_height: Pt::ZERO,
            ..DrawOptions::new(SIZE)
        };
        let (left, _, right, _) = extent(&draw(&ean(), &options).expect("fits"));
        assert_eq!((left, right), (11.0, 106.0));
        let fills = DrawOptions { text_height: Pt::ZERO, ..DrawOptions::new(SIZE) };
        let (left, _, right, _) = extent(&draw(&ean(), &fills).expect("fits"));
        let module = 200.0 / 113.0;
        close((left, 0.0, right, 0.0), (11.0 * module, 0.0, 106.0 * module, 0.0));
    }

    #[test]
    fn what_is_too_wide_is_made_narrower() {
        let options = DrawOptions { module: Pt(9.0), auto_module: false, ..DrawOptions::new(SIZE) };
        let drawing = draw(&ean(), &options).expect("fits");
        assert!((drawing.module.0 - 200.0 / 113.0).abs() < 0.001);
        let tiny = DrawOptions::new(Size::new(Pt(15.0), Pt(40.0)));
        assert_eq!(draw(&ean(), &tiny), Err(BarCodeError::NoRoom));
    }

    #[test]
    fn a_turned_code_is_the_same_code_turned() {
        let normal = DrawOptions { auto_module: false, ..DrawOptions::new(SIZE) };
        let (left, top, right, bottom) = extent(&draw(&ean(), &normal).expect("fits"));
        let check = |orientation, size, expect| {
            let options = DrawOptions { auto_module: false, orientation, ..DrawOptions::new(size) };
            close(extent(&draw(&ean(), &options).expect("fits")), expect);
        };
        let tall = Size::new(SIZE.height, SIZE.width);
        check(
            Orientation::UpsideDown,
            SIZE,
            (200.0 - right, 60.0 - bottom, 200.0 - left, 60.0 - top),
        );
        check(Orientation::RotateLeft, tall, (top, 200.0 - right, bottom, 200.0 - left));
        check(Orientation::RotateRight, tall, (60.0 - bottom, left, 60.0 - top, right));
    }

    #[test]
    fn cells_keep_four_cells_of_empty_space() {
        let qr = Symbology::Qr {
            correction: Default::default(),
            compaction: Default::default(),
            version: Some(1),
        };
        let code = encode(&qr, "PRESSROOM").expect("valid");
        let options = DrawOptions {
            text_height: Pt::ZERO,
            ..DrawOptions::new(Size::new(Pt(58.0), Pt(58.0)))
        };
        let drawing = draw(&code, &options).expect("fits");
        close(extent(&drawing), (8.0, 8.0, 50.0, 50.0));
        assert_eq!(drawing.module, Pt(2.0));
    }
}
