//! The values of a report's parameters: those that are given, and defaults for the rest.

use std::sync::Arc;

use chrono::NaiveDateTime;
use pressroom_criteria::{ByName, RowScope};
use pressroom_data::{Culture, DataType, Reader, Value, coerce};
use pressroom_report::{Choice, Definition, Parameter};

use crate::ComposeError;

/// The values of all parameters of a definition, by name: those given, brought to the declared types,
/// and the layout's own for the rest.
///
/// # Errors
/// [`ComposeError::Parameter`] for a name that the definition does not have, and for a value that is
/// not of the declared type.
pub fn resolve(
    definition: &Definition,
    given: &[(Arc<str>, Value)],
    now: NaiveDateTime,
    culture: &Culture,
    reader: Option<&Reader>,
) -> Result<Vec<(Arc<str>, Value)>, ComposeError> {
    let (values, mistakes) = resolve_where_possible(definition, given, now, culture, reader);
    match mistakes.into_iter().next() {
        Some(mistake) => Err(mistake),
        None => Ok(values),
    }
}

/// As [`resolve`], for a sub-report that prints all the same: what is wrong is told, a value of the
/// wrong type is null, and one for no parameter is left out.
pub(crate) fn resolve_where_possible(
    definition: &Definition,
    given: &[(Arc<str>, Value)],
    now: NaiveDateTime,
    culture: &Culture,
    reader: Option<&Reader>,
) -> (Vec<(Arc<str>, Value)>, Vec<ComposeError>) {
    let declared = all(definition);
    let mut mistakes = Vec::new();
    for (name, _) in given {
        if !declared.iter().any(|parameter| parameter.name.eq_ignore_ascii_case(name)) {
            let known: Vec<&str> = declared.iter().map(|parameter| &*parameter.name).collect();
            let message = if known.is_empty() {
                "the report has no parameters; leave it out".to_owned()
            } else {
                format!("the report has no such parameter; it has {}", known.join(", "))
            };
            mistakes.push(ComposeError::Parameter { name: name.to_string(), message });
        }
    }
    let mut values: Vec<(Arc<str>, Value)> = Vec::with_capacity(declared.len());
    for parameter in declared {
        let own = given.iter().rev().find(|(name, _)| parameter.name.eq_ignore_ascii_case(name));
        let value = match own {
            Some((_, value)) => typed(parameter, value).unwrap_or_else(|mistake| {
                mistakes.push(mistake);
                Value::Null
            }),
            None => default(parameter, &values, now, culture, reader),
        };
        values.push((Arc::clone(&parameter.name), value));
    }
    (values, mistakes)
}

/// The declared parameters; a range stands for its two ends as well.
fn all(definition: &Definition) -> Vec<&Parameter> {
    let mut all: Vec<&Parameter> = Vec::new();
    for parameter in &definition.parameters {
        if let Some(Choice::Range { start, end }) = &parameter.choice {
            all.extend([&**start, &**end]);
        }
        all.push(parameter);
    }
    all
}

fn typed(parameter: &Parameter, value: &Value) -> Result<Value, ComposeError> {
    let refuse =
        |message: String| ComposeError::Parameter { name: parameter.name.to_string(), message };
    let one = |value: &Value| {
        if value.is_null() || parameter.data_type == DataType::Unknown {
            return Ok(value.clone());
        }
        coerce(value, parameter.data_type).map_err(|error| refuse(error.to_string()))
    };
    match value {
        Value::List(values) if parameter.multi_value => {
            let values: Result<Vec<Value>, _> = values.iter().map(one).collect();
            Ok(Value::List(values?.into()))
        }
        Value::List(_) => Err(refuse("takes one value, not a list".into())),
        value if parameter.multi_value && !value.is_null() => {
            Ok(Value::List(vec![one(value)?].into()))
        }
        value => one(value),
    }
}

fn default(
    parameter: &Parameter,
    earlier: &[(Arc<str>, Value)],
    now: NaiveDateTime,
    culture: &Culture,
    reader: Option<&Reader>,
) -> Value {
    let computed = parameter.value_expression.as_ref().and_then(|expression| {
        let expr = pressroom_criteria::parse(&expression.text).ok()?;
        let compiled = pressroom_criteria::compile(&expr, &ByName).ok()?;
        let scope = RowScope::new(&[], now)
            .with_culture(culture)
            .with_parameters(earlier)
            .with_reader(reader);
        let value = compiled.evaluate(&scope).ok()?;
        typed(parameter, &value).ok()
    });
    if let Some(value) = computed {
        return value;
    }
    if parameter.multi_value
        && parameter.select_all
        && let Some(Choice::Static(choices)) = &parameter.choice
    {
        return Value::List(
            choices.iter().map(|choice| choice.value.clone()).collect::<Vec<_>>().into(),
        );
    }
    parameter.value.clone()
}
