//! Passwords that people set themselves: by a mailed link, or signed in.

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};
use pressroom_application::App as Site;
use pressroom_application::accounts;
use pressroom_domain::UserId;

use crate::answer::{self, Answer};
use crate::auth::SignedIn;
use crate::body::Json;
use crate::client;
use crate::dto::{ChangePassword, FollowLink, PasswordSet, RequestReset};
use crate::endpoint::Endpoint;
use crate::openapi;
use crate::target::Id;

const NO_LINK: &str = "The link is not good, or not any more.";

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at("/api/account/activate").open().on(Method::POST, activate).says(
            openapi::value::<PasswordSet>("Set the first password")
                .details("By the link that was mailed when the account was made.")
                .or(404, NO_LINK)
                .or(409, "")
                .or(429, ""),
        ),
        Endpoint::at("/api/account/reset").open().on(Method::POST, reset).says(
            openapi::value::<PasswordSet>("Set another password")
                .details("By the link that was mailed for it.")
                .or(404, NO_LINK)
                .or(409, "")
                .or(429, ""),
        ),
        Endpoint::at("/api/account/reset/request").open().on(Method::POST, request_reset).says(
            openapi::accepted("Ask for a link that sets another password")
                .details("It is mailed. The answer is the same whoever asks for whom.")
                .or(429, ""),
        ),
        Endpoint::at("/api/account/password")
            .on(Method::PUT, change_password)
            .says(openapi::done("Change one's own password")),
        Endpoint::at("/api/users/{id}/invite")
            .on(Method::POST, invite)
            .says(openapi::accepted("Mail the link that activates an account once more")),
    ]
}

/// `POST /api/account/activate`: the first password of an account, by the link that was mailed.
async fn activate(
    request: HttpRequest,
    site: web::Data<Site>,
    Json(body): Json<FollowLink>,
) -> Answer {
    let user = accounts::activate(&site, body.command(client::address(&request))).await?;
    answer::value(&PasswordSet::from(&user))
}

/// `POST /api/account/reset`: another password, by the link that was mailed.
async fn reset(
    request: HttpRequest,
    site: web::Data<Site>,
    Json(body): Json<FollowLink>,
) -> Answer {
    let user = accounts::reset(&site, body.command(client::address(&request))).await?;
    answer::value(&PasswordSet::from(&user))
}

/// `POST /api/account/reset/request`: mails such a link. The answer is the same whoever asks for
/// whom.
async fn request_reset(
    request: HttpRequest,
    site: web::Data<Site>,
    Json(body): Json<RequestReset>,
) -> Answer {
    accounts::request_reset(&site, body.command(client::address(&request))).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// `PUT /api/account/password`: the caller's own. They sign in again with the new one.
async fn change_password(
    site: web::Data<Site>,
    caller: SignedIn,
    Json(body): Json<ChangePassword>,
) -> Answer {
    accounts::change_password(&site, &caller.0, body.into()).await?;
    answer::done()
}

/// `POST /api/users/{id}/invite`: mails the link that activates an account, once more.
async fn invite(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    accounts::invite(&site, &caller.0, UserId(id.0)).await?;
    Ok(HttpResponse::Accepted().finish())
}
