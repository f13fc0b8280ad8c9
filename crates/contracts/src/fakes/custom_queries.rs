//! Custom queries of data models in memory.

use async_trait::async_trait;
use pressroom_domain::{
    CustomQuery, CustomQueryKey, CustomQueryUpdate, DataModelId, NewCustomQuery, OptimisticLock,
};
use pressroom_ports::{Change, CustomQueryRepository, Kind, StoreError};

use super::memory::{MemoryStore, Tables, next_lock};

/// Where a query is kept: by its data model and the key of its name.
type Place = (DataModelId, String);

fn place(model: DataModelId, name: &str) -> Place {
    (model, name.trim().to_lowercase())
}

fn make(query: NewCustomQuery, lock: OptimisticLock) -> CustomQuery {
    let NewCustomQuery { model, name, sql, parameters } = query;
    CustomQuery { model, name, sql, parameters, lock }
}

fn missing(name: &str) -> StoreError {
    StoreError::not_found(Kind::CustomQuery, name)
}

fn find<'a>(tables: &'a Tables, key: &CustomQueryKey) -> Result<&'a CustomQuery, StoreError> {
    let found = tables.custom_queries.get(&place(key.model, &key.name));
    found.ok_or_else(|| missing(&key.name))
}

#[async_trait]
impl CustomQueryRepository for MemoryStore {
    async fn create(&self, change: Change<NewCustomQuery>) -> Result<CustomQuery, StoreError> {
        let mut tables = self.tables_to_write()?;
        let new = change.entity;
        if !tables.data_models.contains_key(&new.model) {
            return Err(StoreError::not_found(Kind::DataModel, new.model));
        }
        let place = place(new.model, new.name.as_str());
        if tables.custom_queries.contains_key(&place) {
            return Err(StoreError::duplicate(Kind::CustomQuery, new.name));
        }
        let query = make(new, OptimisticLock::NEW);
        tables.custom_queries.insert(place, query.clone());
        tables.record(change.audit, change.outbox, query.model);
        Ok(query)
    }

    async fn get(&self, key: &CustomQueryKey) -> Result<CustomQuery, StoreError> {
        find(&*self.tables()?, key).cloned()
    }

    async fn list(&self, model: DataModelId) -> Result<Vec<CustomQuery>, StoreError> {
        let tables = self.tables()?;
        Ok(tables.custom_queries.values().filter(|query| query.model == model).cloned().collect())
    }

    async fn update(&self, change: Change<CustomQueryUpdate>) -> Result<CustomQuery, StoreError> {
        let mut tables = self.tables_to_write()?;
        let CustomQueryUpdate { name, expected, query: new } = change.entity;
        let model = new.model;
        let stored = find(&tables, &CustomQueryKey { model, name: name.clone() })?;
        let lock = next_lock(Kind::CustomQuery, &name, stored.lock, expected)?;
        let (old, next) = (place(model, &name), place(model, new.name.as_str()));
        if old != next && tables.custom_queries.contains_key(&next) {
            return Err(StoreError::duplicate(Kind::CustomQuery, new.name));
        }
        let query = make(new, lock);
        tables.custom_queries.remove(&old);
        tables.custom_queries.insert(next, query.clone());
        tables.record(change.audit, change.outbox, model);
        Ok(query)
    }

    async fn delete(&self, change: Change<CustomQueryKey>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let CustomQueryKey { model, name } = change.entity;
        let removed = tables.custom_queries.remove(&place(model, &name));
        removed.ok_or_else(|| missing(&name))?;
        tables.record(change.audit, change.outbox, model);
        Ok(())
    }
}
