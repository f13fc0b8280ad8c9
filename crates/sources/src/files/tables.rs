//! Tables in the making.
//!
//! A document is read twice: first to learn what tables and columns it holds and of which types, then
//! to take its rows. So it is never held as a tree, and every type is that of all rows.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::types::Value as Stored;
use rusqlite::{Connection, Statement};

use super::cell::{Cell, ColumnType, Seen, Writing, stored};
use super::error::DocumentError;
use crate::sqlite::quoted;

/// The most tables of a document, and the most columns of a table.
const TABLES: usize = 500;
const COLUMNS: usize = 1_000;
/// The most rows of a document, of all tables.
const ROWS: u64 = 20_000_000;
/// The longest name of a table or column, in bytes.
const NAME_BYTES: usize = 1_024;

/// A table among those of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TableId(usize);

/// A row on its way.
#[derive(Debug)]
pub(crate) struct Row {
    table: TableId,
    /// Its number within its table, from 1, by which rows below it name it.
    pub(crate) number: i64,
    cells: Vec<(usize, Cell)>,
}

/// Takes the rows of a document.
pub(crate) struct Tables<'c> {
    tables: Vec<Table>,
    /// By parent and the name in the document.
    by_name: HashMap<(Option<TableId>, String), TableId>,
    /// Names that are taken, as SQLite compares them.
    taken: HashSet<String>,
    writing: Writing,
    rows: u64,
    /// Set once nobody waits for the tables any more.
    stop: Arc<AtomicBool>,
    pass: Pass<'c>,
}

/// What is done with rows.
enum Pass<'c> {
    /// They are looked at.
    Look,
    /// They are kept: a statement a table.
    Keep(Vec<Statement<'c>>),
}

#[derive(Debug)]
struct Table {
    name: String,
    /// Where the key of the parent's row stands.
    parent_key: Option<usize>,
    /// Where its own key stands, if other tables name its rows.
    own_key: Option<usize>,
    columns: Vec<Column>,
    /// By the name in the document.
    by_name: HashMap<String, usize>,
    count: i64,
}

#[derive(Debug)]
struct Column {
    name: String,
    /// The type that the document declares.
    declared: Option<ColumnType>,
    seen: Seen,
}

impl Table {
    fn is_taken(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name))
    }

    fn add(&mut self, name: &str, declared: Option<ColumnType>) -> Result<usize, DocumentError> {
        if self.columns.len() == COLUMNS {
            return Err(DocumentError::TooMany {
                what: "columns in a table",
                most: COLUMNS as u64,
            });
        }
        let name = unique(name, |name| self.is_taken(name));
        self.columns.push(Column { name, declared, seen: Seen::default() });
        Ok(self.columns.len() - 1)
    }
}

impl<'c> Tables<'c> {
    pub(crate) fn new(writing: Writing, stop: Arc<AtomicBool>) -> Self {
        Self {
            tables: Vec::new(),
            by_name: HashMap::new(),
            taken: HashSet::new(),
            writing,
            rows: 0,
            stop,
            pass: Pass::Look,
        }
    }

    /// The table of a name, below another one whose rows its rows belong to. `name` tells it from
    /// others below the same, `shown` is what it is called if that is free.
    pub(crate) fn table(
        &mut self,
        parent: Option<TableId>,
        name: &str,
        shown: &str,
    ) -> Result<TableId, DocumentError> {
        if let Some(id) = self.by_name.get(&(parent, name.to_owned())) {
            return Ok(*id);
        }
        if self.tables.len() == TABLES {
            return Err(DocumentError::TooMany { what: "tables", most: TABLES as u64 });
        }
        // SQLite keeps names of this beginning to itself.
        let own = shown.to_ascii_lowercase().starts_with("sqlite_");
        let shown = if own { format!("_{shown}") } else { shown.to_owned() };
        let shown = unique(&shown, |name| self.taken.contains(&name.to_ascii_lowercase()));
        self.taken.insert(shown.to_ascii_lowercase());
        let mut table = Table {
            name: shown,
            parent_key: None,
            own_key: None,
            columns: Vec::new(),
            by_name: HashMap::new(),
            count: 0,
        };
        if let Some(TableId(parent)) = parent {
            let of_parent = &mut self.tables[parent];
            // The same name on both sides of the relation, as ADO.NET has it.
            let last = of_parent.name.rsplit('.').next().unwrap_or_default();
            let key = format!("{last}_Id");
            let own = match of_parent.own_key {
                Some(own) => own,
                None => of_parent.add(&key, Some(ColumnType::Int))?,
            };
            of_parent.own_key = Some(own);
            let key = of_parent.columns[own].name.clone();
            table.parent_key = Some(table.add(&key, Some(ColumnType::Int))?);
        }
        let id = TableId(self.tables.len());
        self.tables.push(table);
        self.by_name.insert((parent, name.to_owned()), id);
        Ok(id)
    }

