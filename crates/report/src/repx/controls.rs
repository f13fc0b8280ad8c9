//! Controls.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pressroom_query::short_type_name;
use pressroom_query::xml::Element;

use super::LayoutError;
use super::properties::{bounds, choice, flag, integer, lines, name, node, number, pair, text};
use super::reader::{Reader, is_visible};
use super::report::{items, line_width};
use super::text::text_props;
use crate::{
    Alignment, AnchorHorizontal, AnchorVertical, BarCode, Binding, CharacterComb, CheckBox, Color,
    Control, ControlKind, Dash, Figure, HorizontalAlignment, Image, Line, LineDirection, PageInfo,
    PageInfoKind, ParameterBinding, Picture, Rect, RichText, Shape, Sizing, Subreport,
    SubreportSource, Table, TableCell, TableRow, VerticalAlignment,
};

impl<'d> Reader<'d> {
    /// The controls in a container.
    pub(super) fn controls(&mut self, container: Element<'d>) -> Result<Vec<Control>, LayoutError> {
        items(container, "Controls")
            .map(|item| self.nested(item, |reader| reader.control(item)))
            .collect()
    }

    fn control(&mut self, item: Element<'d>) -> Result<Control, LayoutError> {
        let type_name = short_type_name(item.attribute("ControlType").unwrap_or_default());
        let (mut bindings, old_format) = self.bindings(item);
        let kind = self.control_kind(item, type_name, &mut bindings, old_format)?;
        let grows = matches!(
            kind,
            ControlKind::Label(_)
                | ControlKind::Panel { .. }
                | ControlKind::Subreport(_)
                | ControlKind::RichText(_)
                | ControlKind::Table(_)
                | ControlKind::CharacterComb(_)
        );
        Ok(self.with_kind(item, kind, bindings, grows, bounds(item)))
    }

    /// A control of a kind with what all kinds have.
    fn with_kind(
        &mut self,
        item: Element<'d>,
        kind: ControlKind,
        bindings: Vec<Binding>,
        grows: bool,
        bounds: Rect,
    ) -> Control {
        let parent = self.references.target(item, "BookmarkParent");
        Control {
            name: name(item, "Name").unwrap_or_default(),
            kind,
            bounds,
            look: self.look(item),
            bindings,
            visible: is_visible(item),
            can_grow: flag(item, "CanGrow").unwrap_or(grows),
            can_shrink: flag(item, "CanShrink").unwrap_or(false),
            keep_together: flag(item, "KeepTogether").unwrap_or(false),
            anchor_vertical: anchor_vertical(item).unwrap_or_default(),
            anchor_horizontal: choice(
                item,
                "AnchorHorizontal",
                &[
                    ("Left", AnchorHorizontal::Left),
                    ("Right", AnchorHorizontal::Right),
                    ("Both", AnchorHorizontal::Both),
                    ("None", AnchorHorizontal::None),
                ],
            )
            .unwrap_or_default(),
            navigate_url: text(item, "NavigateUrl"),
            target: text(item, "Target"),
            bookmark: text(item, "Bookmark"),
            bookmark_parent: parent.and_then(|parent| name(parent, "Name")),
            tag: text(item, "Tag"),
            accessible_description: text(item, "AccessibleDescription"),
            accessible_role: text(item, "AccessibleRole"),
        }
    }

    fn control_kind(
        &mut self,
        item: Element<'d>,
        type_name: &str,
        bindings: &mut Vec<Binding>,
        old_format: Option<String>,
    ) -> Result<ControlKind, LayoutError> {
        // What holds further controls stands apart from what does not: the way down is kept small.
        Ok(match type_name {
            "XRTable" => ControlKind::Table(self.table(item)?),
            "XRPanel" => ControlKind::Panel { controls: self.controls(item)? },
            "XRSubreport" | "SubreportBase" => ControlKind::Subreport(self.subreport(item)?),
            _ => self.leaf(item, type_name, bindings, old_format),
        })
    }

