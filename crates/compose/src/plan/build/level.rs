//! Levels of rows: their bands, groups, columns, and the furniture of pages.

use std::rc::Rc;
use std::sync::Arc;

use pressroom_page::{Pt, Size};
use pressroom_report::{
    self as report, BandKind, ColumnLayout, ColumnMode, ComputedStyle, GroupUnion, Level,
};

use super::{Builder, Place, Zone};
use crate::pager::{ColumnFlow, Columns, Geometry};
use crate::plan::look::color;
use crate::plan::{
    Ahead, BandPlan, CalculatedPlan, DetailPlan, Furniture, GroupPlan, HierarchyPlan, LevelPlan,
    SortPlan, SortedBy, VerticalBand, VerticalPlan,
};

impl Builder<'_> {
    pub(super) fn level(
        &mut self,
        level: &Level,
        fields: &[&report::CalculatedField],
    ) -> LevelPlan {
        let container = self.surroundings.container.clone();
        let calculated = fields
            .iter()
            .map(|field| {
                let name = format!("calculated field \"{}\"", field.name);
                let place = Place::new(Zone::Detail, &name);
                CalculatedPlan {
                    value: self.expression(&field.expression.text, place),
                    data_type: field.data_type,
                }
            })
            .collect();
        let filter = level
            .filter
            .as_ref()
            .filter(|filter| !filter.text.trim().is_empty())
            .map(|filter| self.expression(&filter.text, Place::new(Zone::Detail, "filter")));
        let sort = level
            .sort_fields()
            .filter(|field| !field.field.trim().is_empty())
            .map(|field| SortPlan {
                key: self.field(&field.field, "sort field"),
                direction: field.order,
            })
            .collect();
        let band = |builder: &mut Self, band: &Option<report::Band>, zone: Zone| {
            band.as_ref().map(|band| builder.band(band, &container, zone))
        };
        let mut groups = Vec::with_capacity(level.groups.len());
        for (index, group) in level.groups.iter().enumerate() {
            groups.push(self.group(index, group, &container));
        }
        let (columns, hierarchy, keep_with_details) =
            match level.detail.as_ref().map(|band| &band.kind) {
                Some(BandKind::Detail(detail)) => (
                    detail.multi_column.as_ref().and_then(|columns| self.columns(columns)),
                    detail.hierarchy.as_ref().and_then(|hierarchy| self.hierarchy(hierarchy)),
                    detail.keep_together_with_detail_reports,
                ),
                _ => (None, None, false),
            };
        let details = level
            .details
            .iter()
            .enumerate()
            .map(|(index, detail)| {
                let place = format!("detail report \"{}\"", detail.name);
                DetailPlan {
                    index,
                    visibility: self.visibility(
                        detail.visible,
                        &detail.bindings,
                        Place::new(Zone::Detail, &place),
                    ),
                    page_break: detail.page_break,
                    keep_together: detail.keep_together,
                }
            })
            .collect();
        let footer_at_bottom = matches!(
            level.report_footer.as_ref().map(|band| &band.kind),
            Some(BandKind::ReportFooter { print_at_bottom: true })
        );
        LevelPlan {
            names: Rc::default(),
            slots: Vec::new(),
            items: Vec::new(),
            collections: Vec::new(),
            print: level.print,
            filter,
            calculated,
            sort,
            report_header: band(self, &level.report_header, Zone::Header),
            groups,
            detail: band(self, &level.detail, Zone::Detail),
            vertical: level.vertical.as_ref().map(|vertical| self.vertical(vertical, &container)),
            columns,
            hierarchy,
            keep_with_details,
            details,
            report_footer: band(self, &level.report_footer, Zone::Footer),
            footer_at_bottom,
            furniture: (self.names.depth == 0).then(|| self.furniture(level, &container)),
            summaries: Vec::new(),
            aggregates: Vec::new(),
            ahead: Ahead::Nothing,
            memory: 0,
        }
    }

    fn vertical(
        &mut self,
        vertical: &report::VerticalBands,
        container: &ComputedStyle,
    ) -> VerticalPlan {
        let mut band = |band: &Option<report::Band>, zone: Zone| {
            let band = band.as_ref()?;
            let width = match band.kind {
                BandKind::VerticalHeader { width }
                | BandKind::VerticalDetail { width, .. }
                | BandKind::VerticalTotal { width } => self.length(width),
                _ => return None,
            };
            Some(VerticalBand { plan: self.band(band, container, zone), width })
        };
        VerticalPlan {
            header: band(&vertical.header, Zone::Header),
            detail: band(&vertical.detail, Zone::Detail),
            total: band(&vertical.total, Zone::Footer),
        }
    }

    fn group(
        &mut self,
        index: usize,
        group: &report::GroupLevel,
        container: &ComputedStyle,
    ) -> GroupPlan {
        let keys = group
            .fields
            .iter()
            .filter(|field| !field.field.trim().is_empty())
            .map(|field| self.field(&field.field, "group field"))
            .collect();
        let (mut header_union, mut repeat_header) = (GroupUnion::None, false);
        let header = group.header.as_ref().map(|header| {
            if let BandKind::GroupHeader { union, repeat_every_page } = header.kind {
                (header_union, repeat_header) = (union, repeat_every_page);
            }
            self.heading(header, container, Zone::GroupHeader(index))
        });
        let (mut footer_union, mut footer_at_bottom) = (GroupUnion::None, false);
        let footer = group.footer.as_ref().map(|footer| {
            if let BandKind::GroupFooter { union, print_at_bottom, repeat_every_page } = footer.kind {
                (footer_union, footer_at_bottom) = (union, print_at_bottom);
                if repeat_every_page {
                    self.warnings.push(format!(
                        "band \"{}\": a group footer is not repeated on every page; it stands at the end of its group",
                        footer.name
                    ));
                }
            }
            self.band(footer, container, Zone::GroupFooter(index))
        });
        let sorting = group.sorting_summary.as_ref().and_then(|sorting| {
            let text = format!("sum{}([{}])", sorting.function.name(), sorting.field);
            let compiled = self.compile(&text, "sorting summary").ok()?;
            Some(SortedBy {
                call: Arc::clone(compiled.summaries().first()?),
                ignore_nulls: sorting.ignore_nulls,
                direction: sorting.direction,
            })
        });
        GroupPlan {
            keys,
            header,
            header_union,
            repeat_header,
            footer,
            footer_union,
            footer_at_bottom,
            sorting,
        }
    }

    /// A band above other rows.
    fn heading(&mut self, band: &report::Band, container: &ComputedStyle, zone: Zone) -> BandPlan {
        self.in_headings = true;
        let plan = self.band(band, container, zone);
        self.in_headings = false;
        plan
    }

    fn furniture(&mut self, level: &Level, container: &ComputedStyle) -> Furniture {
        let definition = self.surroundings.definition;
        let page = &definition.page;
        let geometry = Geometry {
            size: Size::new(self.length(page.width), self.length(page.height)),
            left: self.length(page.margins.left),
            right: self.length(page.margins.right),
            top: self.length(page.margins.top),
            bottom: self.length(page.margins.bottom),
            roll: page.roll_paper,
        };
        let page_header =
            level.page_header.as_ref().map(|band| self.heading(band, container, Zone::Page));
        let mut band = |band: &Option<report::Band>| {
            band.as_ref().map(|band| self.band(band, container, Zone::Page))
        };
        let top_margin = band(&level.top_margin);
        let bottom_margin = band(&level.bottom_margin);
        let page_footer = band(&level.page_footer);
        let print_on = |band: &Option<report::Band>| match band.as_ref().map(|band| &band.kind) {
            Some(BandKind::PageHeader { print_on } | BandKind::PageFooter { print_on }) => {
                *print_on
            }
            _ => report::PrintOn::AllPages,
        };
        Furniture {
            geometry,
            background: page.color.filter(|c| !c.is_transparent()).map(color),
            top_margin,
            page_header: page_header.map(|plan| (plan, print_on(&level.page_header))),
            page_footer: page_footer.map(|plan| (plan, print_on(&level.page_footer))),
            bottom_margin,
        }
    }

    fn columns(&self, columns: &report::MultiColumn) -> Option<Columns> {
        let width = self.surroundings.width;
        let spacing = self.length(columns.spacing).max(Pt::ZERO);
        let (count, column) = match columns.columns {
            ColumnMode::Count(count) => {
                let count = count.clamp(1, 200) as usize;
                (count, (width - spacing * (count - 1) as f32) / count as f32)
            }
            ColumnMode::Width(column) => {
                let column = self.length(column);
                if column.0 <= 0.0 {
                    return None;
                }
                // A hundredth of a point more than fits is let pass, since widths are rounded.
                let count = ((width.0 + spacing.0 + 0.01) / (column.0 + spacing.0)).floor();
                (count.clamp(1.0, 200.0) as usize, column)
            }
        };
        let flow = match columns.layout {
            ColumnLayout::DownThenAcross => ColumnFlow::DownThenAcross,
            ColumnLayout::AcrossThenDown => ColumnFlow::AcrossThenDown,
        };
        (count > 1 && column.0 > 0.0).then_some(Columns { count, width: column, spacing, flow })
    }

    fn hierarchy(&mut self, hierarchy: &report::Hierarchy) -> Option<HierarchyPlan> {
        let (Some(key), Some(parent)) = (&hierarchy.key_field, &hierarchy.parent_field) else {
            return None;
        };
        Some(HierarchyPlan {
            key: self.field(key, "hierarchy key"),
            parent: self.field(parent, "hierarchy parent"),
            indent: self.length(hierarchy.indent),
        })
    }
}
