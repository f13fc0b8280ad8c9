//! Rows in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use pressroom_domain::BlobHash;
use pressroom_ports::{
    BlobReferences, COPYING, Cell, Kind, Sealed, StoreContents, StoreError, Table,
};

type Rows = BTreeMap<Vec<Cell>, Vec<Cell>>;

const fn table(name: &'static str, columns: &'static [&'static str], key_columns: usize) -> Table {
    Table { name, columns, key_columns }
}

/// Some of a store's tables: enough for every kind of key and reference.
static TABLES: &[Table] = &[
    table("moments", &["name", "at"], 1),
    table("categories", &["id", "name", "optimistic_lock"], 1),
    table(
        "documents",
        &[
            "id",
            "category_id",
            "name",
            "description",
            "document_type",
            "auto_refresh_interval_s",
            "modified_by",
            "modified_at",
            "locked_by",
            "revision_id",
            "optimistic_lock",
            "name_key",
        ],
        1,
    ),
    table(
        "revisions",
        &["id", "document_id", "number", "created_at", "user_name", "comment", "layout"],
        1,
    ),
    table("document_data_models", &["document_id", "name_key"], 2),
    table("user_groups", &["id", "name", "name_key", "built_in", "optimistic_lock"], 1),
    table(
        "users",
        &[
            "id",
            "user_name",
            "user_name_key",
            "first_name",
            "last_name",
            "email",
            "account_type",
            "active",
            "pending",
            "password_hash",
            "optimistic_lock",
        ],
        1,
    ),
    table("external_users", &["issuer", "subject", "user_id"], 2),
    table("permissions", &["holder_kind", "holder_id", "scope", "entity_id", "access"], 4),
    table(
        "audit_lines",
        &[
            "id",
            "at",
            "actor_user_id",
            "actor_name",
            "from_address",
            "verb",
            "subject_kind",
            "subject_id",
            "detail",
        ],
        1,
    ),
    table("sequences", &["name", "last_id"], 1),
];

/// A column that refers to the key of another table.
struct Reference {
    table: &'static str,
    column: &'static str,
    to: &'static str,
    cascades: bool,
}

const REFERENCES: [Reference; 4] = [
    Reference { table: "documents", column: "category_id", to: "categories", cascades: false },
    Reference { table: "revisions", column: "document_id", to: "documents", cascades: true },
    Reference {
        table: "document_data_models",
        column: "document_id",
        to: "documents",
        cascades: true,
    },
    Reference { table: "external_users", column: "user_id", to: "users", cascades: true },
];

/// Columns of which no two rows have the same value.
const UNIQUE: [(&str, &str); 1] = [("user_groups", "name_key")];

/// Rows in memory, of some of a store's tables.
#[derive(Debug)]
pub struct MemoryContents {
    tables: Mutex<BTreeMap<&'static str, Rows>>,
    /// Writes that are done before all further ones fail, and how many were done.
    writes: Mutex<(Option<u32>, u32)>,
}

impl Default for MemoryContents {
    /// What a new store has.
    fn default() -> Self {
        let mut tables: BTreeMap<&'static str, Rows> =
            TABLES.iter().map(|table| (table.name, Rows::new())).collect();
        let counts = ["audit_lines", "categories", "documents", "groups", "revisions", "writes"];
        let counts = counts.map(|name| {
            let name = Cell::Text(name.to_owned());
            (vec![name.clone()], vec![name, Cell::Integer(0)])
        });
        tables.insert("sequences", counts.into());
        Self { tables: Mutex::new(tables), writes: Mutex::default() }
    }
}

impl MemoryContents {
    /// Lets so many more writes through, and fails all after them as a store that is gone; or ends
    /// that.
    pub fn fail_after(&self, writes: Option<u32>) {
        *self.writes.lock().unwrap_or_else(PoisonError::into_inner) = (writes, 0);
    }

    /// How many writes there were since the last call of [`fail_after`](Self::fail_after).
    pub fn writes(&self) -> u32 {
        self.writes.lock().unwrap_or_else(PoisonError::into_inner).1
    }

    /// All rows, by table.
    pub fn all(&self) -> BTreeMap<&'static str, Vec<Vec<Cell>>> {
        let tables = self.tables();
        tables.iter().map(|(name, rows)| (*name, rows.values().cloned().collect())).collect()
    }

    fn tables(&self) -> MutexGuard<'_, BTreeMap<&'static str, Rows>> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes all or nothing.
    fn write(
        &self,
        change: impl FnOnce(&mut BTreeMap<&'static str, Rows>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut writes = self.writes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(left) = &mut writes.0 {
            *left = left.checked_sub(1).ok_or_else(|| StoreError::unavailable("it is gone"))?;
        }
        writes.1 += 1;
        let mut tables = self.tables();
        let mut changed = tables.clone();
        change(&mut changed)?;
        *tables = changed;
        Ok(())
    }
}

fn shape(name: &str) -> Result<&'static Table, StoreError> {
    let found = TABLES.iter().find(|table| table.name == name);
    found.ok_or_else(|| StoreError::Unreadable {
        kind: Kind::Row,
        detail: format!("{name}: there is no such table"),
    })
}

fn is_left_out(table: &str, key: &[Cell]) -> bool {
    let name = |name: &str| key == [Cell::Text(name.to_owned())];
    (table == "moments" && name(COPYING)) || (table == "sequences" && name("writes"))
}

