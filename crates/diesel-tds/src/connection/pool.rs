//! What a pool asks of a connection.

use diesel::connection::TransactionManager as _;
use diesel::r2d2::R2D2Connection;
use diesel::result::QueryResult;

use super::{TdsConnection, TdsTransactionManager};

impl R2D2Connection for TdsConnection {
    fn ping(&mut self) -> QueryResult<()> {
        self.run_batch("SELECT 1")
    }

    /// Also where a transaction was left open: the next user would be inside it.
    fn is_broken(&mut self) -> bool {
        self.broken.is_some() || TdsTransactionManager::is_broken_transaction_manager(self)
    }
}
