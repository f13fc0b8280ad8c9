//! What names mean at a place of a statement.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use sqlparser::ast::Ident;

use super::Syntax;
use super::error::{Forbidden, Refusal};
use super::names::{Catalogue, Column, Table, shown};
use super::syntax::is_silent;

/// What names mean at a place; what it does not know, the one around it may.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    pub(super) parent: Option<&'a Scope<'a>>,
    /// The queries of a `with` clause, as far as they are known.
    pub(super) with: Vec<With>,
    /// What is read here.
    pub(super) sources: Vec<Rc<Source>>,
    /// Columns that `using` and `natural` made one of two, by key.
    pub(super) merged: Vec<String>,
    /// The columns that the query gives, where clauses can use their names.
    pub(super) outputs: Rc<[Output]>,
    /// Whether the place is in `order by`.
    pub(super) sorts: bool,
}

/// A query of a `with` clause.
#[derive(Debug)]
pub(super) struct With {
    pub(super) key: String,
    /// The name that it is run under.
    pub(super) written: String,
    /// Its columns, once they are known.
    pub(super) columns: OnceCell<Rc<[Column]>>,
}

/// Something that columns come from.
#[derive(Debug)]
pub(super) struct Source {
    /// What columns can have before them.
    pub(super) key: String,
    /// The alias that it is run under: no two of a statement are the same, so that a column cannot
    /// be another's to the database.
    pub(super) written: String,
    pub(super) columns: Rc<[Column]>,
    /// The table or view that it is.
    pub(super) table: Option<Arc<Table>>,
    /// Whether it may have hidden columns that are not among these.
    pub(super) is_partial: bool,
    /// Whether the statement gives it a name of its own: then a schema cannot stand before it.
    pub(super) has_alias: bool,
}

/// A column that a query gives.
#[derive(Clone, Debug)]
pub(super) struct Output {
    /// Its name; `None` where the database makes one.
    pub(super) name: Option<(String, String)>,
    /// The column that it is, in SQL; `None` for an alias.
    pub(super) column: Option<String>,
}

/// A column as SQL, with its key and name.
pub(super) struct Resolved {
    pub(super) sql: String,
    pub(super) name: Option<(String, String)>,
}

/// What a name without a table means.
enum Found {
    Column(Resolved),
    Merged(Resolved),
    Nothing,
}

impl<'a> Scope<'a> {
    /// A place around which this is.
    pub(super) fn within(parent: &'a Scope<'a>) -> Self {
        Self { parent: Some(parent), ..Self::default() }
    }

