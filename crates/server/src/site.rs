//! A site put together from its settings: the store, the folders, the engine.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use pressroom_application::audit::SharedLooks;
use pressroom_application::sign_in::external::{ExternalSettings, PendingSignIns};
use pressroom_application::storage::is_half_copied;
use pressroom_application::tokens::RememberedSessions;
use pressroom_application::{
    App, Argon2Hasher, LayoutCache, Settings as SiteSettings, SharedClock,
};
use pressroom_fonts::FontLibrary;
use pressroom_ports::Stores;

use crate::adapters::{self, SystemRandom};
use crate::clock;
use crate::config::{BlobPlace, Limits, Settings, SqliteFile, StorageUrl, WebAddress};
use crate::key::Key;
use crate::storage::{self, Store};

/// Where the things of a site are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Places {
    /// The folder of everything that is not told to be elsewhere.
    pub(crate) data_dir: PathBuf,
    /// The store.
    pub(crate) store: StorageUrl,
    /// The folder or bucket of layouts and finished files.
    pub(crate) blobs: BlobPlace,
    /// The folders below which customers' files lie.
    pub(crate) data_roots: Vec<PathBuf>,
    /// The folder of temporary files.
    pub(crate) temporary: PathBuf,
    /// The folder of mails where there is no mail server.
    pub(crate) mail: PathBuf,
    /// The file of the key that seals secrets.
    pub(crate) key: PathBuf,
}

impl Places {
    pub(crate) fn of(settings: &Settings) -> Self {
        let data_dir = settings.server.data_dir.clone();
        let own_store = || StorageUrl::from(SqliteFile::from(data_dir.join("pressroom.db")));
        let store = settings.storage.url.clone().unwrap_or_else(own_store);
        let own_blobs = || BlobPlace::Folder(data_dir.join("blobs"));
        let blobs = settings.blobs.url.clone().unwrap_or_else(own_blobs);
        let data_roots = match &*settings.sources.data_roots {
            [] => vec![data_dir.join("data")],
            roots => roots.to_vec(),
        };
        Self {
            store,
            blobs,
            temporary: data_dir.join("tmp"),
            mail: data_dir.join("mail"),
            key: data_dir.join("secret.key"),
            data_roots,
            data_dir,
        }
    }

    /// Makes the folders that a start needs.
    pub(crate) fn make(&self) -> anyhow::Result<()> {
        let store_folder = self.store.file().and_then(Path::parent).map(Path::to_owned);
        let blobs = self.blobs.folder().map(Path::to_owned);
        let folders = [&self.data_dir, &self.temporary].into_iter().cloned().chain(blobs);
        // Roots that the settings name are the operator's: a mistyped one must not come into being.
        let own_root = self.data_dir.join("data");
        let own_root = self.data_roots.contains(&own_root).then_some(own_root);
        for folder in folders.chain(store_folder).chain(own_root) {
            std::fs::create_dir_all(&folder).with_context(|| {
                format!("cannot make the folder {}; choose another --data-dir", folder.display())
            })?;
        }
        Ok(())
    }

    /// Opens the store, which is made where this is the first start of a site, and there only: a file
    /// that is named wrong must not become an empty site.
    pub(crate) fn open_or_make_store(&self) -> anyhow::Result<Store> {
        if let Some(file) = self.store.file().filter(|file| !file.exists())
            && let Some(left) = self.left_by_a_site()
        {
            bail!(
                "there is no store at {}, but {} holds {left} of a site: give the place of its store \
                 with --storage, or bring the file back; to begin anew, choose another --data-dir",
                file.display(),
                self.data_dir.display()
            );
        }
        Ok(storage::open(&self.store, true)?)
    }

    /// What only a site that has been started leaves behind.
    fn left_by_a_site(&self) -> Option<&'static str> {
        if self.key.exists() {
            return Some("the key");
        }
        let holds_files = |folder: &Path| {
            std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
        };
        self.blobs.folder().is_some_and(holds_files).then_some("documents")
    }
}

/// A site whose store is there already: none comes into being where a path was mistyped.
pub(crate) fn open(settings: &Settings) -> anyhow::Result<App> {
    let places = Places::of(settings);
    let store = storage::open(&places.store, false)?;
    let key = match &settings.storage.key {
        Some(key) => Some(key.clone()),
        None => Key::read(&places.key)?,
    };
    assemble(settings, &places, &store, key)
}

