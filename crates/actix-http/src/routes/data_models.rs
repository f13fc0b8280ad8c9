//! Data models.

use actix_web::http::Method;
use actix_web::web;
use pressroom_application::App as Site;
use pressroom_application::data_models;
use pressroom_domain::DataModelId;

use crate::answer::{self, Answer};
use crate::auth::SignedIn;
use crate::body::Json;
use crate::dto::{CreateDataModel, DataModel};
use crate::endpoint::Endpoint;
use crate::list_request::ListRequest;
use crate::openapi;
use crate::precondition::IfNoneMatch;
use crate::target::Id;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at("/api/datamodels")
            .get(list)
            .says(openapi::list::<DataModel>("List the data models"))
            .on(Method::POST, create)
            .says(openapi::created::<DataModel>("Make a data model").or(501, "")),
        // Before the next one, which would take it for a number.
        Endpoint::at("/api/datamodels/test").not_built(&[Method::POST]),
        Endpoint::at("/api/datamodels/{id}")
            .get(get)
            .says(openapi::entity::<DataModel>("Look a data model up"))
            .not_built(&[Method::PUT, Method::DELETE]),
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
