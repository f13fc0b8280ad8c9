//! Inviting somebody to activate their account.

use pressroom_domain::{
    Access, AccountLink, AccountType, EmailAddress, LinkPurpose, Mail, SubjectKind, User, UserId,
    Verb,
};
use pressroom_ports::{Change, IssueLink};

use super::link::{Receiver, make};
use crate::{App, Caller, Error, authorise};

/// Who is invited.
pub(crate) struct Invited<'a> {
    /// What they will type to sign in.
    pub(crate) login_name: &'a str,
    /// What they are called.
    pub(crate) name: &'a str,
    /// Where mail reaches them.
    pub(crate) email: &'a EmailAddress,
}

/// The link that activates an account, and the mail that brings it: both go with the write that makes
/// the account.
pub(crate) fn invitation(app: &App, invited: &Invited<'_>) -> (AccountLink, Mail) {
    let Invited { login_name, name, email } = *invited;
    make(app, LinkPurpose::Activate, &Receiver { login_name, name, email })
}

/// Sends somebody a link that activates their account, in place of one that was sent before.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] where the account waits for no
/// password, or has no e-mail address.
pub async fn invite(app: &App, caller: &Caller, id: UserId) -> Result<(), Error> {
    let user = app.stores.users.get(id).await?;
    authorise::user(caller, &user, Access::MODIFY)?;
    let email = receives_invitations(&user)?;
    let invited = Invited { login_name: user.user_name.as_str(), name: &user.full_name(), email };
    let (link, mail) = invitation(app, &invited);
    let (id, detail) = (Some(id.to_string()), format!("{} at {}", user.user_name, email.as_str()));
    let line = caller.line(&*app.clock, Verb::Invite, SubjectKind::User, id, detail);
    let issue = IssueLink { user_id: user.id, link, unless_issued_after: None };
    app.stores.account_links.issue(Change::new(issue, line).sending(mail)).await?;
    app.mail_queued.notify_one();
    Ok(())
}

/// The address that an invitation goes to.
fn receives_invitations(user: &User) -> Result<&EmailAddress, Error> {
    let name = &user.user_name;
    if user.account_type != AccountType::ReportServer {
        return Err(Error::Conflict(format!("the password of \"{name}\" is not kept here")));
    }
    if !user.pending {
        return Err(Error::Conflict(format!(
            "\"{name}\" has activated the account already; a lost password is replaced by a reset"
        )));
    }
    let none =
        || Error::Conflict(format!("\"{name}\" has no e-mail address; give the account one first"));
    user.email.as_ref().ok_or_else(none)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::activate;
    use crate::accounts::link::tests::{link, mailed_token};
    use crate::test_site::Site;

    #[tokio::test]
    async fn a_new_invitation_replaces_the_old_one() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let ann = site.pending_user("ann").await;
        invite(&site.app, &admin, ann).await.unwrap();
        let first = mailed_token(&site).await;
        invite(&site.app, &admin, ann).await.unwrap();
        let second = mailed_token(&site).await;
        assert!(activate(&site.app, link(&first, "correct horse")).await.is_err());
        assert!(activate(&site.app, link(&second, "correct horse")).await.is_ok());
        let sent = site.mailer.sent().pop().unwrap().mail;
        assert_eq!(sent.to, [pressroom_contracts::build::email("ann@example.com")]);
        assert_eq!(sent.subject, "Your account at Pressroom");
        let address = format!("http://127.0.0.1:8080/account/activate?token={}", second.reveal());
        assert!(sent.text.contains(&address) && sent.html.contains(&address), "{}", sent.text);
        assert!(sent.text.contains("Hello Ann Ångström") && sent.text.contains("as: ann"));
    }

    #[tokio::test]
    async fn only_administrators_invite_and_only_who_waits_for_it() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let ann = site.pending_user("ann").await;
        let reader = site.reader("rita", &[]).await;
        let error = invite(&site.app, &reader, ann).await.unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
        let error = invite(&site.app, &reader, reader.user().id).await.unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{error}");
        let error = invite(&site.app, &admin, reader.user().id).await.unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "{error}");
        let error = invite(&site.app, &admin, UserId(404)).await.unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
        assert!(site.store.waiting_mails().is_empty());
    }
}
