//! What a report is made of.

mod appearance;
mod band;
mod control;
mod definition;
mod expression;
mod node;
mod summary;

pub use appearance::{
    Alignment, Appearance, Borders, Color, Dash, FontSpec, HorizontalAlignment, Look, Padding,
    Property, Style, StylePriority, StyleRefs, VerticalAlignment,
};
pub use band::{
    Band, BandKind, ColumnLayout, ColumnMode, DetailProps, DetailReport, GroupLevel, GroupUnion,
    Hierarchy, Level, MultiColumn, PageBreak, PrintOn, PrintOptions, SortField, SortingSummary,
    VerticalBands,
};
pub use control::{
    AnchorHorizontal, AnchorVertical, BarCode, CharacterComb, CheckBox, Control, ControlKind,
    Duplicates, Figure, Image, Line, LineDirection, PageInfo, PageInfoKind, ParameterBinding,
    Picture, ProcessNulls, Rect, RichText, Shape, Sizing, Subreport, SubreportSource, Summary,
    SummaryRunning, Table, TableCell, TableRow, TextFit, TextProps, TextTrimming,
};
pub use definition::{
    CalculatedField, Choice, ChoiceValue, CrossBandControl, Definition, FormattingRule, ImageView,
    Margins, Page, Parameter, ReportUnit, TextDirection, Unsupported, Watermark,
};
pub use expression::{Binding, BindingEvent, Expression, binding};
pub use node::Node;
pub use summary::SummaryFunction;
