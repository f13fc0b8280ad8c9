//! The rooms: their handlers, and what their templates show.

mod account;
mod document;
mod documents;
mod sign_in;
mod viewer;

use actix_web::dev::Handler;
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderName, HeaderValue};
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder, ResponseError, guard, web};

use crate::answer::{self, Answer};
use crate::assets;
use crate::failure::Failure;

/// Puts all pages into a server.
pub(crate) fn register(config: &mut web::ServiceConfig) {
    let add = |config: &mut web::ServiceConfig, room: Room| {
        config.service(room.resource());
    };
    add(config, Room::at("/").get(documents::home));
    add(config, Room::at("/sign-in").post(sign_in::sign_in));
    add(config, Room::at("/sign-out").post(sign_in::sign_out));
    add(config, Room::at("/account/activate").get(account::activation).post(account::activate));
    add(config, Room::at("/account/reset").get(account::resetting).post(account::reset));
    add(config, Room::at("/account/password").get(account::changing).post(account::change));
    add(config, Room::at("/documents/{id}").get(document::show).post(document::start));
    add(config, Room::at("/documents/{id}/pdf").get(viewer::view));
    add(config, Room::at("/assets/{name}").get(assets::get));
    add(config, Room::at("/favicon.ico").get(assets::icon));
    config.default_service(web::to(nowhere));
}

/// Puts what is shown while there is no site into a server.
pub(crate) fn register_closed(config: &mut web::ServiceConfig) {
    for room in
        [Room::at("/assets/{name}").get(assets::get), Room::at("/favicon.ico").get(assets::icon)]
    {
        config.service(room.resource());
    }
    config.default_service(web::to(closed));
}

/// Says that there is no site yet. A browser that looks at this looks again by itself.
async fn closed(request: HttpRequest) -> HttpResponse {
    let mut answer = Failure::closed().error_response();
    if request.method() == Method::GET {
        let seconds = HeaderValue::from_static("5");
        answer.headers_mut().insert(HeaderName::from_static("refresh"), seconds);
    }
    answer
}

/// What stands at a path.
struct Room {
    resource: actix_web::Resource,
    allow: Vec<&'static str>,
}

impl Room {
    fn at(pattern: &'static str) -> Self {
        Self { resource: web::resource(pattern), allow: Vec::new() }
    }

    /// Shows something; `HEAD` too.
    fn get<F, Args>(mut self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let either = guard::Any(guard::Get()).or(guard::Head());
        self.resource = self.resource.route(web::route().guard(either).to(handler));
        self.allow.extend(["GET", "HEAD"]);
        self
    }

    /// Does something.
    fn post<F, Args>(mut self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.resource = self.resource.route(web::post().to(handler));
        self.allow.push("POST");
        self
    }

    fn resource(self) -> actix_web::Resource {
        let allow = HeaderValue::from_str(&self.allow.join(", ")).ok();
        let other = move || {
            let mut answer = Failure::other_method().error_response();
            if let Some(allow) = &allow {
                answer.headers_mut().insert(ALLOW, allow.clone());
            }
            std::future::ready(answer)
        };
        self.resource.default_service(web::to(other))
    }
}

/// Answers at a path where nothing stands. With a slash at the end it may be meant for one where
/// something does.
async fn nowhere(request: HttpRequest) -> Answer {
    let path = request.path();
    let bare = path.trim_end_matches('/');
    let is_local = bare.starts_with('/') && !bare.starts_with("//") && !bare.contains('\\');
    if bare != path && is_local {
        return Ok(match request.query_string() {
            "" => answer::see_other(bare),
            query => answer::see_other(&format!("{bare}?{query}")),
        });
    }
    Err(Failure::nowhere())
}

/// The value of a name in the query of a request.
fn queried(request: &HttpRequest, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(request.query_string().as_bytes());
    pairs.find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
}

/// A path of this server that a browser may be sent to after signing in; none for anywhere else.
fn local(path: &str) -> Option<&str> {
    let printable = path.bytes().all(|byte| byte.is_ascii_graphic());
    let elsewhere = path.starts_with("//") || path.contains('\\');
    (path.starts_with('/') && printable && !elsewhere).then_some(path)
}

/// The number that a pattern captures as `{id}`.
fn id(request: &HttpRequest) -> Result<i64, Failure> {
    request.match_info().get("id").and_then(|id| id.parse().ok()).ok_or_else(Failure::nowhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_sent_nowhere_else() {
        for path in ["/", "/documents/7?a=b", "/documents/7#x"] {
            assert_eq!(local(path), Some(path));
        }
        for path in ["", "documents", "//example.com", "/\\example.com", "https://a", "/a\n", "/ä"]
        {
            assert_eq!(local(path), None, "{path}");
        }
    }
}
