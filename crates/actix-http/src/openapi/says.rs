//! What an endpoint says of itself: what it does and what it answers.

use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Required, Response, Schema};

use super::statuses::{self, header};

/// What an endpoint says of itself.
pub(crate) struct Says {
    pub(super) summary: &'static str,
    pub(super) details: Option<&'static str>,
    pub(super) answers: Vec<(u16, Response)>,
    pub(super) errors: Vec<(u16, Option<&'static str>)>,
    pub(super) queried: Vec<(&'static str, &'static str, &'static str)>,
    pub(super) upload: Option<RequestBody>,
    pub(super) schemas: Vec<(String, RefOr<Schema>)>,
    pub(super) deprecated: bool,
}

impl Says {
    fn new(summary: &'static str, status: u16, answer: ResponseBuilder) -> Self {
        Self {
            summary,
            details: None,
            answers: vec![(status, answer.build())],
            errors: Vec::new(),
            queried: Vec::new(),
            upload: None,
            schemas: Vec::new(),
            deprecated: false,
        }
    }

    /// This version does not do it.
    pub(crate) fn to_come() -> Self {
        let answer = statuses::own(501, "This version does not do that yet.");
        let mut says = Self::new("To come", 501, ResponseBuilder::from(answer));
        says.details = Some("Not built yet: `docs/roadmap.md` tells what comes next.");
        says
    }

    fn with<T: ToSchema>(mut self) -> Self {
        self.schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(&mut self.schemas);
        self
    }

    /// More about it: Markdown.
    pub(crate) fn details(self, details: &'static str) -> Self {
        Self { details: Some(details), ..self }
    }

    /// Another error that it answers, and when; an empty text where the status says it all.
    pub(crate) fn or(mut self, status: u16, when: &'static str) -> Self {
        self.errors.push((status, Some(when).filter(|when| !when.is_empty())));
        self
    }

    /// Another error, which a browser gets as a page.
    pub(crate) fn or_page(mut self, status: u16, when: &str) -> Self {
        let mut answer = statuses::own(status, when);
        answer.content.insert("text/html".to_owned(), RefOr::T(bytes()));
        self.answers.push((status, answer));
        self
    }

    /// It looks at a text of the query, too: its name, what it means, an example.
    pub(crate) fn query(
        mut self,
        name: &'static str,
        about: &'static str,
        example: &'static str,
    ) -> Self {
        self.queried.push((name, about, example));
        self
    }

    /// An answer of another kind.
    pub(crate) fn or_value<T: ToSchema>(mut self, status: u16, about: &'static str) -> Self {
        let content = content::<T>();
        let answer = ResponseBuilder::new().description(about).content(JSON, content);
        self.answers.push((status, answer.build()));
        self.with::<T>()
    }

    /// The same with another status for what went well.
    pub(crate) fn status(mut self, status: u16) -> Self {
        if let Some((first, _)) = self.answers.first_mut() {
            *first = status;
        }
        self
    }

    /// What went well may be a file of one of these content types, too.
    pub(crate) fn or_file(mut self, content_types: &[&str]) -> Self {
        if let Some((_, first)) = self.answers.first_mut() {
            let kinds = content_types.iter();
            let files = kinds.map(|kind| ((*kind).to_owned(), RefOr::T(bytes())));
            first.content.extend(files);
        }
        self
    }

    /// What went well carries this header too.
    pub(crate) fn header(mut self, name: &str) -> Self {
        if let Some((_, first)) = self.answers.first_mut() {
            first.headers.insert(name.to_owned(), RefOr::Ref(header(name)));
        }
        self
    }

    /// It takes a form with these fields: each a name, what it means, and an example; one whose name
    /// ends in `?` may be absent.
    pub(crate) fn form(self, fields: &[(&str, &str, &str)]) -> Self {
        let mut schema = ObjectBuilder::new().schema_type(Type::Object);
        let mut example = serde_json::Map::new();
        for (name, about, value) in fields {
            let text = ObjectBuilder::new().schema_type(Type::String).description(Some(*about));
            let plain = name.trim_end_matches('?');
            schema = schema.property(plain, text);
            if plain == *name {
                schema = schema.required(plain);
            }
            example.insert(plain.to_owned(), Value::from(*value));
        }
        let content = ContentBuilder::new().schema(Some(schema));
        let body = RequestBodyBuilder::new().required(Some(Required::True)).content(
            "application/x-www-form-urlencoded",
            content.example(Some(Value::Object(example))).build(),
        );
        Self { upload: Some(body.build()), ..self }
    }

    /// It takes a file of one of these content types.
    pub(crate) fn upload(self, content_types: &[&str]) -> Self {
        let body = RequestBodyBuilder::new().required(Some(Required::True));
        let body = content_types
            .iter()
            .fold(body, |body, content_type| body.content(*content_type, bytes()));
        Self { upload: Some(body.build()), ..self }
    }

    /// It stands there for old clients; new ones take another.
    pub(crate) fn deprecated(self) -> Self {
        Self { deprecated: true, ..self }
    }
}

const JSON: &str = "application/json";

/// An entity, with its lock as `ETag`.
pub(crate) fn entity<T: ToSchema>(summary: &'static str) -> Says {
    let answer = ResponseBuilder::new()
        .description("The entity.")
        .header_ref("ETag", header("ETag"))
        .content(JSON, content::<T>());
    Says::new(summary, 200, answer).with::<T>()
}

/// An entity that was made, and where it is.
pub(crate) fn created<T: ToSchema>(summary: &'static str) -> Says {
    let answer = ResponseBuilder::new()
        .description("The entity as it was made.")
        .header_ref("ETag", header("ETag"))
        .header_ref("Location", header("Location"))
        .content(JSON, content::<T>());
    Says::new(summary, 201, answer).with::<T>()
}

/// A list: a bare array.
pub(crate) fn list<T: ToSchema>(summary: &'static str) -> Says {
    let schema = ArrayBuilder::new().items(reference::<T>());
    let example = example::<T>().map(|one| Value::Array(vec![one]));
    let answer = ResponseBuilder::new()
        .description("The list: a bare array.")
        .header_ref("X-Total-Count", header("X-Total-Count"))
        .content(JSON, ContentBuilder::new().schema(Some(schema)).example(example).build());
    Says::new(summary, 200, answer).with::<T>()
}

/// What an entity holds after a change: a bare array, with the entity's lock as `ETag`.
pub(crate) fn part_of<T: ToSchema>(summary: &'static str) -> Says {
    let mut says = list::<T>(summary).header("ETag");
    if let Some((_, first)) = says.answers.first_mut() {
        first.headers.remove("X-Total-Count");
    }
    says
}

/// Something that is neither an entity nor a list.
pub(crate) fn value<T: ToSchema>(summary: &'static str) -> Says {
    let answer = ResponseBuilder::new().description("The answer.").content(JSON, content::<T>());
    Says::new(summary, 200, answer).with::<T>()
}

/// Some JSON object.
pub(crate) fn object(summary: &'static str) -> Says {
    let schema = ObjectBuilder::new().schema_type(Type::Object);
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let answer = ResponseBuilder::new().description("The answer.").content(JSON, content);
    Says::new(summary, 200, answer)
}

/// A text of a content type.
pub(crate) fn text(summary: &'static str, content_type: &str) -> Says {
    let schema = ObjectBuilder::new().schema_type(Type::String);
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let answer = ResponseBuilder::new().description("The text.").content(content_type, content);
    Says::new(summary, 200, answer)
}

/// It is done, and there is nothing to say.
pub(crate) fn done(summary: &'static str) -> Says {
    Says::new(summary, 204, ResponseBuilder::new().description("Done."))
}

/// It is done; the answer is empty, with the status 200.
pub(crate) fn ok(summary: &'static str) -> Says {
    done(summary).status(200)
}

/// It was taken, and will be done.
pub(crate) fn accepted(summary: &'static str) -> Says {
    Says::new(summary, 202, ResponseBuilder::new().description("It will be done."))
}

/// A browser is sent on to another address.
pub(crate) fn elsewhere(summary: &'static str) -> Says {
    let answer = ResponseBuilder::new().description("The browser is sent on.");
    Says::new(summary, 302, answer.header_ref("Location", header("Location")))
}

/// A file of one of these content types.
pub(crate) fn file(summary: &'static str, content_types: &[&str]) -> Says {
    let answer = ResponseBuilder::new()
        .description("The file.")
        .header_ref("Content-Disposition", header("Content-Disposition"));
    let answer = content_types
        .iter()
        .fold(answer, |answer, content_type| answer.content(*content_type, bytes()));
    Says::new(summary, 200, answer)
}

/// A picture of one of these content types.
pub(crate) fn picture(summary: &'static str, content_types: &[&str]) -> Says {
    let answer = ResponseBuilder::new().description("It.").header_ref("ETag", header("ETag"));
    Says::new(summary, 200, answer).or_file(content_types)
}

fn content<T: ToSchema>() -> utoipa::openapi::Content {
    ContentBuilder::new().schema(Some(reference::<T>())).example(example::<T>()).build()
}

/// Bytes as they are: 3.1 says so by saying nothing about them.
fn bytes() -> utoipa::openapi::Content {
    utoipa::openapi::Content::default()
}

fn reference<T: ToSchema>() -> Ref {
    Ref::from_schema_name(T::name())
}

/// The example that a type gives of itself.
fn example<T: ToSchema>() -> Option<Value> {
    match T::schema() {
        RefOr::T(Schema::Object(object)) => object.example,
        _ => None,
    }
}
