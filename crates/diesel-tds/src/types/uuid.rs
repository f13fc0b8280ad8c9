//! `uniqueidentifier`.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{HasSqlType, SqlType};
use tiberius::ColumnData;

use crate::backend::Tds;
use crate::bind::TdsBind;
use crate::types::TdsType;
use crate::value::TdsValue;

/// The SQL type `uniqueidentifier`.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
pub struct UniqueIdentifier;

/// A [`uuid::Uuid`] in a column of [`UniqueIdentifier`].
///
/// A type of this crate's own, because Diesel ties [`uuid::Uuid`] itself to PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = UniqueIdentifier)]
pub struct Guid(pub uuid::Uuid);

impl From<uuid::Uuid> for Guid {
    fn from(id: uuid::Uuid) -> Self {
        Self(id)
    }
}

impl From<Guid> for uuid::Uuid {
    fn from(Guid(id): Guid) -> Self {
        id
    }
}

impl HasSqlType<UniqueIdentifier> for Tds {
    fn metadata((): &mut ()) -> TdsType {
        TdsType::UniqueIdentifier
    }
}

impl FromSql<UniqueIdentifier, Tds> for Guid {
    fn from_sql(value: TdsValue<'_>) -> deserialize::Result<Self> {
        match value.data() {
            ColumnData::Guid(Some(id)) => Ok(Self(*id)),
            _ => Err(value.unexpected("uniqueidentifier")),
        }
    }
}

impl ToSql<UniqueIdentifier, Tds> for Guid {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Tds>) -> serialize::Result {
        out.set_value(TdsBind::new(ColumnData::Guid(Some(self.0))));
        Ok(IsNull::No)
    }
}
