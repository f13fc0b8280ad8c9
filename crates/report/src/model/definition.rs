//! A report as a whole.

use std::sync::Arc;

use pressroom_data::{DataType, Direction, Value};
use pressroom_query::Source;

use super::{
    Alignment, Appearance, Binding, Color, Expression, FontSpec, Image, Level, Look, Style,
};

/// A report: everything that a layout says, ready to be laid out with rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Definition {
    /// The name.
    pub name: Arc<str>,
    /// The name for readers.
    pub display_name: Option<String>,
    /// The unit of every length that does not say otherwise.
    pub unit: ReportUnit,
    /// The paper.
    pub page: Page,
    /// The culture that the layout asks for, such as `de-DE`.
    pub culture: Option<String>,
    /// Whether texts run from right to left.
    pub right_to_left: bool,
    /// What everything inherits.
    pub look: Look,
    /// Properties of the report that expressions set.
    pub bindings: Vec<Binding>,
    /// What readers are asked for.
    pub parameters: Vec<Parameter>,
    /// Fields that expressions add to rows.
    pub calculated_fields: Vec<CalculatedField>,
    /// The named styles.
    pub styles: Vec<Style>,
    /// The conditional formats.
    pub formatting_rules: Vec<FormattingRule>,
    /// The data sources of the layout; shared with embedded sub-reports, which refer to the same.
    pub sources: Arc<[Source]>,
    /// The rows and bands.
    pub level: Level,
    /// Lines and boxes that run over several bands.
    pub cross_band: Vec<CrossBandControl>,
    /// What is printed behind or over every page.
    pub watermark: Option<Watermark>,
    /// The title of the outline; the display name where it is empty.
    pub bookmark: Option<String>,
    /// What the layout asks for beyond this model, counted while it was read.
    /// [`unsupported`](Self::unsupported) tells that and the rest.
    pub left_out: Vec<Unsupported>,
}

impl Definition {
    /// The named style.
    #[must_use]
    pub fn style(&self, name: &str) -> Option<&Style> {
        self.styles
            .iter()
            .find(|style| &*style.name == name)
            .or_else(|| self.styles.iter().find(|style| style.name.eq_ignore_ascii_case(name)))
    }

    /// The parameter of a name, in any letter case.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| &*parameter.name == name).or_else(|| {
            self.parameters.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(name))
        })
    }

    /// The data source of a name.
    #[must_use]
    pub fn source(&self, name: &str) -> Option<&Source> {
        self.sources.iter().find(|source| &*source.name == name)
    }
}

/// Something in a layout that is not printed, and how often it occurs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unsupported {
    /// What, in the words of the format.
    pub what: String,
    /// How often.
    pub count: usize,
}

/// The unit of lengths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReportUnit {
    /// 100 to the inch.
    #[default]
    HundredthsOfAnInch,
    /// 254 to the inch.
    TenthsOfAMillimeter,
    /// 96 to the inch.
    Pixels,
}

impl ReportUnit {
    /// How many to the inch.
    #[must_use]
    pub const fn dpi(self) -> f32 {
        match self {
            Self::HundredthsOfAnInch => 100.0,
            Self::TenthsOfAMillimeter => 254.0,
            Self::Pixels => 96.0,
        }
    }

    /// How many points one unit has.
    #[must_use]
    pub const fn points(self) -> f32 {
        72.0 / self.dpi()
    }
}

/// The paper; lengths in the report's unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The width as printed.
    pub width: f32,
    /// The height as printed.
    pub height: f32,
    /// The margins. The heights of the margin bands have been taken over where there are any.
    pub margins: Margins,
    /// Whether the layout calls it landscape. Width and height are swapped already.
    pub landscape: bool,
    /// Whether the height follows the contents.
    pub roll_paper: bool,
    /// What the layout calls the paper, such as `A4`; the numbers count.
    pub paper_kind: Option<String>,
    /// The colour behind everything.
    pub color: Option<Color>,
}

impl Page {
    /// The width between the margins.
    #[must_use]
    pub fn printable_width(&self) -> f32 {
        (self.width - self.margins.left - self.margins.right).max(0.0)
    }

    /// The height between the margins.
    #[must_use]
    pub fn printable_height(&self) -> f32 {
        (self.height - self.margins.top - self.margins.bottom).max(0.0)
    }
}

impl Default for Page {
    /// Letter, with margins of one inch, in hundredths of an inch.
    fn default() -> Self {
        Self {
            width: 850.0,
            height: 1100.0,
            margins: Margins { left: 100.0, right: 100.0, top: 100.0, bottom: 100.0 },
            landscape: false,
            roll_paper: false,
            paper_kind: None,
            color: None,
        }
    }
}

/// The margins of a page in the report's unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Margins {
    /// At the left.
    pub left: f32,
    /// At the right.
    pub right: f32,
    /// At the top.
    pub top: f32,
    /// At the bottom.
    pub bottom: f32,
}

