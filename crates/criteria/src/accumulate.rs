//! Sums, means and the like over rows that come one by one.

use std::collections::HashSet;

use pressroom_data::{Key, Value, key};

use crate::comparison;
use crate::convert;
use crate::error::EvalError;
use crate::number::{self, Number};
use crate::syntax::{AggregateKind, SummaryKind};

/// What becomes of nulls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nulls {
    /// They take part: they are counted, and are zero for means, medians and variances. The
    /// smallest and largest value never see them. So it is for summaries unless their
    /// `IgnoreNullValues` is set.
    #[default]
    Count,
    /// They are left out. So it is for aggregates.
    Ignore,
}

/// Collects values and tells their sum, mean, count, …
///
/// Whole and decimal numbers are added exactly; floating point numbers with compensation, so that
/// the order of rows hardly matters.
#[derive(Clone, Debug)]
pub struct Accumulator {
    nulls: Nulls,
    seen: Option<HashSet<Key>>,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Count(i64),
    Exists(bool),
    Single(Option<Value>),
    Sum(Sum),
    Avg(Sum, i64),
    Extreme { best: Value, wants_largest: bool },
    Spread { spread: Spread, kind: Dispersion },
    Median(Vec<f64>),
}

#[derive(Clone, Copy, Debug)]
struct Dispersion {
    of_sample: bool,
    is_root: bool,
}

impl Accumulator {
    /// An accumulator of a summary, which sees nulls; see [`Accumulator::with_nulls`].
    ///
    /// [`SummaryKind::Percentage`] accumulates the whole; [`percentage`] makes a part of it.
    /// [`SummaryKind::RunningSum`] and [`SummaryKind::RecordNumber`] are read after each row,
    /// [`SummaryKind::CarryoverSum`] at the start of a page.
    #[must_use]
    pub fn new(kind: SummaryKind) -> Self {
        use SummaryKind as K;
        let spread = |of_sample, is_root| State::Spread {
            spread: Spread::default(),
            kind: Dispersion { of_sample, is_root },
        };
        let state = match kind {
            K::Sum | K::RunningSum | K::Percentage | K::DSum | K::CarryoverSum => {
                State::Sum(Sum::default())
            }
            K::Avg | K::DAvg => State::Avg(Sum::default(), 0),
            K::Count | K::RecordNumber | K::DCount => State::Count(0),
            K::Min => State::Extreme { best: Value::Null, wants_largest: false },
            K::Max => State::Extreme { best: Value::Null, wants_largest: true },
            K::Var | K::DVar => spread(true, false),
            K::VarP | K::DVarP => spread(false, false),
            K::StdDev | K::DStdDev => spread(true, true),
            K::StdDevP | K::DStdDevP => spread(false, true),
            K::Median => State::Median(Vec::new()),
        };
        let is_distinct = matches!(
            kind,
            K::DSum | K::DAvg | K::DCount | K::DVar | K::DVarP | K::DStdDev | K::DStdDevP
        );
        Self { nulls: Nulls::Count, seen: is_distinct.then(HashSet::new), state }
    }

    /// An accumulator of an aggregate, which leaves nulls out; `Count` counts them as rows.
    #[must_use]
    pub fn aggregate(kind: AggregateKind) -> Self {
        use AggregateKind as K;
        let summary = match kind {
            K::Count => {
                return Self { nulls: Nulls::Count, seen: None, state: State::Count(0) };
            }
            K::Exists => {
                return Self { nulls: Nulls::Count, seen: None, state: State::Exists(false) };
            }
            K::Single => {
                return Self { nulls: Nulls::Count, seen: None, state: State::Single(None) };
            }
            K::CountNotNull => SummaryKind::Count,
            K::CountDistinct => SummaryKind::DCount,
            K::Sum => SummaryKind::Sum,
            K::Avg => SummaryKind::Avg,
            K::Min => SummaryKind::Min,
            K::Max => SummaryKind::Max,
            K::Median => SummaryKind::Median,
            K::Var => SummaryKind::Var,
            K::VarP => SummaryKind::VarP,
            K::StdDev => SummaryKind::StdDev,
            K::StdDevP => SummaryKind::StdDevP,
        };
        Self::new(summary).with_nulls(Nulls::Ignore)
    }

