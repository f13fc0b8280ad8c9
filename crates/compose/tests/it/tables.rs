//! Tables: shares of rows and cells, spans, growth, what is in cells, where pages cut them.

use insta::assert_snapshot;

use super::report::{bind, cell, control, table};
use super::{Report, band, label};

fn detail(controls: &str) -> Report {
    Report::new(band("Detail 60", "", controls))
}

/// A table of rows whose cells are given in full.
fn table_of(place: &str, attributes: &str, rows: &[&str]) -> String {
    let rows: String = rows
        .iter()
        .map(|cells| format!(r#"<Item1 ControlType="XRTableRow" Name="row" Weight="1"><Cells>{cells}</Cells></Item1>"#))
        .collect();
    control("Table", place, attributes, &format!("<Rows>{rows}</Rows>"))
}

#[test]
fn cells_share_the_width_by_the_weights_of_their_own_row() {
    let first = cell("a", r#"Weight="1""#) + &cell("b", r#"Weight="3""#);
    let second =
        cell("c", r#"Weight="2""#) + &cell("d", r#"Weight="2""#) + &cell("e", r#"Weight="4""#);
    assert_snapshot!(detail(&table_of("0,0,400,40", "", &[&first, &second])).pages(), @"
    page 1
       0: 0 a | 100 b
      20: 0 c | 100 d | 200 e
    ");
}

#[test]
fn rows_share_the_height_by_weight() {
    let row = |weight: &str, text: &str| {
        format!(
            r#"<Item1 ControlType="XRTableRow" Name="row" Weight="{weight}"><Cells>{}</Cells></Item1>"#,
            cell(text, "")
        )
    };
    let rows = format!("<Rows>{}{}{}</Rows>", row("1", "a"), row("2", "b"), row("1", "c"));
    assert_snapshot!(detail(&control("Table", "0,0,100,80", "", &rows)).pages(), @"
    page 1
       0: 0 a
      20: 0 b
      60: 0 c
    ");
}

#[test]
fn all_cells_of_a_row_are_as_high_as_the_highest() {
    let long = "words that need three lines in here";
    let cells = table("0,0,200,40", r#"Borders="All""#, &[&[long, "short"], &["below", "too"]]);
    assert_snapshot!(detail(&(cells + &label("0,40", "after"))).print().dump(), @r#"
    page 360.0 x 144.0
      text 0.0,8.7 "words that need" Liberation Serif 9.8 #000000 cell 1:0:0
      text 0.0,19.9 "three lines in here" Liberation Serif 9.8 #000000 cell 1:0:0
      rect 0.0,0.0 72.0 x 22.4 stroke #000000 0.8
      text 72.0,8.7 "short" Liberation Serif 9.8 #000000 cell 1:0:1
      rect 72.0,0.0 72.0 x 22.4 stroke #000000 0.8
      text 0.0,31.1 "below" Liberation Serif 9.8 #000000 cell 1:1:0
      rect 0.0,22.4 72.0 x 14.4 stroke #000000 0.8
      text 72.0,31.1 "too" Liberation Serif 9.8 #000000 cell 1:1:1
      rect 72.0,22.4 72.0 x 14.4 stroke #000000 0.8
      text 0.0,45.5 "after" Liberation Serif 9.8 #000000
    "#);
}

#[test]
fn cells_may_cover_several_rows() {
    let first = cell("covers two rows", r#"RowSpan="2""#) + &cell("b", "");
    let second = cell("covered", "") + &cell("d", "");
    assert_snapshot!(detail(&table_of("0,0,200,40", r#"Borders="All""#, &[&first, &second])).print().dump(), @r#"
    page 360.0 x 144.0
      text 0.0,8.7 "covers two rows" Liberation Serif 9.8 #000000 cell 1:0:0
      rect 0.0,0.0 72.0 x 28.8 stroke #000000 0.8
      text 72.0,8.7 "b" Liberation Serif 9.8 #000000 cell 1:0:1
      rect 72.0,0.0 72.0 x 14.4 stroke #000000 0.8
      text 72.0,23.1 "d" Liberation Serif 9.8 #000000 cell 1:1:1
      rect 72.0,14.4 72.0 x 14.4 stroke #000000 0.8
    "#);
}

#[test]
fn cells_hold_controls_instead_of_their_text() {
    let inside = format!(
        r#"<Item1 ControlType="XRTableCell" Name="cell" Weight="1" Text="not shown"><Controls>{}</Controls></Item1>"#,
        label("10,5,80,20", "a label inside") + &label("10,25,80,20", "another")
    );
    assert_snapshot!(detail(&table_of("0,0,200,40", "", &[&(inside + &cell("beside", ""))])).pages(), @"
    page 1
       5: 10 a label inside
      25: 10 another
       0: 100 beside
    ");
}

#[test]
fn cells_are_bound_and_inherit_looks() {
    let cells = table(
        "0,0,200,20",
        r#"ForeColor="Red" Font="Arial, 8pt, style=Bold""#,
        &[&["[N]", "[N] * 2"]],
    );
    let report = Report::new(band("Detail", "", &cells)).rows("Rows", "N:int", ["1", "2"]);
    assert_snapshot!(report.print().dump(), @r#"
    page 360.0 x 144.0
      text 0.0,7.2 "1" Liberation Sans bold 8.0 #ff0000 cell 1:0:0
      text 72.0,7.2 "2" Liberation Sans bold 8.0 #ff0000 cell 1:0:1
      text 0.0,21.6 "2" Liberation Sans bold 8.0 #ff0000 cell 1:1:0
      text 72.0,21.6 "4" Liberation Sans bold 8.0 #ff0000 cell 1:1:1
    "#);
}

#[test]
fn hidden_rows_vanish_and_hidden_cells_leave_their_space() {
    let hidden_row = format!(
        r#"<Item1 ControlType="XRTableRow" Name="row" Weight="1">{}<Cells>{}</Cells></Item1>"#,
        bind(&[("Visible", "[N] = 1")]),
        cell("sometimes", "")
    );
    let hidden_cell = cell("left", r#"Visible="false""#) + &cell("right", "");
    let rows = format!(
        r#"<Rows>{hidden_row}<Item1 ControlType="XRTableRow" Name="row" Weight="1"><Cells>{hidden_cell}</Cells></Item1></Rows>"#
    );
    let controls = control("Table", "0,0,200,40", "", &rows) + &label("0,40", "after");
    let report = Report::new(band("Detail 60", "", &controls)).rows("Rows", "N:int", ["1", "2"]);
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 sometimes
      20: 100 right
      40: 0 after
      60: 100 right
      80: 0 after
    ");
}

#[test]
fn rows_of_a_table_go_on_on_the_next_page() {
    let rows: Vec<String> = (1..=6).map(|n| format!("row {n}")).collect();
    let rows: Vec<[&str; 1]> = rows.iter().map(|text| [text.as_str()]).collect();
    let rows: Vec<&[&str]> = rows.iter().map(|row| &row[..]).collect();
    let report =
        Report::new(band("Detail 120", "", &table("0,0,100,120", "", &rows))).page(500, 90, [0; 4]);
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 row 1
      20: 0 row 2
      40: 0 row 3
      60: 0 row 4
    page 2
       0: 0 row 5
      20: 0 row 6
    ");
}

#[test]
fn a_row_of_long_and_short_cells_is_cut_between_lines_and_its_borders_are_closed() {
    let long = "one two three four five six seven eight nine ten eleven twelve thirteen";
    let cells = cell(long, "") + &cell("short", r#"TextAlignment="MiddleLeft""#);
    let report =
        Report::new(band("Detail 20", "", &table_of("0,0,200,20", r#"Borders="All""#, &[&cells])))
            .page(500, 50, [0; 4]);
    assert_snapshot!(report.print().dump(), @r#"
    page 360.0 x 36.0
      text 0.0,8.7 "one two three" Liberation Serif 9.8 #000000 cell 1:0:0
      text 0.0,19.9 "four five six" Liberation Serif 9.8 #000000 cell 1:0:0
      text 0.0,31.1 "seven eight nine" Liberation Serif 9.8 #000000 cell 1:0:0
      rect 0.0,0.0 72.0 x 36.0 stroke #000000 0.8
      text 72.0,8.7 "short" Liberation Serif 9.8 #000000 cell 1:0:1
      rect 72.0,0.0 72.0 x 36.0 stroke #000000 0.8
    page 360.0 x 36.0
      text 0.0,8.7 "ten eleven twelve" Liberation Serif 9.8 #000000 cell 1:0:0
      text 0.0,19.9 "thirteen" Liberation Serif 9.8 #000000 cell 1:0:0
      rect 0.0,0.0 72.0 x 22.4 stroke #000000 0.8
      rect 72.0,0.0 72.0 x 22.4 stroke #000000 0.8
    "#);
}

#[test]
fn a_row_is_not_cut_where_only_its_empty_bottom_would_go() {
    let cells = table("0,0,200,30", r#"Borders="All""#, &[&["[N]", "x"]]);
    let report = Report::new(band("Detail 30", "", &cells))
        .rows("Rows", "N:int", ["1", "2", "3"])
        .page(500, 80, [0; 4]);
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 1 | 100 x
      30: 0 2 | 100 x
    page 2
       0: 0 3 | 100 x
    ");
}

#[test]
fn shrinking_rows() {
    let shrinks = r#"CanShrink="true""#;
    let empty = cell("", shrinks) + &cell("", shrinks);
    let full = cell("a", shrinks) + &cell("b", shrinks);
    let controls = table_of("0,0,200,60", "", &[&full, &empty, &full]) + &label("0,60", "after");
    assert_snapshot!(Report::new(band("Detail 80", "", &controls)).pages(), @"
    page 1
       0: 0 a | 100 b
      16: 0 a | 100 b
      31: 0 after
    ");
}

#[test]
fn sub_reports_stand_in_cells() {
    let inner = r#"<ReportSource ControlType="X.XtraReport, X" Name="inner"><Bands><Item1 ControlType="DetailBand" Name="D" HeightF="20"><Controls><Item1 ControlType="XRLabel" Name="l" LocationFloat="0,0" SizeF="80,20" Text="inner"/></Controls></Item1></Bands></ReportSource>"#;
    let sub = control("Subreport", "10,0,80,20", "", inner);
    let inside = format!(
        r#"<Item1 ControlType="XRTableCell" Name="cell" Weight="1"><Controls>{sub}</Controls></Item1>"#
    );
    let report = detail(&table_of("0,0,200,20", "", &[&(inside + &cell("beside", ""))]));
    assert_snapshot!(report.pages(), @"
    page 1
       0: 10 inner | 100 beside
    ");
}

#[test]
fn tables_with_the_same_columns_are_one_to_a_reader() {
    let bands = [
        band("PageHeader", "", &table("0,0,200,20", "", &[&["Name", "Number"]])),
        band("Detail", "", &table("0,0,200,20", "", &[&["row", "[N]"]])),
        band("ReportFooter", "", &table("0,0,300,20", "", &[&["total", "6"]])),
    ];
    let report =
        Report::new(bands.concat()).rows("Rows", "N:int", ["1", "2", "3"]).page(500, 80, [0; 4]);
    assert_snapshot!(report.print().dump(), @r#"
    page 360.0 x 57.6
      text 0.0,8.7 "Name" Liberation Serif 9.8 #000000 header 1:0:0
      text 72.0,8.7 "Number" Liberation Serif 9.8 #000000 header 1:0:1
      text 0.0,23.1 "row" Liberation Serif 9.8 #000000 cell 1:1:0
      text 72.0,23.1 "1" Liberation Serif 9.8 #000000 cell 1:1:1
      text 0.0,37.5 "row" Liberation Serif 9.8 #000000 cell 1:2:0
      text 72.0,37.5 "2" Liberation Serif 9.8 #000000 cell 1:2:1
      text 0.0,51.9 "row" Liberation Serif 9.8 #000000 cell 1:3:0
      text 72.0,51.9 "3" Liberation Serif 9.8 #000000 cell 1:3:1
    page 360.0 x 57.6
      text 0.0,8.7 "Name" Liberation Serif 9.8 #000000 header 1:0:0
      text 72.0,8.7 "Number" Liberation Serif 9.8 #000000 header 1:0:1
      text 0.0,23.1 "total" Liberation Serif 9.8 #000000 cell 2:0:0
      text 108.0,23.1 "6" Liberation Serif 9.8 #000000 cell 2:0:1
    "#);
}
