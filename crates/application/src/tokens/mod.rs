//! Tokens: signing in, calling, signing out.

mod issue;
mod remembered;
mod revoke;
mod verify;

pub use issue::{IssueError, IssueToken, IssuedToken, issue};
pub use remembered::RememberedSessions;
pub use revoke::revoke;
pub use verify::verify;

use pressroom_domain::TokenHash;
use sha2::{Digest, Sha256};

/// The name of a token in the store.
fn hash(token: &str) -> TokenHash {
    TokenHash::from_bytes(Sha256::digest(token.as_bytes()).into())
}
