//! The form that a report's parameters make, and what readers fill in.

use pressroom_application::documents::{DocumentParameter, LookUp};
use pressroom_domain::Argument;
use serde_json::Value;

use crate::failure::sentence;
use crate::form::Form;

/// From so many choices on, a list is scrolled.
const MANY: usize = 8;

/// What a parameter takes, as far as forms tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    DateTime,
    /// A length of time, an id: what has a form of its own, and no control.
    Other,
}

/// What a parameter takes, by the .NET name of its type.
fn kind(parameter: &DocumentParameter) -> Kind {
    match parameter.type_name.as_str() {
        "SByte" | "Byte" | "Int16" | "UInt16" | "Int32" | "UInt32" | "Int64" | "UInt64" => {
            Kind::Integer
        }
        "Decimal" | "Double" | "Single" => Kind::Number,
        "Boolean" => Kind::Boolean,
        "DateTime" | "DateOnly" | "DateTimeOffset" => Kind::DateTime,
        "TimeSpan" | "Guid" => Kind::Other,
        _ => Kind::Text,
    }
}

/// A parameter on a page.
#[derive(Debug, PartialEq)]
pub(crate) struct Field {
    /// Its id on the page, which holds no letters of others.
    pub(crate) id: String,
    /// Its name in the form.
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) control: Control,
    pub(crate) hint: Option<String>,
    /// What is wrong with what was filled in.
    pub(crate) error: Option<String>,
    pub(crate) required: bool,
}

/// How a parameter is filled in.
#[derive(Debug, PartialEq)]
pub(crate) enum Control {
    /// A line of text, a number, a date; `list` are values to choose from, beside others.
    Line { kind: &'static str, step: &'static str, value: String, list: Vec<Choice> },
    /// One of a list.
    One { choices: Vec<Choice> },
    /// One of very few, all of them in sight.
    Few { choices: Vec<Choice> },
    /// Any of a list.
    Any { choices: Vec<Choice>, long: bool },
    /// Any values, one a line.
    Lines { value: String },
}

/// A value to choose.
#[derive(Debug, PartialEq)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) text: String,
    pub(crate) chosen: bool,
}

impl Field {
    /// What describes the control, for those who hear pages.
    pub(crate) fn described_by(&self) -> String {
        let parts = [("hint", self.hint.is_some()), ("error", self.error.is_some())];
        let ids = parts.iter().filter(|(_, there)| *there);
        ids.map(|(part, _)| format!("{}-{part}", self.id)).collect::<Vec<_>>().join(" ")
    }

    /// Whether the label names a group of controls, not one.
    pub(crate) fn is_group(&self) -> bool {
        matches!(self.control, Control::Few { .. } | Control::Any { .. })
    }
}

/// The fields of the parameters that readers are asked for. Values are those of `given`, and the
/// report's own for the rest.
pub(crate) fn fields(parameters: &[DocumentParameter], given: &[Argument]) -> Vec<Field> {
    let asked = parameters.iter().filter(|parameter| parameter.visible);
    asked.enumerate().map(|(index, parameter)| field(index, parameter, given)).collect()
}

/// Says what is wrong at the field of a parameter. Whether there is one.
pub(crate) fn blame(fields: &mut [Field], parameter: &str, message: &str) -> bool {
    let name = name_of(parameter);
    let found = fields.iter_mut().find(|field| field.name.eq_ignore_ascii_case(&name));
    found.map(|field| field.error = Some(sentence(message))).is_some()
}

/// What a reader filled in, as arguments of an export, and the names of parameters that need a value
/// and have none.
pub(crate) fn read(parameters: &[DocumentParameter], form: &Form) -> (Vec<Argument>, Vec<String>) {
    let (mut arguments, mut missing) = (Vec::new(), Vec::new());
    for parameter in parameters.iter().filter(|parameter| parameter.visible) {
        let field = name_of(&parameter.name);
        let value = if parameter.multi_value {
            several(parameter, form.all(&field))
        } else {
            one(parameter, form.text(&field))
        };
        if value.is_null() && !parameter.allow_null {
            missing.push(parameter.name.clone());
        }
        arguments.push(Argument { name: parameter.name.clone(), value });
    }
    (arguments, missing)
}

fn name_of(parameter: &str) -> String {
    format!("p.{parameter}")
}

fn one(parameter: &DocumentParameter, text: &str) -> Value {
    let empty = match kind(parameter) {
        // An empty text is a text, unless the report rather has none.
        Kind::Text => text.is_empty() && parameter.allow_null,
        _ => text.trim().is_empty(),
    };
    if empty { Value::Null } else { Value::from(text) }
}

fn several<'a>(parameter: &DocumentParameter, values: impl Iterator<Item = &'a str>) -> Value {
    let listed = is_listed(parameter.look_up.as_ref());
    let lines = values.flat_map(|value| match listed {
        true => vec![value],
        false => value.lines().map(str::trim).filter(|line| !line.is_empty()).collect(),
    });
    lines.map(Value::from).collect()
}

