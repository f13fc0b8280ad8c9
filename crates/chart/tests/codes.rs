//! Whatever text a symbology takes, what comes out is a code of that symbology.

use pressroom_chart::barcode::{
    BarCodeError, CharacterSet, Code, Compaction, DrawOptions, ErrorCorrection, Orientation, Shape,
    Symbology, draw, encode,
};
use pressroom_page::{Pt, Segment, Size};
use proptest::prelude::*;

/// Every symbology that is drawn, with usual choices.
fn all() -> Vec<Symbology> {
    vec![
        Symbology::Code128 { set: CharacterSet::Auto },
        Symbology::Code128 { set: CharacterSet::A },
        Symbology::Code128 { set: CharacterSet::C },
        Symbology::Gs1128 { separator: '#' },
        Symbology::Code39 { extended: false, check: true, ratio: 2.5 },
        Symbology::Code39 { extended: true, check: false, ratio: 3.0 },
        Symbology::Code93,
        Symbology::Ean13,
        Symbology::Ean8,
        Symbology::UpcA,
        Symbology::UpcE { system: 0 },
        Symbology::Interleaved2of5 { check: true, ratio: 3.0 },
        Symbology::Itf14 { ratio: 2.5 },
        Symbology::Codabar { start: 'A', stop: 'B', ratio: 2.0 },
        Symbology::Qr {
            correction: ErrorCorrection::M,
            compaction: Compaction::Auto,
            version: None,
        },
    ]
}

/// The dark and light modules of a code whose bars are whole modules wide.
fn modules(code: &Code) -> Vec<bool> {
    let Shape::Bars(bars) = &code.shape else { panic!("not bars") };
    let runs = bars.widths.iter().enumerate();
    runs.flat_map(|(place, width)| std::iter::repeat_n(place % 2 == 0, *width as usize)).collect()
}

#[test]
fn what_is_not_drawn_says_so() {
    let told = encode(&Symbology::Other("DataMatrix".to_owned()), "1").expect_err("not drawn");
    assert_eq!(told, BarCodeError::Unsupported { symbology: "DataMatrix".to_owned() });
}

#[test]
fn no_text_is_no_code() {
    for symbology in all() {
        assert!(matches!(encode(&symbology, ""), Err(BarCodeError::Empty { .. })), "{symbology:?}");
        let long = "1".repeat(8_000);
        assert!(
            matches!(encode(&symbology, &long), Err(BarCodeError::TooLong { .. })),
            "{symbology:?}"
        );
    }
}

proptest! {
    #[test]
    fn no_text_does_harm(text in any::<String>(), which in 0_usize..15) {
        if let Ok(code) = encode(&all()[which], &text)
            && let Shape::Bars(bars) = &code.shape
        {
            // Begins and ends with a bar, and nothing is too narrow to be seen.
            prop_assert_eq!(bars.widths.len() % 2, 1);
            prop_assert!(bars.widths.iter().all(|width| *width >= 1.0));
        }
    }

    #[test]
    fn codes_of_ascii_have_the_length_that_their_symbols_have(text in "[ -~]{1,40}") {
        let length = |symbology| encode(&symbology, &text).map(|code| modules(&code).len());
        // Code 128: eleven modules a symbol, two more in the stop.
        prop_assert_eq!(length(Symbology::Code128 { set: CharacterSet::Auto })? % 11, 2);
        // Code 93: nine modules a character, and the last bar.
        prop_assert_eq!(length(Symbology::Code93)? % 9, 1);
    }

    #[test]
    fn no_character_set_beats_the_automatic_one(text in "[0-9a-zA-Z]{1,30}") {
        let length = |set| encode(&Symbology::Code128 { set }, &text).map(|code| modules(&code).len());
        let auto = length(CharacterSet::Auto)?;
        for set in [CharacterSet::A, CharacterSet::B, CharacterSet::C] {
            prop_assert!(auto <= length(set)?);
        }
    }

    #[test]
    fn an_ean_reads_the_same_with_and_without_its_check_digit(digits in "[0-9]{12}") {
        let code = encode(&Symbology::Ean13, &digits)?;
        let whole = code.text();
        prop_assert_eq!(&whole[..12], digits);
        prop_assert_eq!(encode(&Symbology::Ean13, &whole)?, code);
    }

    #[test]
    fn drawings_stay_in_their_box(
        text in "[0-9]{1,12}",
        which in 0_usize..15,
        turn in 0_usize..4,
        auto_module: bool,
        (width, height, module) in (1.0_f32..400.0, 1.0_f32..400.0, 0.1_f32..9.0),
    ) {
        let orientations =
            [Orientation::Normal, Orientation::UpsideDown, Orientation::RotateLeft, Orientation::RotateRight];
        let Ok(code) = encode(&all()[which], &text) else { return Ok(()) };
        let options = DrawOptions {
            orientation: orientations[turn],
            auto_module,
            module: Pt(module),
            ..DrawOptions::new(Size::new(Pt(width), Pt(height)))
        };
        let Ok(drawing) = draw(&code, &options) else { return Ok(()) };
        for segment in &drawing.path.segments {
            if let Segment::Move(point) | Segment::Line(point) = segment {
                let inside = (-0.05..=width + 0.05).contains(&point.x.0) && (-0.05..=height + 0.05).contains(&point.y.0);
                prop_assert!(inside, "{:?} in {} x {}", point, width, height);
            }
        }
    }
}
