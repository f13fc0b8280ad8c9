//! The adapters of this build: the one place where they are chosen.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use pressroom_application::{Exporters, ListExporters};
use pressroom_delivery::{FolderBlobs, Sender, SmtpMailer, SmtpSettings, SpillFolder, SpoolMailer};
use pressroom_domain::Secret;
use pressroom_export_csv::CsvExporter;
use pressroom_export_list::ListPrinter;
use pressroom_export_pdf::PdfExporter;
use pressroom_identity::OpenIdProvider;
use pressroom_outbound::{HttpFetcher, Policy};
use pressroom_ports::{BlobStore, DataSources, IdentityProvider, Mailer, Random, SystemClock};
use pressroom_sources::{Files, Sources};

use crate::config::{self, BlobPlace, Blobs, BucketPlace, Identity, Mail};

/// Writers of documents.
pub(crate) fn exporters() -> Exporters {
    Exporters::new(vec![Arc::new(PdfExporter)])
}

/// Writers of lists.
pub(crate) fn list_exporters() -> ListExporters {
    ListExporters::new(vec![Arc::new(CsvExporter), Arc::new(ListPrinter)])
}

/// Customers' databases: files below some roots, but for what is denied, and documents of the web that
/// the policy lets through.
pub(crate) fn databases(
    roots: Vec<PathBuf>,
    denied: Vec<PathBuf>,
    web: Policy,
) -> impl DataSources {
    Sources::new(Files { roots, denied }).fetching_by(Arc::new(HttpFetcher::new(web)))
}

/// The policy of the settings.
pub(crate) fn web(settings: &config::Sources) -> Policy {
    Policy { trusted: settings.trusted_hosts.clone(), private: settings.private_hosts.clone() }
}

/// Where a provider sends browsers back to, below the site's address.
const CALLBACK: &str = "/oauth/external/callback";

/// Another provider that says who somebody is, where the settings name one.
pub(crate) fn identity(
    settings: &Identity,
    site_url: &str,
) -> anyhow::Result<Option<Arc<dyn IdentityProvider>>> {
    let Some(issuer) = &settings.issuer else { return Ok(None) };
    let client_id = settings.client_id.clone().context(
        "signing in through identity.issuer needs what it calls this site; set identity.client_id",
    )?;
    let config = pressroom_identity::Config {
        name: settings.name.clone(),
        issuer: issuer.clone(),
        client_id,
        client_secret: settings.client_secret.clone(),
        scopes: settings.scopes.clone(),
        redirect_url: format!("{}{CALLBACK}", site_url.trim_end_matches('/')),
        timeout: pressroom_identity::Config::TIMEOUT,
    };
    let provider = OpenIdProvider::new(config, Arc::new(SystemClock), Arc::new(SystemRandom));
    Ok(Some(Arc::new(provider.context("the settings of [identity] cannot be used")?)))
}

/// Where bytes are kept: a folder or a bucket. What is written to a bucket waits in `spool` until it
/// is whole. Blocks.
pub(crate) fn blobs(
    place: &BlobPlace,
    settings: &Blobs,
    spool: &Path,
) -> anyhow::Result<Arc<dyn BlobStore>> {
    let access = match (&settings.access_key, &settings.secret_key) {
        (Some(key), Some(secret)) => Some((key.clone(), secret.clone())),
        (None, None) => None,
        (Some(_), None) => {
            bail!("blobs.access_key is set, but blobs.secret_key is not; set both or none")
        }
        (None, Some(_)) => {
            bail!("blobs.secret_key is set, but blobs.access_key is not; set both or none")
        }
    };
    match place {
        // A finished export can be asked for again: a short one must not wait for the disk.
        BlobPlace::Folder(folder) => Ok(Arc::new(FolderBlobs::open(folder)?.with_quick_writers())),
        BlobPlace::Bucket(bucket) => objects(bucket, access, spool),
    }
}

#[cfg(feature = "s3")]
fn objects(
    bucket: &BucketPlace,
    access: Option<(String, Secret)>,
    spool: &Path,
) -> anyhow::Result<Arc<dyn BlobStore>> {
    let BucketPlace { name, prefix, region, endpoint, path_style } = bucket.clone();
    let endpoint = endpoint.map(|endpoint| endpoint.as_str().to_owned());
    let bucket = pressroom_delivery::Bucket { name, prefix, region, endpoint, path_style, access };
    Ok(Arc::new(pressroom_delivery::ObjectBlobs::open(&bucket, spool)?))
}