    /// The same place, where the names of what the query gives mean nothing.
    pub(super) fn rows(&self) -> Scope<'a> {
        Scope {
            parent: self.parent,
            sources: self.sources.clone(),
            merged: self.merged.clone(),
            ..Scope::default()
        }
    }

    /// How many names a name is compared with, at most.
    pub(super) fn len(&self) -> usize {
        let mut count = 1;
        let mut scope = Some(self);
        while let Some(here) = scope {
            count += here.sources.iter().map(|source| 1 + source.columns.len()).sum::<usize>();
            count += here.outputs.len();
            scope = here.parent;
        }
        count
    }

    /// Whether something read here has hidden columns.
    pub(super) fn has_hidden(sources: &[Rc<Source>]) -> bool {
        sources
            .iter()
            .any(|source| source.is_partial || source.columns.iter().any(|column| !column.is_shown))
    }

    /// A column as SQL.
    pub(super) fn column(
        &self,
        parts: &[&Ident],
        catalogue: &Catalogue,
    ) -> Result<Resolved, Refusal> {
        let syntax = catalogue.syntax();
        match parts {
            [] => Err(Forbidden::UnknownColumn(String::new()).into()),
            [name] => self.unqualified(name, syntax),
            [above @ .., source, name] => {
                let source = self.source(above, source, catalogue)?;
                let key = syntax.key(name);
                match pick(&source.columns, name, &key)? {
                    Some(column) if !column.is_shown => Err(hidden(&source, column)),
                    Some(column) => Ok(resolved(&source, column, syntax)),
                    None if is_row_number(&source, &key, syntax) => {
                        Ok(row_number(&source, key, syntax))
                    }
                    None => Err(Forbidden::UnknownColumn(shown(parts)).into()),
                }
            }
        }
    }

    /// What is read under a name, here or further out.
    pub(super) fn source(
        &self,
        above: &[&Ident],
        name: &Ident,
        catalogue: &Catalogue,
    ) -> Result<Rc<Source>, Refusal> {
        let key = catalogue.syntax().key(name);
        let above: Vec<Ident> = above.iter().map(|part| (*part).clone()).collect();
        let is_below = |source: &Rc<Source>| {
            source.table.as_ref().is_some_and(|table| catalogue.is_below(table, &above))
        };
        let is_it = |source: &&Rc<Source>| {
            source.key == key && (above.is_empty() || !source.has_alias && is_below(source))
        };
        let mut scope = Some(self);
        while let Some(here) = scope {
            let found: Vec<_> = here.sources.iter().filter(is_it).collect();
            match found.as_slice() {
                [] => scope = here.parent,
                [source] => return Ok(Rc::clone(source)),
                _ => return Err(Forbidden::Ambiguous(name.value.clone()).into()),
            }
        }
        Err(Forbidden::UnknownSource(name.value.clone()).into())
    }

    fn unqualified(&self, name: &Ident, syntax: Syntax) -> Result<Resolved, Refusal> {
        let key = syntax.key(name);
        let alias = self.alias(&key);
        if self.sorts
            && let Some(Output { name: Some((_, alias)), column: None }) = alias
            && syntax.sorts_by_aliases_within()
            && !is_silent(alias)
        {
            self.refuse_hidden(&key, syntax)?;
            return Ok(Resolved { sql: syntax.quote(alias), name: None });
        }
        let mut scope = Some(self);
        while let Some(here) = scope {
            match here.own(name, &key, syntax)? {
                Found::Column(column) => return Ok(column),
                // Around it, the name could be a column of something further in.
                Found::Merged(column) if std::ptr::eq(here, self) => return Ok(column),
                Found::Merged(_) => return Err(Forbidden::Ambiguous(name.value.clone()).into()),
                Found::Nothing => {}
            }
            if std::ptr::eq(here, self)
                && let Some(Output { name: Some((_, alias)), column: None }) = alias
                && !is_silent(alias)
            {
                self.refuse_hidden(&key, syntax)?;
                return Ok(Resolved { sql: syntax.quote(alias), name: None });
            }
            scope = here.parent;
        }
        if let Some(word) = syntax.word(name) {
            return Ok(Resolved { sql: word.to_owned(), name: None });
        }
        if name.quote_style.is_none() && name.value.starts_with('@') {
            return Err(Forbidden::Variable(name.value.clone()).into());
        }
        Err(Forbidden::UnknownColumn(name.value.clone()).into())
    }

    /// A name that `order by` has by itself: the column of that name which the query gives.
    pub(super) fn sorted(&self, name: &Ident, syntax: Syntax) -> Result<Option<String>, Refusal> {
        let key = syntax.key(name);
        Ok(match self.alias(&key) {
            Some(Output { column: Some(column), .. }) => Some(column.clone()),
            Some(Output { name: Some((_, alias)), column: None }) if !is_silent(alias) => {
                self.refuse_hidden(&key, syntax)?;
                Some(syntax.quote(alias))
            }
            _ => None,
        })
    }

    /// The one output of a name.
    fn alias(&self, key: &str) -> Option<&Output> {
        let mut all = self
            .outputs
            .iter()
            .filter(|output| output.name.as_ref().is_some_and(|(known, _)| known == key));
        let first = all.next()?;
        all.all(|next| next.column.is_some() && next.column == first.column).then_some(first)
    }

    /// Refuses an alias that may also be a hidden column's name here: which of the two is meant
    /// depends on the database, and so does whether accents tell names apart.
    fn refuse_hidden(&self, key: &str, syntax: Syntax) -> Result<(), Refusal> {
        let is_same = |column: &Column| {
            let is_vague = syntax.is_loose() && !(key.is_ascii() && column.key.is_ascii());
            column.key == key || is_vague
        };
        for source in &self.sources {
            if let Some(column) = source.columns.iter().find(|c| !c.is_shown && is_same(c)) {
                return Err(hidden(source, column));
            }
        }
        Ok(())
    }

    /// What a name means by what is read here alone.
    fn own(&self, name: &Ident, key: &str, syntax: Syntax) -> Result<Found, Refusal> {
        let mut found = Vec::new();
        for source in &self.sources {
            if let Some(column) = pick(&source.columns, name, key)? {
                if !column.is_shown {
                    return Err(hidden(source, column));
                }
                found.push((source, column));
            }
        }
        match found.as_slice() {
            [] => {
                let mut numbered =
                    self.sources.iter().filter(|source| is_row_number(source, key, syntax));
                match (numbered.next(), numbered.next()) {
                    (Some(source), None) if self.sources.len() == 1 => {
                        Ok(Found::Column(row_number(source, key.to_owned(), syntax)))
                    }
                    _ => Ok(Found::Nothing),
                }
            }
            [(source, column)] => Ok(Found::Column(resolved(source, column, syntax))),
            [(_, column), ..] if self.merged.iter().any(|merged| merged == key) => {
                let name = Some((column.key.clone(), column.name.clone()));
                Ok(Found::Merged(Resolved { sql: syntax.quote(&column.name), name }))
            }
            _ => Err(Forbidden::Ambiguous(name.value.clone()).into()),
        }
    }

    /// The query of a `with` clause of this name.
    pub(super) fn with(&self, key: &str) -> Option<&With> {
        let mut scope = Some(self);
        while let Some(here) = scope {
            if let Some(found) = here.with.iter().rev().find(|with| with.key == key) {
                return Some(found);
            }
            scope = here.parent;
        }
        None
    }

    /// The columns that `*` stands for here.
    pub(super) fn all(&self, syntax: Syntax) -> Result<Vec<Output>, Refusal> {
        let mut outputs: Vec<Output> = Vec::new();
        let mut merged: Vec<&str> = Vec::new();
        for source in &self.sources {
            for output in all_of(source, syntax)? {
                let once = output
                    .name
                    .as_ref()
                    .and_then(|(key, _)| self.merged.iter().find(|merged| *merged == key));
                match once {
                    Some(key) if merged.contains(&&**key) => continue,
                    Some(key) => merged.push(key),
                    None => {}
                }
                outputs.push(output);
            }
        }
        Ok(outputs)
    }
}

