//! What a name in an expression means at a level of rows.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use pressroom_criteria::{Collection, FieldPath, Resolved, ResolvedParameter, Resolver};
use pressroom_data::{DataType, Schema, Value};
use pressroom_query::Relation;
use pressroom_report::Level;

use super::build::items::{Asked, find};
use crate::rows::tables::Tables;

/// The names of one level of rows, and of the levels around it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// Where the level stands: 0 is the report's own.
    pub(crate) depth: usize,
    /// The data source's name within the layout.
    pub(crate) source: Arc<str>,
    /// The query whose rows these are.
    pub(crate) member: Arc<str>,
    pub(crate) schema: Arc<Schema>,
    /// Names and types of fields that expressions add.
    pub(crate) calculated: Vec<(Arc<str>, DataType)>,
    /// The relations of the data source that start at these rows.
    pub(crate) relations: Vec<Relation>,
    /// The queries of the data source.
    pub(crate) queries: Vec<Arc<str>>,
    /// The report's parameters with their values.
    pub(crate) parameters: Rc<[(Arc<str>, Value)]>,
    /// The level around this one.
    pub(crate) outer: Option<Rc<Names>>,
}

/// What a slot of a compiled expression stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Slot {
    /// A field that an expression adds to the rows of a level.
    Calculated { depth: usize, index: usize },
    /// A column of the current row of a level further out.
    Outer { depth: usize, column: usize },
    /// A column of the first row that a relation leads to.
    Related { relation: usize, column: usize },
    /// A column of another query's first row.
    Foreign { query: Arc<str>, column: usize },
    /// A property of another element of the level.
    Item(usize),
    /// The index of the page that is being filled, from 0.
    PageIndex,
}

/// The rows that an aggregate goes over.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RowsOf {
    /// All rows of the level.
    Level,
    /// The rows that a relation leads to from the current row.
    Relation(usize),
    /// All rows of another query.
    Query(Arc<str>),
}

/// Slots and collections, numbered while expressions are bound.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    pub(crate) slots: RefCell<Vec<Slot>>,
    pub(crate) collections: RefCell<Vec<RowsOf>>,
    pub(crate) items: RefCell<Vec<Asked>>,
}

fn number<T: PartialEq>(table: &RefCell<Vec<T>>, item: T) -> usize {
    let mut table = table.borrow_mut();
    table.iter().position(|known| *known == item).unwrap_or_else(|| {
        table.push(item);
        table.len() - 1
    })
}

/// Binds the names of a level.
#[derive(Clone, Copy)]
pub(crate) struct Binder<'a> {
    pub(crate) level: &'a Level,
    pub(crate) names: &'a Names,
    pub(crate) numbers: &'a Numbers,
    pub(crate) tables: &'a Tables<'a>,
}

impl Binder<'_> {
    /// Looks a path up at one level, which may be further out.
    fn at(&self, level: &Names, path: &FieldPath) -> Option<Resolved> {
        let own = level.depth == self.names.depth;
        if let Some(column) = level.schema.index_of(path.name()) {
            let data_type = level.schema.fields[column].data_type;
            return Some(if own {
                Resolved::column(column, data_type)
            } else {
                self.slot(Slot::Outer { depth: level.depth, column }, data_type)
            });
        }
        if let Some(index) =
            level.calculated.iter().position(|(name, _)| name.eq_ignore_ascii_case(path.name()))
        {
            let data_type = level.calculated[index].1;
            return Some(self.slot(Slot::Calculated { depth: level.depth, index }, data_type));
        }
        let [first, rest @ ..] = path.segments() else { return None };
        if rest.is_empty() {
            return None;
        }
        let rest = FieldPath::new(0, rest.to_vec());
        if first.eq_ignore_ascii_case(&level.member) {
            return self.at(level, &rest);
        }
        if own
            && let Some(relation) =
                level.relations.iter().position(|r| r.name.eq_ignore_ascii_case(first))
        {
            let schema = self.tables.schema(&level.source, &level.relations[relation].detail)?;
            let column = schema.index_of(rest.name())?;
            return Some(
                self.slot(Slot::Related { relation, column }, schema.fields[column].data_type),
            );
        }
        let query = level.queries.iter().find(|query| query.eq_ignore_ascii_case(first))?;
        let schema = self.tables.schema(&level.source, query)?;
        let column = schema.index_of(rest.name())?;
        Some(self.slot(
            Slot::Foreign { query: Arc::clone(query), column },
            schema.fields[column].data_type,
        ))
    }

    /// What is no field of any row: other elements, and the page.
    fn surroundings(&self, path: &FieldPath) -> Option<Resolved> {
        match path.segments() {
            [first, name, property] if first.eq_ignore_ascii_case("ReportItems") => {
                find(self.level, name)?;
                let asked = Asked { name: Arc::clone(name), property: Arc::clone(property) };
                let item = number(&self.numbers.items, asked);
                Some(self.slot(Slot::Item(item), DataType::Unknown))
            }
            [first, name]
                if first.eq_ignore_ascii_case("Arguments")
                    && name.eq_ignore_ascii_case("PageIndex") =>
            {
                Some(self.slot(Slot::PageIndex, DataType::Int))
            }
            _ => None,
        }
    }

    fn slot(&self, slot: Slot, data_type: DataType) -> Resolved {
        Resolved::slot(number(&self.numbers.slots, slot), data_type)
    }
}

