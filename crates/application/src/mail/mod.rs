//! Mails: what they say, and getting them out.
//!
//! A use case composes a mail from a [`Template`] and lets it go with its write, by
//! [`Change::sending`](pressroom_ports::Change::sending): it waits in the outbox, and a worker calls
//! [`deliver_next`]. Whoever wrote one says so by `app.mail_queued`, and it goes out at once.

mod deliver;
mod template;

pub use deliver::{Delivery, deliver_next};
pub use template::{Placeholder, Template, Values, compose};
