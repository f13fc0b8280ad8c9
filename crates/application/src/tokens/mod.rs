//! Tokens: signing in, calling, signing out.

mod issue;
mod remembered;
mod revoke;
mod verify;

pub use issue::{IssueError, IssueToken, IssuedToken, issue};
pub use remembered::RememberedSessions;
pub use revoke::revoke;
pub use verify::verify;

use pressroom_domain::{Secret, TokenHash};
use sha2::{Digest, Sha256};

use crate::App;

/// The name of a token in the store.
pub(crate) fn hash(token: &str) -> TokenHash {
    TokenHash::from_bytes(Sha256::digest(token.as_bytes()).into())
}

/// A new token: 256 random bits as 64 hexadecimal digits.
pub(crate) fn make(app: &App) -> Secret {
    let mut bytes = [0; 32];
    app.random.fill(&mut bytes);
    Secret::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}
