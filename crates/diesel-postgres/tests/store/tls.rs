//! Connections to a real PostgreSQL that encrypts them.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use pressroom_contracts::build;
use pressroom_contracts::servers::{Database, Missing, Postgres};
use pressroom_diesel_postgres::{OpenError, Store};
use pressroom_ports::{CategoryRepository, Queue, Slice, Stores, WorkSignals};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use tempfile::TempDir;

use crate::support::{becomes, blocking, open};

/// Where the servers of these tests listen.
const HERE: [&str; 2] = ["127.0.0.1", "localhost"];

/// Who issues certificates.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: PathBuf,
}

impl Authority {
    fn new(folder: &TempDir, name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let file = folder.path().join(format!("{name}.pem"));
        fs::write(&file, issuer.pem()).unwrap();
        Self { issuer, file }
    }

    /// Has a server show a certificate that is made out to these names.
    async fn certify(&self, server: &Postgres, names: &[&str], only: bool) {
        let names = names.iter().map(ToString::to_string).collect::<Vec<_>>();
        self.certify_as(server, CertificateParams::new(names).unwrap(), only).await;
    }

    async fn certify_as(&self, server: &Postgres, params: CertificateParams, only: bool) {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().pem();
        show(server, certificate, &key, only).await;
    }
}

/// Has a server show a certificate, to all that want to see one or, with `only`, to all that come.
async fn show(server: &Postgres, certificate: String, key: &KeyPair, only: bool) {
    let (server, key) = (server.clone(), key.serialize_pem());
    blocking(move || server.encrypt(&certificate, &key, only)).await;
}

/// A server of this test, and a database on it.
async fn dedicated() -> (Postgres, Database) {
    blocking(|| {
        let server = Postgres::dedicated().unwrap_or_else(Missing::skip);
        let database = server.database();
        (server, database)
    })
    .await
}

/// What the server says of the encryption of a store's connections: a line for each kind.
fn encryption(database: &Database, of: &str) -> String {
    database.sql(&format!(
        "select distinct coalesce(version, 'none') from pg_stat_ssl join pg_stat_activity using (pid)
         where datname = current_database() and application_name = 'pressroom' and {of}"
    ))
}

#[test]
fn everything_goes_through_tls_word_of_work_too() {
    pressroom_contracts::run(async {
        let folder = tempfile::tempdir().unwrap();
        let ours = Authority::new(&folder, "ours");
        let (server, database) = dedicated().await;
        ours.certify(&server, &HERE, true).await;
        let url =
            format!("{}?sslmode=verify-full&sslrootcert={}", database.url, ours.file.display());
        let here = open(&url, true).await.unwrap();
        // By its name too.
        let there = open(&url.replace("127.0.0.1", "localhost"), false).await.unwrap();
        CategoryRepository::create(&here, build::new_category("Größe 🧾")).await.unwrap();
        assert_eq!(CategoryRepository::list(&there, Slice::first(9)).await.unwrap().len(), 1);

        // Each asks for the number of its process when it begins to listen.
        let listens = "query like '%pg_backend_pid%' and query not like '%pg_stat_ssl%'";
        assert!(becomes(async || encryption(&database, listens) == "TLSv1.3").await);
        assert_eq!(encryption(&database, "true"), "TLSv1.3");
        let stores = Stores::of(Arc::new(here));
        let owner = build::user(&stores, "ann").await.id;
        let mut number = 0;
        let heard = becomes(async || {
            number += 1;
            stores.exports.enqueue(build::new_export(number, owner, build::at(1))).await.unwrap();
            let queued = there.queued(Queue::Exports);
            tokio::time::timeout(Duration::from_millis(500), queued).await.is_ok()
        });
        assert!(heard.await);
    });
}

