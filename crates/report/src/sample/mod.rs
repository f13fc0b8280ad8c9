//! Rows for a report whose data is not at hand: seeded, plausible, and awkward in the ways real rows
//! are.

mod fields;
mod pictures;
mod tables;
mod values;

use std::collections::HashMap;
use std::sync::Arc;

use pressroom_data::{
    Direction, Order, Row, RowProvider, RowRequest, RowStream, Rows, Schema, SourceError, Value,
    coerce, compare,
};

use crate::Definition;
use fields::Pin;

/// Made-up rows for every query that a report asks.
///
/// Columns are those that the layout remembers of its queries, or else the fields that its bands and
/// expressions name, with types guessed from their use and names. Each table has at least 50 rows;
/// the fields that a report groups by have 3 values (and 2 below each for every further level of
/// groups), in order. Keys of relations fit each other, so that masters have details. Some values are null, some
/// texts are long, and some are not in Latin letters. The same seed gives the same rows.
///
/// ```
/// use pressroom_data::{RowProvider, RowRequest, collect_rows};
/// use pressroom_report::{Definition, SampleRows};
///
/// let layout = r#"
///     <XtraReportsLayoutSerializer DataMember="Orders">
///       <Bands>
///         <Item1 ControlType="DetailBand">
///           <Controls><Item1 ControlType="XRLabel" Text="[OrderDate!{0:d}] [Total!{0:c}]"/></Controls>
///         </Item1>
///       </Bands>
///     </XtraReportsLayoutSerializer>"#;
/// let rows = SampleRows::new(&Definition::from_repx(layout.as_bytes())?, 1);
/// let request = RowRequest { member: "Orders".into(), ..RowRequest::default() };
/// let mut stream = rows.open(&request)?;
/// assert!(stream.schema().index_of("Total").is_some());
/// assert!(collect_rows(stream.as_mut())?.len() >= 50);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SampleRows {
    tables: HashMap<(String, String), Table>,
}

#[derive(Clone, Debug)]
struct Table {
    schema: Arc<Schema>,
    rows: Vec<Row>,
    /// Columns that the report's filter compares with a value.
    pins: Vec<(usize, Pin)>,
}

impl SampleRows {
    /// Rows for a report and its sub-reports.
    #[must_use]
    pub fn new(definition: &Definition, seed: u64) -> Self {
        Self { tables: tables::build(definition, seed) }
    }

    fn table(&self, source: &str, member: &str) -> Option<&Table> {
        let (source, member) = (source.to_lowercase(), member.to_lowercase());
        let last = member.rsplit('.').next().unwrap_or_default().to_owned();
        self.tables
            .get(&(source.clone(), member.clone()))
            .or_else(|| self.tables.get(&(source, last)))
            .or_else(|| {
                // a request without a source: the only table of that name
                let mut found = self.tables.iter().filter(|((_, known), _)| *known == member);
                found.next().filter(|_| found.next().is_none()).map(|(_, table)| table)
            })
    }
}

impl RowProvider for SampleRows {
    fn open(&self, request: &RowRequest) -> Result<Box<dyn RowStream>, SourceError> {
        let Some(table) = self.table(&request.source, &request.member) else {
            return Err(SourceError::UnknownMember {
                source_name: request.source.to_string(),
                member: request.member.to_string(),
            });
        };
        let mut rows = table.rows.clone();
        for (column, pin) in &table.pins {
            if let Some(value) = pinned(table, *column, pin, request) {
                pin_column(&mut rows, *column, &value);
            }
        }
        let is_ordered = sort(&table.schema, &mut rows, &request.order);
        Ok(Box::new(SampleStream { rows: Rows::new(Arc::clone(&table.schema), rows), is_ordered }))
    }
}

/// The value that a filter wants in a column, if it can be had.
fn pinned(table: &Table, column: usize, pin: &Pin, request: &RowRequest) -> Option<Value> {
    let value = match pin {
        Pin::Value(value) => value.clone(),
        Pin::Parameter(name) => request
            .parameters
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.clone())?,
    };
    let value = match value {
        Value::List(values) => values.first().cloned()?,
        value => value,
    };
    let wanted = table.schema.fields.get(column)?.data_type;
    coerce(&value, wanted).ok().filter(|value| !value.is_null())
}

/// Most rows get the value, so that a filter for it leaves most.
fn pin_column(rows: &mut [Row], column: usize, value: &Value) {
    for (at, row) in rows.iter_mut().enumerate() {
        if at % 6 != 5 {
            let mut values = row.to_vec();
            if let Some(place) = values.get_mut(column) {
                *place = value.clone();
            }
            *row = values.into();
        }
    }
}

/// Sorts rows; `false` where a column of the order is not there.
fn sort(schema: &Schema, rows: &mut [Row], order: &[Order]) -> bool {
    let keys: Option<Vec<(usize, Direction)>> =
        order.iter().map(|key| Some((schema.index_of(&key.field)?, key.direction))).collect();
    let Some(keys) = keys else { return false };
    rows.sort_by(|a, b| {
        keys.iter().fold(std::cmp::Ordering::Equal, |so_far, (column, direction)| {
            so_far.then_with(|| match (a.get(*column), b.get(*column)) {
                (Some(a), Some(b)) => match direction {
                    Direction::Ascending => compare(a, b),
                    Direction::Descending => compare(b, a),
                },
                _ => std::cmp::Ordering::Equal,
            })
        })
    });
    true
}

struct SampleStream {
    rows: Rows,
    is_ordered: bool,
}

impl RowStream for SampleStream {
    fn schema(&self) -> &Arc<Schema> {
        self.rows.schema()
    }

    fn is_ordered(&self) -> bool {
        self.is_ordered
    }

    fn next_batch(&mut self) -> Result<Option<Vec<Row>>, SourceError> {
        self.rows.next_batch()
    }
}

#[cfg(test)]
mod tests;
