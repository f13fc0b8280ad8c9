//! Categories, documents and data models in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pressroom_domain::{
    Category, CategoryId, CategoryUpdate, DataModel, DataModelId, DataModelUpdate, Document,
    DocumentId, DocumentSave, DocumentUpdate, Name, NewCategory, NewDataModel, NewDocument,
    NewRevision, OptimisticLock, Revision, RevisionId, Scope, TablesUpdate,
};
use pressroom_ports::{
    CategoryRepository, Change, DataModelRepository, DocumentRepository, Kind, MomentRepository,
    Slice, StoreError,
};

use super::memory::{MemoryStore, Tables, next_lock, slice, text};

#[async_trait]
impl CategoryRepository for MemoryStore {
    async fn create(&self, change: Change<NewCategory>) -> Result<Category, StoreError> {
        let mut tables = self.tables_to_write()?;
        let id = CategoryId(tables.next_id());
        let category = Category { id, name: change.entity.name, lock: OptimisticLock::NEW };
        tables.categories.insert(id, category.clone());
        tables.record(change.audit, change.outbox, id);
        Ok(category)
    }

    async fn get(&self, id: CategoryId) -> Result<Category, StoreError> {
        let tables = self.tables()?;
        let category = tables.categories.get(&id).cloned();
        category.ok_or_else(|| StoreError::not_found(Kind::Category, id))
    }

    async fn list(&self, part: Slice<CategoryId>) -> Result<Vec<Category>, StoreError> {
        Ok(slice(&self.tables()?.categories, part))
    }

    async fn update(&self, change: Change<CategoryUpdate>) -> Result<Category, StoreError> {
        let mut tables = self.tables_to_write()?;
        let CategoryUpdate { id, expected, name } = change.entity;
        let category = tables
            .categories
            .get_mut(&id)
            .ok_or_else(|| StoreError::not_found(Kind::Category, id))?;
        category.lock = next_lock(Kind::Category, id, category.lock, expected)?;
        category.name = name;
        let category = category.clone();
        tables.record(change.audit, change.outbox, id);
        Ok(category)
    }

    async fn delete(&self, change: Change<CategoryId>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let id = change.entity;
        if !tables.categories.contains_key(&id) {
            return Err(StoreError::not_found(Kind::Category, id));
        }
        let held = tables.documents.values().filter(|document| document.category_id == id).count();
        if held > 0 {
            let by = format!("it holds {held} document{}", if held == 1 { "" } else { "s" });
            return Err(StoreError::in_use(Kind::Category, id, by));
        }
        tables.categories.remove(&id);
        tables.forget(|permission| {
            matches!(permission.scope, Scope::Category(gone) | Scope::DocumentsIn(gone) if gone == id)
        });
        tables.record(change.audit, change.outbox, id);
        Ok(())
    }
}

impl Tables {
    fn has_category(&self, id: CategoryId) -> Result<(), StoreError> {
        if self.categories.contains_key(&id) {
            Ok(())
        } else {
            Err(StoreError::not_found(Kind::Category, id))
        }
    }

    fn document(&mut self, id: DocumentId) -> Result<&mut Document, StoreError> {
        self.documents.get_mut(&id).ok_or_else(|| StoreError::not_found(Kind::Document, id))
    }

    fn add_revision(&mut self, document_id: DocumentId, new: NewRevision) -> RevisionId {
        let id = RevisionId(self.next_id());
        let of_document =
            self.revisions.values().filter(|revision| revision.document_id == document_id);
        let number = of_document.map(|revision| revision.number).max().unwrap_or(0) + 1;
        let NewRevision { created_at, user_name, comment, layout, data_models } = new;
        self.uses.insert(document_id, data_models);
        let revision = Revision { id, document_id, number, created_at, user_name, comment, layout };
        self.revisions.insert(id, revision);
        id
    }
}

#[async_trait]
impl DocumentRepository for MemoryStore {
    async fn create(&self, change: Change<NewDocument>) -> Result<Document, StoreError> {
        let mut tables = self.tables_to_write()?;
        let new = change.entity;
        tables.has_category(new.category_id)?;
        let id = DocumentId(tables.next_id());
        let modified_by = new.revision.user_name.clone();
        let modified_at = new.revision.created_at;
        let document = Document {
            id,
            category_id: new.category_id,
            name: new.name,
            description: new.description,
            document_type: new.document_type,
            auto_refresh_interval: new.auto_refresh_interval,
            modified_by,
            modified_at,
            locked_by: None,
            revision_id: tables.add_revision(id, new.revision),
            lock: OptimisticLock::NEW,
        };
        tables.documents.insert(id, document.clone());
        tables.record(change.audit, change.outbox, id);
        Ok(document)
    }

