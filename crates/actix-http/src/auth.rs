//! Who calls: the token of the `Authorization` header.

use std::future::{Ready, ready};

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage, HttpRequest, ResponseError, web};
use pressroom_application::{App as Site, Caller, Error, tokens};

use crate::client;
use crate::problem::Problem;
use crate::rate::Rates;

/// Lets a request through whose token is good; the handler finds its caller by [`SignedIn`]. No byte
/// of the body is read before.
pub(crate) async fn authenticate<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, actix_web::Error> {
    let site = request.app_data::<web::Data<Site>>().cloned();
    let caller = match site {
        Some(site) => caller(request.request(), &site).await,
        None => Err(misplaced()),
    };
    match caller {
        Ok(caller) => {
            if let Err(problem) = within_rate(&request, &caller) {
                return Ok(request.into_response(problem.error_response()).map_into_right_body());
            }
            request.extensions_mut().insert(caller);
            next.call(request).await.map(ServiceResponse::map_into_left_body)
        }
        Err(problem) => Ok(request.into_response(problem.error_response()).map_into_right_body()),
    }
}

/// Who calls, by the token of the header.
pub(crate) async fn caller(request: &HttpRequest, site: &Site) -> Result<Caller, Problem> {
    let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let from = client::address(request);
    let shown = match header.and_then(bearer) {
        Some(token) => tokens::verify(site, token, from).await,
        None => Err(Error::Unauthenticated),
    };
    if matches!(shown, Err(Error::Unauthenticated)) {
        rates(request)?.address(from)?;
    }
    Ok(shown?)
}

fn within_rate(request: &ServiceRequest, caller: &Caller) -> Result<(), Problem> {
    caller.token().map_or(Ok(()), |token| rates(request.request())?.token(token))
}

fn rates(request: &HttpRequest) -> Result<&Rates, Problem> {
    request.app_data::<web::Data<Rates>>().map(|rates| &***rates).ok_or_else(misplaced)
}

/// The token of a header's value. The name of the scheme counts in any letter case.
pub(crate) fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

fn misplaced() -> Problem {
    Problem::unavailable("the server is not set up to take this request")
}

/// Who calls.
pub(crate) struct SignedIn(pub(crate) Caller);

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = request.extensions_mut().remove::<Caller>();
        ready(caller.map(Self).ok_or_else(|| Error::Unauthenticated.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bearer_tokens() {
        for (header, expect) in [
            ("Bearer abc", Some("abc")),
            ("bearer abc", Some("abc")),
            ("BEARER   abc ", Some("abc")),
            ("Basic abc", None),
            ("Bearer", None),
            ("Bearer ", None),
            ("abc", None),
        ] {
            assert_eq!(bearer(header), expect, "{header}");
        }
    }
}
