//! What the API describes and this version does not do yet: after sign-in, 501.

use actix_web::http::Method;

use crate::endpoint::Endpoint;

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const DELETE: Method = Method::DELETE;

const TO_COME: &[(&str, &[Method])] = &[
    // data models
    ("/api/datamodels/{id}/tables", &[GET, PUT]),
    ("/api/datamodels/{id}/tables/{tableName}/columns", &[GET]),
    ("/api/datamodels/{id}/procedures", &[GET]),
    ("/api/datamodels/{id}/procedures/{procedureName}/columns", &[GET]),
    ("/api/datamodels/{id}/queries", &[GET]),
    ("/api/datamodels/{id}/datamembers", &[GET]),
    ("/api/datamodels/{id}/customsqlquery", &[POST]),
    ("/api/datamodels/{id}/customsqlquery/{name}", &[GET, PUT, DELETE]),
    // documents
    ("/api/dashboards/{id}/data", &[POST]),
    // the site
    ("/api/nodes", &[GET]),
    ("/api/docs", &[GET]),
];

pub(super) fn endpoints() -> Vec<Endpoint> {
    TO_COME.iter().map(|(pattern, methods)| Endpoint::at(pattern).not_built(methods)).collect()
}
