//! What expressions ask of the place where they stand: once while names are bound, and for every
//! row while they are evaluated.

use std::sync::Arc;

use chrono::NaiveDateTime;
use pressroom_data::{Culture, DataType, Reader, Schema, Value};

use crate::accumulate::Accumulator;
use crate::compile::Compiled;
use crate::error::EvalError;
use crate::syntax::{AggregateKind, FieldPath, SummaryKind};

/// Where the value of a name is found when an expression is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binding {
    /// In the current row: `scope.row()[n]`.
    Column(usize),
    /// Wherever the environment keeps number `n`: `scope.slot(n)`. For calculated fields, rows of
    /// relations, report items and the like.
    Slot(usize),
    /// Looked up by its name each time: `scope.field(path)`.
    Named,
}

/// A name that a [`Resolver`] knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Where its value is found.
    pub binding: Binding,
    /// The type of its values; [`DataType::Unknown`] is always right.
    pub data_type: DataType,
}

impl Resolved {
    /// A column of the current row.
    #[must_use]
    pub fn column(index: usize, data_type: DataType) -> Self {
        Self { binding: Binding::Column(index), data_type }
    }

    /// A numbered value of the environment.
    #[must_use]
    pub fn slot(index: usize, data_type: DataType) -> Self {
        Self { binding: Binding::Slot(index), data_type }
    }
}

/// A parameter that a [`Resolver`] knows.
#[derive(Clone, Debug, PartialEq)]
pub enum ResolvedParameter {
    /// Its value, which stays the same: what depends only on it is computed once.
    Value(Value),
    /// Looked up by its name each time: `scope.parameter(name)`.
    Named,
}

/// The rows that an aggregate of an expression goes over.
pub struct Collection<'a> {
    /// A number by which the environment knows them again: [`AggregateCall::collection`].
    pub slot: usize,
    /// What names mean in one of these rows; `None` if they mean the same as outside.
    pub resolver: Option<Box<dyn Resolver + 'a>>,
}

/// Binds the names of an expression, once, before it is evaluated for many rows.
pub trait Resolver {
    /// What a field is, or `None` if there is none of this name.
    fn field(&self, path: &FieldPath) -> Option<Resolved>;

    /// What a parameter is, or `None` if there is none of this name.
    fn parameter(&self, _name: &str) -> Option<ResolvedParameter> {
        Some(ResolvedParameter::Named)
    }

    /// The rows of a relation, or with no path those of the current table.
    fn collection(&self, path: Option<&FieldPath>) -> Option<Collection<'_>> {
        path.is_none().then_some(Collection { slot: 0, resolver: None })
    }

    /// The names of fields, for hints such as "did you mean …?".
    fn names(&self) -> Vec<Arc<str>> {
        Vec::new()
    }
}

/// Columns are bound by their whole name.
impl Resolver for Schema {
    fn field(&self, path: &FieldPath) -> Option<Resolved> {
        if path.parents() > 0 {
            return None;
        }
        let index = self.index_of(path.name())?;
        Some(Resolved::column(index, self.fields[index].data_type))
    }

    fn names(&self) -> Vec<Arc<str>> {
        self.fields.iter().map(|field| Arc::clone(&field.name)).collect()
    }
}

/// Binds nothing: every name is looked up each time an expression is evaluated. For expressions
/// that are evaluated once.
#[derive(Clone, Copy, Debug, Default)]
pub struct ByName;

impl Resolver for ByName {
    fn field(&self, _path: &FieldPath) -> Option<Resolved> {
        Some(Resolved { binding: Binding::Named, data_type: DataType::Unknown })
    }

    fn collection(&self, _path: Option<&FieldPath>) -> Option<Collection<'_>> {
        Some(Collection { slot: 0, resolver: None })
    }
}

