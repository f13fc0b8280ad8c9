//! Measures of the bundled faces against published values.

mod support;

use pressroom_fonts::{Face, FontBytes, FontError, FontLibrary};
use support::{arial, shaper};

#[track_caller]
fn near(actual: f32, expected: f32) {
    assert!((actual - expected).abs() < 0.001, "{actual} is not {expected}");
}

/// Advance widths of the families that the bundled ones stand in for, in thousandths of an em.
#[test]
fn advances_are_those_of_the_families_stood_in_for() {
    let cases: &[(&str, char, f32)] = &[
        ("Arial", 'A', 0.667),
        ("Arial", '0', 0.556),
        ("Arial", 'i', 0.222),
        ("Arial", ' ', 0.278),
        ("Times New Roman", 'A', 0.722),
        ("Times New Roman", '0', 0.500),
        ("Courier New", 'W', 0.600),
        ("Calibri", '0', 0.507),
        ("Calibri", 'A', 0.579),
        ("Verdana", '0', 0.636),
    ];
    let library = FontLibrary::bundled();
    for (family, c, expected) in cases {
        let advance = library.face(family, false, false).advance(*c).expect("the face has it");
        assert!((advance - expected).abs() < 0.0006, "{family} {c:?}: {advance}");
    }
}

#[test]
fn figures_of_every_face_are_of_one_width() {
    let library = FontLibrary::bundled();
    for family in ["Arial", "Times New Roman", "Courier New", "Calibri", "Cambria", "Verdana"] {
        for (bold, italic) in [(false, false), (true, false), (false, true), (true, true)] {
            let face = library.face(family, bold, italic);
            let zero = face.advance('0').expect("the face has it");
            for c in '1'..='9' {
                let width = face.advance(c).expect("the face has it");
                assert!((width - zero).abs() < 0.001, "{face:?} {c}: {width}");
            }
            // In words with other scripts, which are shaped in full, too.
            let mut shaper = shaper();
            let full = shaper.shape_line("\u{2060}1\u{2060}0", &face, 1.0);
            near(full.width, 2.0 * zero);
        }
    }
}

/// What .NET's `Font.GetHeight` gives for a font size of one.
#[test]
fn line_heights_are_those_of_the_families_asked_for() {
    let cases: &[(&str, f32)] = &[
        ("Arial", 1.149_9),
        ("Times New Roman", 1.149_9),
        ("Courier New", 1.132_8),
        ("Calibri", 1.220_7),
        ("Cambria", 1.172),
        ("Tahoma", 1.207),
        ("Verdana", 1.215),
        ("Segoe UI", 1.330),
        ("Microsoft Sans Serif", 1.132),
        ("Georgia", 1.136),
        ("Consolas", 1.171),
    ];
    let library = FontLibrary::bundled();
    for (family, expected) in cases {
        let height = library.face(family, false, false).metrics().line_height();
        assert!((height - expected).abs() < 0.001, "{family}: {height}");
    }
}

#[test]
fn measures_of_a_face() {
    let face = arial();
    let metrics = face.metrics();
    near(metrics.ascent, 0.905);
    near(metrics.descent, 0.212);
    near(metrics.line_gap, 0.033);
    near(metrics.underline_thickness, 0.073);
    near(metrics.underline_offset, 0.069);
    assert!(metrics.strikeout_offset > 0.2 && metrics.strikeout_offset < 0.3);
    near(face.line_height(9.75), 11.2115);
}

#[test]
fn every_style_of_every_family_is_there() {
    let library = FontLibrary::bundled();
    for family in [
        "Liberation Sans",
        "Liberation Serif",
        "Liberation Mono",
        "Carlito",
        "Caladea",
        "DejaVu Sans",
        "DejaVu Serif",
        "DejaVu Sans Mono",
    ] {
        for (bold, italic) in [(false, false), (true, false), (false, true), (true, true)] {
            let face = library.face(family, bold, italic);
            assert_eq!(&**face.family(), family);
            assert_eq!((face.is_bold(), face.is_italic()), (bold, italic), "{family}");
            assert!(!face.synthetic_bold() && !face.synthetic_italic());
            assert!(face.covers('A') && face.bytes().as_ref().len() > 50_000);
            let again = Face::from_bytes(face.bytes().clone(), face.index()).expect("a font");
            assert_eq!((again.is_bold(), again.is_italic()), (bold, italic), "{family}");
            assert_eq!(again.family(), face.family());
        }
    }
}

#[test]
fn libraries_share_the_bundled_faces() {
    let one = FontLibrary::bundled().face("Arial", true, false);
    let other = FontLibrary::bundled().face("ARIAL", true, false);
    assert_eq!(one.id(), other.id());
    assert_eq!(one, other);
    let tahoma = FontLibrary::bundled().face("Tahoma", true, false);
    assert_eq!(tahoma.id(), one.id());
    assert_ne!(tahoma, one, "its lines are higher");
}

#[test]
fn bytes_that_are_no_font_are_refused() {
    for bytes in [b"".as_slice(), b"no font", &[0, 1, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0]] {
        assert!(matches!(Face::from_bytes(FontBytes::new(bytes), 0), Err(FontError::NotAFont)));
    }
    let bytes = arial().bytes().clone();
    assert!(matches!(Face::from_bytes(bytes, 3), Err(FontError::NoSuchFace(3))));
}

#[test]
fn cut_and_garbled_fonts_do_no_harm() {
    let whole = arial().bytes().as_ref().to_vec();
    let mut shaper = shaper();
    for length in (0..whole.len()).step_by(whole.len() / 40) {
        if let Ok(face) = Face::from_bytes(FontBytes::new(whole[..length].to_vec()), 0) {
            let _ = shaper.shape_line("Garbled é שלום", &face, 10.0);
        }
    }
    for at in (0..4000).step_by(97) {
        let mut garbled = whole.clone();
        for byte in &mut garbled[at..at + 8] {
            *byte ^= 0xA5;
        }
        if let Ok(face) = Face::from_bytes(FontBytes::new(garbled), 0) {
            let _ = shaper.shape_line("Garbled é שלום", &face, 10.0);
        }
    }
}
