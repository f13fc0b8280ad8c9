//! Federations: queries on rows of other sources of a layout.
//!
//! A federated query is a tree. Its leaves are rows of other sources; what is above combines the rows of
//! the nodes right below it by one statement, whose tables [`FederatedNode::table_name`]
//! names.

use std::sync::Arc;

use pressroom_criteria::{BinaryOp, Node, NodeKind, parse_optional};
use pressroom_data::Schema;

use crate::{
    Column, Comparison, Dialect, Join, JoinKind, Query, QueryError, QueryKind, SelectQuery, Table,
    View,
};

/// Pairs of columns that a join compares: the table that is there, how, the one that is added.
type Conditions = Vec<(String, Comparison, String)>;

/// Queries on rows of other sources of the layout.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FederatedSource {
    /// The rows of other sources.
    pub inputs: Vec<FederatedInput>,
    /// The queries.
    pub queries: Vec<FederatedQuery>,
    /// The columns each query had when the layout was made; empty where the layout keeps none.
    pub result_schema: Vec<View>,
}

/// Rows of another source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FederatedInput {
    /// What queries call them.
    pub name: Arc<str>,
    /// The source's name; empty where it is that of the input.
    pub source: Arc<str>,
    /// The source's data member; empty where it has only one.
    pub member: Arc<str>,
}

/// A query of a federation.
#[derive(Clone, Debug, PartialEq)]
pub struct FederatedQuery {
    /// Its name: the data member of its rows.
    pub name: Arc<str>,
    /// What it asks.
    pub node: FederatedNode,
}

/// Something that gives rows.
#[derive(Clone, Debug, PartialEq)]
pub enum FederatedNode {
    /// An input as it is.
    Source {
        /// What the node above calls it.
        alias: Arc<str>,
        /// The input's name.
        input: Arc<str>,
    },
    /// Chosen columns of joined nodes.
    Select(Box<FederatedSelect>),
    /// Rows of several nodes, one after another.
    Union(FederatedUnion),
    /// Something that is not read yet.
    Other {
        /// What, as messages say it: `a TransformationNode`.
        what: String,
    },
}

/// Chosen columns of joined nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct FederatedSelect {
    /// What the node above calls it.
    pub alias: Arc<str>,
    /// The node where joins start.
    pub root: FederatedNode,
    /// How further nodes are joined, in order.
    pub joins: Vec<FederatedJoin>,
    /// Columns, filter, order, groups and bounds. It has no tables: the nodes are those.
    pub select: SelectQuery,
    /// What the layout says beyond that, in the words of the format.
    pub not_read: Vec<String>,
}

/// How a node is joined with those before it.
#[derive(Clone, Debug, PartialEq)]
pub struct FederatedJoin {
    /// How rows without a partner are treated.
    pub kind: JoinKind,
    /// A criteria condition on columns, which are written `[alias.column]`.
    pub condition: String,
    /// The node.
    pub node: FederatedNode,
}

/// Rows of several nodes, one after another: the columns whose names all have.
#[derive(Clone, Debug, PartialEq)]
pub struct FederatedUnion {
    /// What the node above calls it.
    pub alias: Arc<str>,
    /// Whether equal rows stay.
    pub keeps_equal: bool,
    /// The nodes.
    pub nodes: Vec<FederatedNode>,
}

impl FederatedSource {
    /// The query of a name in any letter case; without a name, the only one.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&FederatedQuery> {
        match (name, &*self.queries) {
            ("", [only]) => Some(only),
            (name, queries) => queries.iter().find(|query| query.name.eq_ignore_ascii_case(name)),
        }
    }

    /// The inputs of a name in any letter case: more than one is a mistake in the layout.
    pub fn inputs_called<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a FederatedInput> {
        self.inputs.iter().filter(move |input| input.name.eq_ignore_ascii_case(name))
    }
}

impl FederatedInput {
    /// The name of the source that it reads.
    #[must_use]
    pub fn source_name(&self) -> &str {
        if self.source.is_empty() { &self.name } else { &self.source }
    }
}