/// The value of a column.
fn at<'a>(table: &Table, row: &'a [Cell], column: &str) -> Option<&'a Cell> {
    row.get(table.place_of(column)?)
}

fn add(
    tables: &mut BTreeMap<&'static str, Rows>,
    table: &'static Table,
    row: Vec<Cell>,
) -> Result<(), StoreError> {
    if row.len() != table.columns.len() {
        let detail = format!("{}: a row has {} values", table.name, row.len());
        return Err(StoreError::Unreadable { kind: Kind::Row, detail });
    }
    for reference in REFERENCES.iter().filter(|reference| reference.table == table.name) {
        let to = at(table, &row, reference.column).cloned();
        let found = to.is_some_and(|to| tables[reference.to].contains_key(&vec![to]));
        if !found {
            return Err(StoreError::not_found(Kind::Row, reference.to));
        }
    }
    let key = table.key_of(&row).to_vec();
    for (_, column) in UNIQUE.iter().filter(|(name, _)| *name == table.name) {
        let taken = |(other, there): (&Vec<Cell>, &Vec<Cell>)| {
            *other != key && at(table, there, column) == at(table, &row, column)
        };
        if tables[table.name].iter().any(taken) {
            return Err(StoreError::duplicate(Kind::Row, table.name));
        }
    }
    if let Some(rows) = tables.get_mut(table.name) {
        rows.insert(key, row);
    }
    Ok(())
}

fn remove(
    tables: &mut BTreeMap<&'static str, Rows>,
    table: &'static Table,
    key: &[Cell],
) -> Result<(), StoreError> {
    for reference in REFERENCES.iter().filter(|reference| reference.to == table.name) {
        let child = shape(reference.table)?;
        let referring: Vec<Vec<Cell>> = tables[child.name]
            .iter()
            .filter(|(_, row)| at(child, row, reference.column) == key.first())
            .map(|(key, _)| key.clone())
            .collect();
        if !reference.cascades && !referring.is_empty() {
            return Err(StoreError::in_use(Kind::Row, table.name, "other rows refer to it"));
        }
        for key in referring {
            remove(tables, child, &key)?;
        }
    }
    if let Some(rows) = tables.get_mut(table.name) {
        rows.remove(key);
    }
    Ok(())
}

#[async_trait]
impl StoreContents for MemoryContents {
    fn tables(&self) -> &'static [Table] {
        TABLES
    }

    async fn rows(
        &self,
        table: &str,
        after: Option<Vec<Cell>>,
        limit: u32,
    ) -> Result<Vec<Vec<Cell>>, StoreError> {
        let table = shape(table)?;
        let after = after.map_or(Bound::Unbounded, Bound::Excluded);
        let tables = self.tables();
        let following = tables[table.name].range((after, Bound::Unbounded));
        let content = following.filter(|(key, _)| !is_left_out(table.name, key));
        Ok(content.take(limit as usize).map(|(_, row)| row.clone()).collect())
    }

    async fn find(&self, table: &str, keys: Vec<Vec<Cell>>) -> Result<Vec<Vec<Cell>>, StoreError> {
        let table = shape(table)?;
        let tables = self.tables();
        Ok(keys.iter().filter_map(|key| tables[table.name].get(key).cloned()).collect())
    }

    async fn count(&self, table: &str) -> Result<u64, StoreError> {
        let table = shape(table)?;
        let tables = self.tables();
        let content = tables[table.name].keys().filter(|key| !is_left_out(table.name, key));
        Ok(content.count() as u64)
    }

    async fn put(&self, table: &str, rows: Vec<Vec<Cell>>) -> Result<(), StoreError> {
        let table = shape(table)?;
        self.write(|tables| rows.into_iter().try_for_each(|row| add(tables, table, row)))
    }

    async fn delete(&self, table: &str, keys: Vec<Vec<Cell>>) -> Result<(), StoreError> {
        let table = shape(table)?;
        self.write(|tables| keys.iter().try_for_each(|key| remove(tables, table, key)))
    }

    async fn sealed(&self) -> Result<Sealed, StoreError> {
        Ok(Sealed::default())
    }
}

/// Layouts of revisions.
#[async_trait]
impl BlobReferences for MemoryContents {
    async fn named(&self, hashes: &[BlobHash]) -> Result<BTreeSet<BlobHash>, StoreError> {
        let layouts = self.layouts()?;
        Ok(hashes.iter().filter(|hash| layouts.contains(hash)).copied().collect())
    }

    async fn list(&self, after: Option<BlobHash>, limit: u32) -> Result<Vec<BlobHash>, StoreError> {
        let layouts = self.layouts()?.into_iter();
        let following = layouts.filter(|hash| after.is_none_or(|after| *hash > after));
        Ok(following.take(limit as usize).collect())
    }
}

impl MemoryContents {
    fn layouts(&self) -> Result<BTreeSet<BlobHash>, StoreError> {
        let revisions = shape("revisions")?;
        let tables = self.tables();
        let layout = |row: &Vec<Cell>| match at(revisions, row, "layout") {
            Some(Cell::Bytes(hash)) => BlobHash::try_from(&hash[..]).ok(),
            _ => None,
        };
        Ok(tables["revisions"].values().filter_map(layout).collect())
    }
}
