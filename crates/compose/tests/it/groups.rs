//! Groups: levels, repeated headers, what stays together.

use insta::assert_snapshot;

use super::report::{group, summary};
use super::{Report, band, bound, label};

const SALES: &str = "Country City Amount:int";

fn sales(bands: &str) -> Report {
    Report::new(bands).rows(
        "Rows",
        SALES,
        ["UK|London|5", "DE|Berlin|1", "DE|Bonn|2", "UK|Leeds|6", "DE|Berlin|3"],
    )
}

fn detail() -> String {
    band("Detail", "", &bound("200,0", "[Amount]"))
}

#[test]
fn level_zero_is_the_innermost_group_and_rows_are_sorted_by_all_levels() {
    let bands = [
        group("City", r#"Level="0""#, &bound("100,0", "[City]")),
        group("Country", r#"Level="1""#, &bound("0,0", "[Country]")),
        detail(),
        band("GroupFooter", r#"Level="0""#, &bound("100,0", "'end of ' + [City]")),
        band("GroupFooter", r#"Level="1""#, &bound("0,0", "'end of ' + [Country]")),
    ];
    assert_snapshot!(sales(&bands.concat()).page(500, 500, [0; 4]).pages(), @"
    page 1
       0: 0 DE
      20: 100 Berlin
      40: 200 1
      60: 200 3
      80: 100 end of Berlin
     100: 100 Bonn
     120: 200 2
     140: 100 end of Bonn
     160: 0 end of DE
     180: 0 UK
     200: 100 Leeds
     220: 200 6
     240: 100 end of Leeds
     260: 100 London
     280: 200 5
     300: 100 end of London
     320: 0 end of UK
    ");
}

#[test]
fn a_header_without_fields_is_one_group_over_all_rows() {
    let bands = group("", "", &label("0,0", "heading"))
        + &detail()
        + &band("GroupFooter", "", &label("0,0", "end"));
    assert_snapshot!(sales(&bands).pages(), @"
    page 1
       0: 0 heading
      20: 200 5
      40: 200 1
      60: 200 2
      80: 200 6
     100: 200 3
     120: 0 end
    ");
}

#[test]
fn headers_may_be_repeated_on_every_page_of_their_group() {
    let bands = [
        group("Country", r#"RepeatEveryPage="true""#, &bound("0,0", "[Country]")),
        detail(),
        band("PageHeader", "", &label("0,0", "page head")),
    ];
    assert_snapshot!(sales(&bands.concat()).page(500, 80, [0; 4]).pages(), @"
    page 1
       0: 0 page head
      20: 0 DE
      40: 200 1
      60: 200 2
    page 2
       0: 0 page head
      20: 0 DE
      40: 200 3
      60: 0 UK
    page 3
       0: 0 page head
      20: 0 UK
      40: 200 5
      60: 200 6
    ");
}

#[test]
fn groups_stay_together_where_their_header_wants_it() {
    let with = |union: &str| {
        let bands =
            group("Country", &format!(r#"GroupUnion="{union}""#), &bound("0,0", "[Country]"))
                + &detail();
        sales(&bands)
    };
    // DE takes 80 with its header, UK 60: the page ends after 120.
    assert_snapshot!(with("None").page(500, 120, [0; 4]).pages(), @"
    page 1
       0: 0 DE
      20: 200 1
      40: 200 2
      60: 200 3
      80: 0 UK
     100: 200 5
    page 2
       0: 200 6
    ");
    assert_snapshot!(with("WholePage").page(500, 120, [0; 4]).pages(), @"
    page 1
       0: 0 DE
      20: 200 1
      40: 200 2
      60: 200 3
    page 2
       0: 0 UK
      20: 200 5
      40: 200 6
    ");
    // The header of UK would be the last on its page.
    assert_snapshot!(with("None").page(500, 100, [0; 4]).pages(), @"
    page 1
       0: 0 DE
      20: 200 1
      40: 200 2
      60: 200 3
      80: 0 UK
    page 2
       0: 200 5
      20: 200 6
    ");
    assert_snapshot!(with("WithFirstDetail").page(500, 100, [0; 4]).pages(), @"
    page 1
       0: 0 DE
      20: 200 1
      40: 200 2
      60: 200 3
    page 2
       0: 0 UK
      20: 200 5
      40: 200 6
    ");
}

#[test]
fn a_footer_may_want_the_last_detail_beside_it() {
    let with = |union: &str| {
        let bands = group("Country", "", "")
            + &detail()
            + &band(
                "GroupFooter",
                &format!(r#"GroupUnion="{union}""#),
                &bound("0,0", "'end of ' + [Country]"),
            );
        sales(&bands)
    };
    assert_snapshot!(with("None").page(500, 80, [0; 4]).pages(), @"
    page 1
      20: 200 1
      40: 200 2
      60: 200 3
    page 2
       0: 0 end of DE
      40: 200 5
      60: 200 6
    page 3
       0: 0 end of UK
    ");
    assert_snapshot!(with("WithLastDetail").page(500, 80, [0; 4]).pages(), @"
    page 1
      20: 200 1
      40: 200 2
    page 2
       0: 200 3
      20: 0 end of DE
      60: 200 5
    page 3
       0: 200 6
      20: 0 end of UK
    ");
}

#[test]
fn a_group_that_is_higher_than_a_page_is_split_all_the_same() {
    let bands =
        group("Country", r#"GroupUnion="WholePage""#, &bound("0,0", "[Country]")) + &detail();
    assert_snapshot!(sales(&bands).page(500, 60, [0; 4]).pages(), @"
    page 1
       0: 0 DE
      20: 200 1
      40: 200 2
    page 2
       0: 200 3
    page 3
       0: 0 UK
      20: 200 5
      40: 200 6
    ");
}

#[test]
fn groups_may_start_on_a_page_of_their_own() {
    let bands =
        group("Country", r#"PageBreak="BeforeBandExceptFirstEntry""#, &bound("0,0", "[Country]"))
            + &detail();
    assert_snapshot!(sales(&bands).pages(), @"
    page 1
       0: 0 DE
      20: 200 1
      40: 200 2
      60: 200 3
    page 2
       0: 0 UK
      20: 200 5
      40: 200 6
    ");
    let bands = group("Country", "", &bound("0,0", "[Country]"))
        + &detail()
        + &band("GroupFooter", r#"PageBreak="AfterBandExceptLastEntry""#, &label("0,0", "total"));
    assert_snapshot!(sales(&bands).pages(), @"
    page 1
       0: 0 DE
      20: 200 1
      40: 200 2
      60: 200 3
      80: 0 total
    page 2
       0: 0 UK
      20: 200 5
      40: 200 6
      60: 0 total
    ");
}

#[test]
fn groups_may_be_sorted_by_a_summary() {
    let header = super::report::band_with(
        "GroupHeader",
        "",
        &summary("0,0", "Group", "[Country] + ' ' + sumSum([Amount])"),
        r#"<GroupFields><Item1 FieldName="Country"/></GroupFields>
           <SortingSummary Enabled="true" FieldName="Amount" Function="Sum" SortOrder="Descending"/>"#,
    );
    assert_snapshot!(sales(&(header + &detail())).pages(), @"
    page 1
       0: 0 UK 11
      20: 200 5
      40: 200 6
      60: 0 DE 6
      80: 200 1
     100: 200 2
     120: 200 3
    ");
}

#[test]
fn groups_by_a_calculated_field_and_descending() {
    let header = super::report::band_with(
        "GroupHeader",
        "",
        &bound("0,0", "[Initial]"),
        r#"<GroupFields><Item1 FieldName="Initial" SortOrder="Descending"/></GroupFields>"#,
    );
    let report = sales(&(header + &detail())).section(
        r#"<CalculatedFields><Item1 Name="Initial" DataMember="Rows" Expression="Substring([City], 0, 1)"/></CalculatedFields>"#,
    );
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 L
      20: 200 5
      40: 200 6
      60: 0 B
      80: 200 1
     100: 200 2
     120: 200 3
    ");
}

#[test]
fn unsorted_groups_keep_the_order_of_the_rows() {
    let header = super::report::band_with(
        "GroupHeader",
        "",
        &bound("0,0", "[Country]"),
        r#"<GroupFields><Item1 FieldName="Country" SortOrder="None"/></GroupFields>"#,
    );
    assert_snapshot!(sales(&(header + &detail())).pages(), @"
    page 1
       0: 0 UK
      20: 200 5
      40: 0 DE
      60: 200 1
      80: 200 2
     100: 0 UK
     120: 200 6
     140: 0 DE
     160: 200 3
    ");
}

#[test]
fn a_page_break_inside_a_group_ends_the_wish_to_stay_together() {
    let bands = group("Country", r#"GroupUnion="WholePage""#, &bound("0,0", "[Country]"))
        + &band("Detail", r#"PageBreak="AfterBand""#, &bound("200,0", "[Amount]"));
    assert_snapshot!(sales(&bands).pages(), @"
    page 1
       0: 0 DE
      20: 200 1
    page 2
       0: 200 2
    page 3
       0: 200 3
    page 4
       0: 0 UK
      20: 200 5
    page 5
       0: 200 6
    ");
}

#[test]
fn headers_of_nested_groups_are_repeated_in_their_order() {
    let bands = [
        group("Country", r#"Level="1" RepeatEveryPage="true""#, &bound("0,0", "[Country]")),
        group("City", r#"RepeatEveryPage="true""#, &bound("100,0", "[City]")),
        detail(),
    ];
    let rows = ["DE|Berlin|1", "DE|Berlin|2", "DE|Berlin|3", "DE|Bonn|4", "UK|Leeds|5"];
    let report = Report::new(bands.concat()).rows("Rows", SALES, rows);
    assert_snapshot!(report.page(500, 80, [0; 4]).pages(), @"
    page 1
       0: 0 DE
      20: 100 Berlin
      40: 200 1
      60: 200 2
    page 2
       0: 0 DE
      20: 100 Berlin
      40: 200 3
      60: 100 Bonn
    page 3
       0: 0 DE
      20: 100 Bonn
      40: 200 4
      60: 0 UK
    page 4
       0: 0 UK
      20: 100 Leeds
      40: 200 5
    ");
}

#[test]
fn a_report_footer_stays_below_a_group_footer_at_the_bottom() {
    let bands = [
        group("Country", "", ""),
        detail(),
        band("GroupFooter", r#"PrintAtBottom="true""#, &bound("0,0", "'total ' + [Country]")),
        band("ReportFooter", "", &label("0,0", "end")),
    ];
    assert_snapshot!(sales(&bands.concat()).page(500, 120, [0; 4]).pages(), @"
    page 1
      20: 200 1
      40: 200 2
      60: 200 3
     100: 0 total DE
    page 2
      20: 200 5
      40: 200 6
     100: 0 total UK
    page 3
       0: 0 end
    ");
}

#[test]
fn an_empty_group_key_is_a_group_of_its_own_and_letter_case_does_not_count() {
    let bands = group("Country", "", &bound("0,0", "'[' + [Country] + ']'")) + &detail();
    let report = Report::new(bands).rows("Rows", SALES, ["uk|a|1", "|b|2", "UK|c|3"]);
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 []
      20: 200 2
      40: 0 [UK]
      60: 200 3
      80: 200 1
    ");
}

#[test]
fn a_group_footer_on_every_page_is_not_printed_there_and_that_is_told() {
    let bands = detail() + &band("GroupFooter", r#"RepeatEveryPage="true""#, &label("0,0", "end"));
    assert_snapshot!(sales(&bands).print().warnings(), @r#"band "GroupFooter": a group footer is not repeated on every page; it stands at the end of its group"#);
}
