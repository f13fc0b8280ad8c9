//! Checking statements before they reach a database that cannot tell what a data model shows.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::Utc;
use pressroom_data::{SourceError, Value};
use pressroom_domain::{DataModel, DataModelId, ProviderModel};
use pressroom_ports::{DescribeError, Statement, TableInfo};
use pressroom_query::{Dialect, Environment, RowFilter, row_filter};

use crate::engine::{Engine, Grammar};
use crate::gate::{self, Bind, Catalogue, Filter, Refusal};
use crate::subject::Subject;

/// How long tables and columns are remembered.
const REMEMBERED: Duration = Duration::from_secs(5 * 60);
/// A statement that names something new has them looked up again, but not more often than this.
const FRESH: Duration = Duration::from_secs(2);

/// What databases hold, and whether statements may read it.
#[derive(Debug, Default)]
pub(crate) struct Guard {
    known: Mutex<HashMap<DataModelId, Known>>,
}

/// What a database was seen to hold.
#[derive(Clone, Debug)]
struct Known {
    provider: ProviderModel,
    since: Instant,
    tables: Arc<Vec<TableInfo>>,
    catalogue: Arc<Catalogue>,
}

/// Why a statement does not run.
#[derive(Debug)]
pub(crate) enum Refused {
    /// What the database holds could not be looked up.
    Away(SourceError),
    /// It reads what it may not, or cannot be understood.
    Refusal(Refusal),
    /// A row filter of the model cannot be kept, in words of its own.
    Filter(String),
    /// A place, from 1, has no value.
    NoValue(usize),
}

impl Guard {
    /// The tables and views of a database, as they are now or were a while ago.
    pub(crate) async fn tables(
        &self,
        engine: &dyn Engine,
        grammar: Grammar,
        model: &DataModel,
    ) -> Result<Arc<Vec<TableInfo>>, SourceError> {
        Ok(self.look(engine, grammar, model, REMEMBERED).await?.tables)
    }

    /// The statement that runs in the place of another one, which may read what the model shows.
    pub(crate) async fn checked(
        &self,
        engine: &dyn Engine,
        grammar: Grammar,
        model: &DataModel,
        statement: &Statement,
    ) -> Result<Statement, Refused> {
        let mut statement = statement.clone();
        // What a procedure reads is its author's choice, as with views.
        if statement.procedure.is_some() {
            return Ok(statement);
        }
        let look = async |age| self.look(engine, grammar, model, age).await.map_err(Refused::Away);
        let check = |known: &Known| -> Result<_, Refused> {
            let filters = filters(model, &known.tables, engine.dialect(model), &statement)?;
            let filter = |table: &str| filters.get(table).cloned();
            gate::check(&statement.sql, &known.catalogue, &model.hidden, &filter)
                .map_err(Refused::Refusal)
        };
        let known = look(REMEMBERED).await?;
        let checked = match check(&known) {
            Err(Refused::Refusal(Refusal::Forbidden(_))) if known.since.elapsed() > FRESH => {
                check(&look(FRESH).await?)?
            }
            checked => checked?,
        };
        let binds: Result<Vec<Value>, Refused> = checked
            .binds
            .into_iter()
            .map(|bind| match bind {
                Bind::Filter(value) => Ok(value),
                Bind::Statement(place) => {
                    statement.binds.get(place - 1).cloned().ok_or(Refused::NoValue(place))
                }
            })
            .collect();
        statement.binds = binds?;
        statement.sql = checked.sql.into();
        Ok(statement)
    }

    /// Forgets what a database was seen to hold.
    pub(crate) fn forget(&self, model: DataModelId) {
        self.known().remove(&model);
    }

    async fn look(
        &self,
        engine: &dyn Engine,
        grammar: Grammar,
        model: &DataModel,
        age: Duration,
    ) -> Result<Known, SourceError> {
        let known = self.known().get(&model.id).cloned();
        if let Some(known) = known
            && known.provider == model.provider
            && known.since.elapsed() < age
        {
            return Ok(known);
        }
        let since = Instant::now();
        let tables = engine.schema(model).await?;
        let own = engine.default_schema(model);
        let schema = own.as_deref().or(grammar.schema);
        let catalogue = Catalogue::new(grammar.syntax, &tables, schema, None);
        let known = Known {
            provider: model.provider.clone(),
            since,
            tables: Arc::new(tables),
            catalogue: Arc::new(catalogue),
        };
        let mut all = self.known();
        all.retain(|_, known| known.since.elapsed() < REMEMBERED);
        all.insert(model.id, known.clone());
        Ok(known)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<DataModelId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the row filters of a model come to for the reader of a statement, by table.
fn filters(
    model: &DataModel,
    tables: &[TableInfo],
    dialect: &dyn Dialect,
    statement: &Statement,
) -> Result<HashMap<String, Filter>, Refused> {
    let mut filters = HashMap::new();
    if model.row_filters.is_empty() {
        return Ok(filters);
    }
    // What a filter says of today is about the day on which rows are read.
    let nobody = Environment::new(&[], Utc::now().naive_utc());
    let environment = Environment { reader: statement.reader.as_ref(), ..nobody };
    for table in tables {
        let Some(filter) = model.row_filters.get(&table.name) else { continue };
        let column = |name: &str| {
            let exact = table.columns.iter().find(|column| column.name == name);
            let any_case = || {
                table
                    .columns
                    .iter()
                    .find(|column| column.name.to_lowercase() == name.to_lowercase())
            };
            exact.or_else(any_case).map(|column| dialect.quote(&column.name))
        };
        let filter = row_filter(&table.name, filter.as_str(), &column, &environment, dialect)
            .map_err(|error| Refused::Filter(error.to_string()))?;
        let filter = match filter {
            RowFilter::All => continue,
            RowFilter::None => Filter { condition: "1 = 0".to_owned(), values: Vec::new() },
            RowFilter::Where { sql, binds } => Filter { condition: sql, values: binds },
        };
        filters.insert(table.name.clone(), filter);
    }
    Ok(filters)
}

impl Refused {
    /// As the error of a query.
    pub(crate) fn of_query(self, subject: &Subject) -> SourceError {
        match self {
            Self::Away(error) => error,
            Self::Refusal(Refusal::Several) => subject.several_statements(),
            Self::Refusal(refusal) => subject.query(format_args!("it {refusal}")),
            Self::Filter(message) => subject.query(message),
            Self::NoValue(place) => subject.no_value(place),
        }
    }

    /// As the error of a statement that is described.
    pub(crate) fn of_description(self, subject: &Subject) -> DescribeError {
        match self {
            Self::Away(error) => DescribeError::Away(error.to_string()),
            Self::Refusal(Refusal::NotReading) => DescribeError::NotReading,
            Self::Refusal(Refusal::Several) => DescribeError::Several,
            Self::Refusal(refusal @ Refusal::Unreadable { .. }) => {
                DescribeError::Wrong(format!("it {refusal}"))
            }
            Self::Refusal(refusal @ Refusal::Forbidden(_)) => {
                DescribeError::Forbidden(format!("it {refusal}"))
            }
            Self::Filter(message) => DescribeError::Forbidden(message),
            Self::NoValue(place) => DescribeError::Wrong(subject.no_value(place).to_string()),
        }
    }
}