/// What an expression may ask about the place of the current row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Position {
    /// `[DataSource.CurrentRowIndex]`: the row's index, from 0.
    RowIndex,
    /// `[DataSource.RowCount]`: how many rows there are.
    RowCount,
    /// `[DataSource.CurrentRowHierarchyLevel]`: its depth in a tree of rows, from 0.
    HierarchyLevel,
    /// `CurrentRowIndexInGroup()`: the row's index in its group, from 0.
    RowIndexInGroup,
    /// `GroupIndex()`: the index of the row's group, from 0.
    GroupIndex,
}

/// The environment in which an expression is evaluated: a row, and what surrounds it.
///
/// Only the clock and the culture must be given. Whatever a scope does not offer gives an
/// [`EvalError`] that says so.
pub trait Scope {
    /// The local time that `Now()` tells.
    fn now(&self) -> NaiveDateTime;

    /// How numbers and dates become text.
    fn culture(&self) -> &Culture;

    /// The values of the current row, by [`Binding::Column`].
    fn row(&self) -> &[Value] {
        &[]
    }

    /// The value of a [`Binding::Slot`].
    ///
    /// # Errors
    /// Whatever its computation fails with.
    fn slot(&self, slot: usize) -> Result<Value, EvalError> {
        Err(EvalError::UnknownField(slot.to_string().into()))
    }

    /// The value of a [`Binding::Named`].
    ///
    /// # Errors
    /// [`EvalError::UnknownField`] if there is none.
    fn field(&self, path: &FieldPath) -> Result<Value, EvalError> {
        Err(EvalError::UnknownField((&**path.name()).into()))
    }

    /// The value of a parameter, or `None` if there is none of this name.
    fn parameter(&self, _name: &str) -> Option<Value> {
        None
    }

    /// The row that `^` leads to.
    fn parent(&self) -> Option<&dyn Scope> {
        None
    }

    /// The value of an aggregate. [`AggregateCall::over`] does the work once the rows are there.
    ///
    /// # Errors
    /// Whatever its computation fails with.
    fn aggregate(&self, call: &AggregateCall) -> Result<Value, EvalError> {
        Err(EvalError::Unavailable(call.kind.name().into()))
    }

    /// The value of a summary, which the environment has computed or knows up to this row.
    ///
    /// # Errors
    /// Whatever its computation failed with.
    fn summary(&self, call: &SummaryCall) -> Result<Value, EvalError> {
        Err(EvalError::Unavailable(call.kind.name().into()))
    }

    /// Where the current row stands; `None` if that is not known here.
    fn position(&self, _what: Position) -> Option<i64> {
        None
    }

    /// The values of the row so many rows after the current one (before it, if negative);
    /// `None` beyond the first or last.
    ///
    /// # Errors
    /// If rows cannot be reached here.
    fn neighbour(&self, _offset: i64) -> Result<Option<&[Value]>, EvalError> {
        Err(EvalError::Unavailable("the previous or next row".into()))
    }

    /// What `UtcNow()` tells.
    fn utc_now(&self) -> NaiveDateTime {
        self.now()
    }

    /// A number from 0 (included) to 1 (excluded) for `Rnd()`. The default depends on the row's
    /// index only, so that the same report gives the same numbers.
    fn random(&self) -> f64 {
        // SplitMix64, whose first outputs are well spread for consecutive seeds.
        let row = self.position(Position::RowIndex).unwrap_or(0) as u64;
        let mut bits = row.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Who reads. Where nobody is known, `UserName()` and `UserEmail()` are null and `IsMemberOf()` is
    /// false.
    fn reader(&self) -> Option<&Reader> {
        None
    }
}

/// An aggregate inside a compiled expression.
#[derive(Clone, Debug)]
pub struct AggregateCall {
    /// Its number, different for all aggregates that one [`crate::Compiler`] compiled.
    pub slot: usize,
    /// The relation whose rows it goes over; `None` for the rows of the current table.
    pub path: Option<FieldPath>,
    /// The [`Collection::slot`] that the resolver gave.
    pub collection: usize,
    /// What is computed.
    pub kind: AggregateKind,
    /// Which rows count, evaluated in each of them.
    pub condition: Option<Compiled>,
    /// What is aggregated, evaluated in each of the rows that count.
    pub argument: Option<Compiled>,
}

impl AggregateCall {
    /// Takes one more row into account, if it fulfils the condition.
    ///
    /// # Errors
    /// Whatever the condition or the argument fails with.
    pub fn add(&self, accumulator: &mut Accumulator, row: &dyn Scope) -> Result<(), EvalError> {
        if let Some(condition) = &self.condition
            && !condition.matches(row)?
        {
            return Ok(());
        }
        match &self.argument {
            Some(argument) => accumulator.add(&*argument.evaluate_ref(row)?),
            None => accumulator.add(&Value::Bool(true)),
        }
    }

