//! `storage copy`: makes one store what another one is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use pressroom_application::storage::{Bytes, Copied, Copy, Step, copy};
use pressroom_delivery::FolderBlobs;
use pressroom_ports::{BlobStore, Clock, Sealed, SystemClock};
use tokio::runtime::Runtime;

use crate::adapters;
use crate::cli::SiteArguments;
use crate::config::{BlobPlace, Settings, StorageUrl};
use crate::key::Key;
use crate::output::{Meter, say, warn};
use crate::storage;

/// What `storage copy` is given.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The store that is copied
    #[arg(long, value_name = "URL")]
    from: StorageUrl,

    /// The store that becomes the same: a new one, or an earlier copy that is brought up to date
    #[arg(long, value_name = "URL")]
    to: StorageUrl,

    /// The layouts and finished documents of the source [default: blobs beside a SQLite file, else
    /// those of the settings]
    #[arg(long, value_name = "URL")]
    from_blobs: Option<BlobPlace>,

    /// Where they are copied to [default: blobs beside a SQLite file, else they stay where they are]
    #[arg(long, value_name = "URL")]
    to_blobs: Option<BlobPlace>,

    /// A file of settings (TOML) of the source: its key, and where its bytes are
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// The data folder of the source, for its key and its bytes [default: that of a SQLite file]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

/// Where the things of both sites are.
#[derive(Debug, PartialEq, Eq)]
struct Route {
    from_blobs: BlobPlace,
    /// None where they stay where they are.
    to_blobs: Option<BlobPlace>,
    /// The file that may hold the key.
    key: PathBuf,
    /// Where the new site would look for it.
    new_key: Option<PathBuf>,
    /// The folder of customers' files that are the site's own.
    data: PathBuf,
}

impl Route {
    fn of(arguments: &Arguments, settings: &Settings) -> Self {
        let beside = |url: &StorageUrl| url.file().and_then(Path::parent).map(Path::to_owned);
        let named = arguments.data_dir.is_some() || arguments.config.is_some();
        let from_folder = beside(&arguments.from).filter(|_| !named);
        let data_dir = from_folder.unwrap_or_else(|| settings.server.data_dir.clone());
        let of_settings = || settings.blobs.url.clone();
        let own = || BlobPlace::Folder(data_dir.join("blobs"));
        let from_blobs = arguments.from_blobs.clone().or_else(of_settings).unwrap_or_else(own);
        let new_folder = beside(&arguments.to);
        let new_blobs = || Some(BlobPlace::Folder(new_folder.as_ref()?.join("blobs")));
        let to_blobs = arguments.to_blobs.clone().or_else(new_blobs);
        Self {
            to_blobs: to_blobs.filter(|to| *to != from_blobs),
            from_blobs,
            key: data_dir.join("secret.key"),
            new_key: new_folder.map(|folder| folder.join("secret.key")),
            data: data_dir.join("data"),
        }
    }
}

/// Copies, and says what is left to do.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let Arguments { from, to, config, data_dir, .. } = arguments;
    if from == to {
        bail!("--from and --to are the same store; name two");
    }
    let site = SiteArguments {
        config: config.clone(),
        data_dir: data_dir.clone(),
        ..SiteArguments::default()
    };
    let settings = site.settings()?;
    let route = Route::of(arguments, &settings);
    let key = match &settings.storage.key {
        Some(key) => Some(key.clone()),
        None => Key::read(&route.key)?,
    };
    let source = storage::open(from, false)?;
    if let Some(key) = &key {
        source.seal_with(key.sealing());
    }
    let bytes = match &route.to_blobs {
        Some(to) => Some(Bytes {
            from: existing(&route.from_blobs, &settings)?,
            to: flushing(to, &settings)?,
            needed: source.stores().blob_references,
        }),
        None => None,
    };
    if let Some(folder) = to.file().and_then(Path::parent) {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let target = storage::open(to, true)?;
    let runtime = Runtime::new()?;
    let sealed = runtime.block_on(source.contents().sealed())?;
    let command = Copy {
        from: source.contents(),
        to: target.contents(),
        servers: target.stores().nodes,
        bytes,
        now: SystemClock.now(),
    };
    let meter = Meter::default();
    let copied = runtime.block_on(copy(&command, &|step| tell(&meter, step)))?;
    summary(arguments, &route, &copied)?;
    advise(&route, key.is_some(), settings.storage.key.is_some(), sealed)
}

/// A place of bytes that must be there: a mistyped one must not come into being.
fn existing(place: &BlobPlace, settings: &Settings) -> anyhow::Result<Arc<dyn BlobStore>> {
    if let Some(folder) = place.folder().filter(|folder| !folder.is_dir()) {
        bail!(
            "the layouts and finished documents of the source are not in {}; say where they are \
             with --from-blobs",
            folder.display()
        );
    }
    adapters::blobs(place, &settings.blobs, &std::env::temp_dir())
}

