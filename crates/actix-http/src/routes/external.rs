//! Signing in through another provider, in a browser.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use pressroom_application::App as Site;
use pressroom_application::sign_in::external::{self, ExternalError, PENDING_FOR};

use super::tokens::no_store;
use crate::answer::Answer;
use crate::client;
use crate::cookies::{PENDING, SESSION};
use crate::dto::{brought_back, return_to};
use crate::endpoint::Endpoint;
use crate::openapi::{self, Says};
use crate::problem::Problem;
use crate::rate::Rates;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at("/oauth/external/start").open().get(start).says(
            signing_in("Sign in through another provider")
                .details("For browsers: it leads to the provider's own page.")
                .query("returnTo", "Where to go afterwards: a path of this site.", "/documents"),
        ),
        Endpoint::at("/oauth/external/callback").open().get(callback).says(
            signing_in("Come back from another provider")
                .details("The provider leads the browser here.")
                .query("code", "As the provider says.", "4/0AX4…")
                .query("state", "As the provider says.", "kJ3n…"),
        ),
    ]
}

fn signing_in(summary: &'static str) -> Says {
    openapi::elsewhere(summary)
        .or_page(400, "The way was not begun here, or the provider refused.")
        .or_page(403, "The provider's user may not sign in here.")
        .or_page(404, "No other provider is set up.")
        .or_page(503, "Something that is needed is away for now.")
        .or(429, "")
}

/// `GET /oauth/external/start?returnTo=/…`: sends the browser to the provider.
async fn start(request: HttpRequest, site: web::Data<Site>, rates: web::Data<Rates>) -> Answer {
    rates.address(client::address(&request))?;
    let return_to = return_to(request.query_string());
    let begun = match external::begin(&site, return_to.as_deref()).await {
        Ok(begun) => begun,
        Err(error) => return refusal(&request, error),
    };
    let cookie = PENDING.set(&begun.remembered, Some(PENDING_FOR.num_seconds()), is_secure(&site));
    Ok(found(&begun.url, [cookie]))
}

/// `GET /oauth/external/callback?code=…&state=…`: the browser comes back, and is signed in.
async fn callback(request: HttpRequest, site: web::Data<Site>, rates: web::Data<Rates>) -> Answer {
    let from = client::address(&request);
    rates.address(from)?;
    let command = brought_back(request.query_string(), PENDING.of(&request), from);
    match external::finish(&site, command).await {
        Ok(finished) => {
            let secure = is_secure(&site);
            let session = SESSION.set(&finished.issued.token, None, secure);
            Ok(found(&finished.return_to, [session, PENDING.drop(secure)]))
        }
        Err(error) => refusal(&request, error),
    }
}

/// Sends a browser on.
fn found<const N: usize>(location: &str, cookies: [Option<HeaderValue>; N]) -> HttpResponse {
    let mut answer = HttpResponse::Found();
    answer.insert_header((header::LOCATION, location)).insert_header(no_store());
    for cookie in cookies.into_iter().flatten() {
        answer.append_header((header::SET_COOKIE, cookie));
    }
    answer.finish()
}

/// Whether browsers reach the site by TLS: they are to send cookies by nothing else then.
fn is_secure(site: &Site) -> bool {
    let scheme = site.settings.site_url.split(':').next();
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"))
}

/// Says why nobody is signed in: to a browser as a page, to others as a problem.
fn refusal(request: &HttpRequest, error: ExternalError) -> Answer {
    let words = error.to_string();
    let problem = match error {
        ExternalError::NoProvider => Problem::not_found(words),
        ExternalError::NotBegun | ExternalError::Refused(_) => Problem::bad_request(words),
        ExternalError::NotWelcome(_) => Problem::forbidden(words),
        ExternalError::Failed(error) => error.into(),
    };
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if !accept.is_some_and(|accept| accept.contains("text/html")) {
        return Err(problem);
    }
    let as_problem = problem.error_response();
    let mut page = HttpResponse::build(problem.status_code());
    if let Some(seconds) = as_problem.headers().get(header::RETRY_AFTER) {
        page.insert_header((header::RETRY_AFTER, seconds.clone()));
    }
    page.content_type("text/html; charset=utf-8").insert_header(no_store());
    Ok(page.body(sorry(problem.status_code(), &problem.to_string())))
}

/// A page that says what went wrong, and leads back.
fn sorry(status: StatusCode, words: &str) -> String {
    let escaped: String = words
        .chars()
        .map(|c| match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            other => other.to_string(),
        })
        .collect();
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Not signed in</title></head>\
         <body><h1>Not signed in</h1><p role=\"alert\" data-status=\"{}\">{escaped}.</p>\
         <p><a href=\"/\">Back to the first page</a></p></body></html>",
        status.as_u16()
    )
}
