//! Making a category.

use pressroom_domain::{Category, Name, NewCategory, SubjectKind, Verb};
use pressroom_ports::Change;

use crate::{App, Caller, Error, authorise};

/// A category to be made.
#[derive(Clone, Debug)]
pub struct CreateCategory {
    /// What it is called.
    pub name: String,
}

/// Makes a category.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`].
pub async fn create(
    app: &App,
    caller: &Caller,
    command: CreateCategory,
) -> Result<Category, Error> {
    authorise::new_category(caller)?;
    let name = Name::new(&command.name).map_err(|error| Error::invalid("name", error))?;
    let detail = name.as_str();
    let line = caller.line(&*app.clock, Verb::Create, SubjectKind::Category, None, detail);
    Ok(app.stores.categories.create(Change::new(NewCategory { name }, line)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn an_administrator_makes_categories() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let made =
            create(&site.app, &admin, CreateCategory { name: " Bills ".into() }).await.unwrap();
        assert_eq!((made.name.as_str(), made.lock.0), ("Bills", 0));
        let line = site.trail().await.pop().unwrap();
        assert_eq!((line.verb, line.actor.name.as_str()), (Verb::Create, "admin"));
        assert_eq!(line.subject.id, Some(made.id.to_string()));
    }

    #[tokio::test]
    async fn a_reader_makes_none_and_a_name_is_needed() {
        let site = Site::new().await;
        let reader = site.reader("rita", &[]).await;
        let answer = create(&site.app, &reader, CreateCategory { name: "Bills".into() }).await;
        assert!(matches!(answer, Err(Error::Forbidden(_))), "{answer:?}");
        let admin = site.administrator().await;
        let answer = create(&site.app, &admin, CreateCategory { name: "  ".into() }).await;
        assert_eq!(answer.unwrap_err().to_string(), "name: a name must not be empty");
    }
}
