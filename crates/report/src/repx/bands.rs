//! Bands: each is put into its place at its level of data.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use pressroom_data::Direction;
use pressroom_query::short_type_name;
use pressroom_query::xml::Element;

use super::LayoutError;
use super::properties::{choice, flag, integer, name, number};
use super::reader::{MAX_GROUPS, Reader, is_visible};
use super::report::{filter, items, print_options};
use crate::{
    Band, BandKind, ColumnLayout, ColumnMode, DetailProps, DetailReport, GroupLevel, GroupUnion,
    Hierarchy, Level, MultiColumn, PageBreak, PrintOn, SortField, SortingSummary, SummaryFunction,
    VerticalBands,
};

impl<'d> Reader<'d> {
    /// Reads the bands of a report or detail report into their places.
    pub(super) fn bands(
        &mut self,
        element: Element<'d>,
        level: &mut Level,
    ) -> Result<(), LayoutError> {
        // The layout numbers group levels from the inside.
        let mut groups: BTreeMap<i32, GroupLevel> = BTreeMap::new();
        let mut vertical = VerticalBands::default();
        for item in items(element, "Bands") {
            let kind = short_type_name(item.attribute("ControlType").unwrap_or_default());
            if kind == "DetailReportBand" {
                let report = self.nested(item, |reader| reader.detail_report(item))?;
                level.details.push(report);
                continue;
            }
            let Some(band_kind) = self.band_kind(item, kind) else {
                self.leave_out(kind);
                continue;
            };
            let is_group =
                matches!(band_kind, BandKind::GroupHeader { .. } | BandKind::GroupFooter { .. });
            if is_group && groups.len() >= MAX_GROUPS {
                self.leave_out(format!("more than {MAX_GROUPS} group levels"));
                continue;
            }
            let band = self.nested(item, |reader| reader.band(item, band_kind))?;
            let place = match &band.kind {
                BandKind::TopMargin => &mut level.top_margin,
                BandKind::ReportHeader => &mut level.report_header,
                BandKind::PageHeader { .. } => &mut level.page_header,
                BandKind::GroupHeader { .. } => {
                    let group = free_group(&mut groups, group_number(item), |group| &group.header);
                    group.fields = sort_fields(item, "GroupFields");
                    group.sorting_summary = sorting_summary(item);
                    &mut group.header
                }
                BandKind::Detail(_) => &mut level.detail,
                BandKind::GroupFooter { .. } => {
                    let group = free_group(&mut groups, group_number(item), |group| &group.footer);
                    &mut group.footer
                }
                BandKind::ReportFooter { .. } => &mut level.report_footer,
                BandKind::PageFooter { .. } => &mut level.page_footer,
                BandKind::BottomMargin => &mut level.bottom_margin,
                BandKind::VerticalHeader { .. } => &mut vertical.header,
                BandKind::VerticalDetail { .. } => &mut vertical.detail,
                BandKind::VerticalTotal { .. } => &mut vertical.total,
                BandKind::SubBand => continue,
            };
            if place.is_some() {
                self.leave_out(format!("second {kind}"));
            } else {
                *place = Some(band);
            }
        }
        level.groups = groups.into_values().rev().collect();
        level.details.sort_by_key(|report| report.order);
        if vertical != VerticalBands::default() {
            level.vertical = Some(vertical);
        }
        Ok(())
    }

    fn detail_report(&mut self, item: Element<'d>) -> Result<DetailReport, LayoutError> {
        let (bindings, _) = self.bindings(item);
        let member = name(item, "DataMember");
        let outer = self.member.clone();
        if member.is_some() {
            self.member.clone_from(&member);
        }
        let mut report = DetailReport {
            name: name(item, "Name").unwrap_or_default(),
            order: integer(item, "Level").unwrap_or(0),
            visible: is_visible(item),
            page_break: page_break(item),
            keep_together: flag(item, "KeepTogether").unwrap_or(false),
            look: self.look(item),
            bindings,
            level: Level {
                source: self.source_name(item),
                member,
                filter: filter(item),
                print: print_options(item),
                ..Level::default()
            },
        };
        self.bands(item, &mut report.level)?;
        self.member = outer;
        Ok(report)
    }

