//! A choice of tables and columns as SQL.

use std::sync::Arc;

use pressroom_criteria::{Expr, FieldPath, NodeKind, parse_optional};
use pressroom_data::{Direction, Value};

use super::condition::{Context, has_aggregate};
use super::places::Places;
use super::{Environment, Resolved};
use crate::{
    Aggregate, Column, ColumnRef, Comparison, Cut, Dialect, Join, JoinKind, Query, QueryError,
    SelectQuery, Table,
};

pub(super) fn resolve(
    query: &Query,
    select: &SelectQuery,
    own: &[(Arc<str>, Value)],
    environment: &Environment<'_>,
    dialect: &dyn Dialect,
) -> Result<Resolved, QueryError> {
    let writer = Writer { query, select, dialect };
    let parameters: Vec<(Arc<str>, Value)> =
        own.iter().chain(environment.parameters).cloned().collect();
    let mut places = Places::default();
    let column = |path: &FieldPath| writer.field(path);
    let context = Context {
        query: &query.name,
        dialect,
        environment,
        parameters: &parameters,
        column: &column,
        of_group: None,
    };

    let mut results = Vec::with_capacity(select.columns.len());
    for column in &select.columns {
        let (sql, alias) = match column {
            Column::All { table } => {
                let table = dialect.quote(writer.table(table)?.reference());
                results.push(ResultColumn {
                    sql: format!("{table}.*"),
                    alias: None,
                    source: column,
                });
                continue;
            }
            Column::Named { column, alias, .. } => {
                (writer.column(column)?, alias.as_deref().unwrap_or(&column.name))
            }
            Column::Expression { expression, alias, .. } => {
                let what = format!("column \"{alias}\"");
                let sql = context.translator(&what, &mut places).value(expression)?;
                (sql.unwrap_or_else(|| "NULL".into()), &**alias)
            }
        };
        let sql = aggregated(sql, aggregate_of(column));
        results.push(ResultColumn { sql, alias: Some(alias), source: column });
    }
    let columns: Vec<String> = results
        .iter()
        .map(|column| match column.alias {
            Some(alias) => format!("{} AS {}", column.sql, dialect.quote(alias)),
            None => column.sql.clone(),
        })
        .collect();
    let columns = if columns.is_empty() { "*".to_owned() } else { columns.join(", ") };
    let distinct = if select.distinct { "DISTINCT " } else { "" };
    let (from, mut conditions) = writer.from()?;

    if let Some(filter) = &select.filter {
        conditions.extend(context.translator("filter", &mut places).condition(filter)?);
    }
    let keys = writer.keys(&results)?;
    let of_group = |path: &FieldPath| writer.field_of_group(path, &results, &keys);
    let having = match &select.group_filter {
        Some(filter) => {
            let context = Context { of_group: Some(&of_group), ..context };
            context.translator("group filter", &mut places).condition(filter)?
        }
        None => None,
    };
    let order: Vec<String> = select
        .sorting
        .iter()
        .map(|key| {
            let direction = match key.direction {
                Direction::Ascending => "",
                Direction::Descending => " DESC",
            };
            Ok(format!("{}{direction}", writer.sorted(&key.column, &results, &keys)?))
        })
        .collect::<Result<_, QueryError>>()?;

    let cut = Cut {
        top: select.top,
        skip: select.skip,
        is_ordered: !order.is_empty(),
        is_distinct: select.distinct,
    };
    let limit = dialect.limit(cut).ok_or_else(|| QueryError::NotThere {
        query: query.name.to_string(),
        what: if cut.skip.is_some() { "leaving out rows" } else { "cutting different rows" },
        instead: "take them all, and choose in the report",
    })?;
    let mut sql = format!("SELECT {distinct}{}{columns} FROM {from}", limit.head);
    let clauses = [
        (" WHERE ", conditions.join(" AND ")),
        (" GROUP BY ", keys.join(", ")),
        (" HAVING ", having.unwrap_or_default()),
        (" ORDER BY ", order.join(", ")),
    ];
    for (word, clause) in clauses {
        if !clause.is_empty() {
            sql.push_str(word);
            sql.push_str(&clause);
        }
    }
    sql.push_str(&limit.tail);
    Ok(places.finish(&sql, dialect))
}

