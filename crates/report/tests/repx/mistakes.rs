use crate::report;

#[test]
fn mistakes_in_expressions_tell_where_they_are() {
    let report = report(
        r#"FilterString="[A] = 1""#,
        r#"<CalculatedFields><Item1 Name="wrong" Expression="1 +"/></CalculatedFields>
           <Bands><Item1 ControlType="DetailBand" Name="Detail">
             <SubBands><Item1 ControlType="SubBand" Name="sub">
               <ExpressionBindings><Item1 PropertyName="Visible" Expression="Iff(1, 2, 3)"/></ExpressionBindings>
             </Item1></SubBands>
             <Controls>
               <Item1 ControlType="XRTable"><Rows><Item1 ControlType="XRTableRow"><Cells>
                 <Item1 ControlType="XRTableCell" Name="cell">
                   <ExpressionBindings><Item1 PropertyName="Text" Expression="[A"/></ExpressionBindings>
                 </Item1>
               </Cells></Item1></Rows></Item1>
               <Item2 ControlType="XRSubreport"><ReportSource FilterString="("><Bands/></ReportSource></Item2>
             </Controls>
           </Item1></Bands>"#,
    );
    let mistakes = report.mistakes();
    let places: Vec<(u32, &str)> =
        mistakes.iter().map(|mistake| (mistake.line, mistake.place.as_str())).collect();
    assert_eq!(
        places,
        [
            (3, "calculated field \"wrong\""),
            (11, "Text of \"cell\""),
            (14, "filter of the report"),
            (6, "Visible of \"sub\"")
        ]
    );
    assert!(mistakes[3].to_string().contains("did you mean Iif?"), "{}", mistakes[3]);
}
