//! Asking for a link that sets another password.

use std::net::IpAddr;

use chrono::TimeDelta;
use pressroom_domain::{
    AccountType, Actor, AuditEntry, EmailAddress, LinkPurpose, Subject, SubjectKind, User, Verb,
};
use pressroom_ports::{Change, IssueLink};

use super::link::{Receiver, make};
use crate::{App, Error};

/// A wish for another password.
#[derive(Clone, Debug)]
pub struct RequestReset {
    /// The user name or the e-mail address of the account.
    pub account: String,
    /// The address that they call from, where it is known.
    pub from: Option<IpAddr>,
}

/// How long an account waits for its next mail of that kind, so that nobody fills a mailbox.
const PAUSE: TimeDelta = TimeDelta::minutes(5);
/// The most accounts of one e-mail address that get a link.
const MOST: usize = 10;

/// Mails a link to whoever the account belongs to.
///
/// Whoever asks learns nothing of it, neither by the answer nor by a stopwatch: an account that is
/// there, one that is not and one that was sent a mail just now take the same steps, look-ups and one
/// write, and come to the same end.
///
/// # Errors
/// [`Error::Unavailable`] where the store is away.
pub async fn request_reset(app: &App, command: RequestReset) -> Result<(), Error> {
    let RequestReset { account, from } = command;
    let typed: String = account.trim().chars().filter(|c| !c.is_control()).take(254).collect();
    let by_name = app.stores.users.find_by_name(&typed).await?;
    let by_email = app.stores.users.find_by_email(&typed).await?;
    let mut users: Vec<User> = by_name.into_iter().chain(by_email).filter(may_reset).collect();
    users.sort_by_key(|user| user.id);
    users.dedup_by_key(|user| user.id);
    users.truncate(MOST);
    let line = |user: Option<&User>| AuditEntry {
        at: app.clock.now(),
        actor: Actor { user_id: None, name: typed.clone() },
        from,
        verb: Verb::RequestReset,
        subject: Subject { kind: SubjectKind::User, id: user.map(|user| user.id.to_string()) },
        detail: user.map_or_else(|| typed.clone(), |user| user.user_name.to_string()),
    };
    if users.is_empty() {
        // Writing this takes as long as issuing a link does.
        return Ok(app.stores.audit.append(line(None)).await?);
    }
    for user in &users {
        let Some(email) = &user.email else { continue };
        issue(app, user, email, line(Some(user))).await?;
    }
    app.mail_queued.notify_one();
    Ok(())
}

/// Who has a password here, and a mailbox.
fn may_reset(user: &User) -> bool {
    user.active
        && !user.pending
        && !user.is_guest()
        && user.account_type == AccountType::ReportServer
        && user.email.is_some()
}

async fn issue(
    app: &App,
    user: &User,
    email: &EmailAddress,
    line: AuditEntry,
) -> Result<(), Error> {
    let receiver = Receiver { login_name: user.user_name.as_str(), name: &user.full_name(), email };
    let (link, mail) = make(app, LinkPurpose::Reset, &receiver);
    let unless_issued_after = Some(app.clock.now() - PAUSE);
    let issue = IssueLink { user_id: user.id, link, unless_issued_after };
    app.stores.account_links.issue(Change::new(issue, line).sending(mail)).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;

    async fn ask(site: &Site, account: &str) {
        let command = RequestReset { account: account.into(), from: None };
        request_reset(&site.app, command).await.unwrap();
    }

    #[tokio::test]
    async fn an_account_is_known_by_name_and_by_address() {
        for typed in ["ann", " ANN ", "ann@example.com", "Ann@Example.COM"] {
            let site = Site::new().await;
            site.active_user("ann", "lost password").await;
            ask(&site, typed).await;
            let mails = site.store.waiting_mails();
            assert_eq!(mails.len(), 1, "{typed}");
            assert_eq!(mails[0].subject, "A new password for Pressroom");
            assert!(mails[0].text.contains("http://127.0.0.1:8080/account/reset?token="));
        }
    }

    /// Each leaves one line, whoever there is.
    #[tokio::test]
    async fn whoever_asks_learns_nothing_and_the_trail_tells() {
        let site = Site::new().await;
        site.active_user("ann", "lost password").await;
        site.pending_user("pat").await;
        for typed in ["ann", "nobody", "pat", "guest", "", "\u{0}"] {
            let lines = site.trail().await.len();
            ask(&site, typed).await;
            let trail = site.trail().await;
            assert_eq!(trail.len(), lines + 1, "{typed}");
            assert_eq!(trail.last().unwrap().verb, Verb::RequestReset);
        }
        assert_eq!(site.store.waiting_mails().len(), 1);
    }

    #[tokio::test]
    async fn an_account_gets_one_mail_in_five_minutes() {
        let site = Site::new().await;
        site.active_user("ann", "lost password").await;
        for _ in 0..10 {
            ask(&site, "ann").await;
        }
        assert_eq!(site.store.waiting_mails().len(), 1);
        site.clock.advance(TimeDelta::minutes(5));
        ask(&site, "ann").await;
        assert_eq!(site.store.waiting_mails().len(), 2);
    }
}
