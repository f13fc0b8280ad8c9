//! Nodes in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pressroom_domain::{Node, NodeName};
use pressroom_ports::{Clock, NodeRepository, StoreError, SystemClock};

use super::memory::MemoryStore;

#[async_trait]
impl NodeRepository for MemoryStore {
    async fn heartbeat(&self, node: Node) -> Result<DateTime<Utc>, StoreError> {
        self.tables_to_write()?.nodes.insert(node.name.clone(), node);
        Ok(SystemClock.now())
    }

    async fn leave(&self, name: &NodeName) -> Result<(), StoreError> {
        self.tables_to_write()?.nodes.remove(name);
        Ok(())
    }

    async fn list(&self) -> Result<Vec<Node>, StoreError> {
        let mut nodes: Vec<Node> = self.tables()?.nodes.values().cloned().collect();
        nodes.sort_by_key(|node| node.started_at);
        Ok(nodes)
    }

    async fn forget(&self, seen_before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut tables = self.tables_to_write()?;
        let before = tables.nodes.len();
        tables.nodes.retain(|_, node| node.seen_at >= seen_before);
        Ok((before - tables.nodes.len()) as u64)
    }
}
