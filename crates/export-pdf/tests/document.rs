//! The document as a whole: information, ranges of pages, same bytes, links.

mod support;

use pressroom_export_pdf::PdfOptions;
use pressroom_page::{Clip, Color, Item, Link, Page, Path, Pt, Rect, SinkError, Size};
use support::{Kit, check_structure, extracted, page, tool};

fn numbered(kit: &Kit, count: u32) -> Vec<Page> {
    (1..=count)
        .map(|number| page(vec![Item::Text(kit.text(40.0, 50.0, 9.0, &format!("p{number}")))]))
        .collect()
}

fn selected(range: &str, pages: u32) -> Result<String, String> {
    let kit = Kit::new();
    let options = PdfOptions {
        pages: range
            .parse()
            .map_err(|error: pressroom_export_pdf::PageRangeError| error.to_string())?,
        ..PdfOptions::default()
    };
    let (pdf, summary) =
        kit.document(numbered(&kit, pages), options).map_err(|error| error.to_string())?;
    let text = extracted(&pdf).replace('\n', " ");
    assert_eq!(summary.pages as usize, text.split(' ').count());
    Ok(text)
}

#[test]
fn only_the_pages_of_a_range_are_written() {
    assert_eq!(selected("", 3).as_deref(), Ok("p1 p2 p3"));
    assert_eq!(selected("2,4-", 5).as_deref(), Ok("p2 p4 p5"));
    assert_eq!(
        selected("7-", 3),
        Err("the page range `7-` holds none of the document's 3 pages".to_owned())
    );
}

#[test]
fn the_same_pages_make_the_same_bytes() {
    let make = || {
        let kit = Kit::new();
        let mut pages = numbered(&kit, 30);
        for page in &mut pages {
            let mut bold = kit.text(40.0, 90.0, 12.0, "bold");
            bold.runs[0].face = kit.bold;
            page.items.push(Item::Text(bold));
        }
        kit.document(pages, PdfOptions::default()).expect("a document").0
    };
    assert!(make() == make());
}

#[test]
fn the_document_says_what_it_is() {
    let kit = Kit::new();
    let (pdf, _) = kit.document(numbered(&kit, 1), PdfOptions::default()).expect("a document");
    let output = tool("pdfinfo", &["-isodates", "{}"], &pdf);
    let info = String::from_utf8(output.stdout).expect("UTF-8");
    for line in [
        "Title:           Orders & deliveries",
        "Subject:         Spring",
        "Author:          Vera Lindqvist",
        "Producer:        Pressroom",
        "CreationDate:    2025-06-15T15:06:40Z",
        "Pages:           1",
        "Page size:       419.53 x 595.28 pts",
    ] {
        assert!(info.lines().any(|found| found == line), "{line}\nis not in\n{info}");
    }
}

#[test]
fn a_document_without_pages_is_a_blank_page() {
    let kit = Kit::new();
    let (pdf, summary) = kit.document(Vec::new(), PdfOptions::default()).expect("a document");
    check_structure(&pdf);
    assert_eq!(summary.pages, 1);
    assert_eq!(extracted(&pdf), "");
}

#[test]
fn pages_of_any_size_are_written() {
    let kit = Kit::new();
    let sizes = [(0.0, 0.0), (f32::NAN, 100.0), (1e30, 1e30), (-5.0, f32::INFINITY), (1.0, 300.0)];
    let pages = sizes
        .map(|(width, height)| Page { size: Size::new(Pt(width), Pt(height)), items: Vec::new() });
    let (pdf, summary) = kit.document(pages.into(), PdfOptions::default()).expect("a document");
    check_structure(&pdf);
    assert_eq!(summary.pages, 5);
}

#[test]
fn fonts_are_embedded_in_part() {
    let kit = Kit::new();
    let (pdf, _) = kit.document(numbered(&kit, 1), PdfOptions::default()).expect("a document");
    assert!(pdf.len() < 16_000, "{} bytes", pdf.len());
    let fonts = String::from_utf8(tool("pdffonts", &["{}"], &pdf).stdout).expect("UTF-8");
    let font = fonts.lines().nth(2).expect("a font");
    // Embedded, in part, and with a way back to characters.
    assert!(font.contains("+DejaVuSans") && font.contains("yes yes yes"), "{fonts}");
}

/// The targets of a page's links.
fn links(items: Vec<Item>) -> Vec<String> {
    let pdf = Kit::new().pdf(items);
    check_structure(&pdf);
    let output = tool("qpdf", &["--qdf", "--object-streams=disable", "{}", "-"], &pdf);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("/URI (")?.strip_suffix(')'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn links_lead_to_the_web_and_to_mailboxes_only() {
    let link = |x: f32, target: &str| {
        Item::Link(Link {
            rect: Rect::new(Pt(x), Pt(50.0), Pt(100.0), Pt(12.0)),
            target: target.into(),
        })
    };
    let targets = [
        "https://example.org/a",
        "HTTP://example.org/b",
        "mailto:vera@example.org",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "",
    ];
    let items = targets.iter().map(|target| link(40.0, target)).collect();
    assert_eq!(
        links(items),
        ["https://example.org/a", "HTTP://example.org/b", "mailto:vera@example.org"]
    );
    let clip = |x| {
        Item::Clip(Clip {
            rect: Rect::new(Pt(40.0), Pt(40.0), Pt(50.0), Pt(50.0)),
            items: vec![link(x, "https://example.org")],
        })
    };
    assert_eq!(links(vec![clip(200.0)]), Vec::<String>::new());
    assert_eq!(links(vec![clip(20.0)]), ["https://example.org"]);
}

#[test]
fn clips_in_clips_without_end_are_refused() {
    let kit = Kit::new();
    let rect = Rect::new(Pt(0.0), Pt(0.0), Pt(90.0), Pt(90.0));
    let big = Rect::new(Pt(0.0), Pt(0.0), Pt(99.0), Pt(99.0));
    let mut items = vec![Item::Path(Path::rect(big, Some(Color::BLACK), None))];
    for _ in 0..2000 {
        items = vec![Item::Clip(Clip { rect, items })];
    }
    let error = kit.document(vec![page(items)], PdfOptions::default()).expect_err("too deep");
    assert!(matches!(error, SinkError::Unsupported(_)), "{error}");
}

#[test]
fn what_a_page_lacks_is_named() {
    let kit = Kit::new();
    let mut text = kit.text(40.0, 50.0, 9.0, "x");
    text.runs[0].face = pressroom_page::FaceId(77);
    let error = kit
        .document(vec![page(vec![Item::Text(text)])], PdfOptions::default())
        .expect_err("no such face");
    assert_eq!(error.to_string(), "a page uses font face 77, which the document lacks");
}
