//! Word of work between nodes: none here. SQL Server has no channel for it that every edition and every
//! account may use; servers look for work themselves.

use async_trait::async_trait;
use pressroom_ports::{Queue, WorkSignals};

use crate::Store;

#[async_trait]
impl WorkSignals for Store {
    async fn queued(&self, _queue: Queue) {
        std::future::pending::<()>().await;
    }
}
