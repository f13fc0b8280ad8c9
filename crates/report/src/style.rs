//! How an element looks, after its own values, its styles, its conditional formats and what it
//! inherits have been weighed.

use std::sync::Arc;

use pressroom_data::Value;

use crate::text_form::pixels;
use crate::{
    Alignment, Appearance, Borders, Color, Dash, Definition, FontSpec, FormattingRule, Look,
    Padding, Property,
};

/// Every look of an element, decided.
#[derive(Clone, Debug, PartialEq)]
pub struct ComputedStyle {
    /// The font.
    pub font: FontSpec,
    /// The colour of text and lines.
    pub fore_color: Color,
    /// The colour behind.
    pub back_color: Color,
    /// The colour of border lines.
    pub border_color: Color,
    /// The width of border lines in points; 0 is none.
    pub border_width: f32,
    /// How border lines are dashed.
    pub border_dash: Dash,
    /// Which sides have a border line.
    pub borders: Borders,
    /// Space inside the box.
    pub padding: Padding,
    /// Where the text stands.
    pub text_alignment: Alignment,
}

impl Default for ComputedStyle {
    /// What a report means that says nothing.
    fn default() -> Self {
        Self {
            font: FontSpec::default(),
            fore_color: Color::BLACK,
            back_color: Color::TRANSPARENT,
            border_color: Color::BLACK,
            border_width: pixels(1.0),
            border_dash: Dash::Solid,
            borders: Borders::NONE,
            padding: Padding::default(),
            text_alignment: Alignment::default(),
        }
    }
}

/// Whether a row is the first, third, … or the second, fourth, … of its level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Parity {
    /// Not within a row.
    #[default]
    None,
    /// The first, the third, …
    Odd,
    /// The second, the fourth, …
    Even,
}

impl Parity {
    /// Of a row counted from 0.
    #[must_use]
    pub const fn of_row(index: u64) -> Self {
        if index.is_multiple_of(2) { Self::Odd } else { Self::Even }
    }
}

/// Decides every look of an element inside a container.
///
/// For each property, the first of these that has a value wins:
/// 1. the last of the conditional formats that apply;
/// 2. the element's own value, where its priority prefers that;
/// 3. the style for odd or even rows, then the base style;
/// 4. the element's own value;
/// 5. what the container was decided to have.
///
/// The outermost container is `ComputedStyle::default()`, in which the report itself stands; then
/// come band, table, row and cell. `applies` says whether a conditional format applies to the
/// current row.
///
/// ```
/// use pressroom_report::{Appearance, Color, ComputedStyle, Definition, Look, Parity, resolve};
///
/// let look = Look {
///     appearance: Appearance { fore_color: Some(Color::WHITE), ..Appearance::default() },
///     ..Look::default()
/// };
/// let report = Definition::default();
/// let style = resolve(&report, &ComputedStyle::default(), &look, Parity::None, |_| false);
/// assert_eq!(style.fore_color, Color::WHITE);
/// assert_eq!(style.font.size_pt, 9.75);
/// ```
#[must_use]
pub fn resolve(
    definition: &Definition,
    container: &ComputedStyle,
    look: &Look,
    parity: Parity,
    mut applies: impl FnMut(&FormattingRule) -> bool,
) -> ComputedStyle {
    let rules: Vec<&Appearance> = look
        .formatting_rules
        .iter()
        .rev()
        .filter_map(|&at| definition.formatting_rules.get(at))
        .filter(|rule| applies(rule))
        .map(|rule| &rule.appearance)
        .collect();
    let styles = &look.styles;
    let of_row = match parity {
        Parity::None => None,
        Parity::Odd => styles.odd.as_ref(),
        Parity::Even => styles.even.as_ref(),
    };
    let named: Vec<&Appearance> = [of_row, styles.base.as_ref()]
        .into_iter()
        .flatten()
        .filter_map(|name| definition.style(name))
        .map(|style| &style.appearance)
        .collect();

    macro_rules! decide {
        ($field:ident, $property:ident) => {{
            let own = look.appearance.$field.as_ref();
            let styled = || named.iter().find_map(|appearance| appearance.$field.as_ref());
            let chosen = rules.iter().find_map(|appearance| appearance.$field.as_ref());
            let chosen = chosen.or_else(|| {
                if look.priority.own_wins(Property::$property) {
                    own.or_else(styled)
                } else {
                    styled().or(own)
                }
            });
            chosen.unwrap_or(&container.$field).clone()
        }};
    }
    ComputedStyle {
        font: decide!(font, Font),
        fore_color: decide!(fore_color, ForeColor),
        back_color: decide!(back_color, BackColor),
        border_color: decide!(border_color, BorderColor),
        border_width: decide!(border_width, BorderWidth),
        border_dash: decide!(border_dash, BorderDash),
        borders: decide!(borders, Borders),
        padding: decide!(padding, Padding),
        text_alignment: decide!(text_alignment, TextAlignment),
    }
}

