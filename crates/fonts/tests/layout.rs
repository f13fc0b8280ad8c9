//! Paragraphs: where lines end, and where they stand.

mod support;

use insta::assert_snapshot;
use pressroom_fonts::{
    Align, Direction, FontLibrary, LayoutOptions, Paragraph, Span, TextStyle, Trimming,
};
use support::{arial, places, set, shaper, texts, towards, visual};

const PANGRAM: &str = "The quick brown fox jumps over the lazy dog, then naps.";

#[test]
fn lines_end_at_words() {
    assert_snapshot!(texts(&set(PANGRAM, Some(100.0), &LayoutOptions::default())), @r"
    [The quick brown fox]
    [jumps over the lazy]
    [dog, then naps.]
    ");
}

#[test]
fn without_wrapping_only_line_ends_count() {
    let options = LayoutOptions { wrap: false, ..LayoutOptions::default() };
    let text = "one two three\nfour\r\nfive\rsix\u{2028}seven\n";
    assert_snapshot!(texts(&set(text, Some(30.0), &options)), @r"
    [one two three]
    [four]
    [five]
    [six]
    [seven]
    []
    ");
    let options = LayoutOptions { hard_breaks: false, ..options };
    assert_eq!(set(text, Some(30.0), &options).len(), 1);
}

#[test]
fn a_long_word_is_broken_inside() {
    let text = "see Donaudampfschifffahrtsgesellschaftskapitän ok";
    assert_snapshot!(texts(&set(text, Some(60.0), &LayoutOptions::default())), @r"
    [see]
    [Donaudampf]
    [schifffahrtsge]
    [sellschaftska]
    [pitän ok]
    ");
}

#[test]
fn something_stands_on_each_line_of_no_width() {
    assert_snapshot!(texts(&set("ab c", Some(0.0), &LayoutOptions::default())), @r"
    [a]
    [b]
    [c]
    ");
}

#[test]
fn a_soft_hyphen_shows_where_a_line_ends_at_it() {
    let text = "Donau\u{AD}dampf\u{AD}schiff\u{AD}fahrt";
    let lines = set(text, Some(70.0), &LayoutOptions::default());
    let shown = texts(&lines).replace('\u{AD}', "|");
    assert_eq!(shown, "[Donau|dampf-]\n[schiff|fahrt]");
    // The one that shows is a glyph of its own, the others have no width.
    assert_eq!(lines[0].width, shaper().measure("Donaudampf-", &arial(), 10.0));
}

#[test]
fn no_break_spaces_hold_and_hyphens_part() {
    let text = "pay 10\u{A0}000\u{A0}EUR to well-known people";
    assert_snapshot!(texts(&set(text, Some(62.0), &LayoutOptions::default())), @r"
    [pay]
    [10 000 EUR]
    [to well-]
    [known people]
    ");
}

#[test]
fn chinese_and_japanese_break_between_characters() {
    let text = "報告書は毎月末に作成されます。確認してください。";
    assert_snapshot!(texts(&set(text, Some(60.0), &LayoutOptions::default())), @r"
    [報告書は毎月末に]
    [作成されます。確]
    [認してください。]
    ");
}

#[test]
fn thai_breaks_between_words() {
    let text = "รายงานประจำเดือนของบริษัท";
    assert_snapshot!(texts(&set(text, Some(90.0), &LayoutOptions::default())), @r"
    [รายงานประจำ]
    [เดือนของ]
    [บริษัท]
    ");
}

#[test]
fn hebrew_reads_from_right_to_left() {
    let text = "דוח חודשי (2024) של ACME Ltd. מוכן לעיון.";
    let options = LayoutOptions { align: Align::Right, ..towards(Direction::RightToLeft) };
    assert_snapshot!(places(&set(text, Some(110.0), &options)), @r"
    20.8 +89.2 [לש )2024( ישדוח חוד]
    17.2 +92.8 [.ןויעל ןכומ .ACME Ltd]
    ");
}

#[test]
fn arabic_reads_from_right_to_left() {
    let text = "تقرير المبيعات الشهري 15% أكثر من العام الماضي";
    let options = LayoutOptions { align: Align::Right, ..towards(Direction::Auto) };
    assert_snapshot!(places(&set(text, Some(90.0), &options)), @r"
    30.2 +59.8 [تاعيبملا ريرقت]
    15.3 +74.7 [رثكأ %15 يرهشلا]
    19.3 +70.7 [يضاملا ماعلا نم]
    ");
}

#[test]
fn a_left_to_right_line_keeps_right_to_left_words_in_place() {
    let lines = set("price אבג 12 units", None, &LayoutOptions::default());
    assert_eq!(visual(&lines[0]), "price 12 גבא units");
}

#[test]
fn lines_stand_where_they_are_told() {
    for (align, expected) in [
        (Align::Left, "0.0 +20.6 [wide]\n0.0 +2.2 [i]"),
        (Align::Center, "9.7 +20.6 [wide]\n18.9 +2.2 [i]"),
        (Align::Right, "19.4 +20.6 [wide]\n37.8 +2.2 [i]"),
        (Align::Justify, "0.0 +20.6 [wide]\n0.0 +2.2 [i]"),
    ] {
        let options = LayoutOptions { align, ..LayoutOptions::default() };
        assert_eq!(places(&set("wide\ni", Some(40.0), &options)), expected, "{align:?}");
    }
    // Without a width the longest line gives it.
    let options = LayoutOptions { align: Align::Right, ..LayoutOptions::default() };
    assert_eq!(places(&set("wide\ni", None, &options)), "0.0 +20.6 [wide]\n18.3 +2.2 [i]");
}

#[test]
fn justified_lines_fill_the_width_but_the_last() {
    let options = LayoutOptions { align: Align::Justify, ..LayoutOptions::default() };
    let lines = set(PANGRAM, Some(100.0), &options);
    let (last, full) = lines.iter().as_slice().split_last().expect("lines");
    for line in full {
        assert_eq!(line.width, 100.0);
        let drawn: f32 = line.runs.iter().map(|run| run.width).sum();
        let advances: f32 = line
            .runs
            .iter()
            .flat_map(|run| run.glyphs.iter().map(move |glyph| glyph.advance * run.size))
            .sum();
        assert!((drawn - 100.0).abs() < 0.01 && (advances - 100.0).abs() < 0.01);
    }
    assert!(last.width < 90.0 && last.ends_paragraph);
}

#[test]
fn spaces_at_a_line_end_hang() {
    let lines = set("one      two", Some(25.0), &LayoutOptions::default());
    assert_eq!(texts(&lines), "[one]\n[two]");
    assert_eq!((lines[0].source.clone(), lines[1].source.clone()), (0..9, 9..12));
}

#[test]
fn tabs_go_to_the_next_stop() {
    let options = LayoutOptions { tab_width: Some(50.0), ..LayoutOptions::default() };
    let lines = set("a\tb\n\tc\nmuch longer text\td", None, &options);
    let last = |line: usize| lines[line].runs.last().map(|run| run.offset);
    assert_eq!([last(0), last(1), last(2)], [Some(50.0), Some(50.0), Some(100.0)]);
}

#[test]
fn lines_are_as_high_as_their_highest_style() {
    let style = TextStyle::new(arial(), 10.0);
    let big = TextStyle { user: 7, ..TextStyle::new(arial(), 20.0) };
    let text = "small BIG small\nsmall";
    let paragraph =
        Paragraph { spans: vec![Span { range: 6..9, style: big }], ..Paragraph::new(text, style) };
    let lines = shaper().layout(&paragraph, None, &LayoutOptions::default());
    let shape: Vec<_> = lines
        .iter()
        .map(|line| (line.top.round(), line.baseline.round(), line.height.round()))
        .collect();
    assert_eq!(shape, [(0.0, 18.0, 23.0), (23.0, 32.0, 11.0)]);
    let looks: Vec<_> = lines[0].runs.iter().map(|run| (run.size, run.user)).collect();
    assert_eq!(looks, [(10.0, 0), (20.0, 7), (10.0, 0)]);
}

#[test]
fn spans_may_overlap_leave_gaps_and_miss_the_text() {
    let style = TextStyle::new(arial(), 10.0);
    let look = |user| TextStyle { user, ..style.clone() };
    let spans = [(1..4, 1), (3..6, 2), (9..99, 3), (400..500, 4)];
    let spans = spans.map(|(range, user)| Span { range, style: look(user) }).to_vec();
    let paragraph = Paragraph { spans, ..Paragraph::new("aäbcdefghijk", style.clone()) };
    let lines = shaper().layout(&paragraph, None, &LayoutOptions::default());
    let users: Vec<_> = lines[0]
        .runs
        .iter()
        .map(|run| {
            let (first, last) = (&run.glyphs[0].range, &run.glyphs[run.glyphs.len() - 1].range);
            (run.user, &lines[0].text[first.start as usize..last.end as usize])
        })
        .collect();
    assert_eq!(users, [(0, "a"), (1, "äb"), (2, "cd"), (0, "efg"), (3, "hijk")]);
}

#[test]
fn trimming_one_line() {
    for (trimming, expected) in [
        (Trimming::None, "[The quick brown fox]"),
        (Trimming::Character, "[The quick br]"),
        (Trimming::Word, "[The quick]"),
        (Trimming::EllipsisCharacter, "[The quick…]"),
        (Trimming::EllipsisWord, "[The quick…]"),
    ] {
        let options = LayoutOptions { wrap: false, trimming, ..LayoutOptions::default() };
        let lines = set("The quick brown fox", Some(56.0), &options);
        assert_eq!(texts(&lines), expected, "{trimming:?}");
        assert_eq!(lines.is_trimmed(), trimming != Trimming::None);
        assert!(trimming == Trimming::None || lines.width() <= 56.01);
        // What fits stays whole.
        assert_eq!(texts(&set("The quick", Some(56.0), &options)), "[The quick]");
    }
}

#[test]
fn trimming_below_a_height() {
    let options = LayoutOptions {
        trimming: Trimming::EllipsisWord,
        max_height: Some(25.0),
        ..LayoutOptions::default()
    };
    let lines = set(PANGRAM, Some(100.0), &options);
    assert_snapshot!(texts(&lines), @r"
    [The quick brown fox]
    [jumps over the lazy…]
    ");
    assert!(lines.is_trimmed() && lines.height() <= 25.0);
    // A line that a line end closes gets its ellipsis too.
    assert_eq!(texts(&set("one\ntwo\nthree", Some(100.0), &options)), "[one]\n[two…]");
    // Nothing is left out: nothing is trimmed.
    assert_eq!(texts(&set("one\ntwo\n", Some(100.0), &options)), "[one]\n[two]");
    // One line stays in any case.
    let options = LayoutOptions { max_height: Some(1.0), ..options };
    assert_eq!(texts(&set("one\ntwo", Some(100.0), &options)), "[one…]");
}

#[test]
fn an_ellipsis_stands_at_the_reading_end() {
    let options = LayoutOptions {
        wrap: false,
        trimming: Trimming::EllipsisCharacter,
        ..towards(Direction::RightToLeft)
    };
    let lines = set("שלום לכולם וברוכים הבאים", Some(60.0), &options);
    assert!(visual(&lines[0]).starts_with('…'), "{}", visual(&lines[0]));
}

#[test]
fn lines_can_be_shared_out_over_pages() {
    let mut lines = set(PANGRAM, Some(60.0), &LayoutOptions::default());
    let all = lines.len();
    let fit = lines.fit(0, 24.0);
    assert_eq!(fit, 2);
    let rest = lines.split_off(fit);
    assert_eq!((lines.len(), rest.len()), (2, all - 2));
    assert_eq!(rest[0].top, 0.0);
    assert!((rest[0].baseline - 9.05).abs() < 0.01);
    assert_eq!(rest[0].source.start, lines[1].source.end);
    assert_eq!((rest.fit(0, 1000.0), rest.fit(99, 10.0), rest.fit(0, 5.0)), (all - 2, 0, 0));
}

#[test]
fn an_empty_text_is_one_empty_line() {
    let lines = set("", Some(50.0), &LayoutOptions::default());
    assert_eq!(texts(&lines), "[]");
    assert!(lines.height() > 11.0 && lines.width() == 0.0);
    assert_eq!(texts(&set("\n", None, &LayoutOptions::default())), "[]\n[]");
}

#[test]
fn a_line_that_just_fits_is_not_broken() {
    let mut shaper = shaper();
    let library = FontLibrary::bundled();
    for family in ["Arial", "Times New Roman", "Verdana"] {
        let face = library.face(family, false, false);
        for text in ["Total amount due", "ACME AG, Zürich", "12,345.00 EUR"] {
            let width = shaper.measure(text, &face, 8.25);
            let paragraph = Paragraph::new(text, TextStyle::new(face.clone(), 8.25));
            let lines = shaper.layout(&paragraph, Some(width), &LayoutOptions::default());
            assert_eq!((lines.len(), lines[0].width), (1, width), "{family} {text}");
        }
    }
}
