//! `backup` and `restore`: a site in one file, and back.

use std::path::PathBuf;

use anyhow::{Context, bail};
use pressroom_application::storage::is_half_copied;
use pressroom_ports::{Clock, SystemClock};
use tokio::runtime::Runtime;

use crate::adapters;
use crate::backup;
use crate::cli::SiteArguments;
use crate::output::{Meter, say, warn};
use crate::site::Places;
use crate::storage;

/// What `backup` is given.
#[derive(Debug, clap::Args)]
pub(crate) struct Backup {
    /// Where the backup goes, such as site.tar.gz; it must not be there yet
    file: PathBuf,

    #[command(flatten)]
    site: SiteArguments,

    /// Put the key of secrets in too: who has the backup can then read the passwords of databases
    #[arg(long)]
    with_key: bool,

    /// Leave out the customers' files below the data folder
    #[arg(long)]
    without_data: bool,
}

/// What `restore` is given.
#[derive(Debug, clap::Args)]
pub(crate) struct Restore {
    /// The backup
    file: PathBuf,

    /// The data folder that the site gets: a new one, or an empty one
    #[arg(long, value_name = "DIR")]
    data_dir: PathBuf,
}

/// Backs a site up. A server may be at work meanwhile.
pub(crate) fn back_up(arguments: &Backup) -> anyhow::Result<()> {
    let Backup { file, site, with_key, without_data } = arguments;
    let settings = site.settings()?;
    let places = Places::of(&settings);
    let store = storage::open(&places.store, false)?;
    let runtime = Runtime::new()?;
    if runtime.block_on(is_half_copied(&store.stores()))? {
        bail!(
            "the store is a copy that was not finished; run `pressroom storage copy` again first"
        );
    }
    if let Some(folder) = places.blobs.folder().filter(|folder| !folder.is_dir()) {
        bail!(
            "the layouts and documents of the site are not in {}; give the site's own --data-dir, or \
             set blobs.url",
            folder.display()
        );
    }
    let key = match (with_key, &settings.storage.key) {
        (false, _) => None,
        (true, Some(_)) => bail!(
            "the key is in the settings, not in a file; keep storage.key yourself, and leave \
             --with-key out"
        ),
        (true, None) => {
            let key = std::fs::read_to_string(&places.key);
            Some(key.with_context(|| format!("cannot read the key {}", places.key.display()))?)
        }
    };
    let own = places.data_dir.join("data");
    let data = (!without_data && places.data_roots.contains(&own) && own.is_dir()).then_some(&*own);
    let here = std::path::absolute(file)?;
    if let Some(data) = data.filter(|data| here.starts_with(data)) {
        bail!(
            "{} would be a part of itself: choose a place outside of {}",
            file.display(),
            data.display()
        );
    }
    let source = backup::Source {
        url: &places.store,
        store: &store,
        blobs: adapters::blobs(&places.blobs, &settings.blobs, &std::env::temp_dir())?,
        key,
        data,
        now: SystemClock.now(),
    };
    let written = backup::write(&source, file, &runtime, &Meter::default())?;
    say(format_args!(
        "{} holds the store, {} layouts and documents, and {} files of customers ({} bytes)",
        file.display(),
        written.documents,
        written.data_files,
        written.size_bytes
    ))?;
    if *with_key {
        say("the key of secrets is in it: keep it as safe as the site itself")?;
    } else if settings.storage.key.is_some() {
        say("the key of secrets, storage.key of the settings, is not in it: keep it elsewhere")?;
    } else {
        say(format_args!(
            "the key of secrets, {}, is not in it: keep it elsewhere, secrets need it",
            places.key.display()
        ))?;
    }
    if written.lost > 0 {
        warn(format_args!("{} documents are not in it: the site has lost them", written.lost));
    }
    Ok(())
}

/// Brings a site back.
pub(crate) fn restore(arguments: &Restore) -> anyhow::Result<()> {
    let Restore { file, data_dir } = arguments;
    let runtime = Runtime::new()?;
    let restored = backup::restore(file, data_dir, &runtime, &Meter::default())?;
    let shown = data_dir.display();
    say(format_args!(
        "{shown} holds the site as it was at {}: {} layouts and documents, {} files of customers",
        restored.taken_at, restored.documents, restored.data_files
    ))?;
    if !restored.has_key {
        say(format_args!(
            "its key is not there: put it at {}, or set storage.key, before a server starts",
            data_dir.join("secret.key").display()
        ))?;
    }
    if restored.lost > 0 {
        warn(format_args!("{} documents were lost before the backup was made", restored.lost));
    }
    say(format_args!("start it with pressroom serve --data-dir {shown}"))?;
    Ok(())
}
