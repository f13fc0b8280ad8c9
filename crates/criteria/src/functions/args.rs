//! The arguments of a call, read as what the function wants.

use std::borrow::Cow;

use chrono::{NaiveDateTime, TimeDelta};
use pressroom_data::{Culture, Value};

use super::Function;
use crate::convert;
use crate::error::EvalError;
use crate::number::Number;
use crate::scope::Scope;

/// The values of the arguments of a call, and where it stands.
pub(crate) struct Args<'a> {
    function: &'static Function,
    values: &'a [Cow<'a, Value>],
    pub(crate) scope: &'a dyn Scope,
}

impl<'a> Args<'a> {
    pub(crate) fn new(
        function: &'static Function,
        values: &'a [Cow<'a, Value>],
        scope: &'a dyn Scope,
    ) -> Self {
        Self { function, values, scope }
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn has_null(&self) -> bool {
        self.values.iter().any(|value| value.is_null())
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &'a Value> {
        self.values.iter().map(|value| &**value)
    }

    /// The value of an argument; null if it is not there.
    pub(crate) fn value(&self, index: usize) -> &'a Value {
        static NULL: Value = Value::Null;
        self.values.get(index).map_or(&NULL, |value| &**value)
    }

    pub(crate) fn culture(&self) -> &'a Culture {
        self.scope.culture()
    }

    pub(crate) fn text(&self, index: usize) -> Cow<'a, str> {
        convert::to_text(self.value(index), self.culture())
    }

    pub(crate) fn number(&self, index: usize) -> Result<Number, EvalError> {
        convert::to_number(self.value(index)).ok_or_else(|| self.wrong(index, "a number"))
    }

    pub(crate) fn double(&self, index: usize) -> Result<f64, EvalError> {
        self.number(index).map(Number::to_double)
    }

    /// A whole number, rounded half to even.
    pub(crate) fn int(&self, index: usize) -> Result<i64, EvalError> {
        self.number(index)?.to_int().ok_or_else(|| self.wrong(index, "a whole number"))
    }

    /// A place or length in a text: not negative.
    pub(crate) fn size(&self, index: usize) -> Result<usize, EvalError> {
        usize::try_from(self.int(index)?)
            .map_err(|_| self.wrong(index, "a whole number that is not negative"))
    }

    pub(crate) fn moment(&self, index: usize) -> Result<NaiveDateTime, EvalError> {
        convert::to_moment(self.value(index)).ok_or_else(|| self.wrong(index, "a date"))
    }

    pub(crate) fn span(&self, index: usize) -> Result<TimeDelta, EvalError> {
        convert::to_span(self.value(index)).ok_or_else(|| self.wrong(index, "a length of time"))
    }

    pub(crate) fn truth(&self, index: usize) -> Result<bool, EvalError> {
        convert::to_bool(self.value(index)).ok_or_else(|| self.wrong(index, "true or false"))
    }

    fn wrong(&self, index: usize, wanted: &str) -> EvalError {
        let parameter = self.function.parameter(index, self.len());
        EvalError::types(format!(
            "{} needs {wanted} as its {}, not {}",
            self.function.name,
            parameter.name,
            convert::describe(self.value(index))
        ))
    }

    /// The result lies outside what its type can hold.
    pub(crate) fn out_of_range(&self) -> EvalError {
        EvalError::range(format!("the result of {} is out of range", self.function.name))
    }
}
