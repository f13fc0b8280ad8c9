//! The evaluator.

use std::borrow::Cow;
use std::sync::Arc;

use pressroom_data::{CompositeFormat, Value};

use crate::comparison;
use crate::convert;
use crate::error::EvalError;
use crate::functions::{Args, Function, Purity, Type};
use crate::like::Pattern;
use crate::number::{self, Number};
use crate::scope::{AggregateCall, Position, Scope, SummaryCall};
use crate::syntax::{BinaryOp, FieldPath};

/// A compiled expression or a part of one.
#[derive(Debug)]
pub(crate) enum Code {
    Constant(Value),
    Column(usize),
    Slot(usize),
    Named(FieldPath),
    /// Code for a row further out.
    Outer {
        depth: usize,
        code: Box<Code>,
    },
    Parameter(Arc<str>),
    Not(Box<Code>),
    Negate(Box<Code>),
    BitNot(Box<Code>),
    IsNull(Box<Code>),
    And(Box<[Code]>),
    Or(Box<[Code]>),
    /// Arithmetic from left to right.
    Chain(Box<Code>, Box<[(BinaryOp, Code)]>),
    Compare(Box<Test>),
    Like(Box<Code>, Pattern),
    LikeAny(Box<Code>, Box<Code>),
    In(Box<Code>, Box<[Code]>),
    Between {
        operand: Box<Code>,
        low: Box<Code>,
        high: Box<Code>,
    },
    If {
        branches: Box<[(Code, Code)]>,
        otherwise: Box<Code>,
    },
    Coalesce(Box<Code>, Box<Code>),
    Call(&'static Function, Box<[Code]>),
    Format(Box<CompositeFormat>, Box<[Code]>),
    Position(Position),
    Neighbour {
        offset: i64,
        column: usize,
    },
    Aggregate(Arc<AggregateCall>),
    Summary(Arc<SummaryCall>),
}

/// A comparison of two values.
#[derive(Debug)]
pub(crate) struct Test {
    pub(crate) op: BinaryOp,
    pub(crate) left: Code,
    pub(crate) right: Code,
}

type Evaluated<'a> = Result<Cow<'a, Value>, EvalError>;

fn owned<'a>(value: impl Into<Value>) -> Evaluated<'a> {
    Ok(Cow::Owned(value.into()))
}

static NULL: Value = Value::Null;

impl Code {
    /// The value; borrowed where it stands somewhere already.
    pub(crate) fn evaluate<'a>(&'a self, scope: &'a dyn Scope) -> Evaluated<'a> {
        match self {
            Self::Constant(value) => Ok(Cow::Borrowed(value)),
            Self::Column(index) => Ok(Cow::Borrowed(scope.row().get(*index).unwrap_or(&NULL))),
            Self::Slot(slot) => scope.slot(*slot).map(Cow::Owned),
            Self::Named(path) => scope.field(path).map(Cow::Owned),
            Self::Outer { depth, code } => code.evaluate_outer(scope, *depth),
            Self::Parameter(name) => scope
                .parameter(name)
                .map(Cow::Owned)
                .ok_or_else(|| EvalError::UnknownParameter((&**name).into())),
            Self::Not(_)
            | Self::IsNull(_)
            | Self::And(_)
            | Self::Or(_)
            | Self::Compare(_)
            | Self::Like(..)
            | Self::LikeAny(..)
            | Self::In(..)
            | Self::Between { .. } => owned(self.test(scope)?),
            Self::Negate(code) => code.negated(scope),
            Self::BitNot(code) => code.complement(scope),
            Self::Chain(first, rest) => chain(first, rest, scope),
            Self::If { branches, otherwise } => {
                for (condition, value) in branches {
                    if condition.test(scope)? == Some(true) {
                        return value.evaluate(scope);
                    }
                }
                otherwise.evaluate(scope)
            }
            Self::Coalesce(first, second) => {
                let value = first.evaluate(scope)?;
                if value.is_null() { second.evaluate(scope) } else { Ok(value) }
            }
            Self::Call(function, arguments) => call(function, arguments, scope),
            Self::Format(format, arguments) => formatted(format, arguments, scope),
            Self::Position(what) => at(*what, scope),
            Self::Neighbour { offset, column } => {
                let row = scope.neighbour(*offset)?;
                Ok(Cow::Borrowed(row.and_then(|row| row.get(*column)).unwrap_or(&NULL)))
            }
            Self::Aggregate(aggregate) => scope.aggregate(aggregate).map(Cow::Owned),
            Self::Summary(summary) => scope.summary(summary).map(Cow::Owned),
        }
    }

