//! Signing in and out.

use actix_web::http::StatusCode;
use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpRequest, web};
use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use pressroom_application::tokens::{self, IssueError, IssueToken};
use pressroom_domain::{Secret, User};

use super::local;
use crate::answer::{self, Answer, Frame};
use crate::failure::{Failure, sentence};
use crate::form::Form;
use crate::portal::Portal;
use crate::reader::{Posted, Reader};
use crate::session;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    page: Frame,
    /// Where the browser goes afterwards; empty for the list of documents.
    next: String,
    user_name: String,
    error: Option<String>,
    guest: bool,
    /// Another provider that signs people in, if there is one.
    provider: Option<Provider>,
    /// What has been done already, such as that a password was set.
    done: Option<&'static str>,
}

struct Provider {
    name: String,
    path: String,
}

impl SignIn {
    async fn of(portal: &Portal, next: &str, user_name: &str) -> Result<Self, Failure> {
        let provider = portal.app.identity.as_ref().map(|provider| Provider {
            name: provider.name().to_owned(),
            path: match next {
                "" => "/oauth/external/start".to_owned(),
                next => {
                    let next = utf8_percent_encode(next, NON_ALPHANUMERIC);
                    format!("/oauth/external/start?returnTo={next}")
                }
            },
        });
        Ok(Self {
            page: Frame::bare("Sign in"),
            next: next.to_owned(),
            user_name: user_name.to_owned(),
            error: None,
            guest: tokens::is_open_to_guest(&portal.app).await?,
            provider,
            done: None,
        })
    }
}

/// The page that says what has been done, and leads on.
pub(super) async fn form_after(portal: &Portal, user_name: &str, done: &'static str) -> Answer {
    let form = SignIn { done: Some(done), ..SignIn::of(portal, "", user_name).await? };
    Ok(answer::page(StatusCode::OK, &form))
}

/// The page with the form.
pub(super) async fn form(
    portal: &Portal,
    status: StatusCode,
    next: Option<&str>,
    user_name: &str,
    error: Option<String>,
) -> Answer {
    let next = next.and_then(local).unwrap_or_default();
    let form = SignIn { error, ..SignIn::of(portal, next, user_name).await? };
    Ok(answer::page(status, &form))
}

/// `POST /sign-in`
pub(super) async fn sign_in(portal: web::Data<Portal>, request: HttpRequest, form: Form) -> Answer {
    let guest = form.find("guest").is_some();
    let (user_name, password) =
        if guest { (User::GUEST, "") } else { (form.text("user-name"), form.text("password")) };
    let command = IssueToken {
        user_name: user_name.to_owned(),
        password: Secret::new(password),
        from: portal.client(&request),
    };
    let next = form.find("next");
    let issued = match tokens::issue(&portal.app, command).await {
        Ok(issued) => issued,
        Err(IssueError::Failed(error)) => return Err(error.into()),
        Err(refused) => {
            let words = sentence(&refused.to_string());
            let status = match refused {
                IssueError::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::BAD_REQUEST,
            };
            let name = form.text("user-name");
            return self::form(&portal, status, next, name, Some(words)).await;
        }
    };
    // Whoever was signed in here before is not any more.
    if let Some(before) = Reader::find(&portal, &request).await? {
        tokens::revoke(&portal.app, &before.caller).await?;
    }
    let cookie = session::begin(&issued.token, portal.settings.secure);
    let cookie = cookie.ok_or_else(Failure::misplaced)?;
    let mut answer = answer::see_other(next.and_then(local).unwrap_or("/"));
    answer.headers_mut().insert(SET_COOKIE, cookie);
    Ok(answer)
}

/// `POST /sign-out`
pub(super) async fn sign_out(portal: web::Data<Portal>, posted: Posted) -> Answer {
    tokens::revoke(&portal.app, &posted.reader.caller).await?;
    let mut answer = answer::see_other("/");
    answer.headers_mut().insert(SET_COOKIE, session::end(portal.settings.secure));
    Ok(answer)
}
