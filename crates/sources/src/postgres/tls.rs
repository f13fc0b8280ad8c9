//! Whom to trust on the other side, in the words of PostgreSQL's own clients.

use std::path::Path;
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

/// What of a certificate is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    Nothing,
    Issuer,
    IssuerAndName,
}

/// Why whom to trust cannot be told, in words that follow the model's name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoTrust {
    #[error(
        "its sslmode is not known; it is one of disable, prefer, require, verify-ca and verify-full"
    )]
    Mode,
    #[error(
        "the file of its sslrootcert holds no certificates that can be read; give one in the PEM format"
    )]
    Roots,
    #[error("this machine trusts no issuer of certificates; name a file with sslrootcert")]
    NoRoots,
    #[error("no version of TLS can be used here")]
    Versions,
}

/// Whether to encrypt, and whom to trust then. Without a mode, a connection is encrypted where the
/// other side can; with a file of issuers, the certificate must come from one of them. `trusting` is
/// what .NET's clients say beside `require`: whether to take any certificate.
pub(super) fn mode_of(
    mode: Option<&str>,
    trusting: Option<bool>,
    has_roots: bool,
) -> Result<(SslMode, Check), NoTrust> {
    let mode = mode.map(|mode| mode.to_ascii_lowercase().replace(['-', '_', ' '], ""));
    let checked = has_roots || trusting == Some(false);
    Ok(match (mode.as_deref(), checked) {
        (Some("disable" | "false" | "off"), _) => (SslMode::Disable, Check::Nothing),
        (Some("allow" | "prefer" | "preferred") | None, false) => (SslMode::Prefer, Check::Nothing),
        (Some("allow" | "prefer" | "preferred") | None, true) => (SslMode::Prefer, Check::Issuer),
        (Some("require" | "required" | "true" | "on"), false) => (SslMode::Require, Check::Nothing),
        (Some("require" | "required" | "true" | "on"), true) => (SslMode::Require, Check::Issuer),
        (Some("verifyca"), _) => (SslMode::Require, Check::Issuer),
        (Some("verifyfull"), _) => (SslMode::Require, Check::IssuerAndName),
        (Some(_), _) => return Err(NoTrust::Mode),
    })
}

/// The set-up of encrypted connections. Reads files: not to be called where futures run.
pub(super) fn config(check: Check, roots: Option<&Path>) -> Result<ClientConfig, NoTrust> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|_| NoTrust::Versions)?;
    let issuers = match check {
        Check::Nothing => None,
        Check::Issuer | Check::IssuerAndName => {
            let trusted = read_roots(roots)?;
            let mut store = RootCertStore::empty();
            store.add_parsable_certificates(trusted.iter().cloned());
            let verifier =
                WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone());
            let verifier = verifier.build().map_err(|_| NoTrust::Roots)?;
            Some(Issuers { verifier, trusted })
        }
    };
    let verifier = Verifier { provider, issuers, names: check == Check::IssuerAndName };
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

fn read_roots(file: Option<&Path>) -> Result<Vec<CertificateDer<'static>>, NoTrust> {
    let Some(file) = file else {
        let roots = rustls_native_certs::load_native_certs().certs;
        return if roots.is_empty() { Err(NoTrust::NoRoots) } else { Ok(roots) };
    };
    let read = CertificateDer::pem_file_iter(file).map_err(|_| NoTrust::Roots)?;
    let roots = read.collect::<Result<Vec<_>, _>>().map_err(|_| NoTrust::Roots)?;
    if roots.is_empty() {
        return Err(NoTrust::Roots);
    }
    for certificate in &roots {
        RootCertStore::empty().add(certificate.clone()).map_err(|_| NoTrust::Roots)?;
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
            // The server's own certificate stands in the file, such as one that is its own issuer.
            // Its time was looked at before.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_those_of_many_clients() {
        use Check::{Issuer, IssuerAndName, Nothing};
        for (mode, trusting, has_roots, expect) in [
            (None, None, false, (SslMode::Prefer, Nothing)),
            (None, None, true, (SslMode::Prefer, Issuer)),
            (Some("disable"), None, true, (SslMode::Disable, Nothing)),
            (Some("Require"), None, false, (SslMode::Require, Nothing)),
            (Some("Require"), Some(true), false, (SslMode::Require, Nothing)),
            (Some("Require"), Some(false), false, (SslMode::Require, Issuer)),
            (Some("require"), None, true, (SslMode::Require, Issuer)),
            (Some("VerifyCA"), Some(true), false, (SslMode::Require, Issuer)),
            (Some("verify-full"), None, false, (SslMode::Require, IssuerAndName)),
        ] {
            assert_eq!(mode_of(mode, trusting, has_roots), Ok(expect), "{mode:?} {trusting:?}");
        }
        assert_eq!(mode_of(Some("perhaps"), None, false), Err(NoTrust::Mode));
    }
}
