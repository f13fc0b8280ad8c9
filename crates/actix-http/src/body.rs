//! Bodies of requests, read within bounds.

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use pressroom_application::App as Site;
use serde_json::Value;

use crate::Config;
use crate::lenient::{self, Fields};
use crate::problem::Problem;

/// From this size on a text is parsed, or made, where it may take its time: some milliseconds.
pub(crate) const LARGE_BYTES: usize = 256 << 10;

/// What a body may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound {
    /// JSON of ordinary size.
    Json,
    /// JSON that holds a layout. Escapes or base64 make it longer than the layout itself.
    Layout,
}

/// A request's body as a command needs it.
pub(crate) trait Dto: Sized {
    /// How large the body may be.
    const BOUND: Bound = Bound::Json;

    /// Whether no body is as good as an empty object.
    const MAY_BE_ABSENT: bool = false;

    /// A body as somebody would send it, with every property: JSON, for the API's description.
    const EXAMPLE: &'static str = "{}";

    /// What the properties mean that do not speak for themselves, by name, such as
    /// `exportOptions.exportFormat`; of objects in an array such as `documentParameters.name`.
    const MEANING: &'static [(&'static str, &'static str)] = &[];

    /// Reads the fields. What is wrong stays in them; none where something has to be there.
    ///
    /// Every field is asked for before the first `?`: so a caller hears at once all that is wrong, and
    /// the API's description, which is learnt from here, tells of all fields.
    fn read(fields: &mut Fields) -> Option<Self>;
}

/// A JSON object of a body, whatever its `Content-Type` says.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: Dto + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limit = limit(request, T::BOUND);
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let mut bytes = read(&request, payload, limit).await?;
            if T::MAY_BE_ABSENT && bytes.trim_ascii().is_empty() {
                bytes = b"{}".to_vec();
            }
            let value = if bytes.len() < LARGE_BYTES {
                lenient::parse(&bytes)
            } else {
                let parsed = web::block(move || lenient::parse(&bytes)).await;
                parsed.map_err(|_| Problem::unavailable("the server is being stopped"))?
            };
            let Value::Object(object) = value? else {
                return Err(Problem::bad_request("the body must be a JSON object"));
            };
            let mut fields = Fields::new(object);
            let dto = T::read(&mut fields);
            match (dto, fields.into_problems()) {
                (Some(dto), problems) if problems.is_empty() => Ok(Self(dto)),
                (_, problems) => Err(Problem::invalid(problems)),
            }
        })
    }
}

fn limit(request: &HttpRequest, bound: Bound) -> usize {
    match bound {
        Bound::Json => {
            request.app_data::<web::Data<Config>>().map_or(0, |config| config.json_bytes)
        }
        Bound::Layout => {
            let site = request.app_data::<web::Data<Site>>();
            let layout = site.map_or(0, |site| site.settings.layout_bytes);
            usize::try_from(layout).unwrap_or(usize::MAX).saturating_mul(2)
        }
    }
}

/// All of a body.
///
/// # Errors
/// 413 where it is larger than the limit, by its own word or in fact; 400 where it ends too early.
pub(crate) async fn read(
    request: &HttpRequest,
    mut payload: Payload,
    limit_bytes: usize,
) -> Result<Vec<u8>, Problem> {
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit_bytes) {
        return Err(Problem::too_large(limit_bytes));
    }
    let mut bytes = Vec::with_capacity(announced.unwrap_or(0).min(LARGE_BYTES));
    while let Some(piece) = payload.next().await {
        let piece = piece
            .map_err(|error| Problem::bad_request(format!("the body did not arrive: {error}")))?;
        if bytes.len() + piece.len() > limit_bytes {
            return Err(Problem::too_large(limit_bytes));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}
