//! Sorting any number of rows in bounded memory: sorted runs in spill files, merged.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use pressroom_data::{Direction, Row, SourceError, SpillStore, Value, compare};

use super::buffer::{MEMORY_BOUND, RowBuffer, RowReader, append, size, truncate};

/// Sorts rows by keys that come with them. Rows with equal keys keep their order.
pub(crate) struct Sorter<'a> {
    store: &'a dyn SpillStore,
    directions: Vec<Direction>,
    /// Rows with their keys behind their values.
    run: Vec<Row>,
    width: usize,
    bytes: usize,
    runs: Vec<RowReader>,
}

impl<'a> Sorter<'a> {
    /// `width`: values of a row without its keys.
    pub(crate) fn new(store: &'a dyn SpillStore, width: usize, directions: Vec<Direction>) -> Self {
        Self { store, directions, run: Vec::new(), width, bytes: 0, runs: Vec::new() }
    }

    /// Takes a row and its keys, one for each direction.
    pub(crate) fn push(&mut self, row: &Row, keys: Vec<Value>) -> Result<(), SourceError> {
        let row = append(row, keys);
        self.bytes += size(&row);
        self.run.push(row);
        if self.bytes > MEMORY_BOUND {
            self.end_run()?;
        }
        Ok(())
    }

    fn end_run(&mut self) -> Result<(), SourceError> {
        let mut run = std::mem::take(&mut self.run);
        self.bytes = 0;
        sort(&mut run, self.width, &self.directions);
        let mut buffer = RowBuffer::on_disk(self.store)?;
        for row in run {
            buffer.push(row)?;
        }
        self.runs.push(buffer.into_reader()?);
        Ok(())
    }

    /// The rows in order, without their keys.
    pub(crate) fn finish(mut self) -> Result<SortedRows, SourceError> {
        if self.runs.is_empty() {
            sort(&mut self.run, self.width, &self.directions);
            return Ok(SortedRows {
                width: self.width,
                source: Sorted::Memory(self.run.into_iter()),
            });
        }
        self.end_run()?;
        let directions: std::sync::Arc<[Direction]> = self.directions.into();
        let mut heap = BinaryHeap::with_capacity(self.runs.len());
        for (run, reader) in self.runs.iter_mut().enumerate() {
            if let Some(row) = reader.next()? {
                heap.push(Head { row, run, width: self.width, directions: directions.clone() });
            }
        }
        Ok(SortedRows { width: self.width, source: Sorted::Merge { heap, runs: self.runs } })
    }
}

/// Rows in order.
pub(crate) struct SortedRows {
    width: usize,
    source: Sorted,
}

enum Sorted {
    Memory(std::vec::IntoIter<Row>),
    Merge { heap: BinaryHeap<Head>, runs: Vec<RowReader> },
}

impl SortedRows {
    pub(crate) fn next(&mut self) -> Result<Option<Row>, SourceError> {
        let row = match &mut self.source {
            Sorted::Memory(rows) => rows.next(),
            Sorted::Merge { heap, runs } => match heap.pop() {
                None => None,
                Some(Head { row, run, width, directions }) => {
                    if let Some(next) = runs[run].next()? {
                        heap.push(Head { row: next, run, width, directions });
                    }
                    Some(row)
                }
            },
        };
        Ok(row.map(|row| truncate(&row, self.width)))
    }
}

struct Head {
    row: Row,
    run: usize,
    width: usize,
    directions: std::sync::Arc<[Direction]>,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        // The heap gives its greatest first: the smallest row of the earliest run.
        by_keys(&other.row, &self.row, self.width, &self.directions)
            .then_with(|| other.run.cmp(&self.run))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Head {}

fn sort(rows: &mut [Row], width: usize, directions: &[Direction]) {
    rows.sort_by(|a, b| by_keys(a, b, width, directions));
}

fn by_keys(a: &Row, b: &Row, width: usize, directions: &[Direction]) -> Ordering {
    for (key, direction) in directions.iter().enumerate() {
        let (Some(x), Some(y)) = (a.get(width + key), b.get(width + key)) else { break };
        let order = match direction {
            Direction::Ascending => compare(x, y),
            Direction::Descending => compare(y, x),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

#[cfg(test)]
mod tests {
    use pressroom_data::MemorySpill;

    use super::*;

    fn row(values: &[i64]) -> Row {
        values.iter().map(|v| Value::Int(*v)).collect::<Vec<_>>().into()
    }

    #[test]
    fn equal_keys_keep_their_order_even_across_runs() {
        let store = MemorySpill;
        let mut sorter = Sorter::new(&store, 2, vec![Direction::Descending]);
        for n in 0..100 {
            sorter.push(&row(&[n % 3, n]), vec![Value::Int(n % 3)]).unwrap();
            if n % 7 == 0 {
                sorter.end_run().unwrap();
            }
        }
        let mut sorted = sorter.finish().unwrap();
        let mut seen = Vec::new();
        while let Some(row) = sorted.next().unwrap() {
            assert_eq!(row.len(), 2);
            let (Value::Int(key), Value::Int(n)) = (&row[0], &row[1]) else { panic!("{row:?}") };
            seen.push((-*key, *n));
        }
        let mut expected = seen.clone();
        expected.sort_unstable();
        assert_eq!(seen, expected);
        assert_eq!(seen.len(), 100);
    }
}
