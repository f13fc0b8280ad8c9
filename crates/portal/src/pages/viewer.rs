//! `/documents/{id}/pdf?export=`: the document that came of an export; until it is there, how far it
//! is. It stands in a frame, and asks again by itself.

use std::time::Duration;

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, Charset, ContentDisposition, DispositionParam, DispositionType,
    ExtendedValue, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::rt::time::sleep;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use futures_util::StreamExt;
use pressroom_application::{Error, exports};
use pressroom_domain::{Export, ExportId, ExportState};

use super::{id, queried};
use crate::answer::{self, Answer, FILE_IN_FRAME, Frame};
use crate::failure::sentence;
use crate::portal::Portal;
use crate::reader::Reader;

/// How long an answer waits for a document that is nearly there.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How far it is.
#[derive(Template)]
#[template(path = "progress.html")]
struct Progress {
    page: Frame,
    percent: u8,
    words: String,
}

/// That there is no document.
#[derive(Template)]
#[template(path = "no_document.html")]
struct NoDocument {
    page: Frame,
    title: &'static str,
    words: String,
    /// Where to go, on the page that the frame is part of.
    back: String,
    back_words: &'static str,
}

/// `GET /documents/{id}/pdf?export=`; with `&download=1` it is a file to be kept.
pub(super) async fn view(portal: web::Data<Portal>, request: HttpRequest) -> Answer {
    let document = id(&request)?;
    let back = format!("/documents/{document}");
    let Some(reader) = Reader::find(&portal, &request).await? else {
        let (title, words) = ("Your session has ended", "Sign in again to go on.");
        return Ok(none(StatusCode::UNAUTHORIZED, title, words, back, "Sign in"));
    };
    let again = "Show it again";
    let gone = |back| {
        let words = "Documents are kept for a while only. It can be made again at any time.";
        none(StatusCode::NOT_FOUND, "This is no longer kept", words, back, again)
    };
    let Some(key) = queried(&request, "export").and_then(|key| key.parse::<ExportId>().ok()) else {
        return Ok(gone(back));
    };
    let export = match wait(&portal, &reader, key).await {
        Ok(export) if export.request.document_id.0 == document => export,
        Ok(_) | Err(Error::NotFound { .. }) => return Ok(gone(back)),
        Err(other) => return Err(other.into()),
    };
    match export.state {
        ExportState::Queued | ExportState::Running(_) => {
            let told = export.progress.message.trim();
            let words = if told.is_empty() { "It starts in a moment." } else { told };
            let page = Frame::bare("Preparing");
            let percent = export.progress.percent.get();
            let words = sentence(words);
            Ok(answer::framed(StatusCode::OK, &Progress { page, percent, words }))
        }
        ExportState::Fault(fault) => {
            let words = sentence(&fault.message);
            let title = "This did not work";
            Ok(none(StatusCode::OK, title, words, back, "Change the values"))
        }
        ExportState::Cancelled => Ok(gone(back)),
        ExportState::Complete(_) => match file(&portal, &reader, &request, key).await {
            Err(Error::NotFound { .. } | Error::Gone(_)) => Ok(gone(back)),
            other => Ok(other?),
        },
    }
}

/// An export as it is when something came of it, or when patience is over.
async fn wait(portal: &Portal, reader: &Reader, key: ExportId) -> Result<Export, Error> {
    let mut waited = Duration::ZERO;
    loop {
        let export = exports::status(&portal.app, &reader.caller, key).await?;
        if export.state.is_final() || waited >= PATIENCE {
            return Ok(export);
        }
        sleep(LOOK_EVERY).await;
        waited += LOOK_EVERY;
    }
}

fn none(
    status: StatusCode,
    title: &'static str,
    words: impl Into<String>,
    back: String,
    back_words: &'static str,
) -> HttpResponse {
    let page = Frame::bare(title);
    answer::framed(status, &NoDocument { page, title, words: words.into(), back, back_words })
}

async fn file(
    portal: &Portal,
    reader: &Reader,
    request: &HttpRequest,
    key: ExportId,
) -> Result<HttpResponse, Error> {
    let file = exports::result(&portal.app, &reader.caller, key).await?;
    let bytes = file.bytes.stream.map(move |piece| match piece {
        Ok(piece) => Ok(web::Bytes::from(piece)),
        // The browser hears nothing more: the connection is closed before the announced end.
        Err(error) => {
            tracing::warn!(export = %key, %error, "a file broke off");
            Err(error)
        }
    });
    let bytes = SizedStream::new(file.bytes.size_bytes, bytes);
    let kept = queried(request, "download").is_some();
    let disposition = if kept { DispositionType::Attachment } else { DispositionType::Inline };
    Ok(HttpResponse::Ok()
        .content_type(file.content_type)
        .insert_header(named(disposition, &file.file_name))
        .insert_header((CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_IN_FRAME)))
        .insert_header((X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
        .body(bytes))
}

/// A file's name: in ASCII for those who know no better, and where it has other letters in UTF-8.
fn named(disposition: DispositionType, name: &str) -> ContentDisposition {
    let unsafe_in_files = |c: char| c.is_control() || "\"\\/:*?<>|".contains(c);
    let safe: String = name.chars().map(|c| if unsafe_in_files(c) { '_' } else { c }).collect();
    let ascii: String = safe.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
    let mut parameters = vec![DispositionParam::Filename(ascii.clone())];
    if ascii != safe {
        parameters.push(DispositionParam::FilenameExt(ExtendedValue {
            charset: Charset::Ext("UTF-8".to_owned()),
            language_tag: None,
            value: safe.into_bytes(),
        }));
    }
    ContentDisposition { disposition, parameters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_names_that_every_system_takes() {
        let check = |name: &str, expect: &str| {
            assert_eq!(named(DispositionType::Inline, name).to_string(), expect);
        };
        check("Invoice.pdf", r#"inline; filename="Invoice.pdf""#);
        check("a\"b/c\r\n.pdf", r#"inline; filename="a_b_c__.pdf""#);
        check("Größe.pdf", r#"inline; filename="Gr__e.pdf"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf"#);
    }
}
