//! Federations from the XML of layouts.

use crate::xml::Element;
use crate::{
    Column, ColumnRef, FederatedInput, FederatedJoin, FederatedNode, FederatedQuery,
    FederatedSelect, FederatedSource, FederatedUnion,
};

use super::{
    aggregate, entries, is_true, join_kind, non_empty, owned, result_schema, select, shared,
};

/// Where writers put the parts of a union.
const UNION_PARTS: [&str; 5] = ["UnionElements", "Elements", "Nodes", "SubNodes", "Queries"];

pub(super) fn source(element: Element<'_>) -> FederatedSource {
    let listed = |collection: &'static str, name: &'static str| {
        let inside = element.child(collection).into_iter();
        inside.flat_map(move |all| entries(all, name))
    };
    FederatedSource {
        inputs: listed("Sources", "Source").map(input).collect(),
        queries: listed("Queries", "Query")
            .map(|query| FederatedQuery { name: name(query).into(), node: node(query, 0) })
            .collect(),
        result_schema: element.child("ResultSchema").map(result_schema).unwrap_or_default(),
    }
}

fn input(element: Element<'_>) -> FederatedInput {
    FederatedInput {
        name: shared(element.value("Name")),
        source: shared(element.value("DataSource")),
        member: shared(element.value("DataMember")),
    }
}

/// What a node is called: its alias, else the input that it reads, else the first node in it.
fn name(element: Element<'_>) -> String {
    let own = ["Alias", "Name", "SourceName"].iter().find_map(|key| non_empty(element.value(key)));
    own.or_else(|| element.child("Root").map(name)).unwrap_or_default()
}

/// A node within `depth` others.
fn node(element: Element<'_>, depth: usize) -> FederatedNode {
    let kind = element.value("QueryType").unwrap_or("SourceNode");
    match super::short_type_name(kind) {
        _ if depth > FederatedNode::DEPTH => {
            FederatedNode::Other { what: "nodes that stand too deep in each other".into() }
        }
        "SourceNode" => FederatedNode::Source {
            alias: name(element).into(),
            input: shared(element.value("SourceName").or(element.value("Alias"))),
        },
        "SelectNode" => match element.child("Root") {
            Some(root) => FederatedNode::Select(Box::new(selection(element, root, depth))),
            None => FederatedNode::Other { what: "a SelectNode without a root".into() },
        },
        "UnionNode" => FederatedNode::Union(union(element, depth)),
        other => FederatedNode::Other { what: format!("a {other}") },
    }
}

fn selection(element: Element<'_>, root: Element<'_>, depth: usize) -> FederatedSelect {
    let joins = element.child("SubNodes").into_iter().flat_map(Element::children);
    let joins = joins.filter_map(|join| {
        Some(FederatedJoin {
            kind: join_kind(join.value("JoinType").or(join.value("Type"))),
            condition: owned(join.value("Condition")),
            node: node(join.child("Query").or(join.child("Node"))?, depth + 1),
        })
    });
    let mut found = FederatedSelect {
        alias: name(element).into(),
        root: node(root, depth + 1),
        joins: joins.collect(),
        // Filter, order, groups and bounds are written as those of other queries.
        select: select(element),
        not_read: Vec::new(),
    };
    for expression in element.child("Expressions").into_iter().flat_map(Element::children) {
        match column(expression) {
            Ok(column) => found.select.columns.push(column),
            Err(what) => found.not_read.push(what),
        }
    }
    for clause in found.select.sorting.iter_mut().map(|key| &mut key.column) {
        of_node(clause, element.child("Sorting"));
    }
    for clause in &mut found.select.grouping {
        of_node(clause, element.child("Grouping"));
    }
    found
}

/// Gives a sort key or group the node that it stands for: `NodeAlias` beside `Table`.
fn of_node(column: &mut ColumnRef, list: Option<Element<'_>>) {
    let named = |entry: &Element<'_>| entry.value("Name") == Some(&column.name);
    let entry = list.into_iter().flat_map(Element::children).find(named);
    if let Some(alias) = entry.and_then(|entry| entry.value("NodeAlias"))
        && column.table.is_empty()
    {
        alias.clone_into(&mut column.table);
    }
}

/// A column of the result, or what is not read.
fn column(element: Element<'_>) -> Result<Column, String> {
    let kind = element.value("ExpressionType").unwrap_or("SelectColumnExpression");
    let node = || owned(element.value("NodeAlias").or(element.value("Node")));
    let alias = non_empty(element.value("Alias"));
    let by = element.value("Aggregation").or(element.value("AggregationType"));
    let aggregate = match by.filter(|name| !name.is_empty() && *name != "None") {
        Some(name) => Some(aggregate(name).ok_or_else(|| format!("the aggregate {name}"))?),
        None => None,
    };
    match super::short_type_name(kind) {
        "SelectColumnExpression" => Ok(Column::Named {
            column: ColumnRef { table: node(), name: owned(element.value("Name")) },
            alias,
            aggregate,
        }),
        "SelectAllColumnsExpression" => Ok(Column::All { table: String::new() }),
        "SelectAllNodeColumnsExpression" => Ok(Column::All { table: node() }),
        "SelectExpression" => {
            let text = non_empty(element.value("Expression"));
            let text = text.or_else(|| non_empty(Some(element.text())));
            let named = alias.or_else(|| non_empty(element.value("Name")));
            match (text, named) {
                (Some(expression), Some(alias)) => {
                    Ok(Column::Expression { expression, alias, aggregate })
                }
                _ => Err("a SelectExpression without text or name".into()),
            }
        }
        other => Err(format!("a {other}")),
    }
}

fn union(element: Element<'_>, depth: usize) -> FederatedUnion {
    let lists = UNION_PARTS.iter().filter_map(|name| element.child(name));
    let parts = lists.flat_map(Element::children).filter_map(|part| {
        if part.value("QueryType").is_some() {
            return Some(node(part, depth + 1));
        }
        Some(node(part.child("Query").or(part.child("Node"))?, depth + 1))
    });
    let kind = element.value("UnionType").or(element.value("Type"));
    FederatedUnion {
        alias: name(element).into(),
        keeps_equal: kind.is_some_and(|kind| kind.eq_ignore_ascii_case("UnionAll"))
            || is_true(element.value("UnionAll")),
        nodes: parts.collect(),
    }
}
