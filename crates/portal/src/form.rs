//! What is posted, and where from.

use actix_web::dev::Payload;
use actix_web::http::header::{HOST, HeaderMap, HeaderName, ORIGIN};
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;

use crate::failure::Failure;
use crate::portal::Portal;

/// The largest form.
const MOST_BYTES: usize = 256 << 10;
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What a page of ours posted: names and values, in their order.
#[derive(Debug, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// The field of the mark that binds a form to a session.
    pub(crate) const MARK: &'static str = "mark";

    pub(crate) fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first value of a name; empty where there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    /// The first value of a name.
    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The values of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

impl FromRequest for Form {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let site = request.app_data::<web::Data<Portal>>();
        let site = site.map_or("", |portal| &portal.app.settings.site_url);
        let ours = is_ours(request.headers(), site);
        let mut payload = payload.take();
        Box::pin(async move {
            if !ours {
                return Err(Failure::foreign_form());
            }
            let mut body = Vec::new();
            while let Some(piece) = payload.next().await {
                let piece = piece.map_err(|_| Failure::broken_form())?;
                if body.len() + piece.len() > MOST_BYTES {
                    return Err(Failure::large_form());
                }
                body.extend_from_slice(&piece);
            }
            Ok(Self::parse(&body))
        })
    }
}

/// Whether a browser that posts does so from a page of this server, which is known as `site` where a
/// proxy stands before it. Those that say nothing about it are no browsers, or so old that the mark in
/// the form must do.
fn is_ours(headers: &HeaderMap, site: &str) -> bool {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text(&SEC_FETCH_SITE) {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(&ORIGIN) else { return true };
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    let is_site = site
        .strip_prefix(origin)
        .is_some_and(|rest| matches!(rest.chars().next(), None | Some('/')));
    host.is_some_and(|host| text(&HOST) == Some(host) || is_site)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_pages_of_ours_post() {
        let check = |headers: &[(&str, &str)], expect: bool| {
            let request = TestRequest::default();
            let request =
                headers.iter().fold(request, |request, header| request.insert_header(*header));
            let request = request.to_http_request();
            assert_eq!(is_ours(request.headers(), "https://site/"), expect, "{headers:?}");
        };
        check(&[], true);
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "same-site")], false);
        check(&[("sec-fetch-site", "cross-site"), ("origin", "http://a"), ("host", "a")], false);
        check(&[("origin", "http://a:8080"), ("host", "a:8080")], true);
        check(&[("origin", "https://a"), ("host", "a")], true);
        check(&[("origin", "http://b"), ("host", "a")], false);
        check(&[("origin", "null"), ("host", "a")], false);
        check(&[("origin", "null"), ("host", "null")], false);
        check(&[("origin", "https://site"), ("host", "inside:8080")], true);
        check(&[("origin", "https://sit"), ("host", "inside:8080")], false);
    }

    #[test]
    fn names_have_several_values() {
        let form = Form::parse(b"a=1&b=%C3%A9+x&a=2&%ff=");
        assert_eq!(form.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!((form.text("b"), form.text("c"), form.find("c")), ("é x", "", None));
    }
}
