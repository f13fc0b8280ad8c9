//! The ports and settings that a site is made of.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use pressroom_data::{Culture, SpillStore};
use pressroom_domain::Format;
use pressroom_fonts::FontLibrary;
use pressroom_ports::{
    BlobStore, Clock, DataSources, Exporter, IdentityProvider, ListExporter, Mailer,
    PasswordHasher, Random, Stores,
};
use tokio::sync::Notify;

use crate::exports::RunningExports;
use crate::layouts::LayoutCache;
use crate::listing::ListCaches;
use crate::nodes::Draining;
use crate::outages::Outages;
use crate::sign_in::external::{ExternalSettings, PendingSignIns};
use crate::tokens::Attempts;

/// The ports and settings that a site is made of. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// Where entities are kept.
    pub stores: Stores,
    /// Where bytes are kept.
    pub blobs: Arc<dyn BlobStore>,
    /// Customers' databases.
    pub sources: Arc<dyn DataSources>,
    /// Writers of documents.
    pub exporters: Exporters,
    /// Writers of lists.
    pub list_exporters: ListExporters,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub random: Arc<dyn Random>,
    /// Passwords.
    pub passwords: Arc<dyn PasswordHasher>,
    /// Who failed to sign in lately.
    pub attempts: Arc<Attempts>,
    /// Another provider that says who somebody is, where the site has one.
    pub identity: Option<Arc<dyn IdentityProvider>>,
    /// Sign-ins that have gone there and not come back yet.
    pub pending: Arc<PendingSignIns>,
    /// Fonts.
    pub fonts: Arc<FontLibrary>,
    /// Where rows and pages wait that are too many for memory.
    pub spill: Arc<dyn SpillStore>,
    /// Entities that were listed lately.
    pub lists: Arc<ListCaches>,
    /// Layouts that were read lately.
    pub layouts: Arc<LayoutCache>,
    /// The exports that this node works on.
    pub running: Arc<RunningExports>,
    /// Whether this node was told to end.
    pub draining: Arc<Draining>,
    /// Where mails go.
    pub mailer: Arc<dyn Mailer>,
    /// Told when a mail was written here, so that it goes out at once.
    pub mail_queued: Arc<Notify>,
    /// Told when work was queued here, so that a worker need not wait for its next look.
    pub work_queued: Arc<Notify>,
    /// What of the store is away.
    pub outages: Arc<Outages>,
    /// How the site is set up.
    pub settings: Arc<Settings>,
}

/// Which custom SQL data models take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CustomSql {
    /// None.
    Deny,
    /// One statement that only reads, by the database's own parser.
    #[default]
    SelectOnly,
    /// Any one statement. Those that do more than read are stored, and still never run.
    All,
}

/// How a site is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long a token works.
    pub token_lifetime: Duration,
    /// How long a sign-in can be refreshed that nobody refreshes.
    pub refresh_lifetime: Duration,
    /// What those may do whom another provider knows.
    pub external: ExternalSettings,
    /// How long somebody stays signed in in a browser while they are at work.
    pub session_time: Duration,
    /// Whether administrators may see the secrets of data models, for a day from the first start so.
    pub reveal_connection_passwords: bool,
    /// Which custom SQL data models take.
    pub custom_sql: CustomSql,
    /// Whether connection strings that layouts carry are used where no data model has their name.
    pub allow_embedded_connections: bool,
    /// Whether an update must say which state it saw.
    pub require_lock: bool,
    /// Whether the guest, who needs no password, may sign in.
    pub guest: bool,
    /// How reports write numbers and dates where they do not say.
    pub culture: &'static Culture,
    /// The largest layout.
    pub layout_bytes: u64,
    /// How long a worker's claim on an export holds without a sign of life.
    pub lease: Duration,
    /// The longest that one export may take.
    pub export_time: Duration,
    /// The most pages of one export.
    pub export_pages: usize,
    /// The most rows that one export may read.
    pub export_rows: u64,
    /// The most bytes of rows that one export may hold in memory.
    pub export_memory_bytes: usize,
    /// The longest that a query may keep an export waiting, where its data model does not say.
    pub query_time: Duration,
    /// How long the file of an export is kept.
    pub result_kept: Duration,
    /// How long lines of the audit trail are kept; none is for ever.
    pub audit_kept: Option<Duration>,
    /// What the site is called.
    pub site_name: String,
    /// The address at which readers find the site: links in mails begin with it.
    pub site_url: String,
    /// The time that documents are printed at, where it is fixed so that the same rows give the same
    /// bytes.
    pub printed_at: Option<DateTime<Utc>>,
    /// The folders below which jobs may write files.
    pub folder_roots: Vec<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            token_lifetime: Duration::from_secs(1_199),
            refresh_lifetime: Duration::from_secs(14 * 24 * 60 * 60),
            external: ExternalSettings::default(),
            session_time: Duration::from_secs(12 * 60 * 60),
            reveal_connection_passwords: false,
            custom_sql: CustomSql::default(),
            allow_embedded_connections: false,
            require_lock: true,
            guest: false,
            culture: Culture::default(),
            layout_bytes: 32 << 20,
            lease: Duration::from_secs(10),
            export_time: Duration::from_secs(30 * 60),
            export_pages: 50_000,
            export_rows: 20_000_000,
            export_memory_bytes: 256 << 20,
            query_time: Duration::from_secs(5 * 60),
            result_kept: Duration::from_secs(60 * 60),
            audit_kept: None,
            site_name: "Pressroom".to_owned(),
            site_url: "http://127.0.0.1:8080".to_owned(),
            printed_at: None,
            folder_roots: Vec::new(),
        }
    }
}

/// Writers of documents, by format.
#[derive(Clone, Default)]
pub struct Exporters(Vec<Arc<dyn Exporter>>);

impl Exporters {
    /// These writers; of two for one format the first counts.
    #[must_use]
    pub fn new(exporters: Vec<Arc<dyn Exporter>>) -> Self {
        Self(exporters)
    }

    /// The writer of a format.
    #[must_use]
    pub fn find(&self, format: Format) -> Option<&Arc<dyn Exporter>> {
        self.0.iter().find(|exporter| exporter.format() == format)
    }

    /// The names of the formats that can be written.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|exporter| exporter.format().name()).collect()
    }
}

/// Writers of lists, by the end of their files' names.
#[derive(Clone, Default)]
pub struct ListExporters(Vec<Arc<dyn ListExporter>>);

impl ListExporters {
    /// These writers; of two for one ending the first counts.
    #[must_use]
    pub fn new(exporters: Vec<Arc<dyn ListExporter>>) -> Self {
        Self(exporters)
    }

    /// The writer of files that end so, in any letter case.
    #[must_use]
    pub fn find(&self, extension: &str) -> Option<&Arc<dyn ListExporter>> {
        self.0.iter().find(|exporter| exporter.extension().eq_ignore_ascii_case(extension))
    }

    /// The endings of the files that can be written.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|exporter| exporter.extension()).collect()
    }
}