/// Addresses of buckets are refused where they are read.
#[cfg(not(feature = "s3"))]
fn objects(
    bucket: &BucketPlace,
    _access: Option<(String, Secret)>,
    _spool: &Path,
) -> anyhow::Result<Arc<dyn BlobStore>> {
    bail!("this build has no adapter for {bucket}")
}

/// Temporary files of reports in a folder.
pub(crate) fn temporary_files(folder: &Path) -> io::Result<SpillFolder> {
    SpillFolder::open(folder)
}

/// Where mails go: to the mail server of the settings, or into a folder where there is none.
pub(crate) fn mailer(settings: &Mail, spool: &Path) -> anyhow::Result<Arc<dyn Mailer>> {
    Ok(match smtp(settings)? {
        Some(smtp) => Arc::new(SmtpMailer::new(smtp)),
        None => {
            let from = match &settings.from {
                Some(from) => from.clone(),
                None => SPOOL_SENDER.parse().context("mails have no sender")?,
            };
            Arc::new(SpoolMailer::new(spool, from))
        }
    })
}

/// Who mails are from that go nowhere.
const SPOOL_SENDER: &str = "Pressroom <pressroom@localhost>";

/// The mail server of the settings, if there is one.
pub(crate) fn smtp(settings: &Mail) -> anyhow::Result<Option<SmtpSettings>> {
    let Mail { host, port, tls, user, password, from } = settings;
    let Some(host) = host.clone().filter(|host| !host.is_empty()) else { return Ok(None) };
    let from: Sender =
        from.clone().context("mail.host is set, but mail.from is not; say who mails are from")?;
    let credentials = match (user, password) {
        (Some(user), Some(password)) => Some((user.clone(), password.clone())),
        (None, None) => None,
        (Some(_), None) => bail!("mail.user is set, but mail.password is not; set both or none"),
        (None, Some(_)) => bail!("mail.password is set, but mail.user is not; set both or none"),
    };
    let port = port.map_or(tls.port(), |port| port.0);
    Ok(Some(SmtpSettings { host, port, tls: *tls, credentials, from }))
}

/// Random bytes of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // Nothing that a caller does makes it fail; and a server that guesses its secrets must not run.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Port;
    use pressroom_delivery::SmtpTls;

    pressroom_contracts::machine_contract!(|| (SystemClock, SystemRandom));

    #[test]
    fn an_access_key_needs_its_secret() {
        let folder = tempfile::tempdir().unwrap();
        let check = |key: Option<&str>, secret: Option<&str>, expect: &str| {
            let settings = Blobs {
                url: None,
                access_key: key.map(str::to_owned),
                secret_key: secret.map(Secret::new),
            };
            let place = BlobPlace::Folder(folder.path().join("blobs"));
            let got = blobs(&place, &settings, folder.path()).map(|_| "opened".to_owned());
            assert_eq!(got.unwrap_or_else(|error| error.to_string()), expect);
        };
        check(None, None, "opened");
        check(Some("ann"), Some("hunter2"), "opened");
        check(
            Some("ann"),
            None,
            "blobs.access_key is set, but blobs.secret_key is not; set both or none",
        );
        check(
            None,
            Some("hunter2"),
            "blobs.secret_key is set, but blobs.access_key is not; set both or none",
        );
    }

    #[test]
    fn a_mail_server_needs_a_sender_and_a_whole_account() {
        let check = |change: &dyn Fn(&mut Mail), expect: &str| {
            let mut settings = Mail { host: Some("mail.example.com".into()), ..Mail::default() };
            settings.from = "reports@example.com".parse().ok();
            change(&mut settings);
            let got = match smtp(&settings) {
                Ok(None) => "none".to_owned(),
                Ok(Some(smtp)) => format!("{}:{}", smtp.host, smtp.port),
                Err(error) => error.to_string(),
            };
            assert_eq!(got, expect);
        };
        check(&|_| {}, "mail.example.com:587");
        check(&|settings| settings.tls = SmtpTls::Tls, "mail.example.com:465");
        check(&|settings| settings.tls = SmtpTls::None, "mail.example.com:25");
        check(&|settings| settings.port = Some(Port(2525)), "mail.example.com:2525");
        check(&|settings| settings.host = None, "none");
        check(
            &|settings| settings.from = None,
            "mail.host is set, but mail.from is not; say who mails are from",
        );
        check(
            &|settings| settings.user = Some("ann".into()),
            "mail.user is set, but mail.password is not; set both or none",
        );
    }
}
