//! Controls.

use std::sync::Arc;

use pressroom_data::CompositeFormat;
use pressroom_page::{Pt, Rect, Size, Stroke};
use pressroom_report::{
    self as report, ComputedStyle, Control, ControlKind, HorizontalAlignment, PageInfoKind,
    SubreportSource, VerticalAlignment,
};

use super::{Builder, Place, Zone};
use crate::layout::pictures::{Place as PicturePlace, Sizing};
use crate::page_text::PageCount;
use crate::plan::look::{color, dash};
use crate::plan::{
    CellPlan, CheckBoxPlan, ControlPlan, Edge, KindPlan, PageInfoPlan, PicturePlan, RowPlan,
    ShapePlan, SubreportPlan, SubreportPlanSource, TablePlan, TextPlan,
};

impl Builder<'_> {
    /// What stands in a container, in the order of painting.
    pub(super) fn controls(
        &mut self,
        controls: &[Control],
        container: &ComputedStyle,
        zone: Zone,
    ) -> Vec<ControlPlan> {
        let right_to_left = self.surroundings.definition.right_to_left;
        super::order::painted(controls, right_to_left)
            .into_iter()
            .map(|control| self.control(control, container, zone))
            .collect()
    }

    fn control(&mut self, control: &Control, container: &ComputedStyle, zone: Zone) -> ControlPlan {
        let name = format!("control \"{}\"", control.name);
        let place = Place::new(zone, &name);
        let looks = self.looks(&control.look, &control.bindings, container, place);
        let own = looks.base.style.clone();
        let kind = self.kind(control, &own, &name, zone);
        ControlPlan {
            name: Arc::clone(&control.name),
            bounds: self.rect(control.bounds),
            moves: self.moves(control, place),
            visibility: self.visibility(control.visible, &control.bindings, place),
            looks,
            can_grow: control.can_grow,
            can_shrink: control.can_shrink,
            keep_together: control.keep_together,
            anchor: control.anchor_vertical,
            link: self.link(control, place),
            description: control.accessible_description.as_deref().map(Arc::from),
            heading: heading(control.accessible_role.as_deref()),
            kind,
        }
    }

    fn kind(&mut self, control: &Control, own: &ComputedStyle, name: &str, zone: Zone) -> KindPlan {
        match &control.kind {
            ControlKind::Label(props) => {
                KindPlan::Label(self.label(props, &control.bindings, name, zone))
            }
            ControlKind::Table(table) => self.table(control, table, own, zone),
            ControlKind::PageInfo(info) => page_info(info),
            ControlKind::Picture(picture) => self.picture(control, picture, Place::new(zone, name)),
            ControlKind::Line(line) => KindPlan::Line {
                direction: line.direction,
                width: Pt(line.width),
                dash: dash(line.dash),
            },
            ControlKind::Shape(shape) => self.shape(control, shape, Place::new(zone, name)),
            ControlKind::Panel { controls } => {
                let inherited = inside(own);
                KindPlan::Panel(self.controls(controls, &inherited, zone))
            }
            ControlKind::Subreport(subreport) => self.subreport(subreport, Place::new(zone, name)),
            ControlKind::CheckBox(check_box) => self.check_box(control, check_box, name, zone),
            ControlKind::PageBreak => KindPlan::PageBreak,
            ControlKind::BarCode(code) => self.bar_code(control, code, name, zone),
            ControlKind::RichText(_) => KindPlan::Unsupported("rich text".into()),
            ControlKind::Chart(_) => KindPlan::Unsupported("chart".into()),
            ControlKind::CharacterComb(_) => KindPlan::Unsupported("character comb".into()),
            ControlKind::TableOfContents(_) => KindPlan::Unsupported("table of contents".into()),
            ControlKind::Unsupported { type_name, .. } => {
                KindPlan::Unsupported(type_name.as_str().into())
            }
        }
    }

    fn moves(
        &mut self,
        control: &Control,
        place: Place<'_>,
    ) -> Vec<(Edge, crate::plan::expression::Expression)> {
        const NAMES: [(&str, Edge); 9] = [
            ("LeftF", Edge::Left),
            ("LocationF.X", Edge::Left),
            ("TopF", Edge::Top),
            ("LocationF.Y", Edge::Top),
            ("WidthF", Edge::Width),
            ("SizeF.Width", Edge::Width),
            ("HeightF", Edge::Height),
            ("SizeF.Height", Edge::Height),
            ("Location.X", Edge::Left),
        ];
        NAMES
            .iter()
            .filter_map(|(name, edge)| {
                let binding = control.binding(name)?;
                Some((*edge, self.expression(&binding.expression.text, place)))
            })
            .collect()
    }

    fn link(&mut self, control: &Control, place: Place<'_>) -> Option<TextPlan> {
        if let Some(binding) = control.binding("NavigateUrl") {
            let value = self.expression(&binding.expression.text, place);
            return Some(TextPlan::Value { value, format: None });
        }
        let url = control.navigate_url.as_ref().filter(|url| !url.is_empty())?;
        Some(self.constant(url, place))
    }

    fn picture(
        &mut self,
        control: &Control,
        picture: &report::Picture,
        place: Place<'_>,
    ) -> KindPlan {
        let bound = ["ImageSource", "Image", "ImageUrl"]
            .iter()
            .find_map(|property| control.binding(property))
            .map(|binding| self.expression(&binding.expression.text, place));
        let sizing = match picture.sizing {
            report::Sizing::Normal => Sizing::Normal,
            report::Sizing::Stretch => Sizing::Stretch,
            report::Sizing::AutoSize => Sizing::AutoSize,
            report::Sizing::Zoom => Sizing::Zoom,
            report::Sizing::Squeeze => Sizing::Squeeze,
            report::Sizing::Tile => Sizing::Tile,
            report::Sizing::Cover => Sizing::Cover,
        };
        let x = match picture.alignment.horizontal {
            HorizontalAlignment::Left | HorizontalAlignment::Justify => 0.0,
            HorizontalAlignment::Center => 0.5,
            HorizontalAlignment::Right => 1.0,
        };
        let y = match picture.alignment.vertical {
            VerticalAlignment::Top => 0.0,
            VerticalAlignment::Middle => 0.5,
            VerticalAlignment::Bottom => 1.0,
        };
        let place = PicturePlace { x, y };
        KindPlan::Picture(PicturePlan { image: picture.image.clone(), bound, sizing, place })
    }

    fn shape(&mut self, control: &Control, shape: &report::Shape, place: Place<'_>) -> KindPlan {
        let mut bound = |property: &str| {
            control
                .binding(property)
                .map(|binding| self.expression(&binding.expression.text, place))
        };
        let (fill_bound, angle_bound) = (bound("FillColor"), bound("Angle"));
        KindPlan::Shape(ShapePlan {
            figure: shape.figure.clone(),
            fill: shape.fill.filter(|c| !c.is_transparent()).map(color),
            fill_bound,
            outline: Stroke {
                color: pressroom_page::Color::BLACK,
                width: Pt(shape.line_width),
                dash: dash(shape.dash),
            },
            angle: shape.angle,
            angle_bound,
        })
    }

    fn subreport(&mut self, subreport: &report::Subreport, place: Place<'_>) -> KindPlan {
        let report = match &subreport.report {
            SubreportSource::None => SubreportPlanSource::None,
            SubreportSource::Embedded(definition) => {
                SubreportPlanSource::Here(Arc::new((**definition).clone()))
            }
            SubreportSource::Url(url) => SubreportPlanSource::Url(url.as_str().into()),
        };
        let parameters = subreport
            .parameters
            .iter()
            .map(|binding| {
                (Arc::clone(&binding.parameter), self.expression(&binding.value.text, place))
            })
            .collect();
        KindPlan::Subreport(Box::new(SubreportPlan { report, parameters }))
    }

    fn check_box(
        &mut self,
        control: &Control,
        check_box: &report::CheckBox,
        name: &str,
        zone: Zone,
    ) -> KindPlan {
        let place = Place::new(zone, name);
        let bound = ["CheckBoxState", "CheckState", "Checked"]
            .iter()
            .find_map(|property| control.binding(property))
            .map(|binding| self.expression(&binding.expression.text, place));
        let glyph =
            check_box.glyph_size.map_or(Size::new(Pt(9.75), Pt(9.75)), |(width, height)| {
                Size::new(self.length(width), self.length(height))
            });
        KindPlan::CheckBox(CheckBoxPlan {
            state: check_box.state,
            bound,
            label: self.label(&check_box.text, &control.bindings, name, zone),
            glyph,
            glyph_x: match check_box.glyph_alignment {
                HorizontalAlignment::Left | HorizontalAlignment::Justify => 0.0,
                HorizontalAlignment::Center => 0.5,
                HorizontalAlignment::Right => 1.0,
            },
        })
    }

    fn table(
        &mut self,
        control: &Control,
        table: &report::Table,
        own: &ComputedStyle,
        zone: Zone,
    ) -> KindPlan {
        let container = inside(own);
        let mut covered: Vec<Covered> = Vec::new();
        let mut rows = Vec::with_capacity(table.rows.len());
        for (index, row) in table.rows.iter().enumerate() {
            let name = format!("row \"{}\"", row.name);
            let place = Place::new(zone, &name);
            let row_looks = self.looks(&row.look, &row.bindings, &container, place);
            // A row's own background reaches its cells; they are what paints it.
            let row_style = row_looks.base.style.clone();
            covered.retain(|span| span.until > index);
            let mut cells = Vec::with_capacity(row.cells.len());
            for (column, cell) in row.cells.iter().enumerate() {
                let x = cell.label.bounds.x;
                if covered.iter().any(|span| span.covers(x)) {
                    continue;
                }
                let row_span = (cell.row_span.max(1) as usize).min(table.rows.len() - index);
                if row_span > 1 {
                    covered.push(Covered {
                        left: x,
                        right: cell.label.bounds.right(),
                        until: index + row_span,
                    });
                }
                cells.push(self.cell(
                    cell,
                    (row_span, column),
                    &row_style,
                    zone,
                    &table.rows[index..],
                ));
            }
            rows.push(RowPlan {
                height: self.length(row.height),
                visibility: self.visibility(row.visible, &row.bindings, place),
                keep_together: row.keep_together,
                cells,
            });
        }
        KindPlan::Table(TablePlan {
            shape: shape(control, table),
            is_heading: self.in_headings,
            rows,
        })
    }

    fn cell(
        &mut self,
        cell: &report::TableCell,
        (row_span, column): (usize, usize),
        row_style: &ComputedStyle,
        zone: Zone,
        rows_below: &[report::TableRow],
    ) -> CellPlan {
        let mut plan = self.control(&cell.label, row_style, zone);
        let height: f32 = rows_below.iter().take(row_span).map(|row| row.height).sum();
        plan.bounds = Rect { height: self.length(height), ..plan.bounds };
        let inherited = inside(&plan.looks.base.style);
        let controls = self.controls(&cell.controls, &inherited, zone);
        CellPlan {
            control: plan,
            controls,
            row_span,
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}

/// A number for the edges of a table's columns, as its first row has them.
fn shape(control: &Control, table: &report::Table) -> u32 {
    let cells = table.rows.first().map_or(&[][..], |row| &row.cells);
    let edges = cells.iter().map(|cell| control.bounds.x + cell.label.bounds.right());
    // FNV-1a over tenths of the report's unit: widths are rounded when layouts are saved.
    std::iter::once(control.bounds.x).chain(edges).fold(0x811c_9dc5, |hash, edge| {
        let tenths = (edge * 10.0).round() as i32;
        tenths
            .to_le_bytes()
            .iter()
            .fold(hash, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
    })
}

/// The part of a row that a cell above covers.
struct Covered {
    left: f32,
    right: f32,
    until: usize,
}

impl Covered {
    fn covers(&self, x: f32) -> bool {
        // A cell belongs to the column that holds a point just right of its left side.
        const INSIDE: f32 = 0.5;
        (self.left - INSIDE..self.right - INSIDE).contains(&x)
    }
}

/// What the contents of a container inherit: not its background, which shows through, and not its
/// borders, which are around all of it.
fn inside(style: &ComputedStyle) -> ComputedStyle {
    ComputedStyle { back_color: report::Color::TRANSPARENT, ..style.clone() }
}

fn page_info(info: &report::PageInfo) -> KindPlan {
    let format =
        info.format.as_deref().filter(|format| !format.is_empty()).map(CompositeFormat::parse);
    let count = |count| PageInfoPlan::Count {
        count,
        start: info.start_page.into(),
        running: info.running_band.clone(),
        format: format.clone(),
    };
    KindPlan::PageInfo(match info.kind {
        PageInfoKind::NumberOfTotal => count(PageCount::NumberOfTotal),
        PageInfoKind::Number => count(PageCount::Number),
        PageInfoKind::RomanLower => count(PageCount::RomanLow),
        PageInfoKind::RomanUpper => count(PageCount::RomanHigh),
        PageInfoKind::Total => count(PageCount::Total),
        PageInfoKind::DateTime => PageInfoPlan::Moment(format.clone()),
        PageInfoKind::UserName => PageInfoPlan::User(format.clone()),
    })
}

/// The level of a heading, of the roles that layouts name.
fn heading(role: Option<&str>) -> Option<u8> {
    let role = role?;
    let level = role.strip_prefix("Heading")?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}
