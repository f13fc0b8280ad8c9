//! A definition prepared for printing: looks decided, lengths in points, expressions bound to columns.

pub(crate) mod build;
pub(crate) mod expression;
pub(crate) mod look;
mod merge;
pub(crate) mod names;
pub(crate) mod total;

use std::rc::Rc;
use std::sync::Arc;

use pressroom_chart::barcode::{Orientation, Place as CodePlace, Symbology};
use pressroom_criteria::{AggregateCall, SummaryCall};
use pressroom_data::{CompositeFormat, DataType, Direction, Value};
use pressroom_page::{Color, Pt, Rect, Size, Stroke};
use pressroom_report::{
    AnchorVertical, Definition, Duplicates, Figure, GroupUnion, LineDirection, PageBreak, PrintOn,
    PrintOptions, ProcessNulls, TextFit,
};

use crate::layout::pictures::{Place, Sizing};
use crate::page_text::PageCount;
use crate::pager::{Columns, Geometry};
use crate::text::Setting;
use expression::Expression;
use look::Looks;
use names::{Names, RowsOf, Slot};

/// Whether an element is printed.
#[derive(Clone, Debug)]
pub(crate) struct Visibility {
    pub(crate) fixed: bool,
    pub(crate) bound: Option<Expression>,
}

/// One band.
#[derive(Clone, Debug)]
pub(crate) struct BandPlan {
    pub(crate) name: Arc<str>,
    pub(crate) height: Pt,
    pub(crate) visibility: Visibility,
    pub(crate) page_break: PageBreak,
    pub(crate) keep_together: bool,
    /// Whether an expression in it asks for the page.
    pub(crate) asks_page: bool,
    pub(crate) looks: Looks,
    /// In the order of painting: the last is on top.
    pub(crate) controls: Vec<ControlPlan>,
    pub(crate) sub_bands: Vec<BandPlan>,
}

impl BandPlan {
    /// The height that its design gives it, with its sub-bands.
    pub(crate) fn designed(&self) -> Pt {
        self.height + self.sub_bands.iter().map(Self::designed).sum()
    }
}

/// One control.
#[derive(Clone, Debug)]
pub(crate) struct ControlPlan {
    pub(crate) name: Arc<str>,
    pub(crate) bounds: Rect,
    /// Bound places and sizes: which of x, y, width, height, and the value in the report's unit.
    pub(crate) moves: Vec<(Edge, Expression)>,
    pub(crate) visibility: Visibility,
    pub(crate) looks: Looks,
    pub(crate) can_grow: bool,
    pub(crate) can_shrink: bool,
    pub(crate) keep_together: bool,
    pub(crate) anchor: AnchorVertical,
    pub(crate) link: Option<TextPlan>,
    /// What a screen reader says of a picture.
    pub(crate) description: Option<Arc<str>>,
    pub(crate) heading: Option<u8>,
    pub(crate) kind: KindPlan,
}

/// A bound measure of a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    Left,
    Top,
    Width,
    Height,
}

/// What a control is.
#[derive(Clone, Debug)]
pub(crate) enum KindPlan {
    Label(LabelPlan),
    Table(TablePlan),
    PageInfo(PageInfoPlan),
    Picture(PicturePlan),
    Line {
        direction: LineDirection,
        width: Pt,
        dash: pressroom_page::Dash,
    },
    Shape(ShapePlan),
    Panel(Vec<ControlPlan>),
    Subreport(Box<SubreportPlan>),
    CheckBox(CheckBoxPlan),
    BarCode(Box<BarCodePlan>),
    PageBreak,
    /// A labelled box.
    Unsupported(Arc<str>),
}

/// Text, and how it is set.
#[derive(Clone, Debug)]
pub(crate) struct LabelPlan {
    pub(crate) text: TextPlan,
    pub(crate) setting: Setting,
    pub(crate) auto_width: bool,
    pub(crate) fit: TextFit,
    pub(crate) null_text: Option<Arc<str>>,
    pub(crate) duplicates: Duplicates,
    pub(crate) nulls: ProcessNulls,
    /// The place in the run's memory of last values, for labels that look for duplicates.
    pub(crate) memory: Option<usize>,
    /// Whether the text holds the small markup.
    pub(crate) markup: bool,
}

/// Where a text comes from.
#[derive(Clone, Debug)]
pub(crate) enum TextPlan {
    Constant(Arc<str>),
    Value {
        value: Expression,
        format: Option<CompositeFormat>,
    },
    /// Constant text with fields in it.
    Merge(Vec<MergePart>),
}

