//! A box with a tick and a text.

use pressroom_data::Value;
use pressroom_page::{Item, Path, Point, Pt, Rect, Role, Segment, Stroke};

use super::Site;
use crate::fragment::{Content, Cut, Fragment};
use crate::plan::{CheckBoxPlan, ControlPlan};
use crate::run::Run;

impl Run<'_, '_> {
    pub(super) fn check_box(
        &mut self,
        control: &ControlPlan,
        plan: &CheckBoxPlan,
        site: Site<'_>,
    ) -> Fragment {
        let state = match &plan.bound {
            Some(bound) => state_of(&self.value(bound)),
            None => plan.state,
        };
        let padding = site.look.text.padding;
        let side = plan.glyph.width.min(plan.glyph.height).min(site.bounds.height);
        let free = (site.bounds.width - side - padding.left - padding.right).max(Pt::ZERO);
        let glyph = Rect::new(
            padding.left + free * plan.glyph_x,
            (site.bounds.height - side) / 2.0,
            side,
            side,
        );
        let color = site.look.text.color;
        let thin = Stroke { color, width: Pt(0.75), dash: pressroom_page::Dash::Solid };
        let mut items = vec![Item::Path(Path::rect(glyph, None, Some(thin)))];
        let at = |x: f32, y: f32| Point::new(glyph.x + side * x, glyph.y + side * y);
        match state {
            Some(true) => items.push(Item::Path(Path {
                segments: vec![
                    Segment::Move(at(0.2, 0.52)),
                    Segment::Line(at(0.42, 0.74)),
                    Segment::Line(at(0.82, 0.26)),
                ],
                fill: None,
                stroke: Some(Stroke { width: side * 0.11, ..thin }),
                role: Role::Artifact,
            })),
            None => {
                let inner =
                    Rect::new(glyph.x + side * 0.25, glyph.y + side * 0.25, side * 0.5, side * 0.5);
                items.push(Item::Path(Path::rect(inner, Some(color), None)));
            }
            Some(false) => {}
        }
        let box_fragment = Fragment {
            rect: Rect::new(Pt::ZERO, Pt::ZERO, site.bounds.width, site.bounds.height),
            content: Content::Items(items),
            ..Fragment::default()
        };
        let mut children = vec![box_fragment];
        if plan.glyph_x == 0.0 {
            let start = glyph.right() + Pt(2.0) - padding.left;
            let text_site = Site {
                bounds: Rect::new(
                    start,
                    Pt::ZERO,
                    (site.bounds.width - start).max(Pt::ZERO),
                    site.bounds.height,
                ),
                look: site.look,
            };
            let mut text = self.text_box(control, &plan.label, text_site, &Role::Paragraph);
            text.decor = None;
            children.push(text);
        }
        let height = children.iter().map(|c| c.rect.height).fold(site.bounds.height, Pt::max);
        Fragment {
            decor: site.look.decor.clone(),
            cut: Cut::Never,
            ..Fragment::children(Rect { height, ..site.bounds }, children)
        }
    }
}

/// Ticked, not ticked, or neither.
fn state_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(state) => Some(*state),
        Value::Int(number) => Some(*number != 0),
        Value::Text(text)
            if text.eq_ignore_ascii_case("checked") || text.eq_ignore_ascii_case("true") =>
        {
            Some(true)
        }
        Value::Text(text) if text.eq_ignore_ascii_case("indeterminate") => None,
        Value::Text(_) => Some(false),
        _ => None,
    }
}
