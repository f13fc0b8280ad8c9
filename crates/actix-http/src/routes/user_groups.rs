//! Groups of users and their permissions.

use actix_web::http::Method;
use actix_web::web;
use pressroom_application::App as Site;
use pressroom_application::{groups, permissions};
use pressroom_domain::{GroupId, Holder};

use crate::answer::{self, Answer};
use crate::auth::SignedIn;
use crate::body::Json;
use crate::dto::{CreateUserGroup, EditPermissions, Permission, UpdateUserGroup, UserGroup};
use crate::endpoint::Endpoint;
use crate::list_request::ListRequest;
use crate::openapi;
use crate::precondition::{IfMatch, IfNoneMatch};
use crate::target::Id;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at("/api/usergroups")
            .get(list)
            .says(openapi::list::<UserGroup>("List the groups"))
            .on(Method::POST, create)
            .says(openapi::created::<UserGroup>("Make a group")),
        Endpoint::at("/api/usergroups/{id}")
            .get(get)
            .says(openapi::entity::<UserGroup>("Look a group up"))
            .on(Method::PUT, update)
            .says(openapi::entity::<UserGroup>("Rename a group"))
            .on(Method::DELETE, delete)
            .says(openapi::done("Delete a group")),
        Endpoint::at("/api/usergroups/{id}/permissions")
            .get(list_permissions)
            .says(openapi::list::<Permission>("List the permissions of a group"))
            .on(Method::POST, add_permissions)
            .says(
                openapi::part_of::<Permission>("Give a group permissions")
                    .details("The answer is what it holds from now on."),
            ),
        Endpoint::at("/api/usergroups/{id}/permissions/delete")
            .on(Method::POST, remove_permissions)
            .says(
                openapi::part_of::<Permission>("Take permissions away from a group")
                    .details("The answer is what it holds from now on."),
            ),
    ]
}

/// `POST /api/usergroups`
async fn create(
    site: web::Data<Site>,
    caller: SignedIn,
    Json(body): Json<CreateUserGroup>,
) -> Answer {
    let command = groups::CreateGroup { name: body.name };
    let made = groups::create(&site, &caller.0, command).await?;
    answer::created(format!("/api/usergroups/{}", made.id), &UserGroup::from(&made), made.lock)
}

/// `GET /api/usergroups`
async fn list(site: web::Data<Site>, caller: SignedIn, request: ListRequest) -> Answer {
    let list = groups::list(&site, &caller.0, &request.query).await?;
    answer::listed::<UserGroup, _>(&request, list).await
}

/// `GET /api/usergroups/{id}`
async fn get(site: web::Data<Site>, caller: SignedIn, id: Id, seen: IfNoneMatch) -> Answer {
    let found = groups::get(&site, &caller.0, GroupId(id.0)).await?;
    answer::found(&seen, found.lock, || UserGroup::from(&found))
}

/// `PUT /api/usergroups/{id}`
async fn update(
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    if_match: IfMatch,
    Json(body): Json<UpdateUserGroup>,
) -> Answer {
    let command =
        groups::UpdateGroup { id: GroupId(id.0), lock: if_match.lock(body.lock)?, name: body.name };
    let changed = groups::update(&site, &caller.0, command).await?;
    answer::entity(&UserGroup::from(&changed), changed.lock)
}

/// `DELETE /api/usergroups/{id}`: existing clients may send a body, which says nothing.
async fn delete(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    groups::delete(&site, &caller.0, GroupId(id.0)).await?;
    answer::done()
}

/// `GET /api/usergroups/{id}/permissions`
async fn list_permissions(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    let held = permissions::list(&site, &caller.0, Holder::Group(GroupId(id.0))).await?;
    answer::list(held.iter().map(Permission::from))
}

/// `POST /api/usergroups/{id}/permissions`
async fn add_permissions(
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    if_match: IfMatch,
    Json(body): Json<EditPermissions>,
) -> Answer {
    let command = body.command(Holder::Group(GroupId(id.0)), if_match)?;
    let held = permissions::add(&site, &caller.0, command).await?;
    answer::part_of(held.permissions.iter().map(Permission::from), held.lock)
}

/// `POST /api/usergroups/{id}/permissions/delete`
async fn remove_permissions(
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    if_match: IfMatch,
    Json(body): Json<EditPermissions>,
) -> Answer {
    let command = body.command(Holder::Group(GroupId(id.0)), if_match)?;
    let held = permissions::remove(&site, &caller.0, command).await?;
    answer::part_of(held.permissions.iter().map(Permission::from), held.lock)
}
