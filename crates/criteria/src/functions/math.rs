//! Numbers.

use pressroom_data::Value;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{Args, Row, row};
use crate::comparison;
use crate::convert;
use crate::error::EvalError;
use crate::number::Number;

type Result<T = Value> = std::result::Result<T, EvalError>;

pub(super) const ROWS: &[Row] = &[
    row("Abs(number: Number) -> First", "The number without its sign.", "Abs(-2.5m)", "2.5m", abs),
    row(
        "Acos(number: Number) -> Double",
        "The angle in radians whose cosine is the number.",
        "Acos(1)",
        "0.0",
        |args| real(args, f64::acos),
    ),
    row(
        "Asin(number: Number) -> Double",
        "The angle in radians whose sine is the number.",
        "Asin(0)",
        "0.0",
        |args| real(args, f64::asin),
    ),
    row(
        "Atn(number: Number) -> Double",
        "The angle in radians whose tangent is the number.",
        "Round(Atn(1), 4)",
        "0.7854",
        |args| real(args, f64::atan),
    ),
    row(
        "Atn2(y: Number, x: Number) -> Double",
        "The angle in radians between the x axis and the line to the point.",
        "Round(Atn2(1, -1), 4)",
        "2.3562",
        |args| Ok(args.double(0)?.atan2(args.double(1)?).into()),
    ),
    row(
        "BigMul(a: Int, b: Int) -> Int",
        "The product of two whole numbers.",
        "BigMul(3000000, 4000000)",
        "12000000000000",
        big_mul,
    ),
    row(
        "Ceiling(number: Number) -> First",
        "The smallest whole number that is not below the number.",
        "Ceiling(2.1m)",
        "3m",
        |args| rounded(args, Decimal::ceil, f64::ceil),
    ),
    row(
        "Cos(angle: Number) -> Double",
        "The cosine of an angle in radians.",
        "Cos(0)",
        "1.0",
        |args| real(args, f64::cos),
    ),
    row("Cosh(number: Number) -> Double", "The hyperbolic cosine.", "Cosh(0)", "1.0", |args| {
        real(args, f64::cosh)
    }),
    row("Exp(number: Number) -> Double", "e raised to the number.", "Exp(0)", "1.0", |args| {
        real(args, f64::exp)
    }),
    row(
        "Floor(number: Number) -> First",
        "The largest whole number that is not above the number.",
        "Floor(-2.1)",
        "-3.0",
        |args| rounded(args, Decimal::floor, f64::floor),
    ),
    row(
        "Log(number: Number, [base: Number]) -> Double",
        "The logarithm to the base, or the natural one.",
        "Log(8, 2)",
        "3.0",
        log,
    ),
    row(
        "Log10(number: Number) -> Double",
        "The logarithm to the base 10.",
        "Log10(1000)",
        "3.0",
        |args| real(args, f64::log10),
    ),
    row(
        "Max(a: Any, b: Any) -> Same",
        "The larger of two values; with one argument, the largest over rows.",
        "Max([Quantity], 20)",
        "20",
        |args| larger(args, true),
    )
    .takes_null(),
    row(
        "Min(a: Any, b: Any) -> Same",
        "The smaller of two values; with one argument, the smallest over rows.",
        "Min([Quantity], 20)",
        "12",
        |args| larger(args, false),
    )
    .takes_null(),
    row(
        "Power(base: Number, exponent: Number) -> Double",
        "The base raised to the exponent.",
        "Power(2, 10)",
        "1024.0",
        power,
    ),
    row(
        "Rnd() -> Double",
        "A number from 0 to below 1 that depends on the row: the same report gives the same \
        numbers.",
        "Rnd() < 1",
        "True",
        |args| Ok(args.scope.random().into()),
    )
    .differs_by_row(),
    row(
        "Round(number: Number, [digits: Int]) -> First",
        "The number rounded to so many decimal places; a half goes to the even neighbour.",
        "Round(2.345m, 2)",
        "2.34m",
        round,
    ),
    row("Sign(number: Number) -> Int", "-1, 0 or 1.", "Sign(-12)", "-1", sign),
    row(
        "Sin(angle: Number) -> Double",
        "The sine of an angle in radians.",
        "Sin(0)",
        "0.0",
        |args| real(args, f64::sin),
    ),
    row("Sinh(number: Number) -> Double", "The hyperbolic sine.", "Sinh(0)", "0.0", |args| {
        real(args, f64::sinh)
    }),
    row("Sqr(number: Number) -> Double", "The square root.", "Sqr(16)", "4.0", sqr),
    row(
        "Tan(angle: Number) -> Double",
        "The tangent of an angle in radians.",
        "Tan(0)",
        "0.0",
        |args| real(args, f64::tan),
    ),
    row("Tanh(number: Number) -> Double", "The hyperbolic tangent.", "Tanh(0)", "0.0", |args| {
        real(args, f64::tanh)
    }),
    row(
        "ToInt(value: Any) -> Int",
        "The value as a whole number; a half goes to the even neighbour.",
        "ToInt('42')",
        "42",
        to_int,
    ),
    row(
        "ToLong(value: Any) -> Int",
        "The same: whole numbers have 64 bits.",
        "ToLong(2.5)",
        "2",
        to_int,
    ),
    row(
        "ToFloat(value: Any) -> Double",
        "The value as a floating point number.",
        "ToFloat('1.5')",
        "1.5",
        to_double,
    ),
    row(
        "ToDouble(value: Any) -> Double",
        "The value as a floating point number.",
        "ToDouble(3)",
        "3.0",
        to_double,
    ),
    row(
        "ToDecimal(value: Any) -> Decimal",
        "The value as a decimal number.",
        "ToDecimal('12.50')",
        "12.50m",
        to_decimal,
    ),
];

