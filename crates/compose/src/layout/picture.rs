//! Pictures in their boxes.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pressroom_data::Value;
use pressroom_page::{Clip, Item, Pt, Rect, Role, Size};
use pressroom_report::Image;

use super::Site;
use super::pictures::{Held, Sizing, fit};
use crate::fragment::{Content, Cut, Fragment};
use crate::plan::{ControlPlan, PicturePlan};
use crate::run::Run;

impl Run<'_, '_> {
    pub(super) fn picture(
        &mut self,
        control: &ControlPlan,
        plan: &PicturePlan,
        site: Site<'_>,
    ) -> Fragment {
        let image = match &plan.bound {
            Some(bound) => {
                let value = self.value(bound);
                image_of(&value).unwrap_or(Image::None)
            }
            None => plan.image.clone(),
        };
        let held = match image {
            Image::None => return blank(site),
            Image::Bytes(bytes) => self.services.text.picture(&bytes),
            Image::Svg(text) => self.services.text.picture(&Arc::from(text.as_bytes())),
            Image::Url(_) => Err(Arc::from(
                "a picture at an address is not fetched; store the picture in the layout or in the data",
            )),
        };
        match held {
            Ok(held) => drawn(control, plan, site, &held),
            Err(refusal) => {
                self.warn(format!("picture \"{}\": {refusal}", control.name));
                self.note("Picture", site)
            }
        }
    }
}

fn blank(site: Site<'_>) -> Fragment {
    Fragment { rect: site.bounds, decor: site.look.decor.clone(), ..Fragment::default() }
}

fn drawn(control: &ControlPlan, plan: &PicturePlan, site: Site<'_>, held: &Held) -> Fragment {
    let padding = site.look.text.padding;
    let mut rect = site.bounds;
    if plan.sizing == Sizing::AutoSize {
        rect.width = held.natural.width + padding.left + padding.right;
        rect.height = held.natural.height + padding.top + padding.bottom;
    }
    let inner = Size::new(
        (rect.width - padding.left - padding.right).max(Pt::ZERO),
        (rect.height - padding.top - padding.bottom).max(Pt::ZERO),
    );
    let mut placed = fit(held.natural, inner, plan.sizing, plan.place);
    placed.x += padding.left;
    placed.y += padding.top;
    let role = control.description.clone().map_or(Role::Artifact, Role::Figure);
    let content = if plan.sizing == Sizing::Tile {
        Content::Items(tiles(held, inner, (padding.left, padding.top), 1.0))
    } else if let Some(image) = held.image() {
        Content::Picture { rect: placed, image, role }
    } else {
        let area = Rect::new(Pt::ZERO, Pt::ZERO, rect.width, rect.height);
        Content::Items(vec![Item::Clip(Clip { rect: area, items: held.items(placed, 1.0, role) })])
    };
    Fragment {
        rect,
        decor: site.look.decor.clone(),
        content,
        cut: Cut::Never,
        ..Fragment::default()
    }
}

/// Repeats of a picture from the top left; a bound keeps a tiny picture from filling memory.
pub(super) fn tiles(held: &Held, inner: Size, (left, top): (Pt, Pt), opacity: f32) -> Vec<Item> {
    const MOST: usize = 2_000;
    let mut items = Vec::new();
    let mut y = Pt::ZERO;
    while y < inner.height && items.len() < MOST && held.natural.height.0 > 0.0 {
        let mut x = Pt::ZERO;
        while x < inner.width && items.len() < MOST && held.natural.width.0 > 0.0 {
            let rect = Rect::new(left + x, top + y, held.natural.width, held.natural.height);
            items.extend(held.items(rect, opacity, Role::Artifact));
            x += held.natural.width;
        }
        y += held.natural.height;
    }
    let rect = Rect::new(left, top, inner.width, inner.height);
    vec![Item::Clip(Clip { rect, items })]
}

/// The picture that a value holds: bytes, or text in one of the forms that layouts use.
fn image_of(value: &Value) -> Option<Image> {
    let text = match value {
        Value::Bytes(bytes) if !bytes.is_empty() => return Some(Image::Bytes(Arc::clone(bytes))),
        Value::Text(text) => text.trim(),
        _ => return None,
    };
    if text.is_empty() {
        return None;
    }
    if text.starts_with("<svg") || text.starts_with("<?xml") {
        return Some(Image::Svg(text.into()));
    }
    let encoded = match text.split_once(',') {
        Some((kind, encoded)) if kind == "img" || kind == "svg" || kind.starts_with("data:") => {
            encoded
        }
        _ => text,
    };
    match STANDARD.decode(encoded.trim()) {
        Ok(bytes) if !bytes.is_empty() => Some(Image::Bytes(bytes.into())),
        _ => Some(Image::Url(text.to_owned())),
    }
}