    /// The same with another treatment of nulls.
    #[must_use]
    pub fn with_nulls(self, nulls: Nulls) -> Self {
        Self { nulls, ..self }
    }

    /// Takes a value into account.
    ///
    /// # Errors
    /// [`EvalError::Type`] if the value is not of a kind that can be summarised so.
    pub fn add(&mut self, value: &Value) -> Result<(), EvalError> {
        if value.is_null() && self.nulls == Nulls::Ignore {
            return Ok(());
        }
        if let Some(seen) = &mut self.seen
            && !seen.insert(key(value))
        {
            return Ok(());
        }
        match &mut self.state {
            State::Count(count) => *count += 1,
            State::Exists(exists) => *exists = true,
            State::Single(Some(_)) => {
                return Err(EvalError::types(
                    "Single found more than one row; narrow its condition",
                ));
            }
            State::Single(single) => *single = Some(value.clone()),
            State::Sum(sum) => sum.add(value)?,
            State::Avg(sum, count) => {
                sum.add(value)?;
                *count += 1;
            }
            State::Extreme { best, wants_largest } => {
                let is_better = !value.is_null()
                    && (best.is_null() || {
                        let order = comparison::order(value, best)?;
                        if *wants_largest { order.is_gt() } else { order.is_lt() }
                    });
                if is_better {
                    *best = value.clone();
                }
            }
            State::Spread { spread, .. } => spread.add(number(value)?.to_double()),
            State::Median(values) => values.push(number(value)?.to_double()),
        }
        Ok(())
    }

    /// The result for the values so far. A sum or mean of nothing is null, a count of nothing 0.
    ///
    /// # Errors
    /// [`EvalError::Range`] if the result does not fit.
    pub fn value(&self) -> Result<Value, EvalError> {
        Ok(match &self.state {
            State::Count(count) => Value::Int(*count),
            State::Exists(exists) => Value::Bool(*exists),
            State::Single(single) => single.clone().unwrap_or_default(),
            State::Sum(sum) => sum.value()?,
            State::Avg(sum, count) => match sum.value()? {
                Value::Null if *count > 0 => Value::Int(0),
                Value::Span(total) => i32::try_from(*count)
                    .ok()
                    .and_then(|count| total.checked_div(count))
                    .map_or(Value::Null, Value::Span),
                total => mean(&total, *count),
            },
            State::Extreme { best, .. } => best.clone(),
            State::Spread { spread, kind } => {
                spread.value(*kind).map_or(Value::Null, Value::Double)
            }
            State::Median(values) => median(values).map_or(Value::Null, Value::Double),
        })
    }

    /// Whether no value was taken into account.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match &self.state {
            State::Count(count) | State::Avg(_, count) => *count == 0,
            State::Exists(exists) => !exists,
            State::Single(single) => single.is_none(),
            State::Sum(sum) => matches!(sum, Sum::Empty),
            State::Extreme { best, .. } => best.is_null(),
            State::Spread { spread, .. } => spread.count == 0.0,
            State::Median(values) => values.is_empty(),
        }
    }

    /// About how many bytes it holds: medians and distinct values keep what they saw.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        let distinct =
            self.seen.as_ref().map_or(0, |seen| seen.capacity() * (size_of::<Key>() + 8));
        let kept = match &self.state {
            State::Median(values) => values.capacity() * size_of::<f64>(),
            _ => 0,
        };
        size_of::<Self>() + distinct + kept
    }
}

/// A value as a part of a whole, where 1 is all of it: null if either is null or the whole is zero.
#[must_use]
pub fn percentage(part: &Value, whole: &Value) -> Value {
    let (Some(part), Some(whole)) = (convert::to_number(part), convert::to_number(whole)) else {
        return Value::Null;
    };
    fraction(part, whole)
}

