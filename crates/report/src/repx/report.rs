//! Reports, outermost and embedded.

use std::sync::Arc;

use pressroom_query::xml::Element;

use super::LayoutError;
use super::parameters::calculated_field;
use super::properties::{appearance, choice, expression, flag, integer, name, number, pair, text};
use super::reader::{Reader, is_visible};
use crate::text_form::{parse_number, pixels};
use crate::{
    Alignment, AnchorVertical, Color, CrossBandControl, Dash, Definition, Expression, FontSpec,
    FormattingRule, HorizontalAlignment, Image, ImageView, Level, Margins, Page, PrintOptions,
    ReportUnit, Style, TextDirection, VerticalAlignment, Watermark,
};

impl<'d> Reader<'d> {
    /// Reads a report from its element.
    pub(super) fn report(&mut self, element: Element<'d>) -> Result<Definition, LayoutError> {
        // An embedded report has styles, rules and a member of its own.
        let outer_rules = std::mem::take(&mut self.rules);
        let outer_member = self.member.take();
        let outer_left_out = if self.open_reports.is_empty() {
            Default::default()
        } else {
            std::mem::take(&mut self.left_out)
        };
        self.open_report(element)?;

        let unit = report_unit(element);
        let formatting_rules = self.formatting_rules(element);
        let (bindings, _) = self.bindings(element);
        self.member = name(element, "DataMember");
        let mut definition = Definition {
            name: name(element, "Name").unwrap_or_default(),
            display_name: text(element, "DisplayName"),
            unit,
            page: page(element, unit),
            culture: text(element, "Language").filter(|language| language != "Default"),
            right_to_left: ["RightToLeft", "RightToLeftLayout"]
                .iter()
                .any(|name| element.attribute(name) == Some("Yes")),
            look: self.look(element),
            bindings,
            parameters: self.parameters(element),
            calculated_fields: self
                .named_items(element, "CalculatedFields")
                .filter_map(|item| calculated_field(item, self.source_name(item)))
                .collect(),
            styles: self.styles(element),
            formatting_rules,
            sources: self.sources.clone(),
            level: Level {
                source: self.source_name(element),
                member: self.member.clone(),
                filter: expression(element, "FilterString"),
                print: print_options(element),
                ..Level::default()
            },
            cross_band: Vec::new(),
            watermark: watermark(element),
            bookmark: text(element, "Bookmark"),
            left_out: Vec::new(),
        };
        self.bands(element, &mut definition.level)?;
        definition.cross_band = self.cross_band_controls(element);
        take_margin_bands(&mut definition);
        self.note_left_out(element);
        definition.left_out = self.take_left_out();

        self.open_reports.pop();
        self.rules = outer_rules;
        self.member = outer_member;
        self.left_out = outer_left_out;
        Ok(definition)
    }

    fn note_left_out(&mut self, element: Element<'d>) {
        if element.value("ScriptsSource").is_some_and(|scripts| !scripts.trim().is_empty()) {
            self.leave_out("scripts");
        }
        if element.value("StyleSheetPath").is_some_and(|path| !path.is_empty()) {
            self.leave_out("style sheet in another file");
        }
        if items(element, "Watermarks").count() > 1 {
            self.leave_out("more than one watermark");
        }
    }

    fn formatting_rules(&mut self, element: Element<'d>) -> Vec<FormattingRule> {
        let mut rules = Vec::new();
        for item in self.named_items(element, "FormattingRuleSheet") {
            self.rules.insert(item.number(), rules.len());
            let formatting = item.child("Formatting");
            rules.push(FormattingRule {
                name: name(item, "Name").unwrap_or_default(),
                condition: expression(item, "Condition").unwrap_or_default(),
                member: name(item, "DataMember"),
                appearance: formatting.map(appearance).unwrap_or_default(),
                visible: formatting.and_then(|formatting| match formatting.attribute("Visible") {
                    Some("Yes" | "True" | "true") => Some(true),
                    Some("No" | "False" | "false") => Some(false),
                    _ => None,
                }),
            });
        }
        rules
    }

