//! Detail reports: rows below rows.

use insta::assert_snapshot;

use super::report::{details, group};
use super::{Report, band, bound, label};

fn orders(bands: &str) -> Report {
    Report::new(bands)
        .page(500, 500, [0; 4])
        .rows("Orders", "Id:int Customer", ["1|Ann", "2|Bob", "3|Cid"])
        .rows(
            "Lines",
            "OrderId:int Product Amount:int",
            ["2|Tea|3", "1|Salt|1", "2|Rice|5", "9|Lost|9"],
        )
        .rows("Parts", "Product Part", ["Tea|leaf", "Tea|bag", "Rice|grain"])
        .relation("Orders.Id=Lines.OrderId")
        .relation("Lines.Product=Parts.Product")
}

fn customers() -> String {
    band("Detail", "", &bound("0,0", "[Customer]"))
}

#[test]
fn a_relation_leads_to_the_rows_of_each_row() {
    let lines = details(
        "Orders.OrdersLines",
        "",
        &band("Detail", "", &bound("100,0", "[Product] + ' for ' + [Customer]")),
    );
    assert_snapshot!(orders(&(customers() + &lines)).pages(), @"
    page 1
       0: 0 Ann
      20: 100 Salt for Ann
      40: 0 Bob
      60: 100 Tea for Bob
      80: 100 Rice for Bob
     100: 0 Cid
     120: 100  for Cid
    ");
}

#[test]
fn another_query_is_printed_whole_for_each_row() {
    let lines = details("Lines", "", &band("Detail", "", &bound("100,0", "[Product]")));
    assert_snapshot!(orders(&(customers() + &lines)).pages(), @"
    page 1
       0: 0 Ann
      20: 100 Tea
      40: 100 Salt
      60: 100 Rice
      80: 100 Lost
     100: 0 Bob
     120: 100 Tea
     140: 100 Salt
     160: 100 Rice
     180: 100 Lost
     200: 0 Cid
     220: 100 Tea
     240: 100 Salt
     260: 100 Rice
     280: 100 Lost
    ");
}

#[test]
fn detail_reports_have_headers_groups_and_detail_reports_of_their_own() {
    let parts = details(
        "Orders.OrdersLines.LinesParts",
        "",
        &band("Detail", "", &bound("200,0", "[Part] + ' of ' + [Amount] + ' ' + [Product]")),
    );
    let lines = details(
        "Orders.OrdersLines",
        "",
        &[
            band("ReportHeader", "", &label("100,0", "lines")),
            group("Product", "", &bound("100,0", "Upper([Product])")),
            band("Detail", "", &bound("100,0", "[Amount]")),
            parts,
            band("ReportFooter", "", &bound("100,0", "'end of ' + [Customer]")),
        ]
        .concat(),
    );
    assert_snapshot!(orders(&(customers() + &lines)).page(500, 700, [0; 4]).pages(), @"
    page 1
       0: 0 Ann
      20: 100 lines
      40: 100 SALT
      60: 100 1
      80: 200  of 1
     100: 100 end of Ann
     120: 0 Bob
     140: 100 lines
     160: 100 RICE
     180: 100 5
     200: 200 grain of 5 Rice
     220: 100 TEA
     240: 100 3
     260: 200 leaf of 3 Tea
     280: 200 bag of 3 Tea
     300: 100 end of Bob
     320: 0 Cid
     340: 100 lines
     400: 200  of
     420: 100 end of Cid
    ");
}

#[test]
fn detail_reports_come_in_the_order_of_their_level() {
    let named = |name: &str, level: u32| {
        details(
            "Orders.OrdersLines",
            &format!(r#"Name="{name}" Level="{level}""#),
            &band("ReportHeader", "", &label("100,0", name)),
        )
    };
    let bands = customers() + &named("second", 1) + &named("first", 0);
    assert_snapshot!(orders(&bands).pages(), @"
    page 1
       0: 0 Ann
      20: 100 first
      40: 100 second
      60: 0 Bob
      80: 100 first
     100: 100 second
     120: 0 Cid
     140: 100 first
     160: 100 second
    ");
}

#[test]
fn a_report_without_data_may_hold_several_tables() {
    let bands = [
        band("Detail", "", &label("0,0", "everything")),
        details("Orders", r#"Name="A""#, &customers()),
        details(
            "Lines",
            r#"Name="B" Level="1""#,
            &band("Detail", "", &bound("100,0", "[Product]")),
        ),
    ];
    let report = Report::new(bands.concat()).section("").page(500, 300, [0; 4]);
    // The queries are there, but the report itself is over none of them.
    let report = report
        .rows("", "", [])
        .rows("Orders", "Id:int Customer", ["1|Ann", "2|Bob"])
        .rows("Lines", "Product", ["Tea"]);
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 everything
      20: 0 Ann
      40: 0 Bob
      60: 100 Tea
    ");
}

#[test]
fn detail_reports_without_rows_may_print_nothing() {
    let bands = format!(
        "{}{}",
        band("ReportHeader", "", &label("100,0", "lines")),
        band("Detail", "", &bound("100,0", "[Product]"))
    );
    let with = |options: &str| {
        let lines = details("Orders.OrdersLines", "", &bands)
            .replace("<Bands>", &format!("{options}<Bands>"));
        orders(&(customers() + &lines))
    };
    assert_snapshot!(with("").pages(), @"
    page 1
       0: 0 Ann
      20: 100 lines
      40: 100 Salt
      60: 0 Bob
      80: 100 lines
     100: 100 Tea
     120: 100 Rice
     140: 0 Cid
     160: 100 lines
    ");
    assert_snapshot!(with(r#"<ReportPrintOptions PrintOnEmptyDataSource="false"/>"#).pages(), @"
    page 1
       0: 0 Ann
      20: 100 lines
      40: 100 Salt
      60: 0 Bob
      80: 100 lines
     100: 100 Tea
     120: 100 Rice
     140: 0 Cid
    ");
}

#[test]
fn detail_reports_may_be_hidden_filtered_and_start_pages() {
    let detail = band("Detail", "", &bound("100,0", "[Product]"));
    let hidden = details("Orders.OrdersLines", "", &detail).replace(
        "<Bands>",
        &format!("{}<Bands>", super::report::bind(&[("Visible", "[Customer] = 'Bob'")])),
    );
    assert_snapshot!(orders(&(customers() + &hidden)).pages(), @"
    page 1
       0: 0 Ann
      20: 0 Bob
      40: 100 Tea
      60: 100 Rice
      80: 0 Cid
    ");
    let filtered = details("Orders.OrdersLines", r#"FilterString="[Amount] &gt; 3""#, &detail);
    assert_snapshot!(orders(&(customers() + &filtered)).pages(), @"
    page 1
       0: 0 Ann
      40: 0 Bob
      60: 100 Rice
      80: 0 Cid
    ");
    let broken = details("Orders.OrdersLines", r#"PageBreak="BeforeBand""#, &detail);
    assert_snapshot!(orders(&(customers() + &broken)).pages(), @"
    page 1
       0: 0 Ann
    page 2
       0: 100 Salt
      20: 0 Bob
    page 3
       0: 100 Tea
      20: 100 Rice
      40: 0 Cid
    page 4
    ");
}

#[test]
fn a_row_may_keep_its_detail_reports_beside_it() {
    let lines =
        details("Orders.OrdersLines", "", &band("Detail", "", &bound("100,0", "[Product]")));
    let with = |keep: &str| {
        let bands = band("Detail", keep, &bound("0,0", "[Customer]")) + &lines;
        orders(&bands).page(500, 80, [0; 4])
    };
    assert_snapshot!(with("").pages(), @"
    page 1
       0: 0 Ann
      20: 100 Salt
      40: 0 Bob
      60: 100 Tea
    page 2
       0: 100 Rice
      20: 0 Cid
    ");
    assert_snapshot!(with(r#"KeepTogetherWithDetailReports="true""#).pages(), @"
    page 1
       0: 0 Ann
      20: 100 Salt
    page 2
       0: 0 Bob
      20: 100 Tea
      40: 100 Rice
    page 3
       0: 0 Cid
    ");
}

#[test]
fn a_detail_report_may_stay_together() {
    let lines = |keep: &str| {
        details("Orders.OrdersLines", keep, &band("Detail", "", &bound("100,0", "[Product]")))
    };
    let with = |keep: &str| orders(&(customers() + &lines(keep))).page(500, 90, [0; 4]);
    assert_snapshot!(with("").pages(), @"
    page 1
       0: 0 Ann
      20: 100 Salt
      40: 0 Bob
      60: 100 Tea
    page 2
       0: 100 Rice
      20: 0 Cid
    ");
    assert_snapshot!(with(r#"KeepTogether="true""#).pages(), @"
    page 1
       0: 0 Ann
      20: 100 Salt
      40: 0 Bob
    page 2
       0: 100 Tea
      20: 100 Rice
      40: 0 Cid
    ");
}

#[test]
fn a_relation_that_does_not_fit_its_tables_is_an_error() {
    let lines =
        details("Orders.OrdersLines", "", &band("Detail", "", &bound("100,0", "[Product]")));
    let report = Report::new(customers() + &lines)
        .rows("Orders", "Id:int Customer", ["1|Ann"])
        .rows("Lines", "Product", ["Tea"])
        .relation("Orders.Id=Lines.OrderId");
    assert_snapshot!(report.try_print().map(|_| ()).unwrap_err(), @r#"the query "Lines" failed: the relation "OrdersLines" joins Id with OrderId, and one of these columns does not exist"#);
}
