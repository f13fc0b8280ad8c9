//! Properties of elements: attributes in their invariant text forms.

use std::sync::Arc;

use pressroom_query::xml::Element;

use crate::text_form::{parse_number, pixels};
use crate::{
    Alignment, Appearance, Borders, Color, Dash, Expression, FontSpec, Node, Padding, Property,
    Rect, StylePriority,
};

/// A length.
pub(super) fn number(element: Element<'_>, name: &str) -> Option<f32> {
    element.attribute(name).and_then(parse_number)
}

/// A whole number.
pub(super) fn integer<T: std::str::FromStr>(element: Element<'_>, name: &str) -> Option<T> {
    element.attribute(name)?.trim().parse().ok()
}

/// A truth value.
pub(super) fn flag(element: Element<'_>, name: &str) -> Option<bool> {
    match element.attribute(name)?.trim() {
        text if text.eq_ignore_ascii_case("true") || text == "1" => Some(true),
        text if text.eq_ignore_ascii_case("false") || text == "0" => Some(false),
        _ => None,
    }
}

/// A text that is not empty.
pub(super) fn text(element: Element<'_>, name: &str) -> Option<String> {
    element.value(name).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A name that is not empty.
pub(super) fn name(element: Element<'_>, name: &str) -> Option<Arc<str>> {
    element.value(name).filter(|text| !text.is_empty()).map(Arc::from)
}

/// An expression that is not blank.
pub(super) fn expression(element: Element<'_>, name: &str) -> Option<Expression> {
    element
        .value(name)
        .filter(|text| !text.trim().is_empty())
        .map(|text| Expression::new(text, element.line()))
}

/// One of several words, in any letter case.
pub(super) fn choice<T: Copy>(element: Element<'_>, name: &str, words: &[(&str, T)]) -> Option<T> {
    let word = element.attribute(name)?.trim();
    words.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, value)| *value)
}

/// Two numbers, such as a place or a size.
pub(super) fn pair(element: Element<'_>, names: &[&str]) -> Option<(f32, f32)> {
    let text = names.iter().find_map(|name| element.attribute(name))?;
    let (first, second) = text.split_once([',', ';'])?;
    Some((parse_number(first)?, parse_number(second)?))
}

/// The text of a control: line breaks in one form.
pub(super) fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The bounds of a control.
pub(super) fn bounds(element: Element<'_>) -> Rect {
    let (x, y) = pair(element, &["LocationFloat", "LocationF", "Location"]).unwrap_or_default();
    let size = pair(element, &["SizeF", "Size"]);
    let width = size.map(|size| size.0).or_else(|| number(element, "WidthF"));
    let height = size.map(|size| size.1).or_else(|| number(element, "HeightF"));
    let (width, height) = (width.unwrap_or(100.0).max(0.0), height.unwrap_or(23.0).max(0.0));
    Rect { x, y, width, height }
}

/// What an element sets of its look; styles use other names for some properties.
pub(super) fn appearance(element: Element<'_>) -> Appearance {
    let read = |names: [&str; 2]| names.iter().find_map(|name| element.attribute(name));
    Appearance {
        font: element.attribute("Font").and_then(FontSpec::parse),
        fore_color: element.attribute("ForeColor").and_then(Color::parse),
        back_color: element.attribute("BackColor").and_then(Color::parse),
        border_color: element.attribute("BorderColor").and_then(Color::parse),
        border_width: read(["BorderWidth", "BorderWidthSerializable"])
            .and_then(parse_number)
            .map(pixels),
        border_dash: element.attribute("BorderDashStyle").and_then(Dash::parse),
        borders: read(["Borders", "Sides"]).and_then(Borders::parse),
        padding: element.attribute("Padding").and_then(Padding::parse),
        text_alignment: element.attribute("TextAlignment").and_then(Alignment::parse),
    }
}

/// Where an element's own look wins over its styles.
pub(super) fn style_priority(element: Element<'_>) -> StylePriority {
    const USES: [(&str, Property); 9] = [
        ("UseFont", Property::Font),
        ("UseForeColor", Property::ForeColor),
        ("UseBackColor", Property::BackColor),
        ("UseBorderColor", Property::BorderColor),
        ("UseBorderWidth", Property::BorderWidth),
        ("UseBorderDashStyle", Property::BorderDash),
        ("UseBorders", Property::Borders),
        ("UsePadding", Property::Padding),
        ("UseTextAlignment", Property::TextAlignment),
    ];
    let mut priority = StylePriority::default();
    if let Some(uses) = element.child("StylePriority") {
        for (name, property) in USES {
            if flag(uses, name) == Some(false) {
                priority.prefer_own(property);
            }
        }
    }
    priority
}

/// An element with everything in it, as it is.
pub(super) fn node(element: Element<'_>) -> Node {
    Node {
        name: element.name().to_owned(),
        attributes: element
            .attributes()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        children: element.children().map(node).collect(),
        text: element.text().to_owned(),
    }
}