impl ComputedStyle {
    /// Sets a property to the value of an expression bound to it, such as `Font.Bold` or `BackColor`.
    /// Null, and what cannot be understood, leaves it as it is. Returns whether the property is one of
    /// looks at all. Paddings are pixels, font sizes points, colours names or numbers.
    pub fn set(&mut self, property: &str, value: &Value) -> bool {
        let text = value.as_text();
        match property.to_ascii_lowercase().as_str() {
            "forecolor" => put(&mut self.fore_color, text.and_then(Color::parse)),
            "backcolor" => put(&mut self.back_color, text.and_then(Color::parse)),
            "bordercolor" => put(&mut self.border_color, text.and_then(Color::parse)),
            "borderwidth" => put(&mut self.border_width, number(value).map(pixels)),
            "borderdashstyle" => put(&mut self.border_dash, text.and_then(Dash::parse)),
            "borders" => put(&mut self.borders, text.and_then(Borders::parse)),
            "padding" => put(&mut self.padding, text.and_then(Padding::parse)),
            "padding.all" => {
                if let Some(all) = number(value).map(pixels) {
                    self.padding = Padding { left: all, right: all, top: all, bottom: all };
                }
            }
            "padding.left" => put(&mut self.padding.left, number(value).map(pixels)),
            "padding.right" => put(&mut self.padding.right, number(value).map(pixels)),
            "padding.top" => put(&mut self.padding.top, number(value).map(pixels)),
            "padding.bottom" => put(&mut self.padding.bottom, number(value).map(pixels)),
            "textalignment" => put(&mut self.text_alignment, text.and_then(Alignment::parse)),
            "font" => put(&mut self.font, text.and_then(FontSpec::parse)),
            "font.name" | "font.family" | "font.fontfamily" => {
                put(&mut self.font.family, text.filter(|name| !name.is_empty()).map(Arc::from));
            }
            "font.size" => {
                put(
                    &mut self.font.size_pt,
                    number(value).filter(|size| (0.1..=2_000.0).contains(size)),
                );
            }
            "font.bold" => put(&mut self.font.bold, truth(value)),
            "font.italic" => put(&mut self.font.italic, truth(value)),
            "font.underline" => put(&mut self.font.underline, truth(value)),
            "font.strikeout" => put(&mut self.font.strikeout, truth(value)),
            _ => return false,
        }
        true
    }
}

fn put<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Int(number) => Some(*number != 0),
        Value::Text(text) => text.trim().to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "lengths on a page need no more than an f32 has"
)]
fn number(value: &Value) -> Option<f32> {
    match value {
        Value::Double(number) => number.is_finite().then_some(*number as f32),
        Value::Int(number) => Some(*number as f32),
        Value::Decimal(number) => number.to_string().parse().ok(),
        Value::Text(text) => crate::text_form::parse_number(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
