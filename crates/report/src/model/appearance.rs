//! How things look: colours, fonts, borders, padding, alignment, and the styles that set them.

use std::sync::Arc;

/// An sRGB colour with alpha, 8 bits each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Color {
    /// Alpha: 0 is invisible, 255 opaque.
    pub a: u8,
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}

impl Color {
    /// Opaque black.
    pub const BLACK: Self = Self::rgb(0, 0, 0);
    /// Opaque white.
    pub const WHITE: Self = Self::rgb(255, 255, 255);
    /// Invisible.
    pub const TRANSPARENT: Self = Self { a: 0, r: 255, g: 255, b: 255 };

    /// An opaque colour.
    #[must_use]
    pub const fn rgb(r: u8, g: u8, b: u8) -> Self {
        Self { a: 255, r, g, b }
    }

    /// Whether nothing of it is seen.
    #[must_use]
    pub const fn is_transparent(self) -> bool {
        self.a == 0
    }
}

/// A font as a layout asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct FontSpec {
    /// The family's name in the layout's spelling; match it in any letter case.
    pub family: Arc<str>,
    /// The size in points.
    pub size_pt: f32,
    /// Whether bold.
    pub bold: bool,
    /// Whether italic.
    pub italic: bool,
    /// Whether underlined.
    pub underline: bool,
    /// Whether struck out.
    pub strikeout: bool,
}

impl Default for FontSpec {
    /// What a layout means that names no font: Times New Roman, 9.75 points.
    fn default() -> Self {
        Self {
            family: "Times New Roman".into(),
            size_pt: 9.75,
            bold: false,
            italic: false,
            underline: false,
            strikeout: false,
        }
    }
}

/// Which sides of a box have a border line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Borders {
    /// The left side.
    pub left: bool,
    /// The top side.
    pub top: bool,
    /// The right side.
    pub right: bool,
    /// The bottom side.
    pub bottom: bool,
}

impl Borders {
    /// No side.
    pub const NONE: Self = Self { left: false, top: false, right: false, bottom: false };
    /// All sides.
    pub const ALL: Self = Self { left: true, top: true, right: true, bottom: true };

    /// Whether no side has a line.
    #[must_use]
    pub const fn is_none(self) -> bool {
        !(self.left || self.top || self.right || self.bottom)
    }
}

/// How a line is dashed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dash {
    /// Without gaps.
    #[default]
    Solid,
    /// Dashes.
    Dash,
    /// Dots.
    Dot,
    /// A dash and a dot in turn.
    DashDot,
    /// A dash and two dots in turn.
    DashDotDot,
    /// Two thin lines; of borders only.
    Double,
}

/// Space between a box's sides and its contents, in points whatever unit the report has: the layout
/// tells the resolution of its paddings apart from the report's unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Padding {
    /// At the left.
    pub left: f32,
    /// At the right.
    pub right: f32,
    /// At the top.
    pub top: f32,
    /// At the bottom.
    pub bottom: f32,
}

/// Where text stands across its box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HorizontalAlignment {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right.
    Right,
    /// At both sides, with wider spaces; the last line of a paragraph at the left.
    Justify,
}

/// Where text stands up and down its box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum VerticalAlignment {
    /// At the top.
    #[default]
    Top,
    /// In the middle.
    Middle,
    /// At the bottom.
    Bottom,
}

/// Where contents stand in their box. The default is the top left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Alignment {
    /// Across.
    pub horizontal: HorizontalAlignment,
    /// Up and down.
    pub vertical: VerticalAlignment,
}

/// The looks that a style or an element sets; what is `None` comes from elsewhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Appearance {
    /// The font.
    pub font: Option<FontSpec>,
    /// The colour of text and lines.
    pub fore_color: Option<Color>,
    /// The colour behind.
    pub back_color: Option<Color>,
    /// The colour of border lines.
    pub border_color: Option<Color>,
    /// The width of border lines in points; 0 is none.
    pub border_width: Option<f32>,
    /// How border lines are dashed.
    pub border_dash: Option<Dash>,
    /// Which sides have a border line.
    pub borders: Option<Borders>,
    /// Space inside the box.
    pub padding: Option<Padding>,
    /// Where the text stands.
    pub text_alignment: Option<Alignment>,
}

/// One property of an [`Appearance`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Property {
    /// [`Appearance::font`].
    Font,
    /// [`Appearance::fore_color`].
    ForeColor,
    /// [`Appearance::back_color`].
    BackColor,
    /// [`Appearance::border_color`].
    BorderColor,
    /// [`Appearance::border_width`].
    BorderWidth,
    /// [`Appearance::border_dash`].
    BorderDash,
    /// [`Appearance::borders`].
    Borders,
    /// [`Appearance::padding`].
    Padding,
    /// [`Appearance::text_alignment`].
    TextAlignment,
}

/// The properties for which an element's own value wins over its style's (`Use… = false` in the
/// layout). For all others the style wins where it sets them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StylePriority {
    own: u16,
}

impl StylePriority {
    /// Lets the element's own value of a property win.
    pub fn prefer_own(&mut self, property: Property) {
        self.own |= 1 << property as u16;
    }

    /// Whether the element's own value of a property wins.
    #[must_use]
    pub const fn own_wins(self, property: Property) -> bool {
        self.own & (1 << property as u16) != 0
    }
}

/// The named styles of an element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StyleRefs {
    /// The style for every row.
    pub base: Option<Arc<str>>,
    /// The style that replaces it on even rows: the second, the fourth, …
    pub even: Option<Arc<str>>,
    /// The style that replaces it on odd rows: the first, the third, …
    pub odd: Option<Arc<str>>,
}

/// A named style.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Style {
    /// The name by which [`StyleRefs`] call it.
    pub name: Arc<str>,
    /// What it sets.
    pub appearance: Appearance,
}

/// Everything by which an element says how it looks; see [`resolve`](crate::resolve).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    /// What it sets itself.
    pub appearance: Appearance,
    /// Its named styles.
    pub styles: StyleRefs,
    /// Where its own values win over its styles.
    pub priority: StylePriority,
    /// Its conditional formats in the order in which they apply: places in
    /// [`Definition::formatting_rules`](crate::Definition::formatting_rules).
    pub formatting_rules: Vec<usize>,
}