    /// An accumulator for it.
    #[must_use]
    pub fn accumulator(&self) -> Accumulator {
        Accumulator::aggregate(self.kind)
    }

    /// The value over these rows.
    ///
    /// # Errors
    /// Whatever the condition or the argument fails with.
    pub fn over<S: Scope>(&self, rows: impl IntoIterator<Item = S>) -> Result<Value, EvalError> {
        let mut accumulator = self.accumulator();
        for row in rows {
            self.add(&mut accumulator, &row)?;
        }
        accumulator.value()
    }
}

/// A summary inside a compiled expression. The environment adds the value of `argument` for every
/// row of the region to an [`Accumulator`] of `kind`, and answers [`Scope::summary`].
#[derive(Clone, Debug)]
pub struct SummaryCall {
    /// Its number, different for all summaries that one [`crate::Compiler`] compiled.
    pub slot: usize,
    /// What is computed.
    pub kind: SummaryKind,
    /// What is summarised, evaluated in each row of the region.
    pub argument: Option<Compiled>,
}

impl SummaryCall {
    /// Takes one more row into account.
    ///
    /// # Errors
    /// Whatever the argument fails with.
    pub fn add(&self, accumulator: &mut Accumulator, row: &dyn Scope) -> Result<(), EvalError> {
        match &self.argument {
            Some(argument) => accumulator.add(&*argument.evaluate_ref(row)?),
            None => accumulator.add(&Value::Bool(true)),
        }
    }
}

/// A scope of one row and some parameters: for tests, tools and embedders without a layout engine.
#[derive(Clone, Debug)]
pub struct RowScope<'a> {
    row: &'a [Value],
    now: NaiveDateTime,
    culture: &'a Culture,
    parameters: &'a [(Arc<str>, Value)],
    reader: Option<&'a Reader>,
}

impl<'a> RowScope<'a> {
    /// A row at a time, in the default culture (en-US), without parameters and a reader.
    #[must_use]
    pub fn new(row: &'a [Value], now: NaiveDateTime) -> Self {
        Self { row, now, culture: Culture::default(), parameters: &[], reader: None }
    }

    /// The same in another culture.
    #[must_use]
    pub fn with_culture(self, culture: &'a Culture) -> Self {
        Self { culture, ..self }
    }

    /// The same with parameters, found by name in any letter case.
    #[must_use]
    pub fn with_parameters(self, parameters: &'a [(Arc<str>, Value)]) -> Self {
        Self { parameters, ..self }
    }

    /// The same for a reader.
    #[must_use]
    pub fn with_reader(self, reader: Option<&'a Reader>) -> Self {
        Self { reader, ..self }
    }
}

impl Scope for RowScope<'_> {
    fn now(&self) -> NaiveDateTime {
        self.now
    }

    fn culture(&self) -> &Culture {
        self.culture
    }

    fn row(&self) -> &[Value] {
        self.row
    }

    fn parameter(&self, name: &str) -> Option<Value> {
        self.parameters
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.clone())
    }

    fn reader(&self) -> Option<&Reader> {
        self.reader
    }
}
