//! The handlers: they translate, nothing more.

mod accounts;
mod api_keys;
mod audit;
mod categories;
mod custom_queries;
mod data_model_tables;
mod data_models;
mod docs;
mod documents;
mod exports;
mod external;
mod health;
mod jobs;
mod metrics;
mod nodes;
mod not_built;
mod openapi;
mod tokens;
mod user_groups;
mod users;

use actix_web::HttpRequest;

use crate::answer::Answer;
use crate::endpoint::Endpoint;
use crate::problem::Problem;

/// Everything that is served. Of two patterns that fit a path the first counts.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    [
        tokens::endpoints(),
        external::endpoints(),
        api_keys::endpoints(),
        health::endpoints(),
        metrics::endpoints(),
        accounts::endpoints(),
        audit::endpoints(),
        nodes::endpoints(),
        openapi::endpoints(),
        docs::endpoints(),
        categories::endpoints(),
        data_models::endpoints(),
        data_model_tables::endpoints(),
        custom_queries::endpoints(),
        exports::endpoints(),
        documents::endpoints(),
        users::endpoints(),
        user_groups::endpoints(),
        jobs::endpoints(),
        not_built::endpoints(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What is served until there is a site: whether the server lives.
pub(crate) fn while_waiting() -> Vec<Endpoint> {
    vec![health::living()]
}

/// Answers at a path where nothing stands.
pub(crate) async fn nowhere(request: HttpRequest) -> Answer {
    Err(Problem::not_found(format!("there is nothing at {}", request.path())))
}
