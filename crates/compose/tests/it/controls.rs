//! Controls besides texts: panels, lines, shapes, pictures, page information, check boxes.

use insta::assert_snapshot;

use super::report::{bind, control, label_with};
use super::{Report, band, bound, label};

fn detail(controls: &str) -> Report {
    Report::new(band("Detail 100", "", controls))
}

#[test]
fn panels_hold_controls_and_grow_with_them() {
    let inside = label_with("10,10,60,20", r#"Text="a text that needs more than one line""#, &[])
        + &label("10,30,60,20", "below");
    let panel = |attributes: &str| {
        control(
            "Panel",
            "50,20,100,60",
            &format!(r#"Borders="All" {attributes}"#),
            &format!("<Controls>{inside}</Controls>"),
        ) + &label("50,80", "after")
    };
    assert_snapshot!(detail(&panel("")).print().dump(), @r#"
    page 360.0 x 144.0
      text 43.2,30.3 "a text that" Liberation Serif 9.8 #000000
      text 43.2,41.5 "needs" Liberation Serif 9.8 #000000
      text 43.2,52.7 "more than" Liberation Serif 9.8 #000000
      text 43.2,63.9 "one line" Liberation Serif 9.8 #000000
      rect 43.2,21.6 43.2 x 44.8 stroke #000000 0.8
      text 43.2,75.1 "below" Liberation Serif 9.8 #000000
      rect 43.2,66.4 43.2 x 14.4 stroke #000000 0.8
      rect 36.0,14.4 72.0 x 73.6 stroke #000000 0.8
      text 36.0,96.7 "after" Liberation Serif 9.8 #000000
    "#);
    assert_snapshot!(detail(&panel(r#"CanGrow="false""#)).pages(), @"
    page 1
      30: 60 a text that
      46: 60 needs
      61: 60 more than
      77: 60 one line
      92: 60 below
      80: 50 after
    ");
}

#[test]
fn lines_run_through_the_middle_of_their_box() {
    let lines: String = ["Horizontal", "Vertical", "Slant", "BackSlant"]
        .iter()
        .map(|direction| {
            control(
                "Line",
                "10,10,100,50",
                &format!(r#"LineDirection="{direction}" LineWidth="2" ForeColor="Red""#),
                "",
            )
        })
        .collect();
    assert_snapshot!(detail(&lines).print().dump(), @"
    page 360.0 x 144.0
      line 7.2,7.2 to 79.2,43.2 stroke #ff0000 1.5
      line 7.2,43.2 to 79.2,7.2 stroke #ff0000 1.5
      line 43.2,7.2 to 43.2,43.2 stroke #ff0000 1.5
      line 7.2,25.2 to 79.2,25.2 stroke #ff0000 1.5
    ");
}

#[test]
fn shapes_are_outlined_in_the_fore_colour() {
    let shape = |name: &str, attributes: &str| {
        control(
            "Shape",
            "0,0,100,100",
            &format!(r#"FillColor="Gold" {attributes}"#),
            &format!(r#"<Shape ShapeName="{name}"/>"#),
        )
    };
    assert_snapshot!(detail(&shape("Rectangle", r#"ForeColor="Blue" LineWidth="4""#)).print().dump(), @"
    page 360.0 x 144.0
      rect 1.5,1.5 69.0 x 69.0 fill #ffd700 stroke #0000ff 3.0
    ");
    assert_snapshot!(detail(&shape("Polygon", "")).print().dump(), @"
    page 360.0 x 144.0
      path M 36.0,0.4 L 66.9,53.8 L 5.1,53.8 Z fill #ffd700 stroke #000000 0.8
    ");
    for name in ["Ellipse", "Arrow", "Star", "Line", "Bracket", "Brace", "Cross"] {
        let dump = detail(&shape(name, "")).print().dump();
        assert_eq!(dump.lines().count(), 2, "{name}: {dump}");
    }
}

/// A red picture of 4 by 2 dots.
const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAAQAAAACCAIAAADwyuo0AAAAEElEQVR4nGP4z8AARwzIHABj4gf5dr+7MgAAAABJRU5ErkJggg==";

#[test]
fn pictures_fill_their_box_in_several_ways() {
    // 4 by 2 dots at 96 to the inch are 3 by 1.5 points; the box is 72 by 72 points.
    for (sizing, expect) in [
        ("Normal", "0.0,0.0 3.0 x 1.5"),
        ("StretchImage", "0.0,0.0 72.0 x 72.0"),
        ("ZoomImage", "0.0,18.0 72.0 x 36.0"),
        ("Squeeze", "34.5,35.2 3.0 x 1.5"),
        ("AutoSize", "0.0,0.0 3.0 x 1.5"),
        ("Cover", "-36.0,0.0 144.0 x 72.0"),
    ] {
        let attributes = format!(r#"Sizing="{sizing}" ImageSource="img,{PICTURE}""#);
        let dump = detail(&control("PictureBox", "0,0,100,100", &attributes, "")).print().dump();
        assert!(dump.contains(expect), "{sizing}: {dump}");
    }
}

#[test]
fn pictures_come_from_data_too_and_unreadable_ones_leave_a_box() {
    let bound = control(
        "PictureBox",
        "0,0,100,100",
        r#"Sizing="StretchImage""#,
        &bind(&[("ImageSource", "[Picture]")]),
    );
    let report = Report::new(band("Detail 100", "", &bound)).rows(
        "Rows",
        "Picture",
        [PICTURE, "", "AAAA", "http://example.com/x.png"],
    );
    let printed = report.page(500, 500, [0; 4]).print();
    assert_snapshot!(printed.dump(), @r#"
    page 360.0 x 360.0
      picture 0.0,0.0 72.0 x 72.0 Png 4x2 artifact
      rect 0.0,144.0 72.0 x 72.0 fill #f6f6f6
      clip 0.0,144.0 72.0 x 72.0
        text 24.3,182.5 "Picture" Liberation Sans 7.5 #767676 figure "Picture"
      rect 0.0,144.0 72.0 x 72.0 stroke #b0b0b0 0.5 dash
      rect 0.0,216.0 72.0 x 72.0 fill #f6f6f6
      clip 0.0,216.0 72.0 x 72.0
        text 24.3,254.5 "Picture" Liberation Sans 7.5 #767676 figure "Picture"
      rect 0.0,216.0 72.0 x 72.0 stroke #b0b0b0 0.5 dash
    "#);
    assert_snapshot!(printed.warnings(), @r#"
    picture "PictureBox": the picture cannot be read: The image format could not be determined
    picture "PictureBox": a picture at an address is not fetched; store the picture in the layout or in the data
    "#);
}

#[test]
fn page_information() {
    let info = |place: &str, attributes: &str| control("PageInfo", place, attributes, "");
    let footer = [
        info("0,0", ""),
        info("100,0", r#"PageInfo="Number" TextFormatString="page {0}""#),
        info("200,0", r#"PageInfo="RomLowNumber""#),
        info("300,0", r#"PageInfo="Total""#),
        info("400,0", r#"TextFormatString="{0}/{1 }""#),
    ]
    .concat();
    let header = info("0,0", r#"PageInfo="DateTime" TextFormatString="{0:yyyy-MM-dd HH:mm}""#)
        + &info("200,0", r#"PageInfo="UserName" TextFormatString="for {0}""#);
    let bands = [
        band("PageHeader", "", &header),
        band("Detail", r#"PageBreak="AfterBandExceptLastEntry""#, &bound("0,0", "[N]")),
        band("PageFooter", "", &footer),
    ];
    let report = Report::new(bands.concat())
        .rows("Rows", "N:int", ["1", "2", "3", "4"])
        .page(500, 100, [0; 4]);
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 2026-03-05 14:30 | 200 for Ada
      20: 0 1
      80: 0 1 of 4 | 100 page 1 | 200 i | 300 4 | 400 1/4
    page 2
       0: 0 2026-03-05 14:30 | 200 for Ada
      20: 0 2
      80: 0 2 of 4 | 100 page 2 | 200 ii | 300 4 | 400 2/4
    page 3
       0: 0 2026-03-05 14:30 | 200 for Ada
      20: 0 3
      80: 0 3 of 4 | 100 page 3 | 200 iii | 300 4 | 400 3/4
    page 4
       0: 0 2026-03-05 14:30 | 200 for Ada
      20: 0 4
      80: 0 4 of 4 | 100 page 4 | 200 iv | 300 4 | 400 4/4
    ");
}

#[test]
fn page_numbers_may_start_elsewhere_and_again_with_each_group() {
    let info = |attributes: &str| control("PageInfo", "100,0", attributes, "");
    let bands = |info: &str| {
        [
            super::report::band_with(
                "GroupHeader",
                r##"Ref="50" PageBreak="BeforeBandExceptFirstEntry""##,
                &bound("0,0", "[Name]"),
                r#"<GroupFields><Item1 FieldName="Name"/></GroupFields>"#,
            ),
            band("Detail", "", &bound("0,0", "[N]")),
            band("PageFooter", "", info),
        ]
        .concat()
    };
    let report = |info: &str| {
        Report::new(bands(info))
            .rows("Rows", "Name N:int", ["a|1", "a|2", "a|3", "b|4", "b|5"])
            .page(500, 80, [0; 4])
    };
    assert_snapshot!(report(&info(r#"StartPageNumber="7""#)).pages(), @"
    page 1
       0: 0 a
      20: 0 1
      40: 0 2
      60: 100 7 of 9
    page 2
       0: 0 3
      60: 100 8 of 9
    page 3
       0: 0 b
      20: 0 4
      40: 0 5
      60: 100 9 of 9
    ");
    assert_snapshot!(report(&info(r##"RunningBand="#Ref-50""##)).pages(), @"
    page 1
       0: 0 a
      20: 0 1
      40: 0 2
      60: 100 1 of 2
    page 2
       0: 0 3
      60: 100 2 of 2
    page 3
       0: 0 b
      20: 0 4
      40: 0 5
      60: 100 1 of 1
    ");
}

#[test]
fn check_boxes() {
    let boxes = control("CheckBox", "0,0", r#"Text="ticked" Checked="true""#, "")
        + &control("CheckBox", "100,0", r#"Text="not""#, "")
        + &control(
            "CheckBox",
            "200,0",
            "",
            &bind(&[("CheckBoxState", "[N] = 1"), ("Text", "[N]")]),
        );
    let report = Report::new(band("Detail 20", "", &boxes)).rows("Rows", "N:int", ["1"]);
    assert_snapshot!(report.print().dump(), @r#"
    page 360.0 x 144.0
      rect 0.0,2.3 9.8 x 9.8 stroke #000000 0.8
      path M 2.0,7.4 L 4.1,9.5 L 8.0,4.9 stroke #000000 1.1
      text 11.8,8.7 "ticked" Liberation Serif 9.8 #000000
      rect 72.0,2.3 9.8 x 9.8 stroke #000000 0.8
      text 83.8,8.7 "not" Liberation Serif 9.8 #000000
      rect 144.0,2.3 9.8 x 9.8 stroke #000000 0.8
      path M 145.9,7.4 L 148.1,9.5 L 152.0,4.9 stroke #000000 1.1
      text 155.8,8.7 "1" Liberation Serif 9.8 #000000
    "#);
}

#[test]
fn the_first_control_is_on_top_and_texts_come_in_the_order_of_reading() {
    let controls = label_with("20,0", r#"Text="on top" BackColor="White""#, &[])
        + &label_with("0,0", r#"Text="below" BackColor="Gold""#, &[])
        + &label("200,0", "right")
        + &label("150,0,40,20", "left");
    assert_snapshot!(detail(&controls).print().dump(), @r#"
    page 360.0 x 144.0
      rect 0.0,0.0 72.0 x 14.4 fill #ffd700
      text 0.0,8.7 "below" Liberation Serif 9.8 #000000
      rect 14.4,0.0 72.0 x 14.4 fill #ffffff
      text 14.4,8.7 "on top" Liberation Serif 9.8 #000000
      text 108.0,8.7 "left" Liberation Serif 9.8 #000000
      text 144.0,8.7 "right" Liberation Serif 9.8 #000000
    "#);
}

#[test]
fn what_is_not_drawn_leaves_a_labelled_box_and_a_warning() {
    let controls =
        control("BarCode", "0,0,100,50", r#"Text="123""#, r#"<Symbology Name="QRCode"/>"#)
            + &control("PivotGrid", "100,0,100,50", "", "");
    let printed = detail(&controls).print();
    assert_snapshot!(printed.texts(), @"
    page 1
      34: 0 123
      19: 121 XRPivotGrid
    ");
    assert_snapshot!(printed.warnings(), @r#"
    XRPivotGrid is not supported yet
    bar code "BarCode": its box is too small for the bar width that is set, so the bars are narrower; make the box larger
    "#);
}

#[test]
fn page_breaks_inside_a_band() {
    let controls = label("0,0", "before")
        + &control("PageBreak", "0,30,100,2", "", "")
        + &label("0,40", "after");
    let report = Report::new(band("Detail 60", "", &controls)).rows("Rows", "N:int", ["1", "2"]);
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 before
    page 2
      10: 0 after
      30: 0 before
    page 3
      10: 0 after
    ");
}

#[test]
fn controls_keep_their_distance_from_a_moving_edge() {
    let grows = label_with("0,0,60,20", r#"Text="a text that needs three lines here""#, &[]);
    let controls = grows
        + &label_with(
            "100,0,100,60",
            r#"Text="stretched" AnchorVertical="Both" Borders="All" CanGrow="false""#,
            &[],
        )
        + &label_with("200,40,100,20", r#"Text="bottom" AnchorVertical="Bottom""#, &[]);
    let report = Report::new(band("Detail 60", "", &controls)).rows("Rows", "N:int", ["1"]);
    assert_snapshot!(report.print().dump(), @r#"
    page 360.0 x 144.0
      text 0.0,8.7 "a text that" Liberation Serif 9.8 #000000
      text 0.0,19.9 "needs" Liberation Serif 9.8 #000000
      text 0.0,31.1 "three lines" Liberation Serif 9.8 #000000
      text 0.0,42.3 "here" Liberation Serif 9.8 #000000
      text 72.0,8.7 "stretched" Liberation Serif 9.8 #000000
      rect 72.0,0.0 72.0 x 73.6 stroke #000000 0.8
      text 144.0,98.4 "bottom" Liberation Serif 9.8 #000000
    "#);
}

#[test]
fn watermarks_lie_behind_or_above_the_pages_of_their_range() {
    let report = |attributes: &str| {
        Report::new(band("Detail", r#"PageBreak="AfterBandExceptLastEntry""#, &bound("0,0", "[N]")))
            .section(&format!(r#"<Watermark {attributes}/>"#))
            .rows("Rows", "N:int", ["1", "2"])
    };
    let text =
        r#"Text="DRAFT" Font="Arial, 36pt" ForeColor="Red" TextTransparency="155" PageRange="2""#;
    assert_snapshot!(report(text).print().dump(), @r#"
    page 360.0 x 144.0
      text 0.0,8.7 "1" Liberation Serif 9.8 #000000
    page 360.0 x 144.0
      text 128.7,105.3 "DRAFT" Liberation Sans 36.0 #ff000064 angle 21.8 artifact
      text 0.0,8.7 "2" Liberation Serif 9.8 #000000
    "#);
    let picture = format!(
        r#"ImageSource="img,{PICTURE}" ImageViewMode="Zoom" ImageTransparency="128" ShowBehind="false" PageRange="1""#
    );
    assert_snapshot!(report(&picture).print().dump(), @r#"
    page 360.0 x 144.0
      text 0.0,8.7 "1" Liberation Serif 9.8 #000000
      picture 36.0,0.0 288.0 x 144.0 Png 4x2 opacity 0.50 artifact
    page 360.0 x 144.0
      text 0.0,8.7 "2" Liberation Serif 9.8 #000000
    "#);
}

#[test]
fn lines_and_boxes_run_over_several_bands_and_pages() {
    let bands = [
        band("PageHeader", r#"Ref="60""#, &label("0,0", "head")),
        band("Detail", "", &bound("0,0", "[N]")),
        band("PageFooter", r#"Ref="61""#, &label("0,0", "foot")),
    ];
    let crossing = r##"<CrossBandControls>
        <Item1 ControlType="XRCrossBandLine" Name="line" StartBand="#Ref-60" EndBand="#Ref-61" StartPointFloat="50,10" EndPointFloat="50,10" WidthF="1"/>
        <Item2 ControlType="XRCrossBandBox" Name="box" StartBand="#Ref-60" EndBand="#Ref-61" StartPointFloat="0,0" EndPointFloat="0,20" WidthF="100"/>
      </CrossBandControls>"##;
    let report = Report::new(bands.concat())
        .section(crossing)
        .rows("Rows", "N:int", ["1", "2", "3"])
        .page(500, 80, [0; 4]);
    assert_snapshot!(report.print().dump(), @r#"
    page 360.0 x 57.6
      text 0.0,8.7 "head" Liberation Serif 9.8 #000000
      text 0.0,23.1 "1" Liberation Serif 9.8 #000000
      text 0.0,37.5 "2" Liberation Serif 9.8 #000000
      text 0.0,51.9 "foot" Liberation Serif 9.8 #000000
      line 36.4,7.2 to 36.4,50.4 stroke #000000 0.7
      rect 0.0,0.0 72.0 x 57.6 stroke #000000 0.8
    page 360.0 x 57.6
      text 0.0,8.7 "head" Liberation Serif 9.8 #000000
      text 0.0,23.1 "3" Liberation Serif 9.8 #000000
      text 0.0,51.9 "foot" Liberation Serif 9.8 #000000
      line 36.4,7.2 to 36.4,50.4 stroke #000000 0.7
      rect 0.0,0.0 72.0 x 57.6 stroke #000000 0.8
    "#);
}

#[test]
fn what_cannot_be_cut_and_is_higher_than_a_page_is_sliced() {
    let picture = control(
        "PictureBox",
        "0,20,100,150",
        &format!(r#"Sizing="StretchImage" ImageSource="img,{PICTURE}""#),
        "",
    );
    let report = Report::new(band("Detail 170", "", &(label("0,0", "above") + &picture)));
    assert_snapshot!(report.page(500, 100, [0; 4]).print().dump(), @r#"
    page 360.0 x 72.0
      text 0.0,8.7 "above" Liberation Serif 9.8 #000000
    page 360.0 x 72.0
      clip 0.0,0.0 360.0 x 72.0
        picture 0.0,0.0 72.0 x 108.0 Png 4x2 artifact
    page 360.0 x 72.0
      clip 0.0,0.0 360.0 x 36.0
        picture 0.0,-72.0 72.0 x 108.0 Png 4x2 artifact
    "#);
}

#[test]
fn bindings_for_the_page_are_evaluated_while_it_is_filled() {
    let page = bind(&[("Text", "[N] + ' on page ' + ([Arguments.PageIndex] + 1)")])
        .replace("BeforePrint", "PrintOnPage");
    let bands = band("Detail", "", &control("Label", "0,0,200,20", "", &page));
    let report = Report::new(bands).rows("Rows", "N:int", ["1", "2", "3"]).page(500, 40, [0; 4]);
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 1 on page 1
      20: 0 2 on page 1
    page 2
       0: 0 3 on page 2
    ");
}
