//! One `select`.

use sqlparser::ast::{
    Distinct, Expr, Function, FunctionArguments, GroupByExpr, GroupByWithModifier,
    NamedWindowDefinition, NamedWindowExpr, OrderBy, Select, SelectFlavor, SelectItem,
    SelectItemQualifiedWildcardKind, Top, TopQuantity, WildcardAdditionalOptions,
};
use sqlparser::tokenizer::Token;

use super::Syntax;
use super::error::{Forbidden, Refusal, construct};
use super::names::parts;
use super::scope::{self, Output, Scope};
use super::text::Text;
use super::writer::Writer;

/// The most columns of a `select`.
const COLUMNS: usize = 4096;

/// What `*` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Star {
    /// All columns, which all must be shown.
    Columns,
    /// Rows, whatever they hold: below `exists`.
    Rows,
}

impl Writer<'_> {
    /// Writes a `select` with what sorts it, and gives its columns.
    pub(super) fn select(
        &mut self,
        select: &Select,
        order_by: Option<&OrderBy>,
        scope: &Scope<'_>,
        star: Star,
        out: &mut Text,
    ) -> Result<Vec<Output>, Refusal> {
        let Select {
            select_token,
            optimizer_hints: _,
            distinct,
            // They change how the database works, not what it gives.
            select_modifiers: _,
            top,
            top_before_distinct,
            projection,
            exclude,
            into,
            from,
            lateral_views,
            prewhere,
            selection,
            connect_by,
            group_by,
            cluster_by,
            distribute_by,
            sort_by,
            having,
            named_window,
            qualify,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        if into.is_some() {
            return Err(Refusal::NotReading);
        }
        if !connect_by.is_empty() {
            return construct("connect by");
        }
        if exclude.is_some()
            || !lateral_views.is_empty()
            || prewhere.is_some()
            || !cluster_by.is_empty()
            || !distribute_by.is_empty()
            || !sort_by.is_empty()
            || value_table_mode.is_some()
            || *flavor != SelectFlavor::Standard
        {
            return construct("a clause of another database in its select");
        }
        let mut own = Scope::within(scope);
        let mut sources = Text::default();
        self.from(from, &mut own, &mut sources)?;

        out.push("SELECT ");
        let skip = self.skips.get(&select_token.0.span.start).cloned();
        if *top_before_distinct {
            self.top(top.as_ref(), skip.as_ref(), &own, out)?;
        }
        match distinct {
            None => {}
            Some(Distinct::All) => out.push("ALL "),
            Some(Distinct::Distinct) => out.push("DISTINCT "),
            Some(Distinct::On(keys)) => {
                out.push("DISTINCT ON (");
                self.list(keys, &own, out)?;
                out.push(") ");
            }
        }
        if !*top_before_distinct {
            self.top(top.as_ref(), skip.as_ref(), &own, out)?;
        }
        let star = if distinct.is_some() { Star::Columns } else { star };
        let outputs = self.projection(projection, &own, star, out)?;
        if !sources.is_empty() {
            out.push(" FROM ");
            out.append(sources);
        }
        if let Some(condition) = selection {
            out.push(" WHERE ");
            self.expression(condition, &own, out)?;
        }
        own.outputs = outputs.as_slice().into();
        self.group_by(group_by, &own, out)?;
        if let Some(condition) = having {
            out.push(" HAVING ");
            self.expression(condition, &own, out)?;
        }
        self.windows(named_window, &own, out)?;
        if let Some(condition) = qualify {
            out.push(" QUALIFY ");
            self.expression(condition, &own, out)?;
        }
        if let Some(order_by) = order_by {
            own.sorts = true;
            self.order_by(order_by, &own, out)?;
        }
        Ok(outputs)
    }

    fn top(
        &mut self,
        top: Option<&Top>,
        skip: Option<&Token>,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let is_firebird = self.syntax == Syntax::Firebird;
        if let Some(Top { with_ties, percent, quantity }) = top {
            out.push(if is_firebird { "FIRST " } else { "TOP " });
            match quantity {
                Some(TopQuantity::Constant(count)) => out.push(&count.to_string()),
                Some(TopQuantity::Expr(count)) => {
                    out.push("(");
                    self.expression(count, scope, out)?;
                    out.push(")");
                }
                None => return construct("top without a number"),
            }
            out.push(if *percent { " PERCENT " } else { " " });
            out.push(if *with_ties { "WITH TIES " } else { "" });
        }
        let word = if is_firebird { "SKIP (" } else { "START AT (" };
        match skip {
            None => {}
            Some(Token::Number(count, false)) => {
                out.push(word.trim_end_matches('('));
                self.number(count, out)?;
                out.push(" ");
            }
            Some(Token::Placeholder(place)) => {
                out.push(word);
                self.placeholder(place, out)?;
                out.push(") ");
            }
            Some(_) => return construct("skip without a number"),
        }
        Ok(())
    }

    fn projection(
        &mut self,
        items: &[SelectItem],
        scope: &Scope<'_>,
        star: Star,
        out: &mut Text,
    ) -> Result<Vec<Output>, Refusal> {
        let mut outputs = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            if outputs.len() > COLUMNS {
                return Err(Forbidden::TooLarge("it gives more than 4096 columns").into());
            }
            out.push(if at > 0 { ", " } else { "" });
            match item {
                SelectItem::UnnamedExpr(expr) => outputs.push(self.unnamed(expr, scope, out)?),
                SelectItem::ExprWithAlias { expr, alias } => {
                    self.expression(expr, scope, out)?;
                    let name = self.syntax.declared(alias);
                    out.push(" AS ");
                    out.push(&self.quote(&name));
                    let name = (!name.is_empty()).then(|| (self.syntax.key(alias), name));
                    outputs.push(Output { name, column: None });
                }
                SelectItem::ExprWithAliases { .. } => {
                    return construct("several aliases of one value");
                }
                SelectItem::Wildcard(options) => {
                    plain_star(options)?;
                    if scope.sources.is_empty() {
                        return Err(Forbidden::UnknownColumn("*".to_owned()).into());
                    }
                    if star == Star::Rows {
                        out.push("1");
                        continue;
                    }
                    let all = scope.all(self.syntax)?;
                    if scope.sources.iter().any(|source| source.is_partial) {
                        out.push(&listed(&all)?);
                    } else {
                        out.push("*");
                    }
                    outputs.extend(all);
                }
                SelectItem::QualifiedWildcard(kind, options) => {
                    plain_star(options)?;
                    let SelectItemQualifiedWildcardKind::ObjectName(name) = kind else {
                        return construct("the fields of a value");
                    };
                    let names = parts(name)?;
                    let Some((table, above)) = names.split_last() else { continue };
                    let source = scope.source(above, table, self.catalogue)?;
                    if star == Star::Rows {
                        out.push("1");
                        continue;
                    }
                    let all = scope::all_of(&source, self.syntax)?;
                    if source.is_partial {
                        out.push(&listed(&all)?);
                    } else {
                        out.push(&self.quote(&source.written));
                        out.push(".*");
                    }
                    outputs.extend(all);
                }
            }
        }
        if outputs.len() > COLUMNS {
            return Err(Forbidden::TooLarge("it gives more than 4096 columns").into());
        }
        Ok(outputs)
    }

    /// Writes a value without an alias: a column has its own name.
    fn unnamed(
        &mut self,
        expr: &Expr,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<Output, Refusal> {
        self.look_up(scope)?;
        let column = match expr {
            Expr::Identifier(name) if self.place_of(name).is_none() => {
                scope.column(&[name], self.catalogue)?
            }
            Expr::CompoundIdentifier(names) => {
                scope.column(&names.iter().collect::<Vec<_>>(), self.catalogue)?
            }
            _ => {
                self.expression(expr, scope, out)?;
                return Ok(Output { name: None, column: None });
            }
        };
        out.push(&column.sql);
        Ok(Output { column: column.name.is_some().then_some(column.sql), name: column.name })
    }

    fn group_by(
        &mut self,
        group_by: &GroupByExpr,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let GroupByExpr::Expressions(keys, modifiers) = group_by else {
            return construct("group by all");
        };
        if keys.is_empty() && modifiers.is_empty() {
            return Ok(());
        }
        out.push(" GROUP BY ");
        for (at, key) in keys.iter().enumerate() {
            out.push(if at > 0 { ", " } else { "" });
            let (word, sets) = match key {
                Expr::GroupingSets(sets) => ("GROUPING SETS (", sets),
                Expr::Cube(sets) => ("CUBE (", sets),
                Expr::Rollup(sets) => ("ROLLUP (", sets),
                Expr::Tuple(keys) if keys.is_empty() => {
                    out.push("()");
                    continue;
                }
                // Some of the parser's dialects take them for functions.
                Expr::Function(function) if self.grouping(function, scope, out)? => continue,
                key => {
                    self.expression(key, scope, out)?;
                    continue;
                }
            };
            let has_sets = matches!(key, Expr::GroupingSets(_));
            out.push(word);
            for (at, set) in sets.iter().enumerate() {
                out.push(if at > 0 { ", " } else { "" });
                let is_plain = set.len() == 1 && !has_sets;
                out.push(if is_plain { "" } else { "(" });
                self.list(set, scope, out)?;
                out.push(if is_plain { "" } else { ")" });
            }
            out.push(")");
        }
        for modifier in modifiers {
            out.push(match modifier {
                GroupByWithModifier::Rollup => " WITH ROLLUP",
                GroupByWithModifier::Cube => " WITH CUBE",
                _ => return construct("a clause of another database after group by"),
            });
        }
        Ok(())
    }

    /// Writes `rollup (…)` and `cube (…)`, if a call is one of them.
    fn grouping(
        &mut self,
        function: &Function,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<bool, Refusal> {
        let word = match function.name.to_string().to_lowercase().as_str() {
            "rollup" => "ROLLUP (",
            "cube" => "CUBE (",
            _ => return Ok(false),
        };
        let FunctionArguments::List(list) = &function.args else { return Ok(false) };
        out.push(word);
        self.arguments(&list.args, scope, out)?;
        out.push(")");
        Ok(true)
    }

    fn windows(
        &mut self,
        windows: &[NamedWindowDefinition],
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        for (at, NamedWindowDefinition(name, window)) in windows.iter().enumerate() {
            out.push(if at > 0 { ", " } else { " WINDOW " });
            out.push(&self.declared(name));
            out.push(" AS ");
            match window {
                NamedWindowExpr::NamedWindow(other) => out.push(&self.declared(other)),
                NamedWindowExpr::WindowSpec(window) => self.window(window, scope, out)?,
            }
        }
        Ok(())
    }
}

/// What `*` stands for, by name: the columns that are known, and none that came since.
fn listed(outputs: &[Output]) -> Result<String, Refusal> {
    let columns: Option<Vec<&str>> = outputs
        .iter()
        .map(|output| output.column.as_deref().filter(|_| output.name.is_some()))
        .collect();
    match columns {
        Some(columns) => Ok(columns.join(", ")),
        None => construct("* over columns without a name"),
    }
}

fn plain_star(options: &WildcardAdditionalOptions) -> Result<(), Refusal> {
    let WildcardAdditionalOptions {
        wildcard_token: _,
        opt_ilike: None,
        opt_exclude: None,
        opt_except: None,
        opt_replace: None,
        opt_rename: None,
        opt_alias: None,
    } = options
    else {
        return construct("* with exceptions");
    };
    Ok(())
}