    async fn get(&self, id: DocumentId) -> Result<Document, StoreError> {
        self.tables()?.document(id).cloned()
    }

    async fn list(&self, part: Slice<DocumentId>) -> Result<Vec<Document>, StoreError> {
        Ok(slice(&self.tables()?.documents, part))
    }

    async fn find_by_name(&self, name: &str) -> Result<Vec<Document>, StoreError> {
        let key = name.trim().to_lowercase();
        let tables = self.tables()?;
        let called = tables.documents.values().filter(|document| document.name.key() == key);
        Ok(called.cloned().collect())
    }

    async fn update(&self, change: Change<DocumentUpdate>) -> Result<Document, StoreError> {
        let mut tables = self.tables_to_write()?;
        let update = change.entity;
        let id = update.id;
        let lock = tables.document(id)?.lock;
        let lock = next_lock(Kind::Document, id, lock, update.expected)?;
        tables.has_category(update.category_id)?;
        let document = tables.document(id)?;
        document.lock = lock;
        document.category_id = update.category_id;
        document.name = update.name;
        document.description = update.description;
        document.modified_by = update.modified_by;
        document.modified_at = update.modified_at;
        let document = document.clone();
        tables.record(change.audit, change.outbox, id);
        Ok(document)
    }

    async fn save(&self, change: Change<DocumentSave>) -> Result<Document, StoreError> {
        let mut tables = self.tables_to_write()?;
        let DocumentSave { id, expected, auto_refresh_interval, revision } = change.entity;
        let lock = tables.document(id)?.lock;
        let lock = next_lock(Kind::Document, id, lock, expected)?;
        let modified_by = revision.user_name.clone();
        let modified_at = revision.created_at;
        let revision_id = tables.add_revision(id, revision);
        let document = tables.document(id)?;
        document.lock = lock;
        document.auto_refresh_interval = auto_refresh_interval;
        document.modified_by = modified_by;
        document.modified_at = modified_at;
        document.revision_id = revision_id;
        let document = document.clone();
        tables.record(change.audit, change.outbox, id);
        Ok(document)
    }

    async fn delete(&self, change: Change<DocumentId>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let id = change.entity;
        tables.document(id)?;
        tables.used_by_jobs(Kind::Document, id, |job| job.details.document_id == id)?;
        tables.documents.remove(&id);
        tables.uses.remove(&id);
        tables.revisions.retain(|_, revision| revision.document_id != id);
        tables.forget(|permission| permission.scope == Scope::Document(id));
        tables.record(change.audit, change.outbox, id);
        Ok(())
    }

    async fn revisions(&self, id: DocumentId) -> Result<Vec<Revision>, StoreError> {
        let mut tables = self.tables_to_write()?;
        tables.document(id)?;
        let of_document = tables.revisions.values().filter(|revision| revision.document_id == id);
        let mut revisions: Vec<Revision> = of_document.cloned().collect();
        revisions.sort_by_key(|revision| -revision.number);
        Ok(revisions)
    }

    async fn revision(&self, id: DocumentId, revision: RevisionId) -> Result<Revision, StoreError> {
        let mut tables = self.tables_to_write()?;
        tables.document(id)?;
        let found = tables.revisions.get(&revision).filter(|found| found.document_id == id);
        found.cloned().ok_or_else(|| StoreError::not_found(Kind::Revision, revision))
    }
}

#[async_trait]
impl DataModelRepository for MemoryStore {
    async fn create(&self, change: Change<NewDataModel>) -> Result<DataModel, StoreError> {
        let mut tables = self.tables_to_write()?;
        let new = change.entity;
        if tables.data_models.values().any(|model| model.name.key() == new.name.key()) {
            return Err(StoreError::duplicate(Kind::DataModel, new.name));
        }
        let id = DataModelId(tables.next_id());
        let model = DataModel::new(id, new);
        tables.data_models.insert(id, model.clone());
        tables.record(change.audit, change.outbox, id);
        Ok(model)
    }

