//! The fields that a report uses, and what their use tells of their types.

use std::collections::BTreeMap;
use std::sync::Arc;

use pressroom_criteria::{BinaryOp, FieldPath, Node, NodeKind, Span, SummaryKind, parse};
use pressroom_data::{DataType, Value};

use crate::{
    Band, BandKind, Binding, CalculatedField, Control, ControlKind, Level, SubreportSource,
    TextProps,
};

/// A value that a filter wants in a column.
#[derive(Clone, Debug)]
pub(super) enum Pin {
    /// This one.
    Value(Value),
    /// That of a parameter.
    Parameter(Arc<str>),
}

/// Fields of one table.
const MAX_FIELDS: usize = 1_000;

/// What is known of the fields of one table.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// The fields in the order of their names, with the type their use tells.
    pub(super) used: BTreeMap<String, DataType>,
    /// The fields of groups, outermost first.
    pub(super) groups: Vec<Arc<str>>,
    /// Fields that the filter compares with a value.
    pub(super) pins: Vec<(Arc<str>, Pin)>,
    /// Names that are no fields of the table.
    calculated: Vec<String>,
    /// The table's own name, which may stand before its fields.
    member: String,
    /// Whether names with dots may be columns.
    has_paths: bool,
}

impl Fields {
    pub(super) fn new(member: &str, calculated: &[CalculatedField], has_paths: bool) -> Self {
        Self {
            calculated: calculated.iter().map(|field| field.name.to_lowercase()).collect(),
            member: member.to_owned(),
            has_paths,
            ..Self::default()
        }
    }

    /// Adds what a level's bands say.
    pub(super) fn level(&mut self, level: &Level, calculated: &[CalculatedField]) {
        for group in &level.groups {
            for field in &group.fields {
                self.group(&field.field, calculated);
            }
            if let Some(summary) = &group.sorting_summary {
                self.add(&summary.field, DataType::Decimal);
            }
        }
        for field in level.sort_fields() {
            self.add(&field.field, DataType::Unknown);
        }
        if let Some(filter) = &level.filter {
            self.expression(&filter.text, DataType::Unknown);
            self.filter(&filter.text);
        }
        for band in level.bands() {
            self.band(band);
        }
        for field in calculated {
            self.expression(&field.expression.text, DataType::Unknown);
        }
    }

    /// A field of a group; of a calculated one, the fields that make it.
    fn group(&mut self, field: &Arc<str>, calculated: &[CalculatedField]) {
        let found = calculated.iter().find(|known| known.name.eq_ignore_ascii_case(field));
        let Some(found) = found else {
            self.add(field, DataType::Unknown);
            self.groups.push(Arc::clone(field));
            return;
        };
        if let Ok(expression) = parse(&found.expression.text) {
            let mut names = Vec::new();
            expression.root().walk(&mut |node| {
                if let NodeKind::Field(path) = &node.kind {
                    names.push(Arc::clone(path.name()));
                }
            });
            self.groups.extend(names);
        }
    }

    fn add(&mut self, name: &str, data_type: DataType) {
        let name = name
            .strip_prefix(&self.member)
            .and_then(|rest| rest.strip_prefix('.'))
            .filter(|_| !self.member.is_empty())
            .unwrap_or(name);
        if name.is_empty() || self.calculated.contains(&name.to_lowercase()) {
            return;
        }
        if name.contains('.') && !self.has_paths || self.used.len() >= MAX_FIELDS {
            return;
        }
        let known = self.used.keys().find(|known| known.eq_ignore_ascii_case(name)).cloned();
        let entry = self.used.entry(known.unwrap_or_else(|| name.to_owned())).or_default();
        if *entry == DataType::Unknown {
            *entry = data_type;
        }
    }

    fn band(&mut self, band: &Band) {
        self.bindings(&band.bindings, None);
        if let BandKind::VerticalDetail { sort_fields, .. } = &band.kind {
            for field in sort_fields {
                self.add(&field.field, DataType::Unknown);
            }
        }
        self.controls(&band.controls);
        for sub_band in &band.sub_bands {
            self.band(sub_band);
        }
    }

    fn controls(&mut self, controls: &[Control]) {
        for control in controls {
            self.control(control);
        }
    }

