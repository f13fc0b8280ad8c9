//! Cookies of browsers that sign in.

use actix_web::HttpRequest;
use actix_web::http::header::{COOKIE, HeaderValue};
use pressroom_domain::Secret;

/// A cookie of ours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cookie {
    name: &'static str,
    path: &'static str,
}

/// Holds the access token of whoever is signed in at the pages; the portal reads it.
pub(crate) const SESSION: Cookie = Cookie { name: "pressroom_session", path: "/" };
/// Holds what is remembered of a sign-in through another provider.
pub(crate) const PENDING: Cookie = Cookie { name: "pressroom_sign_in", path: "/oauth/external" };

impl Cookie {
    /// What a request's cookie of this name holds.
    pub(crate) fn of(self, request: &HttpRequest) -> Option<Secret> {
        let headers = request.headers().get_all(COOKIE).filter_map(|header| header.to_str().ok());
        headers
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, value)| *name == self.name && !value.is_empty())
            .map(|(_, value)| Secret::new(value))
    }

    /// The header that sets it, until the browser ends or for so many seconds. No script reads it, and
    /// no other site's form sends it along; a link does, so that a browser comes back with it.
    pub(crate) fn set(
        self,
        value: &Secret,
        seconds: Option<i64>,
        secure: bool,
    ) -> Option<HeaderValue> {
        let Self { name, path } = self;
        let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let secure = if secure { "; Secure" } else { "" };
        let value = value.reveal();
        let text = format!("{name}={value}; Path={path}{age}; HttpOnly; SameSite=Lax{secure}");
        let mut header = HeaderValue::from_str(&text).ok()?;
        header.set_sensitive(true);
        Some(header)
    }

    /// The header that drops it.
    pub(crate) fn drop(self, secure: bool) -> Option<HeaderValue> {
        self.set(&Secret::default(), Some(0), secure)
    }
}
