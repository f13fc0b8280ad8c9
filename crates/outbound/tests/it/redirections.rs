//! Redirections: each step is judged like the first.

use pressroom_domain::Secret;
use pressroom_ports::{FetchError, FetchRequest};

use crate::server::{Server, path, whole};
use crate::{Names, fetcher, get, text};

/// A server that redirects `/` to an address, and answers everything else.
fn leading_to(location: impl Into<String>) -> Server {
    let location = location.into();
    Server::start(move |head, out| match path(head) {
        "/" => whole(out, "302 Found", &[("Location", &location)], b""),
        _ => whole(out, "200 OK", &[], b"there"),
    })
}

async fn check(location: &str, expect: Result<&str, &str>) {
    let server = leading_to(location);
    let names = Names::of(&[("one.example", &[&["127.0.0.1"]]), ("two.example", &[&["10.0.0.1"]])]);
    let fetcher = fetcher(&["two.example"], &["one.example"], &names);
    let got = text(&fetcher, &format!("http://one.example:{}/", server.port())).await;
    let got = got.map_err(|error| error.to_string().replace(&server.port().to_string(), "PORT"));
    assert_eq!(got.as_deref().map_err(|error| &**error), expect, "{location}");
    assert_eq!(server.seen().len(), 1 + usize::from(expect.is_ok()), "{location}");
}

#[tokio::test]
async fn a_redirection_within_a_host_is_followed() {
    check("/x", Ok("there")).await;
    check("x?key=1#part", Ok("there")).await;
}

#[tokio::test]
async fn a_redirection_to_what_is_not_trusted_is_refused() {
    for host in ["127.0.0.1", "169.254.169.254", "localhost", "three.example"] {
        let words = format!(
            "this site does not fetch from {host}; an operator can add it to the setting \
             sources.trusted_hosts"
        );
        check(&format!("http://{host}/x"), Err(&words)).await;
    }
}

#[tokio::test]
async fn a_redirection_into_a_private_network_is_refused() {
    check(
        "http://two.example/x",
        Err(
            "two.example lies in a private network, from which this site does not fetch under that \
             name; an operator can add it to the setting sources.private_hosts",
        ),
    )
    .await;
}

#[tokio::test]
async fn a_redirection_out_of_the_web_is_refused() {
    let words = "one.example:PORT redirects to an address that is neither http nor https";
    check("file:///etc/passwd", Err(words)).await;
    check("ftp://one.example/", Err(words)).await;
    check("http://", Err("one.example:PORT redirects to what is no address")).await;
}

#[tokio::test]
async fn a_redirection_that_leads_nowhere_is_told() {
    let server = Server::start(|_, out| whole(out, "302 Found", &[], b""));
    let fetcher = fetcher(&["127.0.0.1"], &[], &Names::of(&[]));
    let error = text(&fetcher, &server.url()).await.unwrap_err();
    let host = format!("127.0.0.1:{}", server.port());
    assert_eq!(error, FetchError::Redirected { host, problem: "without saying where to" });
}

#[tokio::test]
async fn five_redirections_are_followed_and_no_more() {
    let server = Server::start(|head, out| match path(head).trim_start_matches('/').parse() {
        Ok(0) => whole(out, "200 OK", &[], b"there"),
        Ok(left) => {
            let next: i32 = left - 1;
            whole(out, "307 Temporary Redirect", &[("Location", &format!("/{next}"))], b"")
        }
        Err(_) => whole(out, "302 Found", &[("Location", "/round")], b""),
    });
    let fetcher = fetcher(&["127.0.0.1"], &[], &Names::of(&[]));
    let at = |path: &str| format!("{}/{path}", server.url());
    assert_eq!(text(&fetcher, &at("5")).await.as_deref(), Ok("there"));
    for path in ["6", "round"] {
        let error = text(&fetcher, &at(path)).await.unwrap_err();
        assert!(error.to_string().contains("again and again"), "{error}");
    }
    assert_eq!(server.seen().len(), 6 + 6 + 6);
}

#[tokio::test]
async fn credentials_are_not_carried_to_another_host() {
    let names =
        Names::of(&[("one.example", &[&["127.0.0.1"]]), ("two.example", &[&["127.0.0.1"]])]);
    let fetcher = fetcher(&[], &["one.example", "two.example"], &names);
    let two = leading_to("/x");
    let one = leading_to(format!("http://ann:hunter2@two.example:{}/x", two.port()));
    let request = FetchRequest {
        headers: vec![("X-Key".into(), Secret::new("hunter3"))],
        known: Some("\"tag\"".into()),
        ..FetchRequest::new(format!("http://ann:hunter2@one.example:{}/", one.port()))
    };
    assert_eq!(get(&fetcher, &request).await.as_deref(), Ok("there"));
    let secret = |head: &String| {
        ["authorization", "x-key", "if-none-match", "hunter"].iter().any(|word| head.contains(word))
    };
    assert!(one.seen().iter().all(secret), "{:?}", one.seen());
    assert!(!two.seen().iter().any(secret), "{:?}", two.seen());
}

#[tokio::test]
async fn credentials_are_carried_within_a_host() {
    let server = leading_to("/x");
    let fetcher = fetcher(&["127.0.0.1"], &[], &Names::of(&[]));
    let request = FetchRequest {
        basic: Some(("ann".into(), Secret::new("hunter2"))),
        ..FetchRequest::new(server.url())
    };
    assert_eq!(get(&fetcher, &request).await.as_deref(), Ok("there"));
    let carried = |head: &String| head.contains("authorization: Basic YW5uOmh1bnRlcjI=\r\n");
    assert!(server.seen().len() == 2 && server.seen().iter().all(carried), "{:?}", server.seen());
}
