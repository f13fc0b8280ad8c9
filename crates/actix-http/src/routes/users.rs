//! Users, their photos and their permissions.

use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse, web};
use pressroom_application::App as Site;
use pressroom_application::{permissions, users};
use pressroom_domain::{Holder, Photo, UserId};

use crate::answer::{self, Answer, SANDBOX};
use crate::auth::SignedIn;
use crate::body::{self, Json};
use crate::dto::{CreateUser, EditPermissions, Permission, UpdateUser, User};
use crate::endpoint::Endpoint;
use crate::list_request::ListRequest;
use crate::openapi;
use crate::precondition::{IfMatch, IfNoneMatch};
use crate::target::Id;

const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at("/api/users")
            .get(list)
            .says(openapi::list::<User>("List the users"))
            .on(Method::POST, create)
            .says(openapi::created::<User>("Make a user").details(
                "A user of the type `ReportServer` gets a mail with a link that sets the password.",
            )),
        Endpoint::at("/api/users/{id}")
            .get(get)
            .says(openapi::entity::<User>("Look a user up"))
            .on(Method::PUT, update)
            .says(openapi::entity::<User>("Change a user"))
            .on(Method::DELETE, delete)
            .says(openapi::done("Delete a user")),
        Endpoint::at("/api/users/{id}/photo")
            .get(photo)
            .says(openapi::picture("Fetch a user's photo", &PICTURES))
            .on(Method::PUT, set_photo)
            .says(
                openapi::done("Set a user's photo")
                    .upload(&PICTURES)
                    .or(400, "")
                    .or(413, "")
                    .or(415, ""),
            )
            .on(Method::DELETE, delete_photo)
            .says(openapi::done("Take a user's photo away")),
        Endpoint::at("/api/users/{id}/permissions")
            .get(list_permissions)
            .says(openapi::list::<Permission>("List the permissions of a user"))
            .on(Method::POST, add_permissions)
            .says(
                openapi::part_of::<Permission>("Give a user permissions")
                    .details("The answer is what it holds from now on."),
            ),
        Endpoint::at("/api/users/{id}/permissions/delete")
            .on(Method::POST, remove_permissions)
            .says(
                openapi::part_of::<Permission>("Take permissions away from a user")
                    .details("The answer is what it holds from now on."),
            ),
    ]
}

/// `POST /api/users`
async fn create(
    site: web::Data<Site>,
    caller: SignedIn,
    Json(CreateUser(command)): Json<CreateUser>,
) -> Answer {
    let made = users::create(&site, &caller.0, command).await?;
    answer::created(format!("/api/users/{}", made.id), &User::from(&made), made.lock)
}

/// `GET /api/users`
async fn list(site: web::Data<Site>, caller: SignedIn, request: ListRequest) -> Answer {
    let list = users::list(&site, &caller.0, &request.query).await?;
    answer::listed::<User, _>(&request, list).await
}

/// `GET /api/users/{id}`
async fn get(site: web::Data<Site>, caller: SignedIn, id: Id, seen: IfNoneMatch) -> Answer {
    let found = users::get(&site, &caller.0, UserId(id.0)).await?;
    answer::found(&seen, found.lock, || User::from(&found))
}

/// `PUT /api/users/{id}`
async fn update(
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    if_match: IfMatch,
    Json(body): Json<UpdateUser>,
) -> Answer {
    let command = users::UpdateUser {
        id: UserId(id.0),
        lock: if_match.lock(body.lock)?,
        first_name: body.first_name,
        last_name: body.last_name,
        email: body.email,
        groups: body.groups,
        active: body.active,
    };
    let changed = users::update(&site, &caller.0, command).await?;
    answer::entity(&User::from(&changed), changed.lock)
}

/// `DELETE /api/users/{id}`
async fn delete(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    users::delete(&site, &caller.0, UserId(id.0)).await?;
    answer::done()
}

/// `GET /api/users/{id}/photo`: the picture itself.
async fn photo(site: web::Data<Site>, caller: SignedIn, id: Id, seen: IfNoneMatch) -> Answer {
    let photo = users::photo(&site, &caller.0, UserId(id.0)).await?;
    let tag = photo.hash.to_string();
    let has = seen.has(&tag);
    let mut answer = if has { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((header::ETAG, format!("\"{tag}\"")));
    if has {
        return Ok(answer.finish());
    }
    answer.insert_header((header::CONTENT_SECURITY_POLICY, SANDBOX));
    Ok(answer.content_type(photo.format.media_type()).body(photo.bytes))
}

/// `PUT /api/users/{id}/photo`: the body is the picture itself, whatever its `Content-Type` says.
async fn set_photo(
    request: HttpRequest,
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    payload: web::Payload,
) -> Answer {
    let bytes = body::read(&request, payload.into_inner(), Photo::LARGEST_BYTES).await?;
    users::set_photo(&site, &caller.0, UserId(id.0), Some(bytes)).await?;
    answer::done()
}

/// `DELETE /api/users/{id}/photo`
async fn delete_photo(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    users::set_photo(&site, &caller.0, UserId(id.0), None).await?;
    answer::done()
}

/// `GET /api/users/{id}/permissions`
async fn list_permissions(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    let held = permissions::list(&site, &caller.0, Holder::User(UserId(id.0))).await?;
    answer::list(held.iter().map(Permission::from))
}

/// `POST /api/users/{id}/permissions`
async fn add_permissions(
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    if_match: IfMatch,
    Json(body): Json<EditPermissions>,
) -> Answer {
    let command = body.command(Holder::User(UserId(id.0)), if_match)?;
    let held = permissions::add(&site, &caller.0, command).await?;
    answer::part_of(held.permissions.iter().map(Permission::from), held.lock)
}

/// `POST /api/users/{id}/permissions/delete`
async fn remove_permissions(
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    if_match: IfMatch,
    Json(body): Json<EditPermissions>,
) -> Answer {
    let command = body.command(Holder::User(UserId(id.0)), if_match)?;
    let held = permissions::remove(&site, &caller.0, command).await?;
    answer::part_of(held.permissions.iter().map(Permission::from), held.lock)
}
