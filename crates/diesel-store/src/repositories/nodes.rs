//! The servers that share the store.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use pressroom_domain::{Node, NodeName, NodeState};
use pressroom_ports::{Kind, NodeRepository, StoreError};

use crate::Store;
use pressroom_diesel_store::schema::nodes;
use pressroom_diesel_store::{Reader, micros};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = nodes)]
struct Row {
    name: String,
    version: String,
    address: String,
    state: String,
    started_at: i64,
    seen_at: i64,
    running: i64,
    capacity: i64,
}

impl From<&Node> for Row {
    fn from(node: &Node) -> Self {
        Self {
            name: node.name.to_string(),
            version: node.version.clone(),
            address: node.address.clone(),
            state: node.state.name().to_owned(),
            started_at: micros(node.started_at),
            seen_at: micros(node.seen_at),
            running: node.running.into(),
            capacity: node.capacity.into(),
        }
    }
}

impl Row {
    fn read(self) -> Result<Node, StoreError> {
        let name = self.name.as_str();
        let reader = Reader { kind: Kind::Node, id: &name };
        Ok(Node {
            state: reader.word(&self.state, NodeState::find)?,
            started_at: reader.time(self.started_at)?,
            seen_at: reader.time(self.seen_at)?,
            running: reader.count(self.running)?,
            capacity: reader.count(self.capacity)?,
            name: NodeName::new(name),
            version: self.version,
            address: self.address,
        })
    }
}

#[async_trait]
impl NodeRepository for Store {
    async fn heartbeat(&self, node: Node) -> Result<DateTime<Utc>, StoreError> {
        // Nobody else writes this row: names are not shared.
        self.write_soon(move |conn| {
            let row = Row::from(&node);
            let known = nodes::table.find(node.name.as_str());
            if diesel::update(known).set(&row).execute(conn)? == 0 {
                diesel::insert_into(nodes::table).values(&row).execute(conn)?;
            }
            let reader = Reader { kind: Kind::Node, id: &"whose clock counts" };
            Ok(reader.time(crate::store::time(conn)?)?)
        })
        .await
    }

    async fn leave(&self, name: &NodeName) -> Result<(), StoreError> {
        let name = name.clone();
        self.write_soon(move |conn| {
            diesel::delete(nodes::table.find(name.as_str())).execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn list(&self) -> Result<Vec<Node>, StoreError> {
        self.look_up(|conn| {
            let rows: Vec<Row> = nodes::table
                .order((nodes::started_at, nodes::name))
                .select(Row::as_select())
                .load(conn)?;
            Ok(rows.into_iter().map(Row::read).collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn forget(&self, seen_before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write_soon(move |conn| {
            let silent = nodes::table.filter(nodes::seen_at.lt(micros(seen_before)));
            Ok(diesel::delete(silent).execute(conn)? as u64)
        })
        .await
    }
}