    /// A control that holds no others.
    fn leaf(
        &self,
        item: Element<'d>,
        type_name: &str,
        bindings: &mut Vec<Binding>,
        old_format: Option<String>,
    ) -> ControlKind {
        let is_old = item.child("DataBindings").is_some();
        match type_name {
            "XRLabel" => ControlKind::Label(text_props(item, bindings, is_old, old_format)),
            "XRPageInfo" => ControlKind::PageInfo(self.page_info(item)),
            "XRPictureBox" => ControlKind::Picture(picture(item)),
            "XRLine" => ControlKind::Line(line(item)),
            "XRShape" => ControlKind::Shape(shape(item)),
            "XRBarCode" => ControlKind::BarCode(bar_code(item, old_format)),
            "XRCheckBox" => ControlKind::CheckBox(CheckBox {
                state: check_state(item),
                text: text_props(item, bindings, is_old, old_format),
                glyph_alignment: item
                    .child("GlyphOptions")
                    .and_then(|options| near_or_far(options, "Alignment"))
                    .unwrap_or_default(),
                glyph_size: item.child("GlyphOptions").and_then(|options| pair(options, &["Size"])),
            }),
            "XRRichText" | "XRRichTextBox" => ControlKind::RichText(rich_text(item)),
            "XRChart" => ControlKind::Chart(Box::new(node(item))),
            "XRCharacterComb" => ControlKind::CharacterComb(CharacterComb {
                text: text_props(item, bindings, is_old, old_format),
                cell_width: number(item, "CellWidth").unwrap_or(25.0),
                cell_height: number(item, "CellHeight").unwrap_or(25.0),
            }),
            "XRPageBreak" => ControlKind::PageBreak,
            "XRTableOfContents" => ControlKind::TableOfContents(Box::new(node(item))),
            other => {
                let type_name = if other.is_empty() { "control without a type" } else { other };
                ControlKind::Unsupported {
                    type_name: type_name.to_owned(),
                    node: Box::new(node(item)),
                }
            }
        }
    }

    fn table(&mut self, item: Element<'d>) -> Result<Table, LayoutError> {
        let size = bounds(item);
        let row_items: Vec<Element<'d>> = items(item, "Rows").collect();
        let weights: Vec<f32> = row_items.iter().map(|&row| weight(row, |size| size.1)).collect();
        let heights = shares(&weights, size.height);
        let mut rows = Vec::with_capacity(row_items.len());
        let mut top = 0.0;
        for (at, (&row, &height)) in row_items.iter().zip(&heights).enumerate() {
            let cell_items: Vec<Element<'d>> = items(row, "Cells").collect();
            let cell_weights: Vec<f32> =
                cell_items.iter().map(|&cell| weight(cell, |size| size.0)).collect();
            let widths = shares(&cell_weights, size.width);
            let mut cells = Vec::with_capacity(cell_items.len());
            let mut left = 0.0;
            for ((&cell, &width), &weight) in cell_items.iter().zip(&widths).zip(&cell_weights) {
                let below = heights.len() - at;
                let row_span = integer::<usize>(cell, "RowSpan").unwrap_or(1).clamp(1, below);
                let height = heights[at..at + row_span].iter().sum();
                let place = Rect { x: left, y: top, width, height };
                let row_span = u32::try_from(row_span).unwrap_or(u32::MAX);
                cells.push(self.nested(cell, |reader| reader.cell(cell, weight, row_span, place))?);
                left += width;
            }
            let (bindings, _) = self.bindings(row);
            rows.push(TableRow {
                name: name(row, "Name").unwrap_or_default(),
                weight: weights[at],
                height,
                visible: is_visible(row),
                keep_together: flag(row, "KeepTogether").unwrap_or(false),
                look: self.look(row),
                bindings,
                cells,
            });
            top += height;
        }
        Ok(Table { rows })
    }

    fn cell(
        &mut self,
        item: Element<'d>,
        weight: f32,
        row_span: u32,
        place: Rect,
    ) -> Result<TableCell, LayoutError> {
        let (mut bindings, old_format) = self.bindings(item);
        let is_old = item.child("DataBindings").is_some();
        let text = text_props(item, &mut bindings, is_old, old_format);
        Ok(TableCell {
            weight,
            row_span,
            controls: self.controls(item)?,
            label: self.with_kind(item, ControlKind::Label(text), bindings, true, place),
        })
    }

    fn page_info(&self, item: Element<'d>) -> PageInfo {
        let running_band = self.references.target(item, "RunningBand");
        PageInfo {
            kind: choice(
                item,
                "PageInfo",
                &[
                    ("NumberOfTotal", PageInfoKind::NumberOfTotal),
                    ("Number", PageInfoKind::Number),
                    ("RomLowNumber", PageInfoKind::RomanLower),
                    ("RomHiNumber", PageInfoKind::RomanUpper),
                    ("Total", PageInfoKind::Total),
                    ("DateTime", PageInfoKind::DateTime),
                    ("UserName", PageInfoKind::UserName),
                ],
            )
            .unwrap_or_default(),
            format: text(item, "TextFormatString").or_else(|| text(item, "Format")),
            start_page: integer(item, "StartPageNumber").unwrap_or(1),
            running_band: running_band.and_then(|band| name(band, "Name")),
        }
    }