    fn styles(&mut self, element: Element<'d>) -> Vec<Style> {
        self.named_items(element, "StyleSheet")
            .filter_map(|item| {
                Some(Style { name: name(item, "Name")?, appearance: appearance(item) })
            })
            .collect()
    }

    fn cross_band_controls(&self, element: Element<'d>) -> Vec<CrossBandControl> {
        let band = |item: Element<'d>, property: &str| -> Arc<str> {
            let target = self.references.target(item, property);
            target.and_then(|band| band.attribute("Name")).unwrap_or_default().into()
        };
        items(element, "CrossBandControls")
            .map(|item| CrossBandControl {
                name: name(item, "Name").unwrap_or_default(),
                is_box: item
                    .attribute("ControlType")
                    .is_some_and(|kind| kind.contains("CrossBandBox")),
                start_band: band(item, "StartBand"),
                end_band: band(item, "EndBand"),
                start: pair(item, &["StartPointFloat", "StartPointF", "StartPoint"])
                    .unwrap_or_default(),
                end: pair(item, &["EndPointFloat", "EndPointF", "EndPoint"]).unwrap_or_default(),
                width: number(item, "WidthF")
                    .or_else(|| number(item, "Width"))
                    .unwrap_or(1.0)
                    .max(0.0),
                look: self.look(item),
                dash: item.attribute("LineStyle").and_then(Dash::parse).unwrap_or_default(),
                visible: is_visible(item),
                anchor_vertical: super::controls::anchor_vertical(item)
                    .unwrap_or(AnchorVertical::None),
            })
            .collect()
    }
}

/// The elements of a collection.
pub(super) fn items<'d>(
    element: Element<'d>,
    collection: &str,
) -> impl Iterator<Item = Element<'d>> + use<'d> {
    element.child(collection).into_iter().flat_map(Element::children)
}

fn report_unit(element: Element<'_>) -> ReportUnit {
    choice(
        element,
        "ReportUnit",
        &[
            ("TenthsOfAMillimeter", ReportUnit::TenthsOfAMillimeter),
            ("Pixels", ReportUnit::Pixels),
            ("HundredthsOfAnInch", ReportUnit::HundredthsOfAnInch),
        ],
    )
    .unwrap_or_default()
}

fn page(element: Element<'_>, unit: ReportUnit) -> Page {
    let scale = unit.dpi() / ReportUnit::HundredthsOfAnInch.dpi();
    let landscape = flag(element, "Landscape").unwrap_or(false);
    let paper_kind = text(element, "PaperKind");
    let (width, height) = paper_kind.as_deref().and_then(paper_size).unwrap_or((850.0, 1100.0));
    let (width, height) = if landscape { (height, width) } else { (width, height) };
    let length = |names: [&str; 2], default: f32| {
        let read = names.iter().find_map(|name| number(element, name));
        read.filter(|length| *length > 0.0).unwrap_or(default * scale)
    };
    Page {
        width: length(["PageWidth", "PageWidthF"], width),
        height: length(["PageHeight", "PageHeightF"], height),
        margins: margins(element, 100.0 * scale),
        landscape,
        roll_paper: flag(element, "RollPaper").unwrap_or(false),
        paper_kind,
        color: element.attribute("PageColor").and_then(Color::parse),
    }
}

/// Width and height in hundredths of an inch of papers whose layouts may leave the numbers out.
fn paper_size(kind: &str) -> Option<(f32, f32)> {
    Some(match kind {
        "A3" => (1169.0, 1654.0),
        "A4" => (827.0, 1169.0),
        "A5" => (583.0, 827.0),
        "B4" => (984.0, 1390.0),
        "B5" => (693.0, 984.0),
        "Executive" => (725.0, 1050.0),
        "Legal" => (850.0, 1400.0),
        "Tabloid" => (1100.0, 1700.0),
        "Ledger" => (1700.0, 1100.0),
        _ => return None,
    })
}

