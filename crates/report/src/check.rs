//! Mistakes in the expressions of a layout, found without its data.

use pressroom_criteria::{ParseError, parse_optional};

use crate::{Band, Binding, Control, ControlKind, Definition, Expression, Level, SubreportSource};

/// An expression that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {place}: {error}")]
pub struct Mistake {
    /// The line of the layout; 0 where that is not known.
    pub line: u32,
    /// What the expression belongs to, such as `Text of "label1"`.
    pub place: String,
    /// What is wrong with it.
    pub error: ParseError,
}

impl Definition {
    /// The expressions of the layout that cannot be read, in the layout's order; sub-reports
    /// included. Names are not checked: that needs the data's columns.
    ///
    /// ```
    /// use pressroom_report::Definition;
    ///
    /// let layout = r#"
    ///     <XtraReportsLayoutSerializer FilterString="[Total] >"/>"#;
    /// let mistakes = Definition::from_repx(layout.as_bytes())?.mistakes();
    /// assert_eq!((mistakes[0].line, mistakes[0].place.as_str()), (2, "filter of the report"));
    /// # Ok::<(), pressroom_report::LayoutError>(())
    /// ```
    #[must_use]
    pub fn mistakes(&self) -> Vec<Mistake> {
        let mut mistakes = Vec::new();
        self.expressions(&mut |place, expression| {
            if let Err(error) = parse_optional(&expression.text) {
                mistakes.push(Mistake { line: expression.line, place, error });
            }
        });
        mistakes
    }

    /// Visits every expression of the layout with what it belongs to; sub-reports included.
    pub fn expressions(&self, visit: &mut dyn FnMut(String, &Expression)) {
        for parameter in &self.parameters {
            if let Some(expression) = &parameter.value_expression {
                visit(format!("value of parameter \"{}\"", parameter.name), expression);
            }
        }
        for field in &self.calculated_fields {
            visit(format!("calculated field \"{}\"", field.name), &field.expression);
        }
        for rule in &self.formatting_rules {
            visit(format!("condition of rule \"{}\"", rule.name), &rule.condition);
        }
        bindings("the report", &self.bindings, visit);
        level("the report", &self.level, visit);
    }
}

fn level(name: &str, of: &Level, visit: &mut dyn FnMut(String, &Expression)) {
    if let Some(filter) = &of.filter {
        visit(format!("filter of {name}"), filter);
    }
    for band in of.bands() {
        self::band(band, visit);
    }
    for report in &of.details {
        let name = format!("\"{}\"", report.name);
        bindings(&name, &report.bindings, visit);
        level(&name, &report.level, visit);
    }
}

fn band(band: &Band, visit: &mut dyn FnMut(String, &Expression)) {
    bindings(&format!("\"{}\"", band.name), &band.bindings, visit);
    controls(&band.controls, visit);
    for sub_band in &band.sub_bands {
        self::band(sub_band, visit);
    }
}

fn controls(controls: &[Control], visit: &mut dyn FnMut(String, &Expression)) {
    for control in controls {
        self::control(control, visit);
    }
}

fn control(control: &Control, visit: &mut dyn FnMut(String, &Expression)) {
    bindings(&format!("\"{}\"", control.name), &control.bindings, visit);
    match &control.kind {
        ControlKind::Panel { controls } => self::controls(controls, visit),
        ControlKind::Table(table) => {
            for row in &table.rows {
                bindings(&format!("\"{}\"", row.name), &row.bindings, visit);
                for cell in &row.cells {
                    self::control(&cell.label, visit);
                    controls(&cell.controls, visit);
                }
            }
        }
        ControlKind::Subreport(subreport) => {
            for binding in &subreport.parameters {
                let place = format!("parameter \"{}\" of \"{}\"", binding.parameter, control.name);
                visit(place, &binding.value);
            }
            if let SubreportSource::Embedded(report) = &subreport.report {
                report.expressions(visit);
            }
        }
        _ => {}
    }
}

fn bindings(of: &str, bindings: &[Binding], visit: &mut dyn FnMut(String, &Expression)) {
    for binding in bindings {
        visit(format!("{} of {of}", binding.property), &binding.expression);
    }
}