    fn subreport(&mut self, item: Element<'d>) -> Result<Subreport, LayoutError> {
        let bindings = items(item, "ParameterBindings").filter_map(|binding| {
            Some(ParameterBinding {
                parameter: name(binding, "ParameterName")?,
                value: self.bound_value(binding)?,
            })
        });
        let parameters = bindings.collect();
        let element =
            item.child("ReportSource").or_else(|| self.references.target(item, "ReportSource"));
        let report = if let Some(element) = element {
            if self.open_reports.contains(&element.number()) {
                return Err(LayoutError::ContainsItself {
                    line: item.line(),
                    name: item.attribute("Name").unwrap_or_default().to_owned(),
                });
            }
            if element.child("Bands").is_none() {
                self.leave_out("sub-report that is a program");
            }
            SubreportSource::Embedded(Box::new(
                self.nested(element, |reader| reader.report(element))?,
            ))
        } else {
            text(item, "ReportSourceUrl").map_or(SubreportSource::None, SubreportSource::Url)
        };
        Ok(Subreport {
            report,
            parameters,
            own_pages: flag(item, "GenerateOwnPages").unwrap_or(false),
        })
    }
}

/// A share of a table: older layouts have sizes instead.
fn weight(item: Element<'_>, of_size: impl Fn((f32, f32)) -> f32) -> f32 {
    let size = || pair(item, &["SizeF", "Size"]).map(of_size);
    number(item, "Weight").or_else(size).unwrap_or(1.0).max(0.0)
}

/// Parts of a length by weight; equal parts where no weight counts.
fn shares(weights: &[f32], length: f32) -> Vec<f32> {
    let sum: f32 = weights.iter().sum();
    if sum > 0.0 {
        weights.iter().map(|weight| length * weight / sum).collect()
    } else {
        vec![length / weights.len().max(1) as f32; weights.len()]
    }
}

pub(super) fn anchor_vertical(item: Element<'_>) -> Option<AnchorVertical> {
    choice(
        item,
        "AnchorVertical",
        &[
            ("Top", AnchorVertical::Top),
            ("Bottom", AnchorVertical::Bottom),
            ("Both", AnchorVertical::Both),
            ("None", AnchorVertical::None),
        ],
    )
}

fn picture(item: Element<'_>) -> Picture {
    let sizing = choice(
        item,
        "Sizing",
        &[
            ("StretchImage", Sizing::Stretch),
            ("AutoSize", Sizing::AutoSize),
            ("ZoomImage", Sizing::Zoom),
            ("Squeeze", Sizing::Squeeze),
            ("Tile", Sizing::Tile),
            ("Cover", Sizing::Cover),
        ],
    )
    .unwrap_or_default();
    let is_centered = matches!(sizing, Sizing::Zoom | Sizing::Squeeze | Sizing::Cover)
        || item.attribute("Sizing") == Some("CenterImage");
    let default = if is_centered {
        Alignment { horizontal: HorizontalAlignment::Center, vertical: VerticalAlignment::Middle }
    } else {
        Alignment::default()
    };
    let alignment = item.attribute("ImageAlignment").and_then(Alignment::parse).unwrap_or(default);
    Picture { image: image(item), sizing, alignment }
}

