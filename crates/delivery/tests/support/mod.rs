//! What the tests of mail have in common: a mail server, and a reader of messages.

pub(crate) mod mime;
pub(crate) mod server;