    fn control(&mut self, control: &Control) {
        let format = match &control.kind {
            ControlKind::Label(text) => text.format.as_deref(),
            ControlKind::BarCode(code) => code.format.as_deref(),
            _ => None,
        };
        self.bindings(&control.bindings, format);
        match &control.kind {
            ControlKind::Label(text) => self.merged(text),
            ControlKind::CheckBox(check_box) => self.merged(&check_box.text),
            ControlKind::Panel { controls } => self.controls(controls),
            ControlKind::Table(table) => {
                for row in &table.rows {
                    self.bindings(&row.bindings, None);
                    for cell in &row.cells {
                        self.control(&cell.label);
                        self.controls(&cell.controls);
                    }
                }
            }
            ControlKind::Subreport(subreport) => {
                for binding in &subreport.parameters {
                    let wanted = match &subreport.report {
                        SubreportSource::Embedded(report) => report
                            .parameter(&binding.parameter)
                            .map(|parameter| parameter.data_type),
                        _ => None,
                    };
                    self.expression(&binding.value.text, wanted.unwrap_or_default());
                }
            }
            _ => {}
        }
    }

    fn bindings(&mut self, bindings: &[Binding], format: Option<&str>) {
        for binding in bindings {
            let wanted = match binding.property.to_ascii_lowercase().as_str() {
                "text" => format.map(type_of_format).unwrap_or_default(),
                "imagesource" | "image" => DataType::Bytes,
                "visible" | "checkboxstate" | "checked" | "checkstate" => DataType::Bool,
                _ => DataType::Unknown,
            };
            self.expression(&binding.expression.text, wanted);
        }
    }

    /// Fields in square brackets within a constant text.
    fn merged(&mut self, text: &TextProps) {
        let mut rest = text.text.as_str();
        while let Some((_, after)) = rest.split_once('[') {
            let Some((inside, after)) = after.split_once(']') else { return };
            rest = after;
            let (name, format) = inside.split_once('!').unwrap_or((inside, ""));
            let is_field = !name.is_empty()
                && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
                && !name.starts_with("Parameters.");
            if is_field {
                self.add(name, type_of_format(format));
            }
        }
    }

    /// The fields of an expression whose value should be of a type.
    fn expression(&mut self, text: &str, wanted: DataType) {
        let Ok(expression) = parse(text) else { return };
        let root = expression.root();
        // Fields inside an aggregate over a relation belong to other rows.
        let mut foreign: Vec<Span> = Vec::new();
        root.walk(&mut |node| {
            if let NodeKind::Aggregate(aggregate) = &node.kind
                && aggregate.collection.is_some()
            {
                foreign.push(node.span);
            }
        });
        let own = |node: &Node| {
            !foreign.iter().any(|span| span.start <= node.span.start && node.span.end <= span.end)
        };
        let mut found: Vec<(FieldPath, DataType)> = Vec::new();
        root.walk(&mut |node| {
            if own(node) {
                uses(node, &mut found);
            }
        });
        if let NodeKind::Field(path) = &root.kind {
            found.push((path.clone(), wanted));
        }
        for (path, data_type) in found {
            let first = path.segments().first().map_or("", |first| &**first);
            let is_special =
                ["DataSource", "ReportItems", "Parameters", "Arguments", "Images", "Environment"]
                    .iter()
                    .any(|special| special.eq_ignore_ascii_case(first));
            if path.parents() == 0 && !(is_special && path.segments().len() > 1) {
                self.add(path.name(), data_type);
            }
        }
    }

    /// Fields that all rows must have equal to a value, to pass a filter.
    fn filter(&mut self, text: &str) {
        let Ok(expression) = parse(text) else { return };
        let mut pin = |node: &Node| {
            let NodeKind::Binary { first, rest } = &node.kind else { return };
            let [(BinaryOp::Equal, second)] = rest.as_slice() else { return };
            let ((NodeKind::Field(field), value) | (value, NodeKind::Field(field))) =
                (&first.kind, &second.kind)
            else {
                return;
            };
            let pin = match value {
                NodeKind::Literal(value) => Pin::Value(value.clone()),
                NodeKind::Parameter(name) => Pin::Parameter(Arc::clone(name)),
                _ => return,
            };
            self.pins.push((Arc::clone(field.name()), pin));
        };
        pin(expression.root());
        if let NodeKind::Binary { first, rest } = &expression.root().kind
            && rest.iter().all(|(op, _)| *op == BinaryOp::And)
        {
            pin(first);
            for (_, node) in rest {
                pin(node);
            }
        }
    }
}

