//! Data models.

use actix_web::http::Method;
use actix_web::web;
use pressroom_application::App as Site;
use pressroom_application::data_models;
use pressroom_domain::DataModelId;

use crate::answer::{self, Answer};
use crate::auth::SignedIn;
use crate::body::Json;
use crate::dto::{
    Connection, CreateDataModel, DataModel, RenameDataModel, TestDataModel, Tested, UpdateDataModel,
};
use crate::endpoint::Endpoint;
use crate::list_request::ListRequest;
use crate::openapi;
use crate::precondition::{IfMatch, IfNoneMatch};
use crate::target::Id;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at("/api/datamodels")
            .get(list)
            .says(openapi::list::<DataModel>("List the data models"))
            .on(Method::POST, create)
            .says(
                openapi::created::<DataModel>("Make a data model")
                    .or(409, "Another one is called the same."),
            ),
        // Before the next one, which would take it for a number.
        Endpoint::at("/api/datamodels/test").on(Method::POST, test_given).says(openapi::value::<
            Tested,
        >(
            "Try a connection that is not stored",
        )),
        Endpoint::at("/api/datamodels/{id}")
            .get(get)
            .says(openapi::entity::<DataModel>("Look a data model up"))
            .on(Method::PUT, update)
            .says(
                openapi::entity::<DataModel>("Change a data model")
                    .or(409, "Another one is called the same."),
            )
            .on(Method::DELETE, delete)
            .says(openapi::done("Delete a data model").or(409, "A document or a job uses it.")),
        Endpoint::at("/api/datamodels/{id}/rename").on(Method::PUT, rename).says(
            openapi::entity::<DataModel>("Rename a data model")
                .or(409, "Another one is called the same."),
        ),
        Endpoint::at("/api/datamodels/{id}/connection").get(connection).says(openapi::entity::<
            Connection,
        >(
            "Look at how a data model gets at its data",
        )),
        Endpoint::at("/api/datamodels/{id}/test").on(Method::POST, test).says(openapi::value::<
            Tested,
        >(
            "Try the connection of a data model",
        )),
    ]
}

/// `POST /api/datamodels`
async fn create(
    site: web::Data<Site>,
    caller: SignedIn,
    Json(CreateDataModel(command)): Json<CreateDataModel>,
) -> Answer {
    let made = data_models::create(&site, &caller.0, command).await?;
    answer::created(format!("/api/datamodels/{}", made.id), &DataModel::from(&made), made.lock)
}

/// `GET /api/datamodels`
async fn list(site: web::Data<Site>, caller: SignedIn, request: ListRequest) -> Answer {
    let list = data_models::list(&site, &caller.0, &request.query).await?;
    answer::listed::<DataModel, _>(&request, list).await
}

/// `GET /api/datamodels/{id}`
async fn get(site: web::Data<Site>, caller: SignedIn, id: Id, seen: IfNoneMatch) -> Answer {
    let found = data_models::get(&site, &caller.0, DataModelId(id.0)).await?;
    answer::found(&seen, found.lock, || DataModel::from(&found))
}

/// `PUT /api/datamodels/{id}`
async fn update(
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    if_match: IfMatch,
    Json(body): Json<UpdateDataModel>,
) -> Answer {
    let lock = if_match.lock(body.lock)?;
    let command = body.command(DataModelId(id.0), lock);
    let changed = data_models::update(&site, &caller.0, command).await?;
    answer::entity(&DataModel::from(&changed), changed.lock)
}

/// `PUT /api/datamodels/{id}/rename`
async fn rename(
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    if_match: IfMatch,
    Json(body): Json<RenameDataModel>,
) -> Answer {
    let command = data_models::RenameDataModel {
        id: DataModelId(id.0),
        lock: if_match.lock(body.lock)?,
        name: body.name,
    };
    let changed = data_models::rename(&site, &caller.0, command).await?;
    answer::entity(&DataModel::from(&changed), changed.lock)
}

/// `DELETE /api/datamodels/{id}`
async fn delete(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    data_models::delete(&site, &caller.0, DataModelId(id.0)).await?;
    answer::done()
}

/// `GET /api/datamodels/{id}/connection`
async fn connection(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    let found = data_models::connection(&site, &caller.0, DataModelId(id.0)).await?;
    let lock = found.model.lock;
    answer::entity(&Connection::from(found), lock)
}

/// `POST /api/datamodels/test`
async fn test_given(
    site: web::Data<Site>,
    caller: SignedIn,
    Json(TestDataModel(provider)): Json<TestDataModel>,
) -> Answer {
    let tested = data_models::test_given(&site, &caller.0, provider).await?;
    answer::value(&Tested::from(tested))
}

/// `POST /api/datamodels/{id}/test`. A body says nothing.
async fn test(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    let tested = data_models::test(&site, &caller.0, DataModelId(id.0)).await?;
    answer::value(&Tested::from(tested))
}
