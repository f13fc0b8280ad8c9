//! Signatures, written as the documentation shows them: `Substring(text: Text, start: Int,
//! [length: Int]) -> Text`, and `Concat((value: Any)...) -> Text` for arguments that repeat.

use pressroom_data::DataType;

/// What a parameter takes. Values of other types are converted where that makes sense: a number
/// to its text, a text to the number or date that it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Any value.
    Any,
    /// A text.
    Text,
    /// A number.
    Number,
    /// A whole number; fractions are rounded half to even.
    Int,
    /// A moment.
    Date,
    /// A truth value.
    Bool,
    /// A length of time.
    Span,
}

impl Type {
    fn named(name: &str) -> Self {
        match name {
            "Text" => Self::Text,
            "Number" => Self::Number,
            "Int" => Self::Int,
            "Date" => Self::Date,
            "Bool" => Self::Bool,
            "Span" => Self::Span,
            _ => Self::Any,
        }
    }
}

/// A parameter of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in the signature.
    pub name: &'static str,
    /// What it takes.
    pub kind: Type,
}

const ANY: Parameter = Parameter { name: "argument", kind: Type::Any };

/// A parsed signature.
pub(super) struct Signature {
    pub(super) name: &'static str,
    /// The signature without its result, as it is shown.
    pub(super) shown: &'static str,
    before: Vec<Parameter>,
    optional: Vec<Parameter>,
    /// Parameters that come once or several times together.
    group: Vec<Parameter>,
    after: Vec<Parameter>,
    result: &'static str,
}

impl Signature {
    pub(super) fn parse(text: &'static str) -> Self {
        let (shown, result) = text.split_once(" -> ").unwrap_or((text, "Any"));
        let (name, rest) = shown.split_once('(').unwrap_or((shown, ")"));
        let mut signature = Self {
            name,
            shown,
            before: Vec::new(),
            optional: Vec::new(),
            group: Vec::new(),
            after: Vec::new(),
            result,
        };
        let mut in_group = false;
        for item in rest.strip_suffix(')').unwrap_or(rest).split(", ").filter(|i| !i.is_empty()) {
            in_group |= item.starts_with('(');
            let parameter = parameter(item.trim_matches(['(', ')', '[', ']', '.']));
            if in_group {
                signature.group.push(parameter);
            } else if item.starts_with('[') {
                signature.optional.push(parameter);
            } else if signature.group.is_empty() {
                signature.before.push(parameter);
            } else {
                signature.after.push(parameter);
            }
            in_group &= !item.ends_with(")...");
        }
        signature
    }

    pub(super) fn parameter(&self, index: usize, count: usize) -> Parameter {
        let after = count.saturating_sub(self.after.len());
        if let Some(parameter) = self.before.get(index) {
            *parameter
        } else if self.group.is_empty() {
            self.optional.get(index - self.before.len()).copied().unwrap_or(ANY)
        } else if index >= after {
            self.after.get(index - after).copied().unwrap_or(ANY)
        } else {
            self.group[(index - self.before.len()) % self.group.len()]
        }
    }

    pub(super) fn refuses_count(&self, count: usize) -> Option<String> {
        let least = self.before.len() + self.group.len() + self.after.len();
        if !self.group.is_empty() {
            let fits = count >= least && (count - least).is_multiple_of(self.group.len());
            let parity = match self.group.len() {
                1 => "",
                _ if least % 2 == 1 => "an odd number of arguments, ",
                _ => "an even number of arguments, ",
            };
            let noun = if parity.is_empty() { " arguments" } else { "" };
            return (!fits).then(|| format!("{parity}{least}{noun} or more"));
        }
        let most = least + self.optional.len();
        if (least..=most).contains(&count) {
            return None;
        }
        Some(match (least, most) {
            (0, 0) => "no arguments".into(),
            (1, 1) => "one argument".into(),
            (least, most) if least == most => format!("{least} arguments"),
            (least, most) if most == least + 1 => format!("{least} or {most} arguments"),
            (least, most) => format!("{least} to {most} arguments"),
        })
    }

    /// `Same` is the type of all arguments, `First` the kind of number of the first, `Branches` the
    /// type of everything that `Iif` can give.
    pub(super) fn result_type(&self, arguments: &[DataType]) -> DataType {
        match self.result {
            "Text" => DataType::Text,
            "Int" => DataType::Int,
            "Double" => DataType::Double,
            "Decimal" => DataType::Decimal,
            "Bool" => DataType::Bool,
            "Date" => DataType::DateTime,
            "Span" => DataType::Span,
            "Same" => common(arguments.iter().copied()),
            "First" => match arguments.first() {
                Some(number @ (DataType::Int | DataType::Decimal | DataType::Double)) => *number,
                _ => DataType::Unknown,
            },
            "Branches" => {
                let last = arguments.len().saturating_sub(1);
                let branches = arguments.iter().enumerate();
                let branches = branches.filter(|(index, _)| index % 2 == 1 || *index == last);
                common(branches.map(|(_, data_type)| *data_type))
            }
            _ => DataType::Unknown,
        }
    }
}

fn parameter(item: &'static str) -> Parameter {
    let (name, kind) = item.split_once(": ").unwrap_or((item, "Any"));
    Parameter { name, kind: Type::named(kind) }
}

/// The type that all have.
fn common(mut types: impl Iterator<Item = DataType>) -> DataType {
    let first = types.next().unwrap_or_default();
    if types.all(|other| other == first) { first } else { DataType::Unknown }
}
