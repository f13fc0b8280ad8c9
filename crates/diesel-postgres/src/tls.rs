//! Whom to trust on the other side, in the words of PostgreSQL's own clients.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
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
            let roots = Arc::new(read_roots(roots)?);
            let verifier = WebPkiServerVerifier::builder_with_provider(roots, provider.clone());
            Some(verifier.build().map_err(|error| {
                format!("the certificates of sslrootcert cannot be used: {error}")
            })?)
        }
    };
    Ok(match issuers {
        Some(verifier) if check == Check::IssuerAndName => {
            builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()
        }
        issuers => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Lenient { provider, issuers }))
            .with_no_client_auth(),
    })
}

fn read_roots(file: Option<&str>) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    match file {
        Some(file) => {
            let unreadable = |error: rustls::pki_types::pem::Error| {
                format!("the certificates in {file} (sslrootcert) cannot be read: {error}")
            };
            for certificate in CertificateDer::pem_file_iter(file).map_err(unreadable)? {
                let added = roots.add(certificate.map_err(unreadable)?);
                added.map_err(|error| format!("{file} (sslrootcert): {error}"))?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if roots.is_empty() {
        return Err("there are no certificates to check it by; name a file with sslrootcert".into());
    }
    Ok(roots)
}

/// Looks at less of a certificate than a browser does: what `require` and `verify-ca` mean.
#[derive(Debug)]
struct Lenient {
    provider: Arc<CryptoProvider>,
    /// Who may have issued it; anybody, where there is none.
    issuers: Option<Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(issuers) = &self.issuers else { return Ok(ServerCertVerified::assertion()) };
        match issuers.verify_server_cert(certificate, chain, name, ocsp, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
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
