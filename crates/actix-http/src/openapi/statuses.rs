//! What error statuses and headers mean, said once for all endpoints.

use serde_json::{Value, json};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ComponentsBuilder, ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Response};

use crate::problem::Body as Problem;

/// An error status.
struct Status {
    status: u16,
    /// Its name among the components.
    name: &'static str,
    about: &'static str,
    /// An example of what it says.
    detail: &'static str,
    header: Option<&'static str>,
}

const fn status(
    status: u16,
    name: &'static str,
    about: &'static str,
    detail: &'static str,
    header: Option<&'static str>,
) -> Status {
    Status { status, name, about, detail, header }
}

const ALL: [Status; 11] = [
    status(
        400,
        "BadRequest",
        "The request is wrong; `errors` tells it field by field where it can.",
        "name: must be given",
        None,
    ),
    status(
        401,
        "Unauthorized",
        "There is no token, or it is not good any more: sign in.",
        "sign in first: this needs a valid token",
        Some("WWW-Authenticate"),
    ),
    status(
        403,
        "Forbidden",
        "The caller may see it, but may not do this.",
        "you may not do this",
        None,
    ),
    status(
        404,
        "NotFound",
        "There is no such thing, or the caller may not see it.",
        "it does not exist, or you may not see it",
        None,
    ),
    status(
        409,
        "Conflict",
        "Somebody else was faster (`currentLock` is the lock as it is now), or it is still in use.",
        "it was changed by somebody else; look at it again",
        None,
    ),
    status(
        413,
        "TooLarge",
        "The body is larger than the site takes.",
        "the body is larger than 10 MiB, which is the most that is taken",
        None,
    ),
    status(
        415,
        "UnsupportedMediaType",
        "The content is of a kind that is not taken here.",
        "send a picture",
        None,
    ),
    status(
        422,
        "NotUnderstood",
        "The layout cannot be read; `line` and `column` tell where.",
        "the layout is not understood",
        None,
    ),
    status(
        429,
        "TooMany",
        "The caller asks too often.",
        "too many requests; wait a moment",
        Some("Retry-After"),
    ),
    status(
        501,
        "NotBuilt",
        "This version does not do that yet.",
        "this is not built yet; docs/roadmap.md tells what comes next",
        None,
    ),
    status(
        503,
        "Unavailable",
        "Something that is needed is away for now, or the answer took too long.",
        "the store is away; try again in a moment",
        Some("Retry-After"),
    ),
];

/// What a status means everywhere.
pub(super) fn reference(status: u16) -> RefOr<Response> {
    if status == 304 {
        let answer = ResponseBuilder::new().description("The client has it as it is now.");
        return answer.header_ref("ETag", header("ETag")).into();
    }
    match ALL.iter().find(|one| one.status == status) {
        Some(found) => Ref::from_response_name(found.name).into(),
        None => own(status, "").into(),
    }
}

/// A status that means something of its own at an endpoint.
pub(super) fn own(status: u16, about: &str) -> Response {
    match ALL.iter().find(|one| one.status == status) {
        Some(found) => found.response(about),
        None => ResponseBuilder::new().description(about).build(),
    }
}

/// A reference to a header.
pub(super) fn header(name: &str) -> Ref {
    Ref::new(format!("#/components/headers/{name}"))
}

/// All of it among the components.
pub(super) fn add(components: ComponentsBuilder) -> ComponentsBuilder {
    let components = components.schema_from::<Problem>();
    let components = ALL.iter().fold(components, |components, status| {
        components.response(status.name, status.response(status.about))
    });
    headers()
        .into_iter()
        .fold(components, |components, (name, header)| components.header(name, header))
}

impl Status {
    fn response(&self, about: &str) -> Response {
        let reference = Ref::from_schema_name("Problem");
        let content = ContentBuilder::new().schema(Some(reference)).example(Some(self.example()));
        let answer = ResponseBuilder::new()
            .description(about)
            .content("application/problem+json", content.build());
        match self.header {
            Some(name) => answer.header_ref(name, header(name)).build(),
            None => answer.build(),
        }
    }

    fn example(&self) -> Value {
        let code = actix_web::http::StatusCode::from_u16(self.status);
        let title = code.ok().and_then(|code| code.canonical_reason()).unwrap_or_default();
        let mut example = json!({
            "type": "about:blank",
            "title": title,
            "status": self.status,
            "detail": self.detail,
            "message": self.detail,
        });
        match self.status {
            400 => example["errors"] = json!({"name": ["must be given"]}),
            409 => example["currentLock"] = json!(3),
            422 => (example["line"], example["column"]) = (json!(7), json!(12)),
            _ => {}
        }
        example
    }
}

fn headers() -> [(&'static str, Header); 6] {
    let text = |about: &str, example: &str| {
        let schema = ObjectBuilder::new().schema_type(Type::String);
        HeaderBuilder::new()
            .schema(Some(schema))
            .description(Some(about))
            .example(Some(example.into()))
            .build()
    };
    let number = |about: &str, example: u64| {
        let schema = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0.0));
        HeaderBuilder::new()
            .schema(Some(schema))
            .description(Some(about))
            .example(Some(example.into()))
            .build()
    };
    [
        ("ETag", text("The lock. Sent back as `If-Match`, it says which state was seen.", "\"3\"")),
        ("Location", text("Where the new entity is.", "/api/categories/7")),
        ("X-Total-Count", number("How long the list is of which this is a part.", 42)),
        (
            "Content-Disposition",
            text("The name of the file.", "attachment; filename=\"Invoice.pdf\""),
        ),
        ("Retry-After", number("After how many seconds to ask again.", 5)),
        ("WWW-Authenticate", text("How to sign in.", "Bearer")),
    ]
}
