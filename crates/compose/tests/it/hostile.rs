//! Layouts that mean harm, or make no sense: they end soon, with pages or a clear error.

use std::time::{Duration, Instant};

use super::report::{band_with, bind, control, details, group, label_with};
use super::{Report, band, bound, label};

/// Prints a report of at most 50 pages. Whatever comes of it, it comes soon.
fn survives(report: Report) {
    let mut report = report.rows("Rows", "N:int Name", ["1|a", "2|b", "3|c"]);
    report.limits.pages = 50;
    let start = Instant::now();
    let result = report.try_print();
    let took = start.elapsed();
    // Half a minute is far from what any of these takes, also on a slow machine.
    assert!(took < Duration::from_secs(30), "took {took:?}");
    if let Ok(printed) = result {
        assert!(printed.pages.len() <= 50);
        for page in &printed.pages {
            assert!(page.size.width.0.is_finite() && page.size.height.0.is_finite());
        }
    }
}

const NUMBERS: [&str; 8] = ["-5", "0", "0.001", "1e9", "1e38", "-1e38", "NaN", "INF"];

#[test]
fn sizes_without_sense() {
    for number in NUMBERS {
        survives(Report::new(band(&format!("Detail {number}"), "", &label("0,0", "x"))));
        survives(Report::new(band(
            "Detail",
            "",
            &label(&format!("{number},{number},{number},{number}"), "x"),
        )));
        survives(Report::new(band(
            "Detail",
            "",
            &label_with("0,0", &format!(r#"Text="a b c" Font="Arial, {number}pt""#), &[]),
        )));
        survives(Report::new(band(
            "Detail",
            "",
            &label_with(
                "0,0",
                &format!(r#"Text="a b c" Padding="{number},{number},{number},{number},100""#),
                &[],
            ),
        )));
        survives(Report::new(band(
            "Detail",
            "",
            &label_with("0,0", &format!(r#"Text="a" Angle="{number}""#), &[]),
        )));
        let xml = format!(
            r#"PageWidth="{number}" PageHeight="{number}" Margins="{number},{number},{number},{number}""#
        );
        survives(Report::with_attributes(band("Detail", "", &label("0,0", "x")), &xml));
    }
}

#[test]
fn margins_wider_than_the_page() {
    survives(Report::new(band("Detail", "", &label("0,0", "x"))).page(500, 200, [400, 400, 0, 0]));
    survives(Report::new(band("Detail", "", &label("0,0", "x"))).page(500, 200, [0, 0, 150, 150]));
}

#[test]
fn bound_sizes_without_sense() {
    for number in ["-5", "1e9", "?", "'x'", "1.0 / 0.0"] {
        let bindings = [
            ("LeftF", number),
            ("TopF", number),
            ("WidthF", number),
            ("HeightF", number),
            ("Font.Size", number),
        ];
        survives(Report::new(band("Detail", "", &label_with("0,0", r#"Text="x""#, &bindings))));
    }
}

#[test]
fn tables_and_columns_without_sense() {
    for number in NUMBERS {
        let rows = format!(
            r#"<Rows><Item1 Weight="{number}"><Cells><Item1 Weight="{number}" RowSpan="9" Text="a"/><Item2 Weight="1" Text="b"/></Cells></Item1></Rows>"#
        );
        survives(Report::new(band("Detail", "", &control("Table", "0,0,200,20", "", &rows))));
        let columns = format!(
            r#"<MultiColumn Mode="UseColumnCount" ColumnCount="1000000" ColumnSpacing="{number}"/>"#
        );
        survives(Report::new(band_with("Detail", "", &label("0,0", "x"), &columns)));
        let columns = format!(
            r#"<MultiColumn Mode="UseColumnWidth" ColumnWidth="{number}" Layout="AcrossThenDown"/>"#
        );
        survives(Report::new(band_with("Detail", "", &label("0,0", "x"), &columns)));
    }
}

#[test]
fn texts_that_fill_everything() {
    survives(Report::new(band("Detail", "", &bound("0,0,20,20", "PadLeft('x', 20000, 'word ')"))));
    survives(Report::new(band("Detail", "", &bound("0,0,1,1", "PadLeft('x', 5000)"))));
    survives(Report::new(
        band("PageHeader", "", &bound("0,0,20,20", "PadLeft('x', 3000)")) + &band("Detail", "", ""),
    ));
    survives(Report::new(
        band("PageFooter", "", &bound("0,0,20,20", "PadLeft('x', 3000)")) + &band("Detail", "", ""),
    ));
    let fit = label_with(
        "0,0,20,20",
        r#"TextFitMode="ShrinkAndGrow" CanGrow="false""#,
        &[("Text", "PadLeft('x', 5000)")],
    );
    survives(Report::new(band("Detail", "", &fit)));
}

#[test]
fn headers_that_leave_no_room() {
    let repeated = group("N", r#"RepeatEveryPage="true""#, &label("0,0,100,300", "x"));
    survives(Report::new(repeated + &band("Detail", "", &label("0,0", "x"))));
    survives(Report::new(
        band("PageHeader 300", "", &label("0,0", "x")) + &band("Detail", "", &label("0,0", "x")),
    ));
}

#[test]
fn boxes_inside_boxes() {
    let mut inside = label("0,0", "innermost");
    for _ in 0..55 {
        inside = control(
            "Panel",
            "1,1,200,50",
            r#"Borders="All""#,
            &format!("<Controls>{inside}</Controls>"),
        );
    }
    survives(Report::new(band("Detail", "", &inside)));
}

#[test]
fn items_that_ask_each_other() {
    let ask = |name: &str, other: &str| {
        control(
            "Label",
            "0,0",
            "",
            &bind(&[("Text", &format!("[ReportItems.{other}].[Text] + 'x'"))]),
        )
        .replace(r#"Name="Label""#, &format!(r#"Name="{name}""#))
    };
    survives(Report::new(band("Detail", "", &(ask("a", "b") + &ask("b", "a") + &ask("c", "c")))));
}

#[test]
fn details_over_the_same_rows_again_and_again() {
    let mut inner = band("Detail", "", &bound("0,0", "[N]"));
    for level in 0..6 {
        inner = band("Detail", "", &bound("0,0", "[N]"))
            + &details("Rows", &format!(r#"Name="D{level}""#), &inner);
    }
    survives(Report::new(inner));
}

#[test]
fn page_breaks_everywhere() {
    let breaks: String =
        (0..30).map(|n| control("PageBreak", &format!("0,{n},10,2"), "", "")).collect();
    survives(Report::new(band(
        "Detail",
        r#"PageBreak="BeforeBand""#,
        &(breaks + &label("0,0", "x")),
    )));
}