impl FederatedNode {
    /// How many nodes may stand in each other.
    pub const DEPTH: usize = 16;

    /// The table of the node at a place, from 0, in the statement that combines it with others.
    #[must_use]
    pub fn table_name(at: usize) -> String {
        format!("federated_{}", at + 1)
    }

    /// What the node above calls it.
    #[must_use]
    pub fn alias(&self) -> &str {
        match self {
            Self::Source { alias, .. } => alias,
            Self::Select(select) => &select.alias,
            Self::Union(union) => &union.alias,
            Self::Other { .. } => "",
        }
    }
}

impl FederatedSelect {
    /// The nodes whose rows it combines, in the order of their tables.
    pub fn nodes(&self) -> impl Iterator<Item = &FederatedNode> {
        std::iter::once(&self.root).chain(self.joins.iter().map(|join| &join.node))
    }

    /// It as a query on the tables of its nodes.
    ///
    /// # Errors
    /// What is not read yet, and mistakes in names and conditions.
    pub fn query(&self, name: &Arc<str>) -> Result<Query, QueryError> {
        if let Some(what) = self.not_read.first() {
            return Err(QueryError::NotRead { query: name.to_string(), what: what.clone() });
        }
        let mut select = self.select.clone();
        let aliases: Vec<&str> = self.nodes().map(FederatedNode::alias).collect();
        for (at, alias) in aliases.iter().enumerate() {
            if aliases[..at].iter().any(|other| other.eq_ignore_ascii_case(alias)) {
                let (query, alias) = (name.to_string(), (*alias).to_owned());
                return Err(QueryError::SameAlias { query, alias });
            }
            let alias = Some((*alias).to_owned());
            select.tables.push(Table { name: FederatedNode::table_name(at), alias });
        }
        select.columns = with_all(std::mem::take(&mut select.columns), &aliases);
        for (at, join) in self.joins.iter().enumerate() {
            self.add_join(&mut select, name, join, &aliases[..at + 2])?;
        }
        Ok(Query {
            name: Arc::clone(name),
            parameters: Vec::new(),
            kind: QueryKind::Select(select),
        })
    }

    /// Adds the join of the last of some nodes with the others.
    fn add_join(
        &self,
        select: &mut SelectQuery,
        query: &Arc<str>,
        join: &FederatedJoin,
        aliases: &[&str],
    ) -> Result<(), QueryError> {
        let nested = aliases.last().copied().unwrap_or_default();
        let parsed = parse_optional(&join.condition).map_err(|error| QueryError::Expression {
            place: format!("the condition of \"{nested}\" in query \"{query}\""),
            error,
        })?;
        let Some(condition) = parsed else {
            // Without a condition, each row with each.
            return Ok(());
        };
        if let Some((parent, conditions)) = column_pairs(condition.root(), aliases) {
            select.joins.push(Join {
                kind: join.kind,
                parent: parent.to_owned(),
                nested: nested.to_owned(),
                conditions,
            });
            return Ok(());
        }
        if join.kind != JoinKind::Inner {
            return Err(QueryError::JoinCondition {
                query: query.to_string(),
                alias: nested.to_owned(),
                condition: join.condition.clone(),
            });
        }
        // Where no row is kept for want of a partner, a condition on pairs is a condition on rows.
        select.filter = Some(match select.filter.take() {
            Some(filter) => format!("({}) And ({filter})", join.condition),
            None => join.condition.clone(),
        });
        Ok(())
    }
}

/// All columns of all nodes become all columns of each.
fn with_all(columns: Vec<Column>, aliases: &[&str]) -> Vec<Column> {
    let all = |alias: &&str| Column::All { table: (*alias).to_owned() };
    let expand = |column: Column| match column {
        Column::All { table } if table.is_empty() => aliases.iter().map(all).collect(),
        column => vec![column],
    };
    columns.into_iter().flat_map(expand).collect()
}