    /// The value as a truth value; `None` is null.
    pub(crate) fn test(&self, scope: &dyn Scope) -> Result<Option<bool>, EvalError> {
        match self {
            Self::Not(code) => Ok(code.test(scope)?.map(|truth| !truth)),
            Self::IsNull(code) => Ok(Some(code.evaluate(scope)?.is_null())),
            Self::And(terms) => all(terms, scope, false),
            Self::Or(terms) => all(terms, scope, true),
            Self::Compare(test) => {
                let (left, right) = (test.left.evaluate(scope)?, test.right.evaluate(scope)?);
                comparison::apply(test.op, &left, &right)
            }
            Self::Like(code, pattern) => {
                let value = code.evaluate(scope)?;
                Ok(pattern.test(&value, &convert::to_text(&value, scope.culture())))
            }
            Self::LikeAny(code, pattern) => {
                let (value, pattern) = (code.evaluate(scope)?, pattern.evaluate(scope)?);
                if pattern.is_null() {
                    return Ok(None);
                }
                let pattern = Pattern::new(&convert::to_text(&pattern, scope.culture()))
                    .ok_or_else(|| EvalError::Limit("the pattern of Like is too long".into()))?;
                Ok(pattern.test(&value, &convert::to_text(&value, scope.culture())))
            }
            Self::In(operand, list) => is_in(operand, list, scope),
            Self::Between { operand, low, high } => {
                let value = operand.evaluate(scope)?;
                let low = low.evaluate(scope)?;
                let above = comparison::apply(BinaryOp::GreaterOrEqual, &value, &low)?;
                if above == Some(false) {
                    return Ok(above);
                }
                let high = high.evaluate(scope)?;
                let below = comparison::apply(BinaryOp::LessOrEqual, &value, &high)?;
                Ok(if below == Some(false) { below } else { above.and(below) })
            }
            _ => truth(&*self.evaluate(scope)?),
        }
    }

    fn evaluate_outer<'a>(&'a self, scope: &'a dyn Scope, depth: usize) -> Evaluated<'a> {
        let mut outer = scope;
        for _ in 0..depth {
            outer =
                outer.parent().ok_or_else(|| EvalError::Unavailable("the parent row".into()))?;
        }
        self.evaluate(outer)
    }

    fn negated<'a>(&'a self, scope: &'a dyn Scope) -> Evaluated<'a> {
        let value = self.evaluate(scope)?;
        match &*value {
            Value::Null => Ok(value),
            Value::Span(span) => owned(Value::Span(-*span)),
            other => match convert::to_number(other) {
                Some(number) => owned(number::negate(number)),
                None => Err(EvalError::types(format!(
                    "\"-\" needs a number, not {}",
                    convert::describe(other)
                ))),
            },
        }
    }

    fn complement<'a>(&'a self, scope: &'a dyn Scope) -> Evaluated<'a> {
        let value = self.evaluate(scope)?;
        match &*value {
            Value::Null => Ok(value),
            Value::Bool(truth) => owned(!truth),
            other => match convert::to_number(other).and_then(Number::truncated) {
                Some(number) => owned(!number),
                None => Err(EvalError::types(format!(
                    "\"~\" needs a whole number, not {}",
                    convert::describe(other)
                ))),
            },
        }
    }

    /// Whether everything it is made of is constant, so that it is itself.
    pub(crate) fn parts_are_constant(&self) -> bool {
        let is = |code: &Self| matches!(code, Self::Constant(_));
        match self {
            Self::Not(code)
            | Self::Negate(code)
            | Self::BitNot(code)
            | Self::IsNull(code)
            | Self::Like(code, _) => is(code),
            Self::And(terms) | Self::Or(terms) | Self::Format(_, terms) => terms.iter().all(is),
            Self::Chain(first, rest) => is(first) && rest.iter().all(|(_, code)| is(code)),
            Self::Compare(test) => is(&test.left) && is(&test.right),
            Self::LikeAny(code, pattern) => is(code) && is(pattern),
            Self::In(operand, list) => is(operand) && list.iter().all(is),
            Self::Between { operand, low, high } => is(operand) && is(low) && is(high),
            Self::If { branches, otherwise } => {
                is(otherwise) && branches.iter().all(|(test, value)| is(test) && is(value))
            }
            Self::Coalesce(first, second) => is(first) && is(second),
            Self::Call(function, arguments) => {
                function.purity == Purity::Pure && arguments.iter().all(is)
            }
            _ => false,
        }
    }

