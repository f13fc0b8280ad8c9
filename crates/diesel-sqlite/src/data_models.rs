//! Data models.

use async_trait::async_trait;
use diesel::prelude::*;
use pressroom_domain::{
    DataModel, DataModelId, NewDataModel, OptimisticLock, ProviderModel, ProviderType,
};
use pressroom_ports::{Change, DataModelRepository, Kind, Slice, StoreError};
use serde_json::{Value, json};

use crate::Store;
use crate::change;
use crate::error::{Failure, OnViolation};
use crate::schema::data_models;
use crate::seal::{SealingKey, seal, unseal};
use crate::sequence::Sequence;
use crate::stored::{Connection, Reader};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = data_models)]
struct Row {
    id: i64,
    name: String,
    name_key: String,
    description: String,
    command_timeout_s: i64,
    provider_type: String,
    provider: String,
    optimistic_lock: i64,
}

impl Row {
    fn read(self, key: Option<&SealingKey>) -> Result<DataModel, StoreError> {
        let reader = Reader { kind: Kind::DataModel, id: &self.id };
        let kind: ProviderType = reader.read(self.provider_type.parse())?;
        let provider = reader.read(unseal(key, self.provider, &place(self.id)))?;
        Ok(DataModel {
            id: DataModelId(self.id),
            name: reader.name(&self.name)?,
            description: reader.description(&self.description)?,
            command_timeout: reader.seconds(self.command_timeout_s)?,
            provider: reader.read(read_provider(kind, &provider))?,
            lock: OptimisticLock(self.optimistic_lock),
        })
    }
}

/// Where the provider of a data model is sealed for.
fn place(id: i64) -> String {
    format!("data_models.provider {id}")
}

/// What a provider model holds, by the names of the API.
fn write_provider(provider: &ProviderModel) -> Value {
    match provider {
        ProviderModel::SqLite(model) => {
            json!({ "connectionString": model.connection_string.reveal() })
        }
    }
}

/// Messages name what is missing, never what is there: it may be secret.
fn read_provider(kind: ProviderType, text: &str) -> Result<ProviderModel, String> {
    let json: Value =
        serde_json::from_str(text).map_err(|_| "its provider is not JSON".to_owned())?;
    match kind {
        ProviderType::SqLite => json["connectionString"]
            .as_str()
            .map(ProviderModel::sqlite)
            .ok_or_else(|| "its provider has no connectionString".to_owned()),
        other => Err(format!("its provider is {}", other.name())),
    }
}

fn find(
    conn: &mut Connection,
    id: DataModelId,
    key: Option<&SealingKey>,
) -> Result<DataModel, Failure> {
    let row: Option<Row> =
        data_models::table.find(id.0).select(Row::as_select()).first(conn).optional()?;
    let row = row.ok_or_else(|| StoreError::not_found(Kind::DataModel, id))?;
    Ok(row.read(key)?)
}

#[async_trait]
impl DataModelRepository for Store {
    async fn create(&self, change: Change<NewDataModel>) -> Result<DataModel, StoreError> {
        let key = self.key();
        self.write(move |conn| {
            let Change { entity: new, audit, outbox } = change;
            let id = Sequence::DATA_MODELS.next(conn)?;
            let row = Row {
                id,
                name: new.name.to_string(),
                name_key: new.name.key(),
                description: new.description.to_string(),
                command_timeout_s: new.command_timeout.get().into(),
                provider_type: new.provider.provider_type().name().to_owned(),
                provider: seal(
                    key.as_ref(),
                    write_provider(&new.provider).to_string(),
                    &place(id),
                )?,
                optimistic_lock: OptimisticLock::NEW.0,
            };
            diesel::insert_into(data_models::table)
                .values(row)
                .execute(conn)
                .on_duplicate(|| StoreError::duplicate(Kind::DataModel, &new.name))?;
            change::record_made(conn, audit, outbox, id)?;
            find(conn, DataModelId(id), key.as_ref())
        })
        .await
    }

    async fn get(&self, id: DataModelId) -> Result<DataModel, StoreError> {
        let key = self.key();
        self.look_up(move |conn| find(conn, id, key.as_ref())).await
    }

    async fn find_by_name(&self, name: &str) -> Result<Option<DataModel>, StoreError> {
        let key = name.trim().to_lowercase();
        let row: Option<Row> = self
            .look_up(move |conn| {
                Ok(data_models::table
                    .filter(data_models::name_key.eq(key))
                    .select(Row::as_select())
                    .first(conn)
                    .optional()?)
            })
            .await?;
        row.map(|row| row.read(self.key().as_ref())).transpose()
    }

    async fn list(&self, slice: Slice<DataModelId>) -> Result<Vec<DataModel>, StoreError> {
        let rows: Vec<Row> = self
            .read(move |conn| {
                Ok(data_models::table
                    .filter(data_models::id.gt(slice.after.map_or(i64::MIN, |id| id.0)))
                    .order(data_models::id)
                    .limit(slice.limit.into())
                    .select(Row::as_select())
                    .load(conn)?)
            })
            .await?;
        let key = self.key();
        rows.into_iter().map(|row| row.read(key.as_ref())).collect()
    }
}
