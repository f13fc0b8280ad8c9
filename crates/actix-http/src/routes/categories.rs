//! Categories.

use actix_web::http::Method;
use actix_web::web;
use pressroom_application::App as Site;
use pressroom_application::categories;
use pressroom_domain::CategoryId;

use crate::answer::{self, Answer};
use crate::auth::SignedIn;
use crate::body::Json;
use crate::dto::{Category, CreateCategory, UpdateCategory};
use crate::endpoint::Endpoint;
use crate::list_request::ListRequest;
use crate::openapi;
use crate::precondition::{IfMatch, IfNoneMatch};
use crate::target::{Id, Target};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let updated = || openapi::entity::<Category>("Rename a category");
    let deleted =
        || openapi::done("Delete a category").or(409, "Documents stand in it: they go first.");
    vec![
        Endpoint::at("/api/categories")
            .get(list)
            .says(openapi::list::<Category>("List the categories"))
            .on(Method::POST, create)
            .says(openapi::created::<Category>("Make a category"))
            .on(Method::PUT, update)
            .says(updated())
            .on(Method::DELETE, delete)
            .says(deleted()),
        Endpoint::at("/api/categories/{id}")
            .get(get)
            .says(openapi::entity::<Category>("Look a category up"))
            .on(Method::PUT, update)
            .says(updated())
            .on(Method::DELETE, delete)
            .says(deleted()),
    ]
}

/// `POST /api/categories`
async fn create(
    site: web::Data<Site>,
    caller: SignedIn,
    Json(body): Json<CreateCategory>,
) -> Answer {
    let command = categories::CreateCategory { name: body.name };
    let made = categories::create(&site, &caller.0, command).await?;
    answer::created(format!("/api/categories/{}", made.id), &Category::from(&made), made.lock)
}

/// `GET /api/categories`
async fn list(site: web::Data<Site>, caller: SignedIn, request: ListRequest) -> Answer {
    let list = categories::list(&site, &caller.0, &request.query).await?;
    answer::listed::<Category, _>(&request, list).await
}

/// `GET /api/categories/{id}`
async fn get(site: web::Data<Site>, caller: SignedIn, id: Id, seen: IfNoneMatch) -> Answer {
    let found = categories::get(&site, &caller.0, CategoryId(id.0)).await?;
    answer::found(&seen, found.lock, || Category::from(&found))
}

/// `PUT /api/categories`, `PUT /api/categories/{id}`
async fn update(
    site: web::Data<Site>,
    caller: SignedIn,
    target: Target,
    if_match: IfMatch,
    Json(body): Json<UpdateCategory>,
) -> Answer {
    let command = categories::UpdateCategory {
        id: CategoryId(target.id(body.id)?),
        lock: if_match.lock(body.lock)?,
        name: body.name,
    };
    let changed = categories::update(&site, &caller.0, command).await?;
    answer::entity(&Category::from(&changed), changed.lock)
}

/// `DELETE /api/categories?id=`, `DELETE /api/categories/{id}`
async fn delete(site: web::Data<Site>, caller: SignedIn, target: Target) -> Answer {
    categories::delete(&site, &caller.0, CategoryId(target.id(None)?)).await?;
    answer::done()
}
