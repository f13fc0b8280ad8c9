//! Making a group.

use pressroom_domain::{Group, Name, NewGroup, SubjectKind, Verb};
use pressroom_ports::Change;

use crate::{App, Caller, Error, authorise};

/// A group to be made.
#[derive(Clone, Debug)]
pub struct CreateGroup {
    /// What it is called.
    pub name: String,
}

/// Makes a group, without members and permissions.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`]; [`Error::Conflict`] where the name is taken.
pub async fn create(app: &App, caller: &Caller, command: CreateGroup) -> Result<Group, Error> {
    authorise::accounts(caller)?;
    let name = Name::new(&command.name).map_err(|error| Error::invalid("name", error))?;
    let detail = name.as_str();
    let line = caller.line(&*app.clock, Verb::Create, SubjectKind::Group, None, detail);
    let new = NewGroup { name, built_in: None };
    Ok(app.stores.groups.create(Change::new(new, line)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn an_administrator_makes_groups_of_different_names() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let new = |name: &str| CreateGroup { name: name.into() };
        let made = create(&site.app, &admin, new(" Sales ")).await.unwrap();
        assert_eq!((made.name.as_str(), made.built_in, made.lock.0), ("Sales", None, 0));
        for taken in ["SALES", "document viewers"] {
            let error = create(&site.app, &admin, new(taken)).await.unwrap_err();
            assert!(matches!(error, Error::Conflict(_)), "{error}");
        }
        let error = create(&site.app, &admin, new("")).await.unwrap_err();
        assert_eq!(error.to_string(), "name: a name must not be empty");
        let rita = site.reader("rita", &[]).await;
        let error = create(&site.app, &rita, new("Mine")).await.unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{error}");
    }
}
