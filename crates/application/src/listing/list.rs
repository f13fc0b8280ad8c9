//! Opening and reading lists.

use std::sync::Arc;
use std::time::Duration;

use super::cache::{Kept, Slices};
use super::filter::{Filter, Patience};
use super::sort::{Sort, SortKey};
use super::{ListQuery, Listed, tag};
use crate::{App, Caller, Error};

/// From so many entities on they are sorted where a thread may be busy.
const MANY: usize = 1_000;

/// A list that can be read, and a name for what it will answer.
pub struct Listing<'a, T: Listed> {
    app: &'a App,
    caller: &'a Caller,
    query: &'a ListQuery,
    version: i64,
    filter: Option<Filter<T>>,
    sort: Sort,
    tag: Option<String>,
}

/// A part of a list.
pub struct List<T> {
    /// How many there are that the caller may read and that fit.
    pub total: u64,
    source: Source<T>,
}

enum Source<T> {
    /// Some of those that are kept.
    Kept(Arc<Kept<T>>, Vec<u32>),
    /// Those that were read for this list.
    Read(Vec<T>),
}

/// Opens a list: checks what is asked for, and finds out which version of it there is now.
///
/// # Errors
/// [`Error::Invalid`] that names the parameter, [`Error::Unavailable`].
pub(crate) async fn open<'a, T: Listed>(
    app: &'a App,
    caller: &'a Caller,
    query: &'a ListQuery,
) -> Result<Listing<'a, T>, Error> {
    let version = app.stores.audit.newest_about(T::KINDS).await?;
    let sort = query.sort.as_deref().map_or_else(|| Ok(Sort::default()), Sort::new::<T>)?;
    let filter = match &query.filter {
        Some(text) => {
            // Reading a filter computes what is constant in it.
            let (app, caller, text) = (app.clone(), caller.clone(), text.clone());
            Some(busy(move || Filter::new(&text, &app, &caller)).await?)
        }
        None => None,
    };
    let steady = filter.as_ref().is_none_or(Filter::is_steady);
    let tag = steady.then(|| tag::of::<T>(version, caller, query));
    Ok(Listing { app, caller, query, version, filter, sort, tag })
}

impl<T: Listed> Listing<'_, T> {
    /// A name for what this list answers, the same as long as the answer is. None where it may differ
    /// though nothing was written, as with a filter that asks for the time.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a filter that has no answer for some entity or takes too long,
    /// [`Error::Unavailable`].
    pub async fn read(self) -> Result<List<T>, Error> {
        let kept = self.app.lists.get::<T>(self.app, self.version).await?;
        let Some(entities) = kept.entities() else { return self.read_through().await };
        let is_quick = self.filter.is_none() && (self.sort.is_natural() || entities.len() < MANY);
        let choice = Choice { query: self.query.clone(), filter: self.filter, sort: self.sort };
        if is_quick {
            return choice.among(kept, self.caller);
        }
        let caller = self.caller.clone();
        busy(move || choice.among(kept, &caller)).await
    }

    /// Reads the store to its end, and keeps no more than what is asked for.
    async fn read_through(self) -> Result<List<T>, Error> {
        let mut slices = Slices::default();
        let mut gathering = Gathering::new(self.caller, self.query.clone(), self.filter, self.sort);
        while let Some(part) = slices.next(self.app).await? {
            gathering.take_in(part).await?;
        }
        Ok(gathering.close())
    }
}

/// A list that is put together slice by slice, and holds no more than what is asked for.
pub(crate) struct Gathering<T> {
    choice: Arc<Choice<T>>,
    caller: Caller,
    window: Option<Window<T>>,
}

impl<T: Listed> Gathering<T> {
    /// An empty one.
    pub(crate) fn new(
        caller: &Caller,
        query: ListQuery,
        filter: Option<Filter<T>>,
        sort: Sort,
    ) -> Self {
        let choice = Arc::new(Choice { query, filter, sort });
        let window = Window { total: 0, held: Vec::new(), patience: Patience::new() };
        Self { choice, caller: caller.clone(), window: Some(window) }
    }

    /// Takes in what fits of the next slice.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a filter that has no answer or takes too long; nothing more may be
    /// taken in then.
    pub(crate) async fn take_in(&mut self, part: Vec<T>) -> Result<(), Error> {
        let Some(window) = self.window.take() else { return Ok(()) };
        let (choice, caller) = (self.choice.clone(), self.caller.clone());
        self.window = Some(busy(move || choice.take_in(part, window, &caller)).await?);
        Ok(())
    }

