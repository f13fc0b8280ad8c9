//! What holds for any text.

mod support;

use std::time::{Duration, Instant};

use pressroom_fonts::{
    Align, Direction, LayoutOptions, Lines, Paragraph, Span, TextStyle, Trimming,
};
use proptest::prelude::*;
use support::{arial, set, shaper};

/// Glyphs cover each line's text; the lines' sources follow each other.
fn check(text: &str, lines: &Lines, trimmed: bool) {
    let mut at = 0;
    for line in lines {
        assert_eq!(line.source.start, at, "lines follow each other");
        assert!(text.is_char_boundary(line.source.end));
        at = line.source.end;
        let mut covered = vec![false; line.text.len()];
        let mut offset = 0.0;
        for run in &line.runs {
            assert!((run.offset - offset).abs() < 0.01, "runs follow each other");
            offset += run.width;
            for glyph in &run.glyphs {
                let range = glyph.range.start as usize..glyph.range.end as usize;
                assert!(line.text.get(range.clone()).is_some(), "{range:?} of {:?}", line.text);
                covered[range].fill(true);
            }
        }
        assert!(covered.iter().all(|covered| *covered), "{:?}: {:?}", line.text, line.runs);
        assert!(line.width.is_finite() && line.x.is_finite() && line.top.is_finite());
    }
    assert!(trimmed || at == text.len(), "all of the text is set");
}

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ -~]{0,12}",
        2 => "\\PC{0,6}",
        1 => any::<char>().prop_map(String::from),
        1 => prop::sample::select(vec![
            "\n", "\r\n", "\t", " ", "\u{AD}", "\u{A0}", "\u{200B}", "\u{301}", "\u{200D}", "\u{202E}",
            "\u{2067}", "\u{2069}", "שלום", "مرحبا", "漢字かな", "ไทยแลนด์", "हिन्दी", "👩‍👩‍👧", "🇨🇭", "ffi",
            "𝔘", "\u{FE0F}", "\u{2029}",
        ])
        .prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn any_options() -> impl Strategy<Value = LayoutOptions> {
    let align =
        prop::sample::select(vec![Align::Left, Align::Center, Align::Right, Align::Justify]);
    let direction =
        prop::sample::select(vec![Direction::Auto, Direction::LeftToRight, Direction::RightToLeft]);
    let trimming = prop::sample::select(vec![
        Trimming::None,
        Trimming::Character,
        Trimming::Word,
        Trimming::EllipsisCharacter,
        Trimming::EllipsisWord,
    ]);
    let height = prop::option::of(0.0..60.0_f32);
    (any::<bool>(), any::<bool>(), align, direction, trimming, height).prop_map(
        |(wrap, hard_breaks, align, direction, trimming, max_height)| LayoutOptions {
            wrap,
            hard_breaks,
            align,
            direction,
            trimming,
            max_height,
            tab_width: None,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_is_set(
        text in any_text(),
        width in prop::option::of(-5.0..120.0_f32),
        options in any_options(),
        spans in prop::collection::vec((0..60_usize, 0..30_usize, 1.0..30.0_f32), 0..4),
    ) {
        let style = TextStyle::new(arial(), 10.0);
        let spans = spans
            .into_iter()
            .map(|(start, length, size)| Span {
                range: start..start + length,
                style: TextStyle::new(arial(), size),
            })
            .collect();
        let paragraph = Paragraph { spans, ..Paragraph::new(&text, style) };
        let lines = shaper().layout(&paragraph, width, &options);
        check(&text, &lines, lines.is_trimmed());
    }

    #[test]
    fn any_text_is_shaped(text in any_text()) {
        let mut shaper = shaper();
        let line = shaper.shape_line(&text, &arial(), 10.0);
        let drawn: f32 = line.runs.iter().map(|run| run.width).sum();
        prop_assert!((line.width - drawn).abs() < 0.01);
        prop_assert_eq!(line.width, shaper.measure(&text, &arial(), 10.0));
        let mut covered = vec![false; text.len()];
        for glyph in line.runs.iter().flat_map(|run| &run.glyphs) {
            covered[glyph.range.start as usize..glyph.range.end as usize].fill(true);
        }
        prop_assert!(covered.iter().all(|covered| *covered));
    }
}

/// Sets large texts of one repeated piece, a megabyte each in an optimised build. A way that is
/// quadratic in the text would take hours.
#[test]
fn large_texts_take_bounded_time() {
    let samples = [
        "word ",
        "x",
        "ש",
        "ש a ",
        "漢",
        "a\u{301}",
        "\u{301}",
        "\u{202E}a\u{202C}",
        "\u{2067}",
        "(",
        "\n",
        "\t",
        "a\u{AD}",
        "👩‍👩‍👧",
        "ب",
        "ไทย",
    ];
    for sample in samples {
        let text =
            sample.repeat(1_000_000 / sample.len() / if cfg!(debug_assertions) { 10 } else { 1 });
        let started = Instant::now();
        let lines = set(&text, Some(200.0), &LayoutOptions::default());
        let taken = started.elapsed();
        eprintln!("{sample:?}: {} lines, {taken:?}", lines.len());
        check(&text, &lines, lines.is_trimmed());
        assert!(taken < Duration::from_secs(60), "{sample:?} took {taken:?}");
    }
}

#[test]
fn odd_numbers_do_no_harm() {
    let options = LayoutOptions {
        trimming: Trimming::EllipsisCharacter,
        max_height: Some(f32::NAN),
        tab_width: Some(f32::INFINITY),
        align: Align::Justify,
        ..LayoutOptions::default()
    };
    for size in [0.0, -3.0, f32::NAN, f32::INFINITY, 1e30] {
        for width in [f32::NAN, f32::NEG_INFINITY, 0.0, 1e-30, 1e30] {
            let paragraph = Paragraph::new("a\tb c שלום\nd", TextStyle::new(arial(), size));
            let _ = shaper().layout(&paragraph, Some(width), &options);
        }
    }
}