/// The columns that `table.*` stands for.
pub(super) fn all_of(source: &Source, syntax: Syntax) -> Result<Vec<Output>, Refusal> {
    let output = |column: &Column| {
        if !column.is_shown {
            return Err(hidden(source, column));
        }
        let name = (!column.name.is_empty()).then(|| (column.key.clone(), column.name.clone()));
        Ok(Output { name, column: Some(written(source, column, syntax)) })
    };
    source.columns.iter().map(output).collect()
}

fn hidden(source: &Source, column: &Column) -> Refusal {
    let title = source.table.as_ref().map_or(&source.written, |table| &table.name);
    Forbidden::Column { table: title.clone(), column: column.name.clone() }.into()
}

fn resolved(source: &Source, column: &Column, syntax: Syntax) -> Resolved {
    let name = Some((column.key.clone(), column.name.clone()));
    Resolved { sql: written(source, column, syntax), name }
}

fn row_number(source: &Source, key: String, syntax: Syntax) -> Resolved {
    let sql = format!("{}.{key}", syntax.quote(&source.written));
    Resolved { sql, name: Some((key.clone(), key)) }
}

fn written(source: &Source, column: &Column, syntax: Syntax) -> String {
    format!("{}.{}", syntax.quote(&source.written), syntax.quote(&column.name))
}

/// SQLite's number of a row, which its engine checks as the column that it is.
fn is_row_number(source: &Source, key: &str, syntax: Syntax) -> bool {
    syntax == Syntax::Sqlite && source.table.is_some() && matches!(key, "rowid" | "oid" | "_rowid_")
}

/// The column of a name among several that may differ by letter case alone.
fn pick<'c>(columns: &'c [Column], name: &Ident, key: &str) -> Result<Option<&'c Column>, Refusal> {
    let mut all = columns.iter().filter(|column| column.key == key && !column.name.is_empty());
    let Some(first) = all.next() else { return Ok(None) };
    if all.next().is_none() {
        return Ok(Some(first));
    }
    let mut same = columns.iter().filter(|column| column.name == name.value);
    match (same.next(), same.next()) {
        (Some(column), None) => Ok(Some(column)),
        _ => Err(Forbidden::Ambiguous(name.value.clone()).into()),
    }
}

/// Columns of these names, all shown.
pub(super) fn columns(outputs: &[Output], renamed: &[Ident], syntax: Syntax) -> Rc<[Column]> {
    let column = |(at, output): (usize, &Output)| {
        let name = match (renamed.get(at), &output.name) {
            (Some(name), _) => Some((syntax.key(name), syntax.declared(name))),
            (None, known) => known.clone(),
        };
        let (key, name) = name.unwrap_or_default();
        Column { key, name, is_shown: true }
    };
    outputs.iter().enumerate().map(column).collect()
}
