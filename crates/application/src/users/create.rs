//! Making a user.

use pressroom_domain::{
    AccountLink, AccountType, GroupId, Mail, NewUser, SubjectKind, User, UserName, Verb,
};
use pressroom_ports::Change;

use super::check::{optional_email, optional_name, wrong_group};
use crate::accounts::{Invited, invitation};
use crate::error::Check;
use crate::{App, Caller, Error, authorise};

/// A user to be made. There is no password in it: whoever owns the account sets it.
#[derive(Clone, Debug)]
pub struct CreateUser {
    /// What they type to sign in.
    pub user_name: String,
    /// Given name; may be empty.
    pub first_name: String,
    /// Family name; may be empty.
    pub last_name: String,
    /// Where mail reaches them; may be empty.
    pub email: String,
    /// The groups they are in.
    pub groups: Vec<GroupId>,
    /// Who checks their password.
    pub account_type: AccountType,
}

/// Makes a user. An account whose password this server checks is pending and inactive until its owner
/// sets one, by a link that is mailed to them; the others can be used at once.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`]; [`Error::Conflict`] where the user name is taken.
pub async fn create(app: &App, caller: &Caller, command: CreateUser) -> Result<User, Error> {
    authorise::accounts(caller)?;
    let mut check = Check::default();
    let user_name = check.field("userName", UserName::new(&command.user_name));
    let first_name = optional_name(&mut check, "firstName", &command.first_name);
    let last_name = optional_name(&mut check, "lastName", &command.last_name);
    let email = optional_email(&mut check, &command.email);
    let Some(user_name) = user_name else { return Err(check.into_error()) };
    check.end()?;
    let pending = command.account_type == AccountType::ReportServer;
    let detail = user_name.to_string();
    let new = NewUser {
        user_name,
        first_name,
        last_name,
        email,
        account_type: command.account_type,
        groups: command.groups,
        active: !pending,
        pending,
        password: None,
    };
    let line = caller.line(&*app.clock, Verb::Create, SubjectKind::User, None, detail);
    let Some((link, mail)) = invitation_of(app, &new) else {
        return app.stores.users.create(Change::new(new, line)).await.map_err(wrong_group);
    };
    let change = Change::new((new, link), line).sending(mail);
    let made = app.stores.account_links.create_user(change).await.map_err(wrong_group)?;
    app.mail_queued.notify_one();
    Ok(made)
}

/// The link by which the owner of a new account activates it, and the mail that brings it; none for
/// an account that is active already, or that no mail reaches.
fn invitation_of(app: &App, new: &NewUser) -> Option<(AccountLink, Mail)> {
    let email = new.email.as_ref().filter(|_| new.pending)?;
    let login_name = new.user_name.as_str();
    Some(invitation(app, &Invited { login_name, name: &new.full_name(), email }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;

    fn new(user_name: &str, account_type: AccountType) -> CreateUser {
        CreateUser {
            user_name: user_name.into(),
            first_name: "Ann".into(),
            last_name: String::new(),
            email: "ann@example.com".into(),
            groups: Vec::new(),
            account_type,
        }
    }

    #[tokio::test]
    async fn an_account_of_the_server_waits_for_its_password_and_others_do_not() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        for (name, kind, pending) in [
            ("ann", AccountType::ReportServer, true),
            ("CORP\\bob", AccountType::Windows, false),
            ("carol@example.com", AccountType::External, false),
        ] {
            let user = create(&site.app, &admin, new(name, kind)).await.unwrap();
            assert_eq!((user.pending, user.active), (pending, !pending), "{name}");
            assert_eq!((user.full_name().as_str(), user.last_name), ("Ann", None));
            assert_eq!(user.password, None);
        }
        let line = site.trail().await.pop().unwrap();
        assert_eq!((line.verb, line.subject.kind), (Verb::Create, SubjectKind::User));
    }

    #[tokio::test]
    async fn who_has_an_address_is_invited_with_the_very_write() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let nowhere = CreateUser { email: String::new(), ..new("bob", AccountType::ReportServer) };
        create(&site.app, &admin, nowhere).await.unwrap();
        create(&site.app, &admin, new("carol", AccountType::Windows)).await.unwrap();
        assert!(site.store.waiting_mails().is_empty());
        create(&site.app, &admin, new("ann", AccountType::ReportServer)).await.unwrap();
        assert_eq!(site.store.waiting_mails().len(), 1);
    }

    #[tokio::test]
    async fn what_is_wrong_is_told_by_field() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let wrong = CreateUser {
            email: "nowhere".into(),
            first_name: "a\nb".into(),
            ..new(" ", AccountType::Windows)
        };
        let error = create(&site.app, &admin, wrong).await.unwrap_err();
        let Error::Invalid(problems) = error else { panic!("{error}") };
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["userName", "firstName", "email"]);
        let lost = CreateUser { groups: vec![GroupId(987)], ..new("ann", AccountType::Windows) };
        let error = create(&site.app, &admin, lost).await.unwrap_err();
        assert_eq!(error.to_string(), "groupsId: group 987 does not exist");
        let taken = create(&site.app, &admin, new("ADMIN", AccountType::Windows)).await;
        assert!(matches!(taken, Err(Error::Conflict(_))), "{taken:?}");
    }

    #[tokio::test]
    async fn only_administrators_make_users() {
        let site = Site::new().await;
        let reader = site.reader("rita", &[]).await;
        let answer = create(&site.app, &reader, new("ann", AccountType::Windows)).await;
        assert!(matches!(answer, Err(Error::Forbidden(_))), "{answer:?}");
    }
}
