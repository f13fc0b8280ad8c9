//! How much a store is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use diesel::Connection as _;
use diesel::connection::InstrumentationEvent;

use crate::stored::Connection;

/// Counts the statements of some connections. Clones count together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statements(Arc<AtomicU64>);

impl Statements {
    /// Counts those of this connection from now on.
    pub(crate) fn watch(&self, conn: &mut Connection) {
        let count = self.0.clone();
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
