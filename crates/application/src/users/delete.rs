//! Deleting a user.

use pressroom_domain::{Access, SubjectKind, UserId, Verb};
use pressroom_ports::Change;

use crate::{App, Caller, Error, authorise};

/// Deletes a user, with their permissions, memberships and photo; their tokens end at once.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] for the caller themselves, for the
/// guest, and for the last active administrator.
pub async fn delete(app: &App, caller: &Caller, id: UserId) -> Result<(), Error> {
    let user = app.stores.users.get(id).await?;
    authorise::user(caller, &user, Access::DELETE)?;
    if user.id == caller.user().id {
        let message = "you can't delete your own account; ask another administrator to do it";
        return Err(Error::Conflict(message.to_owned()));
    }
    if user.is_guest() {
        let message = "the guest is part of every site and can't be deleted; deactivate the account instead, by active = false";
        return Err(Error::Conflict(message.to_owned()));
    }
    let subject = Some(id.to_string());
    let detail = user.user_name.as_str();
    let line = caller.line(&*app.clock, Verb::Delete, SubjectKind::User, subject, detail);
    Ok(app.stores.users.delete(Change::new(id, line)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;
    use crate::tokens::verify;

    #[tokio::test]
    async fn who_is_deleted_is_signed_out_at_once() {
        let site = Site::new().await;
        let other = site.other_administrator("anna").await;
        let token = site.token("admin", "secret").await;
        let admin = site.administrator().await;
        delete(&site.app, &other, admin.user().id).await.unwrap();
        assert!(matches!(verify(&site.app, &token, None).await, Err(Error::Unauthenticated)));
        let again = delete(&site.app, &other, admin.user().id).await.unwrap_err();
        assert!(matches!(again, Error::NotFound { .. }), "{again}");
        let line = site.trail().await.pop().unwrap();
        assert_eq!((line.verb, line.detail.as_str()), (Verb::Delete, "admin"));
    }

    #[tokio::test]
    async fn nobody_deletes_themselves_or_the_guest() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let guest = site.app.stores.users.find_by_name("guest").await.unwrap().unwrap();
        for (id, words) in [(admin.user().id, "your own account"), (guest.id, "the guest")] {
            let error = delete(&site.app, &admin, id).await.unwrap_err();
            assert!(matches!(&error, Error::Conflict(text) if text.contains(words)), "{error}");
        }
    }

    #[tokio::test]
    async fn the_last_administrator_stays() {
        let site = Site::new().await;
        let (admin, other) = (site.administrator().await, site.other_administrator("anna").await);
        delete(&site.app, &other, admin.user().id).await.unwrap();
        // Signed in before they were deleted, and still at it.
        let error = delete(&site.app, &admin, other.user().id).await.unwrap_err();
        assert!(error.to_string().contains("without an active member"), "{error}");
    }

    #[tokio::test]
    async fn others_delete_nobody() {
        let site = Site::new().await;
        let rita = site.reader("rita", &[]).await;
        let error = delete(&site.app, &rita, rita.user().id).await.unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{error}");
        let admin = site.administrator().await.user().id;
        let error = delete(&site.app, &rita, admin).await.unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
    }
}