    fn band(&mut self, item: Element<'d>, kind: BandKind) -> Result<Band, LayoutError> {
        let (bindings, _) = self.bindings(item);
        let mut sub_bands = Vec::new();
        for item in items(item, "SubBands") {
            sub_bands.push(self.nested(item, |reader| reader.band(item, BandKind::SubBand))?);
        }
        let default_height = 100.0;
        Ok(Band {
            name: name(item, "Name").unwrap_or_default(),
            kind,
            height: number(item, "HeightF")
                .or_else(|| number(item, "Height"))
                .unwrap_or(default_height)
                .max(0.0),
            visible: is_visible(item),
            page_break: page_break(item),
            keep_together: flag(item, "KeepTogether").unwrap_or(false),
            look: self.look(item),
            bindings,
            controls: self.controls(item)?,
            sub_bands,
        })
    }

    fn band_kind(&mut self, item: Element<'d>, kind: &str) -> Option<BandKind> {
        let width = || number(item, "WidthF").unwrap_or(100.0).max(0.0);
        Some(match kind {
            "TopMarginBand" => BandKind::TopMargin,
            "ReportHeaderBand" => BandKind::ReportHeader,
            "PageHeaderBand" => BandKind::PageHeader { print_on: print_on(item) },
            "GroupHeaderBand" => BandKind::GroupHeader {
                union: group_union(item),
                repeat_every_page: flag(item, "RepeatEveryPage").unwrap_or(false),
            },
            "DetailBand" => BandKind::Detail(DetailProps {
                sort_fields: sort_fields(item, "SortFields"),
                multi_column: multi_column(item),
                hierarchy: hierarchy(item),
                keep_together_with_detail_reports: flag(item, "KeepTogetherWithDetailReports")
                    .unwrap_or(false),
            }),
            "GroupFooterBand" => BandKind::GroupFooter {
                union: group_union(item),
                print_at_bottom: flag(item, "PrintAtBottom").unwrap_or(false),
                repeat_every_page: flag(item, "RepeatEveryPage").unwrap_or(false),
            },
            "ReportFooterBand" => BandKind::ReportFooter {
                print_at_bottom: flag(item, "PrintAtBottom").unwrap_or(false),
            },
            "PageFooterBand" => BandKind::PageFooter { print_on: print_on(item) },
            "BottomMarginBand" => BandKind::BottomMargin,
            "VerticalHeaderBand" => BandKind::VerticalHeader { width: width() },
            "VerticalDetailBand" => BandKind::VerticalDetail {
                width: width(),
                sort_fields: sort_fields(item, "SortFields"),
            },
            "VerticalTotalBand" => BandKind::VerticalTotal { width: width() },
            _ => return None,
        })
    }
}

fn group_number(item: Element<'_>) -> i32 {
    integer(item, "Level").unwrap_or(0)
}

/// The group level of a number or, where that has such a band already, the next one outwards.
fn free_group(
    groups: &mut BTreeMap<i32, GroupLevel>,
    number: i32,
    place: impl Fn(&GroupLevel) -> &Option<Band>,
) -> &mut GroupLevel {
    let mut level = number;
    while groups.get(&level).is_some_and(|group| place(group).is_some()) {
        level = level.saturating_add(1);
        if level == i32::MAX {
            break;
        }
    }
    match groups.entry(level) {
        Entry::Occupied(entry) => entry.into_mut(),
        Entry::Vacant(entry) => entry.insert(GroupLevel { level, ..GroupLevel::default() }),
    }
}

