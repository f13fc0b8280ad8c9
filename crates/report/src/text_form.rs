//! The text forms of looks, as layouts and bound values write them.

use std::sync::Arc;

use crate::known_colors::known_color;
use crate::{
    Alignment, Borders, Color, Dash, FontSpec, HorizontalAlignment, Padding, VerticalAlignment,
};

impl Color {
    /// Reads `A,R,G,B`, `R,G,B`, `#RRGGBB`, `#AARRGGBB`, or a name such as `DimGray`.
    ///
    /// ```
    /// use pressroom_report::Color;
    /// assert_eq!(Color::parse("69, 77, 103"), Some(Color::rgb(69, 77, 103)));
    /// assert_eq!(Color::parse("dimgray"), Some(Color::rgb(105, 105, 105)));
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(digits) = text.strip_prefix('#') {
            let value = u32::from_str_radix(digits, 16).ok()?;
            let [a, r, g, b] = value.to_be_bytes();
            return match digits.len() {
                6 => Some(Self::rgb(r, g, b)),
                8 => Some(Self { a, r, g, b }),
                _ => None,
            };
        }
        if !text.contains([',', ';']) {
            return known_color(text);
        }
        let mut parts = text.split([',', ';']).map(|part| part.trim().parse::<u8>().ok());
        let mut next = || parts.next().flatten();
        let (first, second, third) = (next()?, next()?, next()?);
        Some(match next() {
            Some(fourth) => Self { a: first, r: second, g: third, b: fourth },
            None => Self::rgb(first, second, third),
        })
    }
}

impl FontSpec {
    /// Reads `Arial, 9.75pt, style=Bold, Italic, charSet=0`. What is missing is as in the default.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let semicolons = text.contains(';');
        let mut parts = text.split(if semicolons { ';' } else { ',' }).map(str::trim);
        let family = parts.next().filter(|family| !family.is_empty())?;
        let mut font = Self { family: Arc::from(family), ..Self::default() };
        for part in parts {
            let part = part.strip_prefix("style=").unwrap_or(part).trim();
            // with semicolons between parts, commas separate styles and decimals
            for word in part.split(',').map(str::trim).filter(|_| !starts_with_digit(part)) {
                font.set_style(word);
            }
            if starts_with_digit(part)
                && let Some(size) = parse_font_size(&part.replace(',', "."))
            {
                font.size_pt = size;
            }
        }
        Some(font)
    }

    fn set_style(&mut self, word: &str) {
        match word.to_ascii_lowercase().as_str() {
            "bold" => self.bold = true,
            "italic" => self.italic = true,
            "underline" => self.underline = true,
            "strikeout" => self.strikeout = true,
            _ => {}
        }
    }
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit() || first == '.')
}

/// A font size such as `9.75pt`, in points.
fn parse_font_size(text: &str) -> Option<f32> {
    let unit_at = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let size = parse_number(&text[..unit_at])?;
    let points = match text[unit_at..].trim() {
        "px" | "world" => 72.0 / 96.0,
        "in" => 72.0,
        "mm" => 72.0 / 25.4,
        "doc" => 72.0 / 300.0,
        "display" => 72.0 / 75.0,
        _ => 1.0,
    };
    (size > 0.0).then(|| (size * points).clamp(0.1, 2_000.0))
}

/// A number in the invariant form. Anything beyond what a page could hold is brought back to it.
pub(crate) fn parse_number(text: &str) -> Option<f32> {
    const FAR: f32 = 1e6;
    let number: f32 = text.trim().parse().ok()?;
    number.is_finite().then(|| number.clamp(-FAR, FAR))
}

impl Padding {
    /// Reads `left,right,top,bottom,dpi`. Without a resolution the numbers are hundredths of an inch.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split([',', ';']).map(|part| parse_number(part).unwrap_or(0.0));
        let mut next = || numbers.next();
        let (left, right, top, bottom) = (next()?, next()?, next()?, next()?);
        let points = match next() {
            None => 72.0 / 100.0,
            Some(dpi) if dpi > 0.0 => 72.0 / dpi,
            Some(_) => 0.0,
        };
        Some(Self {
            left: left * points,
            right: right * points,
            top: top * points,
            bottom: bottom * points,
        })
    }
}

impl Borders {
    /// Reads `Left, Top`, `All` or `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut borders = Self::NONE;
        for word in text.split(',') {
            match word.trim().to_ascii_lowercase().as_str() {
                "left" => borders.left = true,
                "top" => borders.top = true,
                "right" => borders.right = true,
                "bottom" => borders.bottom = true,
                "all" => borders = Self::ALL,
                "none" => {}
                _ => return None,
            }
        }
        Some(borders)
    }
}

impl Dash {
    /// Reads the name of a dash style.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.trim().to_ascii_lowercase().as_str() {
            "solid" => Self::Solid,
            "dash" => Self::Dash,
            "dot" => Self::Dot,
            "dashdot" => Self::DashDot,
            "dashdotdot" => Self::DashDotDot,
            "double" => Self::Double,
            _ => return None,
        })
    }
}

