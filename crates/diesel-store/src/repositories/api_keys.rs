//! API keys.

use async_trait::async_trait;
use diesel::prelude::*;
use pressroom_domain::{ApiKey, ApiKeyId, ClientId, NewApiKey, TokenHash, User, UserId};
use pressroom_ports::{ApiKeyRepository, Change, Kind, StoreError, UsedApiKey};

use super::sequence::Sequence;
use super::{tokens, users};
use crate::Store;
use pressroom_diesel_store::OnViolation;
use pressroom_diesel_store::schema::{access_tokens, api_keys};
use pressroom_diesel_store::{Reader, micros};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = api_keys)]
struct Row {
    id: i64,
    user_id: i64,
    client_id: Vec<u8>,
    secret_hash: Vec<u8>,
    name: String,
    created_at: i64,
    last_used_at: Option<i64>,
    expires_at: Option<i64>,
}

impl TryFrom<Row> for ApiKey {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let reader = Reader { kind: Kind::ApiKey, id: &row.id };
        let time = |micros: Option<i64>| micros.map(|micros| reader.time(micros)).transpose();
        Ok(Self {
            id: ApiKeyId(row.id),
            user_id: UserId(row.user_id),
            client_id: reader.read(ClientId::try_from(row.client_id.as_slice()))?,
            secret: reader.read(TokenHash::try_from(row.secret_hash.as_slice()))?,
            name: reader.name(&row.name)?,
            created_at: reader.time(row.created_at)?,
            last_used_at: time(row.last_used_at)?,
            expires_at: time(row.expires_at)?,
        })
    }
}

#[async_trait]
impl ApiKeyRepository for Store {
    async fn create(&self, change: Change<NewApiKey>) -> Result<ApiKey, StoreError> {
        self.change(change, move |conn, new, along| {
            let id = ApiKeyId(Sequence::API_KEYS.next(conn)?);
            let row = Row {
                id: id.0,
                user_id: new.user_id.0,
                client_id: new.client_id.as_bytes().to_vec(),
                secret_hash: new.secret.as_bytes().to_vec(),
                name: new.name.to_string(),
                created_at: micros(new.created_at),
                last_used_at: None,
                expires_at: new.expires_at.map(micros),
            };
            diesel::insert_into(api_keys::table)
                .values(row)
                .execute(conn)
                .on_broken_reference(|| StoreError::not_found(Kind::User, new.user_id))?;
            along.record(conn)?;
            let row: Row = api_keys::table.find(id.0).select(Row::as_select()).first(conn)?;
            Ok(ApiKey::try_from(row)?)
        })
        .await
    }

    async fn find(&self, client_id: ClientId) -> Result<Option<(ApiKey, User)>, StoreError> {
        self.read(move |conn| {
            let row: Option<Row> = api_keys::table
                .filter(api_keys::client_id.eq(client_id.as_bytes().as_slice()))
                .select(Row::as_select())
                .first(conn)
                .optional()?;
            let Some(row) = row else { return Ok(None) };
            let key = ApiKey::try_from(row)?;
            let user = users::find(conn, key.user_id)?;
            Ok(Some((key, user)))
        })
        .await
    }

    async fn list(&self, user: UserId) -> Result<Vec<ApiKey>, StoreError> {
        self.read(move |conn| {
            let rows: Vec<Row> = api_keys::table
                .filter(api_keys::user_id.eq(user.0))
                .order(api_keys::id)
                .select(Row::as_select())
                .load(conn)?;
            rows.into_iter().map(|row| Ok(ApiKey::try_from(row)?)).collect()
        })
        .await
    }

    async fn used(&self, change: Change<UsedApiKey>) -> Result<(), StoreError> {
        self.change(change, move |conn, UsedApiKey { id, at, access }, along| {
            let changed = diesel::update(api_keys::table.find(id.0))
                .set(api_keys::last_used_at.eq(micros(at)))
                .execute(conn)?;
            if changed == 0 {
                return Err(StoreError::not_found(Kind::ApiKey, id).into());
            }
            tokens::insert(conn, &access)?;
            along.record(conn)
        })
        .await
    }

    async fn delete(&self, change: Change<(UserId, ApiKeyId)>) -> Result<(), StoreError> {
        self.change(change, move |conn, (user, id), along| {
            let key = api_keys::table.find(id.0).filter(api_keys::user_id.eq(user.0));
            if diesel::delete(key).execute(conn)? == 0 {
                return Err(StoreError::not_found(Kind::ApiKey, id).into());
            }
            let of_it = access_tokens::table.filter(access_tokens::api_key_id.eq(id.0));
            diesel::delete(of_it).execute(conn)?;
            along.record(conn)
        })
        .await
    }
}
