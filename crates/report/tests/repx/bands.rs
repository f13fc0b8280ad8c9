use pressroom_data::Direction;
use pressroom_report::{
    BandKind, ColumnLayout, ColumnMode, Definition, GroupUnion, MultiColumn, PageBreak, PrintOn,
};

use crate::{bands, report};

fn order(report: &Definition) -> Vec<&str> {
    report.level.bands().map(|band| &*band.name).collect()
}

#[test]
fn bands_are_put_into_the_order_of_printing() {
    let report = bands(
        r#"<Item1 ControlType="BottomMarginBand" Name="bottom"/>
           <Item2 ControlType="DetailBand" Name="detail"/>
           <Item3 ControlType="GroupFooterBand" Name="inner foot"/>
           <Item4 ControlType="PageFooterBand" Name="page foot"/>
           <Item5 ControlType="GroupHeaderBand" Name="outer head" Level="1"/>
           <Item6 ControlType="ReportFooterBand" Name="report foot"/>
           <Item7 ControlType="GroupHeaderBand" Name="inner head"/>
           <Item8 ControlType="TopMarginBand" Name="top"/>
           <Item9 ControlType="GroupFooterBand" Name="outer foot" Level="1"/>
           <Item10 ControlType="PageHeaderBand" Name="page head"/>
           <Item11 ControlType="ReportHeaderBand" Name="report head"/>"#,
    );
    assert_eq!(
        order(&report),
        [
            "top",
            "report head",
            "page head",
            "outer head",
            "inner head",
            "detail",
            "inner foot",
            "outer foot",
            "report foot",
            "page foot",
            "bottom"
        ]
    );
}

