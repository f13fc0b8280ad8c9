//! `/account/…`: passwords that people set themselves, by a mailed link or signed in.

use actix_web::http::StatusCode;
use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpRequest, web};
use askama::Template;
use pressroom_application::Error;
use pressroom_application::accounts::{
    ChangePassword, FollowLink, RequestReset, activate as activate_account, change_password,
    request_reset, reset as reset_password,
};
use pressroom_domain::{AccountType, Secret};

use super::{queried, sign_in};
use crate::answer::{self, Answer, Frame};
use crate::failure::{Failure, sentence};
use crate::form::Form;
use crate::portal::Portal;
use crate::reader::{Posted, Reader};
use crate::session;

/// A form that sets a password.
#[derive(Template, Default)]
#[template(path = "password.html")]
struct Password {
    page: Frame,
    title: &'static str,
    words: &'static str,
    path: &'static str,
    /// The token of a mailed link; empty where somebody is signed in, who gives the current password.
    token: String,
    button: &'static str,
    /// What is wrong with the form as a whole.
    error: Option<String>,
    current_error: Option<String>,
    new_error: Option<String>,
    /// Whether the link cannot be used: there is nothing to fill in then.
    dead: bool,
}

/// A form that asks for a link.
#[derive(Template)]
#[template(path = "reset_request.html")]
struct ResetRequest {
    page: Frame,
    sent: bool,
}

const DIFFERENT: &str = "The two passwords differ.";

/// `GET /account/activate?token=`
pub(super) async fn activation(request: HttpRequest) -> Answer {
    let token = queried(&request, "token").unwrap_or_default();
    Ok(answer::page(StatusCode::OK, &Password::activation(token)))
}

/// `POST /account/activate`
pub(super) async fn activate(
    portal: web::Data<Portal>,
    request: HttpRequest,
    form: Form,
) -> Answer {
    let page = Password::activation(form.text("token").to_owned());
    let Some(command) = followed(&portal, &request, &form) else {
        return Ok(page.differing());
    };
    match activate_account(&portal.app, command).await {
        Ok(user) => {
            let done = "Your account is active. Sign in with your new password.";
            sign_in::form_after(&portal, user.user_name.as_str(), done).await
        }
        Err(error) => page.refused(error),
    }
}

/// `GET /account/reset`: asks for a link; with `?token=` it was followed.
pub(super) async fn resetting(request: HttpRequest) -> Answer {
    Ok(match queried(&request, "token") {
        Some(token) => answer::page(StatusCode::OK, &Password::resetting(token)),
        None => asking(false),
    })
}

/// `POST /account/reset`: as the page that it comes from, asks for a link or follows it.
pub(super) async fn reset(portal: web::Data<Portal>, request: HttpRequest, form: Form) -> Answer {
    if let Some(account) = form.find("account") {
        let (account, from) = (account.trim().to_owned(), portal.client(&request));
        request_reset(&portal.app, RequestReset { account, from }).await?;
        return Ok(asking(true));
    }
    let page = Password::resetting(form.text("token").to_owned());
    let Some(command) = followed(&portal, &request, &form) else {
        return Ok(page.differing());
    };
    match reset_password(&portal.app, command).await {
        Ok(user) => {
            let done = "Your password is changed. Sign in with the new one.";
            sign_in::form_after(&portal, user.user_name.as_str(), done).await
        }
        Err(error) => page.refused(error),
    }
}

/// `GET /account/password`
pub(super) async fn changing(portal: web::Data<Portal>, reader: Reader) -> Answer {
    kept_here(&reader)?;
    Ok(answer::page(StatusCode::OK, &Password::changing(&portal, &reader)))
}

/// `POST /account/password`: everybody signs in again afterwards.
pub(super) async fn change(portal: web::Data<Portal>, posted: Posted) -> Answer {
    let Posted { reader, form } = posted;
    kept_here(&reader)?;
    let page = Password::changing(&portal, &reader);
    if form.text("password") != form.text("again") {
        return Ok(page.differing());
    }
    let command = ChangePassword {
        current: Secret::new(form.text("current")),
        new: Secret::new(form.text("password")),
    };
    match change_password(&portal.app, &reader.caller, command).await {
        Ok(user) => {
            let done = "Your password is changed. Sign in with the new one.";
            let mut answer = sign_in::form_after(&portal, user.user_name.as_str(), done).await?;
            answer.headers_mut().insert(SET_COOKIE, session::end(portal.settings.secure));
            Ok(answer)
        }
        Err(error) => page.refused(error),
    }
}

/// Somebody whose password is kept elsewhere finds no page to change it.
fn kept_here(reader: &Reader) -> Result<(), Failure> {
    let user = reader.caller.user();
    let here = user.account_type == AccountType::ReportServer && !user.is_guest();
    if here { Ok(()) } else { Err(Failure::nowhere()) }
}

/// What somebody who follows a link filled in; none where the two passwords differ.
fn followed(portal: &Portal, request: &HttpRequest, form: &Form) -> Option<FollowLink> {
    let password = form.text("password");
    (password == form.text("again")).then(|| FollowLink {
        token: Secret::new(form.text("token")),
        password: Secret::new(password),
        from: portal.client(request),
    })
}

fn asking(sent: bool) -> actix_web::HttpResponse {
    let page = Frame::bare("A new password");
    answer::page(StatusCode::OK, &ResetRequest { page, sent })
}

impl Password {
    fn activation(token: String) -> Self {
        Self {
            page: Frame::bare("Welcome"),
            title: "Welcome",
            words: "Choose a password, and your account is ready.",
            path: "/account/activate",
            token,
            button: "Activate my account",
            ..Self::default()
        }
    }

    fn resetting(token: String) -> Self {
        Self {
            page: Frame::bare("A new password"),
            title: "Choose a new password",
            words: "It takes the place of the old one at once.",
            path: "/account/reset",
            token,
            button: "Set the password",
            ..Self::default()
        }
    }

    fn changing(portal: &Portal, reader: &Reader) -> Self {
        Self {
            page: Frame::of("Change your password", portal, reader),
            title: "Change your password",
            words: "Afterwards you sign in again, here and on your other devices.",
            path: "/account/password",
            button: "Change the password",
            ..Self::default()
        }
    }

    fn differing(self) -> actix_web::HttpResponse {
        let page = Self { new_error: Some(DIFFERENT.to_owned()), ..self };
        answer::page(StatusCode::BAD_REQUEST, &page)
    }

    /// The page again, with what is wrong where it is wrong.
    fn refused(mut self, error: Error) -> Answer {
        let problems = match error {
            Error::Invalid(problems) => problems,
            other => return Err(other.into()),
        };
        for problem in problems {
            let words = Some(sentence(&problem.message));
            match problem.field.as_str() {
                "password" | "newPassword" => self.new_error = words,
                "currentPassword" => self.current_error = words,
                field => {
                    self.dead = field == "token";
                    self.error = words;
                }
            }
        }
        Ok(answer::page(StatusCode::BAD_REQUEST, &self))
    }
}
