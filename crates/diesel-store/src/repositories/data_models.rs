//! Data models.

use async_trait::async_trait;
use diesel::prelude::*;
use pressroom_domain::{
    Authentication, DataModel, DataModelId, DataModelUpdate, Hidden, NewDataModel, OptimisticLock,
    ProviderModel, ProviderOptions, ProviderType, RowFilter, RowFilters, Scope, Secret,
    TablesUpdate,
};
use pressroom_ports::{Change, DataModelRepository, Kind, Slice, StoreError};
use serde_json::{Map, Value, json};

use super::lock::write_under_lock;
use super::permissions;
use super::sequence::Sequence;
use crate::Connection;
use crate::Store;
use pressroom_diesel_store::schema::{
    custom_queries, data_models, document_data_models, documents, jobs,
};
use pressroom_diesel_store::seal::{SealingKey, seal, unseal};
use pressroom_diesel_store::{Failure, OnViolation};
use pressroom_diesel_store::{Reader, kept_text};

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
    hidden: String,
    row_filters: String,
    cache_s: i64,
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
            cache_seconds: reader.seconds(self.cache_s)?,
            provider: reader.read(read_provider(kind, &provider))?,
            hidden: reader.read(read_hidden(&self.hidden))?,
            row_filters: reader.read(read_filters(&self.row_filters))?,
            lock: OptimisticLock(self.optimistic_lock),
        })
    }
}

/// Where the provider of a data model is sealed for.
pub(super) fn place(id: i64) -> String {
    format!("data_models.provider {id}")
}

/// What a provider model holds, by the names of the API.
fn write_provider(provider: &ProviderModel) -> Value {
    let ProviderOptions {
        server_name,
        port,
        database,
        user_name,
        password,
        authentication,
        additional_parameters,
        connection_string,
        uri,
        json_data_source,
    } = provider.options();
    let secret = |text: &Option<Secret>| text.as_ref().map(|text| text.reveal().to_owned());
    let all = json!({
        "serverName": server_name,
        "port": port,
        "database": database,
        "userName": user_name,
        "password": secret(password),
        "authenticationType": authentication.map(Authentication::name),
        "additionalParameters": secret(additional_parameters),
        "connectionString": secret(connection_string),
        "uri": secret(uri),
        "jsonDataSource": secret(json_data_source),
    });
    match all {
        Value::Object(all) => all.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        other => other,
    }
}

/// Messages name what is missing, never what is there: it may be secret.
fn read_provider(kind: ProviderType, text: &str) -> Result<ProviderModel, String> {
    let json: Value =
        serde_json::from_str(text).map_err(|_| "its provider is not JSON".to_owned())?;
    let text = |name: &str| json[name].as_str().map(str::to_owned);
    let secret = |name: &str| json[name].as_str().map(Secret::new);
    let options = ProviderOptions {
        server_name: text("serverName"),
        port: json["port"].as_u64().and_then(|port| u16::try_from(port).ok()),
        database: text("database"),
        user_name: text("userName"),
        password: secret("password"),
        authentication: json["authenticationType"].as_str().and_then(Authentication::find),
        additional_parameters: secret("additionalParameters"),
        connection_string: secret("connectionString"),
        uri: secret("uri"),
        json_data_source: secret("jsonDataSource"),
    };
    ProviderModel::new(kind, options).map_err(|error| format!("its provider: {error}"))
}

/// What is hidden, as the migration describes it.
fn write_hidden(hidden: &Hidden) -> String {
    if hidden.is_empty() {
        return String::new();
    }
    let tables: Vec<&str> = hidden.tables().collect();
    let columns: Vec<_> = hidden.columns().collect();
    json!({"tables": tables, "columns": columns}).to_string()
}

fn read_hidden(text: &str) -> Result<Hidden, String> {
    if text.is_empty() {
        return Ok(Hidden::default());
    }
    let what = || "what it hides is not readable".to_owned();
    let json: Value = serde_json::from_str(text).map_err(|_| what())?;
    let name = |value: &Value| value.as_str().map(str::to_owned);
    let tables = json["tables"].as_array().and_then(|all| all.iter().map(name).collect());
    let column = |pair: &Value| Some((name(&pair[0])?, name(&pair[1])?));
    let columns = json["columns"].as_array().and_then(|all| all.iter().map(column).collect());
    let (Some(tables), Some(columns)): (Option<Vec<_>>, Option<Vec<_>>) = (tables, columns) else {
        return Err(what());
    };
    Ok(Hidden::new(tables, columns))
}

/// Row filters, as the migration describes them.
fn write_filters(filters: &RowFilters) -> String {
    if filters.is_empty() {
        return String::new();
    }
    let all: Map<String, Value> =
        filters.iter().map(|(table, filter)| (table.to_owned(), filter.as_str().into())).collect();
    Value::Object(all).to_string()
}