#[test]
fn control_types_may_be_written_out() {
    let report = bands(r#"<Item1 ControlType="Some.Ui.DetailBand, Some.Assembly" Name="detail"/>"#);
    assert_eq!(order(&report), ["detail"]);
}

#[test]
fn groups_of_equal_level_belong_together_and_lower_levels_are_inside() {
    let report = bands(
        r#"<Item1 ControlType="GroupHeaderBand" Name="a" Level="3" RepeatEveryPage="true" GroupUnion="WholePage">
             <GroupFields><Item1 FieldName="Country"/><Item2 FieldName="City" SortOrder="Descending"/></GroupFields>
           </Item1>
           <Item2 ControlType="GroupHeaderBand" Name="b" GroupUnion="WithFirstDetail"><GroupFields><Item1/></GroupFields></Item2>
           <Item3 ControlType="GroupFooterBand" Name="c" Level="3" PrintAtBottom="true"/>"#,
    );
    let groups = &report.level.groups;
    assert_eq!(groups.iter().map(|group| group.level).collect::<Vec<_>>(), [3, 0]);
    let fields: Vec<_> =
        groups[0].fields.iter().map(|field| (&*field.field, field.order)).collect();
    assert_eq!(
        fields,
        [("Country", Some(Direction::Ascending)), ("City", Some(Direction::Descending))]
    );
    assert!(groups[1].fields.is_empty());
    let head = groups[0].header.as_ref().expect("a header");
    assert_eq!(
        head.kind,
        BandKind::GroupHeader { union: GroupUnion::WholePage, repeat_every_page: true }
    );
    let foot = groups[0].footer.as_ref().expect("a footer");
    assert!(matches!(foot.kind, BandKind::GroupFooter { print_at_bottom: true, .. }));
    assert!(groups[1].footer.is_none());
}

#[test]
fn two_headers_of_one_level_become_two_levels() {
    let report = bands(
        r#"<Item1 ControlType="GroupHeaderBand" Name="inner"/>
           <Item2 ControlType="GroupHeaderBand" Name="outer"/>"#,
    );
    assert_eq!(order(&report), ["outer", "inner"]);
}

#[test]
fn rows_are_sorted_by_groups_and_then_by_the_detail_band() {
    let report = bands(
        r#"<Item1 ControlType="DetailBand"><SortFields>
             <Item1 FieldName="Day"/><Item2 FieldName="Line" SortOrder="None"/></SortFields></Item1>
           <Item2 ControlType="GroupHeaderBand"><GroupFields><Item1 FieldName="City"/></GroupFields></Item2>
           <Item3 ControlType="GroupHeaderBand" Level="1"><GroupFields><Item1 FieldName="Country"/></GroupFields></Item3>"#,
    );
    let sorted: Vec<_> =
        report.level.sort_fields().map(|field| (&*field.field, field.order.is_some())).collect();
    assert_eq!(sorted, [("Country", true), ("City", true), ("Day", true), ("Line", false)]);
}

#[test]
fn band_properties_and_defaults() {
    let report = bands(
        r#"<Item1 ControlType="DetailBand" PageBreak="AfterBandExceptLastEntry" KeepTogether="true" Visible="false"/>
           <Item2 ControlType="PageHeaderBand" PrintOn="NotWithReportHeaderAndReportFooter" HeightF="12.5"/>
           <Item3 ControlType="ReportFooterBand" PrintAtBottom="true"/>"#,
    );
    let detail = report.level.detail.as_ref().expect("detail");
    assert_eq!((detail.height, detail.visible, detail.keep_together), (100.0, false, true));
    assert_eq!(detail.page_break, PageBreak::AfterExceptLast);
    let header = report.level.page_header.as_ref().expect("page header");
    assert_eq!(header.height, 12.5);
    assert_eq!(
        header.kind,
        BandKind::PageHeader { print_on: PrintOn::NotWithReportHeaderAndFooter }
    );
    let footer = report.level.report_footer.as_ref().expect("report footer");
    assert_eq!(footer.kind, BandKind::ReportFooter { print_at_bottom: true });
}

#[test]
fn sub_bands_follow_their_band() {
    let report = bands(
        r#"<Item1 ControlType="ReportHeaderBand" Name="head">
             <SubBands>
               <Item1 ControlType="SubBand" Name="first" HeightF="5">
                 <ExpressionBindings><Item1 PropertyName="Visible" Expression="?all"/></ExpressionBindings>
               </Item1>
               <Item2 ControlType="SubBand" Name="second"/>
             </SubBands>
           </Item1>"#,
    );
    let head = report.level.report_header.as_ref().expect("report header");
    let names: Vec<_> = head.sub_bands.iter().map(|band| &*band.name).collect();
    assert_eq!(names, ["first", "second"]);
    assert_eq!(head.sub_bands[0].bindings[0].expression.text, "?all");
}

#[test]
fn multi_columns() {
    let check = |attributes: &str, expect: Option<MultiColumn>| {
        let report = bands(&format!(
            r#"<Item1 ControlType="DetailBand"><MultiColumn {attributes}/></Item1>"#
        ));
        let Some(BandKind::Detail(detail)) = report.level.detail.map(|band| band.kind) else {
            panic!("no detail band");
        };
        assert_eq!(detail.multi_column, expect, "{attributes}");
    };
    let columns = |columns, spacing, layout| Some(MultiColumn { columns, spacing, layout });
    check(
        r#"Mode="UseColumnCount" ColumnCount="3" ColumnSpacing="10" Layout="AcrossThenDown""#,
        columns(ColumnMode::Count(3), 10.0, ColumnLayout::AcrossThenDown),
    );
    check(
        r#"Mode="UseColumnWidth" ColumnWidth="200""#,
        columns(ColumnMode::Width(200.0), 0.0, ColumnLayout::DownThenAcross),
    );
    check(r#"Mode="UseColumnCount""#, None);
    check(r#"Mode="UseColumnCount" ColumnCount="1""#, None);
    check(r#"ColumnCount="3""#, None);
}

#[test]
fn detail_reports_have_levels_of_their_own() {
    let report = report(
        r##"DataSource="#Ref-9" DataMember="Customers""##,
        r##"<Bands>
              <Item1 ControlType="DetailReportBand" Name="second" Level="1" DataMember="Notes" DataSource="#Ref-8"/>
              <Item2 ControlType="DetailReportBand" Name="first" DataMember="Customers.CustomersOrders" FilterString="[Total] &gt; 5" PageBreak="BeforeBand">
                <ReportPrintOptions DetailCountOnEmptyDataSource="0" PrintOnEmptyDataSource="false" DetailCount="3"/>
                <Bands>
                  <Item1 ControlType="DetailBand" Name="orders"/>
                  <Item2 ControlType="DetailReportBand" Name="lines" DataMember="Customers.CustomersOrders.OrdersLines"/>
                </Bands>
              </Item2>
            </Bands>
            <ComponentStorage>
              <Item1 Ref="8" ObjectType="X.ObjectDataSource, X" Name="notes"/>
              <Item2 Ref="9" ObjectType="X.SqlDataSource, X" Name="shop"/>
            </ComponentStorage>"##,
    );
    assert_eq!(report.level.source.as_deref(), Some("shop"));
    let [first, second] = report.level.details.as_slice() else { panic!("not two") };
    assert_eq!((&*first.name, &*second.name), ("first", "second"));
    assert_eq!(first.page_break, PageBreak::Before);
    assert_eq!(first.level.source, None);
    assert_eq!(first.level.member.as_deref(), Some("Customers.CustomersOrders"));
    assert_eq!(first.level.filter.as_ref().expect("a filter").text, "[Total] > 5");
    let print = first.level.print;
    assert_eq!(
        (print.detail_count, print.detail_count_on_empty, print.print_on_empty),
        (Some(3), 0, false)
    );
    assert_eq!(&*first.level.details[0].name, "lines");
    assert_eq!(second.level.source.as_deref(), Some("notes"));
    assert_eq!(second.level.print.detail_count_on_empty, 1);
}

#[test]
fn vertical_bands_and_trees() {
    let report = bands(
        r#"<Item1 ControlType="VerticalHeaderBand" Name="names" WidthF="90"/>
           <Item2 ControlType="VerticalDetailBand" Name="record" WidthF="60"/>"#,
    );
    let vertical = report.level.vertical.as_ref().expect("vertical bands");
    assert_eq!(
        vertical.header.as_ref().expect("header").kind,
        BandKind::VerticalHeader { width: 90.0 }
    );
    assert!(vertical.total.is_none());
    let report = bands(
        r#"<Item1 ControlType="DetailBand"><HierarchyPrintOptions KeyFieldName="Id" ParentFieldName="Boss" Indent="15"/></Item1>"#,
    );
    let Some(BandKind::Detail(detail)) = report.level.detail.map(|band| band.kind) else {
        panic!()
    };
    let tree = detail.hierarchy.expect("a tree");
    assert_eq!((tree.key_field.as_deref(), tree.indent), (Some("Id"), 15.0));
}
