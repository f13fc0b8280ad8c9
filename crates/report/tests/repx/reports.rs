use pressroom_data::{DataType, Value};
use pressroom_report::{Choice, Color, Image, ImageView, Margins, Page, ReportUnit, TextDirection};

use crate::{bands, report};

#[track_caller]
fn check_page(attributes: &str, expect: &Page) {
    assert_eq!(&report(attributes, "").page, expect, "{attributes}");
}

fn margins(left: f32, right: f32, top: f32, bottom: f32) -> Margins {
    Margins { left, right, top, bottom }
}

#[test]
fn the_page_has_defaults_in_the_reports_unit() {
    check_page("", &Page::default());
    check_page(
        r#"ReportUnit="TenthsOfAMillimeter""#,
        &Page {
            width: 2159.0,
            height: 2794.0,
            margins: margins(254.0, 254.0, 254.0, 254.0),
            ..Page::default()
        },
    );
    check_page(
        r#"Margins="35, 11, 10.5, 20" PageWidth="827" PageHeight="1169" PaperKind="A4""#,
        &Page {
            width: 827.0,
            height: 1169.0,
            margins: margins(35.0, 11.0, 10.5, 20.0),
            paper_kind: Some("A4".into()),
            ..Page::default()
        },
    );
    check_page(
        r#"Landscape="true" PageWidth="1169" PageHeight="827""#,
        &Page { width: 1169.0, height: 827.0, landscape: true, ..Page::default() },
    );
    check_page(
        r#"Landscape="true" PaperKind="A4" PageColor="255,1,2,3" RollPaper="true""#,
        &Page {
            width: 1169.0,
            height: 827.0,
            landscape: true,
            roll_paper: true,
            paper_kind: Some("A4".into()),
            color: Some(Color::rgb(1, 2, 3)),
            ..Page::default()
        },
    );
    check_page(
        r#"PageWidthF="400" PageHeightF="300""#,
        &Page { width: 400.0, height: 300.0, ..Page::default() },
    );
}

#[test]
fn margin_bands_win_over_margins() {
    let report = report(
        r#"Margins="10,20,30,40""#,
        r#"<Bands>
             <Item1 ControlType="TopMarginBand" HeightF="55"/>
             <Item2 ControlType="BottomMarginBand"/>
           </Bands>"#,
    );
    assert_eq!(report.page.margins, margins(10.0, 20.0, 55.0, 100.0));
    assert_eq!((report.page.printable_width(), report.page.printable_height()), (820.0, 945.0));
}

