//! Labels: a text in a box that may grow and shrink.

use std::sync::Arc;

use pressroom_fonts::Trimming;
use pressroom_page::{Pt, Rect, Role};
use pressroom_report::{Duplicates, ProcessNulls, TextFit};

use super::markup::{self, Marked};
use super::{Site, role};
use crate::fragment::{Content, Cut, Decor, Fragment, TextBlock};
use crate::plan::{ControlPlan, LabelPlan};
use crate::run::Run;
use crate::text::{Setting, TextLook, needed_height, turned, turned_width};

impl Run<'_, '_> {
    pub(super) fn label(
        &mut self,
        control: &ControlPlan,
        plan: &LabelPlan,
        site: Site<'_>,
    ) -> Fragment {
        let role = role(control);
        self.text_box(control, plan, site, &role)
    }

    /// A text in a box: a label, a cell, the text beside a tick.
    pub(super) fn text_box(
        &mut self,
        control: &ControlPlan,
        plan: &LabelPlan,
        site: Site<'_>,
        role: &Role,
    ) -> Fragment {
        let Some(text) = self.label_text(control, plan) else {
            // Suppressed together with its space.
            let rect = Rect { height: Pt::ZERO, ..site.bounds };
            return Fragment { rect, ..Fragment::default() };
        };
        let decor = text.joins.decor(site.look.decor.as_ref());
        if plan.setting.angle != 0.0 {
            return self.turned_label(&text, plan, site, role);
        }
        let fitted = (plan.fit != TextFit::None).then(|| self.fitted(&text, plan, site));
        let look = fitted.as_ref().unwrap_or(&site.look.text);
        let mut rect = site.bounds;
        if plan.auto_width {
            let setting = Setting { wrap: false, ..plan.setting };
            let block = self.set(&text, look, setting, (Pt(100_000.0), None), role);
            rect.width = text_width(&block) + look.padding.left + look.padding.right;
        }
        let grows = control.can_grow && !plan.auto_width;
        let setting = Setting {
            trimming: if grows { Trimming::None } else { plan.setting.trimming },
            ..plan.setting
        };
        let bound = (!grows).then_some(rect.height);
        let mut block = self.set(&text, look, setting, (rect.width, bound), role);
        let needed = needed_height(&block);
        let mut cut = Cut::Between;
        if needed.0 > rect.height.0 + 0.01 {
            if control.can_grow {
                rect.height = needed;
            } else {
                clip(&mut block, rect.height);
                cut = Cut::Never;
            }
        } else if control.can_shrink {
            rect.height = needed;
        }
        let too_wide = !setting.wrap
            && text_width(&block) > rect.width - look.padding.left - look.padding.right + Pt(0.01);
        block.clip |= too_wide;
        Fragment { rect, decor, content: Content::Text(block), cut, ..Fragment::default() }
    }

    /// The text of a label; `None` if the label vanishes with its space.
    fn label_text(&mut self, control: &ControlPlan, plan: &LabelPlan) -> Option<LabelText> {
        let (mut text, is_null) = self.text(&plan.text);
        if is_null && let Some(null_text) = &plan.null_text {
            text = Arc::clone(null_text);
        }
        if text.is_empty() && plan.nulls == ProcessNulls::SuppressAndShrink {
            return None;
        }
        let mut joins = Joins::default();
        if let Some(slot) = plan.memory {
            let repeated = self.is_repeated(slot, &text);
            if plan.duplicates == Duplicates::Merge {
                joins =
                    Joins { above: repeated, below: self.repeats_in_next_row(&plan.text, &text) };
            }
            if repeated {
                if plan.duplicates == Duplicates::SuppressAndShrink {
                    return None;
                }
                text = "".into();
            }
        }
        if !plan.markup {
            return Some(LabelText { text, marked: None, joins });
        }
        let marked = markup::parse(&text);
        for tag in &marked.left_out {
            self.warn(format!("\"{}\": the tag <{tag}> is not drawn", control.name));
        }
        Some(LabelText { text: Arc::clone(&marked.text), marked: Some(marked), joins })
    }

