//! What stands in bands: texts, tables, pictures, lines, containers.

use std::sync::Arc;

use super::{
    Alignment, Binding, Color, Dash, Definition, Expression, HorizontalAlignment, Look, Node,
    SummaryFunction, binding,
};

/// A place and size in the report's unit, relative to the container: a band (whose left side is the
/// left margin), a panel or a table cell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// The left side.
    pub x: f32,
    /// The top side.
    pub y: f32,
    /// The width.
    pub width: f32,
    /// The height.
    pub height: f32,
}

impl Rect {
    /// The right side.
    #[must_use]
    pub fn right(self) -> f32 {
        self.x + self.width
    }

    /// The bottom side.
    #[must_use]
    pub fn bottom(self) -> f32 {
        self.y + self.height
    }
}

/// Something that stands in a band, a panel or a table cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// Its name, unique in the report.
    pub name: Arc<str>,
    /// What it is.
    pub kind: ControlKind,
    /// Where it stands before anything grows.
    pub bounds: Rect,
    /// Its look.
    pub look: Look,
    /// Properties set by expressions.
    pub bindings: Vec<Binding>,
    /// Whether it is printed at all.
    pub visible: bool,
    /// Whether it becomes higher for its contents and moves what is below.
    pub can_grow: bool,
    /// Whether it becomes lower, down to nothing, for its contents.
    pub can_shrink: bool,
    /// Whether it must not be split over two pages.
    pub keep_together: bool,
    /// What it does when its container's height changes.
    pub anchor_vertical: AnchorVertical,
    /// What it does when its container's width changes.
    pub anchor_horizontal: AnchorHorizontal,
    /// The address that a click opens; the name of a control where [`target`](Self::target) is
    /// `_self`.
    pub navigate_url: Option<String>,
    /// Where the address opens, such as `_blank` or `_self`.
    pub target: Option<String>,
    /// The text of the outline's entry that leads here.
    pub bookmark: Option<String>,
    /// The control whose outline entry holds this one's.
    pub bookmark_parent: Option<Arc<str>>,
    /// A value for the author's use.
    pub tag: Option<String>,
    /// What a screen reader says of it.
    pub accessible_description: Option<String>,
    /// What it stands for in the document's structure, as the layout names it: `Heading1`, `Table`, …
    pub accessible_role: Option<String>,
}

impl Control {
    /// The binding of one of its properties.
    #[must_use]
    pub fn binding(&self, property: &str) -> Option<&Binding> {
        binding(&self.bindings, property)
    }
}

/// What a control does when its container's height changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnchorVertical {
    /// Keeps its place from the top.
    #[default]
    Top,
    /// Keeps its distance from the bottom.
    Bottom,
    /// Keeps both distances and changes its height.
    Both,
    /// Moves as the middle of the container does.
    None,
}

/// What a control does when its container's width changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnchorHorizontal {
    /// Keeps its place from the left.
    #[default]
    Left,
    /// Keeps its distance from the right.
    Right,
    /// Keeps both distances and changes its width.
    Both,
    /// Moves as the middle of the container does.
    None,
}

/// The kinds of controls with what only they have.
#[derive(Clone, Debug, PartialEq)]
pub enum ControlKind {
    /// Text.
    Label(TextProps),
    /// Rows of cells.
    Table(Table),
    /// The page's number, the number of pages, the date, the user.
    PageInfo(PageInfo),
    /// A picture.
    Picture(Picture),
    /// A line through the middle of its bounds, in the fore colour.
    Line(Line),
    /// A figure, outlined in the fore colour.
    Shape(Shape),
    /// A container.
    Panel {
        /// What is in it; the first is on top.
        controls: Vec<Control>,
    },
    /// Another report in place.
    Subreport(Subreport),
    /// A bar code.
    BarCode(BarCode),
    /// A box with a tick and a text.
    CheckBox(CheckBox),
    /// Formatted text.
    RichText(RichText),
    /// A chart.
    Chart(Box<Node>),
    /// Each character in a box of its own.
    CharacterComb(CharacterComb),
    /// The end of a page at its place.
    PageBreak,
    /// A list of the outline's entries with their pages.
    TableOfContents(Box<Node>),
    /// A control of a kind that has no model here; its properties as the layout has them.
    Unsupported {
        /// The kind's name without namespace, such as `XRPivotGrid`.
        type_name: String,
        /// The properties.
        node: Box<Node>,
    },
}

/// What shows text: a label, a table cell.
#[derive(Clone, Debug, PartialEq)]
pub struct TextProps {
    /// The constant text. It may hold fields in square brackets (mail merge); where `Text` is bound,
    /// the bound value replaces it, also when that is null.
    pub text: String,
    /// Whether line breaks in the constant text count.
    pub multiline: bool,
    /// Whether lines break at the right side.
    pub word_wrap: bool,
    /// Whether the width follows the text.
    pub auto_width: bool,
    /// The angle in degrees against the clock.
    pub angle: f32,
    /// A composite format for the bound value, such as `{0:n2}`.
    pub format: Option<String>,
    /// How text that does not fit ends.
    pub trimming: TextTrimming,
    /// Whether the size of the font follows the bounds.
    pub fit: TextFit,
    /// Whether the text holds the small markup of `<b>`, `<i>`, `<color=…>` and so on.
    pub markup: bool,
    /// Shown for null.
    pub null_text: Option<String>,
    /// What happens with equal values in a row.
    pub duplicates: Duplicates,
    /// What happens with nulls and empty texts.
    pub nulls: ProcessNulls,
    /// The rows over which the `sum…` functions of the bound expression run.
    pub summary: Option<Summary>,
}

