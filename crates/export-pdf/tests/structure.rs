//! What a screen reader is told, by an outside reader.

mod support;

use pressroom_export_pdf::PdfOptions;
use pressroom_page::{Color, Image, ImageFormat, Item, Link, Path, Picture, Pt, Rect, Role, Text};
use support::{Kit, check_structure, page, tool};

/// The structure with its texts, one element a line.
fn structure(pdf: &[u8]) -> String {
    check_structure(pdf);
    let output = tool("pdfinfo", &["-struct-text", "{}"], pdf);
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("UTF-8").trim_end().to_owned()
}

fn text(kit: &Kit, x: f32, y: f32, text: &str, role: Role) -> Item {
    Item::Text(Text { role, ..kit.text(x, y, 9.0, text) })
}

fn cell(row: u32, column: u32, header: bool) -> Role {
    Role::Cell { table: 0, row, column, header }
}

#[test]
fn headings_paragraphs_tables_and_figures_are_told() {
    let mut kit = Kit::new();
    let image = kit.resources.add_image(Image {
        data: [255, 0, 0, 255].into(),
        format: ImageFormat::Rgba,
        width: 1,
        height: 1,
    });
    let rect = Rect::new(Pt(40.0), Pt(200.0), Pt(50.0), Pt(50.0));
    let pdf = kit.pdf(vec![
        Item::Path(Path::rect(rect, Some(Color::rgb(240, 240, 240)), None)),
        text(&kit, 40.0, 30.0, "Orders", Role::Heading(1)),
        text(&kit, 40.0, 60.0, "A paragraph of", Role::Paragraph),
        text(&kit, 40.0, 71.0, "two lines.", Role::Paragraph),
        text(&kit, 40.0, 100.0, "Another one.", Role::Paragraph),
        text(&kit, 40.0, 130.0, "Number", cell(0, 0, true)),
        text(&kit, 140.0, 130.0, "Customer", cell(0, 1, true)),
        text(&kit, 40.0, 144.0, "10248", cell(1, 0, false)),
        text(&kit, 140.0, 144.0, "Lindqvist", cell(1, 1, false)),
        text(&kit, 140.0, 155.0, "Livs", cell(1, 1, false)),
        Item::Picture(Picture { rect, image, opacity: 1.0, role: Role::Figure("A square".into()) }),
        Item::Picture(Picture { rect, image, opacity: 1.0, role: Role::Figure("".into()) }),
        text(&kit, 40.0, 500.0, "Page 1", Role::Artifact),
        Item::Link(Link { rect, target: "https://example.org".into() }),
    ]);
    let expect = r#"Document
  H1 (block)
    "Orders"
  P (block)
    "A paragraph of two lines."
  P (block)
    "Another one."
  Table (block)
    TR
      TH:
         /Scope /Column
        "Number"
      TH:
         /Scope /Column
        "Customer"
    TR
      TD
        "10248"
      TD
        "Lindqvist Livs"
  Figure
    ""
  Link (inline)
    Object "#;
    let found = structure(&pdf);
    assert!(found.starts_with(expect), "{found}");

    let plain = tool("qpdf", &["--qdf", "--object-streams=disable", "{}", "-"], &pdf).stdout;
    let plain = String::from_utf8_lossy(&plain);
    assert_eq!(plain.matches("/Alt (A square)").count(), 1);
}

#[test]
fn a_page_of_decoration_alone_has_no_structure() {
    let kit = Kit::new();
    let pdf = kit.pdf(vec![text(&kit, 40.0, 30.0, "Draft", Role::Artifact)]);
    assert!(!structure(&pdf).contains("Draft"));
}

#[test]
fn long_documents_have_no_structure() {
    let kit = Kit::new();
    let make = |pages: usize| {
        let pages = (0..pages).map(|_| page(vec![text(&kit, 40.0, 30.0, "Word", Role::Paragraph)]));
        let options = PdfOptions { tagged_pages: 3, ..PdfOptions::default() };
        let (pdf, summary) = kit.document(pages.collect(), options).expect("a document");
        (structure(&pdf).matches("Word").count(), summary.pages)
    };
    assert_eq!(make(3), (3, 3));
    assert_eq!(make(4), (0, 4));
}

#[test]
fn finishing_after_an_error_says_it_again() {
    use pressroom_export_pdf::PdfWriter;
    use pressroom_page::{DocumentInfo, ImageId, PageSink};

    let kit = Kit::new();
    let options = PdfOptions { tagged_pages: 0, ..PdfOptions::default() };
    let mut writer = PdfWriter::begin(DocumentInfo::default(), options, Box::new(std::io::sink()))
        .expect("a writer");
    let rect = Rect::new(Pt(1.0), Pt(1.0), Pt(9.0), Pt(9.0));
    let picture = Picture { rect, image: ImageId(0), opacity: 1.0, role: Role::Artifact };
    let sheet = page(vec![text(&kit, 9.0, 9.0, "Word", Role::Paragraph), Item::Picture(picture)]);
    let first = writer.page(sheet, &kit.resources).expect_err("no such picture").to_string();
    assert_eq!(writer.finish().expect_err("no document").to_string(), first);
}
