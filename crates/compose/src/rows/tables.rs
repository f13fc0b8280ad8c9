//! Whole tables that are held in memory: details of relations, and queries named in expressions.
//!
//! A relation's details are fetched with one query for all master rows, then found by their keys.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use pressroom_data::{Key, Row, RowProvider, RowRequest, Schema, SourceError, Value, key};

use super::buffer::size;
use crate::Limits;

/// The tables of one run, each read when it is first asked for.
pub(crate) struct Tables<'a> {
    provider: &'a dyn RowProvider,
    parameters: Rc<[(Arc<str>, Value)]>,
    held: RefCell<HashMap<Place, Result<Rc<Table>, SourceError>>>,
    bytes_left: Cell<usize>,
    rows_left: Rc<Cell<u64>>,
    held_limit: usize,
}

/// A data source and a query of it.
type Place = (Arc<str>, Arc<str>);

/// A table in memory.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) schema: Arc<Schema>,
    pub(crate) rows: Vec<Row>,
    indexes: RefCell<HashMap<Vec<usize>, Rc<Index>>>,
}

/// The places of rows by the values of some columns.
type Index = HashMap<Vec<Key>, Vec<u32>>;

impl std::fmt::Debug for Tables<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tables").field("held", &self.held).finish_non_exhaustive()
    }
}

impl<'a> Tables<'a> {
    pub(crate) fn new(
        provider: &'a dyn RowProvider,
        parameters: Rc<[(Arc<str>, Value)]>,
        limits: &Limits,
        rows_left: Rc<Cell<u64>>,
    ) -> Self {
        Self {
            provider,
            parameters,
            held: RefCell::default(),
            bytes_left: Cell::new(limits.held_bytes),
            rows_left,
            held_limit: limits.held_bytes,
        }
    }

    /// A table, read whole.
    pub(crate) fn get(
        &self,
        source: &Arc<str>,
        member: &Arc<str>,
    ) -> Result<Rc<Table>, SourceError> {
        let place = (Arc::clone(source), Arc::clone(member));
        if let Some(held) = self.held.borrow().get(&place) {
            return held.clone();
        }
        let table = self.read(source, member).map(Rc::new);
        self.held.borrow_mut().insert(place, table.clone());
        table
    }

    /// The columns of a table, if it can be read.
    pub(crate) fn schema(&self, source: &Arc<str>, member: &Arc<str>) -> Option<Arc<Schema>> {
        self.get(source, member).ok().map(|table| Arc::clone(&table.schema))
    }

    /// Takes bytes from what the document may hold of a query's rows.
    pub(crate) fn hold(&self, bytes: usize, member: &str) -> Result<(), SourceError> {
        let left = self.bytes_left.get().checked_sub(bytes).ok_or_else(|| {
            SourceError::Limit(format!(
                "the rows of \"{member}\" that must be known at once need more than the {} MB that one \
                 document may hold; filter them in the query",
                self.held_limit >> 20
            ))
        })?;
        self.bytes_left.set(left);
        Ok(())
    }

    fn read(&self, source: &Arc<str>, member: &Arc<str>) -> Result<Table, SourceError> {
        let request = RowRequest {
            source: Arc::clone(source),
            member: Arc::clone(member),
            parameters: self.parameters.to_vec(),
            order: Vec::new(),
        };
        let mut stream = self.provider.open(&request)?;
        let schema = Arc::clone(stream.schema());
        let mut rows = Vec::new();
        while let Some(batch) = stream.next_batch()? {
            count_rows(&self.rows_left, batch.len())?;
            let bytes: usize = batch.iter().map(size).sum();
            self.hold(bytes, member)?;
            rows.extend(batch);
        }
        Ok(Table { schema, rows, indexes: RefCell::default() })
    }
}

/// Takes rows from the budget of the document.
pub(crate) fn count_rows(left: &Cell<u64>, rows: usize) -> Result<(), SourceError> {
    let rows = u64::try_from(rows).unwrap_or(u64::MAX);
    let rest = left.get().checked_sub(rows).ok_or_else(|| {
        SourceError::Limit(
            "the document reads more rows than the site allows; filter them in the query".into(),
        )
    })?;
    left.set(rest);
    Ok(())
}

impl Table {
    /// The rows whose `columns` equal `values`, in their order.
    pub(crate) fn matching(&self, columns: &[usize], values: &[Value]) -> Vec<Row> {
        let index = self.index(columns);
        let wanted: Vec<Key> = values.iter().map(key).collect();
        index
            .get(&wanted)
            .map(|places| {
                places.iter().map(|place| Arc::clone(&self.rows[*place as usize])).collect()
            })
            .unwrap_or_default()
    }

    fn index(&self, columns: &[usize]) -> Rc<Index> {
        if let Some(index) = self.indexes.borrow().get(columns) {
            return Rc::clone(index);
        }
        let mut index = Index::new();
        for (place, row) in (0u32..).zip(&self.rows) {
            let keys = columns
                .iter()
                .map(|column| row.get(*column).map_or_else(|| key(&Value::Null), key))
                .collect();
            index.entry(keys).or_default().push(place);
        }
        let index = Rc::new(index);
        self.indexes.borrow_mut().insert(columns.to_vec(), Rc::clone(&index));
        index
    }
}
