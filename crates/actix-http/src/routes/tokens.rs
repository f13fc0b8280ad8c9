//! Signing in.

use actix_web::http::Method;
use actix_web::http::header::{CacheControl, CacheDirective};
use actix_web::{HttpRequest, HttpResponse, web};
use pressroom_application::App as Site;
use pressroom_application::tokens::{self, IssueError};

use crate::answer::Answer;
use crate::dto::{SignIn, Token, TokenError};
use crate::endpoint::Endpoint;
use crate::rate::Rates;
use crate::{body, client};

/// The largest form.
const FORM_BYTES: usize = 64 << 10;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at("/oauth/token").open().on(Method::GET, issue).on(Method::POST, issue),
        Endpoint::at("/oauth/revoke").not_built(&[Method::POST]),
    ]
}

/// `POST /oauth/token`: a token for a password. The form is taken whatever the `Content-Type` says,
/// and as the body of a `GET` too: existing clients send it so. It is not taken from the address,
/// which ends up in logs.
async fn issue(
    request: HttpRequest,
    site: web::Data<Site>,
    rates: web::Data<Rates>,
    payload: web::Payload,
) -> Answer {
    rates.address(client::address(&request))?;
    let form = body::read(&request, payload.into_inner(), FORM_BYTES).await?;
    let SignIn(command) = match SignIn::read(&form, client::address(&request)) {
        Ok(wish) => wish,
        Err(error) => return Ok(refusal(&error)),
    };
    match tokens::issue(&site, command).await {
        Ok(issued) => Ok(HttpResponse::Ok().insert_header(no_store()).json(Token::from(issued))),
        Err(error @ IssueError::InvalidGrant) => {
            Ok(refusal(&TokenError::invalid_grant(error.to_string())))
        }
        Err(IssueError::Failed(error)) => Err(error.into()),
    }
}

fn refusal(error: &TokenError) -> HttpResponse {
    HttpResponse::BadRequest().insert_header(no_store()).json(error)
}

fn no_store() -> CacheControl {
    CacheControl(vec![CacheDirective::NoStore])
}
