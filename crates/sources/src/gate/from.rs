//! What is read: the `from` clause and its joins.

use std::rc::Rc;

use sqlparser::ast::{
    Ident, Join, JoinConstraint, JoinOperator, ObjectName, TableAlias, TableAliasColumnDef,
    TableFactor, TableWithJoins,
};

use super::error::{Forbidden, Refusal, construct};
use super::names::parts;
use super::scope::{self, Scope, Source};
use super::text::Text;
use super::writer::Writer;

/// The most tables of one `from` clause.
const SOURCES: usize = 256;

impl Writer<'_> {
    /// Writes a `from` clause without its first word, and adds what it reads to the scope.
    pub(super) fn from(
        &mut self,
        items: &[TableWithJoins],
        scope: &mut Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        for (at, item) in items.iter().enumerate() {
            out.push(if at > 0 { ", " } else { "" });
            self.joined(item, scope, out)?;
        }
        Ok(())
    }

    fn joined(
        &mut self,
        item: &TableWithJoins,
        scope: &mut Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let TableWithJoins { relation, joins } = item;
        let first = scope.sources.len();
        self.deeper(|writer| writer.factor(relation, false, scope, out))?;
        for Join { relation, global, join_operator } in joins {
            if *global {
                return construct("a global join");
            }
            let none = &JoinConstraint::None;
            let (word, constraint) = match join_operator {
                JoinOperator::Join(constraint) => (" JOIN ", constraint),
                JoinOperator::Inner(constraint) => (" INNER JOIN ", constraint),
                JoinOperator::Left(constraint) => (" LEFT JOIN ", constraint),
                JoinOperator::LeftOuter(constraint) => (" LEFT OUTER JOIN ", constraint),
                JoinOperator::Right(constraint) => (" RIGHT JOIN ", constraint),
                JoinOperator::RightOuter(constraint) => (" RIGHT OUTER JOIN ", constraint),
                JoinOperator::FullOuter(constraint) => (" FULL OUTER JOIN ", constraint),
                JoinOperator::CrossJoin(constraint) => (" CROSS JOIN ", constraint),
                JoinOperator::StraightJoin(constraint) => (" STRAIGHT_JOIN ", constraint),
                JoinOperator::CrossApply => (" CROSS APPLY ", none),
                JoinOperator::OuterApply => (" OUTER APPLY ", none),
                _ => return construct("a kind of join of another database"),
            };
            let applies = word.ends_with(" APPLY ");
            let is_natural = matches!(constraint, JoinConstraint::Natural);
            out.push(if is_natural { " NATURAL" } else { "" });
            out.push(word);
            let middle = scope.sources.len();
            self.deeper(|writer| writer.factor(relation, applies, scope, out))?;
            self.constraint(constraint, (first, middle), scope, out)?;
        }
        Ok(())
    }

    /// Writes what a join compares. It sees what the join holds, not what else the clause reads.
    fn constraint(
        &mut self,
        constraint: &JoinConstraint,
        (first, middle): (usize, usize),
        scope: &mut Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let joined = scope.sources.get(first..).unwrap_or_default();
        let (left, right) = joined.split_at((middle - first).min(joined.len()));
        match constraint {
            JoinConstraint::None => {}
            JoinConstraint::On(condition) => {
                let seen = Scope {
                    parent: scope.parent,
                    sources: joined.to_vec(),
                    merged: scope.merged.clone(),
                    ..Scope::default()
                };
                out.push(" ON ");
                self.expression(condition, &seen, out)?;
            }
            JoinConstraint::Using(names) => {
                let mut written = Vec::with_capacity(names.len());
                let mut merged = Vec::with_capacity(names.len());
                for name in names {
                    let [name] = parts(name)?[..] else {
                        return construct("using with a table's name");
                    };
                    let key = self.syntax.key(name);
                    let column = shared(&key, left).and_then(|_| shared(&key, right));
                    let column = column.map_err(|why| match why {
                        None => Forbidden::UnknownColumn(name.value.clone()),
                        Some(()) => Forbidden::Join,
                    })?;
                    written.push(self.quote(&column));
                    merged.push(key);
                }
                out.push(" USING (");
                out.push(&written.join(", "));
                out.push(")");
                scope.merged.extend(merged);
            }
            // What it compares is not written, and depends on what the database takes for one name.
            JoinConstraint::Natural if Scope::has_hidden(joined) => {
                return Err(Forbidden::Join.into());
            }
            JoinConstraint::Natural => {
                let columns = right.iter().flat_map(|source| source.columns.iter());
                let keys: Vec<String> = columns.map(|column| column.key.clone()).collect();
                let mut merged = Vec::new();
                for key in keys {
                    if shared(&key, left).is_ok() {
                        merged.push(key);
                    }
                }
                scope.merged.extend(merged);
            }
            JoinConstraint::UsingAlias(..) => return construct("using with an alias"),
        }
        Ok(())
    }

    /// Writes one thing that is read.
    fn factor(
        &mut self,
        factor: &TableFactor,
        is_lateral: bool,
        scope: &mut Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        if scope.sources.len() >= SOURCES {
            return Err(Forbidden::TooLarge("it joins more than 256 tables").into());
        }
        match factor {
            TableFactor::Table { .. } => self.table(factor, scope, out),
            TableFactor::Derived { lateral, subquery, alias, sample: None } => {
                let (own, renamed) = self.naming(alias.as_ref())?;
                out.push(if *lateral { "LATERAL (" } else { "(" });
                let outputs = if *lateral || is_lateral {
                    self.query(subquery, &Scope::within(scope), None, out)?
                } else {
                    let around = Scope { parent: scope.parent, ..Scope::default() };
                    self.query(subquery, &around, None, out)?
                };
                out.push(")");
                let columns = scope::columns(&outputs, &renamed, self.syntax);
                let (key, wanted) = match &own {
                    Some(name) => (self.syntax.key(name), self.syntax.declared(name)),
                    None => (String::new(), "q".to_owned()),
                };
                let written = self.alias(&wanted);
                self.naming_of(&written, &renamed, out);
                let source = Source {
                    key,
                    written,
                    columns,
                    table: None,
                    is_partial: false,
                    has_alias: true,
                };
                scope.sources.push(Rc::new(source));
                Ok(())
            }
            TableFactor::Function { lateral, name, args, with_ordinality, alias } => {
                out.push(if *lateral { "LATERAL " } else { "" });
                self.table_function(name, args, *with_ordinality, alias.as_ref(), scope, out)
            }
            TableFactor::UNNEST {
                alias,
                array_exprs,
                with_offset: false,
                with_offset_alias: None,
                with_ordinality,
            } => self.unnest(array_exprs, *with_ordinality, alias.as_ref(), scope, out),
            TableFactor::JsonTable { json_expr, json_path, columns, alias } => {
                self.json_table(json_expr, json_path, columns, alias.as_ref(), scope, out)
            }
            TableFactor::OpenJsonTable { json_expr, json_path, columns, alias } => {
                self.open_json(json_expr, json_path.as_ref(), columns, alias.as_ref(), scope, out)
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                out.push("(");
                self.deeper(|writer| writer.joined(table_with_joins, scope, out))?;
                out.push(")");
                Ok(())
            }
            TableFactor::NestedJoin { .. } => construct("an alias of a join"),
            TableFactor::Pivot { .. } | TableFactor::Unpivot { .. } => {
                construct("pivot or unpivot")
            }
            TableFactor::XmlTable { .. } => construct("xmltable"),
            TableFactor::Derived { .. } => construct("a sample of a table"),
            _ => construct("a table of another database's kind"),
        }
    }

    /// An alias and the names of the columns with it.
    pub(super) fn naming(
        &self,
        alias: Option<&TableAlias>,
    ) -> Result<(Option<Ident>, Vec<Ident>), Refusal> {
        let Some(TableAlias { explicit: _, name, columns, at }) = alias else {
            return Ok((None, Vec::new()));
        };
        if at.is_some() {
            return construct("an alias of another database's kind");
        }
        Ok((Some(name.clone()), self.renamed(columns)?))
    }

    /// The names that columns get with an alias.
    pub(super) fn renamed(&self, columns: &[TableAliasColumnDef]) -> Result<Vec<Ident>, Refusal> {
        let name = |column: &TableAliasColumnDef| match column.data_type {
            None => Ok(column.name.clone()),
            Some(_) => construct("types of columns in an alias"),
        };
        columns.iter().map(name).collect()
    }

    /// Writes an alias with names of columns.
    pub(super) fn naming_of(&self, written: &str, renamed: &[Ident], out: &mut Text) {
        out.push(self.syntax.table_alias());
        out.push(&self.quote(written));
        self.column_names(renamed, out);
    }

    /// Writes names of columns, if there are any.
    pub(super) fn column_names(&self, names: &[Ident], out: &mut Text) {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|name| self.declared(name)).collect();
            out.push(" (");
            out.push(&names.join(", "));
            out.push(")");
        }
    }

    /// Refuses a table that may not be read, wherever it is named.
    pub(super) fn refuse_table(&self, name: &ObjectName) -> Result<(), Refusal> {
        let table = self.catalogue.find(name)?;
        match self.hides(table) {
            true => Err(Forbidden::Table(table.name.clone()).into()),
            false => Ok(()),
        }
    }
}

/// The name of a column that one side of a join has: `None` where it has none or several, and
/// `Some(())` where one is hidden.
fn shared(key: &str, side: &[Rc<Source>]) -> Result<String, Option<()>> {
    let columns = side.iter().flat_map(|source| source.columns.iter());
    let found: Vec<_> =
        columns.filter(|column| column.key == key && !column.name.is_empty()).collect();
    match found.as_slice() {
        [] => Err(None),
        found if found.iter().any(|column| !column.is_shown) => Err(Some(())),
        [first, ..] => Ok(first.name.clone()),
    }
}
