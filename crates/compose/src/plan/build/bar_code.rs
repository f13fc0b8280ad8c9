//! Bar codes: from the names of a layout to a symbology with its choices.

use pressroom_chart::barcode::{
    CharacterSet, Compaction, ErrorCorrection, Orientation, Place as CodePlace, Symbology,
};
use pressroom_data::CompositeFormat;
use pressroom_report::{
    self as report, Alignment, Control, HorizontalAlignment, VerticalAlignment,
};

use super::{Builder, Place, Zone};
use crate::plan::{BarCodePlan, KindPlan, TextPlan};

impl Builder<'_> {
    pub(super) fn bar_code(
        &mut self,
        control: &Control,
        code: &report::BarCode,
        name: &str,
        zone: Zone,
    ) -> KindPlan {
        if let report::Support::Placeholder(words) = report::support(&control.kind) {
            return KindPlan::Unsupported(words.into());
        }
        let place = Place::new(zone, name);
        let bound = control
            .binding("Text")
            .map(|binding| self.expression(&binding.expression.text, place))
            .filter(|value| value.compiled.is_some());
        let text = match bound {
            Some(value) => TextPlan::Value {
                value,
                format: code.format.as_deref().map(CompositeFormat::parse),
            },
            None => self.constant(&code.text, place),
        };
        let alignment = alignment(code, "Alignment").unwrap_or_default();
        KindPlan::BarCode(Box::new(BarCodePlan {
            text,
            symbology: symbology(code),
            module: self.length(code.module),
            auto_module: code.auto_module,
            place: (horizontal(alignment.horizontal), vertical(alignment.vertical)),
            show_text: code.show_text,
            text_above: self::alignment(code, "TextAlignment")
                .is_some_and(|alignment| alignment.vertical == VerticalAlignment::Top),
            orientation: match code.node.attribute("BarCodeOrientation") {
                Some("UpsideDown") => Orientation::UpsideDown,
                Some("RotateLeft") => Orientation::RotateLeft,
                Some("RotateRight") => Orientation::RotateRight,
                _ => Orientation::Normal,
            },
        }))
    }
}

/// An alignment that the layout sets on the bar code itself.
fn alignment(code: &report::BarCode, attribute: &str) -> Option<Alignment> {
    code.node.attribute(attribute).and_then(Alignment::parse)
}

/// Where something stands across.
pub(crate) fn horizontal(alignment: HorizontalAlignment) -> CodePlace {
    match alignment {
        HorizontalAlignment::Left | HorizontalAlignment::Justify => CodePlace::Start,
        HorizontalAlignment::Center => CodePlace::Center,
        HorizontalAlignment::Right => CodePlace::End,
    }
}

fn vertical(alignment: VerticalAlignment) -> CodePlace {
    match alignment {
        VerticalAlignment::Top => CodePlace::Start,
        VerticalAlignment::Middle => CodePlace::Center,
        VerticalAlignment::Bottom => CodePlace::End,
    }
}

/// The symbology of a bar code. What the layout leaves out has the default of its file format.
fn symbology(code: &report::BarCode) -> Symbology {
    let property = |name: &str| code.node.child("Symbology").and_then(|node| node.attribute(name));
    let check = property("CalcCheckSum").is_none_or(|value| !value.eq_ignore_ascii_case("false"));
    let ratio = |default: f32| {
        property("WideNarrowRatio").and_then(|value| value.trim().parse().ok()).unwrap_or(default)
    };
    let letter = |name: &str| {
        let value = property(name).and_then(|value| value.chars().next());
        value.filter(|letter| matches!(letter, 'A'..='D')).unwrap_or('A')
    };
    match code.symbology.as_str() {
        "Code128" => Symbology::Code128 {
            set: match property("CharacterSet") {
                Some("CharsetB") => CharacterSet::B,
                Some("CharsetC") => CharacterSet::C,
                Some("CharsetAuto") => CharacterSet::Auto,
                _ => CharacterSet::A,
            },
        },
        "EAN128" => Symbology::Gs1128 {
            separator: property("FNC1Substitute")
                .and_then(|value| value.chars().next())
                .unwrap_or('#'),
        },
        "Code39" => Symbology::Code39 { extended: false, check, ratio: ratio(2.5) },
        "Code39Extended" => Symbology::Code39 { extended: true, check, ratio: ratio(2.5) },
        "Code93" | "Code93Extended" => Symbology::Code93,
        "EAN13" => Symbology::Ean13,
        "EAN8" => Symbology::Ean8,
        "UPCA" => Symbology::UpcA,
        "UPCE0" => Symbology::UpcE { system: 0 },
        "UPCE1" => Symbology::UpcE { system: 1 },
        "Interleaved2of5" => Symbology::Interleaved2of5 { check, ratio: ratio(3.0) },
        "ITF14" => Symbology::Itf14 { ratio: ratio(2.5) },
        "Codabar" => Symbology::Codabar {
            start: letter("StartSymbol"),
            stop: letter("StopSymbol"),
            ratio: ratio(2.0),
        },
        "QRCode" => Symbology::Qr {
            correction: match property("ErrorCorrectionLevel") {
                Some("M") => ErrorCorrection::M,
                Some("Q") => ErrorCorrection::Q,
                Some("H") => ErrorCorrection::H,
                _ => ErrorCorrection::L,
            },
            compaction: match property("CompactionMode") {
                Some("Byte") => Compaction::Byte,
                _ => Compaction::Auto,
            },
            version: property("Version")
                .and_then(|value| value.strip_prefix("Version"))
                .and_then(|number| number.parse().ok()),
        },
        other => Symbology::Other(other.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_to_be_drawn_is_known() {
        for name in report::DRAWN_SYMBOLOGIES {
            let code = report::BarCode { symbology: name.to_owned(), ..Default::default() };
            assert!(!matches!(symbology(&code), Symbology::Other(_)), "{name}");
        }
    }
}
