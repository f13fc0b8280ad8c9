//! From plans and the current row to fragments: one file a kind of control.

mod band;
mod bar_code;
mod check_box;
mod figure;
mod label;
mod line;
pub(crate) mod markup;
mod metafile;
mod page_info;
mod picture;
pub(crate) mod pictures;
mod placeholder;
mod shape;
mod stack;
mod subreport;
mod table;
mod watermark;

use std::sync::Arc;

use pressroom_page::{Pt, Rect, Role};

use crate::ComposeError;
use crate::fragment::{Content, Cut, Fragment};
use crate::plan::look::LookPlan;
use crate::plan::{ControlPlan, Edge, KindPlan};
use crate::run::Run;

/// Where a control is laid out, decided before its contents are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Site<'p> {
    pub(crate) bounds: Rect,
    pub(crate) look: &'p LookPlan,
}

impl Run<'_, '_> {
    /// Lays a control out; `None` if it is not printed.
    pub(crate) fn control(&mut self, plan: &ControlPlan) -> Result<Option<Fragment>, ComposeError> {
        let visible = self.visible(&plan.visibility);
        let (look, rule_visible) = self.look(&plan.looks);
        if !rule_visible.unwrap_or(visible) {
            return Ok(None);
        }
        let bounds = self.bounds(plan);
        let site = Site { bounds, look: &look };
        let mut fragment = match &plan.kind {
            KindPlan::Label(label) => self.label(plan, label, site),
            KindPlan::Table(table) => self.table(plan, table, site)?,
            KindPlan::PageInfo(info) => self.page_info(info, site),
            KindPlan::Picture(picture) => self.picture(plan, picture, site),
            KindPlan::Line { direction, width, dash } => {
                line::draw(*direction, *width, *dash, site)
            }
            KindPlan::Shape(shape) => self.shape(shape, site),
            KindPlan::Panel(controls) => self.panel(plan, controls, site)?,
            KindPlan::Subreport(subreport) => self.subreport(plan, subreport, site)?,
            KindPlan::CheckBox(check_box) => self.check_box(plan, check_box, site),
            KindPlan::BarCode(code) => self.bar_code(plan, code, site),
            KindPlan::PageBreak => Fragment {
                rect: Rect { width: Pt::ZERO, ..bounds },
                break_before: true,
                ..Fragment::default()
            },
            KindPlan::Unsupported(what) => self.placeholder(what, site),
        };
        if plan.keep_together {
            fragment.cut = Cut::Never;
        }
        if let Some(link) = &plan.link {
            fragment.link = self.link(link);
        }
        Ok(Some(fragment))
    }

    fn bounds(&mut self, plan: &ControlPlan) -> Rect {
        let mut bounds = plan.bounds;
        for (edge, value) in &plan.moves {
            let Some(length) = self.length(value) else { continue };
            match edge {
                Edge::Left => bounds.x = length,
                Edge::Top => bounds.y = length,
                Edge::Width => bounds.width = length.max(Pt::ZERO),
                Edge::Height => bounds.height = length.max(Pt::ZERO),
            }
        }
        bounds
    }

    fn panel(
        &mut self,
        plan: &ControlPlan,
        controls: &[ControlPlan],
        site: Site<'_>,
    ) -> Result<Fragment, ComposeError> {
        let (children, settled) = self.controls(controls, site.bounds.height)?;
        let height = site.bounds.height;
        if settled > height + Pt(0.01) && !plan.can_grow {
            return Ok(clipped(site, children, settled));
        }
        let height = if settled > height || plan.can_shrink { settled } else { height };
        Ok(Fragment {
            decor: site.look.decor.clone(),
            ..Fragment::children(Rect { height, ..site.bounds }, children)
        })
    }
}

/// A box that is lower than what is in it, of which the rest is not seen.
fn clipped(site: Site<'_>, children: Vec<Fragment>, height: Pt) -> Fragment {
    let inner = Rect::new(Pt::ZERO, Pt::ZERO, site.bounds.width, height);
    Fragment {
        rect: site.bounds,
        decor: site.look.decor.clone(),
        content: Content::Slice {
            inner: Arc::new(Fragment::children(inner, children)),
            top: Pt::ZERO,
        },
        cut: Cut::Never,
        ..Fragment::default()
    }
}

/// What a text is to a reader.
fn role(plan: &ControlPlan) -> Role {
    plan.heading.map_or(Role::Paragraph, Role::Heading)
}
