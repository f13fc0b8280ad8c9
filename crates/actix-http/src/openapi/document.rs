//! The whole description.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::Method;
use utoipa::openapi::path::{
    HttpMethod, Operation as Told, OperationBuilder, ParameterIn, PathsBuilder,
};
use utoipa::openapi::schema::{ComponentsBuilder, Type};
use utoipa::openapi::security::{
    Flow, HttpAuthScheme, HttpBuilder, OAuth2, Password, Scopes, SecurityRequirement,
    SecurityScheme,
};
use utoipa::openapi::server::ServerBuilder;
use utoipa::openapi::{
    Deprecated, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem, RefOr, Required,
    Response, ResponsesBuilder, Schema,
};

use super::{Body, Inputs, Operation, places, statuses};
use crate::endpoint::Endpoint;

/// The names of the ways to sign in.
const PASSWORD: &str = "password";
const TOKEN: &str = "token";
const LICENCE: &str = "MIT OR Apache-2.0";

const ABOUT: &str = "\
Reports and dashboards: made, kept, run and sent.

**Signing in.** `POST /oauth/token` answers a token for a user name and a password; it goes into the \
header `Authorization: Bearer …` of all that follows.

**Names.** Answers are in camelCase; in what is sent, properties count in any letter case, unknown \
ones are not looked at, and an absent one and `null` are the same. Names of an enumeration count in \
any letter case too, or as their place in the list, from 0. A whole number may come as a text.

**Addresses** end with a slash or without; what does not stand for a name or a number counts in any \
letter case. What `GET` answers, `HEAD` answers without the body.

**Changes.** An entity carries an `optimisticLock`, which grows with each write. An update sends the \
one it saw, in the body or as `If-Match`; where somebody else was faster, the answer is 409 and \
nothing is changed.

**Errors** are `application/problem+json` (RFC 9457); `message` repeats `detail`. What a caller may \
not see is answered like what is not there: 404.
";

/// The description of some endpoints.
pub(crate) fn document(endpoints: &[Endpoint]) -> OpenApi {
    let mut schemas = BTreeMap::<String, RefOr<Schema>>::new();
    let mut paths = PathsBuilder::new();
    for endpoint in endpoints {
        for operation in endpoint.operations() {
            let Some(method) = method(&operation.method) else { continue };
            if let Some(body) = &operation.inputs.body {
                schemas.insert(body.name.to_owned(), body.schema().into());
            }
            if let Some(says) = &operation.says {
                schemas.extend(says.schemas.iter().cloned());
            }
            let told = tell(endpoint, operation);
            paths = paths.path(endpoint.pattern(), PathItem::new(method, told));
        }
    }
    let components = statuses::add(ComponentsBuilder::new())
        .schemas_from_iter(schemas)
        .security_scheme(PASSWORD, password())
        .security_scheme(TOKEN, token());
    let licence = LicenseBuilder::new().name(LICENCE).identifier(Some(LICENCE));
    let info = InfoBuilder::new()
        .title("Pressroom")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(licence.build()));
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([ServerBuilder::new().url("/").build()]))
        .tags(Some(places::tags()))
        .paths(paths)
        .components(Some(components.build()))
        .security(Some(signed_in()))
        .build()
}

/// How an operation is told. `HEAD` is not: it answers what `GET` does.
fn method(method: &Method) -> Option<HttpMethod> {
    Some(match *method {
        Method::GET => HttpMethod::Get,
        Method::POST => HttpMethod::Post,
        Method::PUT => HttpMethod::Put,
        Method::DELETE => HttpMethod::Delete,
        Method::PATCH => HttpMethod::Patch,
        _ => return None,
    })
}

fn tell(endpoint: &Endpoint, operation: &Operation) -> Told {
    let pattern = endpoint.pattern();
    let captured: Vec<&str> = places::names(pattern).collect();
    let id_in_body = operation.inputs.body.as_ref().is_some_and(|body| body.has("id"));
    let given = operation.inputs.parameters.iter().filter(|one| !captured.contains(&&*one.name));
    let mut asked = Inputs::default();
    for (name, about, example) in operation.says.iter().flat_map(|says| &says.queried) {
        asked.takes(name, ParameterIn::Query, Type::String, about, *example);
    }
    let given = given.cloned().chain(asked.parameters).map(|mut parameter| {
        if parameter.name == "id" && id_in_body {
            parameter.required = Required::False;
        }
        parameter
    });
    let told = OperationBuilder::new()
        .operation_id(Some(places::operation_id(operation.method.as_str(), pattern)))
        .tag(places::area(pattern))
        .parameters(Some(places::captured(pattern).chain(given)))
        .responses(responses(endpoint, operation))
        .request_body(operation.inputs.body.as_ref().map(Body::request_body));
    let told = if endpoint.is_open() { told.securities(Some([])) } else { told };
    let Some(says) = &operation.says else { return told.build() };
    let told = told
        .summary(Some(says.summary))
        .description(says.details)
        .deprecated(says.deprecated.then_some(Deprecated::True));
    match &says.upload {
        Some(upload) => told.request_body(Some(upload.clone())).build(),
        None => told.build(),
    }
}

fn responses(endpoint: &Endpoint, operation: &Operation) -> ResponsesBuilder {
    let mut answers = BTreeMap::<u16, RefOr<Response>>::new();
    for status in statuses(endpoint, operation) {
        answers.insert(status, statuses::reference(status));
    }
    if let Some(says) = &operation.says {
        for (status, about) in &says.errors {
            let answer = match about {
                None => statuses::reference(*status),
                Some(about) => statuses::own(*status, about).into(),
            };
            answers.insert(*status, answer);
        }
        let good = says.answers.iter().map(|(status, answer)| (*status, answer.clone().into()));
        answers.extend(good);
    }
    let answers = answers.into_iter().map(|(status, answer)| (status.to_string(), answer));
    answers.fold(ResponsesBuilder::new(), |all, (status, answer)| all.response(status, answer))
}

/// The statuses that follow from what an operation takes and who is let in.
fn statuses(endpoint: &Endpoint, operation: &Operation) -> BTreeSet<u16> {
    let mut all = operation.inputs.statuses.clone();
    all.insert(503);
    if places::names(endpoint.pattern()).next().is_some() {
        all.insert(404);
    }
    if !endpoint.is_open() {
        all.extend([401, 403, 429]);
        if operation.method != Method::GET {
            all.insert(409);
        }
    }
    all
}

fn signed_in() -> [SecurityRequirement; 2] {
    [PASSWORD, TOKEN].map(|scheme| SecurityRequirement::new(scheme, [""; 0]))
}

fn password() -> SecurityScheme {
    let flow = Flow::Password(Password::new("/oauth/token", Scopes::new()));
    SecurityScheme::OAuth2(OAuth2::with_description(
        [flow],
        "User name and password. The client's own name and secret are not asked for.",
    ))
}

fn token() -> SecurityScheme {
    let about = "A token that was fetched before.";
    SecurityScheme::Http(
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(about)).build(),
    )
}