/// A site whose folders and store are made where they are missing.
pub(crate) fn open_or_make(settings: &Settings) -> anyhow::Result<App> {
    let places = Places::of(settings);
    places.make()?;
    let store = places.open_or_make_store()?;
    let key = match &settings.storage.key {
        Some(key) => key.clone(),
        None => Key::read_or_make(&places.key, &SystemRandom)?,
    };
    assemble(settings, &places, &store, Some(key))
}

/// Fails where a copy into the store was cut short: whatever was written to it now would be in the
/// way of the rest.
pub(crate) async fn refuse_half_copy(app: &App) -> anyhow::Result<()> {
    if is_half_copied(&app.stores).await? {
        bail!(
            "the store is being copied into, or was until the copy was cut short; run `pressroom \
             storage copy` again, then start the server"
        );
    }
    Ok(())
}

fn assemble(
    settings: &Settings,
    places: &Places,
    store: &Store,
    key: Option<Key>,
) -> anyhow::Result<App> {
    let site_settings = site_settings(settings)?;
    // Nodes that share a store share its key: what one began, another one finishes.
    let pending = key.as_ref().map(|key| Arc::new(PendingSignIns::with_key(key.bytes())));
    let pending = pending.unwrap_or_default();
    if let Some(key) = key {
        store.seal_with(key.sealing());
    }
    let blobs = adapters::blobs(&places.blobs, &settings.blobs, &places.temporary)?;
    let spill = adapters::temporary_files(&places.temporary)
        .with_context(|| format!("cannot make the folder {}", places.temporary.display()))?;
    let denied = [&places.temporary, &places.mail, &places.key].map(PathBuf::as_path);
    let denied = denied.into_iter().chain(places.store.file()).chain(places.blobs.folder());
    let denied = denied.map(Path::to_owned).collect();
    let mut stores = store.stores();
    if places.store.file().is_none() {
        // Nearly every request looks at the trail, and it is not in this process.
        stores.audit = Arc::new(SharedLooks::new(stores.audit));
    }
    let tokens = RememberedSessions::new(stores.tokens.clone(), stores.audit.clone());
    Ok(App {
        stores: Stores { tokens: Arc::new(tokens), ..stores },
        blobs,
        sources: Arc::new(adapters::databases(
            places.data_roots.clone(),
            denied,
            adapters::web(&settings.sources),
        )),
        exporters: adapters::exporters(),
        list_exporters: adapters::list_exporters(),
        clock: Arc::new(SharedClock::of_machine()),
        random: Arc::new(SystemRandom),
        passwords: Arc::new(Argon2Hasher::default()),
        attempts: Arc::default(),
        identity: adapters::identity(&settings.identity, &site_settings.site_url)?,
        pending,
        fonts: Arc::new(FontLibrary::with_system()),
        spill: Arc::new(spill),
        lists: Arc::default(),
        layouts: Arc::new(LayoutCache::default()),
        running: Arc::default(),
        draining: Arc::default(),
        mailer: adapters::mailer(&settings.mail, &places.mail)?,
        mail_queued: Arc::default(),
        work_queued: Arc::default(),
        outages: Arc::default(),
        settings: Arc::new(site_settings),
    })
}

fn site_settings(settings: &Settings) -> anyhow::Result<SiteSettings> {
    let Limits {
        export_seconds,
        export_pages,
        export_rows,
        export_memory_mb,
        query_seconds,
        result_seconds,
        layout_mb,
        // The API's own: see `serve`.
        requests_per_second: _,
        address_requests_per_second: _,
        request_seconds: _,
        json_mb: _,
    } = &settings.limits;
    let seconds = |seconds: &std::num::NonZeroU64| Duration::from_secs(seconds.get());
    let url = settings.site.url.as_ref().map(WebAddress::as_str);
    Ok(SiteSettings {
        token_lifetime: seconds(&settings.api.token_seconds),
        refresh_lifetime: seconds(&settings.api.refresh_seconds),
        external: ExternalSettings {
            create_users: settings.identity.create_users,
            groups: group_pairs(&settings.identity.groups)?,
        },
        session_time: seconds(&settings.portal.session_seconds),
        reveal_connection_passwords: settings.security.reveal_connection_passwords,
        custom_sql: settings.security.custom_sql,
        allow_embedded_connections: settings.security.allow_embedded_connections,
        require_lock: settings.api.require_lock,
        // Elsewhere it is for who knows where the server listens: see `serve`.
        guest: settings.security.guest,
        culture: settings.site.culture,
        layout_bytes: layout_mb.get().saturating_mul(1 << 20),
        lease: seconds(&settings.server.lease_seconds),
        export_time: seconds(export_seconds),
        export_pages: count(export_pages.get()),
        export_rows: export_rows.get(),
        export_memory_bytes: count(export_memory_mb.get().saturating_mul(1 << 20)),
        query_time: seconds(query_seconds),
        result_kept: seconds(result_seconds),
        audit_kept: (settings.audit.keep_days > 0)
            .then(|| Duration::from_secs(settings.audit.keep_days.saturating_mul(86_400))),
        folder_roots: settings.delivery.folder_roots.clone(),
        site_name: settings.site.name.clone(),
        printed_at: clock::given()?,
        site_url: url.map_or_else(|| format!("http://{}", settings.server.listen), str::to_owned),
    })
}