/// The constant picture of an element in any of its forms.
pub(super) fn image(item: Element<'_>) -> Image {
    let decode =
        |encoded: &str| STANDARD.decode(encoded.trim()).ok().filter(|bytes| !bytes.is_empty());
    if let Some(source) = item.attribute("ImageSource") {
        let (kind, encoded) = source.split_once(',').unwrap_or(("img", source));
        return match (kind, decode(encoded)) {
            ("svg", Some(bytes)) => {
                Image::Svg(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').into())
            }
            (_, Some(bytes)) => Image::Bytes(bytes.into()),
            (_, None) => Image::None,
        };
    }
    if let Some(bytes) = item.attribute("Image").and_then(decode) {
        return Image::Bytes(bytes.into());
    }
    text(item, "ImageUrl").map_or(Image::None, Image::Url)
}

fn line(item: Element<'_>) -> Line {
    Line {
        direction: choice(
            item,
            "LineDirection",
            &[
                ("Horizontal", LineDirection::Horizontal),
                ("Vertical", LineDirection::Vertical),
                ("Slant", LineDirection::Slant),
                ("BackSlant", LineDirection::BackSlant),
            ],
        )
        .unwrap_or_default(),
        width: line_width(item, &["LineWidth", "LineWidthF"]),
        dash: item.attribute("LineStyle").and_then(Dash::parse).unwrap_or_default(),
    }
}

fn shape(item: Element<'_>) -> Shape {
    Shape {
        figure: item.child("Shape").map(figure).unwrap_or_default(),
        fill: item
            .attribute("FillColor")
            .and_then(Color::parse)
            .filter(|color| !color.is_transparent()),
        line_width: line_width(item, &["LineWidth", "LineWidthF"]),
        dash: item.attribute("LineStyle").and_then(Dash::parse).unwrap_or_default(),
        angle: number(item, "Angle").unwrap_or(0.0),
        stretch: flag(item, "Stretch").unwrap_or(false),
    }
}

fn figure(element: Element<'_>) -> Figure {
    let percent =
        |name: &str, default: f32| number(element, name).unwrap_or(default).clamp(0.0, 100.0);
    let count = |name: &str, default: u32| integer(element, name).unwrap_or(default).clamp(3, 100);
    let fillet = percent("Fillet", 0.0);
    match element.attribute("ShapeName").unwrap_or("Ellipse") {
        "Ellipse" => Figure::Ellipse,
        "Rectangle" => Figure::Rectangle { fillet },
        "Line" => Figure::Line,
        "Arrow" => Figure::Arrow {
            head: percent("ArrowHeight", 50.0),
            shaft: percent("ArrowWidth", 50.0),
            fillet,
        },
        "Polygon" => Figure::Polygon { sides: count("NumberOfSides", 3), fillet },
        "Star" => Figure::Star {
            points: count("StarPointCount", 5),
            concavity: percent("Concavity", 50.0),
            fillet,
        },
        "Cross" => Figure::Cross {
            horizontal: percent("HorizontalLineWidth", 50.0),
            vertical: percent("VerticalLineWidth", 50.0),
            fillet,
        },
        "Bracket" => Figure::Bracket { tip: percent("TipLength", 20.0) },
        "Brace" => {
            Figure::Brace { tip: percent("TipLength", 20.0), fillet: percent("Fillet", 50.0) }
        }
        other => Figure::Other(other.to_owned()),
    }
}

fn bar_code(item: Element<'_>, old_format: Option<String>) -> BarCode {
    let symbology = item.child("Symbology").and_then(|symbology| symbology.attribute("Name"));
    BarCode {
        text: lines(item.attribute("Text").unwrap_or_default()),
        format: old_format.or_else(|| text(item, "TextFormatString")),
        module: number(item, "Module").unwrap_or(2.0),
        auto_module: flag(item, "AutoModule").unwrap_or(false),
        show_text: flag(item, "ShowText").unwrap_or(true),
        alignment: item
            .attribute("Alignment")
            .and_then(Alignment::parse)
            .map(|alignment| alignment.horizontal)
            .unwrap_or_default(),
        symbology: symbology.unwrap_or("Code128").to_owned(),
        node: Box::new(node(item)),
    }
}

fn check_state(item: Element<'_>) -> Option<bool> {
    let state = item.attribute("CheckBoxState").or_else(|| item.attribute("CheckState"));
    match state {
        Some("Checked") => Some(true),
        Some("Indeterminate") => None,
        Some(_) => Some(false),
        None => Some(flag(item, "Checked").unwrap_or(false)),
    }
}

fn near_or_far(item: Element<'_>, attribute: &str) -> Option<HorizontalAlignment> {
    choice(
        item,
        attribute,
        &[
            ("Near", HorizontalAlignment::Left),
            ("Center", HorizontalAlignment::Center),
            ("Far", HorizontalAlignment::Right),
        ],
    )
}

/// The constant rich text: RTF as UTF-16 in Base64, or as it is.
fn rich_text(item: Element<'_>) -> RichText {
    let encoded =
        item.attribute("SerializableRtfString").and_then(|text| STANDARD.decode(text.trim()).ok());
    let rtf = encoded.map(|bytes| {
        if bytes.starts_with(b"{\\rtf") {
            return String::from_utf8_lossy(&bytes).into_owned();
        }
        let (pairs, _) = bytes.as_chunks::<2>();
        let units = pairs.iter().map(|pair| u16::from_le_bytes(*pair));
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    });
    RichText {
        rtf: rtf
            .or_else(|| text(item, "Rtf"))
            .or_else(|| text(item, "RtfText"))
            .unwrap_or_default(),
    }
}
