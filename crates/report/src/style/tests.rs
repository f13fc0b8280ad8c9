use super::*;
use crate::{Expression, Style, StylePriority, StyleRefs};

const GREEN: Color = Color::rgb(0, 128, 0);
const RED: Color = Color::rgb(255, 0, 0);
const BLUE: Color = Color::rgb(0, 0, 255);
const GOLD: Color = Color::rgb(255, 215, 0);

fn colored(color: Color) -> Appearance {
    Appearance { fore_color: Some(color), ..Appearance::default() }
}

/// A report with a style per kind of row and a conditional format.
fn report() -> Definition {
    let style = |name: &str, color| Style { name: name.into(), appearance: colored(color) };
    Definition {
        styles: vec![
            style("base", GREEN),
            style("odd", RED),
            style("even", BLUE),
            Style { name: "says nothing".into(), appearance: Appearance::default() },
        ],
        formatting_rules: vec![
            FormattingRule {
                name: "gold".into(),
                condition: Expression::new("true", 0),
                appearance: colored(GOLD),
                ..FormattingRule::default()
            },
            FormattingRule {
                name: "white".into(),
                appearance: colored(Color::WHITE),
                ..FormattingRule::default()
            },
        ],
        ..Definition::default()
    }
}

/// `own`, `base`, `odd`, `even`, `own wins`.
fn look(own: Option<Color>, base: &str, odd: &str, even: &str, own_wins: bool) -> Look {
    let named = |name: &str| (!name.is_empty()).then(|| name.into());
    let mut priority = StylePriority::default();
    if own_wins {
        priority.prefer_own(Property::ForeColor);
    }
    Look {
        appearance: Appearance { fore_color: own, ..Appearance::default() },
        styles: StyleRefs { base: named(base), odd: named(odd), even: named(even) },
        priority,
        formatting_rules: Vec::new(),
    }
}

#[test]
fn own_values_styles_and_containers() {
    let report = report();
    let container = ComputedStyle { fore_color: Color::rgb(1, 2, 3), ..ComputedStyle::default() };
    let check = |case: &str, look: &Look, parity, expect: Color| {
        let style = resolve(&report, &container, look, parity, |_| false);
        assert_eq!(style.fore_color, expect, "{case}");
    };
    let own = Some(Color::BLACK);
    check(
        "nothing set: the container's",
        &look(None, "", "", "", false),
        Parity::None,
        container.fore_color,
    );
    check("own value", &look(own, "", "", "", false), Parity::None, Color::BLACK);
    check("the style beats the own value", &look(own, "base", "", "", false), Parity::None, GREEN);
    check(
        "unless the priority prefers it",
        &look(own, "base", "", "", true),
        Parity::None,
        Color::BLACK,
    );
    check("a preference for nothing", &look(None, "base", "", "", true), Parity::None, GREEN);
    check(
        "a style that sets nothing",
        &look(own, "says nothing", "", "", false),
        Parity::None,
        Color::BLACK,
    );
    check(
        "a style that is not there",
        &look(own, "lost", "", "", false),
        Parity::None,
        Color::BLACK,
    );
    check("any letter case", &look(own, "BASE", "", "", false), Parity::None, GREEN);
    check("odd rows", &look(own, "base", "odd", "even", false), Parity::Odd, RED);
    check("even rows", &look(own, "base", "odd", "even", false), Parity::Even, BLUE);
    check("outside rows", &look(own, "base", "odd", "even", false), Parity::None, GREEN);
    check("even row, odd style only", &look(own, "base", "odd", "", false), Parity::Even, GREEN);
    check(
        "odd style, own preferred",
        &look(own, "base", "odd", "", true),
        Parity::Odd,
        Color::BLACK,
    );
}

#[test]
fn conditional_formats_beat_everything_and_the_last_wins() {
    let report = report();
    let mut look = look(Some(Color::BLACK), "base", "", "", true);
    look.formatting_rules = vec![0, 1, 99];
    let check = |applying: &[&str], expect| {
        let container = ComputedStyle::default();
        let style = resolve(&report, &container, &look, Parity::None, |rule| {
            applying.contains(&&*rule.name)
        });
        assert_eq!(style.fore_color, expect, "{applying:?}");
    };
    check(&[], Color::BLACK);
    check(&["gold"], GOLD);
    check(&["gold", "white"], Color::WHITE);
}

#[test]
fn a_cell_inherits_from_row_table_band_and_report() {
    let report = report();
    let with = |appearance| Look { appearance, ..Look::default() };
    let chain = [
        with(Appearance { font: FontSpec::parse("Arial, 8pt"), ..Appearance::default() }),
        with(Appearance { back_color: Some(GOLD), ..Appearance::default() }),
        with(Appearance { borders: Some(Borders::ALL), ..Appearance::default() }),
        with(Appearance { padding: Padding::parse("10,0,0,0,100"), ..Appearance::default() }),
        with(Appearance { borders: Some(Borders::NONE), ..Appearance::default() }),
    ];
    let cell = chain.iter().fold(ComputedStyle::default(), |container, look| {
        resolve(&report, &container, look, Parity::None, |_| false)
    });
    assert_eq!(cell.font.family.as_ref(), "Arial");
    assert_eq!(cell.back_color, GOLD);
    assert_eq!(cell.borders, Borders::NONE);
    assert!((cell.padding.left - 7.2).abs() < 1e-4);
}

#[test]
fn bound_properties() {
    let check = |property: &str, value: Value, expect: &dyn Fn(&ComputedStyle) -> bool| {
        let mut style = ComputedStyle::default();
        assert!(style.set(property, &value), "{property}");
        assert!(expect(&style), "{property} = {value:?} gave {style:?}");
    };
    check("ForeColor", "Red".into(), &|style| style.fore_color == RED);
    check("BackColor", "255,0,0,255".into(), &|style| style.back_color == BLUE);
    check("Font.Bold", true.into(), &|style| style.font.bold);
    check("Font.Size", Value::Int(20), &|style| style.font.size_pt == 20.0);
    check("Padding.Left", Value::Int(4), &|style| style.padding.left == 3.0);
    check("TextAlignment", "BottomRight".into(), &|style| {
        style.text_alignment != Alignment::default()
    });
    check("ForeColor", Value::Null, &|style| style.fore_color == Color::BLACK);
    check("ForeColor", "no colour".into(), &|style| style.fore_color == Color::BLACK);
    assert!(!ComputedStyle::default().set("Text", &"x".into()));
}

#[test]
fn the_first_row_is_odd() {
    assert_eq!([0, 1, 2].map(Parity::of_row), [Parity::Odd, Parity::Even, Parity::Odd]);
}