/// A column of the result.
struct ResultColumn<'a> {
    sql: String,
    /// Its name; none for all columns of a table.
    alias: Option<&'a str>,
    source: &'a Column,
}

impl ResultColumn<'_> {
    /// Whether it is computed, or aggregated, and has this name.
    fn is_computed_as(&self, name: &str) -> bool {
        let is_computed =
            matches!(self.source, Column::Expression { .. }) || aggregate_of(self.source).is_some();
        is_computed && self.alias.is_some_and(|alias| alias.eq_ignore_ascii_case(name))
    }
}

fn aggregate_of(column: &Column) -> Option<Aggregate> {
    match column {
        Column::Named { aggregate, .. } | Column::Expression { aggregate, .. } => *aggregate,
        Column::All { .. } => None,
    }
}

fn aggregated(sql: String, aggregate: Option<Aggregate>) -> String {
    match aggregate {
        None => sql,
        Some(Aggregate::Count) => format!("count({sql})"),
        Some(Aggregate::CountDistinct) => format!("count(DISTINCT {sql})"),
        Some(Aggregate::Sum) => format!("sum({sql})"),
        Some(Aggregate::Avg) => format!("avg({sql})"),
        Some(Aggregate::Min) => format!("min({sql})"),
        Some(Aggregate::Max) => format!("max({sql})"),
    }
}

struct Writer<'a> {
    query: &'a Query,
    select: &'a SelectQuery,
    dialect: &'a dyn Dialect,
}

