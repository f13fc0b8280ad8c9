//! What the links have in common.

use std::net::IpAddr;

use pressroom_domain::{
    AccountLink, Actor, AuditEntry, EmailAddress, LinkPurpose, Mail, Secret, Subject, SubjectKind,
    User, Verb, check_password,
};
use pressroom_ports::{Change, RedeemLink};

use crate::mail::{Placeholder, Template, Values, compose};
use crate::{App, Error, tokens};

/// A link that somebody follows, with the password that they chose.
#[derive(Clone, Debug)]
pub struct FollowLink {
    /// The token in the link.
    pub token: Secret,
    /// The password from now on.
    pub password: Secret,
    /// The address that they call from, where it is known.
    pub from: Option<IpAddr>,
}

/// What a mail with a link needs to know of its receiver.
pub(super) struct Receiver<'a> {
    /// What they type to sign in.
    pub(super) login_name: &'a str,
    /// What they are called.
    pub(super) name: &'a str,
    /// Where mail reaches them.
    pub(super) email: &'a EmailAddress,
}

/// A new link, and the mail that brings it.
pub(super) fn make(
    app: &App,
    purpose: LinkPurpose,
    receiver: &Receiver<'_>,
) -> (AccountLink, Mail) {
    let token = tokens::make(app);
    let link = AccountLink::new(tokens::hash(token.reveal()), purpose, app.clock.now());
    let (base, token) = (app.settings.site_url.trim_end_matches('/'), token.reveal());
    let address = format!("{base}/account/{}?token={token}", purpose.name());
    let values = Values::default()
        .with(Placeholder::Link, address)
        .with(Placeholder::LoginName, receiver.login_name)
        .with(Placeholder::UserName, receiver.name);
    let template = match purpose {
        LinkPurpose::Activate => Template::Activation,
        LinkPurpose::Reset => Template::PasswordReset,
    };
    let to = vec![receiver.email.clone()];
    let mail = compose(app, template, to, values, Some(link.expires_at));
    (link, mail)
}

/// Sets the password that somebody chose who follows a link.
pub(super) async fn follow(
    app: &App,
    purpose: LinkPurpose,
    command: FollowLink,
) -> Result<User, Error> {
    let FollowLink { token, password, from } = command;
    let hash = tokens::hash(token.reveal().trim());
    let now = app.clock.now();
    let links = &app.stores.account_links;
    let found = links.find(&hash).await?.filter(|(link, _)| link.works(purpose, now));
    let (_, user) = found.ok_or_else(dead)?;
    // Before any work goes into it: hashing is slow.
    check_password(&password, &user.user_name).map_err(|weak| Error::invalid("password", weak))?;
    let password = app.passwords.hash(&password).await?;
    let audit = AuditEntry {
        at: now,
        actor: Actor::user(user.id, &user.user_name),
        from,
        verb: Verb::SetPassword,
        subject: Subject { kind: SubjectKind::User, id: Some(user.id.to_string()) },
        detail: format!("{}, by a mailed link ({})", user.user_name, purpose.name()),
    };
    let redeem = RedeemLink { hash, purpose, password, at: now };
    links.redeem(Change::new(redeem, audit)).await?.ok_or_else(dead)
}

/// The same words whatever is wrong with a link.
fn dead() -> Error {
    Error::invalid(
        "token",
        "this link does not work any more: it was used, has expired, or a newer one was sent; ask for a new one",
    )
}

#[cfg(test)]
pub(super) mod tests {
    use pressroom_domain::NodeName;

    use super::*;
    use crate::mail::{Delivery, deliver_next};
    use crate::test_site::Site;

    /// The token of the newest mail, which is sent now.
    pub(crate) async fn mailed_token(site: &Site) -> Secret {
        let node = NodeName::new("node");
        while deliver_next(&site.app, &node).await.unwrap() != Delivery::Nothing {}
        let sent = site.mailer.sent().pop().expect("a mail was sent");
        let (_, rest) = sent.mail.text.split_once("token=").expect("a link");
        let token: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        assert_eq!(token.len(), 64);
        Secret::new(token)
    }

    pub(crate) fn link(token: &Secret, password: &str) -> FollowLink {
        FollowLink { token: token.clone(), password: Secret::new(password), from: None }
    }
}