    /// What was gathered.
    pub(crate) fn close(self) -> List<T> {
        match self.window {
            Some(window) => self.choice.close(window),
            None => List::read(0, Vec::new()),
        }
    }
}

/// What of a list is wanted.
struct Choice<T> {
    query: ListQuery,
    filter: Option<Filter<T>>,
    sort: Sort,
}

/// What was found so far of a list that is too long to be kept.
struct Window<T> {
    total: u64,
    held: Vec<(SortKey, T)>,
    patience: Patience,
}

impl<T: Listed> Choice<T> {
    fn fits(&self, entity: &T, caller: &Caller, patience: &Patience) -> Result<bool, Error> {
        Ok(entity.is_seen_by(caller)
            && match &self.filter {
                Some(filter) => filter.keeps(entity, patience)?,
                None => true,
            })
    }

    /// Chooses among those that are kept.
    fn among(&self, kept: Arc<Kept<T>>, caller: &Caller) -> Result<List<T>, Error> {
        let entities = kept.entities().unwrap_or_default();
        let patience = Patience::new();
        let (mut total, mut chosen) = (0, Vec::new());
        let mut consider = |at: u32, entity: &T| -> Result<(), Error> {
            if self.fits(entity, caller, &patience)? {
                if self.query.wants(total) {
                    chosen.push(at);
                }
                total += 1;
            }
            Ok(())
        };
        if self.sort.is_natural() {
            (0_u32..).zip(entities).try_for_each(|(at, entity)| consider(at, entity))?;
        } else {
            let order = kept.order(&self.sort);
            let in_order = order.iter().filter_map(|at| Some((*at, entities.get(*at as usize)?)));
            in_order.into_iter().try_for_each(|(at, entity)| consider(at, entity))?;
        }
        Ok(List { total, source: Source::Kept(kept, chosen) })
    }

    /// Takes in what fits of a slice.
    fn take_in(
        &self,
        part: Vec<T>,
        mut window: Window<T>,
        caller: &Caller,
    ) -> Result<Window<T>, Error> {
        let patience = window.patience.resume(Duration::ZERO);
        for entity in part {
            if !self.fits(&entity, caller, &patience)? {
                continue;
            }
            if !self.sort.is_natural() || self.query.wants(window.total) {
                window.held.push((self.sort.key(&entity), entity));
            }
            window.total += 1;
        }
        if !self.sort.is_natural() {
            // What comes after the end now comes after it with more entities too.
            self.cut(&mut window.held);
        }
        window.patience = patience.resume(patience.spent());
        Ok(window)
    }

    /// Sorts, and drops what lies behind the end of what is asked for.
    fn cut(&self, held: &mut Vec<(SortKey, T)>) {
        held.sort_by(|(a, _), (b, _)| self.sort.compare(a, b));
        held.truncate(usize::try_from(self.query.end()).unwrap_or(usize::MAX));
    }

    fn close(&self, window: Window<T>) -> List<T> {
        let skip = if self.sort.is_natural() { 0 } else { self.query.skip };
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let wanted = window.held.into_iter().skip(skip).map(|(_, entity)| entity).collect();
        List::read(window.total, wanted)
    }
}

impl<T> List<T> {
    /// Some entities that were read for this list, of so many that fit.
    pub(crate) fn read(total: u64, entities: Vec<T>) -> Self {
        Self { total, source: Source::Read(entities) }
    }
}

impl<T: Listed> List<T> {
    /// The entities, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &T> {
        let len = match &self.source {
            Source::Kept(_, chosen) => chosen.len(),
            Source::Read(read) => read.len(),
        };
        (0..len).map(|number| match &self.source {
            Source::Kept(kept, chosen) => {
                &kept.entities().unwrap_or_default()[chosen[number] as usize]
            }
            Source::Read(read) => &read[number],
        })
    }

    /// How many of it were asked for and are there.
    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().len()
    }

    /// Whether nothing of it was asked for or is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Works where a thread may be busy for a while.
pub(crate) async fn busy<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(Error::Unavailable {
            message: "the list cannot be read now; try again".to_owned(),
            source: error.into(),
        }),
    }
}
