//! Straight lines through the middle of their box, or across it.

use pressroom_page::{Dash, Item, Line, Point, Pt, Stroke};
use pressroom_report::LineDirection;

use super::Site;
use crate::fragment::{Content, Cut, Fragment};

pub(super) fn draw(direction: LineDirection, width: Pt, dash: Dash, site: Site<'_>) -> Fragment {
    let (w, h) = (site.bounds.width, site.bounds.height);
    let (from, to) = match direction {
        LineDirection::Horizontal => (Point::new(Pt::ZERO, h / 2.0), Point::new(w, h / 2.0)),
        LineDirection::Vertical => (Point::new(w / 2.0, Pt::ZERO), Point::new(w / 2.0, h)),
        LineDirection::Slant => (Point::new(Pt::ZERO, h), Point::new(w, Pt::ZERO)),
        LineDirection::BackSlant => (Point::new(Pt::ZERO, Pt::ZERO), Point::new(w, h)),
    };
    let stroke = Stroke { color: site.look.text.color, width, dash };
    let line = Item::Line(Line { from, to, stroke });
    Fragment {
        rect: site.bounds,
        decor: site.look.decor.clone(),
        content: Content::Items(vec![line]),
        cut: Cut::Never,
        ..Fragment::default()
    }
}
