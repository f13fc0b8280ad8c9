//! Tokens: signing in, calling, going on, signing out.

mod attempts;
mod client;
mod guest;
mod issue;
pub(crate) mod mint;
mod prolong;
mod refresh;
mod remembered;
mod revoke;
mod verify;

pub use attempts::Attempts;
pub use client::{ClientCredentials, issue_to_client};
pub use guest::is_open_to_guest;
pub use issue::{IssueError, IssueToken, issue};
pub(crate) use issue::{begin as begin_sign_in, may_sign_in};
pub use mint::IssuedToken;
pub use prolong::prolong;
pub use refresh::refresh;
pub use remembered::RememberedSessions;
pub use revoke::{revoke, revoke_token};
pub use verify::verify;

pub(crate) use mint::{hash, secret as make};