/// A piece of a text with fields in it.
#[derive(Clone, Debug)]
pub(crate) enum MergePart {
    Text(Arc<str>),
    Field { value: Expression, format: Option<CompositeFormat> },
}

/// Rows of cells.
#[derive(Clone, Debug)]
pub(crate) struct TablePlan {
    /// Equal for tables with the same columns at the same place.
    pub(crate) shape: u32,
    /// Whether it stands where headings of columns do.
    pub(crate) is_heading: bool,
    pub(crate) rows: Vec<RowPlan>,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub(crate) struct RowPlan {
    pub(crate) height: Pt,
    pub(crate) visibility: Visibility,
    pub(crate) keep_together: bool,
    pub(crate) cells: Vec<CellPlan>,
}

/// A cell of a table that is printed.
#[derive(Clone, Debug)]
pub(crate) struct CellPlan {
    pub(crate) control: ControlPlan,
    /// What is in it instead of its text.
    pub(crate) controls: Vec<ControlPlan>,
    /// How many rows it covers, at least 1.
    pub(crate) row_span: usize,
    pub(crate) column: u32,
}

/// A text about the page.
#[derive(Clone, Debug)]
pub(crate) enum PageInfoPlan {
    Count {
        count: PageCount,
        start: i64,
        running: Option<Arc<str>>,
        format: Option<CompositeFormat>,
    },
    Moment(Option<CompositeFormat>),
    User(Option<CompositeFormat>),
}

/// A picture.
#[derive(Clone, Debug)]
pub(crate) struct PicturePlan {
    pub(crate) image: pressroom_report::Image,
    pub(crate) bound: Option<Expression>,
    pub(crate) sizing: Sizing,
    pub(crate) place: Place,
}

/// A figure.
#[derive(Clone, Debug)]
pub(crate) struct ShapePlan {
    pub(crate) figure: Figure,
    pub(crate) fill: Option<Color>,
    pub(crate) fill_bound: Option<Expression>,
    pub(crate) outline: Stroke,
    pub(crate) angle: f32,
    pub(crate) angle_bound: Option<Expression>,
}

/// A box with a tick and a text.
#[derive(Clone, Debug)]
pub(crate) struct CheckBoxPlan {
    pub(crate) state: Option<bool>,
    pub(crate) bound: Option<Expression>,
    pub(crate) label: LabelPlan,
    pub(crate) glyph: Size,
    pub(crate) glyph_x: f32,
}

/// A text as bars or cells.
#[derive(Clone, Debug)]
pub(crate) struct BarCodePlan {
    pub(crate) text: TextPlan,
    pub(crate) symbology: Symbology,
    pub(crate) module: Pt,
    pub(crate) auto_module: bool,
    pub(crate) place: (CodePlace, CodePlace),
    pub(crate) show_text: bool,
    pub(crate) text_above: bool,
    pub(crate) orientation: Orientation,
}

/// Another report in place.
#[derive(Clone, Debug)]
pub(crate) struct SubreportPlan {
    pub(crate) report: SubreportPlanSource,
    pub(crate) parameters: Vec<(Arc<str>, Expression)>,
}

/// Where the other report is.
#[derive(Clone, Debug)]
pub(crate) enum SubreportPlanSource {
    None,
    Here(Arc<Definition>),
    Url(Arc<str>),
}

/// One level of rows with its bands, bound to the columns of its rows.
#[derive(Debug)]
pub(crate) struct LevelPlan {
    /// What names mean in its rows.
    pub(crate) names: Rc<Names>,
    /// What the slots of its expressions stand for.
    pub(crate) slots: Vec<Slot>,
    /// Properties of other elements that its expressions ask for.
    pub(crate) items: Vec<ItemPlan>,
    /// What the collections of its aggregates stand for.
    pub(crate) collections: Vec<RowsOf>,
    pub(crate) print: PrintOptions,
    pub(crate) filter: Option<Expression>,
    /// Fields that expressions add, in the order of their numbers.
    pub(crate) calculated: Vec<CalculatedPlan>,
    pub(crate) sort: Vec<SortPlan>,
    pub(crate) report_header: Option<BandPlan>,
    /// Outermost first.
    pub(crate) groups: Vec<GroupPlan>,
    pub(crate) detail: Option<BandPlan>,
    /// The bands of records that run from left to right.
    pub(crate) vertical: Option<VerticalPlan>,
    pub(crate) columns: Option<Columns>,
    pub(crate) hierarchy: Option<HierarchyPlan>,
    pub(crate) keep_with_details: bool,
    pub(crate) details: Vec<DetailPlan>,
    pub(crate) report_footer: Option<BandPlan>,
    pub(crate) footer_at_bottom: bool,
    /// The bands of pages, of a report's own level only.
    pub(crate) furniture: Option<Furniture>,
    /// Summaries by their slot.
    pub(crate) summaries: Vec<SummaryPlan>,
    /// Aggregates over all rows of the level, with their slots.
    pub(crate) aggregates: Vec<Arc<AggregateCall>>,
    /// How much must be read before a part is printed.
    pub(crate) ahead: Ahead,
    /// How many values are kept for labels that look for duplicates.
    pub(crate) memory: usize,
}

/// A property of another element.
#[derive(Debug)]
pub(crate) enum ItemPlan {
    Constant(Value),
    Bound(Expression),
}

/// A field that an expression adds to rows.
#[derive(Debug)]
pub(crate) struct CalculatedPlan {
    pub(crate) value: Expression,
    pub(crate) data_type: DataType,
}

/// The bands of records that run from left to right.
#[derive(Debug)]
pub(crate) struct VerticalPlan {
    pub(crate) header: Option<VerticalBand>,
    pub(crate) detail: Option<VerticalBand>,
    pub(crate) total: Option<VerticalBand>,
}

/// A band that is as wide as it says.
#[derive(Debug)]
pub(crate) struct VerticalBand {
    pub(crate) plan: BandPlan,
    pub(crate) width: Pt,
}

/// How a level of detail bands forms a tree.
#[derive(Debug)]
pub(crate) struct HierarchyPlan {
    pub(crate) key: Expression,
    pub(crate) parent: Expression,
    pub(crate) indent: Pt,
}

/// A sort key; those without a direction keep the order of the source.
#[derive(Debug)]
pub(crate) struct SortPlan {
    pub(crate) key: Expression,
    pub(crate) direction: Option<Direction>,
}

/// A level of groups.
#[derive(Debug)]
pub(crate) struct GroupPlan {
    pub(crate) keys: Vec<Expression>,
    pub(crate) header: Option<BandPlan>,
    pub(crate) header_union: GroupUnion,
    pub(crate) repeat_header: bool,
    pub(crate) footer: Option<BandPlan>,
    pub(crate) footer_union: GroupUnion,
    pub(crate) footer_at_bottom: bool,
    /// Sorts the groups by a summary of theirs.
    pub(crate) sorting: Option<SortedBy>,
}

/// The summary by which groups are sorted.
#[derive(Debug)]
pub(crate) struct SortedBy {
    pub(crate) call: Arc<SummaryCall>,
    pub(crate) ignore_nulls: bool,
    pub(crate) direction: Direction,
}

/// Bands over further rows.
#[derive(Debug)]
pub(crate) struct DetailPlan {
    /// Its place among the definition's detail reports of the level.
    pub(crate) index: usize,
    pub(crate) visibility: Visibility,
    pub(crate) page_break: PageBreak,
    pub(crate) keep_together: bool,
}

/// A summary whose rows the region decides.
#[derive(Debug)]
pub(crate) struct SummaryPlan {
    pub(crate) call: Arc<SummaryCall>,
    /// Where it stands, for messages.
    pub(crate) place: Arc<str>,
    pub(crate) region: Region,
    pub(crate) ignore_nulls: bool,
    /// Whether its value is shown before its region has been printed.
    pub(crate) ahead: bool,
    /// For shares: the rows that make the part.
    pub(crate) part: Part,
}

/// What is the part of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The current row.
    Row,
    /// The group of that place from the outermost.
    Group(usize),
    /// All of its rows.
    Whole,
}

/// The rows that a summary covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Region {
    /// All rows of the level.
    Level,
    /// The rows of a group, by its place from the outermost.
    Group(usize),
    /// The rows that end on a page.
    Page,
}

/// How much must be read before the first band of a part is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Ahead {
    /// Nothing but the next row.
    #[default]
    Nothing,
    /// The whole of a group, by its place from the outermost.
    Group(usize),
    /// All rows.
    Level,
}

/// The bands of a page that belong to no level of rows.
#[derive(Debug)]
pub(crate) struct Furniture {
    pub(crate) geometry: Geometry,
    pub(crate) background: Option<Color>,
    pub(crate) top_margin: Option<BandPlan>,
    pub(crate) page_header: Option<(BandPlan, PrintOn)>,
    pub(crate) page_footer: Option<(BandPlan, PrintOn)>,
    pub(crate) bottom_margin: Option<BandPlan>,
}
