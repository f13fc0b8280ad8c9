//! `doctor`: looks for what would keep a server from working well.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use anyhow::bail;
use chrono::{DateTime, TimeDelta, Utc};
use pressroom_data::Culture;
use pressroom_delivery::{SmtpMailer, SmtpTls};
use pressroom_diesel_store::migrations::State;
use pressroom_diesel_store::{OpenError, Survey};
use pressroom_fonts::FontLibrary;
use pressroom_ports::{BlobStore, Clock, OutboxCounts, Random, Slice, SystemClock};

use crate::adapters::{self, SystemRandom};
use crate::cli::SiteArguments;
use crate::config::{Settings, StorageUrl};
use crate::key::Key;
use crate::output::say;
use crate::site::Places;
use crate::storage;

/// What was found about one thing.
enum Finding {
    /// It is well: words about it.
    Well(String),
    /// It works, but somebody may want to change it.
    Note(String),
    /// It keeps a server from working: what to do.
    Bad(String),
}

use Finding::{Bad, Note, Well};

/// Space below which a disk is soon full.
const LITTLE_BYTES: u64 = 1 << 30;
/// Space below which a server should not start.
const TOO_LITTLE_BYTES: u64 = 64 << 20;

/// Looks at everything, and fails where something keeps a server from working.
pub(crate) fn run(arguments: &SiteArguments) -> anyhow::Result<()> {
    let settings = arguments.settings()?;
    let places = Places::of(&settings);
    let survey = storage::survey(&places.store);
    let is_there = survey.is_ok();
    let now = SystemClock.now();
    let by_store = survey.as_ref().ok().and_then(|survey| survey.now);
    let mut findings = vec![("data folder", folder(&places.data_dir))];
    if places.data_dir.is_dir() {
        findings.push(("disk", disk(&places.data_dir)));
    }
    findings.push(("blobs", blobs(&settings, &places)));
    findings.extend([
        ("store", store(&places.store, survey)),
        ("key", key(&settings, &places, is_there)),
        ("data roots", roots(&places)),
        ("mail", mail(&settings, &places)),
        ("links", links(&settings)),
        ("fonts", fonts()),
        ("clock", clock(now, written(&places.store), by_store)),
        ("address", address(&settings)),
    ]);
    let mut bad = 0;
    for (what, finding) in &findings {
        let (mark, words) = match finding {
            Well(words) => ("ok  ", words),
            Note(words) => ("note", words),
            Bad(words) => {
                bad += 1;
                ("BAD ", words)
            }
        };
        say(format_args!("{mark}  {what}: {words}"))?;
    }
    match bad {
        0 => Ok(()),
        1 => bail!("one thing keeps a server from working"),
        _ => bail!("{bad} things keep a server from working"),
    }
}

/// Whether files can be made in a folder.
fn folder(path: &Path) -> Finding {
    let shown = path.display();
    if !path.exists() {
        return Note(format!("{shown} is not there; the first start makes it"));
    }
    let tried = tempfile::Builder::new()
        .prefix(".pressroom-doctor-")
        .tempfile_in(path)
        .and_then(|mut file| file.write_all(&[0; 4096]).and_then(|()| file.as_file().sync_all()));
    match tried {
        Ok(()) => Well(format!("{shown} can be written")),
        Err(error) => Bad(format!("{shown} cannot be written: {error}")),
    }
}

/// Whether bytes can be kept, read and deleted where layouts and finished files are.
fn blobs(settings: &Settings, places: &Places) -> Finding {
    if let Some(path) = places.blobs.folder() {
        return folder(path);
    }
    // What is on its way to a bucket waits in a folder; that is made for this once.
    let tried = tempfile::tempdir().map_err(anyhow::Error::from).and_then(|spool| {
        let blobs = adapters::blobs(&places.blobs, &settings.blobs, spool.path())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(probe(&*blobs))
    });
    match tried {
        Ok(()) => Well(format!("{} keeps, gives and deletes what it is told", places.blobs)),
        Err(error) => Bad(format!("{error:#}")),
    }
}

/// Keeps bytes that nobody else has, and takes them away again.
async fn probe(blobs: &dyn BlobStore) -> anyhow::Result<()> {
    let mut random = [0; 32];
    SystemRandom.fill(&mut random);
    let bytes = [b"pressroom doctor ".as_slice(), &random].concat();
    let stored = blobs.put(bytes.clone()).await?;
    let read = blobs.get(&stored.hash, stored.size_bytes).await?;
    // Whatever time the bucket counts by.
    let later = SystemClock.now() + TimeDelta::days(2);
    let deleted = blobs.delete(&stored.hash, later).await?;
    anyhow::ensure!(read == bytes, "it gives other bytes than it was told to keep");
    anyhow::ensure!(deleted, "it does not delete what it is told to; look at its clock");
    Ok(())
}

