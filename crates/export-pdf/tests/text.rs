//! Text comes out of the PDF as it went in, by an outside reader.

mod support;

use pressroom_page::{Color, Glyph, Item, Page, Pt, Role, Text};
use support::{Kit, Raster, extracted, line, page};

/// Texts at places of one page, and what a reader gets.
fn check(texts: &[(f32, f32, &str)], expect: &str) {
    let kit = Kit::new();
    let items = texts.iter().map(|&(x, y, text)| Item::Text(kit.text(x, y, 9.0, text))).collect();
    assert_eq!(extracted(&kit.pdf(items)), expect);
}

#[test]
fn words_and_spaces_are_read() {
    check(&[(40.0, 50.0, "Two words, and  two spaces")], "Two words, and two spaces");
    check(&[(40.0, 50.0, "Größe 5 µm – naïve façade €12")], "Größe 5 µm – naïve façade €12");
    check(&[(40.0, 50.0, "Καλημέρα Добрый день")], "Καλημέρα Добрый день");
}

#[test]
fn cells_of_a_row_stay_apart() {
    check(
        &[
            (40.0, 50.0, "10248"),
            (120.0, 50.0, "Lindqvist Livs"),
            (300.0, 50.0, "1,204.50"),
            (40.0, 64.0, "10249"),
            (120.0, 64.0, "Tatra Mlyn"),
            (300.0, 64.0, "80.00"),
        ],
        "10248   Lindqvist Livs   1,204.50\n\
         10249   Tatra Mlyn       80.00",
    );
}

#[test]
fn spaces_of_one_look_are_told_apart() {
    let narrow = "1\u{a0}204 a b";
    let kit = Kit::new();
    let pdf = kit.pdf(vec![Item::Text(kit.text(40.0, 50.0, 9.0, narrow))]);
    let read = extracted(&pdf);
    assert!(read == narrow || read == "1 204 a b", "{read:?}");
}

#[test]
fn a_ligature_is_read_as_its_letters() {
    let kit = Kit::new();
    let text = "office";
    let mut run = kit.run(kit.plain, 12.0, "o\u{fb03}ce", 0);
    // One glyph for `ffi`.
    let ranges = [0..1, 1..4, 4..5, 5..6];
    for (glyph, range) in run.glyphs.iter_mut().zip(ranges) {
        glyph.range = range;
    }
    let pdf = kit.pdf(vec![Item::Text(line(40.0, 50.0, text, vec![run]))]);
    assert_eq!(extracted(&pdf), "office");
}

#[test]
fn letters_of_two_glyphs_are_read_once() {
    let kit = Kit::new();
    let text = "e\u{301}te\u{301}";
    let mut run = kit.run(kit.plain, 12.0, text, 0);
    // A letter and its accent are one cluster: both stand for the bytes of both.
    let clusters = [0..3, 0..3, 3..4, 4..7, 4..7];
    for (glyph, range) in run.glyphs.iter_mut().zip(clusters) {
        glyph.range = range;
    }
    let pdf = kit.pdf(vec![Item::Text(line(40.0, 50.0, text, vec![run]))]);
    let read = extracted(&pdf);
    assert!(read == "été" || read == text, "{read:?}");
}

#[test]
fn text_from_right_to_left_is_read_in_its_order() {
    let kit = Kit::new();
    let text = "שלום עולם";
    let mut run = kit.run(kit.plain, 12.0, text, 0);
    // Glyphs come in visual order.
    run.glyphs.reverse();
    let pdf = kit.pdf(vec![
        Item::Text(kit.text(40.0, 50.0, 12.0, "before")),
        Item::Text(line(40.0, 70.0, text, vec![run])),
        Item::Text(kit.text(40.0, 90.0, 12.0, "after")),
    ]);
    let read = extracted(&pdf).replace(['\u{202a}', '\u{202b}', '\u{202c}'], "");
    assert_eq!(read, format!("before\n{text}\nafter"));
}

#[test]
fn a_line_of_several_faces_is_one_line() {
    let kit = Kit::new();
    let text = "plain bold plain";
    let runs = vec![
        kit.run(kit.plain, 12.0, "plain ", 0),
        kit.run(kit.bold, 12.0, "bold", 6),
        kit.run(kit.plain, 12.0, " plain", 10),
    ];
    let pdf = kit.pdf(vec![Item::Text(line(40.0, 50.0, text, runs))]);
    assert_eq!(extracted(&pdf), text);
}

