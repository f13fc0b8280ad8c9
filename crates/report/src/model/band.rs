//! Bands, and the levels of data at which they are printed.

use std::sync::Arc;

use pressroom_data::Direction;

use super::{Binding, Control, Expression, Look};

/// The bands over one set of rows, each in its place: a report's own, or those of a
/// [`DetailReport`]. The order of printing is the order of the fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Level {
    /// The name of the data source among [`Definition::sources`](crate::Definition::sources).
    pub source: Option<Arc<str>>,
    /// The query, table or path of relations whose rows are printed: `Orders`, or
    /// `Customers.CustomersOrders` below the rows of `Customers`.
    pub member: Option<Arc<str>>,
    /// A condition for rows.
    pub filter: Option<Expression>,
    /// What is printed for how many rows.
    pub print: PrintOptions,
    /// At the top of each page, above the margin; of a report only.
    pub top_margin: Option<Band>,
    /// Once at the start.
    pub report_header: Option<Band>,
    /// On each page, below the report header on the first; of a report only.
    pub page_header: Option<Band>,
    /// The groups, outermost first.
    pub groups: Vec<GroupLevel>,
    /// Once per row.
    pub detail: Option<Band>,
    /// After each row's detail band.
    pub details: Vec<DetailReport>,
    /// The bands that run from left to right instead of [`detail`](Self::detail).
    pub vertical: Option<VerticalBands>,
    /// Once at the end.
    pub report_footer: Option<Band>,
    /// On each page, at the bottom of what can be printed on; of a report only.
    pub page_footer: Option<Band>,
    /// At the bottom of each page, below the margin; of a report only.
    pub bottom_margin: Option<Band>,
}

impl Level {
    /// The bands in the order of printing, each group's header before the detail band and its footer
    /// after it; without sub-bands and without those of detail reports.
    pub fn bands(&self) -> impl Iterator<Item = &Band> {
        let vertical =
            self.vertical.iter().flat_map(|v| [&v.header, &v.detail, &v.total]).flatten();
        [&self.top_margin, &self.report_header, &self.page_header]
            .into_iter()
            .flatten()
            .chain(self.groups.iter().filter_map(|group| group.header.as_ref()))
            .chain(&self.detail)
            .chain(vertical)
            .chain(self.groups.iter().rev().filter_map(|group| group.footer.as_ref()))
            .chain(
                [&self.report_footer, &self.page_footer, &self.bottom_margin].into_iter().flatten(),
            )
    }

    /// The sort keys of this level's rows: the groups' fields from the outermost, then the detail
    /// band's own.
    pub fn sort_fields(&self) -> impl Iterator<Item = &SortField> {
        let vertical = self.vertical.iter().filter_map(|vertical| vertical.detail.as_ref());
        let own = self.detail.iter().chain(vertical).filter_map(|band| match &band.kind {
            BandKind::Detail(detail) => Some(&detail.sort_fields),
            BandKind::VerticalDetail { sort_fields, .. } => Some(sort_fields),
            _ => None,
        });
        self.groups.iter().flat_map(|group| &group.fields).chain(own.flatten())
    }
}

/// What is printed for how many rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrintOptions {
    /// At most so many rows; `None` is all.
    pub detail_count: Option<u32>,
    /// How often the detail band is printed where there are no rows.
    pub detail_count_on_empty: u32,
    /// So many empty detail bands after the last row.
    pub blank_detail_count: u32,
    /// Whether anything is printed where there are no rows.
    pub print_on_empty: bool,
}

impl Default for PrintOptions {
    fn default() -> Self {
        Self {
            detail_count: None,
            detail_count_on_empty: 1,
            blank_detail_count: 0,
            print_on_empty: true,
        }
    }
}

/// One level of groups. A level without fields is one group over all rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupLevel {
    /// The layout's number of the level: 0 is the innermost.
    pub level: i32,
    /// The fields whose equal values make a group.
    pub fields: Vec<SortField>,
    /// Sorts the groups by a summary of theirs instead of their fields.
    pub sorting_summary: Option<SortingSummary>,
    /// Before each group.
    pub header: Option<Band>,
    /// After each group.
    pub footer: Option<Band>,
}

/// How rows are sorted by a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortField {
    /// The field, calculated field or path.
    pub field: Arc<str>,
    /// Which way; `None` keeps the order of the source.
    pub order: Option<Direction>,
}

/// Sorts groups by a summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortingSummary {
    /// The summarised field.
    pub field: Arc<str>,
    /// How.
    pub function: super::SummaryFunction,
    /// Which way.
    pub direction: Direction,
    /// Whether nulls are left out.
    pub ignore_nulls: bool,
}

/// A strip of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Its name, unique in the report.
    pub name: Arc<str>,
    /// What it is, and what only this kind has.
    pub kind: BandKind,
    /// The height in the report's unit; it grows with its contents.
    pub height: f32,
    /// Whether it is printed at all.
    pub visible: bool,
    /// Where a page ends beside it.
    pub page_break: PageBreak,
    /// Whether it must not be split over two pages.
    pub keep_together: bool,
    /// Its look, inherited by what is in it.
    pub look: Look,
    /// Properties set by expressions.
    pub bindings: Vec<Binding>,
    /// What is in it, in the layout's order: **the first is on top of the others**.
    pub controls: Vec<Control>,
    /// Printed directly after it, in order.
    pub sub_bands: Vec<Band>,
}