/// Whether readers choose from a list and from nothing else.
fn is_listed(choices: Option<&LookUp>) -> bool {
    choices.is_some_and(|choices| choices.message.is_none() && !choices.values.is_empty())
}

fn field(index: usize, parameter: &DocumentParameter, given: &[Argument]) -> Field {
    let own = given.iter().find(|one| one.name.eq_ignore_ascii_case(&parameter.name));
    let value = own.map_or(&parameter.value, |argument| &argument.value);
    let nothing_to_choose = |choices: &LookUp| {
        choices.values.is_empty().then_some("There is nothing to choose from; a value can be typed")
    };
    let hint = parameter.look_up.as_ref().and_then(|choices| {
        choices.message.as_deref().or_else(|| nothing_to_choose(choices)).map(sentence)
    });
    let hint = hint.or_else(|| match (parameter.multi_value, &parameter.look_up) {
        (true, None) => Some("One value a line.".to_owned()),
        _ => None,
    });
    let control = control(parameter, value);
    let required = !parameter.allow_null && !parameter.multi_value && kind(parameter) != Kind::Text;
    Field {
        id: format!("field-{index}"),
        name: name_of(&parameter.name),
        label: parameter.description.clone(),
        control,
        hint,
        error: None,
        required,
    }
}

fn control(parameter: &DocumentParameter, value: &Value) -> Control {
    let choices = parameter.look_up.as_ref();
    if parameter.multi_value {
        let chosen: Vec<String> = match value {
            Value::Array(values) => values.iter().map(text).collect(),
            Value::Null => Vec::new(),
            one => vec![text(one)],
        };
        return match choices.filter(|choices| is_listed(Some(choices))) {
            Some(listed) => {
                let choices = listed_choices(listed, &chosen);
                let long = choices.len() > MANY;
                Control::Any { choices, long }
            }
            None => Control::Lines { value: chosen.join("\n") },
        };
    }
    let value = text(value);
    match choices {
        Some(listed) if is_listed(Some(listed)) => {
            let mut choices = listed_choices(listed, std::slice::from_ref(&value));
            if !choices.iter().any(|choice| choice.chosen) {
                let text = match (value.is_empty(), parameter.allow_null) {
                    (true, true) => "(none)".to_owned(),
                    (true, false) => "Choose…".to_owned(),
                    (false, _) => value.clone(),
                };
                choices.insert(0, Choice { value, text, chosen: true });
            } else if parameter.allow_null {
                let (value, text) = (String::new(), "(none)".to_owned());
                choices.insert(0, Choice { value, text, chosen: false });
            }
            Control::One { choices }
        }
        _ if kind(parameter) == Kind::Boolean => yes_or_no(parameter, &value),
        listed => line(kind(parameter), value, listed),
    }
}

/// The choices of a list, with a mark on those that count.
fn listed_choices(listed: &LookUp, chosen: &[String]) -> Vec<Choice> {
    let choice = |value: String, text: &str| {
        let chosen = chosen.contains(&value);
        Choice { value, text: text.to_owned(), chosen }
    };
    listed.values.iter().map(|one| choice(text(&one.0), &one.1)).collect()
}

fn yes_or_no(parameter: &DocumentParameter, value: &str) -> Control {
    let choice = |own: &str, text: &str| Choice {
        value: own.to_owned(),
        text: text.to_owned(),
        chosen: value == own,
    };
    let mut choices = vec![choice("true", "Yes"), choice("false", "No")];
    if parameter.allow_null {
        choices.push(choice("", "Either"));
    }
    Control::Few { choices }
}

fn line(kind: Kind, value: String, listed: Option<&LookUp>) -> Control {
    // A day is a day, not its midnight.
    let value = match value.strip_suffix("T00:00:00") {
        Some(day) if kind == Kind::DateTime => day.to_owned(),
        _ => value,
    };
    let list = listed.map_or_else(Vec::new, |listed| listed_choices(listed, &[]));
    let (kind, step) = match kind {
        // A list of suggestions goes with a text only.
        _ if !list.is_empty() => ("text", ""),
        Kind::Integer => ("number", "1"),
        Kind::Number => ("number", "any"),
        Kind::DateTime if value.contains('T') => ("datetime-local", "1"),
        Kind::DateTime => ("date", ""),
        _ => ("text", ""),
    };
    Control::Line { kind, step, value, list }
}

