//! A choice of tables and columns as SQL.

use std::sync::Arc;

use pressroom_criteria::FieldPath;
use pressroom_data::{Direction, Value};

use super::condition::Translator;
use super::{Environment, Resolved};
use crate::{
    Aggregate, Column, ColumnRef, Comparison, Dialect, Join, JoinKind, Query, QueryError,
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
    let mut binds = Vec::new();
    let translate = |text: &str, what: &str, binds: &mut Vec<(Arc<str>, Value)>| {
        Translator {
            dialect,
            environment,
            parameters: &parameters,
            column: &|path| writer.field(path),
            binds,
            place: format!("the {what} of query \"{}\"", query.name),
        }
        .translate(text)
    };

    let mut columns = Vec::with_capacity(select.columns.len());
    let mut plain = Vec::new();
    for column in &select.columns {
        match column {
            Column::All { table } => {
                let table = writer.table(table)?;
                columns.push(format!("{}.*", dialect.quote(table.reference())));
            }
            Column::Named { column, alias, aggregate } => {
                let sql = writer.column(column)?;
                if aggregate.is_none() {
                    plain.push(sql.clone());
                }
                let alias = alias.as_deref().unwrap_or(&column.name);
                columns.push(format!(
                    "{} AS {}",
                    aggregated(sql, *aggregate),
                    dialect.quote(alias)
                ));
            }
            Column::Expression { expression, alias, aggregate } => {
                let what = format!("column \"{alias}\"");
                let sql =
                    translate(expression, &what, &mut binds)?.unwrap_or_else(|| "NULL".into());
                columns.push(format!(
                    "{} AS {}",
                    aggregated(sql, *aggregate),
                    dialect.quote(alias)
                ));
            }
        }
    }
    let columns = if columns.is_empty() { "*".to_owned() } else { columns.join(", ") };
    let distinct = if select.distinct { "DISTINCT " } else { "" };
    let (from, mut conditions) = writer.from()?;
    let mut sql = format!("SELECT {distinct}{columns} FROM {from}");

    if let Some(filter) = &select.filter {
        conditions.extend(translate(filter, "filter", &mut binds)?);
    }
    if !conditions.is_empty() {
        sql.push_str(" WHERE ");
        sql.push_str(&conditions.join(" AND "));
    }
    let is_grouped = select.columns.iter().any(|column| match column {
        Column::Named { aggregate, .. } | Column::Expression { aggregate, .. } => {
            aggregate.is_some()
        }
        Column::All { .. } => false,
    });
    let keys = if select.grouping.is_empty() && is_grouped {
        plain
    } else {
        select.grouping.iter().map(|column| writer.column(column)).collect::<Result<_, _>>()?
    };
    if !keys.is_empty() {
        sql.push_str(" GROUP BY ");
        sql.push_str(&keys.join(", "));
    }
    if let Some(filter) = &select.group_filter
        && let Some(condition) = translate(filter, "group filter", &mut binds)?
    {
        sql.push_str(" HAVING ");
        sql.push_str(&condition);
    }
    let order: Result<Vec<String>, QueryError> = select
        .sorting
        .iter()
        .map(|key| {
            let direction = match key.direction {
                Direction::Ascending => "",
                Direction::Descending => " DESC",
            };
            Ok(format!("{}{direction}", writer.column(&key.column)?))
        })
        .collect();
    let order = order?;
    if !order.is_empty() {
        sql.push_str(" ORDER BY ");
        sql.push_str(&order.join(", "));
    }
    Ok(Resolved { sql: dialect.limit(sql, select.top, select.skip), binds })
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
                    self.add(&mut sql, join.kind, nested, condition);
                    placed.push(nested.reference());
                }
                (false, true) => {
                    self.add(&mut sql, reversed(join.kind), parent, condition);
                    placed.push(parent.reference());
                }
                (false, false) => {
                    self.add(&mut sql, JoinKind::Inner, parent, None);
                    self.add(&mut sql, join.kind, nested, condition);
                    placed.extend([parent.reference(), nested.reference()]);
                }
            }
        }
        for table in &self.select.tables {
            if !placed.contains(&table.reference()) {
                self.add(&mut sql, JoinKind::Inner, table, None);
                placed.push(table.reference());
            }
        }
        Ok((sql, conditions))
    }

    fn declared(&self, table: &Table) -> String {
        let name = self.dialect.table(&table.name);
        let reference = self.dialect.quote(table.reference());
        if name == reference { name } else { format!("{name} AS {reference}") }
    }

    fn add(&self, sql: &mut String, kind: JoinKind, table: &Table, condition: Option<String>) {
        let declared = self.declared(table);
        let joined = match (kind, condition) {
            (_, None) => format!(" CROSS JOIN {declared}"),
            (JoinKind::Inner, Some(condition)) => format!(" INNER JOIN {declared} ON {condition}"),
            (JoinKind::LeftOuter, Some(condition)) => {
                format!(" LEFT JOIN {declared} ON {condition}")
            }
            (JoinKind::RightOuter, Some(condition)) => {
                format!(" RIGHT JOIN {declared} ON {condition}")
            }
            (JoinKind::FullOuter, Some(condition)) => {
                format!(" FULL JOIN {declared} ON {condition}")
            }
        };
        sql.push_str(&joined);
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
