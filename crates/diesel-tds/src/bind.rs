//! The parameters of a statement.

use std::borrow::Cow;
use std::fmt::Debug;

use diesel::query_builder::{BindCollector, MoveableBindCollector};
use diesel::result::{Error, QueryResult};
use diesel::serialize::{IsNull, Output, ToSql};
use diesel::sql_types::HasSqlType;
use tiberius::ColumnData;

use crate::backend::Tds;
use crate::types::TdsType;

/// What a [`ToSql`] implementation hands over: one value in the form it goes over the wire.
///
/// Made by `From`, so that an implementation for a type of your own reads
/// `out.set_value(self.0.as_str())`.
#[derive(Debug, Clone, Default)]
pub struct TdsBind<'a>(Option<ColumnData<'a>>);

impl<'a> TdsBind<'a> {
    pub(crate) fn new(value: ColumnData<'a>) -> Self {
        Self(Some(value))
    }

    pub(crate) fn into_value(self) -> Option<ColumnData<'a>> {
        self.0
    }
}

macro_rules! binds {
    ($($from:ty => $variant:ident ($($convert:tt)*),)+) => {
        $(impl<'a> From<$from> for TdsBind<'a> {
            fn from(value: $from) -> Self {
                Self::new(ColumnData::$variant(Some($($convert)*(value))))
            }
        })+
    };
}

binds! {
    bool => Bit(),
    u8 => U8(),
    i16 => I16(),
    i32 => I32(),
    i64 => I64(),
    f32 => F32(),
    f64 => F64(),
    &'a str => String(Cow::Borrowed),
    String => String(Cow::Owned),
    &'a [u8] => Binary(Cow::Borrowed),
    Vec<u8> => Binary(Cow::Owned),
}

/// The parameters in the order of their numbers. Each has a type, NULL as well: a NULL without one
/// would be taken for text, and be refused where a number or bytes are stored.
#[derive(Debug, Default)]
pub struct TdsBindCollector<'a> {
    values: Vec<ColumnData<'a>>,
}

impl<'a> TdsBindCollector<'a> {
    pub(crate) fn into_values(self) -> Vec<ColumnData<'a>> {
        self.values
    }
}

impl<'a> BindCollector<'a, Tds> for TdsBindCollector<'a> {
    type Buffer = TdsBind<'a>;

    fn push_bound_value<T, U>(&mut self, bind: &'a U, metadata_lookup: &mut ()) -> QueryResult<()>
    where
        Tds: HasSqlType<T>,
        U: ToSql<T, Tds> + ?Sized + 'a,
    {
        let kind = <Tds as HasSqlType<T>>::metadata(metadata_lookup);
        let mut out = Output::new(TdsBind::default(), metadata_lookup);
        let null = bind.to_sql(&mut out).map_err(Error::SerializationError)?;
        let value = match (null, out.into_inner().into_value()) {
            (IsNull::No, Some(value)) => value,
            (IsNull::Yes, _) => kind.null(),
            (IsNull::No, None) => {
                let message = format!("a value of {kind:?} was written, but none was set");
                return Err(Error::SerializationError(message.into()));
            }
        };
        self.values.push(value);
        Ok(())
    }

    fn push_null_value(&mut self, metadata: TdsType) -> QueryResult<()> {
        self.values.push(metadata.null());
        Ok(())
    }
}

impl MoveableBindCollector<Tds> for TdsBindCollector<'_> {
    type BindData = Vec<ColumnData<'static>>;

    fn moveable(&self) -> Self::BindData {
        self.values.iter().map(owned).collect()
    }

    fn append_bind_data(&mut self, from: &Self::BindData) {
        self.values.extend(from.iter().cloned());
    }

    fn push_debug_binds<'a, 'b>(bind_data: &Self::BindData, f: &'a mut Vec<Box<dyn Debug + 'b>>) {
        f.extend(bind_data.iter().map(|value| Box::new(value.clone()) as Box<dyn Debug>));
    }
}

/// The value with its text or bytes of its own.
fn owned(value: &ColumnData<'_>) -> ColumnData<'static> {
    fn text<T: ToOwned + ?Sized>(value: Option<&Cow<'_, T>>) -> Option<Cow<'static, T>> {
        value.map(|value| Cow::Owned(value.as_ref().to_owned()))
    }
    match value {
        ColumnData::U8(value) => ColumnData::U8(*value),
        ColumnData::I16(value) => ColumnData::I16(*value),
        ColumnData::I32(value) => ColumnData::I32(*value),
        ColumnData::I64(value) => ColumnData::I64(*value),
        ColumnData::F32(value) => ColumnData::F32(*value),
        ColumnData::F64(value) => ColumnData::F64(*value),
        ColumnData::Bit(value) => ColumnData::Bit(*value),
        ColumnData::Guid(value) => ColumnData::Guid(*value),
        ColumnData::String(value) => ColumnData::String(text(value.as_ref())),
        ColumnData::Binary(value) => ColumnData::Binary(text(value.as_ref())),
        ColumnData::Xml(value) => ColumnData::Xml(text(value.as_ref())),
        ColumnData::Numeric(value) => ColumnData::Numeric(*value),
        ColumnData::DateTime(value) => ColumnData::DateTime(*value),
        ColumnData::SmallDateTime(value) => ColumnData::SmallDateTime(*value),
        ColumnData::Time(value) => ColumnData::Time(*value),
        ColumnData::Date(value) => ColumnData::Date(*value),
        ColumnData::DateTime2(value) => ColumnData::DateTime2(*value),
        ColumnData::DateTimeOffset(value) => ColumnData::DateTimeOffset(*value),
    }
}
