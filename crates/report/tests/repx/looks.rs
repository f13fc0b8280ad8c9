use pressroom_report::{
    Borders, Color, ComputedStyle, ControlKind, Dash, Parity, Property, resolve,
};

use crate::report;

/// How the one label of the detail band looks.
fn look(label: &str, others: &str, parity: Parity, rule_applies: bool) -> ComputedStyle {
    let report = report(
        r#"Font="Arial, 9pt""#,
        &format!(
            r#"{others}<Bands><Item1 ControlType="DetailBand" BackColor="Yellow">
                 <Controls>{label}</Controls></Item1></Bands>"#
        ),
    );
    let detail = report.level.detail.as_ref().expect("a detail band");
    [&report.look, &detail.look, &detail.controls[0].look]
        .into_iter()
        .fold(ComputedStyle::default(), |container, look| {
            resolve(&report, &container, look, parity, |_| rule_applies)
        })
}

#[test]
fn styles_use_other_names_than_controls() {
    let styles = r#"<StyleSheet>
        <Item1 Name="box" Sides="Bottom" BorderWidthSerializable="2" BorderDashStyle="Dash" BorderStyle="Inset"
               StringFormat="Near;Center;0;None;Character;Default" ForeColor="Blue"/>
      </StyleSheet>"#;
    let style =
        look(r#"<Item1 ControlType="XRLabel" StyleName="box"/>"#, styles, Parity::Odd, false);
    assert_eq!(style.borders, Borders { bottom: true, ..Borders::NONE });
    assert_eq!((style.border_width, style.border_dash), (1.5, Dash::Dash));
    assert_eq!(style.fore_color, Color::rgb(0, 0, 255));
    assert_eq!((&*style.font.family, style.font.size_pt), ("Arial", 9.0));
    assert_eq!(style.back_color, Color::rgb(255, 255, 0));
}

#[test]
fn priorities_are_read() {
    let styles = r#"<StyleSheet><Item1 Name="blue" ForeColor="Blue"/></StyleSheet>"#;
    let label = |priority: &str| {
        format!(
            r#"<Item1 ControlType="XRLabel" StyleName="blue" ForeColor="Red">{priority}</Item1>"#
        )
    };
    let color = |priority: &str| look(&label(priority), styles, Parity::Odd, false).fore_color;
    assert_eq!(color(""), Color::rgb(0, 0, 255));
    assert_eq!(color(r#"<StylePriority UseForeColor="true"/>"#), Color::rgb(0, 0, 255));
    assert_eq!(color(r#"<StylePriority UseFont="false"/>"#), Color::rgb(0, 0, 255));
    assert_eq!(color(r#"<StylePriority UseForeColor="false"/>"#), Color::rgb(255, 0, 0));
}

#[test]
fn style_names_may_be_elements_and_alternate_by_row() {
    let styles = r#"<StyleSheet><Item1 Name="grey" BackColor="Gray"/></StyleSheet>"#;
    let label = r#"<Item1 ControlType="XRLabel"><EvenStyleName>grey</EvenStyleName></Item1>"#;
    assert_eq!(look(label, styles, Parity::Even, false).back_color, Color::rgb(128, 128, 128));
    assert_eq!(look(label, styles, Parity::Odd, false).back_color, Color::rgb(255, 255, 0));
}

#[test]
fn conditional_formats_are_linked_by_number() {
    let rules = r##"<FormattingRuleSheet>
        <Item1 Ref="70" Name="unused" Condition="1"/>
        <Item2 Ref="71" Name="negative" Condition="[Total] &lt; 0"><Formatting ForeColor="Red" Visible="No"/></Item2>
      </FormattingRuleSheet>"##;
    let label = r##"<Item1 ControlType="XRLabel"><FormattingRuleLinks><Item1 Value="#Ref-71"/></FormattingRuleLinks></Item1>"##;
    assert_eq!(look(label, rules, Parity::Odd, true).fore_color, Color::rgb(255, 0, 0));
    assert_eq!(look(label, rules, Parity::Odd, false).fore_color, Color::BLACK);
    let report = report("", rules);
    assert_eq!(report.formatting_rules[1].condition.text, "[Total] < 0");
    assert_eq!(report.formatting_rules[1].visible, Some(false));
}

#[test]
fn rows_and_cells_have_looks_of_their_own() {
    let table = crate::control(
        r#"<Item1 ControlType="XRTable" Borders="All"><Rows>
             <Item1 ControlType="XRTableRow" BackColor="Red"><Cells>
               <Item1 ControlType="XRTableCell" ForeColor="White"><StylePriority UseForeColor="false"/></Item1>
             </Cells></Item1>
           </Rows></Item1>"#,
    );
    assert_eq!(table.look.appearance.borders, Some(Borders::ALL));
    let ControlKind::Table(table) = table.kind else { panic!("not a table") };
    assert_eq!(table.rows[0].look.appearance.back_color, Some(Color::rgb(255, 0, 0)));
    let cell = &table.rows[0].cells[0].label.look;
    assert_eq!(cell.appearance.fore_color, Some(Color::WHITE));
    assert!(cell.priority.own_wins(Property::ForeColor));
    assert!(!cell.priority.own_wins(Property::BackColor));
}
