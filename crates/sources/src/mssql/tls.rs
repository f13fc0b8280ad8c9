//! Agreeing on TLS, and whom to trust.

use std::sync::{Arc, LazyLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{self, CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::transport::{NoWire, Packets};

/// The name by which a server knows that the protocol begins inside of TLS.
const STRICT: &[u8] = b"tds/8.0";

/// The authorities that this machine trusts.
static ROOTS: LazyLock<Arc<RootCertStore>> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    // Some may be of a kind that is not understood.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    Arc::new(roots)
});

/// Whom to trust.
#[derive(Clone, Debug)]
pub(super) struct Trust {
    /// The name that the certificate has to be for.
    pub(super) name: String,
    /// Whether any certificate does.
    pub(super) any: bool,
}

/// Agrees on TLS over a socket that is in the middle of signing in, or that is new.
pub(super) async fn connect(
    socket: Packets,
    trust: &Trust,
    is_strict: bool,
) -> Result<TlsStream<Packets>, NoWire> {
    let name = match ServerName::try_from(trust.name.clone()) {
        Ok(name) => name,
        Err(_) if trust.any => ServerName::from(std::net::Ipv4Addr::LOCALHOST),
        Err(_) => return Err(NoWire::Tls("its name cannot be the name in a certificate".into())),
    };
    let config = config(trust, is_strict).map_err(|error| NoWire::Tls(error.to_string()))?;
    let connected = TlsConnector::from(Arc::new(config)).connect(name, socket).await;
    connected.map_err(|error| {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        match inner {
            Some(rustls::Error::InvalidCertificate(why)) => NoWire::Certificate(why.to_string()),
            Some(other) => NoWire::Tls(other.to_string()),
            None => NoWire::Io(error),
        }
    })
}

fn config(trust: &Trust, is_strict: bool) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    // Where the handshake travels in packets, what a server of version 1.3 says after it would not be
    // understood.
    let versions: &[_] = if is_strict { &[&TLS12, &TLS13] } else { &[&TLS12] };
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
    let builder = builder.with_protocol_versions(versions)?;
    let builder = match trust.any {
        true => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyCertificate { provider })),
        false => builder.with_root_certificates(Arc::clone(&ROOTS)),
    };
    let mut config = builder.with_no_client_auth();
    if is_strict {
        config.alpn_protocols.push(STRICT.to_vec());
    }
    Ok(config)
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
