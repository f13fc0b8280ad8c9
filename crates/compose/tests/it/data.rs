//! Rows and what is computed of them: parameters, calculated fields, filters, order, summaries.

use insta::assert_snapshot;

use super::report::{bind, control, details, group, summary};
use super::{Report, band, bound, label};

const SALES: [&str; 5] = ["a|1", "b|10", "a|2", "b|", "a|4"];

/// A report over rows of a name and an amount, of which one is null.
fn sales(bands: &str) -> Report {
    Report::new(bands).rows("Rows", "Name Amount:int", SALES).page(500, 400, [0; 4])
}

fn types(parameters: &str) -> String {
    format!(
        r#"<Parameters>{parameters}</Parameters>
           <ObjectStorage>
             <Item1 Ref="90" ObjectType="X.ObjectStorageInfo, X" Content="System.Int32" Type="System.Type"/>
             <Item2 Ref="91" ObjectType="X.ObjectStorageInfo, X" Content="System.DateTime" Type="System.Type"/>
           </ObjectStorage>"#
    )
}

#[test]
fn parameters_have_defaults_and_types() {
    let report = || {
        let bands = band(
            "Detail",
            "",
            &(bound("0,0", "?Count + 1") + &bound("100,0", "?Start") + &label("300,0", "[?Name]")),
        );
        Report::new(bands).section(&types(
            r##"<Item1 Ref="5" Name="Count" Type="#Ref-90" ValueInfo="41"/>
               <Item2 Name="Start" Type="#Ref-91"><ExpressionBindings><Item1 PropertyName="Value" Expression="AddDays(Today(), -1)"/></ExpressionBindings></Item2>
               <Item3 Name="Name" ValueInfo="x"/>"##,
        ))
    };
    assert_snapshot!(report().pages(), @"
    page 1
       0: 0 42 | 100 3/4/2026
      16: 100 12:00:00 AM
       0: 300 x
    ");
    assert_snapshot!(report().parameter("count", "7").parameter("Name", "given").pages(), @"
    page 1
       0: 0 8 | 100 3/4/2026
      16: 100 12:00:00 AM
       0: 300 given
    ");
    let refuse = |name: &str, value: &str| {
        report().parameter(name, value).try_print().map(|_| ()).unwrap_err()
    };
    assert_snapshot!(refuse("Count", "many"), @r#"parameter "Count": "many" is not a whole number of 64 bits; write it like -42"#);
    assert_snapshot!(refuse("Cuont", "7"), @r#"parameter "Cuont": the report has no such parameter; it has Count, Start, Name"#);
}

#[test]
fn parameters_of_several_values() {
    let report = sales(&band("Detail", "", &bound("0,0", "[Name] + ' ' + [Amount]")))
        .with(r#"FilterString="[Name] In (?Names)""#)
        .section(
            r#"<Parameters><Item1 Name="Names" MultiValue="true" ValueInfo="b|c"/></Parameters>"#,
        );
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 b 10
      20: 0 b
    ");
}

#[test]
fn calculated_fields_refer_to_each_other_and_a_circle_is_told() {
    let report = |double: &str| {
        sales(&band("Detail", "", &bound("0,0", "[Triple]"))).section(&format!(
            r#"<CalculatedFields>
                 <Item1 Name="Triple" DataMember="Rows" Expression="[Double] + [Amount]"/>
                 <Item2 Name="Double" DataMember="Rows" Expression="{double}"/>
               </CalculatedFields>"#
        ))
    };
    assert_snapshot!(report("[Amount] * 2").pages(), @"
    page 1
       0: 0 3
      20: 0 30
      40: 0 6
      80: 0 12
    ");
    let printed = report("[Triple] - [Amount]").print();
    assert_snapshot!(printed.warnings(), @r#"control "Label": calculated field "Triple" is computed from itself; take it out of its own expression (5 times)"#);
    assert_eq!(printed.texts(), "page 1\n");
}

#[test]
fn filters_see_calculated_fields_and_parameters() {
    let report = sales(&band("Detail", "", &bound("0,0", "[Amount]")))
        .with(r#"FilterString="[Double] &gt; ?Least""#)
        .section(r#"<CalculatedFields><Item1 Name="Double" DataMember="Rows" Expression="[Amount] * 2"/></CalculatedFields>"#)
        .section(&types(r##"<Item1 Name="Least" Type="#Ref-90" ValueInfo="3"/>"##));
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 10
      20: 0 2
      40: 0 4
    ");
}

#[test]
fn rows_are_sorted_by_the_detail_band_within_their_groups() {
    let detail = super::report::band_with(
        "Detail",
        "",
        &bound("100,0", "[Amount]"),
        r#"<SortFields><Item1 FieldName="Amount" SortOrder="Descending"/></SortFields>"#,
    );
    assert_snapshot!(sales(&(group("Name", "", &bound("0,0", "[Name]")) + &detail)).pages(), @"
    page 1
       0: 0 a
      20: 100 4
      40: 100 2
      60: 100 1
      80: 0 b
     100: 100 10
    ");
}

/// A summary over a region in every band that can hold one.
fn everywhere(running: &str, expression: &str) -> String {
    let at = |x: u32| summary(&format!("{x},0"), running, expression);
    let bands = [
        band("ReportHeader", "", &(label("0,0", "report header") + &at(200))),
        group("Name", "", &(label("0,0", "header") + &at(200))),
        band("Detail", "", &(bound("0,0", "[Name] + ' ' + [Amount]") + &at(200))),
        band("GroupFooter", "", &(label("0,0", "footer") + &at(200))),
        band("ReportFooter", "", &(label("0,0", "report footer") + &at(200))),
    ];
    sales(&bands.concat()).pages()
}

#[test]
fn sums_over_the_report() {
    assert_snapshot!(everywhere("Report", "sumSum([Amount])"), @"
    page 1
       0: 0 report header | 200 17
      20: 0 header | 200 17
      40: 0 a 1 | 200 17
      60: 0 a 2 | 200 17
      80: 0 a 4 | 200 17
     100: 0 footer | 200 17
     120: 0 header | 200 17
     140: 0 b 10 | 200 17
     160: 0 b | 200 17
     180: 0 footer | 200 17
     200: 0 report footer | 200 17
    ");
}

#[test]
fn sums_over_groups() {
    assert_snapshot!(everywhere("Group", "sumSum([Amount])"), @"
    page 1
       0: 0 report header | 200 17
      20: 0 header | 200 7
      40: 0 a 1 | 200 7
      60: 0 a 2 | 200 7
      80: 0 a 4 | 200 7
     100: 0 footer | 200 7
     120: 0 header | 200 10
     140: 0 b 10 | 200 10
     160: 0 b | 200 10
     180: 0 footer | 200 10
     200: 0 report footer | 200 17
    ");
}

#[test]
fn running_sums_and_record_numbers() {
    assert_snapshot!(everywhere("Report", "sumRunningSum([Amount])"), @"
    page 1
       0: 0 report header
      20: 0 header | 200 1
      40: 0 a 1 | 200 1
      60: 0 a 2 | 200 3
      80: 0 a 4 | 200 7
     100: 0 footer | 200 7
     120: 0 header | 200 17
     140: 0 b 10 | 200 17
     160: 0 b | 200 17
     180: 0 footer | 200 17
     200: 0 report footer | 200 17
    ");
    assert_snapshot!(everywhere("Group", "sumRecordNumber()"), @"
    page 1
       0: 0 report header | 200 0
      20: 0 header | 200 1
      40: 0 a 1 | 200 1
      60: 0 a 2 | 200 2
      80: 0 a 4 | 200 3
     100: 0 footer | 200 3
     120: 0 header | 200 1
     140: 0 b 10 | 200 1
     160: 0 b | 200 2
     180: 0 footer | 200 2
     200: 0 report footer | 200 5
    ");
}

#[test]
fn counts_averages_and_shares() {
    assert_snapshot!(everywhere("Group", "sumCount([Amount])"), @"
    page 1
       0: 0 report header | 200 5
      20: 0 header | 200 3
      40: 0 a 1 | 200 3
      60: 0 a 2 | 200 3
      80: 0 a 4 | 200 3
     100: 0 footer | 200 3
     120: 0 header | 200 2
     140: 0 b 10 | 200 2
     160: 0 b | 200 2
     180: 0 footer | 200 2
     200: 0 report footer | 200 5
    ");
    assert_snapshot!(everywhere("Group", "sumAvg([Amount])"), @"
    page 1
       0: 0 report header | 200 3.4
      20: 0 header | 200 2.3333333333333
      36: 200 335
      51: 0 a 1 | 200 2.3333333333333
      67: 200 335
      82: 0 a 2 | 200 2.3333333333333
      98: 200 335
     113: 0 a 4 | 200 2.3333333333333
     129: 200 335
     145: 0 footer | 200 2.3333333333333
     160: 200 335
     176: 0 header | 200 5
     196: 0 b 10 | 200 5
     216: 0 b | 200 5
     236: 0 footer | 200 5
     256: 0 report footer | 200 3.4
    ");
    assert_snapshot!(everywhere("Report", "FormatString('{0:p0}', sumPercentage([Amount]))"), @"
    page 1
       0: 0 report header | 200 100%
      20: 0 header | 200 41%
      40: 0 a 1 | 200 6%
      60: 0 a 2 | 200 12%
      80: 0 a 4 | 200 24%
     100: 0 footer | 200 41%
     120: 0 header | 200 59%
     140: 0 b 10 | 200 59%
     160: 0 b
     180: 0 footer | 200 59%
     200: 0 report footer | 200 100%
    ");
}

#[test]
fn nulls_may_be_left_out_of_averages() {
    let at = |ignore: &str| {
        let children = format!(
            r#"{}<Summary Running="Report" {ignore}/>"#,
            bind(&[("Text", "sumAvg([Amount])")])
        );
        let bands = band("ReportFooter", "", &control("Label", "0,0", "", &children));
        Report::new(bands).rows("Rows", "Amount:decimal", ["1", "", "3"]).pages()
    };
    assert_snapshot!(at(""), @"
    page 1
       0: 0 1.3333333333333
      16: 0 33333333333333
      31: 0 3
    ");
    assert_snapshot!(at(r#"IgnoreNullValues="true""#), @"
    page 1
       0: 0 2
    ");
}

#[test]
fn older_summaries_name_their_function() {
    let old = r#"<DataBindings><Item1 PropertyName="Text" DataMember="Rows.Amount"/></DataBindings>
                 <Summary Func="Max" Running="Report" FormatString="{0} at most"/>"#;
    let bands =
        band("Detail 0", "", "") + &band("ReportFooter", "", &control("Label", "0,0", "", old));
    assert_snapshot!(sales(&bands).pages(), @"
    page 1
       0: 0 10 at most
    ");
}

#[test]
fn sums_of_a_page_count_the_rows_that_end_on_it() {
    let bands = [
        band("Detail", "", &bound("0,0", "[Amount]")),
        band("PageFooter", "", &summary("0,0", "Page", "'page ' + sumSum([Amount])")),
        band("ReportFooter", "", &summary("0,0", "Report", "'all ' + sumSum([Amount])")),
    ];
    assert_snapshot!(sales(&bands.concat()).page(500, 80, [0; 4]).pages(), @"
    page 1
       0: 0 1
      20: 0 10
      40: 0 2
      60: 0 page 13
    page 2
      20: 0 4
      40: 0 all 17
      60: 0 page 4
    ");
}

#[test]
fn aggregates_go_over_relations_and_over_all_rows() {
    let master = [
        bound("0,0", "[Name]"),
        bound("100,0,50,20", "[OrdersLines].Sum([Amount])"),
        bound("150,0,50,20", "[OrdersLines][[Amount] > 1].Count()"),
        bound("200,0,50,20", "[].Count()"),
        bound("250,0,50,20", "Sum([Id])"),
        bound("300,0,50,20", "[OrdersLines.Amount]"),
        bound("350,0,50,20", "[Lines.Amount]"),
        bound("400,0,50,20", "[DataSource.RowCount]"),
    ];
    let report = Report::new(band("Detail", "", &master.concat()))
        .rows("Orders", "Id:int Name", ["1|Ann", "2|Bob"])
        .rows("Lines", "OrderId:int Amount:int", ["2|5", "1|1", "2|3"])
        .relation("Orders.Id=Lines.OrderId");
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 Ann | 100 1 | 150 0 | 200 2 | 250 3 | 300 1 | 350 5 | 400 2
      20: 0 Bob | 100 8 | 150 2 | 200 2 | 250 3 | 300 5 | 350 5 | 400 2
    ");
}

#[test]
fn the_rows_around_the_current_one() {
    let detail = [
        bound("0,0", "PrevRowColumnValue('Amount')"),
        bound("100,0", "[Amount]"),
        bound("200,0", "NextRowColumnValue('Amount')"),
        bound("300,0", "[DataSource.CurrentRowIndex]"),
    ];
    assert_snapshot!(sales(&band("Detail", "", &detail.concat())).pages(), @"
    page 1
       0: 100 1 | 200 10 | 300 0
      20: 0 1 | 100 10 | 200 2 | 300 1
      40: 0 10 | 100 2 | 300 2
      60: 0 2 | 200 4 | 300 3
      80: 100 4 | 300 4
    ");
}

#[test]
fn sums_in_detail_reports_are_those_of_their_own_rows() {
    let lines = details(
        "Orders.OrdersLines",
        "",
        &[
            band("Detail", "", &bound("100,0", "[Amount]")),
            band("ReportFooter", "", &summary("100,0", "Report", "'sum ' + sumSum([Amount])")),
        ]
        .concat(),
    );
    let report = Report::new(band("Detail", "", &bound("0,0", "[Name]")) + &lines)
        .page(500, 400, [0; 4])
        .rows("Orders", "Id:int Name", ["1|Ann", "2|Bob"])
        .rows("Lines", "OrderId:int Amount:int", ["2|5", "1|1", "2|3"])
        .relation("Orders.Id=Lines.OrderId");
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 Ann
      20: 100 1
      40: 100 sum 1
      60: 0 Bob
      80: 100 5
     100: 100 3
     120: 100 sum 8
    ");
}

#[test]
fn rows_form_a_tree() {
    let detail = super::report::band_with(
        "Detail",
        "",
        &(bound("0,0", "[Name]") + &bound("200,0", "[DataSource.CurrentRowHierarchyLevel]")),
        r#"<HierarchyPrintOptions KeyFieldName="Id" ParentFieldName="Parent" Indent="20"/>"#,
    );
    let report = Report::new(detail).rows(
        "Rows",
        "Id:int Parent:int Name",
        ["2|1|leaf", "1||root", "3||other", "4|2|twig"],
    );
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 root | 200 0
      20: 20 leaf | 220 1
      40: 40 twig | 240 2
      60: 0 other | 200 0
    ");
}

#[test]
fn fields_are_found_in_the_rows_around_a_detail_report() {
    let lines = details(
        "Orders.OrdersLines",
        "",
        &band("Detail", "", &bound("100,0", "[Name] + ' ' + [^.Id] + ' ' + [Amount]")),
    );
    let report = Report::new(band("Detail 0", "", "") + &lines)
        .rows("Orders", "Id:int Name", ["1|Ann", "2|Bob"])
        .rows("Lines", "OrderId:int Amount:int", ["2|5", "1|1"])
        .relation("Orders.Id=Lines.OrderId");
    assert_snapshot!(report.pages(), @"
    page 1
       0: 100 Ann 1 1
      20: 100 Bob 2 5
    ");
}

#[test]
fn other_items_of_the_report_may_be_asked() {
    let detail = [
        control("Label", "0,0", "", &bind(&[("Text", "[Amount]"), ("Visible", "[Amount] > 1")]))
            .replace(r#"Name="Label""#, r#"Name="amount""#),
        bound("100,0", "[ReportItems.amount].[Text]"),
        bound("200,0", "[ReportItems].[amount].[Visible]"),
    ];
    assert_snapshot!(sales(&band("Detail", "", &detail.concat())).pages(), @"
    page 1
       0: 100 1 | 200 False
      20: 0 10 | 100 10 | 200 True
      40: 0 2 | 100 2 | 200 True
      80: 0 4 | 100 4 | 200 True
    ");
}

#[test]
fn page_numbers_in_expressions() {
    let bands =
        band("Detail", r#"PageBreak="AfterBandExceptLastEntry""#, &bound("0,0", "[Amount]"))
            + &band(
                "PageHeader",
                "",
                &bound("0,0", "Iif([Arguments.PageIndex] = 0, 'first', 'later')"),
            );
    assert_snapshot!(Report::new(bands).rows("Rows", "Amount:int", ["1", "2"]).pages(), @"
    page 1
       0: 0 first
      20: 0 1
    page 2
       0: 0 later
      20: 0 2
    ");
}
