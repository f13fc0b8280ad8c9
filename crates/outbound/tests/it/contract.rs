//! The promises of the port.

use std::sync::Arc;

use pressroom_contracts::suites::fetcher::{Fixture, HELLO};

use crate::server::{Server, path, until_gone, whole};
use crate::{Names, fetcher};

async fn make() -> Fixture {
    let server = Server::start(|head, out| match path(head).split('?').next() {
        Some("/hello") if head.contains("if-none-match: \"1\"") => {
            whole(out, "304 Not Modified", &[("ETag", "\"1\"")], b"")
        }
        Some("/hello") => {
            let headers = [("Content-Type", "application/json"), ("ETag", "\"1\"")];
            whole(out, "200 OK", &headers, HELLO)
        }
        Some("/empty") => whole(out, "200 OK", &[], b""),
        Some("/slow") => {
            out.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nslow")?;
            until_gone(out)
        }
        Some("/cut") => out.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut"),
        _ => whole(out, "404 Not Found", &[], b"a page about what is missing"),
    });
    let other = Server::start(|_, out| whole(out, "200 OK", &[], b"nobody's business"));
    let trusted = format!("127.0.0.1:{}", server.port());
    let fetcher = fetcher(&[&trusted], &[], &Names::of(&[]));
    let (host, other_url) = (server.url(), other.url());
    Fixture { fetcher: Arc::new(fetcher), host, other: other_url, guard: Box::new((server, other)) }
}

pressroom_contracts::fetcher_contract!(make);
