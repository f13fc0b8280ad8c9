//! What is sent.

use std::process::Command;
use std::sync::Arc;

use pressroom_domain::Secret;
use pressroom_ports::{FetchError, FetchRequest};

use crate::server::{Server, whole};
use crate::{Names, fetcher, get, text};

fn hello() -> Server {
    Server::start(|_, out| whole(out, "200 OK", &[], b"hello"))
}

#[tokio::test]
async fn headers_and_credentials_are_sent() {
    let server = hello();
    let fetcher = fetcher(&["127.0.0.1"], &[], &Names::of(&[]));
    let request = FetchRequest {
        headers: vec![
            ("X-Key".into(), Secret::new("one")),
            ("accept".into(), Secret::new("text/csv")),
            ("Accept-Encoding".into(), Secret::new("br")),
        ],
        ..FetchRequest::new(format!(
            "http://ann:p%40ss@127.0.0.1:{}/rows?year=2026#part",
            server.port()
        ))
    };
    assert_eq!(get(&fetcher, &request).await.as_deref(), Ok("hello"));
    let head = &server.seen()[0];
    assert!(head.starts_with("GET /rows?year=2026 HTTP/1.1\r\n"), "{head}");
    for line in [
        format!("host: 127.0.0.1:{}", server.port()),
        "x-key: one".into(),
        "accept: text/csv".into(),
        "accept-encoding: gzip".into(),
        "authorization: Basic YW5uOnBAc3M=".into(),
    ] {
        assert!(head.contains(&format!("{line}\r\n")), "{line} in {head}");
    }
}

#[tokio::test]
async fn what_no_request_can_hold_is_told() {
    let fetcher = fetcher(&["127.0.0.1"], &[], &Names::of(&[]));
    let check = async |name: &str, value: &str, expect: &str| {
        let headers = vec![(name.to_owned(), Secret::new(value))];
        let request = FetchRequest { headers, ..FetchRequest::new("http://127.0.0.1:1/") };
        let error = get(&fetcher, &request).await.unwrap_err();
        assert_eq!(error, FetchError::Malformed(expect.into()));
    };
    check("Host", "evil.example", "the header host cannot be given; leave it out").await;
    check("Transfer-Encoding", "x", "the header transfer-encoding cannot be given; leave it out")
        .await;
    check("X\r\nY", "x", "the name of a header is none").await;
    check("X", "a\r\nY: b", "the value of the header x holds what no header can").await;
    check("X", &"x".repeat(9_000), "the value of the header x holds what no header can").await;
}

#[tokio::test]
async fn addresses_of_version_6_are_asked() {
    let answer =
        |_: &str, out: &mut dyn crate::server::Connection| whole(out, "200 OK", &[], b"six");
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        return;
    }
    let server = Server::start_at("::1", None, Arc::new(answer));
    let fetcher = fetcher(&["::1"], &[], &Names::of(&[]));
    assert_eq!(text(&fetcher, &server.url()).await.as_deref(), Ok("six"));
}

/// Set for the process that a test starts.
const CHILD: &str = "OUTBOUND_TEST_SERVER";

#[tokio::test]
async fn proxies_of_the_environment_are_not_used() {
    if let Ok(url) = std::env::var(CHILD) {
        let fetcher = fetcher(&["127.0.0.1"], &[], &Names::of(&[]));
        assert_eq!(text(&fetcher, &url).await.as_deref(), Ok("hello"));
        return;
    }
    // The environment of a process is set before it starts.
    let (server, proxy) = (hello(), hello());
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "requests::proxies_of_the_environment_are_not_used"])
        .envs(["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"].map(|key| (key, proxy.url())))
        .env(CHILD, server.url())
        .status()
        .unwrap();
    assert!(status.success());
    assert_eq!((server.seen().len(), proxy.seen().len()), (1, 0));
}
