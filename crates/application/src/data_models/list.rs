//! Looking at all data models.

use pressroom_domain::DataModel;

use crate::listing::all;
use crate::{App, Caller, Error, authorise};

/// All data models that the caller may read, in the order in which they were made.
///
/// # Errors
/// [`Error::Unavailable`].
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<DataModel>, Error> {
    let models = &app.stores.data_models;
    let wanted = |model: &DataModel| authorise::sees_data_model(caller, model);
    Ok(all(|slice| models.list(slice), |model| model.id, wanted).await?)
}

#[cfg(test)]
mod tests {
    use pressroom_domain::{Access, Scope};

    use super::*;
    use crate::data_models::get;
    use crate::test_site::Site;

    #[tokio::test]
    async fn everyone_sees_what_they_may_read() {
        let site = Site::new().await;
        let (one, two) = (site.data_model("One").await, site.data_model("Two").await);
        let admin = site.administrator().await;
        assert_eq!(list(&site.app, &admin).await.unwrap(), [one.clone(), two.clone()]);
        let reader = site.reader("rita", &[(Access::READ, Scope::DataModel(two.id))]).await;
        assert_eq!(list(&site.app, &reader).await.unwrap(), std::slice::from_ref(&two));
        assert_eq!(get(&site.app, &reader, two.id).await.unwrap(), two);
        let error = get(&site.app, &reader, one.id).await.unwrap_err();
        assert_eq!(error.to_string(), format!("data model {} does not exist", one.id));
    }
}