#[test]
fn as_much_of_a_certificate_counts_as_sslmode_says() {
    pressroom_contracts::run(async {
        let folder = tempfile::tempdir().unwrap();
        let (ours, theirs) = (Authority::new(&folder, "ours"), Authority::new(&folder, "theirs"));
        let (server, database) = dedicated().await;
        let check = async |parameters: &str, refused: Option<&str>| {
            let url = format!("{}?{parameters}", database.url);
            match (open(&url, true).await, refused) {
                (Ok(store), None) => {
                    CategoryRepository::list(&store, Slice::first(1)).await.unwrap();
                    assert_eq!(encryption(&database, "true"), "TLSv1.3");
                }
                // Waiting does not help.
                (Err(error @ OpenError::Database { .. }), Some(words)) => {
                    assert!(error.to_string().contains(words), "{parameters}: {error}");
                }
                (opened, _) => panic!("{parameters}: {opened:?}"),
            }
        };
        let by = |mode: &str, authority: &Authority| {
            format!("sslmode={mode}&sslrootcert={}", authority.file.display())
        };
        let (name, issuer) =
            ("write a name in the address", "issued by nobody who is trusted here");

        ours.certify(&server, &["db.example.com"], false).await;
        check(&by("verify-full", &ours), Some(name)).await;
        check(&by("verify-ca", &ours), None).await;
        check("sslmode=require", None).await;
        check("", None).await;
        for mode in ["verify-full", "verify-ca", "require", "prefer"] {
            check(&by(mode, &theirs), Some(issuer)).await;
        }

        let mut long_ago = CertificateParams::new(HERE.map(str::to_owned)).unwrap();
        long_ago.not_after = date_time_ymd(2001, 1, 1);
        ours.certify_as(&server, long_ago, false).await;
        check(&by("verify-full", &ours), Some("expired")).await;
        check(&by("verify-ca", &ours), Some("expired")).await;
    });
}

/// Whoever needs no authority makes a certificate that is its own issuer, and trusts that.
#[test]
fn a_certificate_may_be_its_own_issuer() {
    pressroom_contracts::run(async {
        let folder = tempfile::tempdir().unwrap();
        let (server, database) = dedicated().await;
        for (names, full) in [(&HERE[..], true), (&["db.example.com"], false)] {
            let names = names.iter().map(ToString::to_string).collect::<Vec<_>>();
            let mut params = CertificateParams::new(names).unwrap();
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let key = KeyPair::generate().unwrap();
            let certificate = params.self_signed(&key).unwrap().pem();
            let file = folder.path().join("server.pem");
            fs::write(&file, &certificate).unwrap();
            show(&server, certificate, &key, false).await;
            for (mode, opens) in [("verify-full", full), ("verify-ca", true)] {
                let url = format!("{}?sslmode={mode}&sslrootcert={}", database.url, file.display());
                match open(&url, true).await {
                    Ok(_) => assert!(opens, "{mode}"),
                    Err(error) => {
                        assert!(!opens, "{mode}: {error}");
                        assert!(error.to_string().contains("write a name"), "{error}");
                    }
                }
            }
        }
    });
}

#[test]
fn a_server_that_wants_encryption_says_so_to_who_comes_without() {
    pressroom_contracts::run(async {
        let folder = tempfile::tempdir().unwrap();
        let (server, database) = dedicated().await;
        Authority::new(&folder, "ours").certify(&server, &HERE, true).await;
        let error = open(&format!("{}?sslmode=disable", database.url), true).await.unwrap_err();
        assert!(matches!(error, OpenError::Database { .. }), "{error:?}");
        assert!(error.to_string().contains("write sslmode=verify-full in the address"), "{error}");
        let store: Store = open(&database.url, true).await.unwrap();
        CategoryRepository::create(&store, build::new_category("Sales")).await.unwrap();
        assert_eq!(encryption(&database, "true"), "TLSv1.3");
    });
}

#[test]
fn who_wants_encryption_is_told_that_a_server_has_none() {
    pressroom_contracts::run(async {
        let database =
            blocking(|| Postgres::shared().unwrap_or_else(Missing::skip).database()).await;
        let error = open(&format!("{}?sslmode=require", database.url), true).await.unwrap_err();
        assert!(matches!(error, OpenError::Database { .. }), "{error:?}");
        assert!(error.to_string().contains("turn ssl on there"), "{error}");
        drop(open(&format!("{}?sslmode=prefer", database.url), true).await.unwrap());
    });
}
