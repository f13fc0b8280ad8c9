//! What stands at a path: its pattern, and a handler for each method.

use actix_web::dev::Handler;
use actix_web::guard;
use actix_web::http::Method;
use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::{FromRequest, HttpRequest, HttpResponse, Resource, Responder, web};

use crate::answer::Answer;
use crate::openapi::{Input, Inputs, Operation, Says};
use crate::problem::Problem;
use crate::{auth, deadline};

/// What stands at a path. A caller needs a token, but for what is [`open`](Self::open).
pub(crate) struct Endpoint {
    pattern: &'static str,
    resource: Resource,
    operations: Vec<Operation>,
    open: bool,
}

impl Endpoint {
    /// The endpoint of a pattern such as `/api/categories/{id}`, without any method yet.
    pub(crate) fn at(pattern: &'static str) -> Self {
        Self { pattern, resource: web::resource(pattern), operations: Vec::new(), open: false }
    }

    /// The pattern.
    pub(crate) fn pattern(&self) -> &'static str {
        self.pattern
    }

    /// The methods that it takes, but for `OPTIONS`.
    pub(crate) fn methods(&self) -> impl Iterator<Item = &Method> {
        self.operations.iter().map(|operation| &operation.method)
    }

    /// What it does, by method.
    pub(crate) fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Whether everyone is let in.
    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    /// Lets everyone in.
    pub(crate) fn open(self) -> Self {
        Self { open: true, ..self }
    }

    /// Looks something up; `HEAD` too.
    pub(crate) fn get<F, Args>(mut self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + Input + 'static,
        F::Output: Responder + 'static,
    {
        let either = guard::Any(guard::Get()).or(guard::Head());
        self.resource = self.resource.route(web::route().guard(either).to(handler));
        self.adds::<Args>(Method::GET);
        self.adds::<()>(Method::HEAD);
        self
    }

    /// Handles another method.
    pub(crate) fn on<F, Args>(mut self, method: Method, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + Input + 'static,
        F::Output: Responder + 'static,
    {
        self.resource = self.resource.route(web::method(method.clone()).to(handler));
        self.adds::<Args>(method);
        self
    }

    /// What the handler before it does and answers, for the API's description.
    pub(crate) fn says(mut self, says: Says) -> Self {
        let last = self.operations.iter_mut().rfind(|operation| operation.method != Method::HEAD);
        if let Some(operation) = last {
            operation.says = Some(says);
        }
        self
    }

    fn adds<Args: Input>(&mut self, method: Method) {
        self.operations.push(Operation { method, inputs: Inputs::of::<Args>(), says: None });
    }

    /// Says of some methods that they are to come.
    pub(crate) fn not_built(self, methods: &[Method]) -> Self {
        methods.iter().fold(self, |endpoint, method| {
            let endpoint = if method == Method::GET {
                endpoint.get(not_built)
            } else {
                endpoint.on(method.clone(), not_built)
            };
            endpoint.says(Says::to_come())
        })
    }

    /// Puts it into an app.
    pub(crate) fn register(self, app: &mut web::ServiceConfig) {
        let allow: Vec<&str> = self.methods().map(Method::as_str).collect();
        let allow = allow.join(", ");
        let other = move |request: HttpRequest| std::future::ready(other_method(&request, &allow));
        let resource = self.resource.default_service(web::to(other));
        if self.open {
            app.service(resource.wrap(from_fn(deadline::keep)));
        } else {
            let resource = resource.wrap(from_fn(auth::authenticate));
            app.service(resource.wrap(from_fn(deadline::keep)));
        }
    }
}

fn other_method(request: &HttpRequest, allow: &str) -> Answer {
    if request.method() == Method::OPTIONS {
        return Ok(HttpResponse::NoContent().insert_header((header::ALLOW, allow)).finish());
    }
    Err(Problem::method_not_allowed(request.method().as_str(), allow))
}

async fn not_built(request: HttpRequest) -> Answer {
    let (method, path) = (request.method(), request.path());
    Err(Problem::not_built(format!(
        "{method} {path} is not built yet; docs/roadmap.md tells what comes next"
    )))
}
