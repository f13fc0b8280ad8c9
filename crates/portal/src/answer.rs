//! Pages and redirections.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use askama::Template;

use crate::failure::Failure;
use crate::portal::Portal;
use crate::reader::Reader;

/// What a handler gives back.
pub(crate) type Answer = Result<HttpResponse, Failure>;

/// What a page may load and do: what comes from this server, and nothing that stands inline.
macro_rules! policy {
    ($ancestors:literal) => {
        concat!(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
             frame-src 'self'; object-src 'self'; form-action 'self'; base-uri 'none'; \
             frame-ancestors ",
            $ancestors
        )
    };
}

/// Nobody frames a page.
const PAGE: &str = policy!("'none'");
/// But for those that stand where a document will.
const IN_FRAME: &str = policy!("'self'");
/// Browsers show documents by pages of their own making.
pub(crate) const FILE_IN_FRAME: &str = "default-src 'none'; object-src 'self'; \
     style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'";

/// What stands around the contents of a page.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    /// The title in the browser's tab.
    pub(crate) title: String,
    /// Who is signed in, on pages that say so.
    pub(crate) reader: Option<Signed>,
}

/// Who is signed in.
#[derive(Debug)]
pub(crate) struct Signed {
    /// What they are called.
    pub(crate) name: String,
    /// The first letter of that.
    pub(crate) letter: String,
    /// Whether they are everyone.
    pub(crate) guest: bool,
    /// The mark for forms.
    pub(crate) mark: String,
}

impl Frame {
    /// Around a page for nobody in particular.
    pub(crate) fn bare(title: &str) -> Self {
        Self { title: title.to_owned(), reader: None }
    }

    /// Around a page for somebody who is signed in.
    pub(crate) fn of(title: &str, portal: &Portal, reader: &Reader) -> Self {
        let user = reader.caller.user();
        let name = user.full_name();
        let letter = name.chars().next().map(char::to_uppercase).into_iter().flatten().collect();
        let signed = Signed { name, letter, guest: user.is_guest(), mark: reader.mark(portal) };
        Self { title: title.to_owned(), reader: Some(signed) }
    }

    /// The mark for forms; empty where nobody is signed in.
    pub(crate) fn mark(&self) -> &str {
        self.reader.as_ref().map_or("", |reader| &reader.mark)
    }
}

/// A page.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> HttpResponse {
    html(status, template, PAGE)
}

/// A page that stands in a frame of another, where a document will.
pub(crate) fn framed(status: StatusCode, template: &impl Template) -> HttpResponse {
    html(status, template, IN_FRAME)
}

fn html(status: StatusCode, template: &impl Template, policy: &'static str) -> HttpResponse {
    match template.render() {
        Ok(text) => HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .insert_header((CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)))
            // Forms say where they come from, and links to elsewhere do not.
            .insert_header((REFERRER_POLICY, HeaderValue::from_static("same-origin")))
            .insert_header((X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
            .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
            .body(text),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}

/// The browser goes on to a path of this server.
pub(crate) fn see_other(path: &str) -> HttpResponse {
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    HttpResponse::SeeOther()
        .insert_header((LOCATION, location))
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .finish()
}
