//! Looking at all documents as readers do: by category.

use std::collections::HashMap;

use pressroom_data::compare_text;
use pressroom_domain::{Category, CategoryId, Document};

use super::list;
use crate::listing::ListQuery;
use crate::{App, Caller, Error, categories};

/// A category and the documents in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// The category; none for documents whose category the caller may not read.
    pub category: Option<Category>,
    /// The documents, by name.
    pub documents: Vec<Document>,
}

/// The documents that the caller may read, by category: categories by name, and last what stands in
/// a category that they may not read. With words to look for, documents that have all of them in
/// their name, their description or the name of their category; letter case does not count.
/// Categories without a document are left out.
///
/// # Errors
/// [`Error::Unavailable`].
pub async fn shelves(app: &App, caller: &Caller, search: &str) -> Result<Vec<Shelf>, Error> {
    let all = ListQuery::default();
    let categories = categories::list(app, caller, &all).await?.read().await?;
    let documents = list(app, caller, &all).await?.read().await?;

    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    let mut by_category = HashMap::<CategoryId, Vec<Document>>::new();
    for document in documents.iter() {
        by_category.entry(document.category_id).or_default().push(document.clone());
    }
    let mut shelves: Vec<Shelf> = categories
        .iter()
        .filter_map(|category| {
            let documents = by_category.remove(&category.id)?;
            Some(Shelf { category: Some(category.clone()), documents })
        })
        .collect();
    shelves.sort_by(|one, other| compare_text(name(one), name(other)));
    let mut rest: Vec<Document> = by_category.into_values().flatten().collect();
    rest.sort_by_key(|document| document.id);
    shelves.push(Shelf { category: None, documents: rest });
    for shelf in &mut shelves {
        let category = name(shelf).to_lowercase();
        shelf.documents.retain(|document| has_all(&words, &category, document));
        let by_name =
            |one: &Document, other: &Document| compare_text(one.name.as_str(), other.name.as_str());
        shelf.documents.sort_by(by_name);
    }
    shelves.retain(|shelf| !shelf.documents.is_empty());
    Ok(shelves)
}

fn name(shelf: &Shelf) -> &str {
    shelf.category.as_ref().map_or("", |category| category.name.as_str())
}

fn has_all(words: &[String], category: &str, document: &Document) -> bool {
    if words.is_empty() {
        return true;
    }
    let name = document.name.as_str().to_lowercase();
    let description = document.description.as_str().to_lowercase();
    let texts = [category, &name, &description];
    words.iter().all(|word| texts.iter().any(|text| text.contains(word.as_str())))
}

#[cfg(test)]
mod tests {
    use pressroom_domain::{Access, Scope};

    use super::*;
    use crate::test_site::{HELLO, Site};

    fn lines(shelves: &[Shelf]) -> Vec<String> {
        let line = |shelf: &Shelf| {
            let names: Vec<&str> = shelf.documents.iter().map(|one| one.name.as_str()).collect();
            format!("{}: {}", name(shelf), names.join(", "))
        };
        shelves.iter().map(line).collect()
    }

    #[tokio::test]
    async fn documents_stand_on_their_shelves_by_name() {
        let site = Site::new().await;
        let sales = site.category("sales").await;
        let letters = site.category("Letters").await;
        site.category("Empty").await;
        for (category, name) in [(sales, "Übersicht"), (sales, "Order book"), (letters, "Dunning")]
        {
            site.document_in(category, name, HELLO).await;
        }
        let admin = site.administrator().await;
        let all = async |search| lines(&shelves(&site.app, &admin, search).await.unwrap());
        assert_eq!(all("").await, ["Letters: Dunning", "sales: Order book, Übersicht"]);
        assert_eq!(all("ORDER sales").await, ["sales: Order book"]);
        assert_eq!(all("order letters").await, [""; 0]);
    }

    #[tokio::test]
    async fn readers_see_what_is_theirs() {
        let site = Site::new().await;
        let shelf = site.category("Shelf").await;
        let open = site.document_in(shelf, "Open", HELLO).await;
        site.document_in(shelf, "Closed", HELLO).await;
        let read = (Access::READ, Scope::Document(open.id));
        let rita = site.reader("rita", &[read]).await;
        assert_eq!(lines(&shelves(&site.app, &rita, "").await.unwrap()), [": Open"]);
        let named = (Access::READ, Scope::Category(shelf));
        let ron = site.reader("ron", &[read, named]).await;
        assert_eq!(lines(&shelves(&site.app, &ron, "").await.unwrap()), ["Shelf: Open"]);
    }
}