/// The margins in the layout's order: left, right, top, bottom.
fn margins(element: Element<'_>, default: f32) -> Margins {
    let text = element.attribute("Margins").or_else(|| element.attribute("MarginsF"));
    let mut numbers = text.unwrap_or_default().split([',', ';']).map(parse_number);
    let mut next = || numbers.next().flatten().map_or(default, |number| number.max(0.0));
    Margins { left: next(), right: next(), top: next(), bottom: next() }
}

/// The margin bands win where they differ from the margins.
fn take_margin_bands(definition: &mut Definition) {
    let margins = &mut definition.page.margins;
    if let Some(band) = &definition.level.top_margin {
        margins.top = band.height;
    }
    if let Some(band) = &definition.level.bottom_margin {
        margins.bottom = band.height;
    }
}

pub(super) fn print_options(element: Element<'_>) -> PrintOptions {
    let mut options = PrintOptions::default();
    if let Some(element) = element.child("ReportPrintOptions") {
        options.detail_count = integer(element, "DetailCount").filter(|&count| count > 0);
        options.blank_detail_count =
            integer::<u32>(element, "BlankDetailCount").unwrap_or(0).min(10_000);
        options.print_on_empty = flag(element, "PrintOnEmptyDataSource").unwrap_or(true);
        options.detail_count_on_empty =
            integer::<u32>(element, "DetailCountOnEmptyDataSource").unwrap_or(1).min(10_000);
    }
    options
}

fn watermark(element: Element<'_>) -> Option<Watermark> {
    let element = element.child("Watermark").or_else(|| items(element, "Watermarks").next())?;
    let image = super::controls::image(element);
    let content = element.attribute("Text").unwrap_or_default();
    if image == Image::None && content.is_empty() {
        return None;
    }
    let centered =
        Alignment { horizontal: HorizontalAlignment::Center, vertical: VerticalAlignment::Middle };
    Some(Watermark {
        text: super::properties::lines(content),
        text_direction: choice(
            element,
            "TextDirection",
            &[
                ("Horizontal", TextDirection::Horizontal),
                ("Vertical", TextDirection::Vertical),
                ("ForwardDiagonal", TextDirection::ForwardDiagonal),
                ("BackwardDiagonal", TextDirection::BackwardDiagonal),
            ],
        )
        .unwrap_or_default(),
        font: element.attribute("Font").and_then(FontSpec::parse).unwrap_or_else(|| FontSpec {
            family: "Verdana".into(),
            size_pt: 36.0,
            ..FontSpec::default()
        }),
        color: element
            .attribute("ForeColor")
            .and_then(Color::parse)
            .unwrap_or(Color::rgb(255, 0, 0)),
        text_transparency: integer(element, "TextTransparency").unwrap_or(50),
        image,
        image_alignment: element
            .attribute("ImageAlign")
            .and_then(Alignment::parse)
            .unwrap_or(centered),
        image_view: choice(
            element,
            "ImageViewMode",
            &[
                ("Clip", ImageView::Clip),
                ("Stretch", ImageView::Stretch),
                ("Zoom", ImageView::Zoom),
            ],
        )
        .unwrap_or_default(),
        image_tiling: flag(element, "ImageTiling").unwrap_or(false),
        image_transparency: integer(element, "ImageTransparency").unwrap_or(0),
        page_range: text(element, "PageRange").unwrap_or_default(),
        show_behind: flag(element, "ShowBehind").unwrap_or_else(|| {
            let position =
                ["TextPosition", "ImagePosition"].iter().find_map(|name| element.attribute(name));
            position != Some("InFront")
        }),
    })
}

/// The width of a line, which layouts tell in pixels, in points.
pub(super) fn line_width(element: Element<'_>, names: &[&str]) -> f32 {
    pixels(names.iter().find_map(|name| number(element, name)).unwrap_or(1.0))
}

/// A condition for rows that may be an attribute or an element.
pub(super) fn filter(element: Element<'_>) -> Option<Expression> {
    expression(element, "FilterString")
}
