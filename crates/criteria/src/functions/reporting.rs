//! What only a report has: colours, lists, formats, neighbours and the reader.

use std::sync::Arc;

use pressroom_data::{CompositeFormat, Reader, Value};

use super::{Args, Lazy, Row, lazy, row};
use crate::convert;
use crate::error::EvalError;

type Result<T = Value> = std::result::Result<T, EvalError>;

pub(super) const ROWS: &[Row] = &[
    row(
        "Argb(alpha: Int, red: Int, green: Int, blue: Int) -> Text",
        "A colour; each part is from 0 to 255, and alpha 0 is transparent.",
        "Argb(128, 255, 0, 0)",
        "'128,255,0,0'",
        colour,
    ),
    lazy(
        "CurrentRowIndexInGroup() -> Int",
        "The index of the row in its group, from 0.",
        "CurrentRowIndexInGroup()",
        "1",
        Lazy::RowIndexInGroup,
    )
    .differs_by_row(),
    lazy(
        "FormatString(format: Text, (value: Any)...) -> Text",
        "The values put into a .NET format string, in the culture of the report.",
        "FormatString('{0:n2} for {1}', [Price], [Product])",
        "'3.50 for Green tea'",
        Lazy::Format,
    ),
    row(
        "GetDisplayText(value: Any) -> Text",
        "The value as a label shows it; an empty text for null.",
        "GetDisplayText([Ordered])",
        "'11/20/2026 9:15:00 AM'",
        |args| Ok(Value::text(args.text(0))),
    )
    .takes_null()
    .asks_environment(),
    lazy(
        "GroupIndex() -> Int",
        "The index of the row's group, from 0.",
        "GroupIndex()",
        "2",
        Lazy::GroupIndex,
    )
    .differs_by_row(),
    row(
        "IsMemberOf((group: Text)...) -> Bool",
        "Whether the reader is in one of the groups, in any letter case; false where no reader is \
         known.",
        "IsMemberOf('Sales')",
        "True",
        |args| {
            let is_member = |reader: &Reader| {
                (0..args.len()).any(|index| reader.is_member_of(&args.text(index)))
            };
            Ok(args.scope.reader().is_some_and(is_member).into())
        },
    )
    .asks_environment(),
    row(
        "Join(values: Any, [separator: Text]) -> Text",
        "The values of a multi-value parameter in one text, with commas or a separator between \
         them.",
        "Join(?Regions, ' / ')",
        "'North / South'",
        join,
    ),
    row("NewLine() -> Text", "A line break.", "Len('a' + NewLine() + 'b')", "3", |_| {
        Ok("\n".into())
    }),
    lazy(
        "NextRowColumnValue(column: Any) -> Any",
        "The value of a column in the next row; null in the last.",
        "NextRowColumnValue([Product])",
        "'Coffee'",
        Lazy::Next,
    )
    .differs_by_row(),
    lazy(
        "PrevRowColumnValue(column: Any) -> Any",
        "The value of a column in the previous row; null in the first.",
        "PrevRowColumnValue([Quantity])",
        "5",
        Lazy::Previous,
    )
    .differs_by_row(),
    row(
        "Rgb(red: Int, green: Int, blue: Int) -> Text",
        "A colour; each part is from 0 to 255.",
        "Rgb(255, 128, 0)",
        "'255,128,0'",
        colour,
    ),
    row(
        "UserEmail() -> Text",
        "The mail address of the reader; null where none is known.",
        "UserEmail()",
        "'ada@example.com'",
        |args| Ok(args.scope.reader().and_then(Reader::email).map(Value::from).unwrap_or_default()),
    )
    .asks_environment(),
    row(
        "UserName() -> Text",
        "What the reader signs in with; null where no reader is known.",
        "UserName()",
        "'Ada'",
        |args| {
            let name = args.scope.reader().map(|reader| Arc::clone(reader.user_name()));
            Ok(name.map(Value::Text).unwrap_or_default())
        },
    )
    .asks_environment(),
];

/// A colour as layouts write it.
fn colour(args: &Args<'_>) -> Result {
    let mut parts = Vec::with_capacity(args.len());
    for index in 0..args.len() {
        parts.push(args.int(index)?.clamp(0, 255).to_string());
    }
    Ok(parts.join(",").into())
}

fn join(args: &Args<'_>) -> Result {
    let separator = if args.len() > 1 { args.text(1) } else { ",".into() };
    let values = match args.value(0) {
        Value::List(values) => values,
        one => std::slice::from_ref(one),
    };
    let texts: Vec<_> =
        values.iter().map(|value| convert::to_text(value, args.culture())).collect();
    Ok(texts.join(&separator).into())
}

/// `FormatString` whose format is not a constant.
pub(super) fn format_string(args: &Args<'_>) -> Result {
    let format = CompositeFormat::parse(&args.text(0));
    let values: Vec<Value> = args.values().skip(1).cloned().collect();
    Ok(format.format(&values, args.culture()).into())
}
