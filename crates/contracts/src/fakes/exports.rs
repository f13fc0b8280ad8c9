//! Exports in memory.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use pressroom_domain::{
    Claim, Export, ExportFault, ExportId, ExportProgress, ExportResult, ExportState, NewExport,
    NodeName, StateError, Warning,
};
use pressroom_ports::{Change, ClaimError, ExportRepository, HeldLease, Kind, StoreError};

use super::memory::{MemoryStore, text};

impl MemoryStore {
    fn step(
        &self,
        id: ExportId,
        step: impl FnOnce(Export) -> Result<Export, StateError>,
    ) -> Result<(), ClaimError> {
        let mut tables = self.tables_to_write()?;
        let export =
            tables.exports.get_mut(&id).ok_or_else(|| StoreError::not_found(Kind::Export, id))?;
        *export = step(export.clone())?;
        Ok(())
    }
}

#[async_trait]
impl ExportRepository for MemoryStore {
    async fn enqueue(&self, change: Change<NewExport>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let export = Export::queued(change.entity);
        let id = export.id;
        if tables.exports.contains_key(&id) {
            return Err(StoreError::duplicate(Kind::Export, id));
        }
        tables.exports.insert(id, export);
        tables.record(change.audit, change.outbox, id);
        Ok(())
    }

    async fn get(&self, id: ExportId) -> Result<Export, StoreError> {
        let export = self.tables()?.exports.get(&id).cloned();
        export.ok_or_else(|| StoreError::not_found(Kind::Export, id))
    }

    async fn claim_due(
        &self,
        now: DateTime<Utc>,
        lease_for: TimeDelta,
        node: &NodeName,
    ) -> Result<Option<Export>, StoreError> {
        let mut tables = self.tables_to_write()?;
        loop {
            let due = tables
                .exports
                .values_mut()
                .filter(|export| export.is_due(now))
                .min_by_key(|export| (export.queued_at, export.id));
            let Some(export) = due else { return Ok(None) };
            let Ok(claimed) = export.clone().claim(now, now + lease_for, node.clone()) else {
                return Ok(None);
            };
            *export = claimed.clone();
            if matches!(claimed.state, ExportState::Running(_)) {
                return Ok(Some(claimed));
            }
        }
    }

    async fn heartbeat(
        &self,
        id: ExportId,
        fence: i64,
        lease_until: DateTime<Utc>,
        progress: ExportProgress,
    ) -> Result<(), ClaimError> {
        let progress = ExportProgress { message: text(&progress.message), ..progress };
        self.step(id, |export| export.heartbeat(fence, lease_until, progress))
    }

    async fn complete(
        &self,
        id: ExportId,
        fence: i64,
        result: ExportResult,
        warnings: Vec<Warning>,
        at: DateTime<Utc>,
    ) -> Result<(), ClaimError> {
        self.step(id, |export| export.complete(fence, result, warnings, at))
    }

    async fn fail(
        &self,
        id: ExportId,
        fence: i64,
        fault: ExportFault,
        warnings: Vec<Warning>,
        at: DateTime<Utc>,
    ) -> Result<(), ClaimError> {
        let fault = ExportFault { message: text(&fault.message) };
        self.step(id, |export| export.fail(fence, fault, warnings, at))
    }

    async fn release(&self, id: ExportId, fence: i64) -> Result<(), ClaimError> {
        self.step(id, |export| export.release(fence))
    }

    async fn leases_beyond(&self, time: DateTime<Utc>) -> Result<Vec<HeldLease>, StoreError> {
        let tables = self.tables()?;
        let held = tables.exports.values().filter_map(|export| match &export.state {
            ExportState::Running(Claim { lease_until, .. }) if *lease_until > time => {
                Some(HeldLease { id: export.id, fence: export.fence, lease_until: *lease_until })
            }
            _ => None,
        });
        Ok(held.collect())
    }

    async fn end_lease(&self, lease: &HeldLease, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut tables = self.tables_to_write()?;
        let export = tables.exports.get_mut(&lease.id).filter(|held| held.fence == lease.fence);
        let claim = export.and_then(|export| match &mut export.state {
            ExportState::Running(claim) if claim.lease_until == lease.lease_until => Some(claim),
            _ => None,
        });
        Ok(claim.map(|claim| claim.lease_until = at).is_some())
    }

    async fn cancel(&self, change: Change<ExportId>, at: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let id = change.entity;
        let export =
            tables.exports.get_mut(&id).ok_or_else(|| StoreError::not_found(Kind::Export, id))?;
        *export = export.clone().cancel(at);
        tables.record(change.audit, change.outbox, id);
        Ok(())
    }

    async fn delete_finished(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut tables = self.tables_to_write()?;
        let count = tables.exports.len();
        tables.exports.retain(|_, export| export.finished_at.is_none_or(|at| at >= before));
        Ok((count - tables.exports.len()) as u64)
    }
}
