//! Documents and their revisions.

use async_trait::async_trait;
use diesel::prelude::*;
use pressroom_domain::{
    CategoryId, Document, DocumentId, DocumentSave, DocumentType, DocumentUpdate, Name,
    NewDocument, NewRevision, OptimisticLock, Revision, RevisionId, Scope,
};
use pressroom_ports::{Change, DocumentRepository, Kind, Slice, StoreError};

use super::lock::write_under_lock;
use super::sequence::Sequence;
use super::{jobs, permissions};
use crate::Connection;
use crate::Store;
use pressroom_diesel_store::schema::{document_data_models, documents, revisions};
use pressroom_diesel_store::{Failure, OnViolation};
use pressroom_diesel_store::{Reader, kept_text, micros};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = documents)]
struct Row {
    id: i64,
    category_id: i64,
    name: String,
    description: String,
    document_type: String,
    auto_refresh_interval_s: i64,
    modified_by: String,
    modified_at: i64,
    locked_by: Option<String>,
    revision_id: i64,
    optimistic_lock: i64,
}

impl TryFrom<Row> for Document {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let reader = Reader { kind: Kind::Document, id: &row.id };
        Ok(Self {
            id: DocumentId(row.id),
            category_id: CategoryId(row.category_id),
            name: reader.name(&row.name)?,
            description: reader.description(&row.description)?,
            document_type: reader.word(&row.document_type, DocumentType::find)?,
            auto_refresh_interval: reader.seconds(row.auto_refresh_interval_s)?,
            modified_by: reader.user_name(&row.modified_by)?,
            modified_at: reader.time(row.modified_at)?,
            locked_by: row.locked_by.map(|name| reader.user_name(&name)).transpose()?,
            revision_id: RevisionId(row.revision_id),
            lock: OptimisticLock(row.optimistic_lock),
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = revisions)]
struct RevisionRow {
    id: i64,
    document_id: i64,
    number: i64,
    created_at: i64,
    user_name: String,
    comment: String,
    layout: Vec<u8>,
}

impl TryFrom<RevisionRow> for Revision {
    type Error = StoreError;

    fn try_from(row: RevisionRow) -> Result<Self, StoreError> {
        let reader = Reader { kind: Kind::Revision, id: &row.id };
        Ok(Self {
            id: RevisionId(row.id),
            document_id: DocumentId(row.document_id),
            number: row.number,
            created_at: reader.time(row.created_at)?,
            user_name: reader.user_name(&row.user_name)?,
            comment: reader.description(&row.comment)?,
            layout: reader.blob_hash(&row.layout)?,
        })
    }
}

fn not_found(id: DocumentId) -> StoreError {
    StoreError::not_found(Kind::Document, id)
}

fn find(conn: &mut Connection, id: DocumentId) -> Result<Document, Failure> {
    let row: Option<Row> =
        documents::table.find(id.0).select(Row::as_select()).first(conn).optional()?;
    Ok(row.ok_or_else(|| not_found(id))?.try_into()?)
}

fn lock(conn: &mut Connection, id: DocumentId) -> QueryResult<Option<i64>> {
    documents::table.find(id.0).select(documents::optimistic_lock).first(conn).optional()
}

/// Whether a data model can be called so. A layout may name whatever it likes, of any length.
fn may_be_a_key(name: &str) -> bool {
    // Counted as UTF-16 does, where a character takes two words at most, and where one that becomes
    // two in lower case does too.
    let words = name.encode_utf16().take(2 * Name::LONGEST + 1).count();
    words <= 2 * Name::LONGEST && name.trim() == name && !name.contains('\0')
}

fn add_revision(
    conn: &mut Connection,
    id: RevisionId,
    document: DocumentId,
    number: i64,
    new: &NewRevision,
) -> Result<(), Failure> {
    let row = RevisionRow {
        id: id.0,
        document_id: document.0,
        number,
        created_at: micros(new.created_at),
        user_name: new.user_name.to_string(),
        comment: new.comment.to_string(),
        layout: new.layout.as_bytes().to_vec(),
    };
    diesel::insert_into(revisions::table).values(row).execute(conn)?;
    let named = document_data_models::table;
    diesel::delete(named.filter(document_data_models::document_id.eq(document.0))).execute(conn)?;
    for name in new.data_models.iter().filter(|name| may_be_a_key(name)) {
        diesel::insert_into(named)
            .values((
                document_data_models::document_id.eq(document.0),
                document_data_models::name_key.eq(name),
            ))
            .execute(conn)?;
    }
    Ok(())
}

#[async_trait]
impl DocumentRepository for Store {
    async fn create(&self, change: Change<NewDocument>) -> Result<Document, StoreError> {
        self.change(change, move |conn, new, along| {
            let id = DocumentId(Sequence::DOCUMENTS.next(conn)?);
            let revision_id = RevisionId(Sequence::REVISIONS.next(conn)?);
            let row = Row {
                id: id.0,
                category_id: new.category_id.0,
                name: new.name.to_string(),
                description: new.description.to_string(),
                document_type: new.document_type.name().to_owned(),
                auto_refresh_interval_s: new.auto_refresh_interval.get().into(),
                modified_by: new.revision.user_name.to_string(),
                modified_at: micros(new.revision.created_at),
                locked_by: None,
                revision_id: revision_id.0,
                optimistic_lock: OptimisticLock::NEW.0,
            };
            diesel::insert_into(documents::table)
                .values((row, documents::name_key.eq(new.name.key())))
                .execute(conn)
                .on_broken_reference(|| StoreError::not_found(Kind::Category, new.category_id))?;
            add_revision(conn, revision_id, id, 1, &new.revision)?;
            along.record_made(conn, id.0)?;
            find(conn, id)
        })
        .await
    }