/// Pairs of groups, theirs and ours.
fn group_pairs(texts: &[String]) -> anyhow::Result<Vec<(String, String)>> {
    let pair = |text: &String| {
        let (theirs, ours) = text.split_once('=')?;
        let (theirs, ours) = (theirs.trim(), ours.trim());
        (!theirs.is_empty() && !ours.is_empty()).then(|| (theirs.to_owned(), ours.to_owned()))
    };
    let pairs = texts.iter().map(|text| {
        pair(text).with_context(|| {
            format!("the setting identity.groups holds \"{text}\"; a pair looks like theirs=ours")
        })
    });
    pairs.collect()
}

/// A number as this machine counts.
fn count(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_in_the_data_folder_unless_told_otherwise() {
        let mut settings = Settings::default();
        settings.server.data_dir = "/srv/pressroom".into();
        let places = Places::of(&settings);
        assert_eq!(places.store.file(), Some(Path::new("/srv/pressroom/pressroom.db")));
        assert_eq!(places.blobs.folder(), Some(Path::new("/srv/pressroom/blobs")));
        assert_eq!(places.data_roots, [Path::new("/srv/pressroom/data")]);
        settings.storage.url = Some("sqlite:///var/store.db".parse().unwrap());
        settings.blobs.url = Some("file:///var/blobs".parse().unwrap());
        settings.sources.data_roots = vec!["/var/data".into()];
        let places = Places::of(&settings);
        assert_eq!(places.store.file(), Some(Path::new("/var/store.db")));
        assert_eq!(places.blobs.folder(), Some(Path::new("/var/blobs")));
        assert_eq!(places.data_roots, [Path::new("/var/data")]);
    }

    #[test]
    fn a_store_is_made_for_a_new_site_only() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.server.data_dir = folder.path().join("data");
        let places = Places::of(&settings);
        let open = |places: &Places| {
            places.make().unwrap();
            places.open_or_make_store().map(drop).map_err(|error| error.to_string())
        };
        assert_eq!(open(&places), Ok(()));
        std::fs::write(&places.key, "a key").unwrap();
        assert_eq!(open(&places), Ok(()));

        // The same site with a name that is wrong, or gone.
        let file = folder.path().join("presroom.db");
        let mistyped = Places { store: SqliteFile::from(file.clone()).into(), ..places.clone() };
        let refused = open(&mistyped).unwrap_err();
        assert!(refused.starts_with("there is no store at "), "{refused}");
        assert!(
            refused.contains("holds the key of a site: give the place of its store"),
            "{refused}"
        );
        std::fs::remove_file(&places.key).unwrap();
        std::fs::write(places.blobs.folder().unwrap().join("some"), "bytes").unwrap();
        let refused = open(&mistyped).unwrap_err();
        assert!(refused.contains("holds documents of a site"), "{refused}");
        assert!(!file.exists());
    }

    #[test]
    fn groups_come_in_pairs() {
        let pairs = |text: &str| group_pairs(&[text.to_owned()]).map_err(|e| e.to_string());
        assert_eq!(pairs(" a = B c "), Ok(vec![("a".to_owned(), "B c".to_owned())]));
        for wrong in ["", "a", "=b", "a="] {
            let words = format!(
                "the setting identity.groups holds \"{wrong}\"; a pair looks like theirs=ours"
            );
            assert_eq!(pairs(wrong), Err(words));
        }
    }

    #[test]
    fn unset_settings_are_those_of_the_use_cases() {
        let (ours, theirs) =
            (site_settings(&Settings::default()).unwrap(), SiteSettings::default());
        assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
    }
}
