//! Properties of other elements that expressions ask for: `[ReportItems.Name].[Text]`.

use std::sync::Arc;

use pressroom_data::Value;
use pressroom_report::{Band, Control, ControlKind, Level, SummaryRunning, TextProps};

use super::{Builder, Place, Zone};
use crate::plan::ItemPlan;

impl Builder<'_> {
    /// The value of a control's property at the current row.
    pub(super) fn item(&mut self, name: &str, property: &str) -> ItemPlan {
        let Some((control, zone)) = find(self.level, name) else {
            return ItemPlan::Constant(Value::Null);
        };
        let text = text_props(control);
        let summary = text.and_then(|text| text.summary.as_ref());
        let what = format!("control \"{name}\"");
        let place = Place {
            running: summary.map_or(SummaryRunning::None, |summary| summary.running),
            ignore_nulls: summary.is_some_and(|summary| summary.ignore_nulls),
            ..Place::new(zone, &what)
        };
        if let Some(binding) = control.binding(property) {
            return ItemPlan::Bound(self.expression(&binding.expression.text, place));
        }
        let constant = match property.to_ascii_lowercase().as_str() {
            "text" => text.map(|text| Value::from(text.text.as_str())),
            "visible" => Some(Value::Bool(control.visible)),
            "tag" => control.tag.as_deref().map(Value::from),
            "navigateurl" => control.navigate_url.as_deref().map(Value::from),
            _ => None,
        };
        ItemPlan::Constant(constant.unwrap_or_default())
    }
}

fn text_props(control: &Control) -> Option<&TextProps> {
    match &control.kind {
        ControlKind::Label(text) => Some(text),
        ControlKind::CheckBox(check_box) => Some(&check_box.text),
        _ => None,
    }
}

/// A control of a level by its name, and where it stands.
pub(in crate::plan) fn find<'l>(level: &'l Level, name: &str) -> Option<(&'l Control, Zone)> {
    let groups = level.groups.iter().enumerate().flat_map(|(index, group)| {
        let header = group.header.as_ref().map(|band| (band, Zone::GroupHeader(index)));
        let footer = group.footer.as_ref().map(|band| (band, Zone::GroupFooter(index)));
        header.into_iter().chain(footer)
    });
    let bands = [
        (&level.detail, Zone::Detail),
        (&level.report_header, Zone::Header),
        (&level.report_footer, Zone::Footer),
        (&level.page_header, Zone::Page),
        (&level.page_footer, Zone::Page),
        (&level.top_margin, Zone::Page),
        (&level.bottom_margin, Zone::Page),
    ];
    let bands = bands.into_iter().filter_map(|(band, zone)| Some((band.as_ref()?, zone)));
    groups.chain(bands).find_map(|(band, zone)| Some((in_band(band, name)?, zone)))
}

fn in_band<'l>(band: &'l Band, name: &str) -> Option<&'l Control> {
    let own = band.controls.iter().find_map(|control| in_control(control, name));
    own.or_else(|| band.sub_bands.iter().find_map(|band| in_band(band, name)))
}

fn in_control<'l>(control: &'l Control, name: &str) -> Option<&'l Control> {
    if control.name.eq_ignore_ascii_case(name) {
        return Some(control);
    }
    match &control.kind {
        ControlKind::Panel { controls } => {
            controls.iter().find_map(|inner| in_control(inner, name))
        }
        ControlKind::Table(table) => {
            table.rows.iter().flat_map(|row| &row.cells).find_map(|cell| {
                in_control(&cell.label, name)
                    .or_else(|| cell.controls.iter().find_map(|inner| in_control(inner, name)))
            })
        }
        _ => None,
    }
}

/// What an expression asks of another element.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Asked {
    pub(crate) name: Arc<str>,
    pub(crate) property: Arc<str>,
}
