//! Bands: which come in which order, on which pages, and where pages end.

use insta::assert_snapshot;

use super::report::band_with;
use super::{Report, band, bound, label};

const NUMBERS: [&str; 3] = ["1", "2", "3"];

/// A report over the numbers from 1.
fn numbers(bands: &str, count: usize) -> Report {
    let rows: Vec<String> = (1..=count).map(|n| n.to_string()).collect();
    Report::new(bands).rows("Rows", "N:int", rows.iter().map(String::as_str))
}

fn detail(attributes: &str) -> String {
    band("Detail", attributes, &bound("0,0", "[N]"))
}

#[test]
fn bands_are_printed_in_their_own_order_not_in_that_of_the_file() {
    let named = |kind: &str| band(kind, "", &label("0,0", kind));
    let bands = [
        named("BottomMargin"),
        named("PageFooter"),
        named("ReportFooter"),
        named("GroupFooter"),
        detail(""),
        named("GroupHeader"),
        named("PageHeader"),
        named("ReportHeader"),
        named("TopMargin"),
    ];
    let report = Report::new(bands.concat()).rows("Rows", "N:int", NUMBERS);
    assert_snapshot!(report.page(500, 300, [0, 0, 20, 20]).pages(), @"
    page 1
       0: 0 TopMargin
      20: 0 ReportHeader
      40: 0 PageHeader
      60: 0 GroupHeader
      80: 0 1
     100: 0 2
     120: 0 3
     140: 0 GroupFooter
     160: 0 ReportFooter
     260: 0 PageFooter
     280: 0 BottomMargin
    ");
}

#[test]
fn page_headers_and_footers_stand_on_every_page() {
    let bands = [
        band("PageHeader", "", &bound("0,0", "'header at ' + [N]")),
        detail(""),
        band("PageFooter", "", &bound("0,0", "'footer after ' + [N]")),
    ];
    assert_snapshot!(numbers(&bands.concat(), 5).page(500, 100, [0; 4]).pages(), @"
    page 1
       0: 0 header at 1
      20: 0 1
      40: 0 2
      60: 0 3
      80: 0 footer after 3
    page 2
       0: 0 header at 4
      20: 0 4
      40: 0 5
      80: 0 footer after 5
    ");
}

#[test]
fn a_page_header_may_leave_out_the_pages_of_report_header_and_footer() {
    for (print_on, expect) in [
        ("AllPages", ["h f", "h f", "h f"]),
        ("NotWithReportHeader", ["", "h f", "h f"]),
        ("NotWithReportFooter", ["h f", "h f", "h"]),
        ("NotWithReportHeaderAndReportFooter", ["", "h f", "h"]),
    ] {
        let bands = [
            band("ReportHeader", "", &label("0,0", "start")),
            band("PageHeader", &format!(r#"PrintOn="{print_on}""#), &label("0,0", "h")),
            detail(""),
            band("PageFooter", &format!(r#"PrintOn="{print_on}""#), &label("0,0", "f")),
            band("ReportFooter", "", &label("0,0", "end")),
        ];
        let printed = numbers(&bands.concat(), 7).page(500, 100, [0; 4]).print();
        let found: Vec<String> = printed
            .texts()
            .split("page ")
            .skip(1)
            .map(|page| {
                let words: Vec<&str> =
                    page.split_whitespace().filter(|word| ["h", "f"].contains(word)).collect();
                words.join(" ")
            })
            .collect();
        assert_eq!(found, expect, "{print_on}\n{}", printed.texts());
    }
}

#[test]
fn page_breaks() {
    for (page_break, expect) in [
        ("None", "1 2 3 end"),
        ("BeforeBand", "1, 2, 3 end"),
        ("BeforeBandExceptFirstEntry", "1, 2, 3 end"),
        ("AfterBand", "1, 2, 3, end"),
        ("AfterBandExceptLastEntry", "1, 2, 3 end"),
    ] {
        let bands = detail(&format!(r#"PageBreak="{page_break}""#))
            + &band("ReportFooter", "", &label("0,0", "end"));
        check_pages(&numbers(&bands, 3), expect);
    }
}

#[test]
fn a_break_before_the_first_band_leaves_no_empty_page_but_one_after_a_header_counts() {
    let bands =
        band("ReportHeader", r#"PageBreak="AfterBand""#, &label("0,0", "title")) + &detail("");
    check_pages(&numbers(&bands, 2), "title, 1 2");
    check_pages(&numbers(&band("ReportHeader", "", &label("0,0", "title")), 1), "title");
}

#[test]
fn a_report_header_that_ends_its_page_has_no_page_header_below_it() {
    let bands = [
        band("ReportHeader", r#"PageBreak="AfterBand""#, &label("0,0", "title")),
        band("PageHeader", "", &label("0,0", "head")),
        detail(""),
    ];
    check_pages(&numbers(&bands.concat(), 2), "title, head 1 2");
}

/// The texts of each page, in the order of printing.
fn check_pages(report: &Report, expect: &str) {
    let texts = report.pages();
    let pages: Vec<String> = texts
        .split("page ")
        .skip(1)
        .map(|page| {
            let words: Vec<&str> = page
                .lines()
                .skip(1)
                .flat_map(|line| line.split_once(": ").map_or("", |(_, texts)| texts).split(" | "))
                .filter_map(|text| text.split_once(' ').map(|(_, text)| text))
                .collect();
            words.join(" ")
        })
        .collect();
    assert_eq!(pages.join(", "), expect, "\n{texts}");
}

#[test]
fn a_band_that_must_stay_whole_moves_and_one_that_need_not_is_split() {
    let lines = r#"Multiline="true" Text="a&#10;b&#10;c&#10;d""#;
    let with = |keep: &str| {
        let text = super::report::label_with("0,0,100,80", lines, &[]);
        numbers(&band("Detail 80", keep, &text), 3).page(500, 200, [0; 4])
    };
    assert_snapshot!(with("").pages(), @"
    page 1
       0: 0 a
      16: 0 b
      31: 0 c
      47: 0 d
      80: 0 a
      96: 0 b
     111: 0 c
     127: 0 d
     160: 0 a
     176: 0 b
    page 2
       0: 0 c
      16: 0 d
    ");
    assert_snapshot!(with(r#"KeepTogether="true""#).pages(), @"
    page 1
       0: 0 a
      16: 0 b
      31: 0 c
      47: 0 d
      80: 0 a
      96: 0 b
     111: 0 c
     127: 0 d
    page 2
       0: 0 a
      16: 0 b
      31: 0 c
      47: 0 d
    ");
}

#[test]
fn footers_may_stand_at_the_bottom() {
    let bands = [
        detail(""),
        band("GroupFooter", r#"PrintAtBottom="true""#, &label("0,0", "group end")),
        band("PageFooter", "", &label("0,0", "page end")),
    ];
    assert_snapshot!(numbers(&bands.concat(), 2).pages(), @"
    page 1
       0: 0 1
      20: 0 2
     160: 0 group end
     180: 0 page end
    ");
    let bands = [detail(""), band("ReportFooter", r#"PrintAtBottom="true""#, &label("0,0", "end"))];
    assert_snapshot!(numbers(&bands.concat(), 2).pages(), @"
    page 1
       0: 0 1
      20: 0 2
     180: 0 end
    ");
}

#[test]
fn sub_bands_follow_their_band_each_with_a_condition_of_its_own() {
    let sub_band = |name: &str, condition: &str| {
        format!(
            r#"<Item1 ControlType="SubBand" Name="{name}" HeightF="20">{}<Controls>{}</Controls></Item1>"#,
            super::report::bind(&[("Visible", condition)]),
            bound("50,0", &format!("'{name} of ' + [N]")),
        )
    };
    let sub_bands = format!(
        "<SubBands>{}{}</SubBands>",
        sub_band("odd", "[N] % 2 = 1"),
        sub_band("all", "True")
    );
    let bands = band_with("Detail", "", &bound("0,0", "[N]"), &sub_bands);
    assert_snapshot!(numbers(&bands, 2).pages(), @"
    page 1
       0: 0 1
      20: 50 odd of 1
      40: 50 all of 1
      60: 0 2
      80: 50 all of 2
    ");
}

#[test]
fn bands_without_height_or_visibility_take_no_room() {
    let bands = [
        band("ReportHeader", r#"Visible="false""#, &label("0,0", "hidden")),
        band("PageHeader 0", "", ""),
        detail(""),
    ];
    check_pages(&numbers(&bands.concat(), 1), "1");
}

#[test]
fn empty_data_prints_the_detail_once_unless_told_otherwise() {
    let options = |attributes: &str| format!("<ReportPrintOptions {attributes}/>");
    let bands = band("ReportHeader", "", &label("0,0", "start"))
        + &band("Detail", "", &label("0,0", "row"));
    let with = |attributes: &str| {
        Report::new(&*bands).section(&options(attributes)).rows("Rows", "N:int", [])
    };
    check_pages(&with(""), "start row");
    check_pages(&with(r#"DetailCountOnEmptyDataSource="3""#), "start row row row");
    check_pages(&with(r#"DetailCountOnEmptyDataSource="0""#), "start");
    check_pages(&with(r#"PrintOnEmptyDataSource="false""#), "");
}

#[test]
fn detail_counts() {
    let options = |attributes: &str| format!("<ReportPrintOptions {attributes}/>");
    check_pages(&numbers(&detail(""), 5).section(&options(r#"DetailCount="2""#)), "1 2");
    let detail = band("Detail", "", &(label("0,0", "row") + &bound("100,0", "[N]")));
    check_pages(
        &numbers(&detail, 2).section(&options(r#"BlankDetailCount="2""#)),
        "row 1 row 2 row row",
    );
}

#[test]
fn a_report_without_data_prints_its_detail_once() {
    check_pages(&Report::new(band("Detail", "", &label("0,0", "hello"))), "hello");
}

#[test]
fn a_page_without_room_for_bands_is_an_error() {
    let bands = band("PageHeader 60", "", "") + &detail("") + &band("PageFooter 60", "", "");
    let error = numbers(&bands, 1).page(500, 100, [0; 4]).try_print().map(|_| ()).unwrap_err();
    assert_snapshot!(error, @"the margins, page header and page footer leave no room on the page; make them lower or the page higher");
}

#[test]
fn roll_paper_is_as_high_as_what_is_on_it() {
    let bands = detail("") + &band("PageFooter", "", &label("0,0", "end"));
    let report = numbers(&bands, 30).page(300, 100, [0, 0, 10, 10]).with(r#"RollPaper="true""#);
    let printed = report.print();
    assert_eq!(printed.pages.len(), 1);
    assert_eq!(
        printed.pages[0].size.height.0.round(),
        ((10 + 30 * 20 + 20 + 10) as f32 * 0.72).round()
    );
}

#[test]
fn roll_paper_ends_where_readers_of_pdf_do() {
    let printed =
        numbers(&detail(""), 1_500).page(300, 100, [0; 4]).with(r#"RollPaper="true""#).print();
    // 200 inches are 20,000 hundredths: 1,000 rows of 20.
    assert_eq!(printed.pages.len(), 2);
}

#[test]
fn page_headers_and_footers_that_grow_over_their_page_are_cut_and_bands_printed() {
    let long = "word ".repeat(200);
    for kind in ["PageHeader", "PageFooter"] {
        let furniture = band(kind, "", &label("0,0,100,20", &long));
        let printed = Report::new(furniture + &band("Detail", "", &label("0,0", "a band"))).print();
        assert!(printed.texts().contains("a band"), "{kind}: {}", printed.texts());
        assert!(printed.warnings().contains("has grown until it filled its page"), "{kind}");
    }
}
