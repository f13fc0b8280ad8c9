//! Custom queries of data models.

use async_trait::async_trait;
use diesel::prelude::*;
use pressroom_domain::{
    CustomQuery, CustomQueryKey, CustomQueryUpdate, DataModelId, Name, NewCustomQuery,
    OptimisticLock, ParameterType, QueryParameter, SqlText,
};
use pressroom_ports::{Change, CustomQueryRepository, Kind, StoreError};
use serde_json::{Value, json};

use super::lock::write_under_lock;
use crate::Connection;
use crate::Store;
use pressroom_diesel_store::schema::{custom_queries, data_models};
use pressroom_diesel_store::{Failure, OnViolation};
use pressroom_diesel_store::{Reader, kept_text};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = custom_queries)]
struct Row {
    data_model_id: i64,
    name_key: String,
    name: String,
    query: String,
    parameters: String,
    optimistic_lock: i64,
}

impl Row {
    fn read(self) -> Result<CustomQuery, StoreError> {
        let id = self.name.as_str();
        let reader = Reader { kind: Kind::CustomQuery, id: &id };
        Ok(CustomQuery {
            model: DataModelId(self.data_model_id),
            name: reader.name(&self.name)?,
            sql: reader.read(SqlText::new(&self.query))?,
            parameters: reader.read(read_parameters(&self.parameters))?,
            lock: OptimisticLock(self.optimistic_lock),
        })
    }
}

fn write_parameters(parameters: &[QueryParameter]) -> String {
    let parameter = |parameter: &QueryParameter| {
        json!({
            "name": parameter.name.as_str(),
            "type": parameter.data_type.name(),
            "value": parameter.value,
        })
    };
    Value::Array(parameters.iter().map(parameter).collect()).to_string()
}

fn read_parameters(text: &str) -> Result<Vec<QueryParameter>, String> {
    let json: Value =
        serde_json::from_str(text).map_err(|_| "its parameters are not JSON".to_owned())?;
    let parameter = |json: &Value| {
        Some(QueryParameter {
            name: Name::new(json["name"].as_str()?).ok()?,
            data_type: ParameterType::find(json["type"].as_str()?)?,
            value: json["value"].as_str().map(str::to_owned),
        })
    };
    let parameters = json.as_array().and_then(|all| all.iter().map(parameter).collect());
    parameters.ok_or_else(|| "its parameters are not readable".to_owned())
}

fn key_of(name: &str) -> String {
    kept_text(&name.trim().to_lowercase())
}

fn find(conn: &mut Connection, model: DataModelId, name: &str) -> Result<CustomQuery, Failure> {
    let row: Option<Row> = custom_queries::table
        .find((model.0, key_of(name)))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    Ok(row.ok_or_else(|| StoreError::not_found(Kind::CustomQuery, name))?.read()?)
}

#[async_trait]
impl CustomQueryRepository for Store {
    async fn create(&self, change: Change<NewCustomQuery>) -> Result<CustomQuery, StoreError> {
        self.change(change, move |conn, new, along| {
            let model: Option<i64> = data_models::table
                .find(new.model.0)
                .select(data_models::id)
                .first(conn)
                .optional()?;
            model.ok_or_else(|| StoreError::not_found(Kind::DataModel, new.model))?;
            let row = Row {
                data_model_id: new.model.0,
                name_key: new.name.key(),
                name: new.name.to_string(),
                query: new.sql.as_str().to_owned(),
                parameters: write_parameters(&new.parameters),
                optimistic_lock: OptimisticLock::NEW.0,
            };
            diesel::insert_into(custom_queries::table)
                .values(row)
                .execute(conn)
                .on_duplicate(|| StoreError::duplicate(Kind::CustomQuery, &new.name))?;
            along.record(conn)?;
            find(conn, new.model, new.name.as_str())
        })
        .await
    }

    async fn get(&self, key: &CustomQueryKey) -> Result<CustomQuery, StoreError> {
        let CustomQueryKey { model, name } = key.clone();
        self.look_up(move |conn| find(conn, model, &name)).await
    }

    async fn list(&self, model: DataModelId) -> Result<Vec<CustomQuery>, StoreError> {
        let mut rows: Vec<Row> = self
            .read(move |conn| {
                Ok(custom_queries::table
                    .filter(custom_queries::data_model_id.eq(model.0))
                    .select(Row::as_select())
                    .load(conn)?)
            })
            .await?;
        // Every engine has an order of its own for texts.
        rows.sort_unstable_by(|one, other| one.name_key.cmp(&other.name_key));
        rows.into_iter().map(Row::read).collect()
    }

    async fn update(&self, change: Change<CustomQueryUpdate>) -> Result<CustomQuery, StoreError> {
        self.change(change, move |conn, CustomQueryUpdate { name, expected, query }, along| {
            let place = (query.model.0, key_of(&name));
            write_under_lock(
                conn,
                (Kind::CustomQuery, name.as_str()),
                expected,
                |conn| {
                    let row = custom_queries::table.find(place.clone());
                    row.select(custom_queries::optimistic_lock).first(conn).optional()
                },
                |conn, seen| {
                    let row = custom_queries::table.find(place.clone());
                    diesel::update(row.filter(custom_queries::optimistic_lock.eq(seen)))
                        .set((
                            custom_queries::name_key.eq(query.name.key()),
                            custom_queries::name.eq(query.name.as_str()),
                            custom_queries::query.eq(query.sql.as_str()),
                            custom_queries::parameters.eq(write_parameters(&query.parameters)),
                            custom_queries::optimistic_lock.eq(seen + 1),
                        ))
                        .execute(conn)
                        .on_duplicate(|| StoreError::duplicate(Kind::CustomQuery, &query.name))
                },
            )?;
            along.record(conn)?;
            find(conn, query.model, query.name.as_str())
        })
        .await
    }

    async fn delete(&self, change: Change<CustomQueryKey>) -> Result<(), StoreError> {
        self.change(change, move |conn, CustomQueryKey { model, name }, along| {
            let row = custom_queries::table.find((model.0, key_of(&name)));
            if diesel::delete(row).execute(conn)? == 0 {
                return Err(StoreError::not_found(Kind::CustomQuery, name).into());
            }
            along.record(conn)
        })
        .await
    }
}
