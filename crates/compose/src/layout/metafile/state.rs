//! What drawing commands depend on: pens, brushes, and how places are mapped.

use pressroom_page::Color;

/// A pen or a brush in one of the metafile's places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Object {
    Pen(Option<Pen>),
    Brush(Option<Color>),
}

/// How outlines are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pen {
    pub(super) color: Color,
    /// In the units of the drawing; 0 is as thin as can be.
    pub(super) width: f32,
}

impl Object {
    /// The objects that every device has, by their number.
    pub(super) fn stock(number: u32) -> Option<Self> {
        let grey = |level| Some(Color::rgb(level, level, level));
        let pen = |color| Some(Pen { color, width: 0.0 });
        Some(match number {
            0 => Self::Brush(grey(255)),
            1 => Self::Brush(grey(192)),
            2 => Self::Brush(grey(128)),
            3 => Self::Brush(grey(64)),
            4 => Self::Brush(grey(0)),
            5 => Self::Brush(None),
            6 => Self::Pen(pen(Color::WHITE)),
            7 => Self::Pen(pen(Color::BLACK)),
            8 => Self::Pen(None),
            _ => return None,
        })
    }
}

/// A colour as metafiles have it: red in the lowest byte.
pub(super) fn color(reference: u32) -> Color {
    let [r, g, b, _] = reference.to_le_bytes();
    Color::rgb(r, g, b)
}

/// What is saved and restored as a whole.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) pen: Option<Pen>,
    pub(super) brush: Option<Color>,
    pub(super) window: Mapping,
    pub(super) viewport: Mapping,
    /// Whether extents count: not where a unit is a dot.
    pub(super) scaled: bool,
    pub(super) world: Transform,
    /// Holes are where outlines overlap, whichever way they run.
    pub(super) alternate: bool,
    pub(super) position: (f32, f32),
}

/// An origin and an extent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mapping {
    pub(super) origin: (f32, f32),
    pub(super) extent: (f32, f32),
}

impl Default for State {
    fn default() -> Self {
        let unit = Mapping { origin: (0.0, 0.0), extent: (1.0, 1.0) };
        Self {
            pen: Some(Pen { color: Color::BLACK, width: 0.0 }),
            brush: Some(Color::WHITE),
            window: unit,
            viewport: unit,
            scaled: false,
            world: Transform::IDENTITY,
            alternate: true,
            position: (0.0, 0.0),
        }
    }
}

impl State {
    /// A place of the drawing in device units.
    pub(super) fn device(&self, point: (f32, f32)) -> (f32, f32) {
        let (x, y) = self.world.apply(point);
        let (sx, sy) = self.scale();
        (
            (x - self.window.origin.0) * sx + self.viewport.origin.0,
            (y - self.window.origin.1) * sy + self.viewport.origin.1,
        )
    }

    /// How many device units one unit of the drawing has.
    pub(super) fn scale(&self) -> (f32, f32) {
        if !self.scaled {
            return (1.0, 1.0);
        }
        let ratio =
            |viewport: f32, window: f32| if window == 0.0 { 1.0 } else { viewport / window };
        (
            ratio(self.viewport.extent.0, self.window.extent.0),
            ratio(self.viewport.extent.1, self.window.extent.1),
        )
    }
}

/// An affine transform: `x' = x·a + y·c + e`, `y' = x·b + y·d + f`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Transform {
    pub(super) a: f32,
    pub(super) b: f32,
    pub(super) c: f32,
    pub(super) d: f32,
    pub(super) e: f32,
    pub(super) f: f32,
}

impl Transform {
    pub(super) const IDENTITY: Self = Self { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 };

    pub(super) fn apply(&self, (x, y): (f32, f32)) -> (f32, f32) {
        (x * self.a + y * self.c + self.e, x * self.b + y * self.d + self.f)
    }

    /// First this, then `next`.
    pub(super) fn then(&self, next: &Self) -> Self {
        let (e, f) = next.apply((self.e, self.f));
        Self {
            a: self.a * next.a + self.b * next.c,
            b: self.a * next.b + self.b * next.d,
            c: self.c * next.a + self.d * next.c,
            d: self.c * next.b + self.d * next.d,
            e,
            f,
        }
    }
}
