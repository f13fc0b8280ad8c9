use pressroom_report::{Definition, LayoutError};
use proptest::prelude::*;

use crate::layout;

fn error(bytes: impl AsRef<[u8]>) -> String {
    match Definition::from_repx(bytes.as_ref()) {
        Ok(_) => panic!("it was taken"),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn check(layout: impl AsRef<[u8]>, expect: &str) {
    let error = error(layout);
    assert!(error.contains(expect), "{error}");
}

#[test]
fn what_is_no_layout_says_so() {
    check("", "line 1, column 1: there is no element");
    check("<Bands>\n  <Item1>\n</Bands>", "line 3, column 1");
    check("hello", "not XML at line 1, column 1");
    check(
        "<Dashboard/>",
        "outermost element is <Dashboard>, so it is no report layout; it is a dashboard",
    );
    check("<html/>", "outermost element is <html>, so it is no report layout");
    check(b"\xFF\xD8\xFF\xE0 picture", "neither UTF-8 nor UTF-16");
    check(
        "/// <XRTypeInfo>\n///   <AssemblyFullName>X</AssemblyFullName>\n",
        "older form, which is C# text",
    );
    check("\u{feff}/// <XRTypeInfo>", "older form, which is C# text");
}

#[test]
fn utf_16_layouts_are_read() {
    let text = layout(r#"Name="Grüße""#, "");
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(&*Definition::from_repx(&bytes).expect("a report").name, "Grüße");
}

#[test]
fn entity_bombs_are_refused() {
    check(
        "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>\n<XtraReportsLayoutSerializer Name='&b;'/>",
        "line 1: document types and entities are not accepted",
    );
}

#[test]
fn a_hundred_thousand_nested_panels_are_refused() {
    let open = r#"<Item1 ControlType="XRPanel"><Controls>"#.repeat(100_000);
    let close = "</Controls></Item1>".repeat(100_000);
    let bands = format!(
        r#"<Bands><Item1 ControlType="DetailBand"><Controls>{open}{close}</Controls></Item1></Bands>"#
    );
    check(layout("", &bands), "nested more than 200 deep");
}

#[test]
fn very_long_layouts_are_refused() {
    check(vec![b' '; (32 << 20) + 1], "more than the 33554432 that are taken");
    let labels = "<a/>".repeat(500_001);
    check(layout("", &labels), "more than 500000 elements");
}

#[test]
fn collections_are_bounded() {
    let many = |item: &str| item.repeat(5_000);
    let layout = layout(
        "",
        &format!(
            "<StyleSheet>{}</StyleSheet><Bands>{}</Bands>",
            many("<a Name='s'/>"),
            many("<a ControlType='GroupHeaderBand'/>")
        ),
    );
    let report = Definition::from_repx(layout.as_bytes()).expect("a report");
    assert_eq!((report.styles.len(), report.level.groups.len()), (2_000, 100));
    let words: Vec<_> = report.unsupported().into_iter().map(|entry| entry.what).collect();
    assert_eq!(words, ["more than 100 group levels", "more than 2000 StyleSheet"]);
}

#[test]
fn a_sub_report_cannot_contain_itself() {
    let bands = |source: &str| {
        format!(
            r#"<Bands><Item1 ControlType="DetailBand"><Controls>
                 <Item1 ControlType="XRSubreport" Name="again" {source}/>
               </Controls></Item1></Bands>"#
        )
    };
    check(
        layout("", &bands(r##"ReportSource="#Ref-1""##)),
        "the sub-report \"again\" contains itself",
    );
}

#[test]
fn sub_reports_that_double_each_other_are_bounded() {
    // each report holds the next one twice
    let mut reports = String::new();
    for number in 0..40 {
        let next = number + 101;
        reports.push_str(&format!(
            r##"<Item{number} Ref="{}" ControlType="XtraReport"><Bands><Item1 ControlType="DetailBand"><Controls>
                  <Item1 ControlType="XRSubreport" ReportSource="#Ref-{next}"/><Item2 ControlType="XRSubreport" ReportSource="#Ref-{next}"/>
                </Controls></Item1></Bands></Item{number}>"##,
            number + 100,
        ));
    }
    let children = format!(
        r##"<Bands><Item1 ControlType="DetailBand"><Controls><Item1 ControlType="XRSubreport" ReportSource="#Ref-100"/></Controls></Item1></Bands>
            <Reports>{reports}</Reports>"##
    );
    check(layout("", &children), "sub-reports are nested more than 10 deep");
}

#[test]
fn controls_may_be_nested_far_but_not_too_far() {
    let nested = |depth: usize| {
        let open = r#"<Item1 ControlType="XRPanel"><Controls>"#.repeat(depth);
        let close = "</Controls></Item1>".repeat(depth);
        let bands = format!(
            r#"<Bands><Item1 ControlType="DetailBand"><Controls>{open}{close}</Controls></Item1></Bands>"#
        );
        Definition::from_repx(layout("", &bands).as_bytes()).map(|report| report.clone() == report)
    };
    assert_eq!(nested(58), Ok(true));
    assert!(matches!(nested(60), Err(LayoutError::TooDeep { .. })));
}

#[test]
fn sub_reports_may_be_nested() {
    let mut inner = String::new();
    for _ in 0..10 {
        inner = format!(
            r#"<Bands><Item1 ControlType="DetailBand"><Controls>
                 <Item1 ControlType="XRSubreport"><ReportSource>{inner}</ReportSource></Item1>
               </Controls></Item1></Bands>"#
        );
    }
    assert!(Definition::from_repx(layout("", &inner).as_bytes()).is_ok());
}

#[test]
fn circular_references_are_found() {
    let storage = r##"<ComponentStorage>
        <Item1 Ref="5" ObjectType="X.SqlDataSource, X" DataSource="#Ref-6"/>
        <Item2 Ref="6" ObjectType="X.SqlDataSource, X" DataSource="#Ref-5"/>
      </ComponentStorage>"##;
    check(layout(r##"DataSource="#Ref-5""##, storage), "leads back to itself");
    check(
        layout(r##"DataSource="#Ref-1""##, ""),
        "the reference DataSource=\"#Ref-1\" leads back to itself",
    );
}

#[test]
fn references_to_nothing_do_no_harm() {
    let report = Definition::from_repx(
        layout(
            r##"DataSource="#Ref-99""##,
            r##"<Parameters><Item1 Name="p" Type="#Ref-98"/></Parameters>"##,
        )
        .as_bytes(),
    )
    .expect("a report");
    assert_eq!(report.level.source, None);
}

/// A layout in which most of what is read occurs.
const WHOLE: &str = r##"<?xml version="1.0"?>
<XtraReportsLayoutSerializer Ref="1" ControlType="X.XtraReport, X" Margins="10,20,30,40" DataSource="#Ref-0" DataMember="Orders" Font="Arial, 9pt">
  <Parameters><Item1 Ref="2" Name="p" Type="#Ref-3" ValueInfo="1|2" MultiValue="true"/></Parameters>
  <CalculatedFields><Item1 Ref="4" Name="c" Expression="[a] + 1"/></CalculatedFields>
  <StyleSheet><Item1 Ref="5" Name="s" Sides="Left, Top" Padding="1,2,3,4,100"/></StyleSheet>
  <FormattingRuleSheet><Item1 Ref="6" Name="r" Condition="1"><Formatting ForeColor="Red"/></Item1></FormattingRuleSheet>
  <Bands>
    <Item1 Ref="7" ControlType="GroupHeaderBand" Level="1"><GroupFields><Item1 FieldName="a"/></GroupFields></Item1>
    <Item2 Ref="8" ControlType="DetailBand" HeightF="20">
      <SubBands><Item1 Ref="9" ControlType="SubBand"/></SubBands>
      <Controls>
        <Item1 Ref="10" ControlType="XRTable" SizeF="100,20"><Rows><Item1 ControlType="XRTableRow" Weight="1"><Cells>
          <Item1 ControlType="XRTableCell" Weight="1" RowSpan="2"><Summary Func="Sum" Running="Group"/><DataBindings><Item1 PropertyName="Text" DataMember="Orders.a"/></DataBindings></Item1>
        </Cells></Item1></Rows></Item1>
        <Item2 ControlType="XRSubreport"><ReportSource><Bands/></ReportSource></Item2>
        <Item3 ControlType="XRPictureBox" ImageSource="img,YWJj"/>
        <Item4 ControlType="XRShape" Angle="3"><Shape ShapeName="Star"/></Item4>
      </Controls>
    </Item2>
    <Item3 ControlType="DetailReportBand" DataMember="Orders.OrdersLines"><Bands/></Item3>
  </Bands>
  <Watermark Text="x"/>
  <ComponentStorage><Item1 Ref="0" ObjectType="X.SqlDataSource,X" Name="q" Base64="PFNxbERhdGFTb3VyY2UvPg=="/></ComponentStorage>
  <ObjectStorage><Item1 Ref="3" ObjectType="X.ObjectStorageInfo, X" Content="System.Int32" Type="System.Type"/></ObjectStorage>
</XtraReportsLayoutSerializer>"##;

proptest! {
    #[test]
    fn any_bytes_are_taken_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Definition::from_repx(&bytes);
    }

    #[test]
    fn any_values_are_taken(values in prop::collection::vec("[-#,;.a-zA-Z0-9 (){}\\[\\]]{0,12}", 40)) {
        // every attribute's value is replaced in turn
        let mut parts = WHOLE.split('"');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for (place, part) in parts.enumerate() {
            text.push('"');
            let value = &values[place % values.len()];
            let replace = place % 2 == 0 && !value.is_empty() && !part.contains("XR");
            text.push_str(if replace { value } else { part });
        }
        if let Ok(report) = Definition::from_repx(text.as_bytes()) {
            let _ = report.unsupported();
        }
    }

    #[test]
    fn any_damage_is_survived(at in 0..WHOLE.len(), remove in 0_usize..200, insert in ".{0,6}") {
        let (mut start, mut end) = (at, (at + remove).min(WHOLE.len()));
        while !WHOLE.is_char_boundary(start) { start -= 1; }
        while !WHOLE.is_char_boundary(end) { end += 1; }
        let text = format!("{}{insert}{}", &WHOLE[..start], &WHOLE[end..]);
        if let Ok(report) = Definition::from_repx(text.as_bytes()) {
            let _ = report.unsupported();
        }
    }
}

#[test]
fn the_whole_layout_is_a_report() {
    let report = Definition::from_repx(WHOLE.as_bytes()).expect("a report");
    assert_eq!(report.sources.len(), 1);
    assert_eq!(report.level.groups.len(), 1);
}
