//! Parameters and calculated fields.

use std::sync::Arc;

use pressroom_data::{DataType, Direction, Value, parse_invariant};
use pressroom_query::xml::Element;
use pressroom_query::{data_type, short_type_name};

use super::properties::{expression, flag, name, text};
use super::reader::Reader;
use super::report::items;
use crate::{CalculatedField, Choice, ChoiceValue, Parameter};

impl<'d> Reader<'d> {
    pub(super) fn parameters(&mut self, element: Element<'d>) -> Vec<Parameter> {
        let items = self.named_items(element, "Parameters");
        items.filter_map(|item| self.parameter(item)).collect()
    }

    fn parameter(&self, item: Element<'d>) -> Option<Parameter> {
        let type_name = self.type_name(item);
        let data_type = match data_type(&type_name) {
            DataType::Unknown => DataType::Text,
            known => known,
        };
        let multi_value = flag(item, "MultiValue").unwrap_or(false);
        let default = item.attribute("ValueInfo").or_else(|| item.attribute("Value"));
        let value_binding = items(item, "ExpressionBindings").find(|binding| {
            binding.attribute("PropertyName").is_none_or(|property| property == "Value")
        });
        Some(Parameter {
            name: name(item, "Name")?,
            description: text(item, "Description"),
            data_type,
            value: default_value(default, data_type, multi_value),
            value_expression: value_binding.and_then(|binding| expression(binding, "Expression")),
            visible: flag(item, "Visible").unwrap_or(true),
            multi_value,
            allow_null: flag(item, "AllowNull").unwrap_or(false),
            select_all: flag(item, "SelectAllValues").unwrap_or(false),
            choice: self.choice(item, data_type),
            type_name,
        })
    }

    /// The .NET type of a parameter: text unless the layout tells another.
    fn type_name(&self, item: Element<'d>) -> String {
        let stored =
            self.references.target(item, "Type").and_then(|stored| stored.attribute("Content"));
        let named = || item.attribute("Type").filter(|name| !name.starts_with('#'));
        let name = stored.or_else(named).unwrap_or("System.String");
        name.split(',').next().unwrap_or(name).trim().to_owned()
    }

    fn choice(&self, item: Element<'d>, data_type: DataType) -> Option<Choice> {
        let settings = ["ValueSourceSettings", "LookUpSettings"].iter().find_map(|property| {
            self.references.target(item, property).or_else(|| item.child(property))
        })?;
        let type_name = ["ObjectType", "ControlType", "Type"]
            .iter()
            .find_map(|attribute| settings.attribute(attribute))
            .map_or("", short_type_name);
        if let Some(values) = settings.child("LookUpValues") {
            let values = values.children().map(|value| ChoiceValue {
                value: parse(value.attribute("Value").unwrap_or_default(), data_type),
                description: text(value, "Description"),
            });
            return Some(Choice::Static(values.collect()));
        }
        if type_name.starts_with("Range") {
            let bound = |words: [&str; 2]| {
                let element = settings
                    .children()
                    .find(|child| words.iter().any(|word| child.name().contains(word)))
                    .or_else(|| {
                        words.iter().find_map(|word| self.references.target(settings, word))
                    })?;
                let mut parameter = self.parameter(element)?;
                if parameter.type_name == "System.String" {
                    parameter.data_type = data_type;
                    parameter.value =
                        default_value(element.attribute("ValueInfo"), data_type, false);
                }
                Some(Box::new(parameter))
            };
            let start = bound(["StartParameter", "RangeStartParameter"])?;
            let end = bound(["EndParameter", "RangeEndParameter"])?;
            return Some(Choice::Range { start, end });
        }
        let value = name(settings, "ValueMember");
        let descending = settings.attribute("SortOrder") == Some("Descending");
        let direction = if descending { Direction::Descending } else { Direction::Ascending };
        value.is_some().then(|| Choice::Dynamic {
            source: self.source_name(settings),
            member: name(settings, "DataMember"),
            value,
            display: name(settings, "DisplayMember"),
            filter: expression(settings, "FilterString"),
            sort: name(settings, "SortMember").map(|column| (column, direction)),
        })
    }
}

fn default_value(text: Option<&str>, data_type: DataType, multi_value: bool) -> Value {
    match text {
        None if multi_value => Value::List(Arc::new([])),
        None => Value::Null,
        Some("") if multi_value => Value::List(Arc::new([])),
        Some(text) if multi_value => {
            Value::List(text.split('|').map(|text| parse(text, data_type)).collect())
        }
        Some(text) => parse(text, data_type),
    }
}

/// A value in its invariant form; null where it has no such form.
fn parse(text: &str, data_type: DataType) -> Value {
    parse_invariant(text, data_type).unwrap_or(Value::Null)
}

pub(super) fn calculated_field(
    item: Element<'_>,
    source: Option<Arc<str>>,
) -> Option<CalculatedField> {
    Some(CalculatedField {
        name: name(item, "Name")?,
        display_name: text(item, "DisplayName"),
        expression: expression(item, "Expression").unwrap_or_default(),
        source,
        member: name(item, "DataMember"),
        data_type: item.attribute("FieldType").map_or(DataType::Unknown, data_type),
    })
}