    /// Sets the text of a label in the width of its box.
    fn set(
        &mut self,
        text: &LabelText,
        look: &TextLook,
        setting: Setting,
        (width, bound): (Pt, Option<Pt>),
        role: &Role,
    ) -> TextBlock {
        match &text.marked {
            Some(marked) => {
                let setting = Setting { multiline: true, ..setting };
                self.services.text.marked_block(marked, look, setting, width, bound, role)
            }
            None => self.services.text.block(&text.text, look, setting, width, bound, role),
        }
    }

    fn turned_label(
        &mut self,
        text: &LabelText,
        plan: &LabelPlan,
        site: Site<'_>,
        role: &Role,
    ) -> Fragment {
        let area = pressroom_page::Size::new(site.bounds.width, site.bounds.height);
        let angle = plan.setting.angle;
        let width = turned_width(area, angle);
        let block = self.set(text, &site.look.text, plan.setting, (width, None), role);
        Fragment {
            rect: site.bounds,
            decor: site.look.decor.clone(),
            content: Content::Items(turned(block, area, angle)),
            cut: Cut::Never,
            ..Fragment::default()
        }
    }

    /// The look with the largest or smallest font size that the box asks for.
    fn fitted(&mut self, text: &LabelText, plan: &LabelPlan, site: Site<'_>) -> TextLook {
        const SMALLEST: f32 = 1.0;
        const LARGEST: f32 = 400.0;
        let own = site.look.text.size;
        let (mut low, mut high) = match plan.fit {
            TextFit::Shrink => (SMALLEST, own),
            TextFit::Grow => (own, LARGEST),
            TextFit::ShrinkAndGrow => (SMALLEST, LARGEST),
            TextFit::None => (own, own),
        };
        let mut look = site.look.text.clone();
        // Twelve halvings find the size to a tenth of a point.
        for _ in 0..12 {
            look.size = f32::midpoint(low, high);
            let block =
                self.set(text, &look, plan.setting, (site.bounds.width, None), &Role::Paragraph);
            let inner = site.bounds.width - look.padding.left - look.padding.right;
            let fits = needed_height(&block) <= site.bounds.height
                && text_width(&block) <= inner + Pt(0.01);
            if fits { low = look.size } else { high = look.size }
        }
        look.size = low;
        look
    }
}

/// What a label says.
struct LabelText {
    text: Arc<str>,
    /// With its tags, where it may have some.
    marked: Option<Marked>,
    joins: Joins,
}

/// Whether a box is one with that of the row before or after, which says the same.
#[derive(Clone, Copy, Default)]
struct Joins {
    above: bool,
    below: bool,
}

impl Joins {
    /// Background and borders without those between joined boxes.
    fn decor(self, own: Option<&Arc<Decor>>) -> Option<Arc<Decor>> {
        let own = own?;
        if !self.above && !self.below {
            return Some(Arc::clone(own));
        }
        let mut decor = Decor::clone(own);
        decor.borders.top &= !self.above;
        decor.borders.bottom &= !self.below;
        Some(Arc::new(decor))
    }
}

/// The width of the widest line.
pub(super) fn text_width(block: &TextBlock) -> Pt {
    let width = |line: &crate::fragment::TextLine| -> Pt {
        line.text
            .runs
            .iter()
            .map(|run| run.size * run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>())
            .sum()
    };
    block.lines.iter().map(width).fold(Pt::ZERO, Pt::max)
}

/// Leaves out the lines whose letters would be cut at the bottom of the box; the first one stays, and
/// what reaches out of the box is clipped.
fn clip(block: &mut TextBlock, height: Pt) {
    /// The upper part of a line that holds its letters but for their tails.
    const LETTERS: f32 = 0.8;
    let mut used = block.inset_top;
    let visible = block
        .lines
        .iter()
        .take_while(|line| {
            let letters = used + line.height * LETTERS;
            used += line.height;
            letters.0 <= height.0 + 0.01
        })
        .count();
    block.lines.truncate(visible.max(1));
    block.clip = true;
}
