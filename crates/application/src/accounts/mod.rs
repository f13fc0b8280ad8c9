//! Passwords that people set themselves: by a link that is mailed to them, or signed in.
//!
//! A link holds a token of 256 random bits, of which only the hash is stored. It works once and for a
//! time; a newer one of its kind replaces it.

mod activate;
mod change_password;
mod invite;
mod link;
mod request_reset;
mod reset;

pub use activate::activate;
pub use change_password::{ChangePassword, change_password};
pub use invite::invite;
pub(crate) use invite::{Invited, invitation};
pub use link::FollowLink;
pub use request_reset::{RequestReset, request_reset};
pub use reset::reset;
