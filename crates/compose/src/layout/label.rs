//! Labels: a text in a box that may grow and shrink.

use std::sync::Arc;

use pressroom_fonts::Trimming;
use pressroom_page::{Pt, Rect, Role};
use pressroom_report::{Duplicates, ProcessNulls, TextFit};

use super::{Site, role};
use crate::fragment::{Content, Cut, Fragment, TextBlock};
use crate::plan::{ControlPlan, LabelPlan};
use crate::run::Run;
use crate::text::{Setting, TextLook, needed_height, turned, turned_width};

impl Run<'_, '_> {
    pub(super) fn label(&mut self, control: &ControlPlan, plan: &LabelPlan, site: Site<'_>) -> Fragment {
        let role = role(control);
        self.text_box(control, plan, site, &role)
    }

    /// A text in a box: a label, a cell, the text beside a tick.
    pub(super) fn text_box(&mut self, control: &ControlPlan, plan: &LabelPlan, site: Site<'_>, role: &Role) -> Fragment {
        let Some(text) = self.label_text(plan) else {
            // Suppressed together with its space.
            let rect = Rect { height: Pt::ZERO, ..site.bounds };
            return Fragment { rect, ..Fragment::default() };
        };
        let decor = site.look.decor.clone();
        if plan.setting.angle != 0.0 {
            return self.turned_label(&text, plan, site, role);
        }
        let fitted = (plan.fit != TextFit::None).then(|| self.fitted(&text, plan, site));
        let look = fitted.as_ref().unwrap_or(&site.look.text);
        let mut rect = site.bounds;
        if plan.auto_width {
            let setting = Setting { wrap: false, ..plan.setting };
            let block = self.services.text.block(&text, look, setting, Pt(100_000.0), None, role);
            rect.width = text_width(&block) + look.padding.left + look.padding.right;
        }
        let grows = control.can_grow && !plan.auto_width;
        let setting = Setting {
            trimming: if grows { Trimming::None } else { plan.setting.trimming },
            ..plan.setting
        };
        let bound = (!grows).then_some(rect.height);
        let mut block = self.services.text.block(&text, look, setting, rect.width, bound, role);
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
        let too_wide = !setting.wrap && text_width(&block) > rect.width - look.padding.left - look.padding.right + Pt(0.01);
        block.clip |= too_wide;
        Fragment { rect, decor, content: Content::Text(block), cut, ..Fragment::default() }
    }

    /// The text of a label; `None` if the label vanishes with its space.
    fn label_text(&mut self, plan: &LabelPlan) -> Option<Arc<str>> {
        let (mut text, is_null) = self.text(&plan.text);
        if is_null && let Some(null_text) = &plan.null_text {
            text = Arc::clone(null_text);
        }
        if text.is_empty() && plan.nulls == ProcessNulls::SuppressAndShrink {
            return None;
        }
        if let Some(slot) = plan.memory {
            let repeated = self.is_repeated(slot, &text);
            match plan.duplicates {
                Duplicates::SuppressAndShrink if repeated => return None,
                Duplicates::Suppress | Duplicates::Merge if repeated => return Some("".into()),
                _ => {}
            }
        }
        if plan.markup {
            text = without_markup(&text);
        }
        Some(text)
    }

    fn turned_label(&mut self, text: &Arc<str>, plan: &LabelPlan, site: Site<'_>, role: &Role) -> Fragment {
        let area = pressroom_page::Size::new(site.bounds.width, site.bounds.height);
        let angle = plan.setting.angle;
        let width = turned_width(area, angle);
        let block = self.services.text.block(text, &site.look.text, plan.setting, width, None, role);
        Fragment {
            rect: site.bounds,
            decor: site.look.decor.clone(),
            content: Content::Items(turned(block, area, angle)),
            cut: Cut::Never,
            ..Fragment::default()
        }
    }

    /// The look with the largest or smallest font size that the box asks for.
    fn fitted(&mut self, text: &Arc<str>, plan: &LabelPlan, site: Site<'_>) -> TextLook {
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
            let block = self.services.text.block(text, &look, plan.setting, site.bounds.width, None, &Role::Paragraph);
            let inner = site.bounds.width - look.padding.left - look.padding.right;
            let fits = needed_height(&block) <= site.bounds.height && text_width(&block) <= inner + Pt(0.01);
            if fits { low = look.size } else { high = look.size }
        }
        look.size = low;
        look
    }
}

fn text_width(block: &TextBlock) -> Pt {
    let width = |line: &crate::fragment::TextLine| -> Pt {
        line.text
            .runs
            .iter()
            .map(|run| run.size * run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>())
            .sum()
    };
    block.lines.iter().map(width).fold(Pt::ZERO, Pt::max)
}

/// Leaves out the lines that start below the box, and clips the one that reaches out of it.
fn clip(block: &mut TextBlock, height: Pt) {
    let mut used = block.inset_top;
    let visible = block
        .lines
        .iter()
        .take_while(|line| {
            let starts_inside = used.0 + 0.5 < height.0;
            used += line.height;
            starts_inside
        })
        .count();
    block.lines.truncate(visible.max(1));
    block.clip = true;
}

/// The text without its tags; `<br>` is a line end.
fn without_markup(text: &str) -> Arc<str> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        let tail = &rest[open..];
        match tail.find('>') {
            Some(close) if is_tag(&tail[1..close]) => {
                if tail[1..close].trim_end_matches('/').trim().eq_ignore_ascii_case("br") {
                    out.push('\n');
                }
                rest = &tail[close + 1..];
            }
            _ => {
                out.push('<');
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
    out.into()
}

fn is_tag(inside: &str) -> bool {
    const TAGS: [&str; 14] =
        ["b", "i", "u", "s", "br", "color", "backcolor", "size", "font", "image", "href", "sub", "sup", "nbsp"];
    let name = inside.trim_start_matches('/');
    let end = name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(name.len());
    TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(&name[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_leaves_its_text() {
        for (markup, expect) in [
            ("<b>bold</b> plain", "bold plain"),
            ("a<br>b", "a\nb"),
            ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
            ("<color=red>red</color>", "red"),
        ] {
            assert_eq!(&*without_markup(markup), expect);
        }
    }
}