impl Default for TextProps {
    fn default() -> Self {
        Self {
            text: String::new(),
            multiline: false,
            word_wrap: true,
            auto_width: false,
            angle: 0.0,
            format: None,
            trimming: TextTrimming::default(),
            fit: TextFit::None,
            markup: false,
            null_text: None,
            duplicates: Duplicates::Leave,
            nulls: ProcessNulls::Leave,
            summary: None,
        }
    }
}

/// How text that does not fit ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextTrimming {
    /// It is cut.
    None,
    /// After a whole character.
    #[default]
    Character,
    /// After a whole word.
    Word,
    /// With an ellipsis after a whole character.
    EllipsisCharacter,
    /// With an ellipsis after a whole word.
    EllipsisWord,
    /// With an ellipsis in the middle.
    EllipsisPath,
}

/// Whether the size of a font follows its box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextFit {
    /// No.
    #[default]
    None,
    /// It becomes smaller until the text fits.
    Shrink,
    /// It becomes larger until the text fills the box.
    Grow,
    /// Either.
    ShrinkAndGrow,
}

/// What happens where a value equals the one of the row before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// It is printed again.
    #[default]
    Leave,
    /// The boxes become one.
    Merge,
    /// Its box stays empty.
    Suppress,
    /// Its box vanishes.
    SuppressAndShrink,
}

/// What happens with nulls and empty texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProcessNulls {
    /// Nothing special.
    #[default]
    Leave,
    /// The box stays empty.
    Suppress,
    /// The box vanishes.
    SuppressAndShrink,
}

/// The rows that a summary covers, and how it shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The function. The older form of summaries names it here; its binding has been brought to the
    /// newer form, an expression with a `sum…` function, so that only the region is left to honour.
    pub function: SummaryFunction,
    /// The rows.
    pub running: SummaryRunning,
    /// Whether nulls are left out.
    pub ignore_nulls: bool,
    /// A composite format of its own, before [`TextProps::format`].
    pub format: Option<String>,
}

/// The rows that a summary covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SummaryRunning {
    /// None: the value of the current row.
    #[default]
    None,
    /// The control's group.
    Group,
    /// All rows of the level.
    Report,
    /// The rows that end on the page.
    Page,
}

/// A table: rows of cells whose weights share its size.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The rows.
    pub rows: Vec<TableRow>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// Its name, unique in the report.
    pub name: Arc<str>,
    /// Its share of the table's height: weight over the sum of the rows' weights.
    pub weight: f32,
    /// That share in the report's unit.
    pub height: f32,
    /// Whether it is printed at all.
    pub visible: bool,
    /// Whether it must not be split over two pages.
    pub keep_together: bool,
    /// Its look, inherited by its cells.
    pub look: Look,
    /// Properties set by expressions.
    pub bindings: Vec<Binding>,
    /// The cells, from the left.
    pub cells: Vec<TableCell>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableCell {
    /// Its share of the table's width: weight over the sum of its row's weights.
    pub weight: f32,
    /// How many rows it covers. The cells that it covers are still listed, and not printed.
    pub row_span: u32,
    /// The cell as a label, whose bounds are those within the table.
    pub label: Control,
    /// What is in it; the first is on top. Where there is anything, its own text is not shown.
    pub controls: Vec<Control>,
}

/// A text about the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageInfo {
    /// What it tells.
    pub kind: PageInfoKind,
    /// A composite format: `{0}` is the value or the page's number, `{1}` the number of pages.
    pub format: Option<String>,
    /// The number of the first page.
    pub start_page: i32,
    /// The band with whose groups the numbers start again.
    pub running_band: Option<Arc<str>>,
}

/// What a [`PageInfo`] tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PageInfoKind {
    /// The page's number and the number of pages: `1/7`.
    #[default]
    NumberOfTotal,
    /// The page's number.
    Number,
    /// The page's number in small Roman numerals.
    RomanLower,
    /// The page's number in large Roman numerals.
    RomanUpper,
    /// The number of pages.
    Total,
    /// The date and time of printing.
    DateTime,
    /// Who prints.
    UserName,
}

/// A picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// The constant picture; where `ImageSource` is bound, the bound value replaces it.
    pub image: Image,
    /// How it fills its bounds.
    pub sizing: Sizing,
    /// Where it stands in its bounds.
    pub alignment: Alignment,
}

/// Where the bytes of a picture are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Image {
    /// Nowhere.
    #[default]
    None,
    /// Here, in the form of a picture file: PNG, JPEG, BMP, GIF, sometimes EMF or WMF.
    Bytes(Arc<[u8]>),
    /// Here, as the text of an SVG.
    Svg(Arc<str>),
    /// At an address, which a layout may not reach by itself.
    Url(String),
}

