//! All entities of a kind, in memory, as of a version.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use pressroom_ports::{Slice, StoreError};

use super::Listed;
use super::sort::Sort;
use crate::App;

/// How many entities come with one call of a store.
const SLICE: u32 = 500;
/// The most entities of a kind that are kept. Lists of more are read with each request.
pub(super) const MOST_KEPT: usize = 200_000;
/// The most orders of one kind that are kept.
const MOST_ORDERS: usize = 8;

/// What lists keep in memory: for each kind, all entities as of a version.
#[derive(Default)]
pub struct ListCaches {
    kinds: RwLock<BTreeMap<TypeId, Arc<dyn Any + Send + Sync>>>,
    most_kept: Option<usize>,
}

impl ListCaches {
    /// Caches that keep at most so many entities of a kind.
    #[must_use]
    pub fn keeping(most: usize) -> Self {
        Self { most_kept: Some(most), ..Self::default() }
    }

    /// The entities of a kind as of a version or a later one.
    pub(super) async fn get<T: Listed>(
        &self,
        app: &App,
        version: i64,
    ) -> Result<Arc<Kept<T>>, StoreError> {
        self.kind::<T>().get(app, version, self.most_kept.unwrap_or(MOST_KEPT)).await
    }

    fn kind<T: Listed>(&self) -> Arc<KindCache<T>> {
        let id = TypeId::of::<T>();
        let known = self.kinds.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        let cache = known.unwrap_or_else(|| {
            let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
            let new = || Arc::new(KindCache::<T>::default()) as Arc<dyn Any + Send + Sync>;
            kinds.entry(id).or_insert_with(new).clone()
        });
        // What stands at a type's place is of that type.
        cache.downcast().unwrap_or_default()
    }
}

impl fmt::Debug for ListCaches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListCaches").finish_non_exhaustive()
    }
}

struct KindCache<T> {
    kept: RwLock<Option<Arc<Kept<T>>>>,
    /// Held while the store is read: those who come meanwhile wait for what it brings.
    loading: tokio::sync::Mutex<()>,
}

impl<T> Default for KindCache<T> {
    fn default() -> Self {
        Self { kept: RwLock::new(None), loading: tokio::sync::Mutex::new(()) }
    }
}

impl<T: Listed> KindCache<T> {
    async fn get(&self, app: &App, version: i64, most: usize) -> Result<Arc<Kept<T>>, StoreError> {
        if let Some(kept) = self.kept(version) {
            return Ok(kept);
        }
        let _one_at_a_time = self.loading.lock().await;
        if let Some(kept) = self.kept(version) {
            return Ok(kept);
        }
        // Before the rows: a write between the two makes what is kept look older than it is, which
        // costs a reading. The other way round it would look newer, and stay wrong.
        let version = app.stores.audit.newest_about(T::KINDS).await?;
        let mut entities = Some(Vec::new());
        let mut slices = Slices::<T>::default();
        while let Some(part) = slices.next(app).await? {
            match &mut entities {
                Some(all) if all.len() + part.len() <= most => all.extend(part),
                _ => {
                    entities = None;
                    break;
                }
            }
        }
        let kept = Arc::new(Kept {
            version,
            entities: entities.map(Vec::into_boxed_slice),
            orders: Mutex::default(),
        });
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept.clone());
        Ok(kept)
    }

    fn kept(&self, version: i64) -> Option<Arc<Kept<T>>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|kept| kept.version >= version).cloned()
    }
}

/// All entities of a kind, smallest id first.
pub(super) struct Kept<T> {
    version: i64,
    /// None where there are too many to be kept.
    entities: Option<Box<[T]>>,
    /// Orders that were asked for, the newest at the end.
    orders: Mutex<Vec<(Sort, Arc<[u32]>)>>,
}

impl<T: Listed> Kept<T> {
    /// What is kept; none where there are too many.
    pub(super) fn entities(&self) -> Option<&[T]> {
        self.entities.as_deref()
    }

    /// The positions of the entities in an order. Those that tie are in the order of their ids.
    pub(super) fn order(&self, sort: &Sort) -> Arc<[u32]> {
        let orders = || self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = orders().iter().find(|(known, _)| known == sort) {
            return known.clone();
        }
        let entities = self.entities.as_deref().unwrap_or_default();
        let mut keyed: Vec<_> =
            (0_u32..).zip(entities).map(|(at, entity)| (sort.key(entity), at)).collect();
        keyed.sort_by(|(a, _), (b, _)| sort.compare(a, b));
        let order: Arc<[u32]> = keyed.into_iter().map(|(_, at)| at).collect();
        let mut orders = orders();
        if orders.len() >= MOST_ORDERS {
            orders.remove(0);
        }
        orders.push((sort.clone(), order.clone()));
        order
    }
}

/// All entities of a kind, slice by slice.
pub(super) struct Slices<T: Listed> {
    next: Option<Slice<T::Id>>,
}

impl<T: Listed> Default for Slices<T> {
    fn default() -> Self {
        Self { next: Some(Slice::first(SLICE)) }
    }
}

impl<T: Listed> Slices<T> {
    /// The next slice; none at the end.
    pub(super) async fn next(&mut self, app: &App) -> Result<Option<Vec<T>>, StoreError> {
        let Some(slice) = self.next.take() else { return Ok(None) };
        let part = T::slice(app, slice).await?;
        if part.len() >= SLICE as usize {
            self.next = part.last().map(|last| Slice::after(last.id(), SLICE));
        }
        Ok(Some(part))
    }
}
