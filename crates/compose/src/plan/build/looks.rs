//! How elements look, and whether they are printed.

use std::sync::Arc;

use pressroom_report::{self as report, ComputedStyle, Look, Parity, resolve};

use super::expressions::bound;
use super::{Builder, Place};
use crate::plan::Visibility;
use crate::plan::look::{ChangingLook, LookPlan, Looks};

impl Builder<'_> {
    /// The looks of an element inside a container.
    pub(super) fn looks(
        &mut self,
        look: &Look,
        bindings: &[report::Binding],
        container: &ComputedStyle,
        place: Place<'_>,
    ) -> Looks {
        let definition = self.surroundings.definition;
        let fonts = self.surroundings.fonts;
        let plan = |parity| {
            let style = resolve(definition, container, look, parity, |_| false);
            Arc::new(LookPlan::new(style, fonts, definition.right_to_left))
        };
        let base = plan(Parity::None);
        let even = look.styles.even.is_some().then(|| plan(Parity::Even));
        let odd = look.styles.odd.is_some().then(|| plan(Parity::Odd));
        let rules: Vec<_> = look
            .formatting_rules
            .iter()
            .filter_map(|&at| Some((at, definition.formatting_rules.get(at)?)))
            .map(|(at, rule)| (at, self.expression(&rule.condition.text, place)))
            .collect();
        let style_name = bound(bindings, "StyleName");
        let mut scratch = ComputedStyle::default();
        let bindings: Vec<_> = bindings
            .iter()
            .filter(|binding| scratch.set(&binding.property, &pressroom_data::Value::Null))
            .map(|binding| {
                (binding.property.clone(), self.expression(&binding.expression.text, place))
            })
            .collect::<Vec<_>>();
        let style_name = style_name.map(|binding| self.expression(&binding.expression.text, place));
        let changing =
            (!rules.is_empty() || !bindings.is_empty() || style_name.is_some()).then(|| {
                Box::new(ChangingLook {
                    look: look.clone(),
                    container: container.clone(),
                    rules,
                    bindings,
                    style_name,
                })
            });
        Looks { base, even, odd, changing }
    }

    pub(super) fn visibility(
        &mut self,
        fixed: bool,
        bindings: &[report::Binding],
        place: Place<'_>,
    ) -> Visibility {
        let bound = bound(bindings, "Visible")
            .map(|binding| self.expression(&binding.expression.text, place));
        Visibility { fixed, bound }
    }
}
