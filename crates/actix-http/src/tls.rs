//! TLS: a certificate and its key, read again when they are renewed.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// A certificate and its key as PEM files. Where they are renewed, new connections get the new
/// certificate within a minute; where the new files cannot be read, they keep the old one.
#[derive(Clone)]
pub struct Tls {
    files: Arc<Files>,
}

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or is no PEM of what it should hold.
    #[error("the {what} in {file} cannot be read: {why}; give a PEM file")]
    File {
        /// What it should hold.
        what: &'static str,
        /// The file.
        file: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// They do not belong together, or are of a kind that is not known.
    #[error("the certificate in {certificate} and the key in {key} cannot be used: {why}")]
    Pair {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
        /// What is wrong.
        why: String,
    },
}

impl Tls {
    /// Reads a certificate with those that vouch for it, and its key.
    ///
    /// # Errors
    /// See [`TlsError`].
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let pair = read(certificate, key)?;
        let current = Current { pair, looked: Instant::now(), stamp: stamp(certificate, key) };
        Ok(Self {
            files: Arc::new(Files {
                certificate: certificate.to_owned(),
                key: key.to_owned(),
                current: Mutex::new(current),
            }),
        })
    }

    /// What a listener needs.
    pub(crate) fn server_config(&self) -> Result<ServerConfig, rustls::Error> {
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        Ok(builder
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(self.files.clone()))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("certificate", &self.files.certificate).finish_non_exhaustive()
    }
}

struct Files {
    certificate: PathBuf,
    key: PathBuf,
    current: Mutex<Current>,
}

struct Current {
    pair: Arc<CertifiedKey>,
    looked: Instant,
    stamp: Stamp,
}

/// When both files were last written, as far as it can be told.
type Stamp = (Option<SystemTime>, Option<SystemTime>);

fn stamp(certificate: &Path, key: &Path) -> Stamp {
    let written = |file: &Path| std::fs::metadata(file).and_then(|file| file.modified()).ok();
    (written(certificate), written(key))
}

impl Files {
    fn current(&self, now: Instant) -> Arc<CertifiedKey> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_duration_since(current.looked) >= LOOK_EVERY {
            current.looked = now;
            let stamp = stamp(&self.certificate, &self.key);
            if stamp != current.stamp {
                match read(&self.certificate, &self.key) {
                    Ok(pair) => {
                        (current.pair, current.stamp) = (pair, stamp);
                        tracing::info!("new connections get the renewed certificate");
                    }
                    Err(error) => tracing::warn!("the old certificate stays: {error}"),
                }
            }
        }
        current.pair.clone()
    }
}

impl ResolvesServerCert for Files {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current(Instant::now()))
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Files").finish_non_exhaustive()
    }
}

fn read(certificate: &Path, key: &Path) -> Result<Arc<CertifiedKey>, TlsError> {
    let unreadable =
        |what, file: &Path, why: String| TlsError::File { what, file: file.into(), why };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|error| unreadable("certificate", certificate, error.to_string()))?;
    if chain.is_empty() {
        return Err(unreadable("certificate", certificate, "it holds none".to_owned()));
    }
    let private = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| unreadable("key", key, error.to_string()))?;
    CertifiedKey::from_der(chain, private, &ring::default_provider()).map(Arc::new).map_err(
        |error| TlsError::Pair {
            certificate: certificate.into(),
            key: key.into(),
            why: error.to_string(),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str) -> (String, String) {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn a_renewed_certificate_is_taken_and_a_broken_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = (folder.path().join("c.pem"), folder.path().join("k.pem"));
        let write = |(c, k): &(String, String), seconds| {
            for (file, text) in [(&certificate, c), (&key, k)] {
                std::fs::write(file, text).unwrap();
                let file = std::fs::File::options().write(true).open(file).unwrap();
                file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
            }
        };
        write(&pair("one.example"), 1);
        let tls = Tls::read(&certificate, &key).unwrap();
        let start = tls.files.current.lock().unwrap().looked;
        let serial = |after| tls.files.current(start + after).cert[0].clone();
        let first = serial(Duration::ZERO);
        write(&pair("two.example"), 2);
        assert_eq!(serial(LOOK_EVERY / 2), first, "the files are looked at once a minute");
        let second = serial(LOOK_EVERY);
        assert_ne!(second, first);
        write(&("no certificate".into(), "no key".into()), 3);
        assert_eq!(serial(LOOK_EVERY * 2), second);
    }

    #[test]
    fn what_is_wrong_with_the_files_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let (one, other) = (pair("one.example"), pair("other.example"));
        let (certificate, key) = (file("c.pem", &one.0), file("k.pem", &one.1));
        let stranger = file("other.pem", &other.1);
        let empty = file("empty.pem", "");
        let check = |certificate: &Path, key: &Path, expect: &str| {
            let error = Tls::read(certificate, key).unwrap_err().to_string();
            let error = error.replace(&format!("{}/", folder.path().display()), "");
            assert!(error.starts_with(expect), "{error}");
        };
        check(&empty, &key, "the certificate in empty.pem cannot be read: it holds none");
        check(&certificate, &empty, "the key in empty.pem cannot be read: ");
        check(&folder.path().join("none"), &key, "the certificate in none cannot be read: ");
        check(
            &certificate,
            &stranger,
            "the certificate in c.pem and the key in other.pem cannot be used: ",
        );
    }
}
