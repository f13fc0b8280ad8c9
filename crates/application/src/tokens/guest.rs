//! Whether the guest may come in.

use pressroom_domain::User;

use crate::{App, Error};

/// Whether the account for everyone may sign in now.
///
/// # Errors
/// [`Error::Unavailable`].
pub async fn is_open_to_guest(app: &App) -> Result<bool, Error> {
    let guest = app.stores.users.find_by_name(User::GUEST).await?;
    Ok(guest.is_some_and(|guest| guest.active && !guest.pending))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn a_site_says_whether_guests_may_come_in() {
        assert!(is_open_to_guest(&Site::new().await.app).await.unwrap());
        assert!(!is_open_to_guest(&Site::empty().app).await.unwrap());
    }
}