impl Writer<'_> {
    fn table(&self, name: &str) -> Result<&Table, QueryError> {
        let tables = &self.select.tables;
        let by_name = |table: &&Table| table.name.eq_ignore_ascii_case(name);
        tables
            .iter()
            .find(|table| table.reference().eq_ignore_ascii_case(name))
            .or_else(|| tables.iter().find(by_name))
            .ok_or_else(|| QueryError::UnknownTable {
                query: self.query.name.to_string(),
                table: name.to_owned(),
                tables: tables.iter().map(Table::reference).collect::<Vec<_>>().join(", "),
            })
    }

    fn column(&self, column: &ColumnRef) -> Result<String, QueryError> {
        if column.table.is_empty() {
            return self.unqualified(&column.name);
        }
        Ok(self.qualified(self.table(&column.table)?, &column.name))
    }

    fn qualified(&self, table: &Table, name: &str) -> String {
        format!("{}.{}", self.dialect.quote(table.reference()), self.dialect.quote(name))
    }

    /// A name without a table: the table's among the chosen columns, else the first table's. It is
    /// never left without one, for some databases take an unknown name for a text.
    fn unqualified(&self, name: &str) -> Result<String, QueryError> {
        for column in &self.select.columns {
            if let Column::Named { column, alias, .. } = column
                && !column.table.is_empty()
                && alias.as_deref().unwrap_or(&column.name).eq_ignore_ascii_case(name)
            {
                return Ok(self.qualified(self.table(&column.table)?, &column.name));
            }
        }
        Ok(self.qualified(self.first_table()?, name))
    }

    fn first_table(&self) -> Result<&Table, QueryError> {
        let query = || self.query.name.to_string();
        self.select.tables.first().ok_or_else(|| QueryError::NoTable { query: query() })
    }

    /// What rows are grouped by: what the query says; else, where any column is aggregated, all that
    /// are not.
    fn keys(&self, results: &[ResultColumn<'_>]) -> Result<Vec<String>, QueryError> {
        if !self.select.grouping.is_empty() {
            return self.select.grouping.iter().map(|column| self.column(column)).collect();
        }
        let expressions: Vec<Option<Expr>> = results
            .iter()
            .map(|column| match column.source {
                Column::Expression { expression, .. } => parse_optional(expression).ok().flatten(),
                _ => None,
            })
            .collect();
        let is_aggregated = |at: usize| {
            aggregate_of(results[at].source).is_some()
                || expressions[at].as_ref().is_some_and(|one| has_aggregate(one.root()))
        };
        if !(0..results.len()).any(is_aggregated) {
            return Ok(Vec::new());
        }
        let mut keys: Vec<String> = results
            .iter()
            .filter(|column| matches!(column.source, Column::Named { aggregate: None, .. }))
            .map(|column| column.sql.clone())
            .collect();
        let all_before = |at: usize| results[..at].iter().all(|column| column.alias.is_some());
        for (at, column) in results.iter().enumerate() {
            let Some(expression) = expressions[at].as_ref().filter(|_| !is_aggregated(at)) else {
                continue;
            };
            // What is computed from keys is one value a group.
            let mut follows = true;
            expression.root().walk(&mut |node| {
                if let NodeKind::Field(path) = &node.kind {
                    follows &= self.field(path).is_ok_and(|sql| keys.contains(&sql));
                }
            });
            if follows {
                continue;
            }
            keys.push(match self.dialect.groups_by_number() && all_before(at) {
                true => (at + 1).to_string(),
                false => column.sql.clone(),
            });
        }
        Ok(keys)
    }

    /// What rows are sorted by: a column; a computed or aggregated one of the result by its name or
    /// by what it is computed from.
    fn sorted(
        &self,
        key: &ColumnRef,
        results: &[ResultColumn<'_>],
        keys: &[String],
    ) -> Result<String, QueryError> {
        if self.table(&key.table).is_err()
            && let Some(found) = results.iter().find(|column| column.is_computed_as(&key.name))
        {
            return Ok(self.dialect.quote(found.alias.unwrap_or(&key.name)));
        }
        Ok(self.of_group(self.column(key)?, results, keys))
    }

    /// What a field of a condition on groups is: a computed or aggregated column of the result by its
    /// name, or by what it is computed from.
    fn field_of_group(
        &self,
        path: &FieldPath,
        results: &[ResultColumn<'_>],
        keys: &[String],
    ) -> Result<String, QueryError> {
        if let Some(found) = results.iter().find(|column| column.is_computed_as(path.name())) {
            return Ok(found.sql.clone());
        }
        Ok(self.of_group(self.field(path)?, results, keys))
    }

    /// A column as a group has it: aggregated as in the result, unless it is a key.
    fn of_group(&self, sql: String, results: &[ResultColumn<'_>], keys: &[String]) -> String {
        if keys.contains(&sql) {
            return sql;
        }
        let is_of_column = |column: &&ResultColumn<'_>| match column.source {
            Column::Named { column, aggregate: Some(_), .. } => {
                self.column(column).is_ok_and(|own| own == sql)
            }
            _ => false,
        };
        results.iter().find(is_of_column).map_or(sql.clone(), |column| column.sql.clone())
    }

    /// The column of a name in an expression: `Table.Column`, where either may have dots, or a
    /// column alone.
    fn field(&self, path: &FieldPath) -> Result<String, QueryError> {
        let name = path.name();
        let column_of = |reference: &str| {
            let start = name.get(..reference.len())?;
            let rest = name.get(reference.len()..)?.strip_prefix('.')?;
            start.eq_ignore_ascii_case(reference).then_some(rest)
        };
        for table in &self.select.tables {
            if let Some(column) = column_of(table.reference()).or_else(|| column_of(&table.name)) {
                return Ok(self.qualified(table, column));
            }
        }
        self.unqualified(name)
    }

    /// The tables with their joins, and conditions of joins between tables that are there already.
    fn from(&self) -> Result<(String, Vec<String>), QueryError> {
        let first = self.first_table()?;
        let mut sql = self.declared(first);
        let mut placed = vec![first.reference()];
        let mut open: Vec<&Join> = self.select.joins.iter().collect();
        let mut conditions = Vec::new();
        while !open.is_empty() {
            // A join may be listed before the one that brings its first table.
            let is_placed = |name: &str, placed: &[&str]| -> Result<bool, QueryError> {
                Ok(placed.contains(&self.table(name)?.reference()))
            };
            let mut next = None;
            for (at, join) in open.iter().enumerate() {
                if is_placed(&join.parent, &placed)? || is_placed(&join.nested, &placed)? {
                    next = Some(at);
                    break;
                }
            }
            let join = open.remove(next.unwrap_or(0));
            let parent = self.table(&join.parent)?;
            let nested = self.table(&join.nested)?;
            let (has_parent, has_nested) =
                (placed.contains(&parent.reference()), placed.contains(&nested.reference()));
            let condition = self.join_condition(join, parent, nested);
            match (has_parent, has_nested) {
                (true, true) => conditions.extend(condition),
                (true, false) => {
                    self.add(&mut sql, join.kind, nested, condition)?;
                    placed.push(nested.reference());
                }
                (false, true) => {
                    self.add(&mut sql, reversed(join.kind), parent, condition)?;
                    placed.push(parent.reference());
                }
                (false, false) => {
                    self.add(&mut sql, JoinKind::Inner, parent, None)?;
                    self.add(&mut sql, join.kind, nested, condition)?;
                    placed.extend([parent.reference(), nested.reference()]);
                }
            }
        }
        for table in &self.select.tables {
            if !placed.contains(&table.reference()) {
                self.add(&mut sql, JoinKind::Inner, table, None)?;
                placed.push(table.reference());
            }
        }
        Ok((sql, conditions))
    }

    fn declared(&self, table: &Table) -> String {
        let name = self.dialect.table(&table.name);
        let reference = self.dialect.quote(table.reference());
        if name == reference {
            name
        } else {
            format!("{name}{}", self.dialect.table_alias(table.reference()))
        }
    }

    fn add(
        &self,
        sql: &mut String,
        kind: JoinKind,
        table: &Table,
        condition: Option<String>,
    ) -> Result<(), QueryError> {
        let declared = self.declared(table);
        let Some(condition) = condition else {
            sql.push_str(&self.dialect.cross_join(&declared));
            return Ok(());
        };
        let join = match kind {
            JoinKind::Inner => "INNER JOIN",
            JoinKind::LeftOuter => "LEFT JOIN",
            JoinKind::RightOuter => "RIGHT JOIN",
            JoinKind::FullOuter if self.dialect.has_full_join() => "FULL JOIN",
            JoinKind::FullOuter => {
                return Err(QueryError::NotThere {
                    query: self.query.name.to_string(),
                    what: "a full outer join",
                    instead: "use a left or right one, or two queries with a relation",
                });
            }
        };
        if self.dialect.nests_joins() && sql.contains(" JOIN ") {
            *sql = format!("({sql})");
        }
        sql.push_str(&format!(" {join} {declared} ON {condition}"));
        Ok(())
    }

    fn join_condition(&self, join: &Join, parent: &Table, nested: &Table) -> Option<String> {
        let tests: Vec<String> = join
            .conditions
            .iter()
            .map(|(left, comparison, right)| {
                let operator = match comparison {
                    Comparison::Equal => "=",
                    Comparison::NotEqual => "<>",
                    Comparison::Less => "<",
                    Comparison::LessOrEqual => "<=",
                    Comparison::Greater => ">",
                    Comparison::GreaterOrEqual => ">=",
                };
                let (left, right) = (self.qualified(parent, left), self.qualified(nested, right));
                format!("{left} {operator} {right}")
            })
            .collect();
        (!tests.is_empty()).then(|| tests.join(" AND "))
    }
}

fn reversed(kind: JoinKind) -> JoinKind {
    match kind {
        JoinKind::LeftOuter => JoinKind::RightOuter,
        JoinKind::RightOuter => JoinKind::LeftOuter,
        same => same,
    }
}
