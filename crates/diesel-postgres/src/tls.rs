//! Whom to trust on the other side, in the words of PostgreSQL's own clients.

use std::error::Error as _;
use std::io;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use tokio_postgres::config::SslMode;

/// Whom to trust on the other side.
#[derive(Clone, Debug)]
pub(crate) struct Trust(Arc<ClientConfig>);

impl Trust {
    /// What `sslmode` and `sslrootcert` mean. Without a mode, a connection is encrypted where the
    /// other side can; with the name of a file, the certificate must come from one of its issuers.
    pub(crate) fn of(mode: Option<&str>, roots: Option<&str>) -> Result<(SslMode, Self), String> {
        let (ssl, check) = match (mode, roots) {
            (Some("disable"), _) => (SslMode::Disable, Check::Nothing),
            (Some("allow" | "prefer") | None, None) => (SslMode::Prefer, Check::Nothing),
            (Some("allow" | "prefer") | None, Some(_)) => (SslMode::Prefer, Check::Issuer),
            (Some("require"), None) => (SslMode::Require, Check::Nothing),
            (Some("require" | "verify-ca"), _) => (SslMode::Require, Check::Issuer),
            (Some("verify-full"), _) => (SslMode::Require, Check::IssuerAndName),
            (Some(_), _) => {
                return Err("its sslmode is not known; it is one of disable, prefer, require, \
                            verify-ca and verify-full"
                    .to_owned());
            }
        };
        Ok((ssl, Self(Arc::new(config(check, roots)?))))
    }

    pub(crate) fn config(&self) -> ClientConfig {
        (*self.0).clone()
    }
}

/// What of a certificate is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Check {
    Nothing,
    Issuer,
    IssuerAndName,
}

fn config(check: Check, roots: Option<&str>) -> Result<ClientConfig, String> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("no version of TLS can be used: {error}"))?;
    let issuers = match check {
        Check::Nothing => None,
        Check::Issuer | Check::IssuerAndName => {
            let trusted = read_roots(roots)?;
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(trusted.iter().cloned());
            let verifier =
                WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone());
            let verifier = verifier.build().map_err(|error| {
                format!("the certificates of sslrootcert cannot be used: {error}")
            })?;
            Some(Issuers { verifier, trusted })
        }
    };
    let names = check == Check::IssuerAndName;
    let verifier = Verifier { provider, issuers, names };
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

fn read_roots(file: Option<&str>) -> Result<Vec<CertificateDer<'static>>, String> {
    let roots = match file {
        Some(file) => {
            let unreadable = |error: rustls::pki_types::pem::Error| {
                format!("the certificates in {file} (sslrootcert) cannot be read: {error}")
            };
            let read = CertificateDer::pem_file_iter(file).map_err(unreadable)?;
            let roots = read.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
            for certificate in &roots {
                let added = RootCertStore::empty().add(certificate.clone());
                added.map_err(|error| format!("{file} (sslrootcert): {error}"))?;
            }
            roots
        }
        None => rustls_native_certs::load_native_certs().certs,
    };
    if roots.is_empty() {
        return Err("there are no certificates to check it by; name a file with sslrootcert".into());
    }
    Ok(roots)
}

/// Who may have issued a certificate.
#[derive(Debug)]
struct Issuers {
    verifier: Arc<WebPkiServerVerifier>,
    trusted: Vec<CertificateDer<'static>>,
}

/// Looks at as much of a certificate as `sslmode` asks for.
#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    /// Anybody, where there are none.
    issuers: Option<Issuers>,
    /// Whether it must be made out to the name in the address.
    names: bool,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(issuers) = &self.issuers else { return Ok(ServerCertVerified::assertion()) };
        match issuers.verifier.verify_server_cert(certificate, chain, name, ocsp, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.names => Ok(ServerCertVerified::assertion()),
            // The server's own certificate stands in the file, such as one that is its own issuer:
            // that no server should show it is of no account then. Its time was looked at before.
            Err(rustls::Error::InvalidCertificate(CertificateError::Other(_)))
                if issuers.trusted.contains(certificate) =>
            {
                if self.names {
                    verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
                }
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Why the two sides will not agree on TLS, and what to do; none where it failed for another reason.
pub(crate) fn refusal(error: &tokio_postgres::Error) -> Option<String> {
    let source = error.source()?;
    // The driver has no type for it.
    if source.to_string() == "server does not support TLS" {
        return Some(
            "it takes no encrypted connections; turn ssl on there, or take sslmode=prefer, which \
             goes without where it has to"
                .to_owned(),
        );
    }
    let error = source.downcast_ref::<io::Error>()?.get_ref()?.downcast_ref::<rustls::Error>()?;
    match error {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => Some(
            "its certificate was issued by nobody who is trusted here; name the file of the \
             issuer's certificate with sslrootcert"
                .to_owned(),
        ),
        rustls::Error::InvalidCertificate(
            error @ (CertificateError::NotValidForName
            | CertificateError::NotValidForNameContext { .. }),
        ) => Some(format!(
            "{error}; write a name in the address that the certificate is made out to, or take \
             sslmode=verify-ca, which looks at the issuer alone"
        )),
        rustls::Error::InvalidCertificate(error) => {
            Some(format!("its certificate is refused: {error}"))
        }
        rustls::Error::PeerIncompatible(_) => Some(format!("no TLS with it is possible: {error}")),
        _ => None,
    }
}
