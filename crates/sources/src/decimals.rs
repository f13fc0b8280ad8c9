//! Decimal numbers of databases, which may have more digits than ours.

use pressroom_data::Value;
use rust_decimal::Decimal;

/// A number from its digits, with a point and without separators. Digits behind the point beyond the
/// 28th are rounded; `None` where those before it are too many.
pub(crate) fn read(digits: &str) -> Option<Value> {
    let digits = digits.trim();
    Decimal::from_str_exact(digits)
        .or_else(|_| digits.parse())
        .or_else(|_| Decimal::from_scientific(digits))
        .ok()
        .map(Value::Decimal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_kept_or_rounded_never_lost() {
        let check = |digits: &str, expect: Option<&str>| {
            let read = read(digits).map(|value| match value {
                Value::Decimal(number) => number.to_string(),
                other => format!("{other:?}"),
            });
            assert_eq!(read.as_deref(), expect, "{digits}");
        };
        check("12.50", Some("12.50"));
        check("-0.0000001", Some("-0.0000001"));
        check("12345678901234567890.123456789012345678", Some("12345678901234567890.123456789"));
        check("79228162514264337593543950335", Some("79228162514264337593543950335"));
        check("79228162514264337593543950336", None);
        check("99999999999999999999999999999999999999", None);
        check("1E-7", Some("0.0000001"));
        check("NaN", None);
    }
}
