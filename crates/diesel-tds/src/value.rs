//! A value as the server sent it.

use tiberius::ColumnData;

/// One value of a row, not NULL, as the server sent it.
#[derive(Debug, Clone, Copy)]
pub struct TdsValue<'a> {
    data: &'a ColumnData<'static>,
}

impl<'a> TdsValue<'a> {
    /// `None` for NULL.
    pub(crate) fn of(data: &'a ColumnData<'static>) -> Option<Self> {
        (!is_null(data)).then_some(Self { data })
    }

    /// The value as tiberius has it.
    #[must_use]
    pub fn data(self) -> &'a ColumnData<'static> {
        self.data
    }

    /// What a reader that wanted `wanted` says of it.
    pub(crate) fn unexpected(self, wanted: &str) -> Box<dyn std::error::Error + Send + Sync> {
        format!("the column holds {}, which is no {wanted}", kind(self.data)).into()
    }
}

fn is_null(data: &ColumnData<'_>) -> bool {
    matches!(
        data,
        ColumnData::U8(None)
            | ColumnData::I16(None)
            | ColumnData::I32(None)
            | ColumnData::I64(None)
            | ColumnData::F32(None)
            | ColumnData::F64(None)
            | ColumnData::Bit(None)
            | ColumnData::String(None)
            | ColumnData::Guid(None)
            | ColumnData::Binary(None)
            | ColumnData::Numeric(None)
            | ColumnData::Xml(None)
            | ColumnData::DateTime(None)
            | ColumnData::SmallDateTime(None)
            | ColumnData::Time(None)
            | ColumnData::Date(None)
            | ColumnData::DateTime2(None)
            | ColumnData::DateTimeOffset(None)
    )
}

/// The T-SQL name of what it is.
fn kind(data: &ColumnData<'_>) -> &'static str {
    match data {
        ColumnData::U8(_) => "a tinyint",
        ColumnData::I16(_) => "a smallint",
        ColumnData::I32(_) => "an int",
        ColumnData::I64(_) => "a bigint",
        ColumnData::F32(_) => "a real",
        ColumnData::F64(_) => "a float",
        ColumnData::Bit(_) => "a bit",
        ColumnData::String(_) => "text",
        ColumnData::Guid(_) => "a uniqueidentifier",
        ColumnData::Binary(_) => "binary data",
        ColumnData::Numeric(_) => "a decimal",
        ColumnData::Xml(_) => "xml",
        ColumnData::DateTime(_) => "a datetime",
        ColumnData::SmallDateTime(_) => "a smalldatetime",
        ColumnData::Time(_) => "a time",
        ColumnData::Date(_) => "a date",
        ColumnData::DateTime2(_) => "a datetime2",
        ColumnData::DateTimeOffset(_) => "a datetimeoffset",
    }
}
