//! Transactions and savepoints.

use std::borrow::Cow;
use std::num::NonZeroU32;

use diesel::connection::{
    Connection as _, InstrumentationEvent, SimpleConnection as _, TransactionDepthChange,
    TransactionManager, TransactionManagerStatus,
};
use diesel::result::{Error, QueryResult};

use super::{TdsConnection, error};

/// Begins, commits and rolls back, in the words of T-SQL: it releases no savepoints, and rolls back to
/// them by `ROLLBACK TRANSACTION name`.
#[derive(Debug, Default)]
pub struct TdsTransactionManager {
    status: TransactionManagerStatus,
    /// The server has rolled the transaction back, while the caller still believes in it.
    ended: bool,
}

impl TdsTransactionManager {
    /// Whether a statement may run: not outside of the transaction that its caller believes in.
    pub(super) fn running(&self) -> QueryResult<()> {
        if self.ended { Err(error::transaction_ended()) } else { Ok(()) }
    }

    pub(super) fn set_test(&mut self) {
        self.status.set_test_transaction_flag();
    }

    fn depth(&self) -> QueryResult<Option<NonZeroU32>> {
        self.status.transaction_depth()
    }

    fn change(&mut self, by: TransactionDepthChange) -> QueryResult<()> {
        match &mut self.status {
            TransactionManagerStatus::Valid(valid) => valid.change_transaction_depth(by),
            TransactionManagerStatus::InError => Err(Error::BrokenTransactionManager),
        }
    }

    /// One level less; at the last, a new transaction can begin.
    fn leave(&mut self) -> QueryResult<()> {
        self.change(TransactionDepthChange::DecreaseDepth)?;
        if self.depth()?.is_none() {
            self.ended = false;
        }
        Ok(())
    }

    /// An error may have ended the transaction: asks the server.
    pub(super) fn after_error(conn: &mut TdsConnection) {
        let inside = conn.transactions.depth().is_ok_and(|depth| depth.is_some());
        if !inside || conn.transactions.ended || conn.broken.is_some() {
            return;
        }
        // XACT_STATE is 1 where the transaction lives and can be committed.
        let state = conn.run_loaded("SELECT CAST(XACT_STATE() AS int)".to_owned(), Vec::new());
        let alive = state.is_ok_and(|mut rows| {
            rows.next().and_then(Result::ok).and_then(|row| row.int(0)) == Some(1)
        });
        conn.transactions.ended = !alive;
    }
}

/// The savepoint that a transaction inside others begins with.
fn savepoint(depth: NonZeroU32) -> String {
    format!("diesel_savepoint_{depth}")
}

impl TransactionManager<TdsConnection> for TdsTransactionManager {
    type TransactionStateData = Self;

    fn begin_transaction(conn: &mut TdsConnection) -> QueryResult<()> {
        let outer = conn.transactions.depth()?;
        let depth = outer.map_or(NonZeroU32::MIN, |outer| outer.saturating_add(1));
        conn.instrumentation().on_connection_event(InstrumentationEvent::begin_transaction(depth));
        let sql = match outer {
            None => Cow::from("BEGIN TRANSACTION"),
            Some(outer) => format!("SAVE TRANSACTION {}", savepoint(outer)).into(),
        };
        conn.batch_execute(&sql)?;
        conn.transactions.change(TransactionDepthChange::IncreaseDepth)
    }

    fn rollback_transaction(conn: &mut TdsConnection) -> QueryResult<()> {
        let depth = conn.transactions.depth()?.ok_or(Error::NotInTransaction)?;
        conn.instrumentation()
            .on_connection_event(InstrumentationEvent::rollback_transaction(depth));
        if conn.broken.is_some() {
            // The server rolls back what a connection leaves open.
            return conn.transactions.leave();
        }
        if conn.transactions.ended {
            // The server has done it. What it has not yet, because it can only be rolled back, is
            // rolled back as a whole; the transactions around this one find it ended.
            if let Err(failed) = conn.run_batch("IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION") {
                conn.transactions.status.set_in_error();
                return Err(failed);
            }
            return conn.transactions.leave();
        }
        let sql = match NonZeroU32::new(depth.get() - 1) {
            None => Cow::from("ROLLBACK TRANSACTION"),
            Some(outer) => format!("ROLLBACK TRANSACTION {}", savepoint(outer)).into(),
        };
        match conn.batch_execute(&sql) {
            Ok(()) => conn.transactions.leave(),
            Err(failed) if depth.get() > 1 => {
                // The transactions around it can still be rolled back.
                conn.transactions.ended = true;
                conn.transactions.leave()?;
                Err(failed)
            }
            Err(failed) => {
                conn.transactions.status.set_in_error();
                Err(failed)
            }
        }
    }

    fn commit_transaction(conn: &mut TdsConnection) -> QueryResult<()> {
        let depth = conn.transactions.depth()?.ok_or(Error::NotInTransaction)?;
        conn.instrumentation().on_connection_event(InstrumentationEvent::commit_transaction(depth));
        // Savepoints are not released; they end with the transaction.
        let done =
            if depth.get() > 1 { conn.may_run() } else { conn.batch_execute("COMMIT TRANSACTION") };
        let Err(commit_error) = done else { return conn.transactions.leave() };
        match Self::rollback_transaction(conn) {
            Ok(()) => Err(commit_error),
            Err(rollback_error) => {
                conn.transactions.status.set_in_error();
                Err(Error::RollbackErrorOnCommit {
                    rollback_error: Box::new(rollback_error),
                    commit_error: Box::new(commit_error),
                })
            }
        }
    }

    fn transaction_manager_status_mut(conn: &mut TdsConnection) -> &mut TransactionManagerStatus {
        &mut conn.transactions.status
    }
}