/// A function of real numbers; null where it has no value.
fn real(args: &Args<'_>, function: fn(f64) -> f64) -> Result {
    Ok(finite(function(args.double(0)?)))
}

fn finite(number: f64) -> Value {
    if number.is_nan() { Value::Null } else { number.into() }
}

fn abs(args: &Args<'_>) -> Result {
    Ok(match args.number(0)? {
        Number::Int(number) => Number::from(i128::from(number).abs()),
        Number::Decimal(number) => Number::Decimal(number.abs()),
        Number::Double(number) => Number::Double(number.abs()),
    }
    .into())
}

fn rounded(args: &Args<'_>, exact: fn(&Decimal) -> Decimal, double: fn(f64) -> f64) -> Result {
    Ok(match args.number(0)? {
        Number::Int(number) => number.into(),
        Number::Decimal(number) => exact(&number).into(),
        Number::Double(number) => double(number).into(),
    })
}

fn big_mul(args: &Args<'_>) -> Result {
    Ok(Number::from(i128::from(args.int(0)?) * i128::from(args.int(1)?)).into())
}

fn log(args: &Args<'_>) -> Result {
    let number = args.double(0)?;
    Ok(finite(match args.len() {
        1 => number.ln(),
        _ => match args.double(1)? {
            // These two are exact for powers of their base, the general form is not.
            2.0 => number.log2(),
            10.0 => number.log10(),
            base => number.log(base),
        },
    }))
}

/// The other value where one is null.
fn larger(args: &Args<'_>, wants_larger: bool) -> Result {
    let (a, b) = (args.value(0), args.value(1));
    if a.is_null() || b.is_null() {
        return Ok(if a.is_null() { b } else { a }.clone());
    }
    let takes_first = comparison::order(a, b)?.is_ge() == wants_larger;
    Ok(if takes_first { a } else { b }.clone())
}

fn power(args: &Args<'_>) -> Result {
    Ok(finite(args.double(0)?.powf(args.double(1)?)))
}

fn sqr(args: &Args<'_>) -> Result {
    Ok(finite(args.double(0)?.sqrt()))
}

/// Decimal places that a number can have at all.
const MAX_DIGITS: i64 = 28;

fn round(args: &Args<'_>) -> Result {
    let digits = if args.len() > 1 { args.int(1)?.clamp(0, MAX_DIGITS) as u32 } else { 0 };
    Ok(match args.number(0)? {
        Number::Int(number) => number.into(),
        Number::Decimal(number) => {
            number.round_dp_with_strategy(digits, RoundingStrategy::MidpointNearestEven).into()
        }
        Number::Double(number) => {
            // Through the decimal that the number reads as, so that 2.345 is a half.
            let exact = Number::Double(number).to_decimal();
            let text = exact.map(|exact| exact.round_dp(digits).to_string());
            text.and_then(|text| text.parse().ok()).unwrap_or(number).into()
        }
    })
}

fn sign(args: &Args<'_>) -> Result {
    let order = args.number(0)?.compare(Number::Int(0));
    Ok((order as i64).into())
}

fn number_of(args: &Args<'_>, wanted: &str) -> Result<Number> {
    match args.value(0) {
        Value::Bool(truth) => Ok(Number::Int((*truth).into())),
        other => convert::to_number(other).ok_or_else(|| {
            EvalError::types(format!("{} cannot be read as {wanted}", convert::describe(other)))
        }),
    }
}

fn to_int(args: &Args<'_>) -> Result {
    let number = number_of(args, "a whole number")?;
    number.to_int().map(Value::Int).ok_or_else(|| args.out_of_range())
}

fn to_double(args: &Args<'_>) -> Result {
    Ok(number_of(args, "a number")?.to_double().into())
}

fn to_decimal(args: &Args<'_>) -> Result {
    let number = number_of(args, "a decimal number")?;
    number.to_decimal().map(Value::Decimal).ok_or_else(|| args.out_of_range())
}
