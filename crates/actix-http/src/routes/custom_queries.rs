//! Custom queries of data models.

use actix_web::http::Method;
use actix_web::web;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use pressroom_application::App as Site;
use pressroom_application::custom_queries;
use pressroom_domain::DataModelId;

use crate::answer::{self, Answer};
use crate::auth::SignedIn;
use crate::body::Json;
use crate::dto::{CreateCustomQuery, CustomQuery, UpdateCustomQuery};
use crate::endpoint::Endpoint;
use crate::openapi;
use crate::precondition::{IfMatch, IfNoneMatch};
use crate::target::{Id, QueryName};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let away = "The database is away.";
    vec![
        Endpoint::at("/api/datamodels/{id}/queries")
            .get(list)
            .says(openapi::list::<CustomQuery>("List the custom queries")),
        Endpoint::at("/api/datamodels/{id}/customsqlquery")
            .on(Method::POST, create)
            .says(openapi::created::<CustomQuery>("Make a custom query").or(503, away)),
        Endpoint::at("/api/datamodels/{id}/customsqlquery/{name}")
            .get(get)
            .says(openapi::entity::<CustomQuery>("Look a custom query up"))
            .on(Method::PUT, update)
            .says(openapi::entity::<CustomQuery>("Change a custom query").or(503, away))
            .on(Method::DELETE, delete)
            .says(openapi::done("Delete a custom query")),
    ]
}

/// `GET /api/datamodels/{id}/queries`
async fn list(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    let found = custom_queries::list(&site, &caller.0, DataModelId(id.0)).await?;
    answer::list(found.iter().map(CustomQuery::from))
}

/// `POST /api/datamodels/{id}/customsqlquery`
async fn create(
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    Json(CreateCustomQuery(query)): Json<CreateCustomQuery>,
) -> Answer {
    let command = custom_queries::CreateCustomQuery { model: DataModelId(id.0), query };
    let made = custom_queries::create(&site, &caller.0, command).await?;
    let name = utf8_percent_encode(made.name.as_str(), NON_ALPHANUMERIC);
    let place = format!("/api/datamodels/{}/customsqlquery/{name}", made.model);
    answer::created(place, &CustomQuery::from(&made), made.lock)
}

/// `GET /api/datamodels/{id}/customsqlquery/{name}`
async fn get(
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    name: QueryName,
    seen: IfNoneMatch,
) -> Answer {
    let found = custom_queries::get(&site, &caller.0, DataModelId(id.0), name.0).await?;
    answer::found(&seen, found.lock, || CustomQuery::from(&found))
}

/// `PUT /api/datamodels/{id}/customsqlquery/{name}`
async fn update(
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    name: QueryName,
    if_match: IfMatch,
    Json(body): Json<UpdateCustomQuery>,
) -> Answer {
    let lock = if_match.lock(body.lock)?;
    let command = body.command(DataModelId(id.0), name.0, lock);
    let changed = custom_queries::update(&site, &caller.0, command).await?;
    answer::entity(&CustomQuery::from(&changed), changed.lock)
}

/// `DELETE /api/datamodels/{id}/customsqlquery/{name}`
async fn delete(site: web::Data<Site>, caller: SignedIn, id: Id, name: QueryName) -> Answer {
    custom_queries::delete(&site, &caller.0, DataModelId(id.0), name.0).await?;
    answer::done()
}
