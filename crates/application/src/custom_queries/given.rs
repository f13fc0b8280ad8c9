//! A custom query as a caller gives it.

use pressroom_data::parse_invariant;
use pressroom_domain::{DataModel, Name, NewCustomQuery, ParameterType, QueryParameter, SqlText};
use pressroom_ports::DescribeError;

use super::statement::{statement, value_type};
use crate::data_models::away;
use crate::error::Check;
use crate::{App, CustomSql, Error};

/// A custom query as a caller gives it.
#[derive(Clone, Debug)]
pub struct GivenQuery {
    /// What it is to be called.
    pub name: String,
    /// Its text.
    pub sql: String,
    /// Its parameters.
    pub parameters: Vec<GivenParameter>,
}

/// A parameter as a caller gives it.
#[derive(Clone, Debug)]
pub struct GivenParameter {
    /// What the text calls it.
    pub name: String,
    /// The name of its type, such as `Int32`.
    pub type_name: String,
    /// Its value as a text; none is null.
    pub value: Option<String>,
}

impl GivenQuery {
    /// The query, if it is one and the site takes it.
    pub(super) async fn checked(
        self,
        app: &App,
        model: &DataModel,
        mut check: Check,
    ) -> Result<NewCustomQuery, Error> {
        if app.settings.custom_sql == CustomSql::Deny {
            return Err(Error::Forbidden(
                "this site takes no custom SQL (security.custom_sql = \"deny\")".to_owned(),
            ));
        }
        let name = check.field("name", Name::new(&self.name));
        let sql = check.field("query", SqlText::new(&self.sql));
        let parameters = self.parameters.into_iter().enumerate();
        let parameters: Vec<Option<QueryParameter>> =
            parameters.map(|(index, given)| given.checked(index, &mut check)).collect();
        let parameters: Option<Vec<QueryParameter>> = parameters.into_iter().collect();
        let (Some(name), Some(sql), Some(parameters)) = (name, sql, parameters) else {
            return Err(check.into_error());
        };
        check.end()?;
        let query = NewCustomQuery { model: model.id, name, sql, parameters };
        let all = app.settings.custom_sql == CustomSql::All;
        let statement = statement(&*app.sources, model, &query, &*app.clock)
            .map_err(|error| Error::invalid("query", error))?;
        match app.sources.describe(model, &statement).await {
            Ok(_) => {}
            Err(DescribeError::NotReading) if all => {}
            Err(error @ DescribeError::Several) if all => {
                return Err(Error::invalid("query", error));
            }
            Err(error @ (DescribeError::NotReading | DescribeError::Several)) => {
                return Err(Error::Forbidden(format!(
                    "this site takes queries that only select (security.custom_sql = \
                     \"select-only\"), and of this one: {error}"
                )));
            }
            Err(error @ DescribeError::Forbidden(_)) => {
                return Err(Error::Forbidden(format!("the query is refused: {error}")));
            }
            Err(error @ DescribeError::Wrong(_)) => return Err(Error::invalid("query", error)),
            Err(error @ DescribeError::Away(_)) => return Err(away(error)),
        }
        Ok(query)
    }
}

impl GivenParameter {
    fn checked(self, index: usize, check: &mut Check) -> Option<QueryParameter> {
        let field = |part: &str| format!("parameters[{index}].{part}");
        let name = check.field(&field("name"), Name::new(&self.name));
        let unknown = || {
            let known: Vec<&str> = ParameterType::ALL.iter().map(|(_, name)| *name).collect();
            format!("\"{}\" is no known type; use one of {}", self.type_name, known.join(", "))
        };
        let data_type = ParameterType::find(&self.type_name).ok_or_else(unknown);
        let data_type = check.field(&field("type"), data_type);
        if let (Some(data_type), Some(value)) = (data_type, &self.value)
            && !reads_as(value, data_type)
        {
            let problem = format!("is no value of the type {}", data_type.name());
            check.field::<(), _>(&field("value"), Err(problem));
        }
        Some(QueryParameter { name: name?, data_type: data_type?, value: self.value })
    }
}

/// Whether a text is a value of a type, written the same in every culture.
fn reads_as(text: &str, data_type: ParameterType) -> bool {
    text.trim().is_empty() || parse_invariant(text, value_type(data_type)).is_ok()
}
