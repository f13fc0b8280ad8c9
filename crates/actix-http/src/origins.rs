//! Pages of other origins: which of them may call, by the Fetch standard's CORS protocol.

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
    HeaderMap, HeaderValue, ORIGIN, VARY,
};
use actix_web::middleware::Next;
use actix_web::{Error, web};

use crate::Config;

/// What a page may send beside what every page may.
const REQUEST_HEADERS: &str = "authorization, content-type, if-match, if-none-match";
/// What a page may read beside what every page may.
const ANSWER_HEADERS: &str =
    "content-disposition, etag, location, retry-after, www-authenticate, x-total-count";
const METHODS: &str = "GET, HEAD, POST, PUT, DELETE";
/// How long a browser need not ask again.
const MAX_AGE_SECONDS: &str = "7200";

/// Lets pages of the origins of [`Config::origins`] call. Tokens go in a header of their own, never
/// in a cookie, so that no page calls in somebody's name without having been given a token.
pub(crate) async fn allow<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let Some(origin) = allowed(&request) else {
        return next.call(request).await.map(ServiceResponse::map_into_left_body);
    };
    let asks = request.method() == Method::OPTIONS
        && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if asks {
        let answer = HttpResponse::NoContent()
            .insert_header((ACCESS_CONTROL_ALLOW_METHODS, METHODS))
            .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS))
            .insert_header((ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS))
            .finish();
        request.into_response(answer).map_into_right_body()
    } else {
        next.call(request).await?.map_into_left_body()
    };
    mark(response.headers_mut(), origin);
    Ok(response)
}

/// The origin of the page that calls, if there is one and it may.
fn allowed(request: &ServiceRequest) -> Option<HeaderValue> {
    let origin = request.headers().get(ORIGIN)?;
    let config = request.app_data::<web::Data<Config>>()?;
    let may = |allowed: &String| {
        allowed == "*"
            || origin.as_bytes().eq_ignore_ascii_case(allowed.trim_end_matches('/').as_bytes())
    };
    config.origins.iter().any(may).then(|| origin.clone())
}

fn mark(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(ANSWER_HEADERS));
    headers.append(VARY, HeaderValue::from_static("origin"));
}
