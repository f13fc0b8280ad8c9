//! What the API describes and this version does not do yet: after sign-in, 501.

use actix_web::http::Method;

use crate::endpoint::Endpoint;

const POST: Method = Method::POST;

const TO_COME: &[(&str, &[Method])] = &[
    // documents
    ("/api/dashboards/{id}/data", &[POST]),
];

pub(super) fn endpoints() -> Vec<Endpoint> {
    TO_COME.iter().map(|(pattern, methods)| Endpoint::at(pattern).not_built(methods)).collect()
}
