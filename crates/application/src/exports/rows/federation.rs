//! Rows of federations: those of other sources of a layout, read to their end and joined in memory.

use std::sync::Arc;

use pressroom_data::{Row, RowRequest, RowStream, Schema, SourceError, Value};
use pressroom_ports::{Input, QueryLimits, Statement};
use pressroom_query::{
    Environment, FederatedInput, FederatedNode, FederatedQuery, FederatedSource, QueryError,
    Source, SourceKind, Sqlite, resolve,
};
use pressroom_report::Definition;

use super::{DatabaseRows, source};

/// How many federations may read each other.
const DEPTH: usize = 4;

/// What a federated query may hold in memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// The most rows of one input.
    pub(super) rows: usize,
    /// The most bytes of all inputs.
    pub(super) bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { rows: 1_000_000, bytes: 256 << 20 }
    }
}

/// A federation, and what is asked of it.
pub(super) struct Federation<'a> {
    pub(super) rows: &'a DatabaseRows,
    pub(super) definition: &'a Definition,
    /// The source's name.
    pub(super) name: &'a str,
    pub(super) federated: &'a FederatedSource,
    pub(super) request: &'a RowRequest,
    /// How many federations ask for it.
    pub(super) above: usize,
}

impl Federation<'_> {
    /// The rows of a query.
    pub(super) fn open(
        &self,
        query: &FederatedQuery,
        expected: Option<Arc<Schema>>,
    ) -> Result<Box<dyn RowStream>, SourceError> {
        if self.above == DEPTH {
            return Err(self.failed(
                &query.name,
                "its inputs are federations that read federations in turn; let it read the sources \
                 themselves",
            ));
        }
        let mut left = self.rows.in_memory.bytes;
        self.node(&query.node, query, expected, &mut left)
    }

    /// The rows of a node, where `left` more bytes may be held.
    fn node(
        &self,
        node: &FederatedNode,
        query: &FederatedQuery,
        expected: Option<Arc<Schema>>,
        left: &mut usize,
    ) -> Result<Box<dyn RowStream>, SourceError> {
        let wrong = |error: QueryError| self.failed(&query.name, error);
        let mut statement =
            Statement { name: Arc::clone(&query.name), expected, ..Statement::default() };
        let inputs = match node {
            FederatedNode::Source { input, .. } => return self.input(input, query),
            FederatedNode::Select(select) => {
                // What is wrong with it is said before anything is read.
                let selected = select.query(&query.name).map_err(wrong)?;
                let environment = Environment {
                    parameters: &self.request.parameters,
                    now: self.rows.now,
                    culture: self.rows.culture,
                    reader: self.rows.reader.as_ref(),
                };
                let resolved = resolve(&selected, &environment, &Sqlite).map_err(wrong)?;
                statement.sql = resolved.sql.into();
                statement.binds = resolved.binds.into_iter().map(|(_, value)| value).collect();
                self.tables(select.nodes(), query, left)?
            }
            FederatedNode::Union(union) => {
                let inputs = self.tables(union.nodes.iter(), query, left)?;
                let schemas: Vec<Arc<Schema>> =
                    inputs.iter().map(|input| Arc::clone(&input.schema)).collect();
                let sql = union.sql(&query.name, &schemas, &Sqlite).map_err(wrong)?;
                statement.sql = sql.into();
                inputs
            }
            FederatedNode::Other { what } => {
                let (query, what) = (query.name.to_string(), what.clone());
                return Err(wrong(QueryError::NotRead { query, what }));
            }
        };
        let limits = QueryLimits {
            rows: self.rows.row_limit,
            timeout: self.rows.query_time,
            ..QueryLimits::default()
        };
        let combined = self.rows.sources.combine(inputs, &statement, &limits);
        Ok(self.rows.stream(self.rows.wait(combined)??))
    }

    /// The rows of nodes as tables.
    fn tables<'n>(
        &self,
        nodes: impl Iterator<Item = &'n FederatedNode>,
        query: &FederatedQuery,
        left: &mut usize,
    ) -> Result<Vec<Input>, SourceError> {
        nodes
            .enumerate()
            .map(|(at, node)| {
                let mut stream = self.node(node, query, None, left)?;
                let rows = self.read(&mut *stream, node.alias(), left)?;
                Ok(Input {
                    name: FederatedNode::table_name(at).into(),
                    schema: Arc::clone(stream.schema()),
                    rows,
                })
            })
            .collect()
    }

    /// All rows of a stream, within the bounds.
    fn read(
        &self,
        stream: &mut dyn RowStream,
        called: &str,
        left: &mut usize,
    ) -> Result<Vec<Row>, SourceError> {
        let Bounds { rows: most, bytes } = self.rows.in_memory;
        let mut rows: Vec<Row> = Vec::new();
        while let Some(batch) = stream.next_batch()? {
            if rows.len() + batch.len() > most {
                return Err(SourceError::Limit(format!(
                    "the federation \"{}\" joins at most {most} rows of one source in memory, and \
                     \"{called}\" gives more; let its query choose or sum up fewer",
                    self.name
                )));
            }
            let size: usize = batch.iter().map(size).sum();
            *left = left.checked_sub(size).ok_or_else(|| {
                SourceError::Limit(format!(
                    "the federation \"{}\" joins at most {} MB in memory, and with \"{called}\" it \
                     has more; let the queries of its sources choose fewer rows or columns",
                    self.name,
                    bytes >> 20
                ))
            })?;
            rows.extend(batch);
        }
        Ok(rows)
    }

    /// The rows of the input of a name.
    fn input(&self, name: &str, query: &FederatedQuery) -> Result<Box<dyn RowStream>, SourceError> {
        let mut called = self.federated.inputs_called(name);
        let Some(input) = called.next() else {
            let inputs = self.federated.inputs.iter().map(|input| &*input.name);
            let message = format!(
                "it reads \"{name}\", which the federation \"{}\" does not have; it has {}",
                self.name,
                listed(inputs)
            );
            return Err(self.failed(&query.name, message));
        };
        if called.next().is_some() {
            let message = format!(
                "the federation \"{}\" has two sources called \"{name}\"; rename one of them",
                self.name
            );
            return Err(self.failed(&query.name, message));
        }
        let found = [input.source_name(), &*input.name]
            .into_iter()
            .filter(|name| !name.is_empty())
            .find_map(|name| source(self.definition, name).ok());
        let Some(found) = found else {
            let sources = self.definition.sources.iter().map(|source| &*source.name);
            let message = format!(
                "\"{name}\" is data source \"{}\", which the layout does not have; it has {}",
                input.source_name(),
                listed(sources)
            );
            return Err(self.failed(&query.name, message));
        };
        let request = RowRequest {
            source: Arc::clone(&found.name),
            member: member(found, input),
            parameters: self.request.parameters.clone(),
            order: Vec::new(),
        };
        self.rows.open_of(self.definition, &request, self.above + 1)
    }

    fn failed(&self, query: &str, message: impl std::fmt::Display) -> SourceError {
        SourceError::Query { member: query.to_owned(), message: message.to_string() }
    }
}

/// The data member of an input: where it names none, the query of its name, or the only one.
fn member(source: &Source, input: &FederatedInput) -> Arc<str> {
    match &source.kind {
        SourceKind::Sql(sql) if input.member.is_empty() => {
            let only = || sql.queries.first().filter(|_| sql.queries.len() == 1);
            let query = sql.query(&input.name).or_else(only);
            query.map(|query| Arc::clone(&query.name)).unwrap_or_default()
        }
        _ => Arc::clone(&input.member),
    }
}

/// Names as a message lists them.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.map(|name| format!("\"{name}\"")).collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

/// The bytes that a row holds, about.
fn size(row: &Row) -> usize {
    let of_value = |value: &Value| match value {
        Value::Text(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        _ => 0,
    };
    row.iter().map(of_value).sum::<usize>() + size_of_val::<[Value]>(row) + size_of::<Row>()
}
