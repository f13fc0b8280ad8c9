//! The API's description: OpenAPI 3.1, made from the endpoints themselves.
//!
//! Little of it is written down, so that little can be wrong:
//!
//! | part | where it comes from |
//! |---|---|
//! | paths, methods, who is let in | [`Endpoint`](crate::endpoint::Endpoint), which serves them |
//! | parameters, headers, bodies, the errors that go with them | the types of a handler's arguments ([`Input`]) |
//! | the properties of a body | [`Dto::read`](crate::body::Dto::read), asked what it would read ([`Shape`](crate::lenient::Shape)) |
//! | the properties of an answer | `#[derive(ToSchema)]` beside `#[derive(Serialize)]` |
//! | what it does, what it answers | a line where the endpoint is put together |
//!
//! # A new endpoint
//! Say what a handler does and what it answers, behind the handler:
//!
//! ```ignore
//! Endpoint::at("/api/shelves")
//!     .get(list).says(openapi::list::<Shelf>("List the shelves"))
//!     .on(Method::POST, create).says(openapi::created::<Shelf>("Put up a shelf").or(422, "it is crooked"))
//! ```
//!
//! [`list`], [`entity`], [`created`], [`value`], [`done`], [`accepted`] and [`file`] are named as what answers in
//! [`answer`](crate::answer). The answer's type derives `utoipa::ToSchema`, with doc comments and
//! `#[schema(example = json!({…}))]`. The body's `Dto` gets an `EXAMPLE`, and a `MEANING` for what
//! does not speak for itself. An argument of a new type implements [`Input`]; the compiler asks for it.
//!
//! What an error status means is said once, in `statuses`; `or` adds one that does not follow from
//! the arguments. `UPDATE_DOCS=1 cargo test -p pressroom-actix-http --test api openapi` writes the
//! description to `openapi.json` beside this crate's `Cargo.toml`, where changes of it can be seen.
//! The tests look at every answer that they get: one that is not as described here fails.

mod document;
mod input;
mod places;
mod request;
mod says;
mod statuses;

pub(crate) use document::document;
pub(crate) use input::{Body, Input, Inputs};
pub(crate) use says::{
    Says, accepted, created, done, elsewhere, entity, file, list, object, ok, part_of, picture,
    text, value,
};

use actix_web::http::Method;

/// An operation of an endpoint, as the description tells it.
pub(crate) struct Operation {
    pub(crate) method: Method,
    /// What its handler takes.
    pub(crate) inputs: Inputs,
    /// What it says of itself.
    pub(crate) says: Option<Says>,
}