/// The one other node, and the compared columns, of a condition that compares columns of the last
/// node with columns of one other, joined by `And`.
fn column_pairs<'a>(condition: &Node, aliases: &[&'a str]) -> Option<(&'a str, Conditions)> {
    let (nested, before) = aliases.split_last()?;
    let mut parent = None;
    let mut pairs = Vec::new();
    let mut open = vec![condition];
    while let Some(node) = open.pop() {
        let NodeKind::Binary { first, rest } = &node.kind else { return None };
        if rest.iter().all(|(op, _)| *op == BinaryOp::And) {
            open.extend(rest.iter().rev().map(|(_, node)| node).chain([&**first]));
            continue;
        }
        let [(op, right)] = &**rest else { return None };
        let (left, comparison) = (&**first, comparison(*op)?);
        let (left, right) = (column_of(left, aliases)?, column_of(right, aliases)?);
        let (own, other, comparison) = match (left.0 == *nested, right.0 == *nested) {
            (false, true) => (right, left, comparison),
            (true, false) => (left, right, turned(comparison)),
            _ => return None,
        };
        let other_alias = before.iter().copied().find(|alias| *alias == other.0)?;
        if *parent.get_or_insert(other_alias) != other_alias {
            return None;
        }
        pairs.push((other.1, comparison, own.1));
    }
    Some((parent?, pairs))
}

/// The node and column of `[alias.column]`, where either may have dots.
fn column_of<'a>(node: &Node, aliases: &[&'a str]) -> Option<(&'a str, String)> {
    let NodeKind::Field(path) = &node.kind else { return None };
    let name = path.name();
    let of_alias = |alias: &&'a str| {
        let start = name.get(..alias.len())?;
        let rest = name.get(alias.len()..)?.strip_prefix('.')?;
        start.eq_ignore_ascii_case(alias).then(|| (*alias, rest.to_owned()))
    };
    aliases.iter().filter_map(of_alias).max_by_key(|(alias, _)| alias.len())
}

fn comparison(op: BinaryOp) -> Option<Comparison> {
    Some(match op {
        BinaryOp::Equal => Comparison::Equal,
        BinaryOp::NotEqual => Comparison::NotEqual,
        BinaryOp::Less => Comparison::Less,
        BinaryOp::LessOrEqual => Comparison::LessOrEqual,
        BinaryOp::Greater => Comparison::Greater,
        BinaryOp::GreaterOrEqual => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

/// The comparison with its sides exchanged.
fn turned(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}

impl FederatedUnion {
    /// It as SQL on the tables of its nodes, of which these are the columns: those whose names all
    /// have, in the order of the first.
    ///
    /// # Errors
    /// Where the nodes have no column in common.
    pub fn sql(
        &self,
        query: &str,
        schemas: &[Arc<Schema>],
        dialect: &dyn Dialect,
    ) -> Result<String, QueryError> {
        let called = |schema: &Schema, name: &str| {
            let fields = schema.fields.iter().map(|field| Arc::clone(&field.name));
            fields.into_iter().find(|own| own.eq_ignore_ascii_case(name))
        };
        let first = schemas.first().into_iter().flat_map(|schema| &schema.fields);
        let shared: Vec<&Arc<str>> = first
            .map(|field| &field.name)
            .filter(|name| schemas.iter().all(|schema| called(schema, name).is_some()))
            .collect();
        if shared.is_empty() {
            return Err(QueryError::NothingInCommon { query: query.to_owned() });
        }
        let select = |(at, schema): (usize, &Arc<Schema>)| {
            let columns: Vec<String> = shared
                .iter()
                .map(|name| {
                    let own = called(schema, name).unwrap_or_else(|| Arc::clone(name));
                    format!("{} AS {}", dialect.quote(&own), dialect.quote(name))
                })
                .collect();
            format!(
                "SELECT {} FROM {}",
                columns.join(", "),
                dialect.quote(&FederatedNode::table_name(at))
            )
        };
        let selects: Vec<String> = schemas.iter().enumerate().map(select).collect();
        Ok(selects.join(if self.keeps_equal { " UNION ALL " } else { " UNION " }))
    }
}

#[cfg(test)]
mod tests;
