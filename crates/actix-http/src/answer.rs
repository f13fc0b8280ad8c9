//! Answers that went well.

use actix_web::HttpResponse;
use actix_web::body::MessageBody;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use pressroom_domain::OptimisticLock;
use serde::Serialize;

use crate::disposition::attachment;
use crate::problem::Problem;

/// What a handler gives back.
pub(crate) type Answer = Result<HttpResponse, Problem>;

const X_TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");

/// An entity. Its lock is its `ETag` too.
pub(crate) fn entity(body: &impl Serialize, lock: OptimisticLock) -> Answer {
    Ok(HttpResponse::Ok().insert_header((header::ETAG, tag(lock))).json(body))
}

/// An entity that was made, and where it is from now on.
pub(crate) fn created(location: String, body: &impl Serialize, lock: OptimisticLock) -> Answer {
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, location))
        .insert_header((header::ETAG, tag(lock)))
        .json(body))
}

/// A list: a bare array.
pub(crate) fn list<T: Serialize>(items: impl IntoIterator<Item = T>) -> Answer {
    let items: Vec<T> = items.into_iter().collect();
    Ok(HttpResponse::Ok().insert_header((X_TOTAL_COUNT, items.len())).json(items))
}

/// Something that is neither an entity nor a list.
pub(crate) fn value(body: &impl Serialize) -> Answer {
    Ok(HttpResponse::Ok().json(body))
}

/// A file to be kept. What people put in it is not ours: opened as a page, it may do nothing.
pub(crate) fn file(
    file_name: &str,
    content_type: &str,
    bytes: impl MessageBody + 'static,
) -> Answer {
    Ok(HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((header::CONTENT_DISPOSITION, attachment(file_name)))
        .insert_header((header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox")))
        .body(bytes))
}

/// It is done, and there is nothing to say.
pub(crate) fn done() -> Answer {
    Ok(HttpResponse::NoContent().finish())
}

fn tag(lock: OptimisticLock) -> String {
    format!("\"{lock}\"")
}
