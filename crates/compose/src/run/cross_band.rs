//! Lines and boxes that run over several bands.

use pressroom_page::{Item, Path, Point, Pt, Rect};
use pressroom_report::CrossBandControl;

use super::Run;
use super::flow::{Flow, Pages};
use crate::plan::Furniture;
use crate::plan::look::{LookPlan, dash};

impl Run<'_, '_> {
    /// Draws lines and boxes over several bands, from where they start on this page to where they end.
    pub(super) fn cross_bands(&mut self, furniture: &Furniture) {
        let definition = self.definition;
        for (number, control) in definition.cross_band.iter().enumerate() {
            if control.visible {
                self.cross_band(number, control, furniture);
            }
        }
    }

    fn cross_band(&mut self, number: usize, control: &CrossBandControl, furniture: &Furniture) {
        let unit = self.definition.unit.points();
        let Flow::Pages(pages) = &mut self.flow else { return };
        let spans = spans(pages, number, control, unit);
        if spans.is_empty() {
            return;
        }
        let style = pressroom_report::resolve(
            self.definition,
            &pressroom_report::ComputedStyle::default(),
            &control.look,
            pressroom_report::Parity::None,
            |_| false,
        );
        let look = LookPlan::new(style, self.services.text.fonts(), false);
        let Flow::Pages(pages) = &mut self.flow else { return };
        let left = furniture.geometry.left + Pt(control.start.0 * unit);
        let width = Pt(control.width * unit);
        for (top, bottom) in spans {
            if control.is_box {
                let stroke = look.decor.as_ref().map_or_else(
                    || crate::fragment::Borders::default().stroke,
                    |decor| decor.borders.stroke,
                );
                let rect = Rect::new(left, top, width, bottom - top);
                pages.pager.paint_item(Item::Path(Path::rect(rect, None, Some(stroke))));
            } else {
                let stroke = pressroom_page::Stroke {
                    color: look.text.color,
                    width: width.max(Pt(0.25)),
                    dash: dash(control.dash),
                };
                let x = left + width / 2.0;
                let line = pressroom_page::Line {
                    from: Point::new(x, top),
                    to: Point::new(x, bottom),
                    stroke,
                };
                pages.pager.paint_item(Item::Line(line));
            }
        }
    }
}

/// From where to where a control over several bands runs on this page.
fn spans(
    pages: &mut Pages<'_>,
    number: usize,
    control: &CrossBandControl,
    unit: f32,
) -> Vec<(Pt, Pt)> {
    let mut spans = Vec::new();
    let mut start = pages.crossing.contains(&number).then(|| pages.pager.region_top());
    for (band, top, bottom) in &pages.places {
        if *band == control.start_band && start.is_none() {
            start = Some((*top + Pt(control.start.1 * unit)).min(*bottom));
        }
        if *band == control.end_band
            && let Some(from) = start
        {
            let end = (*top + Pt(control.end.1 * unit)).min(*bottom);
            // The same band starts and ends a box again and again: each time it is a box of its own.
            spans.push((from, end.max(from)));
            start = None;
        }
    }
    pages.crossing.retain(|open| *open != number);
    if let Some(from) = start {
        pages.crossing.push(number);
        spans.push((from, pages.pager.y().min(pages.pager.bottom())));
    }
    spans
}
