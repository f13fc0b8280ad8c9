//! Word of work between nodes: none here. The servers that share a file look for work themselves.

use async_trait::async_trait;
use pressroom_ports::{Queue, WorkSignals};

use crate::Store;

#[async_trait]
impl WorkSignals for Store {
    async fn queued(&self, _queue: Queue) {
        std::future::pending::<()>().await;
    }
}
