//! Mails into a folder, for development and for sites without a mail server.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use pressroom_domain::QueuedMail;
use pressroom_ports::{MailError, Mailer};
use tempfile::Builder;

use super::Sender;
use super::message::message;

/// Writes every mail as a file whose name ends with `.eml` into a folder. Mail programs open such files.
#[derive(Clone, Debug)]
pub struct SpoolMailer {
    folder: PathBuf,
    from: Sender,
}

impl SpoolMailer {
    /// Writes into a folder, which the first mail makes where it is missing.
    pub fn new(folder: impl Into<PathBuf>, from: Sender) -> Self {
        Self { folder: folder.into(), from }
    }
}

/// Writes a whole file, for its owner only, in place of an older one: mails hold links that sign
/// somebody in.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = Builder::new().prefix(".incoming-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name)).map_err(|error| error.error)?;
    Ok(())
}

#[async_trait]
impl Mailer for SpoolMailer {
    async fn send(&self, mail: &QueuedMail) -> Result<(), MailError> {
        let bytes = message(mail, &self.from)?.formatted();
        let name = format!("{}-{}.eml", mail.queued_at.format("%Y%m%d-%H%M%S-%6f"), mail.id);
        let folder = self.folder.clone();
        let written = tokio::task::spawn_blocking(move || write(&folder, &name, &bytes));
        let written = written.await.unwrap_or_else(|error| Err(io::Error::other(error)));
        written.map_err(|error| {
            let reason = format!("the folder {} cannot be written", self.folder.display());
            MailError::later(reason, error)
        })
    }
}
