//! Single lines.

mod support;

use pressroom_fonts::{FontLibrary, ShapedLine};
use support::{arial, shaper};

fn ids(line: &ShapedLine) -> Vec<u16> {
    line.runs.iter().flat_map(|run| &run.glyphs).map(|glyph| glyph.id).collect()
}

#[test]
fn figures_are_even_and_exact() {
    let mut shaper = shaper();
    let face = arial();
    // 5 × 0.556 em + 2 × 0.278 em at 10 pt.
    let line = shaper.shape_line("1,111.0", &face, 10.0);
    assert!((line.width - 33.37).abs() < 0.01, "{}", line.width);
    assert_eq!(line.width, shaper.measure("9,876.5", &face, 10.0));
    assert_eq!(line.width, shaper.measure("1,111.0", &face, 10.0));
    assert!((line.ascent - 9.05).abs() < 0.01 && (line.height - 11.5).abs() < 0.01);
}

#[test]
fn words_are_kerned() {
    let mut shaper = shaper();
    let face = arial();
    let alone = 2.0 * 0.667;
    let kerned = shaper.measure("AV", &face, 1.0);
    assert!((kerned - alone + 0.074).abs() < 0.002, "{kerned}");
    // The cached word gives the same.
    assert_eq!(shaper.measure("AV", &face, 1.0), kerned);
    assert_eq!(shaper.measure("AV AV", &face, 1.0), 2.0 * kerned + face.advance(' ').unwrap());
}

#[test]
fn ranges_follow_the_bytes_of_the_text() {
    let line = shaper().shape_line("Größe 5 m²", &arial(), 10.0);
    let ranges: Vec<_> =
        line.runs.iter().flat_map(|run| &run.glyphs).map(|glyph| glyph.range.clone()).collect();
    let text = "Größe 5 m²";
    let expected: Vec<_> =
        text.char_indices().map(|(at, c)| at as u32..(at + c.len_utf8()) as u32).collect();
    assert_eq!(ranges, expected);
}

/// The two ways to the same glyphs: a zero-width space sends a word to the full path.
#[test]
fn the_fast_path_and_the_full_path_agree() {
    let mut shaper = shaper();
    let library = FontLibrary::bundled();
    for family in ["Arial", "Times New Roman", "Calibri", "Verdana", "Courier New"] {
        let face = library.face(family, false, true);
        for word in ["AVATAR", "Office", "Straße", "Привет", "Γειά", "To.", "Tiếng"] {
            let fast = shaper.shape_line(word, &face, 10.0);
            let full = shaper.shape_line(&format!("{word}\u{200B}"), &face, 10.0);
            let mut glyphs = ids(&full);
            glyphs.pop();
            assert_eq!(ids(&fast), glyphs, "{family} {word}");
            assert!((fast.width - full.width).abs() < 1e-4, "{family} {word}");
        }
    }
}

#[test]
fn a_missing_character_is_drawn_by_another_face() {
    let mut shaper = shaper();
    let face = arial();
    let line = shaper.shape_line("a ☎ b", &face, 10.0);
    let families: Vec<_> = line.runs.iter().map(|run| run.face.family().to_string()).collect();
    assert_eq!(families, ["Liberation Sans", "DejaVu Sans", "Liberation Sans"]);
    assert!(!ids(&line).contains(&0));
    assert!(shaper.missing().is_empty());
}

#[test]
fn what_no_face_has_is_told() {
    let mut shaper = shaper();
    let line = shaper.shape_line("漢字 ok", &arial(), 10.0);
    assert_eq!(ids(&line)[..2], [0, 0]);
    assert_eq!(shaper.take_missing().into_iter().collect::<String>(), "字漢");
    assert!(shaper.missing().is_empty());
}

#[test]
fn controls_are_not_drawn_and_line_ends_are_spaces() {
    let mut shaper = shaper();
    let face = arial();
    let plain = shaper.measure("a b", &face, 10.0);
    for text in ["a b\u{7}", "a\nb", "a\u{2028}b", "\u{FEFF}a b", "a\u{200B} b", "a \u{AD}b"] {
        assert!((shaper.measure(text, &face, 10.0) - plain).abs() < 1e-4, "{text:?}");
    }
    assert!(shaper.missing().is_empty());
}

#[test]
fn marks_join_their_letters() {
    let mut shaper = shaper();
    let face = arial();
    let composed = shaper.shape_line("é", &face, 10.0);
    let apart = shaper.shape_line("e\u{301}", &face, 10.0);
    assert_eq!(ids(&composed), ids(&apart));
    assert_eq!(apart.runs[0].glyphs[0].range, 0..3);
}

#[test]
fn arabic_letters_take_their_joined_forms() {
    let mut shaper = shaper();
    let face = arial();
    let joined = shaper.shape_line("ببب", &face, 10.0);
    let alone = shaper.shape_line("ب", &face, 10.0);
    let glyphs = ids(&joined);
    assert_eq!(glyphs.len(), 3);
    assert!(glyphs.iter().all(|id| *id != ids(&alone)[0]));
    assert!(joined.runs[0].right_to_left);
    // From left to right: the last letter first.
    let starts: Vec<_> = joined.runs[0].glyphs.iter().map(|glyph| glyph.range.start).collect();
    assert_eq!(starts, [4, 2, 0]);
    // The slanted face has no Arabic; the upright one helps out and says so.
    let italic = FontLibrary::bundled().face("Arial", false, true);
    let line = shaper.shape_line("ب", &italic, 10.0);
    assert!(!ids(&line).contains(&0));
    assert!(line.runs[0].face.synthetic_italic());
}

#[test]
fn an_empty_text_has_no_width_but_a_height() {
    let line = shaper().shape_line("", &arial(), 10.0);
    assert_eq!((line.width, line.runs.len()), (0.0, 0));
    assert!(line.height > 11.0);
}

#[test]
fn libraries_are_shared_and_sessions_move_between_threads() {
    fn shared<T: Send + Sync>() {}
    fn moved<T: Send>() {}
    shared::<FontLibrary>();
    shared::<pressroom_fonts::Face>();
    moved::<pressroom_fonts::Shaper>();
}

#[test]
fn the_same_session_or_another_gives_the_same() {
    let texts = ["Quarterly results", "مرحبا world 12", "x\u{301}yz", "№ 5 – “quoted”"];
    let mut one = shaper();
    for text in texts {
        let first = one.shape_line(text, &arial(), 9.0);
        assert_eq!(first, one.shape_line(text, &arial(), 9.0));
        assert_eq!(first, shaper().shape_line(text, &arial(), 9.0));
    }
}