/// The kinds of bands with what only they have.
#[derive(Clone, Debug, PartialEq)]
pub enum BandKind {
    /// Above the printed area of each page.
    TopMargin,
    /// Once at the start of a level.
    ReportHeader,
    /// At the top of each page.
    PageHeader {
        /// On which pages.
        print_on: PrintOn,
    },
    /// Before a group.
    GroupHeader {
        /// What must be on the same page.
        union: GroupUnion,
        /// Whether each further page of the group starts with it.
        repeat_every_page: bool,
    },
    /// Once per row.
    Detail(DetailProps),
    /// After a group.
    GroupFooter {
        /// What must be on the same page.
        union: GroupUnion,
        /// Whether it stands at the bottom of the page.
        print_at_bottom: bool,
        /// Whether each page of the group ends with it.
        repeat_every_page: bool,
    },
    /// Once at the end of a level.
    ReportFooter {
        /// Whether it stands at the bottom of the page.
        print_at_bottom: bool,
    },
    /// At the bottom of each page.
    PageFooter {
        /// On which pages.
        print_on: PrintOn,
    },
    /// Below the printed area of each page.
    BottomMargin,
    /// Directly after its parent band.
    SubBand,
    /// The headings of records that run from left to right.
    VerticalHeader {
        /// The width in the report's unit.
        width: f32,
    },
    /// A record of those that run from left to right.
    VerticalDetail {
        /// The width in the report's unit.
        width: f32,
        /// The order of records.
        sort_fields: Vec<SortField>,
    },
    /// The totals right of records that run from left to right.
    VerticalTotal {
        /// The width in the report's unit.
        width: f32,
    },
}

/// What only a detail band has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DetailProps {
    /// The order of rows within the innermost group.
    pub sort_fields: Vec<SortField>,
    /// Prints the rows in several columns.
    pub multi_column: Option<MultiColumn>,
    /// Prints the rows as a tree.
    pub hierarchy: Option<Hierarchy>,
    /// Whether it stays on one page with the detail reports of its row.
    pub keep_together_with_detail_reports: bool,
}

/// Several columns of detail bands on a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MultiColumn {
    /// How wide or how many.
    pub columns: ColumnMode,
    /// The space between two, in the report's unit.
    pub spacing: f32,
    /// Which place comes next.
    pub layout: ColumnLayout,
}

/// What decides the number of columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ColumnMode {
    /// So many, as wide as fits.
    Count(u32),
    /// So wide in the report's unit, as many as fit.
    Width(f32),
}

/// Which place of several columns comes next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColumnLayout {
    /// Below, then the next column.
    #[default]
    DownThenAcross,
    /// Beside, then the next line.
    AcrossThenDown,
}

/// How rows form a tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hierarchy {
    /// The field that identifies a row.
    pub key_field: Option<Arc<str>>,
    /// The field that holds the parent's key.
    pub parent_field: Option<Arc<str>>,
    /// The relation that holds a row's children, instead of keys.
    pub child_list_field: Option<Arc<str>>,
    /// How far each level is moved to the right, in the report's unit.
    pub indent: f32,
    /// Whether a parent and its first child stay on one page.
    pub keep_together_with_children: bool,
}

/// Where a page ends beside a band.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PageBreak {
    /// Nowhere.
    #[default]
    None,
    /// Before the band.
    Before,
    /// Before the band except for its first print.
    BeforeExceptFirst,
    /// After the band.
    After,
    /// After the band except for its last print.
    AfterExceptLast,
}

/// On which pages a page band is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PrintOn {
    /// On all.
    #[default]
    AllPages,
    /// Not where the report header is.
    NotWithReportHeader,
    /// Not where the report footer is.
    NotWithReportFooter,
    /// Not where either is.
    NotWithReportHeaderAndFooter,
}

/// What must be on the same page as a group's header or footer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupUnion {
    /// Nothing.
    #[default]
    None,
    /// The whole group, where it fits.
    WholePage,
    /// The first detail band; of headers.
    WithFirstDetail,
    /// The last detail band; of footers.
    WithLastDetail,
}

/// Bands over further rows, printed after each row of the level above.
#[derive(Clone, Debug, PartialEq)]
pub struct DetailReport {
    /// Its name, unique in the report.
    pub name: Arc<str>,
    /// Its place among its siblings, as the layout numbers them.
    pub order: i32,
    /// Whether it is printed at all.
    pub visible: bool,
    /// Where a page ends beside it.
    pub page_break: PageBreak,
    /// Whether it must not be split over two pages.
    pub keep_together: bool,
    /// Its look, inherited by what is in it.
    pub look: Look,
    /// Properties set by expressions.
    pub bindings: Vec<Binding>,
    /// Its rows and bands. A member that continues the path of the level above means the children of
    /// the current row; any other is a set of rows of its own.
    pub level: Level,
}

/// Bands whose records run from left to right.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VerticalBands {
    /// The headings, at the left.
    pub header: Option<Band>,
    /// A record.
    pub detail: Option<Band>,
    /// The totals, at the right.
    pub total: Option<Band>,
}
