//! Tables, their row filters, and functions that give rows.

use std::rc::Rc;
use std::sync::Arc;

use sqlparser::ast::{
    Expr, FunctionArg, Ident, JsonTableColumn, JsonTableColumnErrorHandling, ObjectName,
    OpenJsonTableColumn, TableAlias, TableFactor, TableFunctionArgs, TableIndexDirective,
    TableIndexHintForClause, TableIndexHintType, TableIndexHints, TableIndexType, ValueWithSpan,
};

use super::error::{Forbidden, Refusal, construct};
use super::names::{Column, Known, Table, parts, shown};
use super::scope::{Output, Scope, Source, columns};
use super::text::Text;
use super::writer::Writer;
use super::{Filter, Syntax, functions, reading, types};

/// Hints of SQL Server that change how a table is read, not what and for whom.
const HINTS: &[&str] = &[
    "nolock",
    "readuncommitted",
    "readcommitted",
    "readpast",
    "noexpand",
    "forceseek",
    "forcescan",
];

impl Writer<'_> {
    /// Whether a table may not be read.
    pub(super) fn hides(&self, table: &Table) -> bool {
        self.hiding.hides_table(table)
    }

    /// Writes a table, a query of a `with` clause or a function that gives rows.
    pub(super) fn table(
        &mut self,
        factor: &TableFactor,
        scope: &mut Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let TableFactor::Table {
            name,
            alias,
            args,
            with_hints,
            version,
            with_ordinality,
            partitions,
            json_path,
            sample,
            index_directives,
            inheritance,
        } = factor
        else {
            return construct("a table of another kind");
        };
        if version.is_some() {
            return construct("a table of another time");
        }
        if sample.is_some() {
            return construct("a sample of a table");
        }
        if !partitions.is_empty() || json_path.is_some() || inheritance.is_some() {
            return construct("a part of a table");
        }
        if let Some(TableFunctionArgs { args, settings }) = args {
            if settings.is_some() || !with_hints.is_empty() {
                return construct("settings of a function");
            }
            return self.table_function(name, args, *with_ordinality, alias.as_ref(), scope, out);
        }
        if *with_ordinality {
            return construct("with ordinality after a table");
        }
        let (own, renamed) = self.naming(alias.as_ref())?;
        let hints = self.hints(with_hints, index_directives)?;
        let names = parts(name)?;
        if let [name] = names[..]
            && let Some(with) = scope.with(&self.syntax.key(name))
        {
            let Some(columns) = with.columns.get() else {
                return construct(format!("\"{}\" before it is complete", name.value));
            };
            let columns = rename(columns, &renamed, self.syntax);
            let key = own.as_ref().map_or(with.key.clone(), |name| self.syntax.key(name));
            let wanted = own.as_ref().unwrap_or(name);
            let declared = self.syntax.declared(wanted);
            let given = with.written.clone();
            let written = self.alias(&declared);
            out.push(&self.quote(&given));
            if written != given || !renamed.is_empty() {
                self.naming_of(&written, &renamed, out);
            }
            let has_alias = own.is_some();
            let source =
                Source { key, written, columns, table: None, is_partial: false, has_alias };
            scope.sources.push(Rc::new(source));
            return Ok(());
        }
        if let Some(known) = self.one_row(&names) {
            return self.single(known, own, scope, out);
        }
        let catalogue = self.catalogue;
        let table = catalogue.find(name)?;
        if self.hides(table) {
            return Err(Forbidden::Table(table.name.clone()).into());
        }
        let Known { columns, is_partial } = self.columns(table);
        // The places of columns may have moved since they were read.
        if !renamed.is_empty() && (is_partial || columns.iter().any(|column| !column.is_shown)) {
            return construct("names for the columns of a table of which some are hidden");
        }
        let columns = rename(&columns, &renamed, self.syntax);
        let key = match &own {
            Some(name) => self.syntax.key(name),
            None => self.syntax.key_of(&table.own),
        };
        let wanted = own.as_ref().map_or(table.own.clone(), |name| self.syntax.declared(name));
        let written = self.alias(&wanted);
        let full = catalogue.written(table);
        match (self.filters)(&table.name) {
            Some(filter) if self.filter.is_none() => {
                out.push("(SELECT * FROM ");
                out.push(&full);
                self.filtered(table, filter, &hints, out)?;
                out.push(")");
                self.naming_of(&written, &renamed, out);
            }
            _ => {
                out.push(&full);
                if own.is_some() || written != table.own || !renamed.is_empty() {
                    self.naming_of(&written, &renamed, out);
                }
                out.push(&hints);
            }
        }
        let table = Some(Arc::clone(table));
        let has_alias = own.is_some();
        let source = Source { key, written, columns, table, is_partial, has_alias };
        scope.sources.push(Rc::new(source));
        Ok(())
    }

    /// Writes the alias of a filtered table, and its row filter.
    fn filtered(
        &mut self,
        table: &Arc<Table>,
        filter: Filter,
        hints: &str,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let Filter { condition, values } = filter;
        let written = self.alias(&table.own);
        self.naming_of(&written, &[], out);
        out.push(hints);
        out.push(" WHERE (");
        let column = |column: &Column| Column { is_shown: true, ..column.clone() };
        let source = Source {
            key: self.syntax.key_of(&table.own),
            written,
            columns: self.columns(table).columns.iter().map(column).collect(),
            table: Some(Arc::clone(table)),
            is_partial: false,
            has_alias: false,
        };
        let scope = Scope { sources: vec![Rc::new(source)], ..Scope::default() };
        self.filter = Some(values);
        let syntax = self.syntax;
        let result = reading::condition(&condition, syntax)
            .and_then(|condition| self.deeper(|writer| writer.expression(&condition, &scope, out)));
        self.filter = None;
        result
            .map_err(|why| Forbidden::Filter { table: table.name.clone(), why: Box::new(why) })?;
        out.push(")");
        Ok(())
    }

    /// The table of one row that these names mean.
    fn one_row(&self, names: &[&Ident]) -> Option<&'static str> {
        let is_plain = names.iter().all(|name| name.quote_style.is_none());
        self.syntax.one_row(&shown(names)).filter(|_| is_plain)
    }

    /// Writes a table of one row, of which no column may be read.
    fn single(
        &mut self,
        known: &str,
        own: Option<Ident>,
        scope: &mut Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        out.push(known);
        let wanted = own.map_or_else(|| known.to_owned(), |name| self.syntax.declared(&name));
        let written = self.alias(&wanted);
        if written != known {
            self.naming_of(&written, &[], out);
        }
        let column = Column { key: "*".to_owned(), name: "*".to_owned(), is_shown: false };
        scope.sources.push(Rc::new(Source {
            key: String::new(),
            written,
            columns: Rc::new([column]),
            table: None,
            is_partial: false,
            has_alias: true,
        }));
        Ok(())
    }

    /// The hints of a table as SQL.
    fn hints(&self, hints: &[Expr], indexes: &[TableIndexDirective]) -> Result<String, Refusal> {
        let mut written = String::new();
        let mut words = Vec::with_capacity(hints.len());
        for hint in hints {
            let word = match hint {
                Expr::Identifier(name) => name.value.to_lowercase(),
                _ => String::new(),
            };
            let Some(known) = HINTS.iter().find(|known| **known == word) else {
                return construct("a hint that changes how a table is read");
            };
            words.push(known.to_uppercase());
        }
        if !words.is_empty() {
            written.push_str(&format!(" WITH ({})", words.join(", ")));
        }
        for directive in indexes {
            let TableIndexDirective::MySql(hints) = directive else {
                return construct("an index by its name");
            };
            let TableIndexHints { hint_type, index_type, for_clause, index_names } = hints;
            let kind = match hint_type {
                TableIndexHintType::Use => "USE",
                TableIndexHintType::Ignore => "IGNORE",
                TableIndexHintType::Force => "FORCE",
            };
            let what = match index_type {
                TableIndexType::Index => "INDEX",
                TableIndexType::Key => "KEY",
            };
            let purpose = match for_clause {
                None => "",
                Some(TableIndexHintForClause::Join) => " FOR JOIN",
                Some(TableIndexHintForClause::OrderBy) => " FOR ORDER BY",
                Some(TableIndexHintForClause::GroupBy) => " FOR GROUP BY",
            };
            let names: Vec<String> = index_names.iter().map(|name| self.declared(name)).collect();
            written.push_str(&format!(" {kind} {what}{purpose} ({})", names.join(", ")));
        }
        Ok(written)
    }

    /// Writes a function that gives rows. It sees what stands before it.
    pub(super) fn table_function(
        &mut self,
        name: &ObjectName,
        arguments: &[FunctionArg],
        with_ordinality: bool,
        alias: Option<&TableAlias>,
        scope: &mut Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let names = parts(name)?;
        let known = match names[..] {
            [name] => functions::table(&name.value, self.syntax),
            _ => None,
        };
        let Some((function, given)) = known else {
            return Err(Forbidden::Function(shown(&names)).into());
        };
        out.push(function);
        out.push("(");
        self.arguments(arguments, &Scope::within(scope), out)?;
        out.push(")");
        self.rows_of(function, given, with_ordinality, alias, scope, out)
    }

    pub(super) fn unnest(
        &mut self,
        arrays: &[Expr],
        with_ordinality: bool,
        alias: Option<&TableAlias>,
        scope: &mut Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        if self.syntax != Syntax::Postgres {
            return Err(Forbidden::Function("unnest".to_owned()).into());
        }
        out.push("unnest(");
        self.list(arrays, &Scope::within(scope), out)?;
        out.push(")");
        self.rows_of("unnest", &[], with_ordinality, alias, scope, out)
    }

    /// Writes the alias of a function, and adds its columns to the scope.
    fn rows_of(
        &mut self,
        function: &str,
        given: &[&str],
        with_ordinality: bool,
        alias: Option<&TableAlias>,
        scope: &mut Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let (own, renamed) = self.naming(alias)?;
        out.push(if with_ordinality { " WITH ORDINALITY" } else { "" });
        let name = own.unwrap_or_else(|| Ident::new(function));
        let wanted = self.syntax.declared(&name);
        let written = self.alias(&wanted);
        let key = self.syntax.key(&name);
        // A function with one column without a name calls it as its table.
        let mut named: Vec<Ident> = match given {
            [] => vec![Ident::with_quote('"', wanted)],
            given => given.iter().map(|name| Ident::with_quote('"', *name)).collect(),
        };
        let has_own_name = given.is_empty() && renamed.is_empty();
        if with_ordinality {
            named.push(Ident::with_quote('"', "ordinality"));
        }
        for (place, name) in named.iter_mut().zip(&renamed) {
            *place = name.clone();
        }
        named.extend(renamed.iter().skip(named.len()).cloned());
        let shown: &[Ident] = match has_own_name && written != self.syntax.declared(&name) {
            true => &named[..1],
            false => &renamed,
        };
        self.naming_of(&written, shown, out);
        let unnamed = vec![Output { name: None, column: None }; named.len()];
        let columns = columns(&unnamed, &named, self.syntax);
        let source =
            Source { key, written, columns, table: None, is_partial: false, has_alias: true };
        scope.sources.push(Rc::new(source));
        Ok(())
    }

    pub(super) fn json_table(
        &mut self,
        json: &Expr,
        path: &ValueWithSpan,
        given: &[JsonTableColumn],
        alias: Option<&TableAlias>,
        scope: &mut Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        if !matches!(self.syntax, Syntax::MySql | Syntax::Oracle) {
            return construct("json_table");
        }
        out.push("JSON_TABLE(");
        self.expression(json, &Scope::within(scope), out)?;
        out.push(", ");
        self.literal(path, out)?;
        let mut names = Vec::new();
        self.json_columns(given, &mut names, out)?;
        out.push(")");
        self.declared_rows(&names, alias, scope, out)
    }

    fn json_columns(
        &mut self,
        given: &[JsonTableColumn],
        names: &mut Vec<Ident>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        out.push(" COLUMNS (");
        for (at, column) in given.iter().enumerate() {
            out.push(if at > 0 { ", " } else { "" });
            match column {
                JsonTableColumn::ForOrdinality(name) => {
                    out.push(&self.declared(name));
                    out.push(" FOR ORDINALITY");
                    names.push(name.clone());
                }
                JsonTableColumn::Named(column) => {
                    out.push(&self.declared(&column.name));
                    out.push(" ");
                    out.push(&types::write(&column.r#type, self.syntax)?);
                    out.push(if column.exists { " EXISTS PATH " } else { " PATH " });
                    self.literal(&column.path, out)?;
                    for (handling, when) in
                        [(&column.on_empty, " ON EMPTY"), (&column.on_error, " ON ERROR")]
                    {
                        match handling {
                            None => continue,
                            Some(JsonTableColumnErrorHandling::Null) => out.push(" NULL"),
                            Some(JsonTableColumnErrorHandling::Error) => out.push(" ERROR"),
                            Some(JsonTableColumnErrorHandling::Default(value)) => {
                                out.push(" DEFAULT ");
                                self.literal(value, out)?;
                            }
                        }
                        out.push(when);
                    }
                    names.push(column.name.clone());
                }
                JsonTableColumn::Nested(nested) => {
                    out.push("NESTED PATH ");
                    self.literal(&nested.path, out)?;
                    self.deeper(|writer| writer.json_columns(&nested.columns, names, out))?;
                }
            }
        }
        out.push(")");
        Ok(())
    }

    pub(super) fn open_json(
        &mut self,
        json: &Expr,
        path: Option<&ValueWithSpan>,
        given: &[OpenJsonTableColumn],
        alias: Option<&TableAlias>,
        scope: &mut Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        if self.syntax != Syntax::MsSql {
            return construct("openjson");
        }
        out.push("OPENJSON(");
        self.expression(json, &Scope::within(scope), out)?;
        if let Some(path) = path {
            out.push(", ");
            self.literal(path, out)?;
        }
        out.push(")");
        let mut names: Vec<Ident> = given.iter().map(|column| column.name.clone()).collect();
        if given.is_empty() {
            names = ["key", "value", "type"].map(Ident::new).to_vec();
        } else {
            out.push(" WITH (");
            for (at, column) in given.iter().enumerate() {
                let OpenJsonTableColumn { name, r#type, path, as_json } = column;
                out.push(if at > 0 { ", " } else { "" });
                out.push(&self.declared(name));
                out.push(" ");
                out.push(&types::write(r#type, self.syntax)?);
                if let Some(path) = path {
                    out.push(" ");
                    out.push(&self.string(path)?);
                }
                out.push(if *as_json { " AS JSON" } else { "" });
            }
            out.push(")");
        }
        self.declared_rows(&names, alias, scope, out)
    }

    /// Writes the alias of something that declares its columns, and adds them to the scope.
    fn declared_rows(
        &mut self,
        names: &[Ident],
        alias: Option<&TableAlias>,
        scope: &mut Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let (own, renamed) = self.naming(alias)?;
        if !renamed.is_empty() {
            return construct("names of columns in the alias of a json table");
        }
        let key = own.as_ref().map(|name| self.syntax.key(name)).unwrap_or_default();
        let wanted = own.map_or_else(|| "j".to_owned(), |name| self.syntax.declared(&name));
        let written = self.alias(&wanted);
        self.naming_of(&written, &[], out);
        let unnamed = vec![Output { name: None, column: None }; names.len()];
        let columns = columns(&unnamed, names, self.syntax);
        let source =
            Source { key, written, columns, table: None, is_partial: false, has_alias: true };
        scope.sources.push(Rc::new(source));
        Ok(())
    }
}

/// Columns, the first of which have other names here.
fn rename(columns: &Rc<[Column]>, renamed: &[Ident], syntax: Syntax) -> Rc<[Column]> {
    if renamed.is_empty() {
        return Rc::clone(columns);
    }
    let column = |(at, column): (usize, &Column)| match renamed.get(at) {
        Some(name) => {
            Column { key: syntax.key(name), name: syntax.declared(name), is_shown: column.is_shown }
        }
        None => column.clone(),
    };
    columns.iter().enumerate().map(column).collect()
}
