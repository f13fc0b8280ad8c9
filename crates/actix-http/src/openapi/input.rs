//! What a handler takes, told by the types of its arguments.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, web};
use serde_json::Value;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Type};
use utoipa::openapi::{Required, SchemaFormat};

use crate::auth::SignedIn;
use crate::body::{Dto, Json};
use crate::lenient::{Fields, Shape};
use crate::list_request::ListRequest;
use crate::precondition::{IfMatch, IfNoneMatch};
use crate::target::{ExportKey, Id, ProcedureName, QueryName, RevisionNumber, TableName, Target};

/// An argument of a handler.
pub(crate) trait Input {
    /// Adds what it takes from a request. What a pattern captures is told by the pattern.
    fn describe(_: &mut Inputs) {}
}

/// What a handler takes.
#[derive(Default)]
pub(crate) struct Inputs {
    /// In the query and the headers.
    pub(crate) parameters: Vec<Parameter>,
    /// The JSON of a body.
    pub(crate) body: Option<Body>,
    /// Errors that go with what is taken.
    pub(crate) statuses: BTreeSet<u16>,
}

/// A body.
pub(crate) struct Body {
    /// The name of its type.
    pub(crate) name: &'static str,
    /// Whether there has to be one.
    pub(crate) required: bool,
    pub(crate) shape: Shape,
    pub(crate) example: Value,
    pub(crate) meaning: &'static [(&'static str, &'static str)],
}

impl Inputs {
    /// What the arguments of a handler take.
    pub(crate) fn of<Args: Input>() -> Self {
        let mut inputs = Self::default();
        Args::describe(&mut inputs);
        inputs
    }
}

impl Inputs {
    /// Adds something that may be given.
    pub(crate) fn takes(
        &mut self,
        name: &str,
        place: ParameterIn,
        kind: Type,
        about: &str,
        example: impl Into<Value>,
    ) {
        let schema = ObjectBuilder::new();
        let schema = match kind {
            Type::Integer => schema.minimum(Some(0)),
            _ => schema,
        };
        self.parameters.push(
            ParameterBuilder::new()
                .name(name)
                .parameter_in(place)
                .required(Required::False)
                .description(Some(about))
                .schema(Some(schema.schema_type(kind)))
                .example(Some(example.into()))
                .build(),
        );
    }
}

impl Body {
    fn of<T: Dto>() -> Self {
        let path = std::any::type_name::<T>();
        Self {
            name: path.rsplit("::").next().unwrap_or(path),
            required: !T::MAY_BE_ABSENT,
            shape: Fields::shape(T::read),
            example: serde_json::from_str(T::EXAMPLE).unwrap_or_default(),
            meaning: T::MEANING,
        }
    }
}

impl<T: Dto> Input for Json<T> {
    fn describe(inputs: &mut Inputs) {
        inputs.body = Some(Body::of::<T>());
        inputs.statuses.extend([400, 413]);
    }
}

impl Input for Target {
    fn describe(inputs: &mut Inputs) {
        let number = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)));
        inputs.parameters.push(
            ParameterBuilder::new()
                .name("id")
                .parameter_in(ParameterIn::Query)
                .required(Required::True)
                .description(Some("Which one."))
                .schema(Some(number))
                .build(),
        );
        inputs.statuses.extend([400, 404]);
    }
}

impl Input for IfMatch {
    fn describe(inputs: &mut Inputs) {
        let about = "The `ETag` of an earlier answer: the lock, for those who prefer it here to \
                     `optimisticLock` in the body.";
        let tag = ObjectBuilder::new().schema_type(Type::String);
        inputs.parameters.push(
            ParameterBuilder::new()
                .name("If-Match")
                .parameter_in(ParameterIn::Header)
                .required(Required::False)
                .description(Some(about))
                .schema(Some(tag.pattern(Some(r#"^(W/)?"\d{1,18}"$"#))))
                .example(Some("\"3\"".into()))
                .build(),
        );
        inputs.statuses.extend([400, 409]);
    }
}

impl Input for IfNoneMatch {
    fn describe(inputs: &mut Inputs) {
        let about = "The `ETag` of an earlier answer: where nothing changed since, the answer is 304, \
                     without a body.";
        inputs.takes("If-None-Match", ParameterIn::Header, Type::String, about, "\"3\"");
        inputs.statuses.insert(304);
    }
}

impl Input for ListRequest {
    fn describe(inputs: &mut Inputs) {
        let query = ParameterIn::Query;
        let filter = "Which of it: a criterion over the properties of the answer.";
        let sort = "In which order: names of properties, `-` before one that runs down.";
        inputs.takes("skip", query.clone(), Type::Integer, "How many of it to leave out.", 0);
        inputs.takes("take", query.clone(), Type::Integer, "How many of it at most.", 50);
        inputs.takes("filter", query.clone(), Type::String, filter, "[name] = 'Finance'");
        inputs.takes("sort", query, Type::String, sort, "name,-id");
        IfNoneMatch::describe(inputs);
        inputs.statuses.insert(400);
    }
}

macro_rules! nothing_to_tell {
    ($($name:ty),+ $(,)?) => {$(
        impl Input for $name {}
    )+};
}

nothing_to_tell!(
    ExportKey,
    HttpRequest,
    Id,
    ProcedureName,
    QueryName,
    RevisionNumber,
    SignedIn,
    TableName,
    web::Payload
);

impl<T: ?Sized> Input for web::Data<T> {}

macro_rules! arguments {
    ($($name:ident)*) => {
        impl<$($name: Input),*> Input for ($($name,)*) {
            #[allow(unused_variables, reason = "a handler without arguments takes nothing")]
            fn describe(inputs: &mut Inputs) {
                $($name::describe(inputs);)*
            }
        }
    };
}

arguments!();
arguments!(A);
arguments!(A B);
arguments!(A B C);
arguments!(A B C D);
arguments!(A B C D E);
arguments!(A B C D E F);
arguments!(A B C D E F G);
arguments!(A B C D E F G H);