/// A place of bytes that has them on the disk when it says so.
fn flushing(place: &BlobPlace, settings: &Settings) -> anyhow::Result<Arc<dyn BlobStore>> {
    match place.folder() {
        Some(folder) => Ok(Arc::new(FolderBlobs::open(folder)?)),
        None => adapters::blobs(place, &settings.blobs, &std::env::temp_dir()),
    }
}

fn tell(meter: &Meter, step: Step) {
    match step {
        Step::Pass(1) => meter.begin("copying"),
        Step::Pass(pass) => {
            meter.begin(format_args!("comparing what is there now (round {pass})"));
        }
        Step::Bytes(bytes) => {
            meter
                .tell(|| format!("{} files of {} MB copied", bytes.copied, bytes.size_bytes >> 20));
        }
        Step::Rows { table, done, of } => {
            meter.tell(|| format!("{table}: {done} of {of} rows"));
        }
    }
}

fn summary(arguments: &Arguments, route: &Route, copied: &Copied) -> std::io::Result<()> {
    let Arguments { from, to, .. } = arguments;
    let Copied { rows, written, deleted, bytes } = copied;
    say(format_args!(
        "{to} holds what {from} holds: {rows} rows, each compared; {written} were written, \
         {deleted} deleted"
    ))?;
    if let Some(place) = &route.to_blobs {
        say(format_args!(
            "{place} holds their layouts and documents; {} files ({} bytes) were copied",
            bytes.copied, bytes.size_bytes
        ))?;
        if bytes.missing > 0 {
            warn(format_args!(
                "{} files are missing in {}: the source has lost them",
                bytes.missing, route.from_blobs
            ));
        }
        if bytes.damaged > 0 {
            warn(format_args!(
                "{} files in {} are not what was stored, and were left out: the source has lost them",
                bytes.damaged, route.from_blobs
            ));
        }
    }
    Ok(())
}

/// Says what a new site needs that is in no store.
fn advise(route: &Route, has_key: bool, in_settings: bool, sealed: Sealed) -> anyhow::Result<()> {
    if route.to_blobs.is_none() {
        say(format_args!(
            "layouts and documents stay where they are; give the new site blobs.url = {}",
            route.from_blobs
        ))?;
    }
    if sealed.texts > 0 {
        let texts = sealed.texts;
        if in_settings {
            say(format_args!("{texts} secrets stay sealed; keep storage.key in the settings"))?;
        } else {
            let to = match &route.new_key {
                Some(path) => format!("copy it to {}", path.display()),
                None => "copy it to the new data folder".to_owned(),
            };
            let key = route.key.display();
            say(format_args!("{texts} secrets stay sealed with the key in {key}; {to}"))?;
        }
    }
    if sealed.unopened > 0 {
        let unopened = sealed.unopened;
        if has_key {
            warn(format_args!("the key at hand does not open {unopened} of the secrets"));
        } else {
            warn(format_args!(
                "{} is not there, so it was not seen whether the key of the site opens its secrets",
                route.key.display()
            ));
        }
    }
    if route.data.is_dir() {
        say(format_args!(
            "files of customers in {} are in no store; copy them, or set sources.data_roots",
            route.data.display()
        ))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(path: &str) -> BlobPlace {
        BlobPlace::Folder(path.into())
    }

    #[test]
    fn bytes_and_keys_are_beside_a_file_unless_told_otherwise() {
        let arguments = |from: &str, to: &str| Arguments {
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            from_blobs: None,
            to_blobs: None,
            config: None,
            data_dir: None,
        };
        let settings = Settings::default();
        let between = arguments("sqlite:///a/site.db", "sqlite:///b/site.db");
        let route = Route::of(&between, &settings);
        assert_eq!(route.from_blobs, folder("/a/blobs"));
        assert_eq!(route.to_blobs, Some(folder("/b/blobs")));
        assert_eq!(route.key, Path::new("/a/secret.key"));
        assert_eq!(route.new_key.as_deref(), Some(Path::new("/b/secret.key")));
        // In one folder they need not move.
        let within = arguments("sqlite:///a/site.db", "sqlite:///a/other.db");
        assert_eq!(Route::of(&within, &settings).to_blobs, None);
        let told = Arguments {
            from_blobs: Some(folder("/x")),
            to_blobs: Some(folder("/y")),
            data_dir: Some("/z".into()),
            ..between
        };
        let mut settings = Settings::default();
        settings.server.data_dir = "/z".into();
        let route = Route::of(&told, &settings);
        assert_eq!((route.from_blobs, route.to_blobs), (folder("/x"), Some(folder("/y"))));
        assert_eq!(route.key, Path::new("/z/secret.key"));
    }
}
