//! Servers that give too much, too slowly, or what is none of what they say.

use std::io::Read;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use pressroom_ports::{FetchError, FetchRequest};

use crate::server::{Connection, Server, until_gone, whole};
use crate::{Names, fetcher, get};

fn packed(bytes: impl Read) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    std::io::copy(&mut { bytes }, &mut encoder).unwrap();
    encoder.finish().unwrap()
}

async fn check(
    answer: impl Fn(&mut dyn Connection) -> std::io::Result<()> + Send + Sync + 'static,
    expect: Result<&str, &str>,
) {
    let server = Server::start(move |_, out| answer(out));
    let fetcher = fetcher(&["127.0.0.1"], &[], &Names::of(&[]));
    let timeout = Duration::from_secs(if expect.is_err() { 1 } else { 30 });
    let request = FetchRequest { max_bytes: 1 << 20, timeout, ..FetchRequest::new(server.url()) };
    let got = get(&fetcher, &request).await;
    let host = format!("127.0.0.1:{}", server.port());
    let got = got.map_err(|error| error.to_string().replace(&host, "HOST"));
    assert_eq!(got.as_deref().map_err(|error| &**error), expect);
}

const TOO_LONG: &str = "the document of HOST is longer than 1048576 bytes, the most that is read";
const TOO_SLOW: &str = "HOST does not answer within 1 seconds; try again later";
const BROKEN: &str = "HOST cannot be read: it breaks off, or does not answer as a web server does";

#[tokio::test]
async fn a_packed_document_is_unpacked() {
    let body = packed(&b"hello"[..]);
    let headers = [("Content-Encoding", "gzip")];
    check(move |out| whole(out, "200 OK", &headers, &body), Ok("hello")).await;
}

#[tokio::test]
async fn a_bomb_is_not_unpacked() {
    let body = packed(std::io::repeat(0).take(200 << 20));
    assert!(body.len() < 1 << 20);
    let headers = [("Content-Encoding", "gzip")];
    check(move |out| whole(out, "200 OK", &headers, &body), Err(TOO_LONG)).await;
}

#[tokio::test]
async fn a_damaged_packing_is_no_document() {
    let body = packed(&b"hello"[..]);
    let headers = [("Content-Encoding", "gzip")];
    let damaged = "HOST cannot be read: the document comes damaged";
    check(move |out| whole(out, "200 OK", &headers, &body[..body.len() - 2]), Err(damaged)).await;
}

#[tokio::test]
async fn a_packing_that_was_not_asked_for_is_told() {
    let words = "HOST cannot be read: it packs the document in a way that was not asked for";
    check(|out| whole(out, "200 OK", &[("Content-Encoding", "br")], b"?"), Err(words)).await;
}

#[tokio::test]
async fn an_endless_document_ends() {
    let answer = |out: &mut dyn Connection| {
        out.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        loop {
            out.write_all(b"400\r\n")?;
            out.write_all(&[b'x'; 0x400])?;
            out.write_all(b"\r\n")?;
        }
    };
    check(answer, Err(TOO_LONG)).await;
}

#[tokio::test]
async fn a_document_that_says_that_it_is_too_long_is_not_read() {
    let answer = |out: &mut dyn Connection| {
        out.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")?;
        until_gone(out)
    };
    check(answer, Err(TOO_LONG)).await;
}

#[tokio::test]
async fn a_server_that_never_answers_is_left() {
    check(until_gone, Err(TOO_SLOW)).await;
}

#[tokio::test]
async fn a_server_that_never_ends_its_headers_is_left() {
    let answer = |out: &mut dyn Connection| {
        out.write_all(b"HTTP/1.1 200 OK\r\nX-Begun: ")?;
        until_gone(out)
    };
    check(answer, Err(TOO_SLOW)).await;
}

#[tokio::test]
async fn a_document_without_an_end_is_left() {
    let answer = |out: &mut dyn Connection| {
        out.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")?;
        until_gone(out)
    };
    check(answer, Err(TOO_SLOW)).await;
}

#[tokio::test]
async fn what_is_no_web_server_is_told() {
    check(|out| out.write_all(b"220 mail.example ESMTP\r\n"), Err(BROKEN)).await;
    check(|_| Ok(()), Err(BROKEN)).await;
}

#[tokio::test]
async fn statuses_are_told_with_what_to_do() {
    for (status, expect) in [
        ("401 Unauthorized", "it wants a user and a password, or others than those given"),
        ("403 Forbidden", "it does not give the document to this site"),
        ("404 Not Found", "there is no such document; see that the address is right"),
        ("503 Service Unavailable", "it is in trouble; try again later"),
        ("204 No Content", "that is no document"),
        ("206 Partial Content", "that is no document"),
        ("304 Not Modified", "that is no document"),
    ] {
        let server = Server::start(move |_, out| whole(out, status, &[], b""));
        let fetcher = fetcher(&["127.0.0.1"], &[], &Names::of(&[]));
        let error = get(&fetcher, &FetchRequest::new(server.url())).await.unwrap_err();
        let FetchError::Refused { meaning, .. } = error else { panic!("{error}") };
        assert_eq!(meaning, expect, "{status}");
    }
}
