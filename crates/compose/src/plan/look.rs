//! Looks, from what the layout says to what is painted.

use std::sync::Arc;

use pressroom_fonts::{Align, FontLibrary};
use pressroom_page::{self as page, Pt, Stroke};
use pressroom_report::{
    self as report, Alignment, ComputedStyle, HorizontalAlignment, Look, VerticalAlignment,
};

use super::expression::Expression;
use crate::fragment::{Borders, Decor, VerticalAlign};
use crate::text::{Insets, TextLook};

/// A look with everything decided, ready to paint with.
#[derive(Clone, Debug)]
pub(crate) struct LookPlan {
    /// What it was made of, for expressions that change a part of it.
    pub(crate) style: ComputedStyle,
    pub(crate) text: TextLook,
    pub(crate) decor: Option<Arc<Decor>>,
}

impl LookPlan {
    pub(crate) fn new(style: ComputedStyle, fonts: &FontLibrary, right_to_left: bool) -> Self {
        let font = &style.font;
        let padding = style.padding;
        let text = TextLook {
            face: fonts.face(&font.family, font.bold, font.italic),
            size: font.size_pt.clamp(0.5, 2000.0),
            color: color(style.fore_color),
            underline: font.underline,
            strikeout: font.strikeout,
            align: align(style.text_alignment, right_to_left),
            vertical: vertical(style.text_alignment),
            padding: Insets {
                left: Pt(padding.left),
                right: Pt(padding.right),
                top: Pt(padding.top),
                bottom: Pt(padding.bottom),
            },
            right_to_left,
        };
        let decor = decor(&style);
        Self { style, text, decor }
    }
}

/// The looks of an element: rows may take turns, and expressions may have a say.
#[derive(Clone, Debug)]
pub(crate) struct Looks {
    pub(crate) base: Arc<LookPlan>,
    pub(crate) even: Option<Arc<LookPlan>>,
    pub(crate) odd: Option<Arc<LookPlan>>,
    /// What depends on the row.
    pub(crate) changing: Option<Box<ChangingLook>>,
}

/// What of a look depends on the row: decided anew each time it is printed.
#[derive(Clone, Debug)]
pub(crate) struct ChangingLook {
    pub(crate) look: Look,
    pub(crate) container: ComputedStyle,
    /// The conditions of conditional formats, by their place in the definition.
    pub(crate) rules: Vec<(usize, Expression)>,
    /// Properties that expressions set.
    pub(crate) bindings: Vec<(String, Expression)>,
    /// The style's name as an expression gives it.
    pub(crate) style_name: Option<Expression>,
}

fn decor(style: &ComputedStyle) -> Option<Arc<Decor>> {
    let background = (!style.back_color.is_transparent()).then(|| color(style.back_color));
    let sides = style.borders;
    let bordered =
        !sides.is_none() && style.border_width > 0.0 && !style.border_color.is_transparent();
    if background.is_none() && !bordered {
        return None;
    }
    let borders = Borders {
        left: sides.left,
        top: sides.top,
        right: sides.right,
        bottom: sides.bottom,
        stroke: Stroke {
            color: color(style.border_color),
            width: Pt(style.border_width),
            dash: dash(style.border_dash),
        },
        double: style.border_dash == report::Dash::Double,
    };
    let borders = if bordered { borders } else { Borders::default() };
    Some(Arc::new(Decor { background, borders }))
}

pub(crate) fn color(color: report::Color) -> page::Color {
    page::Color { r: color.r, g: color.g, b: color.b, a: color.a }
}

pub(crate) fn dash(dash: report::Dash) -> page::Dash {
    match dash {
        report::Dash::Solid | report::Dash::Double => page::Dash::Solid,
        report::Dash::Dash => page::Dash::Dash,
        report::Dash::Dot => page::Dash::Dot,
        report::Dash::DashDot => page::Dash::DashDot,
        report::Dash::DashDotDot => page::Dash::DashDotDot,
    }
}

fn align(alignment: Alignment, right_to_left: bool) -> Align {
    match alignment.horizontal {
        HorizontalAlignment::Left if right_to_left => Align::Right,
        HorizontalAlignment::Right if right_to_left => Align::Left,
        HorizontalAlignment::Left => Align::Left,
        HorizontalAlignment::Center => Align::Center,
        HorizontalAlignment::Right => Align::Right,
        HorizontalAlignment::Justify => Align::Justify,
    }
}

fn vertical(alignment: Alignment) -> VerticalAlign {
    match alignment.vertical {
        VerticalAlignment::Top => VerticalAlign::Top,
        VerticalAlignment::Middle => VerticalAlign::Middle,
        VerticalAlignment::Bottom => VerticalAlign::Bottom,
    }
}
