//! Filters: conditions over the fields of an entity.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use pressroom_criteria::{
    Collection, Compiled, EvalError, FieldPath, Resolved, ResolvedParameter, Resolver, Scope,
    compile, parse,
};
use pressroom_data::{Culture, Reader, Value};

use super::{ListField, Listed, find, names};
use crate::{App, Caller, Error};

/// The longest filter, in bytes: more than a person types, and little enough to be read at once.
const LONGEST: usize = 4_000;
/// How long one request may be busy with its filter.
const TIME: Duration = Duration::from_secs(1);

/// A filter that was read.
pub(crate) struct Filter<T> {
    condition: Compiled,
    now: NaiveDateTime,
    reader: Reader,
    culture: &'static Culture,
    of: PhantomData<fn(&T)>,
}

impl<T: Listed> Filter<T> {
    /// Reads a filter.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the parameter.
    pub(crate) fn new(text: &str, app: &App, caller: &Caller) -> Result<Self, Error> {
        if text.len() > LONGEST {
            let length = text.len();
            let message = format!("has {length} bytes; at most {LONGEST} are taken");
            return Err(Error::invalid("filter", message));
        }
        let wrong = |error: pressroom_criteria::ParseError| {
            Error::invalid("filter", format!("{error}; fields are {}", names(T::FIELDS)))
        };
        let expr = parse(text).map_err(wrong)?;
        let condition = compile(&expr, &Names(T::FIELDS)).map_err(wrong)?;
        Ok(Self {
            condition,
            now: app.clock.now().naive_utc(),
            reader: caller.reader().clone(),
            culture: app.settings.culture,
            of: PhantomData,
        })
    }

    /// Whether it fits the same entities tomorrow, as long as they stay as they are.
    pub(crate) fn is_steady(&self) -> bool {
        !self.condition.needs().environment
    }

    /// Whether an entity fits.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the condition has no answer, or takes too long.
    pub(crate) fn keeps(&self, entity: &T, patience: &Patience) -> Result<bool, Error> {
        patience.check()?;
        let scope = EntityScope { entity, filter: self };
        let wrong = |error: EvalError| Error::invalid("filter", error);
        self.condition.matches(&scope).map_err(wrong)
    }
}

/// How long a request may still be busy with its filter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    since: Instant,
    left: Duration,
}

impl Patience {
    /// All of it.
    pub(crate) fn new() -> Self {
        Self { since: Instant::now(), left: TIME }
    }

    /// What is left after a pause, during which the store was read.
    pub(crate) fn resume(self, spent: Duration) -> Self {
        Self { since: Instant::now(), left: self.left.saturating_sub(spent) }
    }

    /// What was spent since it was begun or resumed.
    pub(crate) fn spent(&self) -> Duration {
        self.since.elapsed()
    }

    fn check(&self) -> Result<(), Error> {
        if self.spent() > self.left {
            return Err(Error::invalid(
                "filter",
                "takes too long to decide; ask something simpler",
            ));
        }
        Ok(())
    }
}

/// What names in a filter mean.
struct Names<T: 'static>(&'static [ListField<T>]);

impl<T> Resolver for Names<T> {
    fn field(&self, path: &FieldPath) -> Option<Resolved> {
        let [name] = path.segments() else { return None };
        let slot = find(self.0, name).filter(|_| path.parents() == 0)?;
        Some(Resolved::slot(slot, self.0[slot].data_type))
    }

    fn parameter(&self, _: &str) -> Option<ResolvedParameter> {
        None
    }

    fn collection(&self, _: Option<&FieldPath>) -> Option<Collection<'_>> {
        None
    }

    fn names(&self) -> Vec<Arc<str>> {
        self.0.iter().map(|field| field.name.into()).collect()
    }
}

struct EntityScope<'a, T> {
    entity: &'a T,
    filter: &'a Filter<T>,
}

impl<T: Listed> Scope for EntityScope<'_, T> {
    fn now(&self) -> NaiveDateTime {
        self.filter.now
    }

    fn culture(&self) -> &Culture {
        self.filter.culture
    }

    fn slot(&self, slot: usize) -> Result<Value, EvalError> {
        let field = T::FIELDS.get(slot);
        let field = field.ok_or_else(|| EvalError::UnknownField(slot.to_string().into()))?;
        Ok((field.value)(self.entity))
    }

    fn reader(&self) -> Option<&Reader> {
        Some(&self.filter.reader)
    }
}