/// A quotient that never drops its fraction.
fn fraction(a: Number, b: Number) -> Value {
    let exact = |number: Number| match number {
        Number::Int(whole) => Number::Decimal(whole.into()),
        other => other,
    };
    number::divide(exact(a), exact(b)).map_or(Value::Null, Value::from)
}

/// The mean of whole numbers is a floating point number, as in databases; that of decimals is
/// exact.
fn mean(total: &Value, count: i64) -> Value {
    match Number::of(total) {
        Some(Number::Int(total)) if count > 0 => Value::Double(total as f64 / count as f64),
        Some(total) => fraction(total, Number::Int(count)),
        None => Value::Null,
    }
}

/// Null is zero here: it only comes when nulls count.
fn number(value: &Value) -> Result<Number, EvalError> {
    match value {
        Value::Null => Ok(Number::Int(0)),
        Value::Bool(truth) => Ok(Number::Int((*truth).into())),
        other => convert::to_number(other).ok_or_else(|| {
            EvalError::types(format!("{} cannot be summarised", convert::describe(other)))
        }),
    }
}

/// A growing sum that remembers its type.
#[derive(Clone, Debug, Default)]
enum Sum {
    #[default]
    Empty,
    Exact(Number),
    /// Neumaier's variant of Kahan's summation: the sum and what rounding lost of it.
    Double {
        sum: f64,
        lost: f64,
    },
    Span(chrono::TimeDelta),
}

impl Sum {
    fn add(&mut self, value: &Value) -> Result<(), EvalError> {
        if value.is_null() {
            return Ok(());
        }
        if let Value::Span(span) = value {
            let total = match self {
                Self::Empty => Some(*span),
                Self::Span(total) => total.checked_add(span),
                _ => return Err(EvalError::types("a length of time cannot be added to a number")),
            };
            *self = Self::Span(total.ok_or_else(|| EvalError::range("the sum is out of range"))?);
            return Ok(());
        }
        let value = number(value)?;
        match (&mut *self, value) {
            (Self::Empty, Number::Double(number)) => {
                *self = Self::Double { sum: number, lost: 0.0 }
            }
            (Self::Empty, exact) => *self = Self::Exact(exact),
            (Self::Exact(total), Number::Double(number)) => {
                // A column that mixes kinds of number, as SQLite has it.
                let mut sum = Self::Double { sum: total.to_double(), lost: 0.0 };
                sum.add_double(number);
                *self = sum;
            }
            (Self::Exact(total), exact) => match number::add(*total, exact) {
                Number::Double(sum) => *self = Self::Double { sum, lost: 0.0 },
                sum => *total = sum,
            },
            (Self::Double { .. }, any) => self.add_double(any.to_double()),
            (Self::Span(_), _) => {
                return Err(EvalError::types("a number cannot be added to a length of time"));
            }
        }
        Ok(())
    }

    fn add_double(&mut self, number: f64) {
        if let Self::Double { sum, lost } = self {
            let total = *sum + number;
            *lost += if sum.abs() >= number.abs() {
                (*sum - total) + number
            } else {
                (number - total) + *sum
            };
            *sum = total;
        }
    }

    fn value(&self) -> Result<Value, EvalError> {
        Ok(match self {
            Self::Empty => Value::Null,
            Self::Exact(number) => (*number).into(),
            Self::Double { sum, lost } => {
                let total = sum + lost;
                Value::Double(if total.is_nan() { *sum } else { total })
            }
            Self::Span(span) => Value::Span(*span),
        })
    }
}

/// Welford's running mean and sum of squared differences.
#[derive(Clone, Debug, Default)]
struct Spread {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Spread {
    fn add(&mut self, number: f64) {
        self.count += 1.0;
        let difference = number - self.mean;
        self.mean += difference / self.count;
        self.squares += difference * (number - self.mean);
    }