    /// Whether a number or date becomes a text in it, which depends on the culture.
    pub(crate) fn depends_on_culture(&self) -> bool {
        let is_text = |code: &Self| matches!(code, Self::Constant(Value::Text(_)));
        let is_other = |code: &Self| !matches!(code, Self::Constant(Value::Text(_) | Value::Null));
        match self {
            Self::Chain(first, rest) => {
                let parts = || std::iter::once(&**first).chain(rest.iter().map(|(_, code)| code));
                parts().any(is_text) && parts().any(is_other)
            }
            Self::Like(code, _) => is_other(code),
            Self::LikeAny(code, pattern) => is_other(code) || is_other(pattern),
            Self::Format(..) => true,
            Self::Call(function, arguments) => {
                let parameter = |index| function.parameter(index, arguments.len());
                arguments.iter().enumerate().any(|(index, code)| {
                    is_other(code) && matches!(parameter(index).kind, Type::Text | Type::Any)
                })
            }
            _ => false,
        }
    }
}

/// `And` (or `Or`, whose decisive value is true) over terms: stops at the decisive value; null if
/// a null keeps it open.
fn all(terms: &[Code], scope: &dyn Scope, decisive: bool) -> Result<Option<bool>, EvalError> {
    let mut result = Some(!decisive);
    for term in terms {
        match term.test(scope)? {
            Some(truth) if truth == decisive => return Ok(Some(decisive)),
            Some(_) => {}
            None => result = None,
        }
    }
    Ok(result)
}

fn truth(value: &Value) -> Result<Option<bool>, EvalError> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(truth) => Ok(Some(*truth)),
        other => convert::to_bool(other).map(Some).ok_or_else(|| {
            EvalError::types(format!(
                "a condition must be true or false, not {}",
                convert::describe(other)
            ))
        }),
    }
}

fn is_in(operand: &Code, list: &[Code], scope: &dyn Scope) -> Result<Option<bool>, EvalError> {
    let value = operand.evaluate(scope)?;
    if value.is_null() {
        return Ok(None);
    }
    let mut saw_null = false;
    for code in list {
        let candidate = code.evaluate(scope)?;
        match comparison::is_in(&value, std::iter::once(&*candidate))? {
            Some(true) => return Ok(Some(true)),
            Some(false) => {}
            None => saw_null = true,
        }
    }
    Ok((!saw_null).then_some(false))
}

fn chain<'a>(first: &'a Code, rest: &'a [(BinaryOp, Code)], scope: &'a dyn Scope) -> Evaluated<'a> {
    let mut left = first.evaluate(scope)?;
    for (op, code) in rest {
        let right = code.evaluate(scope)?;
        left = Cow::Owned(number::apply(*op, &left, &right, scope.culture())?);
    }
    Ok(left)
}

fn call<'a>(function: &'static Function, codes: &'a [Code], scope: &'a dyn Scope) -> Evaluated<'a> {
    // Most functions have few arguments: those are kept on the stack.
    match codes {
        [] => function.evaluate(&Args::new(function, &[], scope)),
        [a] => function.evaluate(&Args::new(function, &[a.evaluate(scope)?], scope)),
        [a, b] => {
            let values = [a.evaluate(scope)?, b.evaluate(scope)?];
            function.evaluate(&Args::new(function, &values, scope))
        }
        [a, b, c] => {
            let values = [a.evaluate(scope)?, b.evaluate(scope)?, c.evaluate(scope)?];
            function.evaluate(&Args::new(function, &values, scope))
        }
        many => {
            let values =
                many.iter().map(|code| code.evaluate(scope)).collect::<Result<Vec<_>, _>>()?;
            function.evaluate(&Args::new(function, &values, scope))
        }
    }
    .map(Cow::Owned)
}

fn formatted<'a>(
    format: &CompositeFormat,
    codes: &'a [Code],
    scope: &'a dyn Scope,
) -> Evaluated<'a> {
    let values = codes
        .iter()
        .map(|code| code.evaluate(scope).map(Cow::into_owned))
        .collect::<Result<Vec<_>, _>>()?;
    owned(format.format(&values, scope.culture()))
}

fn at<'a>(what: Position, scope: &dyn Scope) -> Evaluated<'a> {
    match scope.position(what) {
        Some(number) => owned(number),
        None => Err(EvalError::Unavailable(
            match what {
                Position::RowIndex => "the index of the current row",
                Position::RowCount => "the number of rows",
                Position::HierarchyLevel => "the level of the current row",
                Position::RowIndexInGroup => "the index of the current row in its group",
                Position::GroupIndex => "the index of the current group",
            }
            .into(),
        )),
    }
}
