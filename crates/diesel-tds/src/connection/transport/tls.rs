//! The handshake of TLS inside packets, and whom to trust.

use std::io;
use std::net::TcpStream;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{self, CryptoProvider};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, RootCertStore, SignatureScheme,
};

use super::{Options, PRELOGIN, read_message, write_message};

/// Agrees on TLS over a socket that is in the middle of signing in.
pub(super) fn handshake(socket: &mut TcpStream, options: &Options) -> io::Result<ClientConnection> {
    let name = options.hostname_in_certificate.as_ref().unwrap_or(&options.host).clone();
    let name = ServerName::try_from(name)
        .map_err(|_| io::Error::other("its name cannot be the name in a certificate"))?;
    let mut session =
        ClientConnection::new(Arc::new(config(options)?), name).map_err(io::Error::other)?;
    loop {
        let mut ours = Vec::new();
        while session.wants_write() {
            session.write_tls(&mut ours)?;
        }
        if !ours.is_empty() {
            write_message(socket, &ours)?;
        }
        if !session.is_handshaking() {
            return Ok(session);
        }
        let theirs = read_message(socket, PRELOGIN)?.body;
        let mut theirs = theirs.as_slice();
        while !theirs.is_empty() {
            session.read_tls(&mut theirs)?;
            session.process_new_packets().map_err(|error| refused(&error))?;
        }
    }
}

/// What to do about a certificate that is not trusted is the one thing that people need to know.
fn refused(error: &rustls::Error) -> io::Error {
    let next = match error {
        rustls::Error::InvalidCertificate(_) => {
            ": name a file of certificates to trust by `certificate_authority` in the URL, or add \
             `trust_server_certificate=true` where nobody can come between"
        }
        _ => "",
    };
    io::Error::other(format!("TLS could not be agreed on: {error}{next}"))
}

fn config(options: &Options) -> io::Result<ClientConfig> {
    let provider = Arc::new(crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?;
    let config = if options.trust_server_certificate {
        builder.dangerous().with_custom_certificate_verifier(Arc::new(AnyCertificate { provider }))
    } else {
        builder.with_root_certificates(roots(options)?)
    };
    Ok(config.with_no_client_auth())
}

/// The file that is named, or what the system trusts.
fn roots(options: &Options) -> io::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let Some(file) = &options.certificate_authority else {
        // Some of a system's certificates may be of a kind that is not understood.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return Ok(roots);
    };
    let unusable = |error: &dyn std::fmt::Display| {
        io::Error::other(format!("the certificates in {} cannot be read: {error}", file.display()))
    };
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unusable(&error))? {
        let certificate = certificate.map_err(|error| unusable(&error))?;
        roots.add(certificate).map_err(|error| unusable(&error))?;
    }
    if roots.is_empty() {
        return Err(unusable(&"it holds none"));
    }
    Ok(roots)
}

/// Trusts whatever certificate is shown, as long as the server holds its key.
#[derive(Debug)]
struct AnyCertificate {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        crypto::verify_tls12_signature(message, cert, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        crypto::verify_tls13_signature(message, cert, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
