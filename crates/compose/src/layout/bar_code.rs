//! Bar codes: bars or cells as one path, and their text.

use std::sync::Arc;

use pressroom_chart::barcode::{DrawOptions, Drawing, Place, TextBox, draw, encode};
use pressroom_fonts::{Align, Trimming};
use pressroom_page::{Item, Pt, Rect, Role, Size};

use super::Site;
use super::label::text_width;
use crate::fragment::{Content, Cut, Fragment, VerticalAlign};
use crate::plan::build::bar_code::horizontal;
use crate::plan::{BarCodePlan, ControlPlan};
use crate::run::Run;
use crate::text::{Insets, Setting, TextLook, needed_height, turned, turned_width};

/// Text below a code is made smaller to fit, but not smaller than this, in points.
const SMALLEST: f32 = 5.0;

impl Run<'_, '_> {
    pub(super) fn bar_code(
        &mut self,
        control: &ControlPlan,
        plan: &BarCodePlan,
        site: Site<'_>,
    ) -> Fragment {
        let (text, _) = self.text(&plan.text);
        if text.is_empty() {
            return Fragment {
                rect: site.bounds,
                decor: site.look.decor.clone(),
                ..Fragment::default()
            };
        }
        let look = code_look(&site.look.text);
        let encoded = encode(&plan.symbology, &text).and_then(|code| {
            let shown = plan.show_text && !code.text().is_empty();
            let options = DrawOptions {
                inner: inner(site),
                module: plan.module,
                auto_module: plan.auto_module,
                place: plan.place,
                text_height: if shown { self.line_height(&look) } else { Pt::ZERO },
                text_above: plan.text_above,
                text_place: horizontal(site.look.style.text_alignment.horizontal),
                orientation: plan.orientation,
                color: look.color,
                ..DrawOptions::new(Size::new(site.bounds.width, site.bounds.height))
            };
            let drawing = draw(&code, &options)?;
            Ok((code, drawing))
        });
        let (code, drawing) = match encoded {
            Ok(encoded) => encoded,
            Err(error) => {
                self.warn(format!("bar code \"{}\": {error}", control.name));
                return self.note(&error.to_string(), site);
            }
        };
        if !plan.auto_module && drawing.module.0 < plan.module.0 - 0.001 {
            self.warn(format!(
                "bar code \"{}\": its box is too small for the bar width that is set, so the bars are \
                 narrower; make the box larger",
                control.name
            ));
        }
        let alternative = control
            .description
            .clone()
            .unwrap_or_else(|| format!("{} {}", plan.symbology.name(), code.text()).into());
        Fragment {
            rect: site.bounds,
            decor: site.look.decor.clone(),
            content: Content::Items(self.code_items(drawing, &look, alternative)),
            cut: Cut::Never,
            ..Fragment::default()
        }
    }

    /// The path, which speaks for the whole code, and the lines of its text.
    fn code_items(
        &mut self,
        drawing: Drawing,
        look: &TextLook,
        alternative: Arc<str>,
    ) -> Vec<Item> {
        let Drawing { mut path, texts, angle, .. } = drawing;
        path.role = Role::Figure(alternative);
        let look = self.fitting_look(&texts, look, angle);
        let mut items = Vec::with_capacity(texts.len() + 1);
        items.push(Item::Path(path));
        let setting =
            Setting { wrap: false, trimming: Trimming::EllipsisCharacter, ..Setting::default() };
        for TextBox { text, rect, place } in texts {
            let area = Size::new(rect.width, rect.height);
            let align = match place {
                Place::Start => Align::Left,
                Place::Center => Align::Center,
                Place::End => Align::Right,
            };
            let look = TextLook { align, ..look.clone() };
            let width = turned_width(area, angle);
            let block =
                self.services.text.block(&text, &look, setting, width, None, &Role::Artifact);
            for mut item in turned(block, area, angle) {
                if let Item::Text(line) = &mut item {
                    line.origin.x += rect.x;
                    line.origin.y += rect.y;
                }
                items.push(item);
            }
        }
        items
    }

    /// The look, smaller where a text is wider or higher than its box: all texts of a code are of
    /// one size.
    fn fitting_look(&mut self, texts: &[TextBox], look: &TextLook, angle: f32) -> TextLook {
        let setting = Setting { wrap: false, ..Setting::default() };
        let mut share: f32 = 1.0;
        for TextBox { text, rect, .. } in texts {
            let area = Size::new(rect.width, rect.height);
            let (along, across) = match turned_width(area, angle) {
                along if along == rect.width => (along, rect.height),
                along => (along, rect.width),
            };
            let block =
                self.services.text.block(text, look, setting, Pt(100_000.0), None, &Role::Artifact);
            share = share.min(along.0 / text_width(&block).0.max(0.01));
            share = share.min(across.0 / needed_height(&block).0.max(0.01));
        }
        let size =
            if share < 1.0 { (look.size * share).max(SMALLEST.min(look.size)) } else { look.size };
        TextLook { size, ..look.clone() }
    }

    fn line_height(&mut self, look: &TextLook) -> Pt {
        let block = self.services.text.block(
            &"0".into(),
            look,
            Setting::default(),
            Pt(100_000.0),
            None,
            &Role::Artifact,
        );
        needed_height(&block)
    }
}

/// The look of the text of a code: the control's, in boxes without padding.
fn code_look(look: &TextLook) -> TextLook {
    TextLook {
        padding: Insets::default(),
        align: Align::Left,
        vertical: VerticalAlign::Middle,
        right_to_left: false,
        ..look.clone()
    }
}

/// The control's box without its padding, measured from its corner.
fn inner(site: Site<'_>) -> Rect {
    let padding = site.look.text.padding;
    Rect::new(
        padding.left,
        padding.top,
        (site.bounds.width - padding.left - padding.right).max(Pt::ZERO),
        (site.bounds.height - padding.top - padding.bottom).max(Pt::ZERO),
    )
}
