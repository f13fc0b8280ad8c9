//! What goes with every write: its line of the audit trail, and mails.

use pressroom_domain::AuditEntry;
use pressroom_ports::{Change, Queue, StoreError};

use pressroom_diesel_store::Failure;

use super::outbox::SealedMail;
use super::{audit, outbox};
use crate::{Connection, Store};

/// What goes with a write, in the write's own transaction.
#[derive(Clone)]
pub(crate) struct Along {
    audit: AuditEntry,
    mails: Vec<SealedMail>,
}

impl Along {
    /// Adds it.
    pub(crate) fn record(self, conn: &mut Connection) -> Result<(), Failure> {
        outbox::append(conn, self.audit.at, self.mails)?;
        audit::append(conn, self.audit)
    }

    /// The same for a write that made something, whose id is known only now.
    pub(crate) fn record_made(mut self, conn: &mut Connection, id: i64) -> Result<(), Failure> {
        self.audit.subject.id.get_or_insert_with(|| id.to_string());
        self.record(conn)
    }

    /// Leaves the mails out.
    pub(crate) fn without_mails(self) -> Self {
        Self { mails: Vec::new(), ..self }
    }
}

impl Store {
    /// Makes a change in one transaction that survives a power cut. `work` is given the entity and
    /// what goes along, and records that where the change is made.
    pub(crate) async fn change<E, T>(
        &self,
        change: Change<E>,
        work: impl Fn(&mut Connection, E, Along) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError>
    where
        E: Clone + Send + 'static,
        T: Send + 'static,
    {
        let Change { entity, audit, outbox } = change;
        let along = Along { audit, mails: outbox::sealed(self.key().as_ref(), &outbox)? };
        let mails = !along.mails.is_empty();
        let changed = self.write(move |conn| work(conn, entity.clone(), along.clone())).await;
        if mails && changed.is_ok() {
            self.announce(Queue::Mails);
        }
        changed
    }
}
