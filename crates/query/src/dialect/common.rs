//! What most databases write the same way.

use pressroom_criteria::BinaryOp;
use pressroom_data::Value;
use rust_decimal::Decimal;

/// An operator as the databases with the most of them write it.
pub(super) fn operator(op: BinaryOp, a: &str, b: &str) -> Option<String> {
    Some(match op {
        BinaryOp::Or => format!("({a} OR {b})"),
        BinaryOp::And => format!("({a} AND {b})"),
        BinaryOp::Like => format!("({a} LIKE {b})"),
        BinaryOp::BitXor => return None,
        op => format!("({a} {} {b})", op.symbol()),
    })
}

/// Operators on bits, and the rest of a division, by functions.
pub(super) fn operator_by_function(
    op: BinaryOp,
    a: &str,
    b: &str,
    functions: &[(BinaryOp, &str)],
) -> Option<String> {
    let by_function = functions.iter().find(|(known, _)| *known == op);
    match (by_function, op) {
        (Some((_, function)), _) => Some(format!("{function}({a}, {b})")),
        (None, BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor) => None,
        (None, op) => operator(op, a, b),
    }
}

/// The value of the first condition that holds.
pub(super) fn choice(branches: &[(String, String)], otherwise: &str) -> String {
    let branches: String = branches
        .iter()
        .map(|(condition, value)| format!(" WHEN {condition} THEN {value}"))
        .collect();
    format!("(CASE{branches} ELSE {otherwise} END)")
}

/// Texts joined by `||`, nulls as empty texts.
pub(super) fn concat(parts: &[String]) -> String {
    let parts: Vec<String> = parts.iter().map(|part| format!("coalesce({part}, '')")).collect();
    format!("({})", parts.join(" || "))
}

/// Functions that most databases have by these names.
pub(super) fn function(name: &str, arguments: &[String]) -> Option<String> {
    Some(match (name, arguments) {
        ("Lower", [text]) => format!("lower({text})"),
        ("Upper", [text]) => format!("upper({text})"),
        ("Trim", [text]) => format!("trim({text})"),
        ("TrimStart", [text]) => format!("ltrim({text})"),
        ("TrimEnd", [text]) => format!("rtrim({text})"),
        ("Replace", [text, from, to]) => format!("replace({text}, {from}, {to})"),
        ("Abs", [number]) => format!("abs({number})"),
        ("Sign", [number]) => format!("sign({number})"),
        ("Floor", [number]) => format!("floor({number})"),
        ("Ceiling", [number]) => format!("ceiling({number})"),
        ("Round", [number]) => format!("round({number}, 0)"),
        ("Round", [number, digits]) => format!("round({number}, {digits})"),
        ("Power", [base, exponent]) => format!("power({base}, {exponent})"),
        ("Sqr", [number]) => format!("sqrt({number})"),
        ("Exp", [number]) => format!("exp({number})"),
        ("Log", [number]) => format!("ln({number})"),
        ("Log", [number, base]) => format!("(ln({number}) / ln({base}))"),
        ("Sin", [angle]) => format!("sin({angle})"),
        ("Cos", [angle]) => format!("cos({angle})"),
        ("Tan", [angle]) => format!("tan({angle})"),
        ("Asin", [number]) => format!("asin({number})"),
        ("Acos", [number]) => format!("acos({number})"),
        ("Atn", [number]) => format!("atan({number})"),
        ("Atn2", [y, x]) => format!("atan2({y}, {x})"),
        ("Max", [a, b]) => format!("CASE WHEN {a} >= {b} THEN {a} ELSE {b} END"),
        ("Min", [a, b]) => format!("CASE WHEN {a} <= {b} THEN {a} ELSE {b} END"),
        _ => return None,
    })
}

/// The place of a value as one of a standard type, for databases that ask for the type. `longest` is
/// the longest text that has such a type, in characters.
pub(super) fn typed(place: &str, value: &Value, longest: usize) -> String {
    let kind = match value {
        Value::Int(number) if i32::try_from(*number).is_ok() => "INTEGER".to_owned(),
        Value::Int(_) => "BIGINT".to_owned(),
        // Eighteen digits are those that every database has.
        Value::Decimal(number) if number.scale() <= 18 && digits(*number) <= 18 => {
            format!("DECIMAL(18, {})", number.scale())
        }
        Value::Decimal(_) | Value::Double(_) => "DOUBLE PRECISION".to_owned(),
        Value::DateTime(_) => "TIMESTAMP".to_owned(),
        Value::Bool(_) => "BOOLEAN".to_owned(),
        Value::Text(text) => match text_length(text, longest) {
            Some(length) => format!("VARCHAR({length})"),
            None => return place.to_owned(),
        },
        Value::Guid(_) | Value::Null => "VARCHAR(255)".to_owned(),
        Value::Span(_) | Value::Bytes(_) | Value::List(_) => return place.to_owned(),
    };
    format!("CAST({place} AS {kind})")
}

fn digits(number: Decimal) -> u32 {
    number.mantissa().unsigned_abs().checked_ilog10().map_or(1, |log| log + 1)
}

/// A length that a text fits: one of a few, so that a database meets few statements.
fn text_length(text: &str, longest: usize) -> Option<usize> {
    let length = text.chars().count();
    [255, 2_000, longest].into_iter().find(|fitting| length <= *fitting)
}

/// A pattern of `LIKE … ESCAPE '!'` that fits what starts so. `%` and `_` are special everywhere, and
/// so are `others`.
pub(super) fn start_pattern(start: &str, others: &[char]) -> String {
    let mut pattern = String::with_capacity(start.len() + 1);
    for character in start.chars() {
        if "%_!".contains(character) || others.contains(&character) {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
