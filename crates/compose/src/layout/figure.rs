//! Figures: a plan's shape as an outline in its box.

use pressroom_page::{Item, Path, Pt, Rect, Role};
use pressroom_report::Figure;

use super::{Site, shape};
use crate::fragment::{Content, Cut, Fragment};
use crate::plan::ShapePlan;
use crate::plan::look::color;
use crate::run::Run;

impl Run<'_, '_> {
    pub(super) fn shape(&mut self, plan: &ShapePlan, site: Site<'_>) -> Fragment {
        let mut stroke = plan.outline;
        stroke.color = site.look.text.color;
        let half = stroke.width / 2.0;
        let area = Rect::new(
            half,
            half,
            (site.bounds.width - stroke.width).max(Pt::ZERO),
            (site.bounds.height - stroke.width).max(Pt::ZERO),
        );
        let outline = match plan.figure {
            Figure::Ellipse => shape::ellipse(area),
            Figure::Rectangle { fillet } => shape::rectangle(area, fillet),
            Figure::Line => shape::line(area),
            Figure::Arrow { head, shaft, .. } => shape::arrow(area, shaft, head),
            Figure::Polygon { sides, .. } => shape::regular(area, sides as usize),
            Figure::Star { points, concavity, .. } => shape::star(area, points as usize, concavity),
            Figure::Cross { horizontal, vertical, .. } => shape::cross(area, horizontal, vertical),
            Figure::Bracket { .. } => shape::bracket(area),
            Figure::Brace { .. } => shape::brace(area),
            Figure::Other(ref name) => {
                let what = format!("the figure \"{name}\"");
                return self.placeholder(&what, site);
            }
        };
        let angle = plan.angle_bound.as_ref().and_then(|e| self.number(e)).unwrap_or(plan.angle);
        let outline = shape::turned(outline, area, angle);
        let fill = match &plan.fill_bound {
            Some(bound) => self.paint(bound).map(color).or(plan.fill),
            None => plan.fill,
        };
        let path = Path {
            segments: outline.segments,
            fill: fill.filter(|color| outline.closed && !color.is_transparent()),
            stroke: (stroke.width.0 > 0.0).then_some(stroke),
            role: Role::Artifact,
        };
        Fragment {
            rect: site.bounds,
            decor: site.look.decor.clone(),
            content: Content::Items(vec![Item::Path(path)]),
            cut: Cut::Never,
            ..Fragment::default()
        }
    }
}
