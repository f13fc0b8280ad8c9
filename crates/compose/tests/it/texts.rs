//! Texts: where their words come from, how they are formatted, how boxes follow them.

use insta::assert_snapshot;

use super::report::{bind, control, label_with};
use super::{Report, band, bound, label};

/// A report over one row with a number, a date, a text and nothing.
fn one_row(controls: &str) -> Report {
    Report::new(band("Detail 100", "", controls)).rows(
        "Rows",
        "Name Amount:decimal Day:date Nothing Count:int",
        ["Tea|1234.5|2026-03-05||7"],
    )
}

/// What a label says whose attributes and bindings are given.
fn check(attributes: &str, bindings: &[(&str, &str)], expect: &str) {
    let report = one_row(&label_with("0,0,400,20", attributes, bindings));
    assert_eq!(report.pages(), format!("page 1\n   0: 0 {expect}\n"), "{attributes} {bindings:?}");
}

#[test]
fn a_bound_text_replaces_the_constant_one_also_where_it_is_null() {
    check(r#"Text="constant""#, &[], "constant");
    check(r#"Text="constant""#, &[("Text", "[Name]")], "Tea");
    let report = one_row(&label_with("0,0", r#"Text="constant""#, &[("Text", "[Nothing]")]));
    assert_eq!(report.pages(), "page 1\n");
    check(r#"NullValueText="none""#, &[("Text", "[Nothing]")], "none");
}

#[test]
fn formats_are_those_of_dot_net() {
    for (format, expression, expect) in [
        ("{0:N1}", "[Amount]", "1,234.5"),
        ("{0:c}", "[Amount]", "$1,234.50"),
        ("{0:#,##0.000}", "[Amount]", "1,234.500"),
        ("{0:dd-MMM-yy}", "[Day]", "05-Mar-26"),
        ("about {0:n0} pieces", "[Amount]", "about 1,235 pieces"),
        ("{0:n2}", "[Name]", "Tea"),
        (":", "[Name]", ":"),
        ("", "[Amount]", "1234.5"),
    ] {
        check(&format!(r#"TextFormatString="{format}""#), &[("Text", expression)], expect);
    }
}

#[test]
fn the_culture_decides_separators_and_names() {
    let report = |format: &str, expression: &str| {
        one_row(&label_with(
            "0,0,400,20",
            &format!(r#"TextFormatString="{format}""#),
            &[("Text", expression)],
        ))
        .culture("de-DE")
        .pages()
    };
    assert_eq!(report("{0:n2}", "[Amount]"), "page 1\n   0: 0 1.234,50\n");
    assert_eq!(report("{0:c}", "[Amount]"), "page 1\n   0: 0 1.234,50 €\n");
    assert_eq!(report("{0:d MMMM}", "[Day]"), "page 1\n   0: 0 5 März\n");
    assert_eq!(report("", "[Day]"), "page 1\n   0: 0 05.03.2026 00:00:00\n");
}

#[test]
fn a_layout_may_choose_its_culture() {
    let report = one_row(&bound("0,0", "[Amount]")).with(r#"Language="de-DE""#);
    assert_eq!(report.pages(), "page 1\n   0: 0 1234,5\n");
}

#[test]
fn constant_texts_may_hold_fields_in_brackets() {
    for (text, expect) in [
        ("Dear [Name],", "Dear Tea,"),
        ("[Amount!{0:n2}] for [Name]", "1,234.50 for Tea"),
        ("[Count] of [Unknown]", "7 of [Unknown]"),
        ("[Nothing]none", "none"),
        ("[not a field]", "[not a field]"),
    ] {
        check(&format!(r#"Text="{text}""#), &[], expect);
    }
}

#[test]
fn older_bindings_name_their_query() {
    let old = r#"<DataBindings><Item1 PropertyName="Text" DataMember="Rows.Amount" FormatString="{0:n1}"/></DataBindings>"#;
    let report = one_row(&control("Label", "0,0", "", old));
    assert_eq!(report.pages(), "page 1\n   0: 0 1,234.5\n");
}

#[test]
fn brackets_are_optional_around_names() {
    check("", &[("Text", "Name + '!'")], "Tea!");
    check("", &[("Text", "[Rows.Name]")], "Tea");
}

#[test]
fn a_mistake_in_an_expression_is_told_once_and_leaves_the_rest_of_the_report() {
    let report = Report::new(band(
        "Detail",
        "",
        &(bound("0,0", "Iff([N] > 1, 2, 3)") + &bound("100,0", "[N]")),
    ))
    .rows("Rows", "N:int", ["1", "2"]);
    let printed = report.print();
    assert_snapshot!(printed.texts(), @"
    page 1
       0: 100 1
      20: 100 2
    ");
    assert_snapshot!(printed.warnings(), @r#"control "Label": the expression `Iff([N] > 1, 2, 3)` has a mistake: unknown function "Iff" (line 1, column 1); did you mean Iif?"#);
}

#[test]
fn a_failing_expression_prints_nothing_and_is_counted() {
    let report = Report::new(band("Detail", "", &bound("0,0", "ToInt('x') + [N]"))).rows(
        "Rows",
        "N:int",
        ["1", "2"],
    );
    let printed = report.print();
    assert_snapshot!(printed.texts(), @"page 1");
    assert_snapshot!(printed.warnings(), @r#"control "Label": the text "x" cannot be read as a whole number (2 times)"#);
}

const LONG: &str = "one two three four five six seven eight nine ten eleven twelve";

#[test]
fn growing_texts_push_what_is_below_and_texts_that_may_not_grow_are_cut() {
    let with = |attributes: &str| {
        let controls = label_with("0,0,100,20", &format!(r#"Text="{LONG}" {attributes}"#), &[])
            + &label("0,20,100,20", "below")
            + &label("200,20,100,20", "beside");
        one_row(&controls)
    };
    assert_snapshot!(with("").pages(), @"
    page 1
       0: 0 one two three
      16: 0 four five six
      31: 0 seven eight nine
      47: 0 ten eleven twelve
      62: 0 below | 200 beside
    ");
    assert_snapshot!(with(r#"CanGrow="false""#).pages(), @"
    page 1
       0: 0 one two three
      20: 0 below | 200 beside
    ");
    assert_snapshot!(with(r#"CanGrow="false" TextTrimming="EllipsisWord""#).pages(), @"
    page 1
       0: 0 one two three…
      20: 0 below | 200 beside
    ");
    assert_snapshot!(with(r#"WordWrap="false""#).pages(), @"
    page 1
       0: 0 one two three four five six seven eight nine ten eleven twelve
      20: 0 below | 200 beside
    ");
}

#[test]
fn shrinking_texts_give_their_space_away_unless_something_stands_beside() {
    let stack = |beside: &str| {
        label("0,0,100,20", "first")
            + &label_with("0,20,100,20", r#"CanShrink="true""#, &[("Text", "[Nothing]")])
            + beside
            + &label("0,40,100,20", "last")
    };
    assert_snapshot!(one_row(&stack("")).pages(), @"
    page 1
       0: 0 first
      20: 0 last
    ");
    assert_snapshot!(one_row(&stack(&label("100,20,100,20", "beside"))).pages(), @"
    page 1
       0: 0 first
      20: 100 beside
      40: 0 last
    ");
}

#[test]
fn long_texts_go_on_on_the_next_page() {
    let text = [LONG; 3].join(" ");
    let controls = label_with("0,0,100,20", &format!(r#"Text="{text}""#), &[])
        + &label("0,20,100,20", "after");
    let report = Report::new(band("Detail", "", &controls)).page(500, 100, [0; 4]);
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 one two three
      16: 0 four five six
      31: 0 seven eight nine
      47: 0 ten eleven twelve
      62: 0 one two three
      78: 0 four five six
    page 2
       0: 0 seven eight nine
      16: 0 ten eleven twelve
      31: 0 one two three
      47: 0 four five six
      62: 0 seven eight nine
      78: 0 ten eleven twelve
    page 3
       0: 0 after
    ");
}

#[test]
fn line_ends_count_in_constant_texts_only_where_they_say_so() {
    check(r#"Text="a&#10;b""#, &[], "a⏎b");
    assert_snapshot!(one_row(&label_with("0,0", r#"Multiline="true" Text="a&#10;b""#, &[])).pages(), @"
    page 1
       0: 0 a
      16: 0 b
    ");
    assert_snapshot!(one_row(&bound("0,0", "'a' + NewLine() + 'b'")).pages(), @"
    page 1
       0: 0 a
      16: 0 b
    ");
}

#[test]
fn alignments() {
    let controls: String = ["TopLeft", "MiddleCenter", "BottomRight"]
        .iter()
        .map(|alignment| {
            label_with(
                "0,0,200,80",
                &format!(r#"TextAlignment="{alignment}" Text="{alignment}""#),
                &[],
            )
        })
        .collect();
    assert_snapshot!(one_row(&controls).pages(), @"
    page 1
      64: 129 BottomRight
      32: 62 MiddleCenter
       0: 0 TopLeft
    ");
}

#[test]
fn padding_counts_in_its_own_dots_to_the_inch() {
    let padded = |padding: &str| {
        one_row(&label_with("0,0,200,80", &format!(r#"Padding="{padding}" Text="x""#), &[])).pages()
    };
    assert_eq!(padded("10,0,20,0,100"), "page 1\n  20: 10 x\n");
    assert_eq!(padded("96,0,0,0,96"), "page 1\n   0: 100 x\n");
    assert_eq!(padded("254,0,0,0,254"), "page 1\n   0: 100 x\n");
}

#[test]
fn right_to_left_texts_stand_at_the_right() {
    let report =
        one_row(&label_with("0,0,200,20", r#"Text="שלום""#, &[])).with(r#"RightToLeft="Yes""#);
    assert_snapshot!(report.pages(), @"
    page 1
       0: 172 שלום
    ");
}

#[test]
fn turned_texts() {
    let report =
        one_row(&label_with("0,0,100,100", r#"Angle="90" Text="upwards" CanGrow="false""#, &[]));
    assert_snapshot!(report.print().dump(), @r#"
    page 360.0 x 144.0
      text 8.7,72.0 "upwards" Liberation Serif 9.8 #000000 angle 90.0
    "#);
}

#[test]
fn sizes_may_follow_the_box() {
    let controls = label_with(
        "0,0,30,20",
        r#"Text="shrinks" TextFitMode="ShrinkOnly" WordWrap="false" CanGrow="false""#,
        &[],
    ) + &label_with(
        "100,0,200,40",
        r#"Text="grows" TextFitMode="GrowOnly" WordWrap="false" CanGrow="false""#,
        &[],
    );
    let printed = one_row(&controls).print();
    let dump = printed.dump();
    let sizes: Vec<&str> = dump.lines().filter(|line| line.contains("text")).collect();
    assert_snapshot!(sizes.join("\n"), @r#"
    text 0.0,6.7 "shrinks" Liberation Serif 7.5 #000000
    text 72.0,22.3 "grows" Liberation Serif 25.0 #000000
    "#);
}

#[test]
fn markup_changes_the_look_of_parts() {
    let markup = "plain &lt;b&gt;bold&lt;/b&gt; &lt;color=red&gt;red &lt;u&gt;line&lt;/u&gt;&lt;/color&gt; &lt;size=14&gt;big&lt;/size&gt;";
    let report = one_row(&label_with(
        "0,0,300,20",
        &format!(r#"AllowMarkupText="true" Text="{markup}""#),
        &[],
    ));
    assert_snapshot!(report.print().dump(), @r#"
    page 360.0 x 144.0
      text 0.0,12.5 "plain bold red line big"
        run Liberation Serif 9.8 #000000 +0.0 "plain "
        run Liberation Serif bold 9.8 #000000 +21.9 "bold"
        run Liberation Serif 9.8 #000000 +40.4 " "
        run Liberation Serif 9.8 #ff0000 +42.8 "red "
        run Liberation Serif 9.8 #ff0000 underline +57.7 "line"
        run Liberation Serif 9.8 #000000 +72.3 " "
        run Liberation Serif 14.0 #000000 +74.7 "big"
    "#);
}

#[test]
fn repeated_values_may_be_left_out() {
    let with = |mode: &str| {
        let controls = label_with(
            "0,0",
            &format!(r#"ProcessDuplicatesMode="{mode}" Borders="All""#),
            &[("Text", "[Name]")],
        ) + &bound("100,0", "[N]");
        Report::new(band("Detail", "", &controls)).rows("Rows", "Name N:int", ["a|1", "a|2", "b|3"])
    };
    assert_snapshot!(with("Leave").pages(), @"
    page 1
       0: 0 a | 100 1
      20: 0 a | 100 2
      40: 0 b | 100 3
    ");
    assert_snapshot!(with("Suppress").pages(), @"
    page 1
       0: 0 a | 100 1
      20: 100 2
      40: 0 b | 100 3
    ");
    // The boxes of equal values are one: the line between them is gone.
    assert_snapshot!(with("Merge").print().dump(), @r#"
    page 360.0 x 144.0
      text 0.0,8.7 "a" Liberation Serif 9.8 #000000
      line -0.4,0.0 to 72.4,0.0 stroke #000000 0.8
      line 0.0,-0.4 to 0.0,14.8 stroke #000000 0.8
      line 72.0,-0.4 to 72.0,14.8 stroke #000000 0.8
      text 72.0,8.7 "1" Liberation Serif 9.8 #000000
      line -0.4,28.8 to 72.4,28.8 stroke #000000 0.8
      line 0.0,14.0 to 0.0,29.2 stroke #000000 0.8
      line 72.0,14.0 to 72.0,29.2 stroke #000000 0.8
      text 72.0,23.1 "2" Liberation Serif 9.8 #000000
      text 0.0,37.5 "b" Liberation Serif 9.8 #000000
      rect 0.0,28.8 72.0 x 14.4 stroke #000000 0.8
      text 72.0,37.5 "3" Liberation Serif 9.8 #000000
    "#);
}

#[test]
fn repeated_values_may_vanish_with_their_space() {
    let controls =
        label_with("0,0", r#"ProcessDuplicatesMode="SuppressAndShrink""#, &[("Text", "[Name]")])
            + &bound("0,20", "[N]");
    let report = Report::new(band("Detail 40", "", &controls)).rows(
        "Rows",
        "Name N:int",
        ["a|1", "a|2", "b|3"],
    );
    assert_snapshot!(report.pages(), @"
    page 1
       0: 0 a
      20: 0 1
      40: 0 2
      60: 0 b
      80: 0 3
    ");
}

#[test]
fn any_property_may_be_bound() {
    let bindings = [
        ("Text", "'x'"),
        ("ForeColor", "Iif([N] = 1, 'Red', ?)"),
        ("BackColor", "Iif([N] = 2, '255,255,0', ?)"),
        ("Font.Bold", "[N] = 2"),
        ("Font.Size", "[N] * 10"),
        ("Visible", "[N] < 3"),
        ("LeftF", "[N] * 100"),
        ("NavigateUrl", "'https://example.com/' + [N]"),
    ];
    let report = Report::new(band("Detail 40", "", &label_with("0,0", "", &bindings))).rows(
        "Rows",
        "N:int",
        ["1", "2", "3"],
    );
    assert_snapshot!(report.print().dump(), @r#"
    page 360.0 x 144.0
      text 72.0,8.9 "x" Liberation Serif 10.0 #ff0000
      link 72.0,0.0 72.0 x 14.4 https://example.com/1
      rect 144.0,28.8 72.0 x 23.0 fill #ffff00
      text 144.0,46.6 "x" Liberation Serif bold 20.0 #000000
      link 144.0,28.8 72.0 x 23.0 https://example.com/2
    "#);
}

#[test]
fn bands_and_rows_of_tables_have_bound_looks_too() {
    let bands = format!(
        r#"<Item1 ControlType="DetailBand" Name="Detail" HeightF="20">{}<Controls>{}</Controls></Item1>"#,
        bind(&[("BackColor", "Iif([N] = 2, 'Gold', ?)"), ("Visible", "[N] <> 3")]),
        bound("0,0", "[N]"),
    );
    let report = Report::new(bands).rows("Rows", "N:int", ["1", "2", "3"]);
    assert_snapshot!(report.print().dump(), @r#"
    page 360.0 x 144.0
      text 0.0,8.7 "1" Liberation Serif 9.8 #000000
      rect 0.0,14.4 360.0 x 14.4 fill #ffd700
      text 0.0,23.1 "2" Liberation Serif 9.8 #000000
    "#);
}

#[test]
fn styles_beat_own_values_unless_told_otherwise_and_rows_may_take_turns() {
    let styles = r#"<StyleSheet>
        <Item1 Name="red" ForeColor="Red"/>
        <Item2 Name="odd" BackColor="Silver"/>
        <Item3 Name="even" BackColor="Gold"/>
      </StyleSheet>"#;
    let controls = control("Label", "0,0", r#"Text="style" StyleName="red" ForeColor="Blue""#, "")
        + &control(
            "Label",
            "100,0",
            r#"Text="own" StyleName="red" ForeColor="Blue""#,
            r#"<StylePriority UseForeColor="false"/>"#,
        )
        + &label_with("200,0", r#"Text="bound style""#, &[("StyleName", "Iif([N] = 2, 'red', ?)")]);
    let report =
        Report::new(band("Detail", r#"OddStyleName="odd" EvenStyleName="even""#, &controls))
            .section(styles)
            .rows("Rows", "N:int", ["1", "2"]);
    assert_snapshot!(report.print().dump(), @r#"
    page 360.0 x 144.0
      rect 0.0,0.0 360.0 x 14.4 fill #c0c0c0
      text 0.0,8.7 "style" Liberation Serif 9.8 #ff0000
      text 72.0,8.7 "own" Liberation Serif 9.8 #0000ff
      text 144.0,8.7 "bound style" Liberation Serif 9.8 #000000
      rect 0.0,14.4 360.0 x 14.4 fill #ffd700
      text 0.0,23.1 "style" Liberation Serif 9.8 #ff0000
      text 72.0,23.1 "own" Liberation Serif 9.8 #0000ff
      text 144.0,23.1 "bound style" Liberation Serif 9.8 #ff0000
    "#);
}

#[test]
fn conditional_formats() {
    let rules = r##"<FormattingRuleSheet><Item1 Ref="77" Name="low" Condition="[N] &lt; 2"><Formatting ForeColor="Red"/></Item1></FormattingRuleSheet>"##;
    let label = control(
        "Label",
        "0,0",
        "",
        &format!(
            r##"{}<FormattingRuleLinks><Item1 Value="#Ref-77"/></FormattingRuleLinks>"##,
            bind(&[("Text", "[N]")])
        ),
    );
    let report =
        Report::new(band("Detail", "", &label)).section(rules).rows("Rows", "N:int", ["1", "2"]);
    assert_snapshot!(report.print().dump(), @r#"
    page 360.0 x 144.0
      text 0.0,8.7 "1" Liberation Serif 9.8 #ff0000
      text 0.0,23.1 "2" Liberation Serif 9.8 #000000
    "#);
}

#[test]
fn links_lead_only_to_the_web_and_to_mail() {
    let links = |url: &str| {
        let report = one_row(&label_with("0,0", &format!(r#"Text="x" NavigateUrl="{url}""#), &[]));
        report.print().dump().lines().filter(|line| line.contains("link")).count()
    };
    for (url, expect) in [
        ("https://example.com", 1),
        ("mailto:a@example.com", 1),
        ("javascript:alert(1)", 0),
        ("file:///etc/passwd", 0),
    ] {
        assert_eq!(links(url), expect, "{url}");
    }
}