#[test]
fn units() {
    let check = |name: &str, unit: ReportUnit, points: f32| {
        let report = report(&format!(r#"ReportUnit="{name}""#), "");
        assert_eq!(report.unit, unit);
        assert!((report.unit.points() - points).abs() < 1e-6);
    };
    check("HundredthsOfAnInch", ReportUnit::HundredthsOfAnInch, 0.72);
    check("TenthsOfAMillimeter", ReportUnit::TenthsOfAMillimeter, 72.0 / 254.0);
    check("Pixels", ReportUnit::Pixels, 0.75);
}

#[test]
fn parameters_have_types_defaults_and_choices() {
    let report = report(
        "",
        r##"<Parameters>
              <Item1 Ref="2" Name="id" Type="#Ref-20" ValueInfo="7" Description="Number"/>
              <Item2 Ref="3" Name="text"/>
              <Item3 Ref="4" Name="days" Type="#Ref-21" MultiValue="true" ValueInfo="2020-01-02|2021-03-04"/>
              <Item4 Ref="5" Name="wrong" Type="#Ref-20" ValueInfo="seven" Visible="false" AllowNull="true"/>
              <Item5 Ref="6" Name="since" Type="#Ref-21">
                <ExpressionBindings><Item1 PropertyName="Value" Expression="AddDays(Today(), -7)"/></ExpressionBindings>
              </Item5>
              <Item6 Ref="7" Name="size" Type="#Ref-20" ValueSourceSettings="#Ref-30"/>
              <Item7 Ref="8" Name="customer" Type="#Ref-20" ValueSourceSettings="#Ref-31"/>
            </Parameters>
            <ObjectStorage>
              <Item1 ObjectType="X.ObjectStorageInfo, X" Ref="20" Content="System.Int32" Type="System.Type"/>
              <Item2 ObjectType="X.ObjectStorageInfo, X" Ref="21" Content="System.DateTime" Type="System.Type"/>
            </ObjectStorage>
            <ComponentStorage>
              <Item1 Ref="30" ObjectType="X.Parameters.StaticListLookUpSettings, X">
                <LookUpValues><Item1 Value="1" Description="small"/><Item2 Value="2"/></LookUpValues>
              </Item1>
              <Item2 Ref="31" ObjectType="X.DynamicListLookUpSettings, X" DataSource="#Ref-40"
                     DataMember="Customers" ValueMember="Id" DisplayMember="Name"/>
              <Item3 Ref="40" ObjectType="X.SqlDataSource, X" Name="shop"/>
            </ComponentStorage>"##,
    );
    let value = |name: &str| report.parameter(name).map(|parameter| parameter.value.clone());
    let day = |text: &str| pressroom_data::parse_invariant(text, DataType::DateTime).expect(text);
    assert_eq!(value("id"), Some(Value::Int(7)));
    assert_eq!(value("TEXT"), Some(Value::Null));
    assert_eq!(
        value("days"),
        Some(Value::List([day("2020-01-02"), day("2021-03-04")].into_iter().collect()))
    );
    assert_eq!(value("wrong"), Some(Value::Null));
    let types: Vec<_> = report.parameters.iter().map(|parameter| parameter.data_type).collect();
    let (int, text, date) = (DataType::Int, DataType::Text, DataType::DateTime);
    assert_eq!(types, [int, text, date, int, date, int, int]);
    let since = report.parameter("since").and_then(|parameter| parameter.value_expression.clone());
    assert_eq!(since.expect("an expression").text, "AddDays(Today(), -7)");
    let wrong = report.parameter("wrong").expect("wrong");
    assert!(!wrong.visible && wrong.allow_null);
    match &report.parameter("size").expect("size").choice {
        Some(Choice::Static(values)) => {
            assert_eq!(values[0].value, Value::Int(1));
            assert_eq!(values[0].description.as_deref(), Some("small"));
        }
        other => panic!("{other:?}"),
    }
    match &report.parameter("customer").expect("customer").choice {
        Some(Choice::Dynamic { source, member, value, display, .. }) => {
            let names = [source, member, value, display].map(|name| name.as_deref().unwrap_or(""));
            assert_eq!(names, ["shop", "Customers", "Id", "Name"]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn calculated_fields() {
    let report = report(
        r#"DataMember="Orders""#,
        r#"<CalculatedFields>
             <Item1 Name="net" Expression="[Total] / 1.2" FieldType="Decimal" DataMember="Orders"/>
             <Item2 Name="label" Expression="'a'" DisplayName="Label"/>
             <Item3 Expression="1"/>
           </CalculatedFields>"#,
    );
    let fields = &report.calculated_fields;
    assert_eq!(fields.len(), 2);
    assert_eq!(fields[0].expression.text, "[Total] / 1.2");
    assert_eq!(fields[0].expression.line, 4);
    assert_eq!(
        (fields[0].data_type, fields[0].member.as_deref()),
        (DataType::Decimal, Some("Orders"))
    );
    assert_eq!((fields[1].data_type, fields[1].member.as_deref()), (DataType::Unknown, None));
}

#[test]
fn watermarks() {
    assert_eq!(report("", r#"<Watermark Ref="2" Font="Arial, 8pt"/>"#).watermark, None);
    let watermark =
        report("", r#"<Watermark Text="DRAFT" TextDirection="Horizontal" PageRange="1-2"/>"#)
            .watermark
            .expect("a watermark");
    assert_eq!((watermark.text.as_str(), watermark.page_range.as_str()), ("DRAFT", "1-2"));
    assert_eq!(watermark.text_direction, TextDirection::Horizontal);
    assert_eq!(
        (watermark.font.size_pt, watermark.text_transparency, watermark.show_behind),
        (36.0, 50, true)
    );
    let watermark = report(
        "",
        r#"<Watermarks><Item1 ImageSource="img,iVBORw==" ImageViewMode="Stretch" ImageTransparency="200" ShowBehind="false"/></Watermarks>"#,
    )
    .watermark
    .expect("a watermark");
    assert_eq!(watermark.image, Image::Bytes([0x89, b'P', b'N', b'G'].as_slice().into()));
    assert_eq!((watermark.image_view, watermark.image_transparency), (ImageView::Stretch, 200));
    assert!(!watermark.show_behind);
}

#[test]
fn cross_band_controls_name_their_bands() {
    let report = report(
        "",
        r##"<Bands>
              <Item1 Ref="5" ControlType="PageHeaderBand" Name="head"/>
              <Item2 Ref="6" ControlType="PageFooterBand" Name="foot"/>
            </Bands>
            <CrossBandControls>
              <Item1 ControlType="XRCrossBandBox" Name="frame" StartBand="#Ref-5" EndBand="#Ref-6"
                     StartPointFloat="0,1" EndPointFloat="0,20" WidthF="650"/>
            </CrossBandControls>"##,
    );
    let frame = &report.cross_band[0];
    assert!(frame.is_box);
    assert_eq!((&*frame.start_band, &*frame.end_band), ("head", "foot"));
    assert_eq!((frame.start, frame.end, frame.width), ((0.0, 1.0), (0.0, 20.0), 650.0));
}

#[test]
fn what_is_left_out_is_counted() {
    let report = report(
        r#"ScriptsSource="class A {}""#,
        r#"<Bands>
             <Item1 ControlType="DetailBand"><Controls>
               <Item1 ControlType="XRGauge"/>
               <Item2 ControlType="XRLabel" AllowMarkupText="true"><Scripts OnBeforePrint="f"/></Item2>
               <Item3 ControlType="XRBarCode"><Symbology Name="PDF417"/></Item3>
               <Item5 ControlType="XRBarCode"><Symbology Name="EAN13"/></Item5>
               <Item4 ControlType="XRSubreport"><ReportSource ControlType="App.Lines, App"/></Item4>
             </Controls></Item1>
             <Item2 ControlType="DetailBand"/>
             <Item3 ControlType="NewBand"/>
           </Bands>"#,
    );
    let found: Vec<String> = report
        .unsupported()
        .iter()
        .map(|entry| format!("{} {}", entry.count, entry.what))
        .collect();
    let markup = pressroom_report::Feature::Markup;
    let mut expect = vec![
        "1 NewBand",
        "1 XRGauge",
        "1 bar code PDF417",
        "1 markup in texts",
        "2 scripts",
        "1 second DetailBand",
        "1 sub-report that is a program",
    ];
    expect.retain(|entry| !(markup.is_drawn() && entry.ends_with(markup.words())));
    assert_eq!(found, expect);
}

#[test]
fn culture_and_direction() {
    let german = report(r#"Language="de-DE" RightToLeft="Yes" DisplayName="Liste""#, "");
    assert_eq!(german.culture.as_deref(), Some("de-DE"));
    assert!(german.right_to_left);
    assert_eq!(german.display_name.as_deref(), Some("Liste"));
    assert_eq!(bands("").culture, None);
}
