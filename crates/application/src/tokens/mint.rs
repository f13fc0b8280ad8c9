//! Making tokens and secrets.

use chrono::TimeDelta;
use pressroom_domain::{
    AccessToken, Secret, SignIn, SignInId, TokenHash, TokenOrigin, User, UserId,
};
use sha2::{Digest, Sha256};

use crate::App;

/// A token to call with.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    /// The token: 64 hexadecimal digits. Nobody but the caller keeps it.
    pub token: Secret,
    /// How long it works, in seconds.
    pub expires_in: u64,
    /// What to show for the next one; none where signing in again is as easy.
    pub refresh: Option<Secret>,
}

/// A text that nobody guesses: 256 random bits as 64 hexadecimal digits.
pub(crate) fn secret(app: &App) -> Secret {
    let mut bytes = [0; 32];
    app.random.fill(&mut bytes);
    Secret::new(hex(&bytes))
}

/// 128 random bits.
pub(crate) fn random_id(app: &App) -> [u8; 16] {
    let mut bytes = [0; 16];
    app.random.fill(&mut bytes);
    bytes
}

/// The name of a token or a secret in the store. It is as random as the hash is long, so that
/// nobody gets from the hash to it.
pub(crate) fn hash(token: &str) -> TokenHash {
    TokenHash::from_bytes(Sha256::digest(token.as_bytes()).into())
}

/// A new access token: what is kept of it, and what its owner is given.
pub(super) fn access(app: &App, user: UserId, origin: TokenOrigin) -> (AccessToken, IssuedToken) {
    let token = secret(app);
    let lifetime = app.settings.token_lifetime;
    let issued_at = app.clock.now();
    let expires_at = issued_at + TimeDelta::from_std(lifetime).unwrap_or(TimeDelta::MAX);
    let hash = hash(token.reveal());
    let kept = AccessToken { hash, user_id: user, origin, issued_at, expires_at };
    (kept, IssuedToken { token, expires_in: lifetime.as_secs(), refresh: None })
}

/// A new sign-in: what is kept of it, and its first refresh token.
pub(super) fn sign_in(app: &App, user: &User) -> (SignIn, Secret) {
    let id = SignInId::from_bytes(random_id(app));
    let (refresh, shown) = refresh_token(app, id);
    let started_at = app.clock.now();
    let expires_at = refreshable_until(app);
    (SignIn { id, user_id: user.id, refresh, started_at, expires_at }, shown)
}

/// Until when a sign-in can be refreshed that is refreshed now.
pub(super) fn refreshable_until(app: &App) -> chrono::DateTime<chrono::Utc> {
    let lifetime = TimeDelta::from_std(app.settings.refresh_lifetime).unwrap_or(TimeDelta::MAX);
    app.clock.now().checked_add_signed(lifetime).unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC)
}

/// A new refresh token of a sign-in: the sign-in's id, then a secret. The id tells to which sign-in
/// a token belongs that no longer works.
pub(super) fn refresh_token(app: &App, id: SignInId) -> (TokenHash, Secret) {
    let text = format!("{id}{}", secret(app).reveal());
    (hash(&text), Secret::new(text))
}

/// The sign-in that a text belongs to, where it looks like a refresh token.
pub(super) fn sign_in_of(refresh_token: &str) -> Option<SignInId> {
    let (id, secret) = refresh_token.split_at_checked(32)?;
    if secret.len() == 64 { id.parse().ok() } else { None }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
