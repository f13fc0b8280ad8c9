//! Statements before they run.

use pressroom_data::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Statement};

use super::binds::{self, Bound, Fit};
use super::error::{self, Failure};
use super::types::{Form, Way, way};
use crate::subject::Subject;

/// A statement that the server has read, and knows the types of.
pub(super) struct Prepared {
    /// As the author wrote it: its columns have their own names and types.
    pub(super) plain: Statement,
    pub(super) ways: Vec<Way>,
}

/// A statement that can run.
pub(super) struct Ready {
    pub(super) statement: Statement,
    pub(super) bound: Vec<Bound>,
    pub(super) names: Vec<String>,
    pub(super) forms: Vec<Form>,
}

/// Has the server read a statement. Where it cannot tell the types of values from where they stand,
/// they are those of the values themselves.
pub(super) async fn prepare(
    client: &Client,
    sql: &str,
    binds: &[Value],
) -> Result<Prepared, Error> {
    let mut prepared = client.prepare(sql).await;
    for unknown in [Type::UNKNOWN, Type::TEXT] {
        match prepared {
            Err(error) if !binds.is_empty() && error::is_untyped(&error) => {
                anew(client).await?;
                let types = binds.iter().map(|it| binds::own_type(it).unwrap_or(unknown.clone()));
                let again = client.prepare_typed(sql, &types.collect::<Vec<_>>()).await;
                // What was wrong at first is what its author wants to know.
                prepared = again.map_err(|again| if is_worse(&again) { again } else { error });
            }
            done => {
                prepared = done;
                break;
            }
        }
    }
    prepared.map(Prepared::of)
}

fn is_worse(error: &Error) -> bool {
    error.as_db_error().is_none()
}

/// Begins the transaction anew after an error, which ended it.
async fn anew(client: &Client) -> Result<(), Error> {
    client.batch_execute("rollback; begin read only").await
}

impl Prepared {
    fn of(plain: Statement) -> Self {
        let columns = plain.columns().iter();
        let ways = columns.map(|column| way(column.type_(), column.type_modifier())).collect();
        Self { plain, ways }
    }

    /// The statement with its values.
    pub(super) async fn ready(
        self,
        client: &Client,
        sql: &str,
        binds: &[Value],
        subject: &Subject,
    ) -> Result<Ready, Failure> {
        let (prepared, bound) = match binds::fit(binds, self.plain.params(), subject)? {
            Fit::All(bound) => (self, bound),
            Fit::Other(types) => {
                let wrong = || binds::wrong_one(binds, self.plain.params(), subject);
                let typed = client.prepare_typed(sql, &types).await;
                let typed = typed.map_err(|error| match error.as_db_error() {
                    Some(_) => Failure::Told(wrong()),
                    None => Failure::Server(error),
                })?;
                match binds::fit(binds, typed.params(), subject)? {
                    Fit::All(bound) => (Self::of(typed), bound),
                    Fit::Other(_) => return Err(wrong().into()),
                }
            }
        };
        let columns = prepared.plain.columns();
        let names = columns.iter().map(|column| column.name().to_owned()).collect();
        let forms = prepared.ways.iter().map(|way| way.form()).collect();
        let statement = prepared.converted(client, sql, subject).await?;
        Ok(Ready { statement, bound, names, forms })
    }

    /// The statement as one whose columns are all of known forms: the server converts the others.
    async fn converted(
        self,
        client: &Client,
        sql: &str,
        subject: &Subject,
    ) -> Result<Statement, Failure> {
        let is_cast = |way: &Way| matches!(way, Way::Cast(..));
        let Some(first) = self.ways.iter().position(is_cast) else { return Ok(self.plain) };
        let columns = self.ways.iter().enumerate().map(|(index, way)| match way {
            Way::Plain(_) => format!("c{index}"),
            Way::Cast(to, _) => format!("cast(c{index} as {to})"),
        });
        let names = (0..self.ways.len()).map(|index| format!("c{index}"));
        let around = format!(
            "select {} from (\n{}\n) as q ({})",
            columns.collect::<Vec<_>>().join(", "),
            inner(sql),
            names.collect::<Vec<_>>().join(", ")
        );
        client.prepare_typed(&around, self.plain.params()).await.map_err(|error| {
            match (error.as_db_error(), self.plain.columns().get(first)) {
                (Some(said), Some(column)) => Failure::Told(subject.query(format_args!(
                    "its column \"{}\" is of type {}, which cannot be shown ({}); convert it in the \
                     query, such as by cast(… as text)",
                    column.name(),
                    column.type_().name(),
                    said.message()
                ))),
                _ => Failure::Server(error),
            }
        })
    }
}

/// A statement that can stand in parentheses, before the end of a line.
pub(super) fn inner(sql: &str) -> &str {
    sql.trim_end().trim_end_matches(';')
}