    /// What a table is called.
    pub(crate) fn name(&self, table: TableId) -> &str {
        &self.tables[table.0].name
    }

    /// The column of a name in the document.
    pub(crate) fn column(&mut self, table: TableId, name: &str) -> Result<usize, DocumentError> {
        match self.tables[table.0].by_name.get(name) {
            Some(column) => Ok(*column),
            None => self.add_column(table, name, None),
        }
    }

    /// The column at a place of the lines of a table, from 0; without a name it is `Column1`.
    pub(crate) fn nth_column(
        &mut self,
        table: TableId,
        index: usize,
        name: &str,
    ) -> Result<usize, DocumentError> {
        if index < self.tables[table.0].columns.len() {
            return Ok(index);
        }
        let numbered = format!("Column{}", index + 1);
        self.add_column(table, if name.is_empty() { &numbered } else { name }, None)
    }

    /// A column of a type that the document declares.
    pub(crate) fn declared_column(
        &mut self,
        table: TableId,
        name: &str,
        declared: Option<ColumnType>,
    ) -> Result<(), DocumentError> {
        if !self.tables[table.0].by_name.contains_key(name) {
            self.add_column(table, name, declared)?;
        }
        Ok(())
    }

    /// The type that a column was declared with.
    pub(crate) fn declared(&self, table: TableId, column: usize) -> Option<ColumnType> {
        self.tables[table.0].columns.get(column)?.declared
    }

    /// A further column, though another one may have its name.
    pub(crate) fn add_column(
        &mut self,
        table: TableId,
        name: &str,
        declared: Option<ColumnType>,
    ) -> Result<usize, DocumentError> {
        let table = &mut self.tables[table.0];
        let column = table.add(name, declared)?;
        table.by_name.entry(name.to_owned()).or_insert(column);
        Ok(column)
    }

    /// Begins a row; `parent` is the number of the row that it belongs to.
    pub(crate) fn begin(
        &mut self,
        table: TableId,
        parent: Option<i64>,
    ) -> Result<Row, DocumentError> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(DocumentError::Stopped);
        }
        self.rows += 1;
        if self.rows > ROWS {
            return Err(DocumentError::TooMany { what: "rows", most: ROWS });
        }
        let of = &mut self.tables[table.0];
        of.count += 1;
        let mut cells = Vec::with_capacity(of.columns.len());
        if let (Some(key), Some(parent)) = (of.parent_key, parent) {
            cells.push((key, Cell::Int(parent)));
        }
        Ok(Row { table, number: of.count, cells })
    }

    /// Puts a value into a row.
    pub(crate) fn put(
        &mut self,
        row: &mut Row,
        name: &str,
        cell: Cell,
    ) -> Result<(), DocumentError> {
        let column = self.column(row.table, name)?;
        row.put(column, cell);
        Ok(())
    }

    /// Ends a row.
    pub(crate) fn end(&mut self, row: Row) -> Result<(), DocumentError> {
        let table = &mut self.tables[row.table.0];
        match &mut self.pass {
            Pass::Look => {
                for (column, cell) in &row.cells {
                    table.columns[*column].seen.see(cell, &self.writing);
                }
            }
            Pass::Keep(statements) => {
                // A document that changed between the two looks would be another one.
                let statement = statements.get_mut(row.table.0).ok_or(DocumentError::Changed)?;
                let mut values = vec![Stored::Null; statement.parameter_count()];
                for (column, cell) in row.cells {
                    let data_type = table.columns[column].column_type();
                    let place = values.get_mut(column).ok_or(DocumentError::Changed)?;
                    *place = stored(cell, data_type, &self.writing);
                }
                if let Some(key) = table.own_key {
                    values[key] = Stored::Integer(row.number);
                }
                statement.execute(rusqlite::params_from_iter(values))?;
            }
        }
        Ok(())
    }

    /// Declares the tables that were seen in a database, and from here on keeps rows there.
    pub(crate) fn keep_in(&mut self, connection: &'c Connection) -> Result<(), DocumentError> {
        let mut statements = Vec::with_capacity(self.tables.len());
        for table in &mut self.tables {
            if table.columns.is_empty() {
                table.add("Value", None)?;
            }
            table.count = 0;
            let columns: Vec<String> = table
                .columns
                .iter()
                .map(|column| {
                    format!("{} {}", quoted(&column.name), column.column_type().declaration())
                })
                .collect();
            let name = quoted(&table.name);
            connection.execute_batch(&format!("create table {name} ({})", columns.join(", ")))?;
            let places = vec!["?"; columns.len()].join(", ");
            statements.push(connection.prepare(&format!("insert into {name} values ({places})"))?);
        }
        self.rows = 0;
        self.pass = Pass::Keep(statements);
        Ok(())
    }

    /// The statements that make looking rows up by their parents quick.
    pub(crate) fn indexes(&self) -> Vec<String> {
        let index = |table: &Table, column: usize| {
            let (name, column) = (&table.name, &table.columns[column].name);
            let index = quoted(&format!("{name}/{column}"));
            format!("create index {index} on {} ({})", quoted(name), quoted(column))
        };
        let of_parent = |table: &Table| table.parent_key.map(|column| index(table, column));
        self.tables.iter().filter_map(of_parent).collect()
    }

    /// Whether the document holds any table.
    pub(crate) fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }
}

