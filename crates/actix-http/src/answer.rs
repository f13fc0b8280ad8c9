//! Answers that went well.

use actix_web::body::MessageBody;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder};
use pressroom_application::listing::{Listed, Listing};
use pressroom_domain::OptimisticLock;
use serde::{Serialize, Serializer};

use crate::disposition::attachment;
use crate::list_request::ListRequest;
use crate::precondition::IfNoneMatch;
use crate::problem::Problem;

/// What a handler gives back.
pub(crate) type Answer = Result<HttpResponse, Problem>;

const X_TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");

/// An entity. Its lock is its `ETag` too.
pub(crate) fn entity(body: &impl Serialize, lock: OptimisticLock) -> Answer {
    Ok(HttpResponse::Ok().insert_header((header::ETAG, tag(lock))).json(body))
}

/// An entity that was looked up: nothing where the client has it in this state.
pub(crate) fn found<T: Serialize>(
    seen: &IfNoneMatch,
    lock: OptimisticLock,
    body: impl FnOnce() -> T,
) -> Answer {
    if seen.has(&lock.to_string()) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, tag(lock))).finish());
    }
    entity(&body(), lock)
}

/// An entity that was made, and where it is from now on.
pub(crate) fn created(location: String, body: &impl Serialize, lock: OptimisticLock) -> Answer {
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, location))
        .insert_header((header::ETAG, tag(lock)))
        .json(body))
}

/// A list that is short and always whole: a bare array.
pub(crate) fn list<T: Serialize>(items: impl IntoIterator<Item = T>) -> Answer {
    let items: Vec<T> = items.into_iter().collect();
    array(HttpResponse::Ok(), items.len() as u64, items)
}

/// A list, as `D`s, of which a request may want a part: nothing where the client has it as it is now.
pub(crate) async fn listed<D, T>(request: &ListRequest, list: Listing<'_, T>) -> Answer
where
    D: Serialize + for<'a> From<&'a T>,
    T: Listed,
{
    let tag = list.tag().map(str::to_owned);
    let mut answer = HttpResponse::Ok();
    if let Some(tag) = tag {
        // Weak: what is sent may be compressed in one way or another.
        let header = (header::ETAG, format!("W/\"{tag}\""));
        if request.seen.has(&tag) {
            return Ok(HttpResponse::NotModified().insert_header(header).finish());
        }
        answer.insert_header(header);
    }
    let list = list.read().await?;
    array(answer, list.total, list.iter().map(D::from))
}

/// A part of a list of this length.
pub(crate) fn part<T: Serialize>(total: u64, items: impl IntoIterator<Item = T>) -> Answer {
    array(HttpResponse::Ok(), total, items)
}

/// A bare array, and how long the list is of which it is a part.
fn array<T: Serialize>(
    mut answer: HttpResponseBuilder,
    total: u64,
    items: impl IntoIterator<Item = T>,
) -> Answer {
    // Straight to bytes: a list can be long, and its entities need not all be there as answers.
    let mut bytes = Vec::with_capacity(1 << 10);
    let written = serde_json::Serializer::new(&mut bytes).collect_seq(items);
    written.map_err(|_| Problem::unavailable("the list cannot be written"))?;
    answer.content_type("application/json").insert_header((X_TOTAL_COUNT, total));
    Ok(answer.body(bytes))
}

/// What an entity holds after a change: a bare array, with the lock that the entity has now.
pub(crate) fn part_of<T: Serialize>(
    items: impl IntoIterator<Item = T>,
    lock: OptimisticLock,
) -> Answer {
    let items: Vec<T> = items.into_iter().collect();
    Ok(HttpResponse::Ok().insert_header((header::ETAG, tag(lock))).json(items))
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
        .insert_header((header::CONTENT_SECURITY_POLICY, SANDBOX))
        .body(bytes))
}

/// What people put in a file is not ours: opened as a page, it may do nothing.
pub(crate) const SANDBOX: HeaderValue = HeaderValue::from_static("sandbox");

/// It is done, and there is nothing to say.
pub(crate) fn done() -> Answer {
    Ok(HttpResponse::NoContent().finish())
}

fn tag(lock: OptimisticLock) -> String {
    format!("\"{lock}\"")
}
