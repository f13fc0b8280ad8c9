//! Values for a report's parameters, from how callers write them to what a report calculates with.

use std::sync::Arc;

use chrono::NaiveDateTime;
use pressroom_compose::{ComposeError, parameters};
use pressroom_data::{Culture, Reader, Value, display};
use pressroom_domain::Argument;
use pressroom_report::Definition;
use rust_decimal::Decimal;

use crate::Error;

/// A value as JSON has it, as data has it. None for an object, which no parameter takes.
#[must_use]
pub fn argument_value(value: &serde_json::Value) -> Option<Value> {
    Some(match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(truth) => Value::Bool(*truth),
        serde_json::Value::Number(number) => self::number(number),
        serde_json::Value::String(text) => Value::text(text.as_str()),
        serde_json::Value::Array(values) => {
            let values: Option<Vec<Value>> = values.iter().map(argument_value).collect();
            Value::List(values?.into())
        }
        serde_json::Value::Object(_) => return None,
    })
}

/// A value as JSON has it, as [`argument_value`] reads it back. Lengths of time and ids become text,
/// bytes are left out.
pub(crate) fn json_value(value: &Value) -> serde_json::Value {
    match value {
        Value::Null | Value::Bytes(_) => serde_json::Value::Null,
        Value::Bool(truth) => (*truth).into(),
        Value::Int(number) => (*number).into(),
        Value::Decimal(number) => {
            let exact = serde_json::from_str(&number.to_string());
            exact.unwrap_or_else(|_| number.to_string().into())
        }
        Value::Double(number) => (*number).into(),
        Value::Text(text) => (&**text).into(),
        Value::DateTime(at) => at.format("%Y-%m-%dT%H:%M:%S%.f").to_string().into(),
        Value::List(values) => values.iter().map(json_value).collect(),
        other => display(other, Culture::default()).into(),
    }
}

fn number(number: &serde_json::Number) -> Value {
    if let Some(whole) = number.as_i64() {
        return Value::Int(whole);
    }
    let text = number.to_string();
    let exact = text.parse::<Decimal>().or_else(|_| Decimal::from_scientific(&text));
    exact.map_or_else(|_| Value::Double(number.as_f64().unwrap_or(f64::NAN)), Value::Decimal)
}

/// The arguments, checked against the parameters that a definition declares.
///
/// # Errors
/// [`Error::Invalid`] that names the parameter.
pub(crate) fn check(
    definition: &Definition,
    arguments: &[Argument],
    now: NaiveDateTime,
    culture: &Culture,
    reader: &Reader,
) -> Result<Vec<(Arc<str>, Value)>, Error> {
    let mut given: Vec<(Arc<str>, Value)> = Vec::with_capacity(arguments.len());
    for Argument { name, value } in arguments {
        let value = argument_value(value).ok_or_else(|| {
            Error::invalid(name, "takes a value or a list of values, not an object")
        })?;
        given.push((name.as_str().into(), value));
    }
    match parameters::resolve(definition, &given, now, culture, Some(reader)) {
        Ok(_) => Ok(given),
        Err(ComposeError::Parameter { name, message }) => Err(Error::invalid(name, message)),
        Err(other) => Err(Error::invalid("documentParameters", other)),
    }
}

#[cfg(test)]
mod tests {
    use pressroom_data::DataType;
    use pressroom_report::Parameter;
    use serde_json::json;

    use super::*;

    #[test]
    fn json_values_become_data() {
        let check = |json: serde_json::Value, expect: Value| {
            assert_eq!(argument_value(&json), Some(expect), "{json}");
        };
        check(json!(null), Value::Null);
        check(json!(true), Value::Bool(true));
        check(json!(-42), Value::Int(-42));
        check(json!(0.1), Value::Decimal("0.1".parse().unwrap()));
        check(json!(1e-7), Value::Decimal("0.0000001".parse().unwrap()));
        check(json!(1e300), Value::Double(1e300));
        check(json!("2026-03-02"), Value::from("2026-03-02"));
        check(json!(["a", null]), Value::List([Value::from("a"), Value::Null].into()));
        assert_eq!(argument_value(&json!({"a": 1})), None);
        assert_eq!(argument_value(&json!([{"a": 1}])), None);
    }

    #[test]
    fn values_become_the_json_that_they_are_read_from() {
        for json in [
            json!(null),
            json!(true),
            json!(-42),
            json!(0.1),
            json!(1e300),
            json!("2026-03-02"),
            json!(["a", null, 1]),
        ] {
            assert_eq!(json_value(&argument_value(&json).unwrap()), json);
        }
        let at = "2026-03-02T09:30:00.5".parse().unwrap();
        assert_eq!(json_value(&Value::DateTime(at)), json!("2026-03-02T09:30:00.500"));
    }

    fn definition() -> Definition {
        let parameter = |name: &str, data_type, multi_value| Parameter {
            name: name.into(),
            data_type,
            multi_value,
            ..Parameter::default()
        };
        Definition {
            parameters: vec![
                parameter("year", DataType::Int, false),
                parameter("from", DataType::DateTime, false),
                parameter("countries", DataType::Text, true),
            ],
            ..Definition::default()
        }
    }

    fn try_one(name: &str, value: serde_json::Value) -> Result<(), Vec<String>> {
        let arguments = [Argument { name: name.into(), value }];
        let now = NaiveDateTime::default();
        match check(&definition(), &arguments, now, Culture::default(), &Reader::new("ada")) {
            Ok(_) => Ok(()),
            Err(Error::Invalid(problems)) => {
                Err(problems.into_iter().map(|problem| problem.field).collect())
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_wrong_type_and_an_unknown_name_are_named() {
        for (name, value) in [
            ("year", json!(2026)),
            ("YEAR", json!("2026")),
            ("year", json!(null)),
            ("from", json!("2026-03-02")),
            ("countries", json!(["DE", "FR"])),
            ("countries", json!("DE")),
            ("countries", json!([])),
        ] {
            assert_eq!(try_one(name, value.clone()), Ok(()), "{name} {value}");
        }
        for (name, value) in [
            ("year", json!("soon")),
            ("year", json!([2026])),
            ("year", json!({})),
            ("from", json!("the day before")),
            ("nowhere", json!(1)),
        ] {
            assert_eq!(try_one(name, value.clone()), Err(vec![name.to_owned()]), "{value}");
        }
    }
}
