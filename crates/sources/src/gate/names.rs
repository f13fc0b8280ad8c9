//! The tables and columns that there are, and which of them are hidden.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use pressroom_domain::Hidden;
use pressroom_ports::TableInfo;
use pressroom_query::split_schema;
use sqlparser::ast::{Ident, ObjectName, ObjectNamePart};

use super::Syntax;
use super::error::{Forbidden, Refusal, construct};

/// The tables and views of one database, with the names that statements reach them by.
#[derive(Clone, Debug)]
pub(crate) struct Catalogue {
    syntax: Syntax,
    schema: Option<String>,
    database: Option<String>,
    tables: Vec<Arc<Table>>,
    /// By schema and name in lower case; the default schema is empty.
    by_name: HashMap<(String, String), Vec<usize>>,
    bare: BTreeSet<String>,
}

/// A table or view.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// The name that the data model has for it.
    pub(super) name: String,
    schema: Option<String>,
    /// Its name within its schema.
    pub(super) own: String,
    columns: Vec<String>,
}

/// A column of something that a statement reads.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) is_shown: bool,
}

impl Catalogue {
    /// The tables as [`DataSources::schema`](pressroom_ports::DataSources::schema) tells them, hidden
    /// ones too. `schema` is the one that names without a schema are looked for in (`public`, `dbo`,
    /// MySQL's database); with it, what is run names every table in full. `database` is the one that
    /// is read: `database.schema.table` of another is refused.
    pub(crate) fn new(
        syntax: Syntax,
        tables: &[TableInfo],
        schema: Option<&str>,
        database: Option<&str>,
    ) -> Self {
        let mut catalogue = Self {
            syntax,
            schema: schema.map(str::to_owned),
            database: database.map(str::to_owned),
            tables: Vec::with_capacity(tables.len()),
            by_name: HashMap::new(),
            bare: BTreeSet::new(),
        };
        for table in tables {
            let (schema, own) = match syntax {
                Syntax::Sqlite => (None, table.name.clone()),
                _ => split_schema(&table.name),
            };
            let key = (catalogue.schema_key(schema.as_deref()), own.to_lowercase());
            catalogue.bare.insert(key.1.clone());
            catalogue.by_name.entry(key).or_default().push(catalogue.tables.len());
            catalogue.tables.push(Arc::new(Table {
                name: table.name.clone(),
                schema,
                own,
                columns: table.columns.iter().map(|column| column.name.clone()).collect(),
            }));
        }
        catalogue
    }

    pub(super) fn syntax(&self) -> Syntax {
        self.syntax
    }

