//! Making an API key.

use chrono::{DateTime, Utc};
use pressroom_domain::{ApiKey, ClientId, Name, NewApiKey, Secret, SubjectKind, Verb};
use pressroom_ports::Change;

use crate::error::Check;
use crate::tokens::mint;
use crate::{App, Caller, Error, authorise};

/// An API key to be made.
#[derive(Clone, Debug)]
pub struct CreateApiKey {
    /// What the caller calls it.
    pub name: String,
    /// From when on it no longer works; none works until it is deleted.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A key that was made, with what is shown once.
#[derive(Clone, Debug)]
pub struct MadeApiKey {
    /// The key.
    pub key: ApiKey,
    /// Its secret: 64 hexadecimal digits. Nobody but the caller keeps it.
    pub secret: Secret,
}

/// Makes a key of the caller.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`]; [`Error::Conflict`] where they have too many.
pub async fn create(
    app: &App,
    caller: &Caller,
    command: CreateApiKey,
) -> Result<MadeApiKey, Error> {
    authorise::new_api_key(caller)?;
    let now = app.clock.now();
    let mut check = Check::default();
    let name = check.field("name", Name::new(&command.name));
    let in_time = command.expires_at.is_none_or(|expires_at| expires_at > now);
    check.field("expiresAt", if in_time { Ok(()) } else { Err("must be in the future") });
    let Some(name) = name else { return Err(check.into_error()) };
    check.end()?;
    let user = caller.user();
    if app.stores.api_keys.list(user.id).await?.len() >= ApiKey::MOST_OF_A_USER {
        return Err(Error::Conflict(format!(
            "you have {} API keys, which is the most; delete one that is no longer used",
            ApiKey::MOST_OF_A_USER
        )));
    }
    let secret = mint::secret(app);
    let detail = name.to_string();
    let new = NewApiKey {
        user_id: user.id,
        client_id: ClientId::from_bytes(mint::random_id(app)),
        secret: mint::hash(secret.reveal()),
        name,
        created_at: now,
        expires_at: command.expires_at,
    };
    let id = Some(user.id.to_string());
    let line = caller.line(&*app.clock, Verb::CreateKey, SubjectKind::User, id, detail);
    let key = app.stores.api_keys.create(Change::new(new, line)).await?;
    Ok(MadeApiKey { key, secret })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;
    use crate::tokens::{ClientCredentials, issue_to_client, verify};

    fn command(name: &str) -> CreateApiKey {
        CreateApiKey { name: name.into(), expires_at: None }
    }

    #[tokio::test]
    async fn what_is_kept_is_not_what_is_shown() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let made = create(&site.app, &admin, command(" nightly ")).await.unwrap();
        assert_eq!(made.key.name.as_str(), "nightly");
        assert_eq!(made.secret.reveal().len(), 64);
        assert_eq!(made.key.secret, mint::hash(made.secret.reveal()));
        let line = site.trail().await.pop().unwrap();
        assert_eq!((line.verb, &*line.detail), (Verb::CreateKey, "nightly"));
    }

    #[tokio::test]
    async fn what_is_wrong_is_told() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let late = CreateApiKey { expires_at: Some(site.app.clock.now()), ..command("") };
        let error = create(&site.app, &admin, late).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "name: a name must not be empty; expiresAt: must be in the future"
        );
        for number in 0..ApiKey::MOST_OF_A_USER {
            create(&site.app, &admin, command(&format!("key {number}"))).await.unwrap();
        }
        let error = create(&site.app, &admin, command("one more")).await.unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "{error}");
    }

    #[tokio::test]
    async fn neither_the_guest_nor_a_key_makes_keys() {
        let site = Site::new().await;
        let token = site.token("guest", "").await;
        let guest = verify(&site.app, &token, None).await.unwrap();
        let answer = create(&site.app, &guest, command("x")).await;
        assert!(matches!(answer, Err(Error::Forbidden(_))), "{answer:?}");
        let admin = site.administrator().await;
        let made = create(&site.app, &admin, command("x")).await.unwrap();
        let client_id = made.key.client_id.to_string();
        let credentials = ClientCredentials { client_id, secret: made.secret, from: None };
        let issued = issue_to_client(&site.app, credentials).await.unwrap();
        let program = verify(&site.app, issued.token.reveal(), None).await.unwrap();
        let answer = create(&site.app, &program, command("y")).await;
        assert!(matches!(answer, Err(Error::Forbidden(_))), "{answer:?}");
    }
}