impl Row {
    /// Puts a value into a column; the last one counts.
    pub(crate) fn put(&mut self, column: usize, cell: Cell) {
        self.cells.push((column, cell));
    }
}

impl Column {
    fn column_type(&self) -> ColumnType {
        self.declared.unwrap_or_else(|| self.seen.column_type())
    }
}

/// A name that is not taken: the name itself, or with a number behind it.
fn unique(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut end = name.len().min(NAME_BYTES);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    // SQLite ends names there.
    let name = name[..end].replace('\0', "");
    let name = if name.trim().is_empty() { "Column".to_owned() } else { name };
    if !is_taken(&name) {
        return name;
    }
    let numbered = (2_u64..).map(|number| format!("{name}{number}"));
    numbered.take(COLUMNS + TABLES).find(|name| !is_taken(name)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_taken_get_a_number() {
        let mut tables = Tables::new(Writing::default(), Arc::default());
        let table = tables.table(None, "a", "Orders").unwrap();
        let other = tables.table(None, "b", "ORDERS").unwrap();
        assert_eq!((tables.name(table), tables.name(other)), ("Orders", "ORDERS2"));
        assert_eq!(tables.table(None, "a", "Orders").unwrap(), table);
        for name in ["Name", "name", "Name", "", "a\0b", "a\"; drop table x; --"] {
            tables.add_column(table, name, None).unwrap();
        }
        let names: Vec<&str> =
            tables.tables[0].columns.iter().map(|column| &*column.name).collect();
        assert_eq!(names, ["Name", "name2", "Name3", "Column", "ab", "a\"; drop table x; --"]);
    }

    #[test]
    fn rows_below_rows_name_them() {
        let connection = Connection::open_in_memory().unwrap();
        let mut tables = Tables::new(Writing::default(), Arc::default());
        let fill = |tables: &mut Tables<'_>| {
            let orders = tables.table(None, "orders", "orders").unwrap();
            for (id, lines) in [(7, vec!["a", "b"]), (8, vec!["c"])] {
                let mut order = tables.begin(orders, None).unwrap();
                tables.put(&mut order, "id", Cell::Int(id)).unwrap();
                for line in lines {
                    let table = tables.table(Some(orders), "lines", "orders.lines").unwrap();
                    let mut row = tables.begin(table, Some(order.number)).unwrap();
                    tables.put(&mut row, "sku", Cell::Text(line.into())).unwrap();
                    tables.end(row).unwrap();
                }
                tables.end(order).unwrap();
            }
        };
        fill(&mut tables);
        tables.keep_in(&connection).unwrap();
        fill(&mut tables);
        let sql = "select group_concat(o.id || l.sku, ' ') from orders o
                   join \"orders.lines\" l using (orders_Id)";
        let joined: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(joined, "7a 7b 8c");
        assert_eq!(
            tables.indexes(),
            ["create index \"orders.lines/orders_Id\" on \"orders.lines\" (\"orders_Id\")"]
        );
    }
}