impl Alignment {
    /// Reads names such as `MiddleRight`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let (vertical, rest) = if let Some(rest) = text.strip_prefix("top") {
            (VerticalAlignment::Top, rest)
        } else if let Some(rest) = text.strip_prefix("middle") {
            (VerticalAlignment::Middle, rest)
        } else {
            (VerticalAlignment::Bottom, text.strip_prefix("bottom")?)
        };
        let horizontal = match rest {
            "left" => HorizontalAlignment::Left,
            "center" => HorizontalAlignment::Center,
            "right" => HorizontalAlignment::Right,
            "justify" => HorizontalAlignment::Justify,
            _ => return None,
        };
        Some(Self { horizontal, vertical })
    }
}

/// Pixels of a screen, in which widths of lines are told, as points.
pub(crate) fn pixels(width: f32) -> f32 {
    width.max(0.0) * 0.75
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_font(text: &str, family: &str, size: f32, style: &str) {
        let font = FontSpec::parse(text).expect(text);
        let mut set = String::new();
        for (letter, on) in
            [('b', font.bold), ('i', font.italic), ('u', font.underline), ('s', font.strikeout)]
        {
            if on {
                set.push(letter);
            }
        }
        assert_eq!((&*font.family, set.as_str()), (family, style), "{text}");
        assert!((font.size_pt - size).abs() < 0.001, "{text}: {}", font.size_pt);
    }

    #[test]
    fn fonts() {
        check_font("Arial, 9.75pt", "Arial", 9.75, "");
        check_font("Arial, 9.75pt, style=Bold, Italic, charSet=0", "Arial", 9.75, "bi");
        check_font("Segoe UI, 12px, style=Underline", "Segoe UI", 9.0, "u");
        check_font("Tahoma, 8", "Tahoma", 8.0, "");
        check_font("Verdana; 9,75pt; style=Bold, Strikeout", "Verdana", 9.75, "bs");
        check_font("Arial, 2.54mm", "Arial", 7.2, "");
        check_font("Arial", "Arial", 9.75, "");
        check_font("Arial, 0pt", "Arial", 9.75, "");
        assert_eq!(FontSpec::parse(""), None);
        assert_eq!(FontSpec::parse(", 8pt"), None);
    }

    #[test]
    fn colors() {
        let check =
            |text: &str, expect: Option<Color>| assert_eq!(Color::parse(text), expect, "{text}");
        check("255,113,69,168", Some(Color::rgb(113, 69, 168)));
        check("0, 1, 2, 3", Some(Color { a: 0, r: 1, g: 2, b: 3 }));
        check("69,77,103", Some(Color::rgb(69, 77, 103)));
        check("#ff8000", Some(Color::rgb(255, 128, 0)));
        check("#80ff8000", Some(Color { a: 128, r: 255, g: 128, b: 0 }));
        check("Transparent", Some(Color::TRANSPARENT));
        check("windowtext", Some(Color::BLACK));
        check("256,0,0", None);
        check("1,2", None);
        check("#fff", None);
        check("", None);
    }

    #[test]
    fn paddings_have_a_resolution_of_their_own() {
        let check = |text: &str, expect: Option<[f32; 4]>| {
            let padding = Padding::parse(text).map(|p| [p.left, p.right, p.top, p.bottom]);
            assert_eq!(padding, expect, "{text}");
        };
        check("100,50,25,0,100", Some([72.0, 36.0, 18.0, 0.0]));
        check("96, 48, 0, 0, 96", Some([72.0, 36.0, 0.0, 0.0]));
        check("254,0,0,0,254", Some([72.0, 0.0, 0.0, 0.0]));
        check("2,2,0,0,0", Some([0.0; 4]));
        check("2,2", None);
    }

    #[test]
    fn borders_and_alignments() {
        assert_eq!(
            Borders::parse("Left, Bottom"),
            Some(Borders { left: true, bottom: true, ..Borders::NONE })
        );
        assert_eq!(Borders::parse("All"), Some(Borders::ALL));
        assert_eq!(Borders::parse("None"), Some(Borders::NONE));
        assert_eq!(Borders::parse("Middle"), None);
        assert_eq!(
            Alignment::parse("MiddleJustify"),
            Some(Alignment {
                horizontal: HorizontalAlignment::Justify,
                vertical: VerticalAlignment::Middle
            })
        );
        assert_eq!(Alignment::parse("Center"), None);
    }

    #[test]
    fn numbers_stay_on_earth() {
        assert_eq!(parse_number("7.9E-05"), Some(7.9e-5));
        assert_eq!(parse_number("1e30"), Some(1e6));
        assert_eq!(parse_number("NaN"), None);
        assert_eq!(parse_number("1,5"), None);
    }
}
