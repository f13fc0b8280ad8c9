//! Queries: `with`, set operations, what sorts and cuts them.

use std::cell::OnceCell;
use std::rc::Rc;

use sqlparser::ast::{
    Cte, CteAsMaterialized, Expr, Fetch, ForClause, ForJson, ForXml, Ident, LimitClause, Offset,
    OffsetRows, OrderBy, OrderByExpr, OrderByKind, OrderByOptions, OrderBySort, Query, SetExpr,
    SetOperator, SetQuantifier, Values, With,
};

use super::Syntax;
use super::error::{Refusal, construct};
use super::scope::{self, Output, Scope};
use super::selects::Star;
use super::text::Text;
use super::writer::Writer;

/// A query of a `with` clause that may read itself: its columns are known once its first part is.
pub(super) struct Anchor<'a> {
    columns: &'a OnceCell<Rc<[super::names::Column]>>,
    renamed: &'a [Ident],
}

impl Writer<'_> {
    /// Writes a query and gives its columns.
    pub(super) fn query(
        &mut self,
        query: &Query,
        scope: &Scope<'_>,
        anchor: Option<&Anchor<'_>>,
        out: &mut Text,
    ) -> Result<Vec<Output>, Refusal> {
        self.deeper(|writer| writer.query_of(query, scope, anchor, Star::Columns, out))
    }

    /// Writes a query of which only is asked whether it gives rows.
    pub(super) fn existence(
        &mut self,
        query: &Query,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        self.deeper(|writer| writer.query_of(query, scope, None, Star::Rows, out)).map(|_| ())
    }

    fn query_of(
        &mut self,
        query: &Query,
        scope: &Scope<'_>,
        anchor: Option<&Anchor<'_>>,
        star: Star,
        out: &mut Text,
    ) -> Result<Vec<Output>, Refusal> {
        let Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        if !locks.is_empty() {
            return construct("for update or for share");
        }
        if settings.is_some() || format_clause.is_some() || !pipe_operators.is_empty() {
            return construct("a clause of another database after its query");
        }
        let mut own = Scope::within(scope);
        if let Some(with) = with {
            self.with(with, &mut own, out)?;
        }
        let outputs = match &**body {
            SetExpr::Select(select) => {
                let outputs = self.select(select, order_by.as_ref(), &own, star, out)?;
                settle(anchor, &outputs, self.syntax);
                outputs
            }
            body => {
                let outputs = self.body(body, &own, anchor, out)?;
                // What sorts the whole sees the names of its columns alone.
                let named = outputs.into_iter().map(|output| Output { column: None, ..output });
                let outputs: Vec<Output> = named.collect();
                if let Some(order_by) = order_by {
                    let mut sorting = Scope::within(&own);
                    sorting.outputs = outputs.as_slice().into();
                    sorting.sorts = true;
                    self.order_by(order_by, &sorting, out)?;
                }
                outputs
            }
        };
        if let Some(limit) = limit_clause {
            self.limit(limit, &own, out)?;
        }
        if let Some(fetch) = fetch {
            self.fetch(fetch, &own, out)?;
        }
        if let Some(clause) = for_clause {
            self.for_clause(clause, out)?;
            return Ok(vec![Output { name: None, column: None }]);
        }
        Ok(outputs)
    }

    fn with(&mut self, with: &With, own: &mut Scope<'_>, out: &mut Text) -> Result<(), Refusal> {
        let With { with_token: _, recursive, cte_tables } = with;
        out.push(if *recursive { "WITH RECURSIVE " } else { "WITH " });
        let key = |cte: &Cte| self.syntax.key(&cte.alias.name);
        let keys: Vec<String> = cte_tables.iter().map(key).collect();
        for (at, cte) in cte_tables.iter().enumerate() {
            let Cte { alias, query, from, materialized, closing_paren_token: _ } = cte;
            if from.is_some() || alias.at.is_some() {
                return construct("a with clause of another database");
            }
            let renamed = self.renamed(&alias.columns)?;
            let Some(key) = keys.get(at) else { continue };
            if keys.iter().take(at).any(|known| known == key) {
                return construct(format!(
                    "two queries \"{}\" in one with clause",
                    alias.name.value
                ));
            }
            if at > 0 {
                out.push(", ");
            }
            let written = self.with_name(&self.syntax.declared(&alias.name));
            out.push(&self.quote(&written));
            self.column_names(&renamed, out);
            out.push(match materialized {
                None => " AS (",
                Some(CteAsMaterialized::Materialized) => " AS MATERIALIZED (",
                Some(CteAsMaterialized::NotMaterialized) => " AS NOT MATERIALIZED (",
            });
            let entry = |key: &String| scope::With {
                key: key.clone(),
                written: written.clone(),
                columns: OnceCell::new(),
            };
            let columns = {
                let mut inner = Scope::within(own);
                // Those that come later may be seen already, depending on the database: a name of
                // theirs is refused until they are known.
                inner.with.extend(keys.iter().skip(at + 1).map(entry));
                let sees_itself = *recursive || self.syntax.sees_itself();
                if sees_itself {
                    inner.with.push(entry(key));
                }
                let itself = inner.with.last().filter(|_| sees_itself).map(|with| &with.columns);
                let is_recursive = matches!(&*query.body, SetExpr::SetOperation { .. });
                let anchor = itself
                    .filter(|_| is_recursive)
                    .map(|columns| Anchor { columns, renamed: &renamed });
                let outputs = self.query(query, &inner, anchor.as_ref(), out)?;
                scope::columns(&outputs, &renamed, self.syntax)
            };
            out.push(")");
            let known = entry(key);
            let _ = known.columns.set(columns);
            own.with.push(known);
        }
        out.push(" ");
        Ok(())
    }

    /// Writes what is between `with` and `order by` and is more than a `select`.
    fn body(
        &mut self,
        body: &SetExpr,
        scope: &Scope<'_>,
        anchor: Option<&Anchor<'_>>,
        out: &mut Text,
    ) -> Result<Vec<Output>, Refusal> {
        match body {
            SetExpr::Select(select) => self.select(select, None, scope, Star::Columns, out),
            SetExpr::Query(query) => {
                out.push("(");
                let outputs = self.query(query, scope, None, out)?;
                out.push(")");
                Ok(outputs)
            }
            SetExpr::Values(values) => self.values(values, scope, out),
            SetExpr::SetOperation { .. } => {
                // A long chain is deep on its left side.
                let mut spine = Vec::new();
                let mut left = body;
                while let SetExpr::SetOperation { left: next, op, set_quantifier, right } = left {
                    spine.push((op, set_quantifier, right));
                    left = next;
                }
                let outputs = self.deeper(|writer| writer.body(left, scope, None, out))?;
                settle(anchor, &outputs, self.syntax);
                for (op, quantifier, right) in spine.into_iter().rev() {
                    out.push(match op {
                        SetOperator::Union => " UNION ",
                        SetOperator::Except => " EXCEPT ",
                        SetOperator::Intersect => " INTERSECT ",
                        SetOperator::Minus => " MINUS ",
                    });
                    out.push(match quantifier {
                        SetQuantifier::None => "",
                        SetQuantifier::All => "ALL ",
                        SetQuantifier::Distinct => "DISTINCT ",
                        _ => return construct("a set operation by names"),
                    });
                    self.deeper(|writer| writer.body(right, scope, None, out))?;
                }
                Ok(outputs)
            }
            SetExpr::Table(_) => construct("table as a query"),
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                Err(Refusal::NotReading)
            }
        }
    }

    fn values(
        &mut self,
        values: &Values,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<Vec<Output>, Refusal> {
        let Values { explicit_row, value_keyword: _, rows } = values;
        out.push("VALUES ");
        for (at, row) in rows.iter().enumerate() {
            out.push(if at > 0 { ", " } else { "" });
            out.push(if *explicit_row { "ROW(" } else { "(" });
            self.list(&row.content, scope, out)?;
            out.push(")");
        }
        let count = rows.first().map_or(0, |row| row.content.len());
        let name = |at: usize| match self.syntax {
            Syntax::Postgres | Syntax::Redshift | Syntax::Sqlite => {
                Some(format!("column{}", at + 1))
            }
            Syntax::MySql => Some(format!("column_{at}")),
            _ => None,
        };
        let output = |at| Output { name: name(at).map(|name| (name.clone(), name)), column: None };
        Ok((0..count).map(output).collect())
    }

    pub(super) fn order_by(
        &mut self,
        order_by: &OrderBy,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let OrderBy { kind: OrderByKind::Expressions(keys), interpolate: None } = order_by else {
            return construct("order by all");
        };
        out.push(" ORDER BY ");
        self.sort_keys(keys, scope, out)
    }

    pub(super) fn sort_keys(
        &mut self,
        keys: &[OrderByExpr],
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        for (at, key) in keys.iter().enumerate() {
            let OrderByExpr { expr, options: OrderByOptions { sort, nulls_first }, with_fill } =
                key;
            if with_fill.is_some() {
                return construct("with fill");
            }
            out.push(if at > 0 { ", " } else { "" });
            let output = match expr {
                Expr::Identifier(name) if scope.sorts => scope.sorted(name, self.syntax)?,
                _ => None,
            };
            match output {
                Some(output) => out.push(&output),
                None => self.expression(expr, scope, out)?,
            }
            out.push(match sort {
                None => "",
                Some(OrderBySort::Asc) => " ASC",
                Some(OrderBySort::Desc) => " DESC",
                Some(OrderBySort::Using(_)) => return construct("order by using an operator"),
            });
            out.push(match nulls_first {
                None => "",
                Some(true) => " NULLS FIRST",
                Some(false) => " NULLS LAST",
            });
        }
        Ok(())
    }

    fn limit(
        &mut self,
        limit: &LimitClause,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        match limit {
            LimitClause::LimitOffset { limit, offset, limit_by } => {
                if !limit_by.is_empty() {
                    return construct("limit by");
                }
                if let Some(limit) = limit {
                    out.push(" LIMIT ");
                    self.expression(limit, scope, out)?;
                }
                if let Some(Offset { value, rows }) = offset {
                    out.push(" OFFSET ");
                    self.expression(value, scope, out)?;
                    out.push(match rows {
                        OffsetRows::None => "",
                        OffsetRows::Row => " ROW",
                        OffsetRows::Rows => " ROWS",
                    });
                }
            }
            LimitClause::OffsetCommaLimit { offset, limit } => {
                out.push(" LIMIT ");
                self.expression(limit, scope, out)?;
                out.push(" OFFSET ");
                self.expression(offset, scope, out)?;
            }
        }
        Ok(())
    }

    fn fetch(&mut self, fetch: &Fetch, scope: &Scope<'_>, out: &mut Text) -> Result<(), Refusal> {
        let Fetch { with_ties, percent, quantity } = fetch;
        out.push(" FETCH FIRST");
        if let Some(quantity) = quantity {
            out.push(" ");
            self.expression(quantity, scope, out)?;
        }
        out.push(if *percent { " PERCENT" } else { "" });
        out.push(if *with_ties { " ROWS WITH TIES" } else { " ROWS ONLY" });
        Ok(())
    }

    /// SQL Server's rows as one text.
    fn for_clause(&mut self, clause: &ForClause, out: &mut Text) -> Result<(), Refusal> {
        let mut options: Vec<String> = Vec::new();
        let mut named = |writer: &Self, word: &str, name: &Option<String>| {
            options.push(match name {
                Some(name) => format!("{word}({})", writer.string(name)?),
                None => word.to_owned(),
            });
            Ok::<_, Refusal>(())
        };
        match clause {
            ForClause::Browse => return construct("for browse"),
            ForClause::Json { for_json, root, include_null_values, without_array_wrapper } => {
                let kind = match for_json {
                    ForJson::Auto => "JSON AUTO",
                    ForJson::Path => "JSON PATH",
                };
                named(self, kind, &None)?;
                if root.is_some() {
                    named(self, "ROOT", root)?;
                }
                let flags = [
                    (*include_null_values, "INCLUDE_NULL_VALUES"),
                    (*without_array_wrapper, "WITHOUT_ARRAY_WRAPPER"),
                ];
                options.extend(flags.iter().filter(|flag| flag.0).map(|flag| flag.1.to_owned()));
            }
            ForClause::Xml { for_xml, elements, binary_base64, root, r#type } => {
                match for_xml {
                    ForXml::Raw(name) => named(self, "XML RAW", name)?,
                    ForXml::Auto => named(self, "XML AUTO", &None)?,
                    ForXml::Path(name) => named(self, "XML PATH", name)?,
                    ForXml::Explicit => return construct("for xml explicit"),
                }
                if root.is_some() {
                    named(self, "ROOT", root)?;
                }
                let flags =
                    [(*elements, "ELEMENTS"), (*binary_base64, "BINARY BASE64"), (*r#type, "TYPE")];
                options.extend(flags.iter().filter(|flag| flag.0).map(|flag| flag.1.to_owned()));
            }
        }
        out.push(" FOR ");
        out.push(&options.join(", "));
        Ok(())
    }
}

/// Tells a query of a `with` clause its columns, now that its first part is known.
fn settle(anchor: Option<&Anchor<'_>>, outputs: &[Output], syntax: Syntax) {
    if let Some(anchor) = anchor {
        // Set once: a later part has the same columns.
        let _ = anchor.columns.set(scope::columns(outputs, anchor.renamed, syntax));
    }
}
