//! Names, and what they stand for.

use pressroom_ports::FetchError;

use crate::server::{Server, whole};
use crate::{Names, fetcher, text};

fn hello() -> Server {
    Server::start(|_, out| whole(out, "200 OK", &[], b"hello"))
}

fn url(server: &Server, name: &str) -> String {
    format!("http://{name}:{}/", server.port())
}

#[tokio::test]
async fn a_name_is_looked_up_once_and_the_connection_goes_there() {
    let server = hello();
    // Whoever owns the name gives another answer a moment later.
    let names = Names::of(&[("one.example", &[&["127.0.0.1"], &["169.254.169.254"]])]);
    let fetcher = fetcher(&[], &["one.example"], &names);
    assert_eq!(text(&fetcher, &url(&server, "one.example")).await.as_deref(), Ok("hello"));
    assert_eq!(names.asked(), ["one.example"]);
    // The next request is judged by the next answer.
    let error = text(&fetcher, &url(&server, "one.example")).await.unwrap_err();
    assert!(matches!(error, FetchError::Private { .. }), "{error}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_trusted_name_does_not_reach_private_addresses() {
    let server = hello();
    for answer in [&["127.0.0.1"][..], &["::ffff:127.0.0.1"], &["10.0.0.1"], &["fd00::1"]] {
        let names = Names::of(&[("one.example", &[answer])]);
        let fetcher = fetcher(&["one.example"], &[], &names);
        let error = text(&fetcher, &url(&server, "one.example")).await.unwrap_err();
        let host = format!("one.example:{}", server.port());
        assert_eq!(error, FetchError::Private { host }, "{answer:?}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn one_private_address_among_public_ones_refuses_all() {
    let server = hello();
    let names = Names::of(&[("one.example", &[&["93.184.216.34", "127.0.0.1"]])]);
    let fetcher = fetcher(&["one.example"], &[], &names);
    let error = text(&fetcher, &url(&server, "one.example")).await.unwrap_err();
    assert!(matches!(error, FetchError::Private { .. }), "{error}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn services_of_the_machines_host_are_opened_by_no_name() {
    let names = Names::of(&[("one.example", &[&["169.254.169.254"]])]);
    let fetcher = fetcher(&["one.example"], &["one.example"], &names);
    let error = text(&fetcher, "http://one.example/latest/meta-data").await.unwrap_err();
    assert_eq!(error, FetchError::Private { host: "one.example".into() });
}

#[tokio::test]
async fn what_is_not_trusted_is_not_even_looked_up() {
    let names = Names::of(&[("one.example", &[&["127.0.0.1"]])]);
    let fetcher = fetcher(&["two.example"], &[], &names);
    let error = text(&fetcher, "http://one.example/").await.unwrap_err();
    assert_eq!(error, FetchError::Untrusted { host: "one.example".into() });
    assert_eq!(
        error.to_string(),
        "this site does not fetch from one.example; an operator can add it to the setting \
         sources.trusted_hosts"
    );
    assert!(names.asked().is_empty());
}

#[tokio::test]
async fn an_address_is_trusted_by_being_listed_itself() {
    let server = hello();
    let names = Names::of(&[]);
    for (entry, expect) in [
        ("127.0.0.1", true),
        ("127.0.0.0/8", true),
        (&*format!("127.0.0.1:{}", server.port()), true),
        ("127.0.0.1:1", false),
        ("127.0.0.2", false),
    ] {
        let fetcher = fetcher(&[entry], &[], &names);
        // However it is written.
        for host in ["127.0.0.1", "0x7f.1", "[::ffff:127.0.0.1]"] {
            let got = text(&fetcher, &url(&server, host)).await;
            assert_eq!(got.is_ok(), expect, "{entry} {host} {got:?}");
        }
    }
    assert!(names.asked().is_empty());
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_told() {
    let fetcher = fetcher(&["one.example"], &[], &Names::of(&[]));
    let error = text(&fetcher, "http://one.example/").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "one.example cannot be read: there is no address for its name; see that it is written right"
    );
}

#[tokio::test]
async fn a_port_on_which_nobody_listens_is_told() {
    let port = hello().port();
    let fetcher = fetcher(&["127.0.0.1"], &[], &Names::of(&[]));
    let error = text(&fetcher, &format!("http://127.0.0.1:{port}/")).await.unwrap_err();
    assert_eq!(error.to_string(), format!("127.0.0.1:{port} cannot be read: it cannot be reached"));
}