    async fn get(&self, id: DataModelId) -> Result<DataModel, StoreError> {
        let model = self.tables()?.data_models.get(&id).cloned();
        model.ok_or_else(|| StoreError::not_found(Kind::DataModel, id))
    }

    async fn find_by_name(&self, name: &str) -> Result<Option<DataModel>, StoreError> {
        let key = name.trim().to_lowercase();
        let tables = self.tables()?;
        Ok(tables.data_models.values().find(|model| model.name.key() == key).cloned())
    }

    async fn list(&self, part: Slice<DataModelId>) -> Result<Vec<DataModel>, StoreError> {
        Ok(slice(&self.tables()?.data_models, part))
    }

    async fn update(&self, change: Change<DataModelUpdate>) -> Result<DataModel, StoreError> {
        let mut tables = self.tables_to_write()?;
        let DataModelUpdate { id, expected, model: new } = change.entity;
        let not_found = || StoreError::not_found(Kind::DataModel, id);
        let stored = tables.data_models.get(&id).ok_or_else(not_found)?;
        let (hidden, row_filters) = (stored.hidden.clone(), stored.row_filters.clone());
        let lock = next_lock(Kind::DataModel, id, stored.lock, expected)?;
        let taken = |other: &DataModel| other.id != id && other.name.key() == new.name.key();
        if tables.data_models.values().any(taken) {
            return Err(StoreError::duplicate(Kind::DataModel, new.name));
        }
        let model = DataModel { hidden, row_filters, lock, ..DataModel::new(id, new) };
        tables.data_models.insert(id, model.clone());
        tables.record(change.audit, change.outbox, id);
        Ok(model)
    }

    async fn choose_tables(&self, change: Change<TablesUpdate>) -> Result<DataModel, StoreError> {
        let mut tables = self.tables_to_write()?;
        let TablesUpdate { id, expected, hidden, row_filters } = change.entity;
        let model = tables.data_models.get_mut(&id);
        let model = model.ok_or_else(|| StoreError::not_found(Kind::DataModel, id))?;
        model.lock = next_lock(Kind::DataModel, id, model.lock, expected)?;
        model.hidden = hidden;
        model.row_filters = row_filters;
        let model = model.clone();
        tables.record(change.audit, change.outbox, id);
        Ok(model)
    }

    async fn delete(&self, change: Change<DataModelId>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let id = change.entity;
        let model = tables.data_models.get(&id);
        let key = model.ok_or_else(|| StoreError::not_found(Kind::DataModel, id))?.name.key();
        let using = tables.uses.iter().filter(|(_, names)| names.contains(&key));
        let users: Vec<&Document> = using.filter_map(|(id, _)| tables.documents.get(id)).collect();
        if let Some(first) = users.first() {
            let by = used_by(first.id, &first.name, users.len());
            return Err(StoreError::in_use(Kind::DataModel, id, by));
        }
        let billed = tables.jobs.values().find(|job| {
            job.details.mode.binding().is_some_and(|binding| binding.data_model_id == id)
        });
        if let Some(job) = billed {
            let (job, name) = (job.id, &job.details.name);
            let by = format!("job {job}, \"{name}\", takes its recipients from it");
            return Err(StoreError::in_use(Kind::DataModel, id, by));
        }
        tables.data_models.remove(&id);
        tables.custom_queries.retain(|(model, _), _| *model != id);
        tables.forget(|permission| permission.scope == Scope::DataModel(id));
        tables.record(change.audit, change.outbox, id);
        Ok(())
    }
}

fn used_by(first: DocumentId, name: &Name, all: usize) -> String {
    match all {
        1 => format!("document {first}, \"{name}\", reads from it"),
        _ => format!("document {first}, \"{name}\", and {} more read from it", all - 1),
    }
}

#[async_trait]
impl MomentRepository for MemoryStore {
    async fn note(&self, name: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, StoreError> {
        Ok(*self.tables_to_write()?.moments.entry(text(name)).or_insert(now))
    }

    async fn noted(&self, name: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(self.tables()?.moments.get(&text(name)).copied())
    }

    async fn forget(&self, name: &str) -> Result<(), StoreError> {
        self.tables_to_write()?.moments.remove(&text(name));
        Ok(())
    }
}
