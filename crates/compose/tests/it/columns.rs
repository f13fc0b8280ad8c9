//! Details side by side.

use insta::assert_snapshot;

use super::report::{band_with, group};
use super::{Report, band, bound, label};

fn columns(attributes: &str, count: usize, around: &str) -> Report {
    let rows: Vec<String> =
        (1..=count).map(|n| format!("{}|{n}", if n <= 3 { "a" } else { "b" })).collect();
    let detail =
        band_with("Detail", "", &bound("0,0", "[N]"), &format!(r#"<MultiColumn {attributes}/>"#));
    Report::new(detail + around).page(600, 80, [0; 4]).rows(
        "Rows",
        "Name N:int",
        rows.iter().map(String::as_str),
    )
}

#[test]
fn columns_are_filled_down_then_across() {
    let report = columns(r#"Mode="UseColumnCount" ColumnCount="3""#, 14, "");
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 1
      20: 0 2
      40: 0 3
      60: 0 4
       0: 200 5
      20: 200 6
      40: 200 7
      60: 200 8
       0: 400 9
      20: 400 10
      40: 400 11
      60: 400 12
    page 2
       0: 0 13
      20: 0 14
    ");
}

#[test]
fn columns_are_filled_across_then_down() {
    let report = columns(r#"Mode="UseColumnCount" ColumnCount="3" Layout="AcrossThenDown""#, 8, "");
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 1 | 200 2 | 400 3
      20: 0 4 | 200 5 | 400 6
      40: 0 7 | 200 8
    ");
}

#[test]
fn columns_of_a_width_and_spacing() {
    let report = columns(
        r#"Mode="UseColumnWidth" ColumnWidth="150" ColumnSpacing="30" Layout="AcrossThenDown""#,
        5,
        "",
    );
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 1 | 180 2 | 360 3
      20: 0 4 | 180 5
    ");
}

#[test]
fn headers_and_footers_of_the_report_stand_across_all_columns() {
    let around = band("ReportHeader", "", &label("0,0", "start"))
        + &band("ReportFooter", "", &label("0,0", "end"));
    assert_snapshot!(columns(r#"Mode="UseColumnCount" ColumnCount="2""#, 3, &around).pages(), @"
    page 1
       0: 0 start
      20: 0 1
      40: 0 2
      60: 0 3
    page 2
       0: 0 end
    ");
    assert_snapshot!(columns(r#"Mode="UseColumnCount" ColumnCount="2" Layout="AcrossThenDown""#, 3, &around).pages(), @"
    page 1
       0: 0 start
      20: 0 1 | 300 2
      40: 0 3
      60: 0 end
    ");
}

#[test]
fn group_headers_stand_in_their_column_or_on_a_line_of_their_own() {
    let header = group("Name", "", &bound("0,0", "[Name]"));
    assert_snapshot!(columns(r#"Mode="UseColumnCount" ColumnCount="2""#, 5, &header).pages(), @"
    page 1
       0: 0 a
      20: 0 1
      40: 0 2
      60: 0 3
       0: 300 b
      20: 300 4
      40: 300 5
    ");
    assert_snapshot!(columns(r#"Mode="UseColumnCount" ColumnCount="2" Layout="AcrossThenDown""#, 5, &header).pages(), @"
    page 1
       0: 0 a
      20: 0 1 | 300 2
      40: 0 3
      60: 0 b
    page 2
       0: 0 4 | 300 5
    ");
}

#[test]
fn groups_stay_together_in_a_column() {
    let header = group("Name", r#"GroupUnion="WholePage""#, &bound("0,0", "[Name]"));
    assert_snapshot!(columns(r#"Mode="UseColumnCount" ColumnCount="2""#, 5, &header).pages(), @"
    page 1
       0: 0 a
      20: 0 1
      40: 0 2
      60: 0 3
       0: 300 b
      20: 300 4
      40: 300 5
    ");
    assert_snapshot!(
        columns(r#"Mode="UseColumnCount" ColumnCount="2" Layout="AcrossThenDown""#, 5, &header).page(600, 80, [0; 4]).pages(),
        @"
    page 1
       0: 0 a
      20: 0 1 | 300 2
      40: 0 3
    page 2
       0: 0 b
      20: 0 4 | 300 5
    "
    );
}

#[test]
fn a_label_of_several_columns_holds_its_sub_bands() {
    let sub_band = r#"<SubBands><Item1 ControlType="SubBand" Name="S" HeightF="20"><Controls><Item1 ControlType="XRLabel" Name="l" LocationFloat="0,0" SizeF="100,20" Text="below"/></Controls></Item1></SubBands>"#;
    let detail = band_with(
        "Detail",
        "",
        &bound("0,0", "[N]"),
        &format!(
            r#"<MultiColumn Mode="UseColumnCount" ColumnCount="2" Layout="AcrossThenDown"/>{sub_band}"#
        ),
    );
    let report = Report::new(detail).page(600, 80, [0; 4]).rows("Rows", "N:int", ["1", "2", "3"]);
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 1
      20: 0 below
       0: 300 2
      20: 300 below
      40: 0 3
      60: 0 below
    ");
}