/// What readers are asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameter {
    /// The name that expressions use.
    pub name: Arc<str>,
    /// The name for readers.
    pub description: Option<String>,
    /// The type of one value.
    pub data_type: DataType,
    /// The .NET name of that type, such as `System.Int32`.
    pub type_name: String,
    /// The value unless another is given; a [`Value::List`] where several are allowed.
    pub value: Value,
    /// An expression for that value instead.
    pub value_expression: Option<Expression>,
    /// Whether readers are asked.
    pub visible: bool,
    /// Whether several values are allowed.
    pub multi_value: bool,
    /// Whether no value is allowed.
    pub allow_null: bool,
    /// Whether all values of the choice are chosen at first.
    pub select_all: bool,
    /// The values to choose from.
    pub choice: Option<Choice>,
}

/// The values to choose from.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// These.
    Static(Vec<ChoiceValue>),
    /// Those of a query.
    Dynamic {
        /// The data source's name.
        source: Option<Arc<str>>,
        /// The query.
        member: Option<Arc<str>>,
        /// The column of values.
        value: Option<Arc<str>>,
        /// The column of texts for readers.
        display: Option<Arc<str>>,
        /// A condition for rows.
        filter: Option<Expression>,
        /// The column that sorts, and which way.
        sort: Option<(Arc<str>, Direction)>,
    },
    /// From one to another, which expressions know as two parameters.
    Range {
        /// The parameter of the start.
        start: Box<Parameter>,
        /// The parameter of the end.
        end: Box<Parameter>,
    },
}

/// A value to choose, and how readers see it.
#[derive(Clone, Debug, PartialEq)]
pub struct ChoiceValue {
    /// The value.
    pub value: Value,
    /// The text for readers.
    pub description: Option<String>,
}

/// A field that an expression adds to rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CalculatedField {
    /// The name.
    pub name: Arc<str>,
    /// The name for readers.
    pub display_name: Option<String>,
    /// The value.
    pub expression: Expression,
    /// The data source to whose rows it belongs.
    pub source: Option<Arc<str>>,
    /// The query to whose rows it belongs; the report's where the layout tells none.
    pub member: Option<Arc<str>>,
    /// The type; [`DataType::Unknown`] is that of the expression.
    pub data_type: DataType,
}

/// A conditional format.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FormattingRule {
    /// The name.
    pub name: Arc<str>,
    /// When it applies.
    pub condition: Expression,
    /// The query whose row the condition is about, if not the current one.
    pub member: Option<Arc<str>>,
    /// What it sets.
    pub appearance: Appearance,
    /// Whether the element is printed.
    pub visible: Option<bool>,
}

/// A line or a box that runs from a point in one band to a point in another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CrossBandControl {
    /// The name.
    pub name: Arc<str>,
    /// Whether a box; else a vertical line.
    pub is_box: bool,
    /// The name of the band where it starts.
    pub start_band: Arc<str>,
    /// The name of the band where it ends.
    pub end_band: Arc<str>,
    /// The left side and the distance from the start band's top, in the report's unit.
    pub start: (f32, f32),
    /// The left side and the distance from the end band's top, in the report's unit.
    pub end: (f32, f32),
    /// The width of the box, or of the line, in the report's unit.
    pub width: f32,
    /// The look: a line has the fore colour, a box its border's.
    pub look: Look,
    /// How a line is dashed.
    pub dash: super::Dash,
    /// Whether it is printed at all.
    pub visible: bool,
    /// Whether it stays with its bands where they vanish.
    pub anchor_vertical: super::AnchorVertical,
}

/// What is printed behind or over every page.
#[derive(Clone, Debug, PartialEq)]
pub struct Watermark {
    /// The text; empty is none.
    pub text: String,
    /// Which way the text runs.
    pub text_direction: TextDirection,
    /// The font of the text.
    pub font: FontSpec,
    /// The colour of the text.
    pub color: Color,
    /// How transparent the text is: 0 is opaque, 255 invisible.
    pub text_transparency: u8,
    /// The picture.
    pub image: Image,
    /// Where the picture stands.
    pub image_alignment: Alignment,
    /// How the picture fills the page.
    pub image_view: ImageView,
    /// Whether the picture is repeated.
    pub image_tiling: bool,
    /// How transparent the picture is: 0 is opaque, 255 invisible.
    pub image_transparency: u8,
    /// The pages, such as `1,3-5`; empty is all.
    pub page_range: String,
    /// Whether it stands behind the contents.
    pub show_behind: bool,
}

/// Which way a watermark's text runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextDirection {
    /// From left to right.
    Horizontal,
    /// From bottom to top.
    Vertical,
    /// From the bottom left to the top right.
    #[default]
    ForwardDiagonal,
    /// From the top left to the bottom right.
    BackwardDiagonal,
}

/// How a watermark's picture fills the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ImageView {
    /// In its own size.
    #[default]
    Clip,
    /// Stretched to the page.
    Stretch,
    /// As large as fits, in proportion.
    Zoom,
}
