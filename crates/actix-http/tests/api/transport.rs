//! What every request and answer passes: rates, time, headers, compression, proxies.

use std::num::NonZeroU32;

use actix_web::http::header::HeaderMap;
use pressroom_actix_http::Config;
use pressroom_ports::Slice;
use serde_json::json;

use crate::site::Site;

#[actix_web::test]
async fn a_token_that_calls_too_often_is_told_to_wait() {
    let config = Config { requests_per_second: NonZeroU32::new(3), ..Config::default() };
    let site = Site::with(|_| {}, config).await;
    let (one, other) = (site.admin().await, site.admin().await);
    for _ in 0..3 {
        assert_eq!(site.ask("GET /api/categories").token(&one).send().await.status, 200);
    }
    let answer = site.ask("GET /api/categories").token(&one).send().await;
    assert_eq!(
        answer.problem(429),
        "this token calls more than 3 times a second; wait a moment, then go on more slowly"
    );
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(site.ask("GET /api/categories").token(&other).send().await.status, 200);
}

#[actix_web::test]
async fn an_address_that_guesses_is_told_to_wait() {
    let config = Config { address_requests_per_second: NonZeroU32::new(4), ..Config::default() };
    let site = Site::with(|_| {}, config).await;
    let token = site.admin().await;
    let peer = |address: &str| format!("{address}:4711").parse().unwrap();
    let guess = async |address: &str| {
        let ask = site.ask("GET /api/categories").peer(peer(address)).token("guess");
        ask.send().await.status
    };
    let guesses = [
        guess("192.0.2.1").await,
        guess("192.0.2.1").await,
        guess("192.0.2.1").await,
        guess("192.0.2.1").await,
        guess("192.0.2.1").await,
    ];
    assert_eq!(guesses, [401, 401, 401, 401, 429]);
    let form = "grant_type=password&username=admin&password=secret";
    let sign_in = site.ask("POST /oauth/token").peer(peer("192.0.2.1")).body(form);
    sign_in.send().await.problem(429);
    // Who has a good token goes on, and other addresses may sign in.
    let good = site.ask("GET /api/categories").peer(peer("192.0.2.1")).token(&token);
    assert_eq!(good.send().await.status, 200);
    assert_eq!(guess("192.0.2.2").await, 401);
}

#[actix_web::test]
async fn the_trail_tells_the_address_behind_a_trusted_proxy() {
    let trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    let site = Site::with(|_| {}, Config { trusted_proxies, ..Config::default() }).await;
    let form = "grant_type=password&username=admin&password=secret";
    for (peer, expect) in [("10.1.1.1:80", "198.51.100.7"), ("192.0.2.1:80", "192.0.2.1")] {
        let ask = site.ask("POST /oauth/token").peer(peer.parse().unwrap()).body(form);
        assert_eq!(ask.header("X-Forwarded-For", "198.51.100.7").send().await.status, 200);
        let last = site.app.stores.audit.list(Slice::first(1_000)).await.unwrap().pop().unwrap();
        assert_eq!(last.entry.from.unwrap().to_string(), expect);
    }
}

#[actix_web::test]
async fn answers_are_no_pages_and_keep_their_secrets() {
    let site = Site::new().await;
    let token = site.admin().await;
    let answer = site.ask("GET /api/documents").token(&token).send().await;
    let refused = site.ask("GET /api/documents").send().await;
    let nowhere = site.ask("GET /api/nowhere").send().await;
    for answer in [answer, refused, nowhere] {
        let expect = [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "private, no-cache"),
            (
                "content-security-policy",
                "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
            ),
        ];
        for (name, value) in expect {
            assert_eq!(answer.header(name), value);
        }
        assert_eq!(answer.header("strict-transport-security"), "", "only where TLS is spoken");
    }
}

#[actix_web::test]
async fn large_answers_are_compressed_where_the_client_likes_it() {
    let site = Site::new().await;
    let token = site.admin().await;
    for number in 0..50 {
        site.category(&format!("Category {number}")).await;
    }
    let get = async |accept: &str| {
        let ask = site.ask("GET /api/categories").token(&token).header("Accept-Encoding", accept);
        ask.send().await
    };
    let plain = get("identity").await;
    let encoding = |headers: &HeaderMap| {
        headers.get("content-encoding").map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(encoding(&plain.headers), None);
    for accept in ["gzip", "zstd"] {
        let answer = get(accept).await;
        assert_eq!(encoding(&answer.headers).as_deref(), Some(accept));
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert!(answer.body.len() < plain.body.len() / 3);
    }
    // A short answer is not worth it.
    let category = json!({"name": "x"}).to_string();
    let ask = site.ask("POST /api/categories").token(&token).header("Accept-Encoding", "gzip");
    let answer = ask.body(category).send().await;
    assert_eq!((answer.status, encoding(&answer.headers)), (201, None));
}
