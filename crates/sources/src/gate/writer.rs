//! Writes a statement anew from what is understood of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use pressroom_data::Value;
use pressroom_domain::Hidden;
use sqlparser::ast::Ident;
use sqlparser::tokenizer::{Location, Token};

use super::error::{Forbidden, Refusal};
use super::names::{Catalogue, Hiding, Known, Table};
use super::reading::Read;
use super::scope::Scope;
use super::text::Text;
use super::{Checked, Filter, Syntax};

/// How deep the parts of a statement may lie in each other.
const DEPTH: usize = 400;
/// How many names may be compared to find what names mean.
const COMPARISONS: usize = 50_000_000;

/// A statement in the making. Each method writes one kind of part, or refuses it.
pub(super) struct Writer<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) syntax: Syntax,
    pub(super) hiding: Hiding,
    pub(super) filters: &'a dyn Fn(&str) -> Option<Filter>,
    pub(super) skips: &'a HashMap<Location, Token>,
    /// The values of the row filter that is being written; its columns are all shown.
    pub(super) filter: Option<Vec<Value>>,
    columns: BTreeMap<String, Known>,
    aliases: BTreeSet<String>,
    with: BTreeSet<String>,
    depth: usize,
    comparisons: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn write(
        read: &Read,
        catalogue: &Catalogue,
        hidden: &Hidden,
        filters: &dyn Fn(&str) -> Option<Filter>,
    ) -> Result<Checked, Refusal> {
        let syntax = catalogue.syntax();
        let mut writer = Writer {
            catalogue,
            syntax,
            hiding: Hiding::from(hidden),
            filters,
            skips: &read.skips,
            filter: None,
            columns: BTreeMap::new(),
            aliases: BTreeSet::new(),
            with: BTreeSet::new(),
            depth: 0,
            comparisons: 0,
        };
        let mut text = Text::default();
        writer.query(&read.query, &Scope::default(), None, &mut text)?;
        let (sql, binds) = text.finish(syntax);
        Ok(Checked { sql, binds })
    }

    /// Writes a part that may hold others of its kind.
    pub(super) fn deeper<T>(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        if self.depth >= DEPTH {
            return Err(Forbidden::TooLarge("its parts are nested too deeply").into());
        }
        self.depth += 1;
        let written = write(self);
        self.depth -= 1;
        written
    }

    /// A table's columns, with those that are hidden.
    pub(super) fn columns(&mut self, table: &Table) -> Known {
        if let Some(known) = self.columns.get(&table.name) {
            return known.clone();
        }
        let columns = self.hiding.columns(table, self.syntax);
        self.columns.insert(table.name.clone(), columns.clone());
        columns
    }

    /// An alias that nothing else in the statement has.
    pub(super) fn alias(&mut self, wanted: &str) -> String {
        let alias = unique(self.plain(wanted), |name| self.aliases.contains(name));
        self.aliases.insert(alias.to_lowercase());
        alias
    }

    /// A name for a query of a `with` clause: no other query's, and no table's.
    pub(super) fn with_name(&mut self, wanted: &str) -> String {
        let is_taken = |name: &str| self.with.contains(name) || self.catalogue.has_name(name);
        let name = unique(self.plain(wanted), is_taken);
        self.with.insert(name.to_lowercase());
        name
    }

    /// A name, or another one for it where the database may take it for a different one.
    fn plain<'n>(&self, name: &'n str) -> &'n str {
        let is_plain = name.is_ascii() && name.trim() == name && !name.is_empty();
        if is_plain || !self.syntax.is_loose() { name } else { "t" }
    }

    /// Counts what it takes to find what a name means at a place.
    pub(super) fn look_up(&mut self, scope: &Scope<'_>) -> Result<(), Refusal> {
        self.comparisons += scope.len();
        if self.comparisons > COMPARISONS {
            return Err(Forbidden::TooLarge("it has too many names for so many columns").into());
        }
        Ok(())
    }

    pub(super) fn quote(&self, name: &str) -> String {
        self.syntax.quote(name)
    }

    /// The name that the statement gives to something, in quotes.
    pub(super) fn declared(&self, name: &Ident) -> String {
        self.quote(&self.syntax.declared(name))
    }
}

/// A name, with a number behind it if it is taken.
fn unique(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(&wanted.to_lowercase()) {
        return wanted.to_owned();
    }
    let mut number = 2_usize;
    loop {
        let name = format!("{wanted}_{number}");
        if !is_taken(&name.to_lowercase()) {
            return name;
        }
        number += 1;
    }
}