    async fn get(&self, id: DocumentId) -> Result<Document, StoreError> {
        self.look_up(move |conn| find(conn, id)).await
    }

    async fn list(&self, slice: Slice<DocumentId>) -> Result<Vec<Document>, StoreError> {
        let rows: Vec<Row> = self
            .read(move |conn| {
                Ok(documents::table
                    .filter(documents::id.gt(slice.after.map_or(i64::MIN, |id| id.0)))
                    .order(documents::id)
                    .limit(slice.limit.into())
                    .select(Row::as_select())
                    .load(conn)?)
            })
            .await?;
        rows.into_iter().map(Document::try_from).collect()
    }

    async fn find_by_name(&self, name: &str) -> Result<Vec<Document>, StoreError> {
        let key = kept_text(&name.trim().to_lowercase());
        let wanted = key.clone();
        let rows: Vec<Row> = self
            .read(move |conn| {
                // Documents of before there were keys are compared here, until they are written again.
                let fits = documents::name_key.eq(&wanted).or(documents::name_key.is_null());
                Ok(documents::table
                    .filter(fits)
                    .order(documents::id)
                    .select(Row::as_select())
                    .load(conn)?)
            })
            .await?;
        let rows = rows.into_iter().filter(|row| row.name.to_lowercase() == key);
        rows.map(Document::try_from).collect()
    }

    async fn update(&self, change: Change<DocumentUpdate>) -> Result<Document, StoreError> {
        self.change(change, move |conn, update, along| {
            let id = update.id;
            write_under_lock(
                conn,
                (Kind::Document, id.0),
                update.expected,
                |conn| lock(conn, id),
                |conn, seen| {
                    let row = documents::table.find(id.0);
                    diesel::update(row.filter(documents::optimistic_lock.eq(seen)))
                        .set((
                            documents::category_id.eq(update.category_id.0),
                            documents::name.eq(update.name.as_str()),
                            documents::name_key.eq(update.name.key()),
                            documents::description.eq(update.description.as_str()),
                            documents::modified_by.eq(update.modified_by.as_str()),
                            documents::modified_at.eq(micros(update.modified_at)),
                            documents::optimistic_lock.eq(seen + 1),
                        ))
                        .execute(conn)
                        .on_broken_reference(|| {
                            StoreError::not_found(Kind::Category, update.category_id)
                        })
                },
            )?;
            along.record(conn)?;
            find(conn, id)
        })
        .await
    }

    async fn save(&self, change: Change<DocumentSave>) -> Result<Document, StoreError> {
        self.change(change, move |conn, save, along| {
            let id = save.id;
            let revision_id = RevisionId(Sequence::REVISIONS.next(conn)?);
            write_under_lock(
                conn,
                (Kind::Document, id.0),
                save.expected,
                |conn| lock(conn, id),
                |conn, seen| {
                    let row = documents::table.find(id.0);
                    Ok(diesel::update(row.filter(documents::optimistic_lock.eq(seen)))
                        .set((
                            documents::auto_refresh_interval_s
                                .eq(i64::from(save.auto_refresh_interval.get())),
                            documents::modified_by.eq(save.revision.user_name.as_str()),
                            documents::modified_at.eq(micros(save.revision.created_at)),
                            documents::revision_id.eq(revision_id.0),
                            documents::optimistic_lock.eq(seen + 1),
                        ))
                        .execute(conn)?)
                },
            )?;
            let newest: Option<i64> = revisions::table
                .filter(revisions::document_id.eq(id.0))
                .select(diesel::dsl::max(revisions::number))
                .get_result(conn)?;
            add_revision(conn, revision_id, id, newest.unwrap_or(0) + 1, &save.revision)?;
            along.record(conn)?;
            find(conn, id)
        })
        .await
    }

    async fn delete(&self, change: Change<DocumentId>) -> Result<(), StoreError> {
        self.change(change, move |conn, id, along| {
            if let Some(by) = jobs::using_document(conn, id)? {
                return Err(StoreError::in_use(Kind::Document, id, by).into());
            }
            let deleted = diesel::delete(documents::table.find(id.0))
                .execute(conn)
                .on_broken_reference(|| StoreError::in_use(Kind::Document, id, "a job uses it"))?;
            if deleted == 0 {
                return Err(not_found(id).into());
            }
            permissions::forget(conn, &[Scope::Document(id)])?;
            along.record(conn)
        })
        .await
    }

    async fn revisions(&self, id: DocumentId) -> Result<Vec<Revision>, StoreError> {
        let rows: Vec<RevisionRow> = self
            .read(move |conn| {
                if lock(conn, id)?.is_none() {
                    return Err(not_found(id).into());
                }
                Ok(revisions::table
                    .filter(revisions::document_id.eq(id.0))
                    .order(revisions::number.desc())
                    .select(RevisionRow::as_select())
                    .load(conn)?)
            })
            .await?;
        rows.into_iter().map(Revision::try_from).collect()
    }

    async fn revision(&self, id: DocumentId, revision: RevisionId) -> Result<Revision, StoreError> {
        let row: Option<RevisionRow> = self
            .look_up(move |conn| {
                Ok(revisions::table
                    .find(revision.0)
                    .filter(revisions::document_id.eq(id.0))
                    .select(RevisionRow::as_select())
                    .first(conn)
                    .optional()?)
            })
            .await?;
        row.ok_or_else(|| StoreError::not_found(Kind::Revision, revision))?.try_into()
    }
}
