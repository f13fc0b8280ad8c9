//! `/`: all documents by category; the form to sign in where nobody is.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use pressroom_application::{documents, shown};
use pressroom_domain::{Document, DocumentType};

use super::{queried, sign_in};
use crate::answer::{self, Answer, Frame};
use crate::portal::Portal;
use crate::reader::Reader;

#[derive(Template)]
#[template(path = "documents.html")]
struct Documents {
    page: Frame,
    search: String,
    /// How many documents were found, in words.
    found: String,
    shelves: Vec<Shelf>,
}

struct Shelf {
    id: String,
    name: String,
    cards: Vec<Card>,
}

struct Card {
    path: String,
    name: String,
    description: String,
    dashboard: bool,
}

impl From<&Document> for Card {
    fn from(document: &Document) -> Self {
        Self {
            path: format!("/documents/{}", document.id),
            name: document.name.to_string(),
            description: document.description.as_str().trim().to_owned(),
            dashboard: document.document_type == DocumentType::Dashboard,
        }
    }
}

/// `GET /`
pub(super) async fn home(portal: web::Data<Portal>, request: HttpRequest) -> Answer {
    let Some(reader) = Reader::find(&portal, &request).await? else {
        let next = queried(&request, "next");
        return sign_in::form(&portal, StatusCode::OK, next.as_deref(), "", None).await;
    };
    let search = queried(&request, "q").unwrap_or_default().trim().to_owned();
    let shelves = documents::shelves(&portal.app, &reader.caller, &search).await?;
    let found = shelves.iter().map(|shelf| shelf.documents.len()).sum();
    let found = match found {
        1 => "1 document".to_owned(),
        more => format!("{} documents", shown::count(&portal.app, more)),
    };
    let shelf = |(index, shelf): (usize, &documents::Shelf)| Shelf {
        id: format!("shelf-{index}"),
        name: shelf.category.as_ref().map_or("Other documents".into(), |it| it.name.to_string()),
        cards: shelf.documents.iter().map(Card::from).collect(),
    };
    let shelves = shelves.iter().enumerate().map(shelf).collect();
    let page = Frame::of("Documents", &portal, &reader);
    Ok(answer::page(StatusCode::OK, &Documents { page, search, found, shelves }))
}
