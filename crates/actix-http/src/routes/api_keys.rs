//! The caller's own API keys.

use actix_web::http::Method;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, web};
use pressroom_application::App as Site;
use pressroom_application::api_keys;
use pressroom_domain::ApiKeyId;

use super::tokens::no_store;
use crate::answer::{self, Answer};
use crate::auth::SignedIn;
use crate::body::Json;
use crate::dto::{ApiKey, CreateApiKey};
use crate::endpoint::Endpoint;
use crate::openapi::{self, Says};
use crate::target::Target;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at("/api/account/keys")
            .get(list)
            .says(openapi::list::<ApiKey>("List one's own API keys"))
            .on(Method::POST, create)
            .says(
                openapi::value::<ApiKey>("Make an API key")
                    .details("The answer holds the secret, which is never shown again.")
                    .status(201)
                    .header("Location"),
            )
            .on(Method::DELETE, delete)
            .says(deleted()),
        Endpoint::at("/api/account/keys/{id}").on(Method::DELETE, delete).says(deleted()),
    ]
}

fn deleted() -> Says {
    openapi::done("Delete an API key")
}

/// `POST /api/account/keys`: the answer holds the secret, which is never shown again.
async fn create(site: web::Data<Site>, caller: SignedIn, Json(body): Json<CreateApiKey>) -> Answer {
    let command = api_keys::CreateApiKey { name: body.name, expires_at: body.expires_at };
    let made = api_keys::create(&site, &caller.0, command).await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/api/account/keys/{}", made.key.id)))
        .insert_header(no_store())
        .json(ApiKey::from(&made)))
}

/// `GET /api/account/keys`
async fn list(site: web::Data<Site>, caller: SignedIn) -> Answer {
    let all = api_keys::list(&site, &caller.0).await?;
    answer::list(all.iter().map(ApiKey::from))
}

/// `DELETE /api/account/keys?id=`, `DELETE /api/account/keys/{id}`
async fn delete(site: web::Data<Site>, caller: SignedIn, target: Target) -> Answer {
    api_keys::delete(&site, &caller.0, ApiKeyId(target.id(None)?)).await?;
    answer::done()
}
