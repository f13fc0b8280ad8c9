//! Values of expressions at the current row, and what they decide: texts, looks, visibility.

use std::sync::Arc;

use pressroom_data::{CompositeFormat, Value, display};
use pressroom_page::Pt;
use pressroom_report::{Color, Parity, resolve};
use rust_decimal::prelude::ToPrimitive;

use super::Run;
use super::scope::RowScope;
use crate::plan::expression::Expression;
use crate::plan::look::{LookPlan, Looks};
use crate::plan::{MergePart, TextPlan, Visibility};

impl Run<'_, '_> {
    /// The value of an expression at the current row of its level. One that fails is told, and null.
    pub(crate) fn value(&mut self, expression: &Expression) -> Value {
        let Some(compiled) = &expression.compiled else { return Value::Null };
        let result = {
            let surroundings = self.surroundings();
            let end = (expression.depth + 1).min(self.frames.len());
            let frames = &self.frames[..end];
            let row = frames.last().map_or(&[][..], |frame| &frame.row);
            compiled.evaluate(&RowScope { surroundings: &surroundings, frames, row })
        };
        match result {
            Ok(value) => value,
            Err(error) => {
                self.warn(format!("{}: {error}", expression.place));
                Value::Null
            }
        }
    }

    /// Whether something is printed. A null leaves what the layout says.
    pub(crate) fn visible(&mut self, visibility: &Visibility) -> bool {
        let Some(bound) = &visibility.bound else { return visibility.fixed };
        truth(&self.value(bound)).unwrap_or(visibility.fixed)
    }

    /// The number that an expression gives.
    pub(crate) fn number(&mut self, expression: &Expression) -> Option<f32> {
        match self.value(expression) {
            Value::Int(number) => Some(number as f32),
            Value::Double(number) => Some(number as f32),
            Value::Decimal(number) => number.to_f32(),
            Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
        .filter(|number: &f32| number.is_finite())
    }

    /// The length that an expression gives in the report's unit.
    pub(crate) fn length(&mut self, expression: &Expression) -> Option<Pt> {
        let unit = self.definition.unit.points();
        self.number(expression).map(|number| Pt(number * unit))
    }

    /// The colour that an expression gives.
    pub(crate) fn paint(&mut self, expression: &Expression) -> Option<Color> {
        self.value(expression).as_text().and_then(Color::parse)
    }

    /// A text, and whether its value is null.
    pub(crate) fn text(&mut self, plan: &TextPlan) -> (Arc<str>, bool) {
        match plan {
            TextPlan::Constant(text) => (Arc::clone(text), false),
            TextPlan::Value { value, format } => {
                let value = self.value(value);
                let is_null = value.is_null();
                (self.formatted(value, format.as_ref()), is_null)
            }
            TextPlan::Merge(parts) => {
                let mut text = String::new();
                for part in parts {
                    match part {
                        MergePart::Text(constant) => text.push_str(constant),
                        MergePart::Field { value, format } => {
                            let value = self.value(value);
                            text.push_str(&self.formatted(value, format.as_ref()));
                        }
                    }
                }
                (text.into(), false)
            }
        }
    }

    fn formatted(&self, value: Value, format: Option<&CompositeFormat>) -> Arc<str> {
        match (value, format) {
            (Value::Null, _) => "".into(),
            (Value::Text(text), None) => text,
            (value, None) => display(&value, self.culture).into(),
            (value, Some(format)) => format.format(&[value], self.culture).into(),
        }
    }

    /// The address of a link, if it is one that documents may lead to.
    pub(crate) fn link(&mut self, plan: &TextPlan) -> Option<Arc<str>> {
        let (address, _) = self.text(plan);
        let address = address.trim();
        let allowed = ["http://", "https://", "mailto:"].iter().any(|scheme| {
            address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        (allowed && !address.contains(char::is_control)).then(|| address.into())
    }

    /// Whether a label's text is that of the row before; the text is remembered.
    pub(crate) fn is_repeated(&mut self, slot: usize, text: &Arc<str>) -> bool {
        let Some(memory) = self.frames.last_mut().and_then(|frame| frame.memory.get_mut(slot))
        else {
            return false;
        };
        let repeated = memory.as_ref() == Some(text);
        *memory = Some(Arc::clone(text));
        repeated
    }

    /// Whether a label will say the same at the next row of its level.
    pub(crate) fn repeats_in_next_row(&mut self, plan: &TextPlan, text: &Arc<str>) -> bool {
        let Some(frame) = self.frames.last_mut() else { return false };
        let Some(next) = frame.next.clone() else { return false };
        let row = std::mem::replace(&mut frame.row, next);
        let (next_text, _) = self.text(plan);
        if let Some(frame) = self.frames.last_mut() {
            frame.row = row;
        }
        next_text == *text
    }

    /// The look of an element at the current row, and whether a conditional format says that it is
    /// printed or not.
    pub(crate) fn look(&mut self, looks: &Looks) -> (Arc<LookPlan>, Option<bool>) {
        let parity = if looks.even.is_some() || looks.odd.is_some() {
            Parity::of_row(self.frames.last().map_or(0, |frame| frame.index))
        } else {
            Parity::None
        };
        let Some(changing) = &looks.changing else {
            let of_row = match parity {
                Parity::Even => looks.even.as_ref(),
                Parity::Odd => looks.odd.as_ref(),
                Parity::None => None,
            };
            return (Arc::clone(of_row.unwrap_or(&looks.base)), None);
        };
        let mut applying = Vec::new();
        let mut visible = None;
        for (at, condition) in &changing.rules {
            if truth(&self.value(condition)) == Some(true) {
                applying.push(*at);
                let rule = self.definition.formatting_rules.get(*at);
                visible = rule.and_then(|rule| rule.visible).or(visible);
            }
        }
        let definition = self.definition;
        let named = changing.style_name.as_ref().and_then(|name| match self.value(name) {
            Value::Text(name) if definition.style(&name).is_some() => {
                let mut look = changing.look.clone();
                look.styles.base = Some(name);
                Some(look)
            }
            _ => None,
        });
        let own = named.as_ref().unwrap_or(&changing.look);
        let mut style = resolve(definition, &changing.container, own, parity, |rule| {
            applying.iter().any(|at| {
                definition.formatting_rules.get(*at).is_some_and(|r| std::ptr::eq(r, rule))
            })
        });
        for (property, expression) in &changing.bindings {
            let value = self.value(expression);
            style.set(property, &value);
        }
        if style == looks.base.style {
            return (Arc::clone(&looks.base), visible);
        }
        let fonts = self.services.text.fonts();
        (Arc::new(LookPlan::new(style, fonts, definition.right_to_left)), visible)
    }
}

/// A truth value of the forms in which data has it; `None` for null and what makes no sense.
fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Int(number) => Some(*number != 0),
        Value::Text(text) => text.trim().to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}
