//! The box that stands where something is not drawn yet.

use std::sync::Arc;

use pressroom_fonts::{Align, Trimming};
use pressroom_page::{Color, Dash, Pt, Role, Stroke};

use super::Site;
use crate::fragment::{Borders, Content, Cut, Decor, Fragment, VerticalAlign};
use crate::run::Run;
use crate::text::{Insets, Setting, TextLook};

impl Run<'_, '_> {
    /// A labelled box where something is not drawn. The definition has told what that is, so that it
    /// is in the warnings already.
    pub(super) fn placeholder(&mut self, what: &str, site: Site<'_>) -> Fragment {
        self.note(what, site)
    }

    /// A labelled box.
    pub(super) fn note(&mut self, label: &str, site: Site<'_>) -> Fragment {
        let label: Arc<str> = label.into();
        let grey = Color::rgb(0x76, 0x76, 0x76);
        let inset = Pt(3.0);
        let look = TextLook {
            face: self.services.text.fonts().face("Arial", false, false),
            size: 7.5,
            color: grey,
            underline: false,
            strikeout: false,
            align: Align::Center,
            vertical: VerticalAlign::Middle,
            padding: Insets { left: inset, right: inset, top: Pt(1.0), bottom: Pt(1.0) },
            right_to_left: false,
        };
        let setting = Setting { trimming: Trimming::EllipsisCharacter, ..Setting::default() };
        let mut block = self.services.text.block(
            &label,
            &look,
            setting,
            site.bounds.width,
            Some(site.bounds.height),
            &Role::Figure(Arc::clone(&label)),
        );
        block.clip = true;
        let stroke =
            Stroke { color: Color::rgb(0xb0, 0xb0, 0xb0), width: Pt(0.5), dash: Dash::Dash };
        let borders =
            Borders { left: true, top: true, right: true, bottom: true, stroke, double: false };
        Fragment {
            rect: site.bounds,
            decor: Some(Arc::new(Decor {
                background: Some(Color::rgb(0xf6, 0xf6, 0xf6)),
                borders,
            })),
            content: Content::Text(block),
            cut: Cut::Never,
            ..Fragment::default()
        }
    }
}
