//! Headers that every answer carries unless its handler says otherwise.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::DefaultHeaders;

use crate::Config;

/// Data is no page: opened as one, it may load nothing, run nothing and be framed by nobody.
const DATA_ONLY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";
/// Half a year: a site that speaks TLS stays with it.
const TLS_ONLY: &str = "max-age=15768000";

/// The headers of answers that say nothing else.
pub(crate) fn defaults(config: &Config) -> DefaultHeaders {
    let all = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "private, no-cache"),
        (CONTENT_SECURITY_POLICY, DATA_ONLY),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    let tls = config.tls.is_some().then_some((STRICT_TRANSPORT_SECURITY, TLS_ONLY));
    all.into_iter().chain(tls).fold(DefaultHeaders::new(), |headers, (name, value)| {
        headers.add((name, HeaderValue::from_static(value)))
    })
}
