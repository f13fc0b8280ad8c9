//! The functions of the language: one table, from which the documentation is made as well.

mod args;
mod date;
mod date_ranges;
mod logical;
mod math;
mod reporting;
mod signature;
mod text;

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use pressroom_data::{DataType, Value};

pub(crate) use args::Args;
pub use signature::{Parameter, Type};

use crate::error::EvalError;
use signature::Signature;

/// A family of functions, as the documentation groups them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Conditions and nulls.
    Logical,
    /// Dates and times.
    Date,
    /// Numbers.
    Math,
    /// Texts.
    Text,
    /// What only a report has.
    Reporting,
}

impl Family {
    /// Every family, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::Logical, Self::Date, Self::Math, Self::Text, Self::Reporting];

    /// The heading in the documentation.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Logical => "Logical functions",
            Self::Date => "Date and time functions",
            Self::Math => "Mathematical functions",
            Self::Text => "Text functions",
            Self::Reporting => "Reporting functions",
        }
    }

    fn rows(self) -> Vec<Row> {
        match self {
            Self::Logical => logical::ROWS.to_vec(),
            Self::Date => [date::ROWS, date_ranges::ROWS].concat(),
            Self::Math => math::ROWS.to_vec(),
            Self::Text => text::ROWS.to_vec(),
            Self::Reporting => reporting::ROWS.to_vec(),
        }
    }
}

/// Whether a function gives the same for the same arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purity {
    Pure,
    /// It asks the clock, the culture or the reader: one value for a run of a report.
    Environment,
    /// It differs from row to row.
    Row,
}

/// How a function is evaluated.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    /// From the values of its arguments.
    Plain(fn(&Args<'_>) -> Result<Value, EvalError>),
    /// By the compiler, which decides what of it is evaluated and when.
    Lazy(Lazy),
}

/// Functions that the compiler knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lazy {
    If,
    IsNull,
    Format,
    Previous,
    Next,
    RowIndexInGroup,
    GroupIndex,
}

/// A line of the table: a function with its documentation.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    result: &'static str,
    run: Run,
    purity: Purity,
    takes_null: bool,
}

const fn row(
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    result: &'static str,
    run: fn(&Args<'_>) -> Result<Value, EvalError>,
) -> Row {
    Row {
        signature,
        doc,
        example,
        result,
        run: Run::Plain(run),
        purity: Purity::Pure,
        takes_null: false,
    }
}

const fn lazy(
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    result: &'static str,
    lazy: Lazy,
) -> Row {
    Row {
        signature,
        doc,
        example,
        result,
        run: Run::Lazy(lazy),
        purity: Purity::Pure,
        takes_null: true,
    }
}

impl Row {
    /// Nulls reach the function; without this, a null argument makes the result null.
    const fn takes_null(self) -> Self {
        Self { takes_null: true, ..self }
    }

    const fn asks_environment(self) -> Self {
        Self { purity: Purity::Environment, ..self }
    }

    const fn differs_by_row(self) -> Self {
        Self { purity: Purity::Row, ..self }
    }
}

/// A function of the language.
pub struct Function {
    /// Its name in the usual letter case.
    pub name: &'static str,
    /// Where the documentation lists it.
    pub family: Family,
    /// What it gives, in a few words.
    pub doc: &'static str,
    /// An expression that uses it.
    pub example: &'static str,
    /// An expression for what the example gives.
    pub result: &'static str,
    pub(crate) run: Run,
    pub(crate) purity: Purity,
    takes_null: bool,
    signature: Signature,
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Function {
    fn new(family: Family, row: &Row) -> Self {
        let signature = Signature::parse(row.signature);
        Self {
            name: signature.name,
            family,
            doc: row.doc,
            example: row.example,
            result: row.result,
            run: row.run,
            purity: row.purity,
            takes_null: row.takes_null,
            signature,
        }
    }

    /// Its name and parameters, as the documentation shows them.
    #[must_use]
    pub fn signature(&self) -> &'static str {
        self.signature.shown
    }

    /// Whether it gives the same for the same arguments, whatever the time and the reader.
    #[must_use]
    pub fn is_pure(&self) -> bool {
        self.purity == Purity::Pure
    }

    /// Whether it asks who reads.
    #[must_use]
    pub fn asks_reader(&self) -> bool {
        matches!(self.name, "UserName" | "UserEmail" | "IsMemberOf")
    }

    /// Whether it always gives a truth value or null.
    #[must_use]
    pub fn is_condition(&self) -> bool {
        self.signature.result_type(&[]) == DataType::Bool
    }

    /// The parameter that takes argument `index` of `count`.
    pub(crate) fn parameter(&self, index: usize, count: usize) -> Parameter {
        self.signature.parameter(index, count)
    }

    /// What number of arguments it takes, if not this one.
    pub(crate) fn refuses_count(&self, count: usize) -> Option<String> {
        self.signature.refuses_count(count)
    }

    /// The type of its result for arguments of these types, where it is known.
    pub(crate) fn result_type(&self, arguments: &[DataType]) -> DataType {
        self.signature.result_type(arguments)
    }

    pub(crate) fn evaluate(&self, args: &Args<'_>) -> Result<Value, EvalError> {
        match self.run {
            Run::Plain(run) => {
                if !self.takes_null && args.has_null() {
                    Ok(Value::Null)
                } else {
                    run(args)
                }
            }
            Run::Lazy(Lazy::Format) => reporting::format_string(args),
            Run::Lazy(_) => Err(EvalError::Unavailable(self.name.into())),
        }
    }
}

static FUNCTIONS: LazyLock<Vec<Function>> = LazyLock::new(|| {
    Family::ALL
        .iter()
        .flat_map(|family| family.rows().into_iter().map(|row| Function::new(*family, &row)))
        .collect()
});

static BY_NAME: LazyLock<HashMap<String, usize>> = LazyLock::new(|| {
    let names = FUNCTIONS.iter().enumerate();
    names.map(|(index, function)| (function.name.to_ascii_lowercase(), index)).collect()
});

/// Every function, family by family, in the order of the documentation.
#[must_use]
pub fn all() -> &'static [Function] {
    &FUNCTIONS
}

/// The function of a name, in any letter case.
#[must_use]
pub fn find(name: &str) -> Option<&'static Function> {
    BY_NAME.get(&name.to_ascii_lowercase()).map(|index| &FUNCTIONS[*index])
}

/// The names of all functions.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|function| function.name)
}
