//! Connections that wait for their next query: opening a file and reading its tables takes longer
//! than many a query.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::hiding::Hiding;
use super::open::Session;
use crate::places::Place;

/// Connections that wait at most.
const MOST: usize = 16;
/// How long one waits at most.
const LONGEST: Duration = Duration::from_secs(120);

#[derive(Debug, Default)]
pub(crate) struct Pool {
    idle: Mutex<Vec<(Instant, Place, Session)>>,
}

impl Pool {
    /// A connection to exactly this file that hides exactly this, if one waits.
    pub(crate) fn take(&self, place: &Place, hiding: &Hiding) -> Option<Session> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        idle.retain(|(since, ..)| now.duration_since(*since) < LONGEST);
        let fits = |(_, of, session): &(Instant, Place, Session)| {
            of == place && *session.hiding == *hiding
        };
        let position = idle.iter().rposition(fits)?;
        Some(idle.remove(position).2)
    }

    /// Lets a connection wait.
    pub(crate) fn put(&self, place: Place, session: Session) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() >= MOST {
            idle.remove(0);
        }
        idle.push((Instant::now(), place, session));
    }
}
