//! What documents may see of a database.

use actix_web::http::Method;
use actix_web::web;
use pressroom_application::App as Site;
use pressroom_application::data_models;
use pressroom_domain::DataModelId;

use crate::answer::{self, Answer};
use crate::auth::SignedIn;
use crate::body::Json;
use crate::dto::{ChooseTables, DataField, DataMember, Procedure, TableColumn, Tables};
use crate::endpoint::Endpoint;
use crate::openapi;
use crate::precondition::IfMatch;
use crate::target::{Id, ProcedureName, TableName};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let away = "The database is away.";
    vec![
        Endpoint::at("/api/datamodels/{id}/tables")
            .get(tables)
            .says(openapi::entity::<Tables>("Look at what documents may see").or(503, away))
            .on(Method::PUT, choose)
            .says(
                openapi::entity::<Tables>("Choose what documents may see")
                    .details(
                        "A table or column that is not `checked` is refused to all that read through \
                         the data model. One that the database gets later is seen.",
                    )
                    .or(503, away),
            ),
        Endpoint::at("/api/datamodels/{id}/tables/{tableName}/columns")
            .get(columns)
            .says(openapi::list::<TableColumn>("List the columns of a table").or(503, away)),
        Endpoint::at("/api/datamodels/{id}/procedures")
            .get(procedures)
            .says(openapi::list::<Procedure>("List the stored procedures")),
        Endpoint::at("/api/datamodels/{id}/procedures/{procedureName}/columns")
            .get(procedure_columns)
            .says(openapi::list::<DataField>("List the columns that a stored procedure gives")),
        Endpoint::at("/api/datamodels/{id}/datamembers")
            .get(data_members)
            .says(openapi::list::<DataMember>("List what gives rows to documents").or(503, away)),
    ]
}

/// `GET /api/datamodels/{id}/tables`
async fn tables(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    let found = data_models::tables(&site, &caller.0, DataModelId(id.0)).await?;
    let lock = found.lock;
    answer::entity(&Tables::from(found), lock)
}

/// `PUT /api/datamodels/{id}/tables`
async fn choose(
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    if_match: IfMatch,
    Json(body): Json<ChooseTables>,
) -> Answer {
    let lock = if_match.lock(body.lock)?;
    let command = body.command(DataModelId(id.0), lock);
    let chosen = data_models::choose_tables(&site, &caller.0, command).await?;
    let lock = chosen.lock;
    answer::entity(&Tables::from(chosen), lock)
}

/// `GET /api/datamodels/{id}/tables/{tableName}/columns`
async fn columns(site: web::Data<Site>, caller: SignedIn, id: Id, table: TableName) -> Answer {
    let found = data_models::columns(&site, &caller.0, DataModelId(id.0), &table.0).await?;
    answer::list(found.into_iter().map(TableColumn::from))
}

/// `GET /api/datamodels/{id}/procedures`
async fn procedures(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    let found = data_models::procedures(&site, &caller.0, DataModelId(id.0)).await?;
    answer::list(found.into_iter().map(Procedure::from))
}

/// `GET /api/datamodels/{id}/procedures/{procedureName}/columns`
async fn procedure_columns(
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    name: ProcedureName,
) -> Answer {
    let model = DataModelId(id.0);
    let found = data_models::procedure_columns(&site, &caller.0, model, &name.0).await?;
    answer::list(found.into_iter().map(DataField::from))
}

/// `GET /api/datamodels/{id}/datamembers`
async fn data_members(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    let found = data_models::data_members(&site, &caller.0, DataModelId(id.0)).await?;
    answer::list(found.into_iter().map(DataMember::from))
}