fn disk(path: &Path) -> Finding {
    let Some(free) = free_bytes(path) else {
        return Note("its free space cannot be told on this machine".to_owned());
    };
    let words = format!("{} MB are free", free >> 20);
    match free {
        ..TOO_LITTLE_BYTES => Bad(format!("{words}; make room")),
        TOO_LITTLE_BYTES..LITTLE_BYTES => Note(format!("{words}; make room soon")),
        _ => Well(words),
    }
}

#[cfg(unix)]
fn free_bytes(path: &Path) -> Option<u64> {
    let space = rustix::fs::statvfs(path).ok()?;
    Some(space.f_bavail.saturating_mul(space.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_path: &Path) -> Option<u64> {
    None
}

/// What the store is, and whether it can be read.
fn store(url: &StorageUrl, survey: Result<Survey, OpenError>) -> Finding {
    let survey = match survey {
        Ok(survey) => survey,
        Err(OpenError::Missing(_)) => {
            return Note(format!("{url} is not there; the first start makes it"));
        }
        Err(error) => return Bad(format!("{error}{}", in_full(&error))),
    };
    let words = format!("{url} is reached: {}", told(&survey));
    match &survey.tables {
        State::Ahead(version) => Bad(format!(
            "{words}; its tables were changed by a newer version (migration {version}), so run that one"
        )),
        State::Behind => Note(format!(
            "{words}; its tables are behind this version, and the next start brings them up to date"
        )),
        State::Current => match read(url) {
            Ok(OutboxCounts { failing: 0, .. }) => {
                Well(format!("{words}; its tables are up to date and can be read"))
            }
            Ok(OutboxCounts { waiting, failing, .. }) => Note(format!(
                "{words}; its tables can be read; {waiting} mails wait, of which {failing} could not \
                 be sent so far"
            )),
            Err(error) => Bad(format!("{words}; but {error:#}")),
        },
    }
}

/// The causes of an error, as far as it does not tell them itself.
fn in_full(error: &dyn std::error::Error) -> String {
    let (mut told, mut more) = (error.to_string(), String::new());
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if !told.contains(&words) {
            let _ = write!(more, ": {words}");
            told.push_str(&words);
        }
        cause = error.source();
    }
    more
}

/// The engine, how fast it answers, and how many connections there are.
fn told(survey: &Survey) -> String {
    let Survey { engine, latency, isolation, connections, connections_allowed, .. } = survey;
    let mut words = engine.clone();
    if let Some(isolation) = isolation {
        let _ = write!(words, ", {isolation}");
    }
    let ms = latency.as_secs_f64() * 1_000.0;
    let _ = write!(words, ", answers in {ms:.1} ms, up to {connections} connections a server");
    if let Some(allowed) = connections_allowed {
        let _ = write!(words, " of {allowed} that it takes");
    }
    words
}

/// Reads a little of a store whose tables are up to date.
fn read(url: &StorageUrl) -> anyhow::Result<OutboxCounts> {
    let stores = storage::open(url, false)?.stores();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(stores.documents.list(Slice::first(1)))?;
    Ok(runtime.block_on(stores.outbox.counts())?)
}

/// Whether secrets in the store can be opened.
fn key(settings: &Settings, places: &Places, store_is_there: bool) -> Finding {
    if settings.storage.key.is_some() {
        return Well("secrets are sealed with the key of the settings".to_owned());
    }
    match Key::read(&places.key) {
        Ok(Some(_)) => Well(format!("secrets are sealed with that of {}", places.key.display())),
        Ok(None) if store_is_there => Note(format!(
            "{} is not there, so secrets sealed with it cannot be opened; bring it back",
            places.key.display()
        )),
        Ok(None) => {
            Note(format!("{} is not there; the first start makes it", places.key.display()))
        }
        Err(error) => Bad(format!("{error:#}")),
    }
}

fn roots(places: &Places) -> Finding {
    let own = places.data_dir.join("data");
    let mut words = String::new();
    for root in &places.data_roots {
        if !root.is_dir() && *root != own {
            return Bad(format!(
                "{} is not there; make it, or take it out of sources.data_roots",
                root.display()
            ));
        }
        let _ = write!(words, "{}{}", if words.is_empty() { "" } else { ", " }, root.display());
    }
    Well(format!("data models may name files below {words}"))
}

/// Whether mails get out.
fn mail(settings: &Settings, places: &Places) -> Finding {
    let smtp = match adapters::smtp(&settings.mail) {
        Ok(Some(smtp)) => smtp,
        Ok(None) => {
            let folder = places.mail.display();
            return Note(format!(
                "there is no mail server, so mails become files in {folder}; set mail.host"
            ));
        }
        Err(error) => return Bad(format!("{error:#}")),
    };
    let words = format!("{}:{} takes mails from {}", smtp.host, smtp.port, smtp.from);
    let insecure = smtp.tls == SmtpTls::None && smtp.credentials.is_some();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let checked = runtime
        .map_err(anyhow::Error::from)
        .and_then(|runtime| Ok(runtime.block_on(SmtpMailer::new(smtp).check())?));
    match checked {
        Ok(()) if insecure => {
            Note(format!("{words}, but the password goes there in the clear; set mail.tls"))
        }
        Ok(()) => Well(words),
        Err(error) => Bad(error.to_string()),
    }
}

/// Whether links in mails lead here from other machines.
fn links(settings: &Settings) -> Finding {
    let Some(url) = &settings.site.url else {
        return Note(format!(
            "links in mails lead to {}, where the server listens; set site.url to what readers type",
            settings.server.listen
        ));
    };
    Well(format!("links in mails begin with {}", url.as_str()))
}

/// Whether families that layouts name often are there.
fn fonts() -> Finding {
    const FAMILIES: [&str; 8] = [
        "Arial",
        "Calibri",
        "Courier New",
        "Segoe UI",
        "Tahoma",
        "Times New Roman",
        "Verdana",
        "Microsoft Sans Serif",
    ];
    let library = FontLibrary::with_system();
    let missing: Vec<&str> =
        FAMILIES.into_iter().filter(|family| !library.has_family(family)).collect();
    if missing.is_empty() {
        Well("families that layouts name often are here, or faces of the same widths".to_owned())
    } else {
        Note(format!(
            "others stand in for {}, so lines may break elsewhere; install these where it matters",
            missing.join(", ")
        ))
    }
}

/// When a store that is a file was written last.
fn written(store: &StorageUrl) -> Option<DateTime<Utc>> {
    let metadata = store.file()?.metadata().ok()?;
    Some(metadata.modified().ok()?.into())
}

fn clock(
    now: DateTime<Utc>,
    written: Option<DateTime<Utc>>,
    by_store: Option<DateTime<Utc>>,
) -> Finding {
    let shown = now.format("%Y-%m-%d %H:%M:%S UTC");
    let apart = by_store.map_or(TimeDelta::zero(), |by_store| (by_store - now).abs());
    // Certificates, tokens and leases go wrong before anybody looks at the clock.
    if now < DateTime::UNIX_EPOCH + TimeDelta::days(365 * 56) {
        Bad(format!("it is {shown} by this machine; set the clock"))
    } else if written.is_some_and(|written| written > now + TimeDelta::minutes(5)) {
        Bad(format!(
            "it is {shown} by this machine, but the store was written later; set the clock"
        ))
    } else if apart > TimeDelta::seconds(2) {
        Note(format!(
            "it is {shown} by this machine, and {} seconds earlier or later by that of the store, which \
             counts; set both by one time server",
            apart.num_seconds()
        ))
    } else {
        Well(format!("it is {shown}; reports are written as in {}", Culture::default().name()))
    }
}

fn address(settings: &Settings) -> Finding {
    let listen = &settings.server.listen;
    match std::net::TcpListener::bind(listen) {
        Ok(_) => Well(format!("{listen} is free")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            Note(format!("{listen} is in use: a server runs already, or another program does"))
        }
        Err(error) => Bad(format!("cannot listen on {listen}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SqliteFile;

    fn is_bad(finding: &Finding) -> bool {
        matches!(finding, Bad(_))
    }

    #[test]
    fn clocks_that_are_wrong() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let now = at("2027-01-01T00:00:00Z");
        assert!(is_bad(&clock(at("1970-01-01T00:03:00Z"), None, None)));
        assert!(is_bad(&clock(now, Some(at("2027-01-02T00:00:00Z")), None)));
        assert!(!is_bad(&clock(now, Some(at("2026-12-31T00:00:00Z")), None)));
        assert!(matches!(clock(now, None, Some(at("2026-12-31T23:58:00Z"))), Note(_)));
        assert!(matches!(clock(now, None, Some(at("2027-01-01T00:00:30Z"))), Note(_)));
        assert!(matches!(clock(now, None, Some(at("2027-01-01T00:00:01Z"))), Well(_)));
    }

    #[test]
    fn folders_that_are_missing_are_made_by_the_first_start() {
        let folder_of_test = tempfile::tempdir().unwrap();
        assert!(matches!(folder(folder_of_test.path()), Well(_)));
        assert!(matches!(folder(&folder_of_test.path().join("none")), Note(_)));
        let store_at = |name: &str| {
            let url = SqliteFile::from(folder_of_test.path().join(name)).into();
            store(&url, storage::survey(&url))
        };
        assert!(matches!(store_at("none.db"), Note(_)));
        std::fs::write(folder_of_test.path().join("other.db"), "no database").unwrap();
        assert!(is_bad(&store_at("other.db")));
    }
}
