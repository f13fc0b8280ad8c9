//! `/metrics`

use pressroom_actix_http::{Config, Metrics};

use crate::site::Site;

#[actix_web::test]
async fn figures_are_for_the_machine_itself_and_for_administrators() {
    let metrics = Metrics::new(vec!["127.0.0.0/8".parse().unwrap()], || "up 1\n".to_owned());
    let site = Site::with(|_| {}, Config { metrics: Some(metrics), ..Config::default() }).await;
    let ask = |peer: &str| site.ask("GET /metrics").peer(peer.parse().unwrap());
    let answer = ask("127.0.0.1:4711").send().await;
    assert_eq!((answer.status, &*answer.body), (200, &b"up 1\n"[..]));
    assert!(answer.header("content-type").starts_with("text/plain; version=0.0.4"));
    ask("192.0.2.1:4711").send().await.problem(401);
    let reader = site.reader("rita", &[]).await;
    ask("192.0.2.1:4711").token(&reader).send().await.problem(403);
    let admin = site.admin().await;
    assert_eq!(ask("192.0.2.1:4711").token(&admin).send().await.status, 200);
}

#[actix_web::test]
async fn a_site_without_figures_says_so() {
    let site = Site::new().await;
    let answer = site.ask("GET /metrics").send().await;
    assert_eq!(answer.problem(404), "this server keeps no figures");
}
