//! Conditions, nulls and conversions to truth values.

use pressroom_data::Value;

use super::{Args, Lazy, Row, lazy, row};
use crate::comparison;
use crate::error::EvalError;

pub(super) const ROWS: &[Row] = &[
    lazy(
        "Iif((condition: Bool, value: Any)..., otherwise: Any) -> Branches",
        "The value after the first condition that is true, else the last argument. Only that \
         argument is evaluated.",
        "Iif([Quantity] > 100, 'large', [Quantity] > 10, 'medium', 'small')",
        "'medium'",
        Lazy::If,
    ),
    lazy(
        "IsNull(value: Any, [instead: Any]) -> Any",
        "With one argument, whether it is null; with two, the first that is not null.",
        "IsNull([Remark], 'none')",
        "'none'",
        Lazy::IsNull,
    ),
    row(
        "IsNullOrEmpty(value: Any) -> Bool",
        "Whether the value is null or an empty text.",
        "IsNullOrEmpty('')",
        "True",
        is_null_or_empty,
    )
    .takes_null(),
    row(
        "InRange(value: Any, from: Any, to: Any) -> Bool",
        "Whether the value is at least `from` and below `to`.",
        "InRange([Quantity], 10, 12)",
        "False",
        in_range,
    ),
    row(
        "ToBoolean(value: Any) -> Bool",
        "The value as a truth value: numbers but 0 are true, and so is the text `true`.",
        "ToBoolean(1)",
        "True",
        |args| Ok(args.truth(0)?.into()),
    ),
];

fn is_null_or_empty(args: &Args<'_>) -> Result<Value, EvalError> {
    Ok(match args.value(0) {
        Value::Null => true,
        Value::Text(text) => text.is_empty(),
        Value::Bytes(bytes) => bytes.is_empty(),
        Value::List(values) => values.is_empty(),
        _ => false,
    }
    .into())
}

fn in_range(args: &Args<'_>) -> Result<Value, EvalError> {
    let value = args.value(0);
    let is_in = comparison::order(value, args.value(1))?.is_ge()
        && comparison::order(value, args.value(2))?.is_lt();
    Ok(is_in.into())
}
