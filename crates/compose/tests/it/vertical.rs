//! Records that run from left to right.

use insta::assert_snapshot;

use super::report::{band_with, group};
use super::{Report, bound, label};

/// Headings 100 wide, records 80 wide and totals 60 wide on a page of 400.
fn records(count: i64, around: &str) -> Report {
    let rows: Vec<String> =
        (1..=count).map(|n| format!("{}|{n}", if n <= 3 { "a" } else { "b" })).collect();
    let header = band_with("VerticalHeader", r#"WidthF="100""#, &label("0,0", "Number"), "");
    let detail = band_with("VerticalDetail", r#"WidthF="80""#, &bound("0,0", "[N]"), "");
    let total = band_with(
        "VerticalTotal",
        r#"WidthF="60""#,
        &bound("0,0", "sumSum([N])")
            .replace("<ExpressionBindings>", r#"<Summary Running="Report"/><ExpressionBindings>"#),
        "",
    );
    Report::new(header + &detail + &total + around).page(400, 200, [0; 4]).rows(
        "Rows",
        "Name N:int",
        rows.iter().map(String::as_str),
    )
}

#[test]
fn records_run_from_left_to_right_with_totals_at_the_end() {
    assert_snapshot!(records(2, "").pages(), @"
    page 1
       0: 0 Number | 100 1 | 180 2 | 260 3
    ");
}

#[test]
fn where_the_width_is_used_up_a_line_with_its_headings_follows() {
    assert_snapshot!(records(5, "").pages(), @"
    page 1
       0: 0 Number | 100 1 | 180 2 | 260 3
      20: 0 Number | 100 4 | 180 5 | 260 15
    ");
}

#[test]
fn each_group_begins_a_line() {
    let header = group("Name", "", &bound("0,0", "[Name]"));
    assert_snapshot!(records(4, &header).pages(), @"
    page 1
       0: 0 a
      20: 0 Number | 100 1 | 180 2 | 260 3
      40: 0 b
      60: 0 Number | 100 4 | 180 10
    ");
}