impl Resolver for Binder<'_> {
    fn field(&self, path: &FieldPath) -> Option<Resolved> {
        let mut level = self.names;
        for _ in 0..path.parents() {
            level = level.outer.as_deref()?;
        }
        let path = FieldPath::new(0, path.segments().to_vec());
        loop {
            if let Some(resolved) = self.at(level, &path) {
                return Some(resolved);
            }
            match level.outer.as_deref() {
                Some(outer) => level = outer,
                None => return self.surroundings(&path),
            }
        }
    }

    fn parameter(&self, name: &str) -> Option<ResolvedParameter> {
        parameter(&self.names.parameters, name).map(|value| ResolvedParameter::Value(value.clone()))
    }

    fn collection(&self, path: Option<&FieldPath>) -> Option<Collection<'_>> {
        let (rows, detail) = match path {
            None => (RowsOf::Level, None),
            Some(path) => {
                let name = path.segments().last()?;
                let level = self.names;
                let relation =
                    level.relations.iter().position(|r| r.name.eq_ignore_ascii_case(name));
                match relation {
                    Some(index) => (RowsOf::Relation(index), Some(&level.relations[index].detail)),
                    None if name.eq_ignore_ascii_case(&level.member) => (RowsOf::Level, None),
                    None => {
                        let query =
                            level.queries.iter().find(|query| query.eq_ignore_ascii_case(name))?;
                        (RowsOf::Query(Arc::clone(query)), Some(query))
                    }
                }
            }
        };
        let resolver: Option<Box<dyn Resolver>> = match detail {
            None => None,
            Some(member) => Some(Box::new(Related {
                schema: self.tables.schema(&self.names.source, member)?,
                parameters: Rc::clone(&self.names.parameters),
            })),
        };
        Some(Collection { slot: number(&self.numbers.collections, rows), resolver })
    }

    fn names(&self) -> Vec<Arc<str>> {
        let own = self.names.schema.fields.iter().map(|field| Arc::clone(&field.name));
        own.chain(self.names.calculated.iter().map(|(name, _)| Arc::clone(name))).collect()
    }
}

/// Binds the columns of rows that an aggregate goes over.
struct Related {
    schema: Arc<Schema>,
    parameters: Rc<[(Arc<str>, Value)]>,
}

impl Resolver for Related {
    fn field(&self, path: &FieldPath) -> Option<Resolved> {
        self.schema.field(path)
    }

    fn parameter(&self, name: &str) -> Option<ResolvedParameter> {
        parameter(&self.parameters, name).map(|value| ResolvedParameter::Value(value.clone()))
    }

    fn names(&self) -> Vec<Arc<str>> {
        self.schema.names()
    }
}

fn parameter<'a>(parameters: &'a [(Arc<str>, Value)], name: &str) -> Option<&'a Value> {
    parameters.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
