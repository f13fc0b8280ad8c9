//! The types of results, where they are known before a row is seen.

use pressroom_data::{DataType, Value};

use crate::code::Code;
use crate::compile::Compiled;
use crate::convert;
use crate::functions::Type;
use crate::syntax::{AggregateKind, SummaryKind};

/// Why an argument cannot be right, where that is certain.
pub(crate) fn refuses(wanted: Type, code: &Code, found: DataType) -> Option<String> {
    use DataType as T;
    let is_wrong = match wanted {
        Type::Any | Type::Text | Type::Bool => found == T::Bytes && wanted != Type::Any,
        Type::Number | Type::Int => {
            matches!(found, T::DateTime | T::Span | T::Guid | T::Bytes)
                || matches!(code, Code::Constant(text @ Value::Text(_))
                    if convert::to_number(text).is_none())
        }
        Type::Date => {
            matches!(found, T::Bool | T::Int | T::Decimal | T::Double | T::Guid | T::Bytes)
                || matches!(code, Code::Constant(text @ Value::Text(_))
                    if convert::to_moment(text).is_none())
        }
        Type::Span => matches!(found, T::Bool | T::Guid | T::Bytes),
    };
    is_wrong.then(|| match code {
        Code::Constant(value) => convert::describe(value),
        _ => describe_type(found).into(),
    })
}

fn describe_type(data_type: DataType) -> &'static str {
    match data_type {
        DataType::Unknown => "a value",
        DataType::Bool => "a truth value",
        DataType::Int | DataType::Decimal | DataType::Double => "a number",
        DataType::Text => "a text",
        DataType::DateTime => "a date",
        DataType::Span => "a length of time",
        DataType::Guid => "a guid",
        DataType::Bytes => "binary data",
    }
}

/// The type of an aggregate's result.
pub(crate) fn aggregate_type(kind: AggregateKind, argument: Option<&Compiled>) -> DataType {
    use AggregateKind as K;
    let own = argument.map_or(DataType::Unknown, Compiled::data_type);
    match kind {
        K::Count | K::CountDistinct | K::CountNotNull => DataType::Int,
        K::Exists => DataType::Bool,
        K::Sum | K::Min | K::Max | K::Single => own,
        K::Avg if own == DataType::Int => DataType::Double,
        K::Avg => own,
        K::Median | K::Var | K::VarP | K::StdDev | K::StdDevP => DataType::Double,
    }
}

/// The type of a summary's result.
pub(crate) fn summary_type(kind: SummaryKind, argument: Option<&Compiled>) -> DataType {
    use SummaryKind as K;
    let own = argument.map_or(DataType::Unknown, Compiled::data_type);
    match kind {
        K::Count | K::DCount | K::RecordNumber => DataType::Int,
        K::Sum | K::RunningSum | K::CarryoverSum | K::DSum | K::Min | K::Max => own,
        K::Avg | K::DAvg if own == DataType::Int => DataType::Double,
        K::Avg | K::DAvg => own,
        K::Percentage if own == DataType::Int => DataType::Decimal,
        K::Percentage => own,
        _ => DataType::Double,
    }
}