/// What a part of an expression tells of the fields directly in it.
fn uses(node: &Node, found: &mut Vec<(FieldPath, DataType)>) {
    let mut add = |node: &Node, data_type| {
        if let NodeKind::Field(path) = &node.kind {
            found.push((path.clone(), data_type));
        }
    };
    match &node.kind {
        NodeKind::Field(_) => add(node, DataType::Unknown),
        NodeKind::Summary { kind, argument: Some(argument) } => {
            add(argument, type_of_summary(*kind));
        }
        NodeKind::Aggregate(aggregate) => {
            if let Some(argument) = &aggregate.argument {
                let is_sum = ["Sum", "Avg"].contains(&aggregate.kind.name());
                add(argument, if is_sum { DataType::Decimal } else { DataType::Unknown });
            }
        }
        NodeKind::Binary { first, rest } => {
            let operands = || std::iter::once(&**first).chain(rest.iter().map(|(_, node)| node));
            let literal = operands().find_map(|node| match &node.kind {
                NodeKind::Literal(value) if !value.is_null() => Some(value.data_type()),
                _ => None,
            });
            for (op, _) in rest {
                let data_type = match op {
                    BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Subtract => DataType::Decimal,
                    BinaryOp::And | BinaryOp::Or => DataType::Bool,
                    _ => literal.unwrap_or_default(),
                };
                operands().for_each(|node| add(node, data_type));
            }
        }
        NodeKind::Call { function, arguments } => {
            let name = function.name;
            let data_type =
                if ["Get", "Add", "DateDiff"].iter().any(|start| name.starts_with(start)) {
                    DataType::DateTime
                } else if ["Upper", "Lower", "Trim", "Substring", "Replace", "Contains", "Len"]
                    .contains(&name)
                {
                    DataType::Text
                } else if ["Round", "Floor", "Ceiling", "Abs"].contains(&name) {
                    DataType::Decimal
                } else {
                    DataType::Unknown
                };
            if let Some(first) = arguments.first() {
                add(first, if name == "Iif" { DataType::Bool } else { data_type });
            }
        }
        _ => {}
    }
}

fn type_of_summary(kind: SummaryKind) -> DataType {
    let name = kind.name();
    if ["Count", "Min", "Max", "RecordNumber"].iter().any(|end| name.ends_with(end)) {
        DataType::Unknown
    } else {
        DataType::Decimal
    }
}

/// The type that a format is made for: `{0:n2}` for numbers, `{0:dd-MMM-yy}` for dates.
fn type_of_format(format: &str) -> DataType {
    let inside = format
        .split_once('{')
        .map_or("", |(_, rest)| rest.split_once('}').map_or(rest, |(inside, _)| inside));
    let Some((_, spec)) = inside.split_once(':') else { return DataType::Unknown };
    let letters: String = spec.chars().filter(char::is_ascii_alphabetic).collect();
    if spec.contains(['#', '0']) && letters.is_empty() {
        return DataType::Decimal;
    }
    match letters.as_str() {
        "d" if spec.len() > 1 => DataType::Int,
        "n" | "N" | "c" | "C" | "p" | "P" | "f" | "F" | "e" | "E" | "g" | "G" => DataType::Decimal,
        "d" | "D" | "t" | "T" | "M" | "m" | "y" | "Y" | "u" | "s" => DataType::DateTime,
        letters
            if letters.contains("yy")
                || letters.contains("MM")
                || letters.contains("HH")
                || letters.contains("hh") =>
        {
            DataType::DateTime
        }
        _ if spec.contains(['#', '0']) => DataType::Decimal,
        _ => DataType::Unknown,
    }
}

/// The type that a field's name suggests, where nothing else tells it.
pub(super) fn type_of_name(name: &str) -> DataType {
    const NUMBERS: [&str; 14] = [
        "price", "amount", "total", "cost", "balance", "freight", "tax", "vat", "discount",
        "salary", "rate", "sum", "profit", "weight",
    ];
    let lower = name.to_lowercase();
    let words = words(name);
    let has = |known: &[&str]| {
        known.iter().any(|known| {
            words.iter().any(|word| word == known) || (known.len() > 3 && lower.ends_with(known))
        })
    };
    if has(&["picture", "image", "photo", "logo", "icon"]) {
        DataType::Bytes
    } else if has(&["date", "birthday", "day", "time", "at", "since", "until"]) {
        DataType::DateTime
    } else if has(&NUMBERS) {
        DataType::Decimal
    } else if words
        .first()
        .is_some_and(|first| ["is", "has", "can"].contains(&first.as_str()) && words.len() > 1)
        || has(&["active", "enabled", "discontinued"])
    {
        DataType::Bool
    } else if has(&["quantity", "qty", "count", "units", "year", "age", "id", "level"]) {
        DataType::Int
    } else {
        DataType::Text
    }
}

/// The words of a name in lower case: `UnitPrice`, `unit_price` and `unit price` have two.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut after_lower = false;
    let mut starts = true;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            starts = true;
            continue;
        }
        if starts || (c.is_uppercase() && after_lower) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
        starts = false;
        after_lower = c.is_lowercase();
    }
    words
}
