//! Where bytes go: blob stores, temporary files, mail.
//!
//! - [`FolderBlobs`] keeps layouts and finished documents in a folder, by the hash of their contents;
//!   `ObjectBlobs`, with the feature `s3`, in a bucket that many servers share.
//! - [`SpillFolder`] holds what a report must put aside while it is composed.
//! - [`SmtpMailer`] gives mails to a mail server, [`SpoolMailer`] writes them into a folder.

mod blobs;
mod disk;
mod mail;
mod spill;

pub use blobs::FolderBlobs;
#[cfg(feature = "s3")]
pub use blobs::{Bucket, ObjectBlobs};
pub use mail::{InvalidSender, Sender, SmtpMailer, SmtpSettings, SmtpTls, SpoolMailer};
pub use spill::SpillFolder;