#[test]
fn turned_text_stands_where_it_turns() {
    let kit = Kit::new();
    let turned = Text { angle: 90.0, ..kit.text(100.0, 200.0, 12.0, "UPWARDS") };
    let pdf = kit.pdf(vec![Item::Text(turned)]);
    assert!(extracted(&pdf).contains("UPWARDS"));
    let raster = Raster::of(&pdf);
    // From the baseline's start at (100, 200) upwards, letters to the left of it.
    assert!(raster.has_ink(88, 140, 100, 200));
    assert!(!raster.has_ink(101, 100, 200, 300));
    assert!(!raster.has_ink(80, 201, 200, 300));
}

#[test]
fn lines_go_with_the_text() {
    let kit = Kit::new();
    let mut text = kit.text(40.0, 50.0, 40.0, "      ");
    text.runs[0].underline = true;
    text.runs[0].color = Color::rgb(255, 0, 0);
    let mut struck = kit.text(40.0, 150.0, 40.0, "      ");
    struck.runs[0].strikeout = true;
    let raster = Raster::of(&kit.pdf(vec![Item::Text(text), Item::Text(struck)]));
    assert!((52..60).any(|y| raster.at(60, y) == [255, 0, 0]), "below the baseline");
    assert!(!raster.has_ink(40, 20, 100, 50));
    assert!(raster.has_ink(40, 130, 100, 148), "through the letters");
}

#[test]
fn glyphs_stand_where_they_were_put() {
    let kit = Kit::new();
    // Cells to the right of a column: their ends lie on one line to a hundredth of a point or so.
    let mut items = Vec::new();
    for row in 0..30 {
        let text = format!("{}.{:02}", row * row * 37 % 10_000, row * 7 % 100);
        let run = kit.run(kit.plain, 9.0, &text, 0);
        let width: f32 = run.glyphs.iter().map(|glyph| glyph.advance * 9.0).sum();
        let y = 40.0 + row as f32 * 14.0;
        items.push(Item::Text(kit.text(30.0, y, 9.0, "Row")));
        items.push(Item::Text(line(300.0 - width, y, &text, vec![run])));
    }
    let output = support::tool("pdftotext", &["-bbox", "{}", "-"], &kit.pdf(items));
    let words = String::from_utf8(output.stdout).expect("UTF-8");
    let ends: Vec<f64> = words
        .lines()
        .filter(|line| line.contains("<word") && !line.contains("Row"))
        .filter_map(|line| line.split("xMax=\"").nth(1)?.split('"').next()?.parse().ok())
        .collect();
    assert_eq!(ends.len(), 30);
    for end in ends {
        assert!((end - 300.0).abs() < 0.05, "{end}");
    }
}

#[test]
fn a_glyph_of_bytes_that_are_not_there_is_drawn() {
    let kit = Kit::new();
    for (start, end) in [(0, 99), (5, 2), (1, 2), (u32::MAX - 1, u32::MAX)] {
        let mut run = kit.run(kit.plain, 12.0, "äö", 0);
        run.glyphs[0].range = start..end;
        let pdf = kit.pdf(vec![Item::Text(line(40.0, 50.0, "äö", vec![run]))]);
        assert!(extracted(&pdf).contains('ö'));
    }
}

#[test]
fn empty_texts_leave_nothing() {
    let kit = Kit::new();
    let empty = Text { runs: Vec::new(), role: Role::Artifact, ..kit.text(1.0, 2.0, 3.0, "gone") };
    let no_glyphs = kit.text(1.0, 2.0, 3.0, "");
    let mut odd = kit.text(40.0, 50.0, 9.0, "odd");
    odd.runs[0].glyphs.push(Glyph {
        id: 65_535,
        advance: f32::NAN,
        dx: 9e9,
        dy: -9e9,
        range: 0..0,
    });
    let sizes = [0.0, -4.0, f32::NAN, f32::INFINITY].map(|size| {
        let mut text = kit.text(40.0, 90.0, 9.0, "sized");
        text.runs[0].size = Pt(size);
        Item::Text(text)
    });
    let mut items = vec![Item::Text(empty), Item::Text(no_glyphs), Item::Text(odd)];
    items.extend(sizes);
    assert_eq!(extracted(&kit.pdf(items)), "odd");
}

#[test]
fn pages_follow_each_other() {
    let kit = Kit::new();
    let pages: Vec<Page> = (1..=3)
        .map(|number| page(vec![Item::Text(kit.text(40.0, 50.0, 9.0, &format!("Page {number}")))]))
        .collect();
    let (pdf, summary) = kit.document(pages, Default::default()).expect("a document");
    assert_eq!(summary.pages, 3);
    assert_eq!(extracted(&pdf), "Page 1\nPage 2\nPage 3");
}
