//! Bar codes: a path in the box, text below it, and a note where the data makes no code.

use crate::{Report, band};

fn bar_code(attributes: &str, symbology: &str) -> String {
    format!(
        r#"<Item1 ControlType="XRBarCode" Name="code" LocationFloat="10,10" SizeF="200,80" {attributes}><Symbology {symbology}/></Item1>"#
    )
}

fn report(attributes: &str, symbology: &str) -> Report {
    Report::new(band("Detail 100", "", &bar_code(attributes, symbology)))
}

/// The kinds of items on the page.
fn kinds(report: &Report) -> Vec<String> {
    let dump = report.print().dump();
    dump.lines()
        .skip(1)
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn all_bars_are_one_path_with_text_below() {
    let report = report(
        r#"Text="PRESS-1" Module="1" Alignment="MiddleCenter" TextAlignment="BottomCenter""#,
        r#"Name="Code128""#,
    );
    assert_eq!(kinds(&report), ["path", "text"]);
    assert_eq!(report.pages(), "page 1\n  74: 84 PRESS-1\n");
}

#[test]
fn digits_of_an_ean_stand_below_their_bars() {
    let report = report(r#"Text="400638133393" AutoModule="true""#, r#"Name="EAN13""#);
    assert_eq!(kinds(&report), ["path", "text", "text", "text"]);
}

#[test]
fn a_format_and_a_field_make_the_text() {
    let attributes = r#"Text="[Id]" Module="1" ShowText="true" TextAlignment="TopLeft""#;
    let report =
        report(attributes, r#"Name="Code39" CalcCheckSum="false""#).rows("Rows", "Id:int", ["7"]);
    assert!(report.pages().contains("7"), "{}", report.pages());
}

#[test]
fn hidden_text_leaves_the_bars() {
    assert_eq!(kinds(&report(r#"Text="1" ShowText="false""#, r#"Name="QRCode""#)), ["path"]);
}

#[test]
fn no_text_is_an_empty_box() {
    let empty = report(r#"Text="""#, r#"Name="Code128""#);
    assert_eq!(kinds(&empty), Vec::<String>::new());
    assert_eq!(empty.print().warnings(), "");
}

#[test]
fn wrong_data_is_told_in_the_box_and_in_a_warning() {
    let printed = report(r#"Text="40063A133393""#, r#"Name="EAN13""#).print();
    assert_eq!(printed.warnings(), r#"bar code "code": EAN-13 takes digits only, not 'A'"#);
    assert!(printed.texts().contains("EAN-13 takes digits only, not 'A'"), "{}", printed.texts());
}

#[test]
fn bars_that_do_not_fit_are_made_narrower_with_a_warning() {
    let printed =
        report(r#"Text="A LONG TEXT FOR A SMALL BOX" Module="2""#, r#"Name="Code128""#).print();
    assert_eq!(
        printed.warnings(),
        "bar code \"code\": its box is too small for the bar width that is set, so the bars are \
         narrower; make the box larger"
    );
}

#[test]
fn a_symbology_that_is_not_drawn_is_told() {
    let printed = report(r#"Text="1""#, r#"Name="PDF417""#).print();
    assert!(printed.warnings().contains("bar code PDF417"), "{}", printed.warnings());
    assert!(printed.texts().contains("bar code PDF417"), "{}", printed.texts());
}