    fn value(&self, kind: Dispersion) -> Option<f64> {
        let over = if kind.of_sample { self.count - 1.0 } else { self.count };
        (over > 0.0).then(|| {
            let variance = self.squares / over;
            if kind.is_root { variance.sqrt() } else { variance }
        })
    }
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(middle.checked_sub(1)?)?;
    Some(f64::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Value {
        Value::Decimal(text.parse().expect("a decimal number"))
    }

    /// A summary of these values.
    fn summary(kind: SummaryKind, nulls: Nulls, values: &[Value]) -> Result<Value, EvalError> {
        let mut accumulator = Accumulator::new(kind).with_nulls(nulls);
        for value in values {
            accumulator.add(value)?;
        }
        accumulator.value()
    }

    #[test]
    fn nulls_take_part_or_not() {
        use SummaryKind as K;
        let values = [Value::Int(4), Value::Null, Value::Int(8)];
        for (kind, counted, ignored) in [
            (K::Sum, Value::Int(12), Value::Int(12)),
            (K::Count, Value::Int(3), Value::Int(2)),
            (K::Avg, Value::Double(4.0), Value::Double(6.0)),
            (K::Min, Value::Int(4), Value::Int(4)),
            (K::Max, Value::Int(8), Value::Int(8)),
            (K::Median, Value::Double(4.0), Value::Double(6.0)),
            (K::VarP, Value::Double(32.0 / 3.0), Value::Double(4.0)),
            (K::DCount, Value::Int(3), Value::Int(2)),
        ] {
            assert_eq!(summary(kind, Nulls::Count, &values), Ok(counted), "{kind:?}");
            assert_eq!(summary(kind, Nulls::Ignore, &values), Ok(ignored), "{kind:?}");
        }
    }

    #[test]
    fn nothing_has_no_sum() {
        for kind in SummaryKind::ALL {
            let counts = matches!(
                kind,
                SummaryKind::Count | SummaryKind::RecordNumber | SummaryKind::DCount
            );
            let expected = if counts { Value::Int(0) } else { Value::Null };
            assert_eq!(summary(*kind, Nulls::Count, &[]), Ok(expected), "{kind:?}");
        }
        assert_eq!(summary(SummaryKind::Sum, Nulls::Count, &[Value::Null]), Ok(Value::Null));
    }

    #[test]
    fn sums_are_exact() {
        use SummaryKind::Sum;
        let cents = vec![decimal("0.01"); 1_000];
        assert_eq!(summary(Sum, Nulls::Count, &cents), Ok(decimal("10.00")));
        let tenths = vec![Value::Double(0.1); 1_000];
        assert_eq!(summary(Sum, Nulls::Count, &tenths), Ok(Value::Double(100.0)));
        let large = [Value::Int(i64::MAX), Value::Int(1)];
        assert_eq!(summary(Sum, Nulls::Count, &large), Ok(decimal("9223372036854775808")));
        let mixed = [Value::Int(1), Value::Double(0.5), decimal("0.25")];
        assert_eq!(summary(Sum, Nulls::Count, &mixed), Ok(Value::Double(1.75)));
        let spans = vec![Value::Span(chrono::TimeDelta::hours(20)); 2];
        assert_eq!(
            summary(Sum, Nulls::Count, &spans),
            Ok(Value::Span(chrono::TimeDelta::hours(40)))
        );
        assert_eq!(
            summary(SummaryKind::Avg, Nulls::Count, &[decimal("1.00"), decimal("2.00")]),
            Ok(decimal("1.50"))
        );
    }

    #[test]
    fn distinct_values_are_those_of_groups() {
        let values = [Value::from("a"), Value::from("A"), Value::Int(1), decimal("1.0")];
        assert_eq!(summary(SummaryKind::DCount, Nulls::Count, &values), Ok(Value::Int(2)));
    }

    #[test]
    fn what_cannot_be_added_is_named() {
        let error = summary(SummaryKind::Sum, Nulls::Count, &["tea".into()]);
        assert_eq!(error, Err(EvalError::types("the text \"tea\" cannot be summarised")));
    }

    #[test]
    fn parts_of_a_whole() {
        assert_eq!(percentage(&Value::Int(1), &Value::Int(4)), decimal("0.25"));
        assert_eq!(percentage(&Value::Int(1), &Value::Int(0)), Value::Null);
        assert_eq!(percentage(&Value::Null, &Value::Int(4)), Value::Null);
    }
}
