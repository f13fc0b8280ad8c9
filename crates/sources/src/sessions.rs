//! Connections to servers, a pool for each data model.
//!
//! A model that holds up all of its connections, or cannot be reached, holds up no other one.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use pressroom_data::SourceError;
use pressroom_domain::{DataModel, DataModelId, ProviderModel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::subject::Subject;

/// Connections that one model uses at a time.
const MOST: usize = 8;
/// How long a connection waits for its next use.
const IDLE: Duration = Duration::from_secs(60);
/// How long making a connection may take.
const CONNECT: Duration = Duration::from_secs(15);
/// How long one is waited for while all are in use.
const WAIT: Duration = Duration::from_secs(30);

/// Connections of an engine, by data model.
#[derive(Debug)]
pub(crate) struct Sessions<S> {
    models: Mutex<HashMap<DataModelId, Arc<OfModel<S>>>>,
}

#[derive(Debug)]
struct OfModel<S> {
    /// What they were made from: a model that is changed gets new ones.
    provider: ProviderModel,
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<(Instant, S)>>,
}

/// A connection in use. Dropped, it is closed; see [`Lease::give_back`].
#[derive(Debug)]
pub(crate) struct Lease<S> {
    session: S,
    of_model: Arc<OfModel<S>>,
    permit: OwnedSemaphorePermit,
}

impl<S> Default for Sessions<S> {
    fn default() -> Self {
        Self { models: Mutex::default() }
    }
}

impl<S> Sessions<S> {
    /// A connection of a model: one that waits, or a new one.
    ///
    /// # Errors
    /// [`SourceError::Away`] where it takes too long, or as `connect` says.
    pub(crate) async fn take(
        &self,
        model: &DataModel,
        subject: &Subject,
        connect: impl Future<Output = Result<S, SourceError>>,
    ) -> Result<Lease<S>, SourceError> {
        let of_model = self.of_model(model);
        let permit = tokio::time::timeout(WAIT, Arc::clone(&of_model.permits).acquire_owned());
        let Ok(Ok(permit)) = permit.await else {
            return Err(subject.away(format_args!(
                "all {MOST} connections to it are in use; try again when other exports have ended"
            )));
        };
        if let Some(session) = of_model.waiting() {
            return Ok(Lease { session, of_model, permit });
        }
        let connected = tokio::time::timeout(CONNECT, connect).await;
        let session =
            connected.unwrap_or_else(|_| Err(subject.away("it does not answer in time")))?;
        Ok(Lease { session, of_model, permit })
    }

    /// Closes what waits for a model.
    pub(crate) fn forget(&self, model: DataModelId) {
        self.models().remove(&model);
    }

    fn of_model(&self, model: &DataModel) -> Arc<OfModel<S>> {
        let mut models = self.models();
        // Those that nobody uses any more go, whichever model they are of.
        models.retain(|_, of_model| {
            of_model.expire();
            of_model.is_used()
        });
        match models.get(&model.id) {
            Some(of_model) if of_model.provider == model.provider => Arc::clone(of_model),
            _ => {
                let of_model = Arc::new(OfModel {
                    provider: model.provider.clone(),
                    permits: Arc::new(Semaphore::new(MOST)),
                    idle: Mutex::default(),
                });
                models.insert(model.id, Arc::clone(&of_model));
                of_model
            }
        }
    }

    fn models(&self) -> MutexGuard<'_, HashMap<DataModelId, Arc<OfModel<S>>>> {
        self.models.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> OfModel<S> {
    fn waiting(&self) -> Option<S> {
        self.expire();
        self.idle().pop().map(|(_, session)| session)
    }

    fn expire(&self) {
        let now = Instant::now();
        self.idle().retain(|(since, _)| now.duration_since(*since) < IDLE);
    }

    fn is_used(&self) -> bool {
        self.permits.available_permits() < MOST || !self.idle().is_empty()
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(Instant, S)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> Lease<S> {
    /// Lets the connection wait for its next use. To be called where it is as good as new.
    pub(crate) fn give_back(self) {
        let Self { session, of_model, permit } = self;
        of_model.idle().push((Instant::now(), session));
        drop(permit);
    }
}

impl<S> Deref for Lease<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.session
    }
}

impl<S> DerefMut for Lease<S> {
    fn deref_mut(&mut self) -> &mut S {
        &mut self.session
    }
}