/// How a picture fills its bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sizing {
    /// In its own size, cut at the bounds.
    #[default]
    Normal,
    /// Stretched to the bounds.
    Stretch,
    /// The bounds follow the picture.
    AutoSize,
    /// As large as fits, in proportion.
    Zoom,
    /// In its own size where that fits, else as [`Zoom`](Self::Zoom).
    Squeeze,
    /// Repeated.
    Tile,
    /// As small as covers the bounds, in proportion.
    Cover,
}

/// A straight line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Line {
    /// Which way it runs through its bounds.
    pub direction: LineDirection,
    /// The width in points.
    pub width: f32,
    /// How it is dashed.
    pub dash: Dash,
}

/// Which way a line runs through its bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineDirection {
    /// From left to right through the middle.
    #[default]
    Horizontal,
    /// From top to bottom through the middle.
    Vertical,
    /// From the bottom left to the top right.
    Slant,
    /// From the top left to the bottom right.
    BackSlant,
}

/// A figure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    /// Which.
    pub figure: Figure,
    /// The colour inside; `None` is nothing.
    pub fill: Option<Color>,
    /// The width of the outline in points.
    pub line_width: f32,
    /// How the outline is dashed.
    pub dash: Dash,
    /// The angle in degrees against the clock.
    pub angle: f32,
    /// Whether a turned figure is stretched to its bounds.
    pub stretch: bool,
}

/// The figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Figure {
    /// An ellipse.
    #[default]
    Ellipse,
    /// A rectangle.
    Rectangle {
        /// How round the corners are, in percent of half the shorter side.
        fillet: f32,
    },
    /// A line.
    Line,
    /// An arrow that points up.
    Arrow {
        /// The height of the head in percent.
        head: f32,
        /// The width of the shaft in percent.
        shaft: f32,
        /// How round the corners are in percent.
        fillet: f32,
    },
    /// A regular polygon.
    Polygon {
        /// The number of sides.
        sides: u32,
        /// How round the corners are in percent.
        fillet: f32,
    },
    /// A star.
    Star {
        /// The number of points.
        points: u32,
        /// How far the inner corners are drawn in, in percent.
        concavity: f32,
        /// How round the corners are in percent.
        fillet: f32,
    },
    /// A cross.
    Cross {
        /// The width of the horizontal bar in percent.
        horizontal: f32,
        /// The width of the vertical bar in percent.
        vertical: f32,
        /// How round the corners are in percent.
        fillet: f32,
    },
    /// A square bracket.
    Bracket {
        /// The length of the tips in percent.
        tip: f32,
    },
    /// A brace.
    Brace {
        /// The length of the tip in percent.
        tip: f32,
        /// How round the ends are in percent.
        fillet: f32,
    },
    /// A figure that is not known here.
    Other(String),
}

/// Another report in place. Its page size, margins and page bands do not count; its width is the
/// control's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subreport {
    /// The report.
    pub report: SubreportSource,
    /// The values of its parameters.
    pub parameters: Vec<ParameterBinding>,
    /// Whether it stands on pages of its own, with its own page bands.
    pub own_pages: bool,
}

/// Where another report is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SubreportSource {
    /// Nowhere: nothing is printed.
    #[default]
    None,
    /// Here.
    Embedded(Box<Definition>),
    /// Under a name that the site resolves.
    Url(String),
}

/// The value of a sub-report's parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParameterBinding {
    /// The sub-report's parameter.
    pub parameter: Arc<str>,
    /// Its value, evaluated on the current row of the outer report.
    pub value: Expression,
}

/// A bar code.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BarCode {
    /// The constant text; where `Text` is bound, the bound value replaces it.
    pub text: String,
    /// A composite format for the bound value.
    pub format: Option<String>,
    /// The width of the narrowest bar in the report's unit.
    pub module: f32,
    /// Whether that width follows the bounds.
    pub auto_module: bool,
    /// Whether the text is shown.
    pub show_text: bool,
    /// Where the code stands across its bounds.
    pub alignment: HorizontalAlignment,
    /// The name of the symbology, such as `Code128`.
    pub symbology: String,
    /// All properties.
    pub node: Box<Node>,
}

/// A box with a tick and a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CheckBox {
    /// Whether it is ticked; `None` is neither. A bound `CheckBoxState` or `Checked` replaces it.
    pub state: Option<bool>,
    /// The text beside the box.
    pub text: TextProps,
    /// Where the box stands across its bounds.
    pub glyph_alignment: HorizontalAlignment,
    /// The size of the box in the report's unit.
    pub glyph_size: Option<(f32, f32)>,
}

/// Formatted text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RichText {
    /// The constant text as RTF; a bound `Rtf` or `Html` replaces it.
    pub rtf: String,
}

/// Each character in a box of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CharacterComb {
    /// The text.
    pub text: TextProps,
    /// The width of a box in the report's unit.
    pub cell_width: f32,
    /// The height of a box in the report's unit.
    pub cell_height: f32,
}
