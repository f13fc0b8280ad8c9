//! Connections that are encrypted.

use std::sync::Arc;
use std::time::Duration;

use pressroom_contracts::servers::{Database, Missing, Postgres};
use pressroom_data::SourceError;
use pressroom_ports::{DataSources, QueryLimits};
use pressroom_sources::{Files, Sources};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tempfile::TempDir;

use crate::site::{blocking, model, statement};

/// Who issues certificates, with its own in a file of the data root.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new(root: &TempDir, name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        std::fs::write(root.path().join(format!("{name}.pem")), issuer.pem()).unwrap();
        Self(issuer)
    }

    /// Has a server show a certificate that is made out to a name, to all that come.
    async fn certify(&self, server: &Arc<Postgres>, name: &str) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap().pem();
        let (server, key) = (server.clone(), key.serialize_pem());
        blocking(move || server.encrypt(&certificate, &key, true)).await;
    }
}

async fn dedicated() -> (Arc<Postgres>, Database) {
    blocking(|| {
        let server = Postgres::dedicated().unwrap_or_else(Missing::skip);
        let database = server.database();
        (Arc::new(server), database)
    })
    .await
}

#[test]
fn as_much_of_a_certificate_counts_as_sslmode_says() {
    pressroom_contracts::run(async {
        let root = tempfile::tempdir().unwrap();
        let (ours, _theirs) = (Authority::new(&root, "ours"), Authority::new(&root, "theirs"));
        std::fs::write(root.path().join("none.pem"), "no certificate").unwrap();
        let (server, database) = dedicated().await;
        let files = Files { roots: vec![root.path().to_owned()], denied: Vec::new() };
        let sources = Sources::new(files);
        let here = "127.0.0.1";
        for (name, options, refused) in [
            (here, "", None),
            (here, "sslmode=require", None),
            (here, "sslmode=require&Trust%20Server%20Certificate=true", None),
            (here, "sslmode=verify-ca&sslrootcert=ours.pem", None),
            (here, "SSL%20Mode=VerifyFull&Root%20Certificate=ours.pem", None),
            (here, "sslmode=verify-full&sslrootcert=theirs.pem", Some("nobody who is trusted")),
            (here, "sslmode=require&sslrootcert=theirs.pem", Some("nobody who is trusted")),
            (here, "sslmode=verify-full", Some("certificate")),
            (here, "sslmode=verify-full&sslrootcert=none.pem", Some("no certificates")),
            (here, "sslmode=verify-full&sslrootcert=/etc/passwd", Some("outside of the folders")),
            (here, "sslmode=disable", Some("does not let the account in")),
            ("other.example", "sslmode=verify-ca&sslrootcert=ours.pem", None),
            ("other.example", "sslmode=verify-full&sslrootcert=ours.pem", Some("made out to")),
        ] {
            ours.certify(&server, name).await;
            let model = model(&format!("{}?{options}", database.url));
            match (sources.test(&model).await, refused) {
                (Ok(()), None) => {}
                (Err(SourceError::Away { message, .. }), Some(expect)) => {
                    assert!(message.contains(expect), "{name} {options}: {message}");
                }
                (outcome, _) => panic!("{name} {options}: {outcome:?}"),
            }
            sources.forget(model.id);
        }

        // Telling the server to stop goes the same way.
        let model = model(&format!("{}?sslmode=verify-ca&sslrootcert=ours.pem", database.url));
        let slow = statement("select pg_sleep(300), 'through tls' as marker", &[]);
        let limits = QueryLimits { timeout: Duration::from_secs(1), ..QueryLimits::default() };
        assert!(sources.open(&model, &slow, &limits).await.is_err());
        let database = Arc::new(database);
        for _ in 0..100 {
            let database = database.clone();
            let running = blocking(move || {
                database.sql(
                    "select count(*) from pg_stat_activity where state <> 'idle'
                     and query like '%through tls%' and pid <> pg_backend_pid()",
                )
            });
            if running.await.trim() == "0" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it goes on");
    });
}