fn page_break(item: Element<'_>) -> PageBreak {
    choice(
        item,
        "PageBreak",
        &[
            ("BeforeBand", PageBreak::Before),
            ("BeforeBandExceptFirstEntry", PageBreak::BeforeExceptFirst),
            ("AfterBand", PageBreak::After),
            ("AfterBandExceptLastEntry", PageBreak::AfterExceptLast),
        ],
    )
    .unwrap_or_default()
}

fn print_on(item: Element<'_>) -> PrintOn {
    choice(
        item,
        "PrintOn",
        &[
            ("NotWithReportHeader", PrintOn::NotWithReportHeader),
            ("NotWithReportFooter", PrintOn::NotWithReportFooter),
            ("NotWithReportHeaderAndReportFooter", PrintOn::NotWithReportHeaderAndFooter),
        ],
    )
    .unwrap_or_default()
}

fn group_union(item: Element<'_>) -> GroupUnion {
    choice(
        item,
        "GroupUnion",
        &[
            ("WholePage", GroupUnion::WholePage),
            ("WithFirstDetail", GroupUnion::WithFirstDetail),
            ("WithLastDetail", GroupUnion::WithLastDetail),
        ],
    )
    .unwrap_or_default()
}

fn direction(item: Element<'_>) -> Option<Direction> {
    match item.attribute("SortOrder") {
        Some("None") => None,
        Some("Descending") => Some(Direction::Descending),
        _ => Some(Direction::Ascending),
    }
}

/// The fields of a collection; layouts may hold entries without a field.
fn sort_fields(item: Element<'_>, collection: &str) -> Vec<SortField> {
    items(item, collection)
        .filter_map(|entry| {
            let field: Arc<str> = name(entry, "FieldName")?;
            Some(SortField { field, order: direction(entry) })
        })
        .collect()
}

fn sorting_summary(item: Element<'_>) -> Option<SortingSummary> {
    let element = item.child("SortingSummary")?;
    if flag(element, "Enabled") != Some(true) {
        return None;
    }
    Some(SortingSummary {
        field: name(element, "FieldName")?,
        function: element
            .attribute("Function")
            .and_then(SummaryFunction::parse)
            .unwrap_or(SummaryFunction::Sum),
        direction: direction(element).unwrap_or_default(),
        ignore_nulls: flag(element, "IgnoreNullValues").unwrap_or(false),
    })
}

fn multi_column(item: Element<'_>) -> Option<MultiColumn> {
    let element = item.child("MultiColumn")?;
    let columns = match element.attribute("Mode")? {
        "UseColumnCount" => {
            ColumnMode::Count(integer(element, "ColumnCount").filter(|&count| count > 1)?)
        }
        "UseColumnWidth" => {
            ColumnMode::Width(number(element, "ColumnWidth").filter(|&width| width > 0.0)?)
        }
        _ => return None,
    };
    let layouts = [
        ("AcrossThenDown", ColumnLayout::AcrossThenDown),
        ("DownThenAcross", ColumnLayout::DownThenAcross),
    ];
    let layout =
        choice(element, "Layout", &layouts).or_else(|| choice(element, "Direction", &layouts));
    Some(MultiColumn {
        columns,
        spacing: number(element, "ColumnSpacing").unwrap_or(0.0).max(0.0),
        layout: layout.unwrap_or_default(),
    })
}

fn hierarchy(item: Element<'_>) -> Option<Hierarchy> {
    let element = item.child("HierarchyPrintOptions")?;
    let hierarchy = Hierarchy {
        key_field: name(element, "KeyFieldName"),
        parent_field: name(element, "ParentFieldName"),
        child_list_field: name(element, "ChildListFieldName"),
        indent: number(element, "Indent").unwrap_or(20.0),
        keep_together_with_children: flag(element, "KeepTogetherWithFirstChild").unwrap_or(false),
    };
    let by_key = hierarchy.key_field.is_some() && hierarchy.parent_field.is_some();
    (by_key || hierarchy.child_list_field.is_some()).then_some(hierarchy)
}
