//! Signing in and out.

use actix_web::http::Method;
use actix_web::http::header::{self, CacheControl, CacheDirective, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use pressroom_application::App as Site;
use pressroom_application::tokens::{self, IssueError};

use crate::answer::Answer;
use crate::dto::{Token, TokenError, TokenRequest, revoked_token};
use crate::endpoint::Endpoint;
use crate::openapi::{self, Says};
use crate::problem::Problem;
use crate::rate::Rates;
use crate::{body, client};

/// The largest form.
const FORM_BYTES: usize = 64 << 10;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at("/oauth/token")
            .open()
            .on(Method::GET, issue)
            .says(signing_in().deprecated())
            .on(Method::POST, issue)
            .says(signing_in()),
        Endpoint::at("/oauth/revoke").open().on(Method::POST, revoke).says(revoking()),
    ]
}

fn signing_in() -> Says {
    openapi::value::<Token>("Sign in")
        .details(
            "The form is taken whatever the `Content-Type` says. `GET`, with the form as its body, \
             is there for clients that send it so.",
        )
        .form(&[
            ("grant_type", "`password`, `refresh_token` or `client_credentials`.", "password"),
            ("username?", "For a password: the user's name.", "ann"),
            ("password?", "The password; absent or empty for the guest.", "secret"),
            ("refresh_token?", "The refresh token of an earlier answer.", ""),
            ("client_id?", "The id of an API key, where HTTP Basic does not show it.", ""),
            ("client_secret?", "The secret of an API key.", ""),
        ])
        .or_value::<TokenError>(401, "The API key lets nobody in.")
        .or_value::<TokenError>(400, "The form is wrong, or it lets nobody in.")
        .or(413, "")
        .or(429, "")
}

fn revoking() -> Says {
    openapi::ok("Sign out")
        .details("Ends a token, and what belongs to it. Whether there was one is not told.")
        .form(&[("token", "An access token or a refresh token.", "pr_5jT0…")])
        .or_value::<TokenError>(400, "The form is wrong.")
        .or(413, "")
        .or(429, "")
}

/// `POST /oauth/token`: a token for a password, a refresh token or an API key. The form is taken
/// whatever the `Content-Type` says, and as the body of a `GET` too: existing clients send it so. It is
/// not taken from the address, which ends up in logs.
async fn issue(
    request: HttpRequest,
    site: web::Data<Site>,
    rates: web::Data<Rates>,
    payload: web::Payload,
) -> Answer {
    let from = client::address(&request);
    rates.address(from)?;
    let form = body::read(&request, payload.into_inner(), FORM_BYTES).await?;
    let header = request.headers().get(header::AUTHORIZATION);
    let header = header.and_then(|value| value.to_str().ok());
    let wish = match TokenRequest::read(&form, header, from) {
        Ok(wish) => wish,
        Err(error) => return Ok(refusal(&error)),
    };
    let issued = match wish {
        TokenRequest::Password(command) => tokens::issue(&site, command).await,
        TokenRequest::Refresh(token) => tokens::refresh(&site, &token, from).await,
        TokenRequest::Client(command) => tokens::issue_to_client(&site, command).await,
    };
    let error = match issued {
        Ok(issued) => {
            return Ok(HttpResponse::Ok().insert_header(no_store()).json(Token::from(issued)));
        }
        Err(error) => error,
    };
    let description = error.to_string();
    match error {
        IssueError::InvalidGrant | IssueError::InvalidRefresh => {
            Ok(refusal(&TokenError::invalid_grant(description)))
        }
        IssueError::InvalidClient => Ok(refusal(&TokenError::invalid_client(description))),
        IssueError::TooMany(wait) => Err(Problem::too_many(description, wait)),
        IssueError::Failed(error) => Err(error.into()),
    }
}

/// `POST /oauth/revoke`: ends a token. Whether there was one is not told.
async fn revoke(
    request: HttpRequest,
    site: web::Data<Site>,
    rates: web::Data<Rates>,
    payload: web::Payload,
) -> Answer {
    let from = client::address(&request);
    rates.address(from)?;
    let form = body::read(&request, payload.into_inner(), FORM_BYTES).await?;
    match revoked_token(&form) {
        Ok(token) => {
            tokens::revoke_token(&site, &token, from).await?;
            Ok(HttpResponse::Ok().insert_header(no_store()).finish())
        }
        Err(error) => Ok(refusal(&error)),
    }
}

fn refusal(error: &TokenError) -> HttpResponse {
    let mut answer = HttpResponse::build(error.status());
    if error.status() == actix_web::http::StatusCode::UNAUTHORIZED {
        answer.insert_header((header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic")));
    }
    answer.insert_header(no_store()).json(error)
}

/// Nobody between here and the client keeps what is answered.
pub(super) fn no_store() -> CacheControl {
    CacheControl(vec![CacheDirective::NoStore])
}
