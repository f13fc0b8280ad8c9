//! Bands and other containers: controls that push each other down.

use pressroom_page::{Pt, Rect};
use pressroom_report::AnchorVertical;

use super::stack::{Member, settle};
use crate::ComposeError;
use crate::fragment::{Cut, Fragment};
use crate::plan::{BandPlan, ControlPlan};
use crate::run::Run;

impl Run<'_, '_> {
    /// Lays a band out without its sub-bands; `None` if it is not printed.
    pub(crate) fn band(
        &mut self,
        plan: &BandPlan,
        width: Pt,
    ) -> Result<Option<Fragment>, ComposeError> {
        let visible = self.visible(&plan.visibility);
        let (look, rule_visible) = self.look(&plan.looks);
        if !rule_visible.unwrap_or(visible) {
            return Ok(None);
        }
        let (children, height) = self.controls(&plan.controls, plan.height)?;
        let rect = Rect::new(Pt::ZERO, Pt::ZERO, width, height);
        let cut = if plan.keep_together { Cut::Never } else { Cut::Between };
        Ok(Some(Fragment { decor: look.decor.clone(), cut, ..Fragment::children(rect, children) }))
    }

    /// Lays a band and its sub-bands out, one below the other, for places that are not cut.
    pub(crate) fn whole_band(
        &mut self,
        plan: &BandPlan,
        width: Pt,
    ) -> Result<Option<Fragment>, ComposeError> {
        let Some(own) = self.band(plan, width)? else { return Ok(None) };
        if plan.sub_bands.is_empty() {
            return Ok(Some(own));
        }
        let mut y = own.rect.height;
        let mut parts = vec![own];
        for sub_band in &plan.sub_bands {
            if let Some(mut part) = self.whole_band(sub_band, width)? {
                part.rect.y = y;
                y += part.rect.height;
                parts.push(part);
            }
        }
        Ok(Some(Fragment::children(Rect::new(Pt::ZERO, Pt::ZERO, width, y), parts)))
    }

    /// Lays the controls of a container out; gives them with the height that the container needs.
    pub(crate) fn controls(
        &mut self,
        plans: &[ControlPlan],
        height: Pt,
    ) -> Result<(Vec<Fragment>, Pt), ComposeError> {
        let mut members = Vec::with_capacity(plans.len());
        let mut anchored = Vec::new();
        for plan in plans {
            if let Some(fragment) = self.control(plan)? {
                if plan.anchor != AnchorVertical::Top {
                    anchored.push((members.len(), plan.anchor));
                }
                members.push(Member::new(fragment, plan.bounds.height));
            } else if plan.can_shrink {
                // What is not printed and may shrink gives its space away; else its space stays.
                let rect = Rect { height: Pt::ZERO, ..plan.bounds };
                members.push(Member::new(
                    Fragment { rect, ..Fragment::default() },
                    plan.bounds.height,
                ));
            }
        }
        let designed = members.iter().map(|m| m.bottom).fold(height, Pt::max);
        let settled = settle(&mut members, height);
        let delta = settled - designed.max(height);
        for (index, anchor) in anchored {
            let rect = &mut members[index].fragment.rect;
            match anchor {
                AnchorVertical::Bottom => rect.y += delta,
                AnchorVertical::Both => rect.height = (rect.height + delta).max(Pt::ZERO),
                AnchorVertical::None => rect.y += delta / 2.0,
                AnchorVertical::Top => {}
            }
        }
        Ok((members.into_iter().map(|member| member.fragment).collect(), settled))
    }
}