/// A value as a form has it.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parameter(type_name: &str, value: Value) -> DocumentParameter {
        DocumentParameter {
            name: "asked".into(),
            description: "What is asked".into(),
            type_name: type_name.into(),
            visible: true,
            multi_value: false,
            allow_null: false,
            value,
            look_up: None,
        }
    }

    fn of(values: &[&str]) -> Option<LookUp> {
        let choice = |value: &&str| (json!(value), value.to_uppercase());
        Some(LookUp { values: values.iter().map(choice).collect(), message: None })
    }

    fn shown(choices: &[Choice]) -> Vec<String> {
        let mark = |chosen| if chosen { "*" } else { "" };
        choices
            .iter()
            .map(|one| format!("{}{}={}", mark(one.chosen), one.value, one.text))
            .collect()
    }

    #[test]
    fn each_type_has_its_control() {
        for (type_name, value, expect) in [
            ("String", json!("Tea"), ("text", "", "Tea")),
            ("Int32", json!(7), ("number", "1", "7")),
            ("Decimal", json!(0.5), ("number", "any", "0.5")),
            ("DateTime", json!("2026-03-02"), ("date", "", "2026-03-02")),
            ("DateTime", json!("2026-03-02T00:00:00"), ("date", "", "2026-03-02")),
            (
                "DateTime",
                json!("2026-03-02T10:30:00"),
                ("datetime-local", "1", "2026-03-02T10:30:00"),
            ),
            ("Guid", json!(null), ("text", "", "")),
        ] {
            let field = &fields(&[parameter(type_name, value)], &[])[0];
            let Control::Line { kind, step, value, .. } = &field.control else {
                panic!("{field:?}")
            };
            assert_eq!((*kind, *step, value.as_str()), expect);
        }
    }

    #[test]
    fn choices_make_lists() {
        let text = |change: &dyn Fn(&mut DocumentParameter)| {
            let mut one = parameter("String", json!("b"));
            change(&mut one);
            match fields(&[one], &[]).remove(0).control {
                Control::One { choices }
                | Control::Few { choices }
                | Control::Any { choices, .. } => shown(&choices),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(text(&|one| one.look_up = of(&["a", "b"])), ["a=A", "*b=B"]);
        assert_eq!(text(&|one| one.look_up = of(&["a"])), ["*b=b", "a=A"]);
        let nothing = |one: &mut DocumentParameter| {
            one.look_up = of(&["a"]);
            one.value = json!(null);
        };
        assert_eq!(text(&nothing), ["*=Choose…", "a=A"]);
        let several = |one: &mut DocumentParameter| {
            one.look_up = of(&["a", "b", "c"]);
            one.multi_value = true;
            one.value = json!(["a", "c"]);
        };
        assert_eq!(text(&several), ["*a=A", "b=B", "*c=C"]);
        let truth = |one: &mut DocumentParameter| {
            one.type_name = "Boolean".into();
            one.value = json!(false);
            one.allow_null = true;
        };
        assert_eq!(text(&truth), ["true=Yes", "*false=No", "=Either"]);
    }

    #[test]
    fn what_is_filled_in_becomes_arguments() {
        let check = |change: &dyn Fn(&mut DocumentParameter), body: &str, expect: Value| {
            let mut one = parameter("String", json!(null));
            change(&mut one);
            let (arguments, missing) = read(&[one], &Form::parse(body.as_bytes()));
            assert_eq!(arguments[0].value, expect, "{body}");
            missing.len()
        };
        let none = |_: &mut DocumentParameter| {};
        assert_eq!(check(&none, "p.asked=+Tea+", json!(" Tea ")), 0);
        assert_eq!(check(&none, "p.asked=", json!("")), 0);
        assert_eq!(check(&|one| one.allow_null = true, "p.asked=", json!(null)), 0);
        assert_eq!(check(&|one| one.type_name = "Int32".into(), "p.asked=+", json!(null)), 1);
        assert_eq!(
            check(&|one| one.multi_value = true, "p.asked=a%0D%0A%0D%0A+b", json!(["a", "b"])),
            0
        );
        let listed = |one: &mut DocumentParameter| {
            one.multi_value = true;
            one.look_up = of(&["a\nb", "c"]);
        };
        assert_eq!(check(&listed, "p.asked=a%0Ab&p.asked=c", json!(["a\nb", "c"])), 0);
        assert_eq!(check(&listed, "", json!([])), 0);
    }

    #[test]
    fn nobody_is_asked_for_what_is_hidden() {
        let hidden = DocumentParameter { visible: false, ..parameter("String", json!("x")) };
        assert!(fields(std::slice::from_ref(&hidden), &[]).is_empty());
        assert!(read(&[hidden], &Form::parse(b"p.asked=y")).0.is_empty());
    }

    #[test]
    fn what_is_wrong_stands_at_its_field() {
        let mut all = fields(&[parameter("Int32", json!(1))], &[]);
        assert!(blame(&mut all, "ASKED", "is no number"));
        assert!(!blame(&mut all, "other", "is no number"));
        assert_eq!(all[0].error.as_deref(), Some("Is no number."));
        assert_eq!(all[0].described_by(), "field-0-error");
    }
}