/// A filter that is not readable must not count as none.
fn read_filters(text: &str) -> Result<RowFilters, String> {
    if text.is_empty() {
        return Ok(RowFilters::default());
    }
    let filter = |(table, filter): (String, Value)| {
        let filter = RowFilter::new(filter.as_str()?).ok()?;
        Some((table, filter))
    };
    let all: Option<Map<String, Value>> = serde_json::from_str(text).ok();
    let all: Option<RowFilters> = all.and_then(|all| all.into_iter().map(filter).collect());
    all.ok_or_else(|| "its row filters are not readable".to_owned())
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
        self.change(change, move |conn, new, along| {
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
                hidden: String::new(),
                row_filters: String::new(),
                cache_s: new.cache_seconds.get().into(),
            };
            diesel::insert_into(data_models::table)
                .values(row)
                .execute(conn)
                .on_duplicate(|| StoreError::duplicate(Kind::DataModel, &new.name))?;
            along.record_made(conn, id)?;
            find(conn, DataModelId(id), key.as_ref())
        })
        .await
    }

    async fn get(&self, id: DataModelId) -> Result<DataModel, StoreError> {
        let key = self.key();
        self.look_up(move |conn| find(conn, id, key.as_ref())).await
    }

    async fn find_by_name(&self, name: &str) -> Result<Option<DataModel>, StoreError> {
        let key = kept_text(&name.trim().to_lowercase());
        let row: Option<Row> = self
            .look_up(move |conn| {
                Ok(data_models::table
                    .filter(data_models::name_key.eq(&key))
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

    async fn update(&self, change: Change<DataModelUpdate>) -> Result<DataModel, StoreError> {
        let key = self.key();
        self.change(change, move |conn, DataModelUpdate { id, expected, model }, along| {
            let provider = write_provider(&model.provider).to_string();
            let provider = seal(key.as_ref(), provider, &place(id.0))?;
            write_under_lock(
                conn,
                (Kind::DataModel, id.0),
                expected,
                |conn| lock(conn, id),
                |conn, seen| {
                    let row = data_models::table.find(id.0);
                    diesel::update(row.filter(data_models::optimistic_lock.eq(seen)))
                        .set((
                            data_models::name.eq(model.name.as_str()),
                            data_models::name_key.eq(model.name.key()),
                            data_models::description.eq(model.description.as_str()),
                            data_models::command_timeout_s
                                .eq(i64::from(model.command_timeout.get())),
                            data_models::cache_s.eq(i64::from(model.cache_seconds.get())),
                            data_models::provider_type.eq(model.provider.provider_type().name()),
                            data_models::provider.eq(provider),
                            data_models::optimistic_lock.eq(seen + 1),
                        ))
                        .execute(conn)
                        .on_duplicate(|| StoreError::duplicate(Kind::DataModel, &model.name))
                },
            )?;
            along.record(conn)?;
            find(conn, id, key.as_ref())
        })
        .await
    }

    async fn choose_tables(&self, change: Change<TablesUpdate>) -> Result<DataModel, StoreError> {
        let key = self.key();
        self.change(change, move |conn, update, along| {
            let TablesUpdate { id, expected, hidden, row_filters } = update;
            write_under_lock(
                conn,
                (Kind::DataModel, id.0),
                expected,
                |conn| lock(conn, id),
                |conn, seen| {
                    let row = data_models::table.find(id.0);
                    let set = (
                        data_models::hidden.eq(write_hidden(&hidden)),
                        data_models::row_filters.eq(write_filters(&row_filters)),
                        data_models::optimistic_lock.eq(seen + 1),
                    );
                    let row = row.filter(data_models::optimistic_lock.eq(seen));
                    Ok(diesel::update(row).set(set).execute(conn)?)
                },
            )?;
            along.record(conn)?;
            find(conn, id, key.as_ref())
        })
        .await
    }

    async fn delete(&self, change: Change<DataModelId>) -> Result<(), StoreError> {
        self.change(change, move |conn, id, along| {
            let name: Option<String> = data_models::table
                .find(id.0)
                .select(data_models::name_key)
                .first(conn)
                .optional()?;
            let name = name.ok_or_else(|| StoreError::not_found(Kind::DataModel, id))?;
            let by = match used_by(conn, &name)? {
                Some(by) => Some(by),
                None => billed_by(conn, id)?,
            };
            if let Some(by) = by {
                return Err(StoreError::in_use(Kind::DataModel, id, by).into());
            }
            let queries = custom_queries::data_model_id.eq(id.0);
            diesel::delete(custom_queries::table.filter(queries)).execute(conn)?;
            diesel::delete(data_models::table.find(id.0)).execute(conn)?;
            permissions::forget(conn, &[Scope::DataModel(id)])?;
            along.record(conn)
        })
        .await
    }
}

/// The lock of a data model's row.
fn lock(conn: &mut Connection, id: DataModelId) -> QueryResult<Option<i64>> {
    data_models::table.find(id.0).select(data_models::optimistic_lock).first(conn).optional()
}

/// What takes its recipients from a data model, in words.
fn billed_by(conn: &mut Connection, id: DataModelId) -> QueryResult<Option<String>> {
    let first: Option<(i64, String)> = jobs::table
        .filter(jobs::billing_data_model_id.eq(id.0))
        .order(jobs::id)
        .select((jobs::id, jobs::name))
        .first(conn)
        .optional()?;
    Ok(first.map(|(id, name)| format!("job {id}, \"{name}\", takes its recipients from it")))
}

/// What reads from the data model of a name, in words.
fn used_by(conn: &mut Connection, name: &str) -> QueryResult<Option<String>> {
    let using = document_data_models::table
        .inner_join(documents::table)
        .filter(document_data_models::name_key.eq(name));
    let first: Option<(i64, String)> = using
        .order(documents::id)
        .select((documents::id, documents::name))
        .first(conn)
        .optional()?;
    let Some((id, document)) = first else { return Ok(None) };
    let all: i64 = using.count().get_result(conn)?;
    Ok(Some(match all {
        1 => format!("document {id}, \"{document}\", reads from it"),
        _ => format!("document {id}, \"{document}\", and {} more read from it", all - 1),
    }))
}