    #[cfg(test)]
    pub(super) fn schema(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    /// Whether some table has this name, in any schema and letter case.
    pub(super) fn has_name(&self, name: &str) -> bool {
        self.bare.contains(name)
    }

    fn schema_key(&self, schema: Option<&str>) -> String {
        let lower = schema.map(str::to_lowercase).unwrap_or_default();
        let default = self.schema.as_ref().is_some_and(|own| own.to_lowercase() == lower);
        if default { String::new() } else { lower }
    }

    /// The table of a name with one to three parts.
    pub(super) fn find(&self, name: &ObjectName) -> Result<&Arc<Table>, Refusal> {
        let parts = parts(name)?;
        let unknown = || Forbidden::UnknownTable(shown(&parts));
        let (database, schema, own) = match parts.as_slice() {
            [own] => (None, None, *own),
            [schema, own] => (None, Some(*schema), *own),
            [database, schema, own] => (Some(*database), Some(*schema), *own),
            _ => return Err(unknown().into()),
        };
        let is_here = |name: &Ident| {
            let own = self.database.as_deref();
            own.is_some_and(|own| own.to_lowercase() == name.value.to_lowercase())
        };
        if !database.is_none_or(is_here) {
            return Err(unknown().into());
        }
        let schema_key = self.schema_key(schema.map(|schema| &*schema.value));
        let candidates = self.by_name.get(&(schema_key, own.value.to_lowercase()));
        let is_named = |table: &Table, strict: bool| {
            let same = |written: &Ident, known: &str| {
                if strict {
                    self.syntax.declared(written) == known
                } else {
                    self.syntax.key(written) == self.syntax.key_of(known)
                }
            };
            let has_schema = match (schema, table.schema.as_deref().or(self.schema.as_deref())) {
                (Some(written), Some(known)) => same(written, known),
                _ => true,
            };
            has_schema && same(own, &table.own)
        };
        let found = |strict: bool| -> Vec<&Arc<Table>> {
            let all = candidates.into_iter().flatten().filter_map(|at| self.tables.get(*at));
            all.filter(|table| is_named(table, strict)).collect()
        };
        match (found(true).as_slice(), found(false).as_slice()) {
            ([table], _) | ([], [table]) => Ok(table),
            ([], []) => Err(unknown().into()),
            _ => Err(Forbidden::Ambiguous(shown(&parts)).into()),
        }
    }

    /// A table's name in full, as it is run.
    pub(super) fn written(&self, table: &Table) -> String {
        let schema = table.schema.as_deref().or(self.schema.as_deref());
        let own = self.syntax.quote(&table.own);
        schema.map_or(own.clone(), |schema| format!("{}.{own}", self.syntax.quote(schema)))
    }

    /// Whether a schema and database before a column's table can be this table's.
    pub(super) fn is_below(&self, table: &Table, above: &[Ident]) -> bool {
        let name = above.iter().cloned().chain([Ident::with_quote('"', &table.own)]);
        let name = ObjectName(name.map(ObjectNamePart::Identifier).collect());
        self.find(&name).is_ok_and(|found| found.name == table.name)
    }
}

/// What a data model hides, in any letter case: rather one too many than one too few.
#[derive(Debug, Default)]
pub(super) struct Hiding {
    tables: BTreeSet<String>,
    columns: BTreeMap<String, BTreeSet<String>>,
}

impl From<&Hidden> for Hiding {
    fn from(hidden: &Hidden) -> Self {
        let mut columns: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (table, column) in hidden.columns() {
            columns.entry(table.to_lowercase()).or_default().insert(column.to_lowercase());
        }
        Self { tables: hidden.tables().map(str::to_lowercase).collect(), columns }
    }
}

impl Hiding {
    pub(super) fn hides_table(&self, table: &Table) -> bool {
        self.tables.contains(&table.name.to_lowercase())
    }

    /// A table's columns.
    pub(super) fn columns(&self, table: &Table, syntax: Syntax) -> Known {
        let lower = table.name.to_lowercase();
        let hidden = self.columns.get(&lower);
        let hides = |column: &str| hidden.is_some_and(|names| names.contains(column));
        let known: BTreeSet<String> =
            table.columns.iter().map(|column| column.to_lowercase()).collect();
        let column = |name: &String| Column {
            key: syntax.key_of(name),
            name: name.clone(),
            is_shown: !hides(&name.to_lowercase()),
        };
        Known {
            columns: table.columns.iter().map(column).collect(),
            is_partial: hidden.is_some_and(|names| !names.is_subset(&known)),
        }
    }
}

/// The columns of a table.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) columns: Rc<[Column]>,
    /// Whether columns are hidden that it is not known to have: it may have them by now.
    pub(super) is_partial: bool,
}

/// The parts of a name, without functions that make names.
pub(super) fn parts(name: &ObjectName) -> Result<Vec<&Ident>, Refusal> {
    name.0
        .iter()
        .map(|piece| match piece {
            ObjectNamePart::Identifier(ident) => Ok(ident),
            ObjectNamePart::Function(_) => construct("a function that makes a name"),
        })
        .collect()
}

/// A name for a message.
pub(super) fn shown(parts: &[&Ident]) -> String {
    let name: Vec<&str> = parts.iter().map(|part| &*part.value).collect();
    name.join(".")
}
