//! A page to read the API's description and to try what it says. Open to everyone: what is tried
//! needs a token like any other request.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use utoipa_swagger_ui::Config;

use crate::answer::Answer;
use crate::endpoint::Endpoint;
use crate::fixed::Fixed;
use crate::openapi;
use crate::problem::Problem;

const PAGE: &str = include_str!("docs/page.html");
/// Of this crate, as the page's policy lets no script stand in the page itself.
const START: &str = include_str!("docs/start.js");

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const PNG: &str = "image/png";

/// What the page takes of Swagger UI; its other files are not served.
const SWAGGER: [(&str, &str); 3] =
    [("swagger-ui.css", CSS), ("swagger-ui-bundle.js", SCRIPT), ("favicon-32x32.png", PNG)];

/// Everything comes from this server, and goes to it. Swagger UI styles its elements one by one.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'",
);

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at("/api/docs").open().get(page).says(
            openapi::text("Read this description in a browser", "text/html")
                .details("A page to read the API and to try it. Open to everyone.")
                .or(304, ""),
        ),
        Endpoint::at("/api/docs/{file}").open().get(file).says(
            openapi::file("Fetch a file of that page", &["text/css", "text/javascript", PNG])
                .or(304, "")
                .or(404, "The page has no such file."),
        ),
    ]
}

/// `GET /api/docs`
async fn page(request: HttpRequest) -> Answer {
    static FOUND: OnceLock<Fixed> = OnceLock::new();
    let page = FOUND.get_or_init(|| Fixed::new(HTML, PAGE.as_bytes().into()));
    Ok(guarded(page.answer(&request)))
}

/// `GET /api/docs/{file}`
async fn file(request: HttpRequest) -> Answer {
    static FILES: OnceLock<Vec<(&str, Fixed)>> = OnceLock::new();
    let files = FILES.get_or_init(files);
    let asked = request.match_info().get("file").unwrap_or_default();
    let Some((_, file)) = files.iter().find(|(name, _)| *name == asked) else {
        return Err(Problem::not_found(format!("there is nothing at {}", request.path())));
    };
    Ok(file.answer(&request))
}

/// The files by their names.
fn files() -> Vec<(&'static str, Fixed)> {
    let own = ("start.js", Fixed::new(SCRIPT, START.as_bytes().into()));
    let swagger =
        SWAGGER.iter().filter_map(|(name, kind)| Some((*name, Fixed::new(kind, swagger(name)?))));
    std::iter::once(own).chain(swagger).collect()
}

/// A file of Swagger UI as it is built into the program.
fn swagger(name: &str) -> Option<Cow<'static, [u8]>> {
    let config: Arc<Config<'static>> = Arc::default();
    Some(utoipa_swagger_ui::serve(name, config).ok()??.bytes)
}

fn guarded(mut answer: HttpResponse) -> HttpResponse {
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
    answer
}
