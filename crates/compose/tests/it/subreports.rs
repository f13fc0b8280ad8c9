//! Reports inside reports.

use insta::assert_snapshot;

use super::report::control;
use super::{Report, band, bound, label};

/// A sub-report with these bands and parameters, bound to expressions.
fn subreport(place: &str, attributes: &str, bands: &str, sections: &str, bindings: &str) -> String {
    let children = format!(
        r##"<ReportSource ControlType="X.XtraReport, X" Name="Inner" {attributes}><Bands>{bands}</Bands>{sections}</ReportSource>
            <ParameterBindings>{bindings}</ParameterBindings>"##
    );
    control("Subreport", place, "", &children)
}

const INNER_DATA: &str = r##"DataSource="#Ref-9" DataMember="Lines""##;

fn orders(bands: &str) -> Report {
    Report::new(bands)
        .page(500, 200, [0; 4])
        .rows("Orders", "Id:int Name", ["1|Ann", "2|Bob"])
        .rows("Lines", "OrderId:int Product", ["2|Tea", "1|Salt", "2|Rice"])
}

#[test]
fn rows_of_a_sub_report_are_chosen_by_its_parameters() {
    let inner = subreport(
        "50,20,200,20",
        &format!(r#"{INNER_DATA} FilterString="[OrderId] = ?Order""#),
        &(band("ReportHeader", "", &label("0,0", "lines"))
            + &band("Detail", "", &bound("0,0", "[Product]"))),
        r#"<Parameters><Item1 Name="Order"/></Parameters>"#,
        r#"<Item1 ParameterName="Order" DataMember="Orders.Id"/>"#,
    );
    let controls = bound("0,0", "[Name]") + &inner + &label("0,40", "after");
    assert_snapshot!(orders(&band("Detail 60", "", &controls)).pages(), @"
    page 1
       0: 0 Ann
      20: 50 lines
      40: 50 Salt
      60: 0 after
      80: 0 Bob
     100: 50 lines
     120: 50 Tea
     140: 50 Rice
     160: 0 after
    ");
}

#[test]
fn page_bands_and_margins_of_a_sub_report_do_not_count() {
    let bands = [
        band("TopMargin 50", "", &label("0,0", "margin")),
        band("PageHeader", "", &label("0,0", "page header")),
        band("Detail", "", &bound("0,0", "[Product]")),
        band("PageFooter", "", &label("0,0", "page footer")),
    ];
    let inner = subreport("0,0,200,20", INNER_DATA, &bands.concat(), "", "");
    assert_snapshot!(orders(&band("ReportHeader", "", &inner)).pages(), @"
    page 1
       0: 0 Tea
      20: 0 Salt
      40: 0 Rice
    ");
}

#[test]
fn a_sub_report_goes_on_on_the_next_page_and_may_break_pages() {
    let inner = subreport(
        "0,20,200,20",
        INNER_DATA,
        &band("Detail", "", &bound("0,0", "[Product]")),
        "",
        "",
    );
    let bands = band("ReportHeader 40", "", &(label("0,0", "before") + &inner));
    assert_snapshot!(orders(&bands).page(500, 60, [0; 4]).pages(), @"
    page 1
       0: 0 before
      20: 0 Tea
      40: 0 Salt
    page 2
       0: 0 Rice
    ");
    let inner = subreport(
        "0,20,200,20",
        INNER_DATA,
        &band("Detail", r#"PageBreak="AfterBandExceptLastEntry""#, &bound("0,0", "[Product]")),
        "",
        "",
    );
    let bands = band("ReportHeader 40", "", &(label("0,0", "before") + &inner));
    assert_snapshot!(orders(&bands).pages(), @"
    page 1
       0: 0 before
      20: 0 Tea
    page 2
       0: 0 Salt
    page 3
       0: 0 Rice
    ");
}

#[test]
fn a_sub_report_that_contains_itself_ends() {
    let itself = control("Subreport", "10,20,100,20", r#"ReportSourceUrl="self""#, "");
    let bands = band("Detail 40", "", &(label("0,0", "again") + &itself));
    let mut report = Report::new(&*bands).page(500, 400, [0; 4]);
    report.limits.subreport_depth = 3;
    let xml = report.xml();
    let printed = report.layout("self", xml).print();
    assert_snapshot!(printed.texts(), @r#"
    page 1
       0: 0 again
      20: 10 again
      40: 20 again
      60: 30 again
      84: 47 sub-report "Subr…
    "#);
    assert_snapshot!(printed.warnings(), @r#"sub-report "Subreport" is more than 3 reports deep; does a report contain itself?"#);
}

#[test]
fn a_sub_report_that_is_not_found_says_so_in_its_place() {
    let lost = control("Subreport", "0,0,300,20", r#"ReportSourceUrl="lost""#, "");
    let printed = Report::new(band("Detail 20", "", &lost)).print();
    assert_snapshot!(printed.texts(), @r#"
    page 1
       4: 97 there is no report "lost"
    "#);
    assert_snapshot!(printed.warnings(), @r#"there is no report "lost""#);
}

#[test]
fn a_wrong_parameter_of_a_sub_report_says_so() {
    let inner = subreport(
        "0,0,300,20",
        "",
        &band("Detail", "", &label("0,0", "x")),
        "",
        r#"<Item1 ParameterName="Nobody" DataMember="Orders.Id"/>"#,
    );
    let printed = orders(&band("Detail 20", "", &inner)).print();
    assert_snapshot!(printed.warnings(), @r#"sub-report "Subreport": parameter "Nobody": the report has no parameters; leave it out (2 times)"#);
}

#[test]
fn styles_and_looks_of_a_sub_report_are_its_own() {
    let inner = subreport(
        "0,0,200,20",
        r#"ForeColor="Red""#,
        &band("Detail", "", &label("0,0", "inner")),
        "",
        "",
    );
    let report = Report::new(band("Detail 20", "", &(inner + &label("200,0", "outer"))))
        .with(r#"ForeColor="Blue""#);
    assert_snapshot!(report.print().dump(), @r#"
    page 360.0 x 144.0
      text 0.0,8.7 "inner" Liberation Serif 9.8 #ff0000
      text 144.0,8.7 "outer" Liberation Serif 9.8 #0000ff
    "#);
}
