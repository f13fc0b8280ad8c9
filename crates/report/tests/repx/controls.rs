use pressroom_report::{
    AnchorVertical, BindingEvent, ControlKind, Dash, Duplicates, Figure, HorizontalAlignment,
    Image, LineDirection, PageInfoKind, Rect, Sizing, SubreportSource, SummaryFunction,
    SummaryRunning, TextTrimming, VerticalAlignment,
};

use crate::{control, detail, label, report};

#[test]
fn bounds_in_new_and_old_forms() {
    let check = |attributes: &str, x: f32, y: f32, width: f32, height: f32| {
        let (label, _) = label(attributes, "");
        assert_eq!(label.bounds, Rect { x, y, width, height }, "{attributes}");
    };
    check(r#"LocationFloat="10,20.5" SizeF="100,23""#, 10.0, 20.5, 100.0, 23.0);
    check(r#"LocationFloat="7.9E-05, 2" SizeF="1, 2""#, 7.9e-5, 2.0, 1.0, 2.0);
    check(r#"Location="3, 4" Size="50, 60""#, 3.0, 4.0, 50.0, 60.0);
    check("", 0.0, 0.0, 100.0, 23.0);
    check(r#"SizeF="-5,-6""#, 0.0, 0.0, 0.0, 0.0);
    check(r#"SizeF="wide""#, 0.0, 0.0, 100.0, 23.0);
}

#[test]
fn labels_have_the_defaults_of_the_format() {
    let (control, text) = label(r#"Text="a&#xD;&#xA;b""#, "");
    assert_eq!(text.text, "a\nb");
    assert!(!text.multiline && text.word_wrap && !text.auto_width && !text.markup);
    assert_eq!(text.trimming, TextTrimming::Character);
    assert!(control.visible && control.can_grow && !control.can_shrink && !control.keep_together);
    assert_eq!(control.anchor_vertical, AnchorVertical::Top);
}

#[test]
fn labels_have_many_properties() {
    let (control, text) = label(
        r#"Multiline="true" WordWrap="false" Angle="90" TextFormatString="{0:n2}" CanGrow="false" CanShrink="true"
           TextTrimming="EllipsisWord" NullValueText="none" ProcessDuplicatesMode="Merge" AllowMarkupText="true"
           NavigateUrl="https://example.com" Target="_blank" Bookmark="here" Tag="t" AnchorVertical="Both" Visible="false""#,
        "",
    );
    assert!(text.multiline && !text.word_wrap && text.markup);
    assert_eq!((text.angle, text.format.as_deref()), (90.0, Some("{0:n2}")));
    assert_eq!((text.trimming, text.duplicates), (TextTrimming::EllipsisWord, Duplicates::Merge));
    assert_eq!(text.null_text.as_deref(), Some("none"));
    assert!(!control.can_grow && control.can_shrink && !control.visible);
    assert_eq!(control.anchor_vertical, AnchorVertical::Both);
    let texts = [&control.navigate_url, &control.target, &control.bookmark, &control.tag];
    assert_eq!(
        texts.map(|text| text.as_deref().unwrap_or("")),
        ["https://example.com", "_blank", "here", "t"]
    );
}

#[test]
fn expression_bindings() {
    let (control, _) = label(
        "",
        r#"<ExpressionBindings>
             <Item1 EventName="BeforePrint" PropertyName="Text" Expression="[Name]"/>
             <Item2 EventName="PrintOnPage" PropertyName="Visible" Expression="[Arguments.PageIndex] = 0"/>
             <Item3 PropertyName="ForeColor" Expression=" "/>
           </ExpressionBindings>"#,
    );
    assert_eq!(control.bindings.len(), 2);
    let text = control.binding("text").expect("a binding of the text");
    assert_eq!((text.event, text.expression.text.as_str()), (BindingEvent::BeforePrint, "[Name]"));
    assert!(text.expression.line > 1);
    assert_eq!(control.binding("Visible").expect("visible").event, BindingEvent::PrintOnPage);
}

/// The bound expression and the format of a label in a report over `Orders`.
fn old_binding(children: &str) -> (String, Option<String>) {
    let report = report(
        r#"DataMember="Orders""#,
        &format!(
            r#"<Parameters><Item1 Ref="50" Name="from"/><Item2 Ref="51" Name="the end"/></Parameters>
               <Bands><Item1 ControlType="DetailBand"><Controls>
                 <Item1 ControlType="XRLabel">{children}</Item1>
               </Controls></Item1></Bands>"#
        ),
    );
    let label = &report.level.detail.expect("a detail band").controls[0];
    let ControlKind::Label(text) = &label.kind else { panic!("not a label") };
    (
        label.binding("Text").map(|binding| binding.expression.text.clone()).unwrap_or_default(),
        text.format.clone(),
    )
}

#[test]
fn old_bindings_become_expressions() {
    let check = |binding: &str, expect: &str, format: Option<&str>| {
        let children =
            format!(r#"<DataBindings><Item1 PropertyName="Text" {binding}/></DataBindings>"#);
        let (expression, found) = old_binding(&children);
        assert_eq!((expression.as_str(), found.as_deref()), (expect, format), "{binding}");
    };
    check(r#"DataMember="Orders.Total" FormatString="{0:c}""#, "[Total]", Some("{0:c}"));
    check(r#"DataMember="Total""#, "[Total]", None);
    check(r#"DataMember="Orders.OrdersLines.Price""#, "[OrdersLines.Price]", None);
    check(r#"DataMember="Ordersx.Total""#, "[Ordersx.Total]", None);
    check(r##"Parameter="#Ref-50""##, "?from", None);
    check(r##"Parameter="#Ref-51""##, "[Parameters.the end]", None);
    check(r#"DataMember="Parameters.from""#, "?from", None);
}

#[test]
fn old_summaries_become_summary_functions() {
    let check = |children: &str, expect: &str, format: Option<&str>| {
        let (expression, found) = old_binding(children);
        assert_eq!((expression.as_str(), found.as_deref()), (expect, format), "{children}");
    };
    let bound =
        r#"<DataBindings><Item1 PropertyName="Text" DataMember="Orders.Total"/></DataBindings>"#;
    check(
        &format!(r#"{bound}<Summary Running="Group" FormatString="{{0:n0}}"/>"#),
        "sumSum([Total])",
        Some("{0:n0}"),
    );
    check(&format!(r#"{bound}<Summary Func="Avg" Running="Report"/>"#), "sumAvg([Total])", None);
    check(
        &format!(r#"{bound}<Summary Func="RecordNumber" Running="Report"/>"#),
        "sumRecordNumber()",
        None,
    );
    check(r#"<Summary Func="RecordNumber" Running="Report"/>"#, "sumRecordNumber()", None);
    check(&format!(r#"{bound}<Summary Func="Sum"/>"#), "[Total]", None);
    check(
        r#"<ExpressionBindings><Item1 PropertyName="Text" Expression="sumMax([Total])"/></ExpressionBindings><Summary Running="Page"/>"#,
        "sumMax([Total])",
        None,
    );
    let (_, text) = label("", r#"<Summary Func="DCount" Running="Page" IgnoreNullValues="true"/>"#);
    let summary = text.summary.expect("a summary");
    assert_eq!(
        (summary.function, summary.running),
        (SummaryFunction::DCount, SummaryRunning::Page)
    );
    assert!(summary.ignore_nulls);
}

#[test]
fn tables_share_their_size_by_weight() {
    let table = control(
        r#"<Item1 ControlType="XRTable" SizeF="300,60" LocationFloat="5,5">
             <Rows>
               <Item1 ControlType="XRTableRow" Name="r1" Weight="2">
                 <Cells>
                   <Item1 ControlType="XRTableCell" Weight="1" Text="a" RowSpan="2"/>
                   <Item2 ControlType="XRTableCell" Weight="2" Text="b"/>
                 </Cells>
               </Item1>
               <Item2 ControlType="XRTableRow" Name="r2" Weight="1">
                 <Cells>
                   <Item1 ControlType="XRTableCell" Weight="1"/>
                   <Item2 ControlType="XRTableCell" Weight="1" RowSpan="9">
                     <Controls><Item1 ControlType="XRPictureBox" Name="logo"/></Controls>
                   </Item2>
                 </Cells>
               </Item2>
             </Rows>
           </Item1>"#,
    );
    let ControlKind::Table(table) = table.kind else { panic!("not a table") };
    assert_eq!(table.rows.iter().map(|row| row.height).collect::<Vec<_>>(), [40.0, 20.0]);
    let bounds: Vec<_> =
        table.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.label.bounds).collect();
    let rect = |x, y, width, height| Rect { x, y, width, height };
    assert_eq!(
        bounds,
        [
            rect(0.0, 0.0, 100.0, 60.0),
            rect(100.0, 0.0, 200.0, 40.0),
            rect(0.0, 40.0, 150.0, 20.0),
            rect(150.0, 40.0, 150.0, 20.0)
        ]
    );
    let spans: Vec<_> =
        table.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.row_span).collect();
    assert_eq!(spans, [2, 1, 1, 1]);
    let last = &table.rows[1].cells[1];
    assert_eq!(&*last.controls[0].name, "logo");
    assert!(last.label.can_grow);
}

#[test]
fn tables_without_weights_have_equal_parts() {
    let table = control(
        r#"<Item1 ControlType="XRTable" SizeF="300,60"><Rows><Item1 ControlType="XRTableRow" Weight="0">
             <Cells><Item1 ControlType="XRTableCell" Weight="0"/><Item2 ControlType="XRTableCell" Weight="0"/></Cells>
           </Item1></Rows></Item1>"#,
    );
    let ControlKind::Table(table) = table.kind else { panic!("not a table") };
    assert_eq!(
        table.rows[0].cells[1].label.bounds,
        Rect { x: 150.0, y: 0.0, width: 150.0, height: 60.0 }
    );
}

#[test]
fn page_infos() {
    let check = |attributes: &str, kind: PageInfoKind, format: Option<&str>| {
        let control = control(&format!(r#"<Item1 ControlType="XRPageInfo" {attributes}/>"#));
        let ControlKind::PageInfo(info) = control.kind else { panic!("not a page info") };
        assert_eq!(
            (info.kind, info.format.as_deref(), info.start_page),
            (kind, format, 1),
            "{attributes}"
        );
    };
    check("", PageInfoKind::NumberOfTotal, None);
    check(
        r#"TextFormatString="Page {0} of {1}""#,
        PageInfoKind::NumberOfTotal,
        Some("Page {0} of {1}"),
    );
    check(r#"PageInfo="DateTime" Format="{0:D}""#, PageInfoKind::DateTime, Some("{0:D}"));
    check(r#"PageInfo="RomLowNumber""#, PageInfoKind::RomanLower, None);
    check(r#"PageInfo="RomHiNumber""#, PageInfoKind::RomanUpper, None);
    check(r#"PageInfo="Total""#, PageInfoKind::Total, None);
    check(r#"PageInfo="UserName""#, PageInfoKind::UserName, None);
}

#[test]
fn pictures_in_all_forms() {
    let check = |attributes: &str, image: Image, sizing: Sizing| {
        let control = control(&format!(r#"<Item1 ControlType="XRPictureBox" {attributes}/>"#));
        let ControlKind::Picture(picture) = control.kind else { panic!("not a picture") };
        assert_eq!((&picture.image, picture.sizing), (&image, sizing), "{attributes}");
    };
    let bytes = Image::Bytes(b"abc".as_slice().into());
    check(r#"ImageSource="img,YWJj" Sizing="ZoomImage""#, bytes.clone(), Sizing::Zoom);
    check(r#"ImageSource="svg,PHN2Zy8+""#, Image::Svg("<svg/>".into()), Sizing::Normal);
    check(r#"Image="YWJj" Sizing="StretchImage""#, bytes, Sizing::Stretch);
    check(r#"ImageUrl="logo.png""#, Image::Url("logo.png".into()), Sizing::Normal);
    check(r#"ImageSource="img,%%%""#, Image::None, Sizing::Normal);
    check("", Image::None, Sizing::Normal);
    let centred = control(r#"<Item1 ControlType="XRPictureBox" Sizing="CenterImage"/>"#);
    let ControlKind::Picture(picture) = centred.kind else { panic!() };
    assert_eq!(picture.alignment.vertical, VerticalAlignment::Middle);
}

#[test]
fn lines_and_shapes() {
    let line = control(
        r#"<Item1 ControlType="XRLine" LineDirection="Vertical" LineWidth="2" LineStyle="Dot"/>"#,
    );
    let ControlKind::Line(line) = line.kind else { panic!("not a line") };
    assert_eq!((line.direction, line.width, line.dash), (LineDirection::Vertical, 1.5, Dash::Dot));
    let check = |inside: &str, expect: Figure| {
        let shape = control(&format!(
            r#"<Item1 ControlType="XRShape" FillColor="Transparent">{inside}</Item1>"#
        ));
        let ControlKind::Shape(shape) = shape.kind else { panic!("not a shape") };
        assert_eq!(
            (&shape.figure, shape.fill, shape.line_width),
            (&expect, None, 0.75),
            "{inside}"
        );
    };
    check("", Figure::Ellipse);
    check(r#"<Shape ShapeName="Rectangle" Fillet="30"/>"#, Figure::Rectangle { fillet: 30.0 });
    check(
        r#"<Shape ShapeName="Star" StarPointCount="7"/>"#,
        Figure::Star { points: 7, concavity: 50.0, fillet: 0.0 },
    );
    check(
        r#"<Shape ShapeName="Polygon" NumberOfSides="4000000000"/>"#,
        Figure::Polygon { sides: 100, fillet: 0.0 },
    );
    check(r#"<Shape ShapeName="Blob"/>"#, Figure::Other("Blob".into()));
}

#[test]
fn panels_hold_controls_in_the_layouts_order() {
    let panel = control(
        r#"<Item1 ControlType="XRPanel"><Controls>
             <Item1 ControlType="XRLabel" Name="a"/><Item2 ControlType="XRLabel" Name="b"/>
           </Controls></Item1>"#,
    );
    let ControlKind::Panel { controls } = panel.kind else { panic!("not a panel") };
    assert_eq!(controls.iter().map(|control| &*control.name).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn sub_reports_are_reports_with_parameters() {
    let report = report(
        r##"DataMember="Orders""##,
        r##"<Parameters><Item1 Ref="50" Name="year"/></Parameters>
            <StyleSheet><Item1 Ref="51" Name="outer" ForeColor="Red"/></StyleSheet>
            <Bands><Item1 ControlType="DetailBand"><Controls>
              <Item1 ControlType="XRSubreport" Name="lines">
                <ParameterBindings>
                  <Item1 ParameterName="order" DataMember="Orders.Id"/>
                  <Item2 ParameterName="year" Parameter="#Ref-50"/>
                  <Item3 ParameterName="day" DataMember="Parameters.day"/>
                  <Item4 ParameterName="nothing"/>
                </ParameterBindings>
                <ReportSource ControlType="X.XtraReport, X" Name="Lines" DataMember="Lines" DataSource="#Ref-60">
                  <Parameters><Item1 Name="order"/></Parameters>
                  <Bands><Item1 ControlType="DetailBand" Name="line"><Controls>
                    <Item1 ControlType="XRLabel"><DataBindings><Item1 PropertyName="Text" DataMember="Lines.Price"/></DataBindings></Item1>
                  </Controls></Item1></Bands>
                </ReportSource>
              </Item1>
              <Item2 ControlType="XRSubreport" ReportSourceUrl="Lines.repx"/>
              <Item3 ControlType="XRSubreport"/>
              <Item4 ControlType="XRLabel"><DataBindings><Item1 PropertyName="Text" DataMember="Orders.Id"/></DataBindings></Item4>
            </Controls></Item1></Bands>
            <ComponentStorage><Item1 Ref="60" ObjectType="X.SqlDataSource, X" Name="shop"/></ComponentStorage>"##,
    );
    let controls = report.level.detail.as_ref().expect("a detail band").controls.as_slice();
    let ControlKind::Subreport(lines) = &controls[0].kind else { panic!("not a sub-report") };
    let parameters: Vec<_> = lines
        .parameters
        .iter()
        .map(|binding| (&*binding.parameter, binding.value.text.as_str()))
        .collect();
    assert_eq!(parameters, [("order", "[Id]"), ("year", "?year"), ("day", "?day")]);
    let SubreportSource::Embedded(embedded) = &lines.report else { panic!("not embedded") };
    assert_eq!(embedded.level.member.as_deref(), Some("Lines"));
    assert_eq!(embedded.level.source.as_deref(), Some("shop"));
    assert_eq!(embedded.sources, report.sources);
    assert!(embedded.style("outer").is_none());
    let line = &embedded.level.detail.as_ref().expect("a detail band").controls[0];
    assert_eq!(line.binding("Text").expect("bound").expression.text, "[Price]");
    assert!(
        matches!(&controls[1].kind, ControlKind::Subreport(sub) if sub.report == SubreportSource::Url("Lines.repx".into()))
    );
    assert!(
        matches!(&controls[2].kind, ControlKind::Subreport(sub) if sub.report == SubreportSource::None)
    );
    assert_eq!(controls[3].binding("Text").expect("bound").expression.text, "[Id]");
}

#[test]
fn a_report_that_is_only_navigated_to_is_not_read() {
    let report = report(
        "",
        r##"<Bands><Item1 ControlType="DetailBand"><Controls>
              <Item1 ControlType="XRLabel" Name="link"><Action Name="NavigateToReport">
                <ReportSource ControlType="X.XtraReport, X"><ComponentStorage>
                  <Item1 Ref="3" ObjectType="X.SqlDataSource, X" Name="other"/>
                </ComponentStorage></ReportSource>
              </Action></Item1>
            </Controls></Item1></Bands>"##,
    );
    assert!(report.sources.is_empty());
    assert!(report.unsupported().is_empty());
}

#[test]
fn check_boxes_bar_codes_and_rich_text() {
    let check = |attributes: &str, expect: Option<bool>| {
        let control = control(&format!(r#"<Item1 ControlType="XRCheckBox" {attributes}/>"#));
        let ControlKind::CheckBox(check_box) = control.kind else { panic!("not a check box") };
        assert_eq!(check_box.state, expect, "{attributes}");
    };
    check("", Some(false));
    check(r#"Checked="true""#, Some(true));
    check(r#"CheckBoxState="Checked""#, Some(true));
    check(r#"CheckState="Indeterminate""#, None);

    let code = control(
        r#"<Item1 ControlType="XRBarCode" Text="123" Module="1.5" ShowText="false" Alignment="MiddleCenter"><Symbology Name="EAN13"/></Item1>"#,
    );
    let ControlKind::BarCode(code) = code.kind else { panic!("not a bar code") };
    assert_eq!((code.symbology.as_str(), code.module, code.show_text), ("EAN13", 1.5, false));
    assert_eq!(code.alignment, HorizontalAlignment::Center);
    assert_eq!(code.node.child("Symbology").and_then(|node| node.attribute("Name")), Some("EAN13"));

    // "{\rtf1 a}" as UTF-16 in Base64
    let rich = control(
        r#"<Item1 ControlType="XRRichText" SerializableRtfString="ewBcAHIAdABmADEAIABhAH0A"/>"#,
    );
    let ControlKind::RichText(rich) = rich.kind else { panic!("not rich text") };
    assert_eq!(rich.rtf, "{\\rtf1 a}");
}

#[test]
fn unknown_controls_keep_their_place_and_properties() {
    let band = detail(
        r#"<Item1 ControlType="App.Controls.Dial, App" Name="dial" SizeF="40,40" Value="7"><Scale Max="9"/></Item1>"#,
    );
    let ControlKind::Unsupported { type_name, node } = &band.controls[0].kind else {
        panic!("known")
    };
    assert_eq!(type_name, "Dial");
    assert_eq!(node.attribute("Value"), Some("7"));
    assert_eq!(node.child("Scale").and_then(|scale| scale.attribute("Max")), Some("9"));
    assert_eq!(band.controls[0].bounds.width, 40.0);
}
