//! Where the provider's endpoints are, and which keys it signs with: asked for, and kept for a while.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::CoreProviderMetadata;
use openidconnect::{DiscoveryError, IssuerUrl};
use pressroom_ports::Clock;
use tokio::sync::Mutex;

use crate::http::{Http, HttpError};

/// For how long what was found out is believed.
const KEPT: TimeDelta = TimeDelta::hours(1);
/// For how long it is believed where the provider does not answer any more.
const KEPT_WITHOUT_ANSWER: TimeDelta = TimeDelta::hours(24);
/// How soon it may be asked again for a key that is not there: whoever brings wrong signatures must
/// not make this site ask with each of them.
const ASKED_AGAIN: TimeDelta = TimeDelta::seconds(10);

/// What the provider says about itself.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) metadata: Arc<CoreProviderMetadata>,
    asked_at: DateTime<Utc>,
}

/// Asks the provider about itself, one question at a time.
pub(crate) struct Discovery {
    issuer: IssuerUrl,
    http: Http,
    clock: Arc<dyn Clock>,
    known: Mutex<Option<Known>>,
}

impl Discovery {
    pub(crate) fn new(issuer: IssuerUrl, http: Http, clock: Arc<dyn Clock>) -> Self {
        Self { issuer, http, clock, known: Mutex::default() }
    }

    /// What the provider says about itself, at most an hour old where it answers.
    pub(crate) async fn known(&self) -> Result<Known, DiscoveryError<HttpError>> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        let old = match &*known {
            Some(found) if now - found.asked_at < KEPT => return Ok(found.clone()),
            other => other.clone(),
        };
        match self.ask(now).await {
            Ok(found) => Ok(known.insert(found).clone()),
            Err(error) => match old {
                Some(found) if now - found.asked_at < KEPT_WITHOUT_ANSWER => {
                    tracing::warn!(%error, "the identity provider does not say who it is");
                    Ok(found)
                }
                _ => Err(error),
            },
        }
    }

    /// What the provider says about itself now, for who has found a signature by none of the keys
    /// that `seen` tells; none where there is nothing newer.
    pub(crate) async fn newer(
        &self,
        seen: &Known,
    ) -> Result<Option<Known>, DiscoveryError<HttpError>> {
        let mut known = self.known.lock().await;
        if let Some(found) = &*known
            && found.asked_at > seen.asked_at
        {
            return Ok(Some(found.clone()));
        }
        let now = self.clock.now();
        if now - seen.asked_at < ASKED_AGAIN {
            return Ok(None);
        }
        let found = self.ask(now).await?;
        Ok(Some(known.insert(found).clone()))
    }

    async fn ask(&self, now: DateTime<Utc>) -> Result<Known, DiscoveryError<HttpError>> {
        let metadata = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http);
        Ok(Known { metadata: Arc::new(metadata.await?), asked_at: now })
    }
}
