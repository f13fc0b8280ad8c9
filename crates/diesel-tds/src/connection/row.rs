//! The rows of an answer.

use std::ops::Range;

use diesel::backend::Backend;
use diesel::result::QueryResult;
use diesel::row::{Field, PartialRow, Row, RowIndex, RowSealed};
use tiberius::ColumnData;

use crate::backend::Tds;
use crate::value::TdsValue;

/// The rows of an answer, all of them read.
#[derive(Debug)]
pub struct Rows(std::vec::IntoIter<tiberius::Row>);

impl Rows {
    pub(super) fn new(rows: Vec<tiberius::Row>) -> Self {
        Self(rows.into_iter())
    }
}

impl Iterator for Rows {
    type Item = QueryResult<TdsRow>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|row| Ok(TdsRow(row)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

/// One row.
#[derive(Debug)]
pub struct TdsRow(tiberius::Row);

impl TdsRow {
    /// A whole number at a place, of a statement of this crate's own.
    pub(super) fn int(&self, at: usize) -> Option<i32> {
        self.0.try_get(at).ok().flatten()
    }
}

impl RowSealed for TdsRow {}

impl<'a> Row<'a, Tds> for TdsRow {
    type Field<'f>
        = TdsField<'f>
    where
        'a: 'f,
        Self: 'f;
    type InnerPartialRow = Self;

    fn field_count(&self) -> usize {
        self.0.len()
    }

    fn get<'b, I>(&'b self, idx: I) -> Option<TdsField<'b>>
    where
        'a: 'b,
        Self: RowIndex<I>,
    {
        let at = self.idx(idx)?;
        Some(TdsField {
            name: self.0.columns().get(at)?.name(),
            data: self.0.get_column_data(at).ok()?,
        })
    }

    fn partial_row(&self, range: Range<usize>) -> PartialRow<'_, Self> {
        PartialRow::new(self, range)
    }
}

impl RowIndex<usize> for TdsRow {
    fn idx(&self, idx: usize) -> Option<usize> {
        (idx < self.0.len()).then_some(idx)
    }
}

impl RowIndex<&str> for TdsRow {
    fn idx(&self, name: &str) -> Option<usize> {
        self.0.columns().iter().position(|column| column.name() == name)
    }
}

/// One value of a row, and its name.
#[derive(Debug)]
pub struct TdsField<'a> {
    name: &'a str,
    data: &'a ColumnData<'static>,
}

impl<'a> Field<'a, Tds> for TdsField<'a> {
    fn field_name(&self) -> Option<&str> {
        Some(self.name).filter(|name| !name.is_empty())
    }

    fn value(&self) -> Option<<Tds as Backend>::RawValue<'_>> {
        TdsValue::of(self.data)
    }
}
