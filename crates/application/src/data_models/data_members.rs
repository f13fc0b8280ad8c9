//! Looking at all that gives rows to documents.

use pressroom_domain::{Access, DataModelId, NewCustomQuery};
use pressroom_ports::{ColumnInfo, DescribeError, TableKind};

use super::tables::chosen;
use super::{away, find};
use crate::custom_queries::statement;
use crate::{App, Caller, Error};

/// What gives rows to documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataMember {
    /// Its name, without quotes.
    pub name: String,
    /// What it is.
    pub kind: DataMemberKind,
    /// What a row of it holds. A custom query that no longer works has none.
    pub fields: Vec<ColumnInfo>,
}

/// What kind of thing gives rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataMemberKind {
    /// A table.
    Table,
    /// A view.
    View,
    /// A custom query.
    Query,
    /// A stored procedure that gives rows.
    Procedure,
}

/// The tables and views of a data model that documents may see, with the columns that they may see,
/// its custom queries, and its stored procedures.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`] while the database is away.
pub async fn data_members(
    app: &App,
    caller: &Caller,
    id: DataModelId,
) -> Result<Vec<DataMember>, Error> {
    let model = find(app, caller, id, Access::READ).await?;
    let schema = app.sources.schema(&model).await.map_err(away)?;
    let tables = chosen(&model, schema).tables.into_iter().filter(|table| table.checked);
    let mut members: Vec<DataMember> = tables
        .map(|table| DataMember {
            name: table.plain_name,
            kind: match table.kind {
                TableKind::Table => DataMemberKind::Table,
                TableKind::View => DataMemberKind::View,
            },
            fields: (table.columns.into_iter())
                .filter(|column| column.checked)
                .map(|column| column.column)
                .collect(),
        })
        .collect();
    for query in app.stores.custom_queries.list(id).await? {
        let name = query.name.to_string();
        let given = NewCustomQuery {
            model: id,
            name: query.name,
            sql: query.sql,
            parameters: query.parameters,
        };
        let fields = match statement(&*app.sources, &model, &given, &*app.clock) {
            Ok(statement) => match app.sources.describe(&model, &statement).await {
                Ok(fields) => fields,
                Err(error @ DescribeError::Away(_)) => return Err(away(error)),
                Err(_) => Vec::new(),
            },
            Err(_) => Vec::new(),
        };
        members.push(DataMember { name, kind: DataMemberKind::Query, fields });
    }
    for procedure in app.sources.procedures(&model).await.map_err(away)? {
        let fields = app.sources.procedure_columns(&model, &procedure.name).await.map_err(away)?;
        let name = procedure.name;
        members.push(DataMember { name, kind: DataMemberKind::Procedure, fields });
    }
    Ok(members)
}
