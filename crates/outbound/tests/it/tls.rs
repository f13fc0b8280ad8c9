//! Certificates.

use std::sync::Arc;

use pressroom_outbound::HttpFetcher;
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::server::{Server, whole};
use crate::{Names, fetcher, text};

/// A server whose certificate is for `one.example`, and the authority that vouches for it.
fn server() -> (Server, CertificateDer<'static>) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["one.example".into()]).unwrap();
    let certificate = certificate.signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let server = Server::start_tls(Arc::new(config), |_, out| whole(out, "200 OK", &[], b"secure"));
    (server, authority.der().clone())
}

fn names() -> Arc<Names> {
    Names::of(&[("one.example", &[&["127.0.0.1"]]), ("two.example", &[&["127.0.0.1"]])])
}

fn here() -> HttpFetcher {
    fetcher(&["127.0.0.1"], &["one.example", "two.example"], &names())
}

async fn check(fetcher: &HttpFetcher, url: String, expect: Result<&str, &str>) {
    let got = text(fetcher, &url).await.map_err(|error| error.to_string());
    match (got, expect) {
        (Ok(got), Ok(expect)) => assert_eq!(got, expect),
        (Err(words), Err(expect)) => assert!(words.contains(expect), "{words}"),
        (got, _) => panic!("{got:?}"),
    }
}

#[tokio::test]
async fn a_certificate_of_a_trusted_authority_is_good_for_its_name() {
    let (server, authority) = server();
    let fetcher = here().trusting(authority);
    let at = |host: &str| format!("https://{host}:{}/", server.port());
    check(&fetcher, at("one.example"), Ok("secure")).await;
    let words = "its certificate is not trusted (certificate not valid for name";
    check(&fetcher, at("two.example"), Err(words)).await;
    check(&fetcher, at("127.0.0.1"), Err(words)).await;
}

#[tokio::test]
async fn a_certificate_of_nobody_is_refused() {
    let (server, _) = server();
    let url = format!("https://one.example:{}/", server.port());
    check(&here(), url, Err("its certificate is not trusted (")).await;
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_server_without_tls_is_told() {
    let server = Server::start(|_, out| whole(out, "200 OK", &[], b"plain"));
    let url = format!("https://127.0.0.1:{}/", server.port());
    // It waits for the end of a line, and we for its greeting.
    let request = pressroom_ports::FetchRequest {
        timeout: std::time::Duration::from_millis(500),
        ..pressroom_ports::FetchRequest::new(url)
    };
    assert!(crate::get(&here(), &request).await.is_err());
}
